"""The case as its member reads it: where it stands, what we promised, every contact, and the receipt to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.reports.queries import ReportView, report_of_case, view_of
from cardline.cases.models import Case
from cardline.cases.queries import EntryLine, entries_of_contacts
from cardline.clocks.events import said_to_members
from cardline.clocks.local import end_of_day
from cardline.contact.models import Contact
from cardline.contact.queries import contacts_of_case
from cardline.files.lines import FileLine, lines_of
from cardline.files.queries import files_of_case
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.kit.dates import say_date, say_fully, say_left, say_when
from cardline.kit.reference import contact_reference, show_reference
from cardline.needs.catalogue import need
from cardline.notify.letters.queries import letters_in
from cardline.promises.legal.queries import windows_of_member
from cardline.promises.models import LegalClock, Promise
from cardline.promises.queries import promises_of_case
from cardline.routing.queries import somebody_answers
from cardline.selfservice.letters.page import LetterLine, letter_lines
from cardline.selfservice.reports.page import report_steps, report_url
from cardline.selfservice.words import CHANNEL_ICONS, channel_name, contact_title, is_unfinished, look_of
from cardline.ui.entries import Sentence, capital, place_name, say_entry, say_missed
from cardline.ui.promise import PromiseLook, say_by, say_due_fully
from cardline.ui.reports import state_words
from cardline.ui.shapes import ContactRow, Fact, Link, Step

QUOTED = 280  # characters of a message that the thread repeats
# What members do alone, by the first word of an entry's kind.
DEEDS = (
    "card.", "report.", "payment.", "autopay.", "application.", "points.", "letter.",
    "file.added", "file.held", "file.lost",
)  # fmt: skip
CAME_BACK = "payment.failed"
APPLIED = "application.sent"
MOVED = "clock.moved"


@dataclass(frozen=True, slots=True)
class RightNow:
    """What happens at this moment. tone "late" is the only red one. link: where to go on, if anywhere."""

    title: str
    lines: tuple[str, ...]
    tone: Literal["", "late"] = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise of the case. calendar_url: empty when there is nothing left to wait for. moved: what its date was
    before, of a legal date that was worked out again.
    """

    look: PromiseLook
    calendar_url: str
    moved: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A card that is gone, reported in this case."""

    last4: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    ref: str
    subject: str
    need: str
    need_name: str
    steps: tuple[Step, ...]
    right_now: RightNow
    promises: tuple[PromiseRow, ...]
    windows: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    facts: tuple[Fact, ...]
    actions: tuple[Link, ...]
    going_on: str  # address of the conversation that is open; "" when a new one can be started
    chat_is_live: bool  # whether somebody is there to chat with about this need
    files: tuple[FileLine, ...]
    letters: tuple[LetterLine, ...]
    takes_files: bool
    reports: tuple[ReportRow, ...]
    topics: (
        str  # what a page follows to stay true, each with the last entry this one was drawn from: "case:5@12"
    )


def case_page(actor: Actor, case: Case, now: datetime, language: str) -> CasePage:
    """Everything the page shows, in eight queries however long the story is."""
    teller = _Teller(actor, case, now, language)
    return teller.page()


_ASKED = ("card.freeze_asked", "card.freeze_unanswered")


def freeze_is_asked(entries: Sequence[EntryLine]) -> bool:
    """Whether a freeze was asked for in this case that nothing written since has settled."""
    newest = {entry.data.get("card"): entry.kind for entry in entries if entry.kind.startswith("card.")}
    return any(kind in _ASKED for kind in newest.values())


class _Teller:
    """One case, one reader, one moment: what all parts of the page are told from."""

    def __init__(self, actor: Actor, case: Case, now: datetime, language: str) -> None:
        self.actor, self.case, self.now, self.language = actor, case, now, language
        self.profile = current_profile()
        self.zone = self.profile.zone
        self.contacts = contacts_of_case(actor, case.pk)
        self.promises = promises_of_case(actor, case.pk)
        self.entries = entries_of_contacts(actor, case.pk, [contact.pk for contact in self.contacts])
        # Promises keep the number of the case they were made in, as contacts do.
        self.home_refs = {case.pk: case.ref, **{c.home_case_id: c.home_case.ref for c in self.contacts}}
        self.asks_for_freeze = freeze_is_asked(self.entries)
        self.unfinished = [promise for promise in self.promises if is_unfinished(promise)]
        self.reports = self._reports()
        self.open_contact = next((c for c in self.contacts if c.state != Contact.State.ENDED), None)

    def page(self) -> CasePage:
        case = self.case
        rows = tuple(
            PromiseRow(
                look_of(promise, self.now),
                self._calendar_url(promise) if is_unfinished(promise) and promise.due_at > self.now else "",
                self._moved(promise),
            )
            for promise in self.promises
        )
        return CasePage(
            ref=show_reference(case.ref),
            subject=case.subject,
            need=case.need,
            need_name=need(case.need).name.in_language(self.language),
            steps=self._steps(),
            right_now=self._right_now(),
            promises=rows,
            windows=tuple(map(self._window, windows_of_member(self.actor, case.pk))),
            contacts=self._thread(),
            facts=self._facts(),
            actions=tuple(
                Link(_("Add to calendar"), row.calendar_url, "calendar") for row in rows if row.calendar_url
            )[:1],
            going_on=reverse("chat", args=[self._ref(self.open_contact)]) if self.open_contact else "",
            chat_is_live=self.open_contact is None and somebody_answers(case.need, self.now),
            files=self._files(),
            letters=letter_lines(letters_in(self.actor, self.case.pk), self.language),
            takes_files=case.state == Case.State.OPEN and self.actor.kind in (Kind.MEMBER, Kind.GUEST),
            reports=tuple(
                ReportRow(one.report.last4, state_words(one.report.state), report_url(one.report))
                for one in self.reports
            ),
            topics=self._topics(),
        )

    def _reports(self) -> list[ReportView]:
        """Asked for only where one can be: most cases are about something else."""
        if not any(entry.kind == "report.opened" for entry in self.entries):
            return []
        return [view_of(report) for report in report_of_case(self.actor, self.case.pk)]

    def _files(self) -> tuple[FileLine, ...]:
        found = files_of_case(self.actor, self.case.pk, [contact.pk for contact in self.contacts])
        is_guest = self.actor.kind == Kind.GUEST
        return tuple(lines_of(found, self.now, to_staff=False, to_guest=is_guest))

    def _topics(self) -> str:
        """Contacts that were attached go on being told of under the case they began in."""
        last = dict.fromkeys(self.home_refs, 0)
        for entry in self.entries:
            last[entry.case_id] = max(entry.n, last.get(entry.case_id, 0))
        return " ".join(f"case:{case}@{n}" for case, n in last.items())

    # ------------------------------------------------------------------------------------------------ progress

    def _steps(self) -> tuple[Step, ...]:
        if self.reports:
            return report_steps(self.reports[0], self.now, self.language)
        answered = [c.answered_at for c in self.contacts if c.answered_at]
        is_closed = self.case.state == Case.State.CLOSED
        told = Step(_("You told us"), self._day(self.case.opened_at), "done")
        if not self.contacts:
            return (told, Step(_("Settled"), self._day(self.case.closed_at), "done" if is_closed else "next"))
        if not answered:
            owed = next((p for p in self.unfinished if p.source == Promise.Source.ROUTING), None)
            first = Step(_("We answer"), self._by(owed), "current")
        else:
            first = Step(_("We answered"), self._day(min(answered)), "done")
        late = self._done_late()
        if late and not self.unfinished:
            work = Step(_("We did what we said, late"), self._day(late[-1].done_at), "done")
        elif is_closed:
            work = Step(_("We did what we said"), "", "done")
        else:
            work = Step(
                _("We do what we said"),
                self._by(self._next()) if answered else "",
                "current" if answered else "next",
            )
        label = _("Settled, late") if is_closed and late else _("Settled")
        return (
            told,
            first,
            work,
            Step(label, self._day(self.case.closed_at), "done" if is_closed else "next"),
        )

    def _next(self) -> Promise | None:
        return self.unfinished[0] if self.unfinished else None

    def _moved(self, promise: Promise) -> str:
        """Never silently (DOMAIN 1.11): the date that stood before, where it is another one now."""
        moves = [e for e in self.entries if e.kind == MOVED and e.data.get("promise") == promise.pk]
        if not moves:
            return ""
        before = date.fromisoformat(str(moves[-1].data["before"]))
        return _("It was %(day)s before.") % {"day": say_date(before, self.language, self.now)}

    def _window(self, window: LegalClock) -> str:
        """What the member may do by a date that the law gives them; nothing we have to do, and never shortened."""
        said = {
            "what": capital(said_to_members(window.rule, self.language)),
            "day": say_date(window.due_on, self.language, self.now),
        }
        if end_of_day(window.due_on, ZoneInfo(window.due_zone)) < self.now:
            return _("%(what)s: that was possible until %(day)s") % said
        return _("%(what)s, until %(day)s") % said

    def _by(self, promise: Promise | None) -> str:
        """ "by Fri, Dec 11", and nothing once that is over: what is late is said once, in the box."""
        if promise is None or promise.due_at < self.now:
            return ""
        day = say_date(promise.due_at.astimezone(ZoneInfo(promise.due_zone)).date(), self.language, self.now)
        return _("by %(when)s") % {"when": day}

    # ----------------------------------------------------------------------------------------------- right now

    def _right_now(self) -> RightNow:
        late = [promise for promise in self.unfinished if promise.due_at < self.now]
        if late:
            return self._late(late)
        if self.open_contact is not None:
            return self._in_conversation(self.open_contact)
        if self.asks_for_freeze:
            return RightNow(
                _("A freeze is asked, and not confirmed yet."),
                (
                    _(
                        "We keep asking the card system until it confirms it. The card may still work until then: "
                        "if you can’t wait, call us."
                    ),
                ),
            )
        if (done_late := self._done_late()) and not self.unfinished:
            title = (
                _("This is settled, late.")
                if self.case.state == Case.State.CLOSED
                else _("What we promised is done, late.")
            )
            return RightNow(title, (*(self._both_dates(promise) for promise in done_late), self._for_you()))
        if self.case.state == Case.State.CLOSED:
            done = (
                _("Everything we promised is done.") if self.promises else _("There is nothing left to do.")
            )
            return RightNow(_("This is settled."), (done,))
        if ref := self._application():
            line = _("With its reference %(ref)s and your day of birth you see where it stands.") % {
                "ref": ref
            }
            link = Link(_("See where it stands"), reverse("application"), "search")
            return RightNow(_("Your application is with us."), (*self._next_words(), line), link=link)
        if self.unfinished:
            return RightNow(_("We’re working on it."), (*self._next_words(), self._for_you()))
        if failed := self._came_back():
            link = Link(_("Pay again"), f"{reverse('payments')}?again={failed.data['payment']}#pay", "pay")
            return RightNow(_("A payment came back."), (self._said(failed).text,), link=link)
        return RightNow(_("Nothing is open here."), (self._for_you(),))

    def _next_words(self) -> tuple[str, ...]:
        """The promise that comes first, where one is still to be kept."""
        if not self.unfinished:
            return ()
        soonest = self.unfinished[0]
        by = say_by(soonest.due_at, ZoneInfo(soonest.due_zone), self.language, self.now)
        return (_("Next: %(what)s, %(by)s.") % {"what": soonest.text, "by": by},)

    def _came_back(self) -> EntryLine | None:
        """A payment the bank gave back, in a case that is open for that."""
        failed = [entry for entry in self.entries if entry.kind == CAME_BACK]
        return failed[-1] if failed and self.case.state == Case.State.OPEN else None

    def _application(self) -> str:
        """The reference of the application this case is about; "" for another case."""
        sent = [entry.data.get("application") for entry in self.entries if entry.kind == APPLIED]
        return show_reference(str(sent[-1])) if sent else ""

    def _done_late(self) -> list[Promise]:
        """What we did after the date we had given, in the order in which we did it."""
        late = [(p.done_at, p.pk, p) for p in self.promises if p.done_at and p.done_at > p.due_at]
        return [promise for _at, _pk, promise in sorted(late, key=lambda found: found[:2])]

    def _both_dates(self, promise: Promise) -> str:
        assert promise.done_at is not None
        zone = ZoneInfo(promise.due_zone)
        return _("%(what)s: promised by %(due)s, done %(done)s.") % {
            "what": capital(promise.text),
            "due": say_due_fully(promise.due_at, zone, self.language),
            "done": say_fully(promise.done_at, zone, self.language),
        }

    def _late(self, late: Sequence[Promise]) -> RightNow:
        sentences = tuple(self._missed(promise) for promise in late)
        title = _("We are late.")
        return RightNow(title, sentences, "late", self._talk_link())

    def _missed(self, promise: Promise) -> str:
        return say_missed(
            due_at=promise.due_at,
            now=self.now,
            zone=ZoneInfo(promise.due_zone),
            language=self.language,
            place=promise.queue if promise.state == Promise.State.MISSED else "",
            profile=self.profile,
            taken_by=promise.owner.name if promise.owner else "",
            answer_by=self._answer_by(promise),
        )

    def _answer_by(self, promise: Promise) -> datetime | None:
        """Until when whoever has a missed promise now writes to the member: the entry that told them so says it."""
        told = [e for e in self.entries if e.kind == "promise.missed" and e.data.get("promise") == promise.pk]
        answer_by = told[-1].data.get("answer_by") if told else None
        return datetime.fromisoformat(answer_by) if answer_by else None

    def _owed_instead(self, promise: Promise) -> str:
        """For the receipt: what comes in place of a promise we missed; "" when that time has passed as well."""
        answer_by = self._answer_by(promise)
        if answer_by is None or answer_by <= self.now:
            return ""
        who = promise.owner.name if promise.owner else place_name(promise.queue, self.profile, self.language)
        return _("An answer from %(who)s, by %(when)s") % {
            "who": who,
            "when": say_fully(answer_by, self.zone, self.language),
        }

    def _in_conversation(self, contact: Contact) -> RightNow:
        if contact.state == Contact.State.PROPOSED and not contact.verdict:
            return RightNow(
                _("We’re waiting for you."),
                (_("We wrote down in three lines what we agreed. Say whether they are right."),),
                link=self._talk_link(_("Check the lines")),
            )
        if contact.agent is not None:
            said = {"name": contact.agent.name}
            return RightNow(
                _("You are talking with %(name)s.") % said,
                (_("You can leave and come back; nothing is lost."),),
                link=self._talk_link(),
            )
        owed = next((p for p in self.unfinished if p.source == Promise.Source.ROUTING), None)
        if owed is not None:
            by = say_by(owed.due_at, ZoneInfo(owed.due_zone), self.language, self.now)
            return RightNow(
                _("We’ll answer you %(by)s.") % {"by": by},
                (_("There is nothing you need to do."),),
                link=self._talk_link(),
            )
        return RightNow(
            _("You are in line."),
            (_("We answer as soon as somebody is free. Your place stays when you leave."),),
            link=self._talk_link(),
        )

    def _talk_link(self, label: str = "") -> Link | None:
        if self.open_contact is None:
            return None
        url = reverse("chat", args=[self._ref(self.open_contact)])
        return Link(label or _("Go to the conversation"), url, "chat")

    def _for_you(self) -> str:
        you = next((contact.you for contact in self.contacts if contact.you), "")
        return (
            _("What you need to do: %(what)s") % {"what": you}
            if you
            else _("There is nothing you need to do.")
        )

    # -------------------------------------------------------------------------------------------- every contact

    def _thread(self) -> tuple[ContactRow, ...]:
        """Contacts, and what was done without one (a card frozen), newest first."""
        rows = [self._contact(contact) for contact in self.contacts]
        rows += [row for entry in self.entries if (row := self._deed(entry)) is not None]
        return tuple(sorted(rows, key=lambda row: row.at, reverse=True))

    def _contact(self, contact: Contact) -> ContactRow:
        reference = self._ref(contact)
        return ContactRow(
            icon=CHANNEL_ICONS.get(Contact.Channel(contact.channel), "chat"),
            title=contact_title(contact),
            when=self._when(contact.started_at),
            at=contact.started_at,
            line=self._team(contact),
            ref=reference,
            said="" if contact.proposals else self._last_words(contact),
            agreed=self._agreed(contact) if contact.proposals else (),
            links=(Link(_("Read the conversation"), reverse("chat", args=[reference]), "chat"),),
        )

    def _agreed(self, contact: Contact) -> tuple[str, ...]:
        """The three lines as they were agreed: what was done, what we said we would do, what the member does.

        Whatever became of a promise since, it was made, and for that date.
        """
        will = [self._as_promised(p) for p in self._in_order() if p.contact_id == contact.pk]
        you = _("You: %(what)s") % {"what": contact.you}
        disputed = (
            [_("You said this is not quite right.")] if contact.verdict == Contact.Verdict.NOT_QUITE else []
        )
        return (contact.did, *will, you, *disputed)

    def _in_order(self) -> list[Promise]:
        """The promises in the order in which they were made."""
        return sorted(self.promises, key=lambda promise: (promise.made_at, promise.pk))

    def _as_promised(self, promise: Promise) -> str:
        """ "Tell you our decision, by Fri, Dec 11, 2026, 5 pm New York time": the same on every later day."""
        when = say_due_fully(promise.due_at, ZoneInfo(promise.due_zone), self.language)
        return f"{capital(promise.text)}, {_('by %(when)s') % {'when': when}}"

    def _last_words(self, contact: Contact) -> str:
        """What was said last by us, else what the member wrote first."""
        mine = [e for e in self.entries if e.contact_id == contact.pk and e.kind == "message"]
        ours = [entry for entry in mine if entry.side == "agent"]
        text = (ours[-1] if ours else mine[0]).text if mine else ""
        return f"“{text[:QUOTED]}{'…' if len(text) > QUOTED else ''}”" if text else ""

    def _deed(self, entry: EntryLine) -> ContactRow | None:
        """Something the member did alone, in no contact: a line in the thread as well."""
        is_file = entry.kind.startswith("file.")
        if entry.contact_id is not None and not is_file or not entry.kind.startswith(DEEDS):
            return None
        said = self._said(entry)
        if not said.text:
            return None
        # What a bank did came over no way of ours.
        line = "" if entry.side == "system" else channel_name("self_service")
        # The name of a file is in its owner's words.
        words = f"“{entry.text}”" if entry.text else ""
        return ContactRow(said.icon, said.text, self._when(entry.at), entry.at, line=line, said=words)

    def _said(self, entry: EntryLine) -> Sentence:
        return say_entry(
            entry.kind,
            entry.data,
            entry.side,
            entry.author_name,
            language=self.language,
            zone=self.zone,
            now=self.now,
            profile=self.profile,
            at=entry.at,
        )

    def _team(self, contact: Contact) -> str:
        return self.profile.team(self.profile.queue(contact.queue).team).label.in_(self.language)

    # ------------------------------------------------------------------------------------------------- receipt

    def _facts(self) -> tuple[Fact, ...]:
        """What the guide says to note down of a contact (its 3.3), by the profile's own words; we noted it."""
        newest = next(
            (c for c in self.contacts if c.answered_at), self.contacts[0] if self.contacts else None
        )
        coming = [p for p in self.unfinished if p.due_at >= self.now]
        ahead = [self._as_promised(promise) for promise in coming]
        ahead += [words for p in self.unfinished if p.due_at < self.now and (words := self._owed_instead(p))]
        about = need(self.case.need).name.in_language(self.language)
        began = newest.started_at if newest else self.case.opened_at
        values = {
            "agent_name": f"{newest.agent.name}, {self._team(newest)}" if newest and newest.agent else "",
            "at": say_fully(began, self.zone, self.language),
            "summary": about,
            "agreed": "\n".join(self._as_promised(promise) for promise in self._in_order()),
            "next_steps": "\n".join(ahead) or self._nothing_ahead(),
            "channel": channel_name(newest.channel) if newest else channel_name("self_service"),
        }
        asides = {
            "at": self._when(began),
            "next_steps": say_left(coming[0].due_at, self.now, self.language) if coming else "",
        }
        facts = [
            Fact(field.label.in_(self.language), values[field.id], asides.get(field.id, ""))
            for field in self.profile.notes
            if values.get(field.id)
        ]
        alone = "" if newest else self._done_alone()
        did = newest.did if newest and newest.did else alone or _("Nothing yet.")
        nothing = _("Pay the amount again.") if self._came_back() else _("Nothing.")
        you = next((contact.you for contact in self.contacts if contact.you), "") or nothing
        who = self._whose_deeds() if alone else _("What we did")
        return (*facts, Fact(who, did), Fact(_("What you need to do"), you))

    def _done_alone(self) -> str:
        """What the member did on these pages, a line each, oldest first; "" for nothing."""
        deeds = [deed for entry in self.entries if (deed := self._deed(entry))]
        return "\n".join(deed.title for deed in deeds)

    def _whose_deeds(self) -> str:
        """What a company's administrator did with a card is not told to its holder as their own."""
        by_another = any(entry.data.get("as") for entry in self.entries)
        return _("What was done here") if by_another else _("What you did here")

    def _nothing_ahead(self) -> str:
        if self.unfinished:
            return _("What we promised is late, and we still owe it.")
        if self.asks_for_freeze:
            return _("We ask the card system for the freeze until it confirms it.")
        if self.open_contact:
            return _("Nothing is promised yet.")
        if ref := self._application():
            return _("The decision on your application %(ref)s") % {"ref": ref}
        return _("Your next payment") if self._came_back() else _("Nothing more: this is done.")

    # ---------------------------------------------------------------------------------------------- small things

    def _ref(self, contact: Contact) -> str:
        return contact_reference(contact.home_case.ref, contact.number)

    def _calendar_url(self, promise: Promise) -> str:
        ref = self.home_refs.get(promise.home_case_id, self.case.ref)
        return reverse("promise_ics", args=[show_reference(ref), promise.n])

    def _when(self, at: datetime) -> str:
        return say_when(at, self.zone, self.language, self.now)

    def _day(self, at: datetime | None) -> str:
        return say_date(at.astimezone(self.zone).date(), self.language, self.now) if at else ""
