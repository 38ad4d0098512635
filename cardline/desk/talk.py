"""The conversation pane: messages, events in words, and private notes among them, in order of time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.utils.translation import get_language, gettext

from cardline.cases.models import Case, Entry
from cardline.cases.queries import EntryLine, lines
from cardline.cases.timeline import topic
from cardline.contact.models import Contact
from cardline.desk.models import Note
from cardline.desk.plan import need_name
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_moment
from cardline.kit.visibility import visible
from cardline.promises.models import Promise
from cardline.ui.entries import say_entry

NEWEST = 300  # what one look shows; the rest is a link away

_PLACE = re.compile(r"(\d{1,18})\.(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Line:
    """id: "e5.12" (case and number of an entry) or "n44" (a note). quote: a member's own words beside an event."""

    id: str
    at: datetime
    when: str
    kind: Literal["message", "note", "event"]
    side: Literal["me", "other", "system"]
    name: str
    text: str
    icon: str = ""
    quote: str = ""
    tone: Literal["", "promised", "late"] = ""


@dataclass(frozen=True, slots=True)
class After:
    """How far a screen has read: the last number of each case whose entries it shows, and the last note."""

    numbers: Mapping[int, int]
    note: int = 0


def read_after(written: str) -> After:
    """From "5.12 9.3 n44", as the page's script collects it. What cannot be read counts as not seen."""
    numbers = {int(case): int(n) for case, n in _PLACE.findall(written[:400])}
    notes = [int(word[1:]) for word in written[:400].split() if re.fullmatch(r"n\d{1,18}", word)]
    return After(numbers, max(notes, default=0))


def talk_of(
    actor: Actor,
    case: Case,
    contacts: Sequence[Contact],
    promises: Mapping[int, Promise],
    now: datetime,
    *,
    after: After | None = None,
    whole: bool = False,
) -> tuple[list[Line], bool]:
    """The lines of a case, oldest first, and whether older ones were left out. In two queries.

    after: only what a screen lacks. whole: all of it, instead of the newest NEWEST.
    """
    here = [contact.pk for contact in contacts]
    entries = visible(Entry, actor).filter(Q(case=case.pk, contact=None) | Q(contact__in=here))
    notes = (
        visible(Note, actor)
        .filter(Q(case=case.pk, contact=None) | Q(contact__in=here))
        .select_related("agent")
    )
    if after is not None:
        entries = entries.filter(_unread(after))
        notes = notes.filter(pk__gt=after.note)
    most = None if whole else NEWEST
    newest = lines(entries.order_by("-at", "-id")[:most])
    say = _Sayer(actor, case, promises, now)
    said = [say.entry(entry) for entry in reversed(newest)]
    said += [say.note(note) for note in reversed(notes.order_by("-at", "-id")[:most])]
    shown = sorted((line for line in said if line is not None), key=lambda line: line.at)
    return shown, len(newest) == NEWEST and not whole


def topics_of(case: Case, contacts: Sequence[Contact]) -> list[str]:
    """Where news about these lines comes from: the case's own topic, and those its contacts began in."""
    return [
        topic(case_id)
        for case_id in dict.fromkeys([case.pk, *(contact.home_case_id for contact in contacts)])
    ]


def _unread(after: After) -> Q:
    """Entries above each case's number, and all of a case the screen has not shown anything of."""
    unread = ~Q(case__in=list(after.numbers))
    for case_id, n in after.numbers.items():
        unread |= Q(case=case_id, n__gt=n)
    return unread


class _Sayer:
    """Says lines to one reader at one moment."""

    def __init__(self, actor: Actor, case: Case, promises: Mapping[int, Promise], now: datetime) -> None:
        self.actor, self.case, self.promises, self.now = actor, case, promises, now
        self.profile, self.language = current_profile(), get_language() or "en"

    def entry(self, entry: EntryLine) -> Line | None:
        """None for a kind that has no words: nothing is shown rather than something wrong."""
        place, when = f"e{entry.case_id}.{entry.n}", self.when(entry.at)
        if entry.kind == "message":
            is_mine = entry.side == "agent" and entry.author_name == self.actor.name
            name = gettext("You") if is_mine else self.first_name(entry)
            return Line(place, entry.at, when, "message", "me" if is_mine else "other", name, entry.text)
        promise = self.promises.get(int(entry.data.get("promise") or 0))
        said = say_entry(
            entry.kind,
            self.named(entry.data),
            entry.side,
            entry.author_name,
            reader="staff",
            language=self.language,
            zone=self.profile.zone,
            now=self.now,
            profile=self.profile,
            at=entry.at,
            promise=promise.text if promise else "",
        )
        if not said.text:
            return None
        return Line(
            place,
            entry.at,
            when,
            "event",
            "system",
            "",
            said.text,
            icon=said.icon,
            quote=entry.text,
            tone=tone_of(entry.kind),
        )

    def first_name(self, entry: EntryLine) -> str:
        """As they want to be called; the record keeps the name they had in law when they wrote."""
        if entry.data.get("as"):
            return entry.author
        member = self.case.member if entry.side == "member" else None
        if member is not None and member.preferred_name and entry.author_name == member.name:
            return member.preferred_name
        return first_name(entry.author_name)

    def named(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Needs by name, as people call them."""
        return {
            key: need_name(value, self.language) if key in ("need", "was") else value
            for key, value in data.items()
        }

    def note(self, note: Note) -> Line:
        is_mine = note.agent_id == self.actor.agent_id
        name = gettext("You") if is_mine else note.agent.given_name
        return Line(
            f"n{note.pk}", note.at, self.when(note.at), "note", "me" if is_mine else "other", name, note.text
        )

    def when(self, at: datetime) -> str:
        """ "Fri, Nov 20, 6:37 pm", today too: the line stands on the screen past midnight."""
        return say_moment(at, self.profile.zone, self.language, self.now)


def tone_of(kind: str) -> Literal["", "promised", "late"]:
    """Promises have one colour, broken ones another (DESIGN 1)."""
    if kind in ("promise.missed", "promise.escalated"):
        return "late"
    return "promised" if kind.startswith(("promise.", "clock.")) else ""


def first_name(name: str) -> str:
    """What the narrow column beside a line has room for; a guest has none."""
    return name.split(" ")[0] if name.strip() else gettext("Guest")
