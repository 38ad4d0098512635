"""Entries of a case's timeline as sentences: the same words on the member's pages and on the desk.

An entry holds ids and instants only (cases/timeline.py); the sentence is made here, in the reader's
language. What people wrote themselves ("message", a verdict's text) is theirs and comes from its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _

from cardline.issuer.profile import Profile
from cardline.kit.actors import SELF
from cardline.kit.dates import say_date, say_left, say_moment, say_when
from cardline.kit.languages import locale_of
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.ui import (
    clock_entries,
    contact_entries,
    file_entries,
    flow_entries,
    fraud_entries,
    letter_entries,
    payment_entries,
    program_entries,
    proof_entries,
    report_entries,
)
from cardline.ui.capacities import capacity_name, signed
from cardline.ui.points import GIFT_CARD, STATEMENT_CREDIT, option_name, say_points
from cardline.ui.promise import LAST_SECOND

Reader = Literal["member", "staff"]

SUPERVISORS = "supervisors:"
HEAD_OF_SERVICE = "head_of_service"
_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Sentence:
    """icon: a word of icons.py. text: "" for an entry that says nothing by itself (a message)."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class _Told:
    """Everything a sentence may be made of."""

    data: Mapping[str, Any]
    side: str
    name: str
    to_staff: bool
    language: str
    zone: ZoneInfo
    now: datetime
    at: datetime
    profile: Profile
    promise: str

    def instant(self, key: str) -> datetime | None:
        written = self.data.get(key)
        return datetime.fromisoformat(written) if isinstance(written, str) else None

    def when(self, at: datetime | None) -> str:
        """A colleague's screen stands open past midnight: there no entry says "today"."""
        say = say_moment if self.to_staff else say_when
        return say(at, self.zone, self.language, self.now) if at else ""

    @property
    def due(self) -> datetime:
        return self.instant("due_at") or self.at

    @property
    def due_words(self) -> str:
        """The day and hour a promise is due; the day alone where the whole day counts."""
        there = self.due.astimezone(self.zone)
        if there.time().replace(microsecond=0) == LAST_SECOND:
            return say_date(there.date(), self.language, self.now)
        return self.when(self.due)

    @property
    def what(self) -> str:
        """The promise's own words, as "We will …" goes on; general ones where the page lacks them."""
        return self.promise or _("what we promised")

    @property
    def member_side(self) -> str:
        """The member as the desk calls them here."""
        return self.name or _("The guest")


def say_entry(
    kind: str,
    data: Mapping[str, Any],
    side: str,
    author_name: str,
    *,
    reader: Reader = "member",
    language: str,
    zone: ZoneInfo,
    now: datetime,
    profile: Profile,
    at: datetime | None = None,
    promise: str = "",
) -> Sentence:
    """What an entry says to its reader.

    at: when the entry was written (`now` if not given). promise: the words of the promise it is about, since
    the entry carries only its number. An unknown kind says nothing rather than something wrong.
    """
    icon, words = _KINDS.get(kind, ("clock", _nothing))
    # What somebody did for the member is told to the member as of another, too: never "You paid".
    of_another = reader == "staff" or (side == "member" and bool(data.get("as")))
    with translation.override(language):
        name = signed(author_name, data)
        told = _Told(data, side, name, of_another, language, zone, now, at or now, profile, promise)
        return Sentence(icon, words(told))


def say_missed(
    *,
    due_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    language: str,
    place: str,
    profile: Profile,
    taken_by: str = "",
    answer_by: datetime | None = None,
) -> str:
    """What a member reads of a promise we missed, in the words of DESIGN 6.

    "We said Tuesday and missed it. The disputes supervisors have it now and will write to you by 3 pm today."
    place: the queue that holds it ("supervisors:disputes", "head_of_service"). taken_by: the colleague who
    accepted it; only then is a person named. answer_by: left unsaid once it has passed, being no longer true.
    No place: nobody was handed it yet, a moment after it was due.
    """
    with translation.override(language):
        said = {"day": said_day(due_at, now, zone, language)}
        first = _("We said %(day)s and missed it.") % said
        if not place:
            return first
        return f"{first} {_who_has_it(place, profile, language, taken_by, answer_by, now, zone)}"


def place_name(place: str, profile: Profile, language: str) -> str:
    """Who stands behind a queue of promises, in mid-sentence: "the disputes supervisors".

    A work queue is called by its label; supervisors are several people, the head of service is one.
    """
    with translation.override(language):
        if place == HEAD_OF_SERVICE:
            return _("the head of service")
        if place.startswith(SUPERVISORS):
            return profile.team(place.removeprefix(SUPERVISORS)).supervisors.in_(language)
        return profile.queue(place).label.in_(language)


def said_day(due_at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """The day a promise was for, as one says it afterwards: "3 pm today", "Tuesday", "Fri, Dec 11"."""
    there, today = due_at.astimezone(zone), now.astimezone(zone).date()
    days_ago = (today - there.date()).days
    if days_ago <= 0:
        return say_when(due_at, zone, language, now)
    if days_ago < _A_WEEK:
        return str(format_date(there.date(), "EEEE", locale_of(language)))
    return say_date(there.date(), language, now)


def _who_has_it(
    place: str,
    profile: Profile,
    language: str,
    taken_by: str,
    answer_by: datetime | None,
    now: datetime,
    zone: ZoneInfo,
) -> str:
    who = taken_by or capital(place_name(place, profile, language))
    is_one = bool(taken_by) or place == HEAD_OF_SERVICE
    if answer_by is None or answer_by <= now:
        return (_("%(who)s has it now.") if is_one else _("%(who)s have it now.")) % {"who": who}
    words = (
        _("%(who)s has it now and will write to you by %(when)s.")
        if is_one
        else _("%(who)s have it now and will write to you by %(when)s.")
    )
    return words % {"who": who, "when": say_when(answer_by, zone, language, now)}


def capital(text: str) -> str:
    """Made the first word of a sentence; the rest stays as it was written."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """Put into the middle of a sentence: "We will call you back". Abbreviations keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


# ----------------------------------------------------------------------------------- one kind, one sentence


def _nothing(told: _Told) -> str:
    return ""


def _opened(told: _Told) -> str:
    return (
        _("Case opened")
        if told.to_staff
        else _("We opened a case for this; its reference stays the same to the end")
    )


def _started(told: _Told) -> str:
    by_message = told.data.get("channel") == "secure_message"
    if told.to_staff:
        words = _("%(name)s left a message") if by_message else _("%(name)s started a chat")
        return words % {"name": told.member_side}
    return _("You left a message") if by_message else _("You started a chat")


def _answered(told: _Told) -> str:
    return (
        _("%(name)s is here now and sees everything you wrote") % {"name": told.name}
        if not told.to_staff
        else (_("%(name)s took it") % {"name": told.name})
    )


def _taken_over(told: _Told) -> str:
    if told.to_staff:
        return _("%(name)s took it over") % {"name": told.name}
    return _("%(name)s goes on with this and has read everything above") % {"name": told.name}


def _put_back(told: _Told) -> str:
    if told.to_staff:
        return _("Back in its queue: the agent’s screen was gone")
    return _("We lost our colleague’s line. You keep your place; whoever answers next sees everything above")


def _became_message(told: _Told) -> str:
    if told.to_staff:
        return _("Became a message: nobody was at the desk")
    return _("Nobody is at the desk now. This became a message; you can leave, and we answer here")


def _proposed(told: _Told) -> str:
    if told.to_staff:
        return _("%(name)s put the three lines before the member") % {"name": told.name}
    return _("%(name)s wrote down in three lines what we agreed") % {"name": told.name}


def _confirmed(told: _Told) -> str:
    return (
        _("%(name)s says the lines are right") % {"name": told.member_side}
        if told.to_staff
        else (_("You said the lines are right"))
    )


def _disputed(told: _Told) -> str:
    return (
        _("%(name)s says the lines are not quite right") % {"name": told.member_side}
        if told.to_staff
        else (_("You said the lines are not quite right"))
    )


def _ended(told: _Told) -> str:
    if told.to_staff:
        return _("%(name)s ended it") % {"name": told.name}
    return _("This conversation has ended. Its record stays with you")


def _attached(told: _Told) -> str:
    return _("A contact was attached to this case")


def _detached(told: _Told) -> str:
    return _("A contact was moved to another case")


def _classified(told: _Told) -> str:
    return _("Need changed from %(was)s to %(need)s") % {
        "was": told.data.get("was", ""),
        "need": told.data.get("need", ""),
    }


def _closed(told: _Told) -> str:
    return _("Case closed") if told.to_staff else _("Everything we promised is done. The case is closed")


def _reopened(told: _Told) -> str:
    return _("Case open again")


def _freeze_asked(told: _Told) -> str:
    return _card(
        told,
        _("You asked for card ending %(last4)s to be frozen. It is not confirmed yet"),
        _("%(name)s asked for card ending %(last4)s to be frozen. It is not confirmed yet"),
    )


def _freeze_taken_back(told: _Told) -> str:
    return _card(
        told,
        _("You took back the freeze of card ending %(last4)s"),
        _("%(name)s took back the freeze of card ending %(last4)s"),
    )


def _freeze_unanswered(told: _Told) -> str:
    tries = told.data.get("tries", 0)
    said = {"last4": told.data.get("last4", ""), "tries": tries if isinstance(tries, int) else 0}
    if told.to_staff and told.data.get("taken_back"):
        return (
            _(
                "The card system has not confirmed that the freeze of card ending %(last4)s is undone: asked "
                "%(tries)s times, no answer, and it goes on being asked. See whether it is frozen, and tell the member"
            )
            % said
        )
    if told.to_staff:
        return (
            _(
                "The card system has not confirmed the freeze of card ending %(last4)s: asked %(tries)s times, "
                "no answer, and it goes on being asked. Freeze it another way, and tell the member"
            )
            % said
        )
    if told.data.get("taken_back"):
        return (
            _(
                "It is still not confirmed that card ending %(last4)s can be used. A colleague looks after it now"
            )
            % said
        )
    return (
        _("The freeze of card ending %(last4)s is still not confirmed. A colleague looks after it now") % said
    )


def _freeze_refused(told: _Told) -> str:
    said = {"last4": told.data.get("last4", "")}
    if told.data.get("why") == "closed":
        return _("Card ending %(last4)s is closed for good, so there was nothing to freeze") % said
    return _("The card system did not freeze card ending %(last4)s. A colleague looks into it") % said


def _thawed(told: _Told) -> str:
    return _("The freeze of card ending %(last4)s ended by itself") % {"last4": told.data.get("last4", "")}


def _frozen(told: _Told) -> str:
    if told.data.get("confirmed"):
        said = {"last4": told.data.get("last4", ""), "until": told.when(told.instant("until"))}
        if told.instant("until"):
            return _("Confirmed: card ending %(last4)s is frozen until %(until)s") % said
        return _("Confirmed: card ending %(last4)s is frozen") % said
    if told.instant("until"):
        return _card(
            told,
            _("You froze card ending %(last4)s until %(until)s"),
            _("%(name)s froze card ending %(last4)s until %(until)s"),
        )
    return _card(told, _("You froze card ending %(last4)s"), _("%(name)s froze card ending %(last4)s"))


def _unfrozen(told: _Told) -> str:
    if told.data.get("confirmed"):
        return _("Confirmed: card ending %(last4)s can be used again") % {"last4": told.data.get("last4", "")}
    return _card(told, _("You unfroze card ending %(last4)s"), _("%(name)s unfroze card ending %(last4)s"))


def _activated(told: _Told) -> str:
    return _card(
        told, _("You activated card ending %(last4)s"), _("%(name)s activated card ending %(last4)s")
    )


def _replaced_card(told: _Told) -> str:
    """What was wrong with the old card, whose number it names, and that another one comes."""
    if told.data.get("reason") == "damaged":
        return _card(
            told,
            _(
                "You asked for a new card because the one ending %(last4)s is damaged. That one works until then"
            ),
            _("%(name)s asked for a new card because the one ending %(last4)s is damaged"),
        )
    if told.data.get("reason") == "expired":
        return _card(
            told,
            _(
                "A new card is on its way, because the one ending %(last4)s runs out. That one works until then"
            ),
            _("%(name)s asked for a new card because the one ending %(last4)s runs out"),
        )
    if told.data.get("reason") == "stolen":
        return _card(
            told,
            _("You told us that card ending %(last4)s was stolen. It is closed, and a new one is on its way"),
            _("%(name)s reported card ending %(last4)s stolen. It is closed, and a new one is on its way"),
        )
    return _card(
        told,
        _("You told us that card ending %(last4)s is lost. It is closed, and a new one is on its way"),
        _("%(name)s reported card ending %(last4)s lost. It is closed, and a new one is on its way"),
    )


def _merchant_allowed(told: _Told) -> str:
    said = {"name": told.member_side, "merchant": str(told.data.get("merchant", ""))}
    if told.to_staff:
        return _("%(name)s lets %(merchant)s charge by itself again") % said
    return _("You let %(merchant)s charge by itself again") % said


def _card(told: _Told, by_reader: str, by_other: str) -> str:
    is_mine = told.side == "member" and not told.to_staff and not told.data.get("by_another_member")
    words = by_reader if is_mine else by_other
    until = told.when(told.instant("until"))
    return words % {"name": told.member_side, "last4": told.data.get("last4", ""), "until": until}


def _access_needs(told: _Told) -> str:
    """What they said is not repeated: it may be taken back, and this line stays."""
    if not told.to_staff:
        return _("You told us what to mind when we speak with you")
    return _("%(name)s said what to mind when we speak with them. It stands beside their name") % {
        "name": told.member_side
    }


def _recognised(told: _Told) -> str:
    said = {"name": told.member_side, "charge": _charge_words(told)}
    if told.to_staff:
        return _("%(name)s recognizes the charge now: %(charge)s") % said
    return _("You recognize the charge now: %(charge)s") % said


def _applied(told: _Told) -> str:
    """The application's own reference is another one than the case's: both are named where they differ."""
    ref = str(told.data.get("application", ""))
    said = {
        "name": told.member_side,
        "product": str(told.data.get("product", "")),
        "ref": show_reference(ref) if ref else "",
    }
    if told.to_staff:
        return _("%(name)s applied: %(product)s. The application is %(ref)s") % said
    return _("You applied: %(product)s. Your application is %(ref)s") % said


def _points_used(told: _Told) -> str:
    points, minor, currency = (told.data.get(name) for name in ("points", "amount_minor", "currency"))
    if not (isinstance(points, int) and isinstance(minor, int) and isinstance(currency, str)):
        return ""
    option = str(told.data.get("option", ""))
    said = {
        "name": told.member_side,
        "points": say_points(points, told.language),
        "worth": format_money(Money(minor, currency), told.language),
        "what": option_name(option),
    }
    if option == STATEMENT_CREDIT:
        by_member = _("You used %(points)s for a credit of %(worth)s on the account")
        by_other = _("%(name)s used %(points)s for a credit of %(worth)s on the account")
    elif option == GIFT_CARD:
        by_member = _("You used %(points)s for a gift card worth %(worth)s")
        by_other = _("%(name)s used %(points)s for a gift card worth %(worth)s")
    else:
        by_member = _("You used %(points)s for “%(what)s”, worth %(worth)s")
        by_other = _("%(name)s used %(points)s for “%(what)s”, worth %(worth)s")
    return (by_other if told.to_staff else by_member) % said


def _charge_words(told: _Told) -> str:
    """Merchant and amount; the core's id where a system of the issuer's told no more than that."""
    minor, currency = told.data.get("amount_minor"), told.data.get("currency")
    if not isinstance(minor, int) or not isinstance(currency, str):
        return str(told.data.get("charge", ""))
    return f"{told.data.get('merchant', '')}, {format_money(Money(minor, currency), told.language)}"


def _made(told: _Told) -> str:
    said = {"what": told.what, "when": told.due_words}
    return _("Promised: %(what)s, by %(when)s") % said


def _taken(told: _Told) -> str:
    said = {"name": told.name, "what": told.what}
    if told.to_staff:
        return _("%(name)s took on the promise: %(what)s") % said
    return _("%(name)s looks after it now: %(what)s") % said


def _kept(told: _Told) -> str:
    return _("Promise kept: %(what)s") % {"what": told.what}


def _missed(told: _Told) -> str:
    place, answer_by = str(told.data.get("place", "")), told.instant("answer_by")
    if told.to_staff:
        said = {
            "what": told.what,
            "who": place_name(place, told.profile, told.language),
            "when": told.when(answer_by),
        }
        return _("Promise missed: %(what)s. It is with %(who)s, who answer by %(when)s") % said
    return say_missed(
        due_at=told.due,
        now=told.now,
        zone=told.zone,
        language=told.language,
        place=place,
        profile=told.profile,
        answer_by=answer_by,
    )


def _escalated(told: _Told) -> str:
    """For staff only: the next one up heard of it; who has it did not change."""
    who = place_name(str(told.data.get("place", "")), told.profile, told.language)
    return _("Still not done: %(what)s. Reported to %(who)s") % {"what": told.what, "who": who}


def _done_late(told: _Told) -> str:
    said = {
        "what": told.what,
        "late": say_left(told.due, max(told.at, told.due + timedelta(seconds=1)), told.language),
    }
    return _("Done, %(late)s: %(what)s") % said


def _replaced(told: _Told) -> str:
    if told.to_staff:
        return _("New date agreed for: %(what)s") % {"what": told.what}
    return _("You agreed to a new date for: %(what)s") % {"what": told.what}


def _speaker(told: _Told) -> str:
    """Written by a colleague, and read by colleagues only."""
    capacity = str(told.data.get("capacity", SELF))
    said = {"who": told.data.get("who", ""), "member": told.data.get("member", "")}
    if capacity == SELF:
        return _("%(member)s speaks here again") % said
    return _("%(who)s speaks here for %(member)s, as %(capacity)s") % {
        **said,
        "capacity": capacity_name(capacity),
    }


def _released(told: _Told) -> str:
    if told.to_staff:
        return _("The member agreed to drop: %(what)s") % {"what": told.what}
    return _("You agreed that we drop: %(what)s") % {"what": told.what}


_KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "case.opened": ("file", _opened),
    "contact.started": ("chat", _started),
    "contact.answered": ("person", _answered),
    "contact.taken_over": ("person", _taken_over),
    "contact.speaker": ("person", _speaker),
    "contact.put_back": ("clock", _put_back),
    "contact.became_message": ("clock", _became_message),
    "message": ("chat", _nothing),
    "summary.proposed": ("wrap", _proposed),
    "summary.confirmed": ("check", _confirmed),
    "summary.disputed": ("pencil", _disputed),
    "contact.ended": ("wrap", _ended),
    "contact.attached": ("link", _attached),
    "contact.detached": ("link", _detached),
    "case.classified": ("pencil", _classified),
    "case.closed": ("check", _closed),
    "case.reopened": ("undo", _reopened),
    "card.freeze_asked": ("clock", _freeze_asked),
    "card.freeze_taken_back": ("undo", _freeze_taken_back),
    "card.freeze_unanswered": ("alert", _freeze_unanswered),
    "card.freeze_refused": ("alert", _freeze_refused),
    "card.frozen": ("freeze", _frozen),
    "card.thawed": ("undo", _thawed),
    "card.unfrozen": ("undo", _unfrozen),
    "card.replaced": ("card", _replaced_card),
    "card.activated": ("check", _activated),
    "charge.recognised": ("check", _recognised),
    **clock_entries.KINDS,
    "merchant.allowed": ("check", _merchant_allowed),
    **payment_entries.KINDS,
    **file_entries.KINDS,
    **letter_entries.KINDS,
    **contact_entries.KINDS,
    **proof_entries.KINDS,
    **program_entries.KINDS,
    **flow_entries.KINDS,
    **report_entries.KINDS,
    **fraud_entries.KINDS,
    "member.access_needs": ("person", _access_needs),
    "application.sent": ("send", _applied),
    "points.redeemed": ("reward", _points_used),
    "promise.made": ("promise", _made),
    "promise.taken": ("person", _taken),
    "promise.kept": ("check", _kept),
    "promise.missed": ("alert", _missed),
    "promise.escalated": ("escalate", _escalated),
    "promise.done_late": ("check", _done_late),
    "promise.replaced": ("calendar", _replaced),
    "promise.released": ("close", _released),
}
