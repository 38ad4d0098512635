"""The plan: the answer to a need before any contact. What to have ready, which way now, and what happens next.

Pure: the same profile, need, instant and waits give the same plan. Pages, the API and the command line show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cardline.clocks.compute import compute
from cardline.clocks.local import local_date
from cardline.issuer.profile import FirstPromise, Profile, Question
from cardline.kit.dates import say_date, say_when
from cardline.needs.catalogue import Need, Urgency, Wanted, Words, details, need
from cardline.needs.triage import Reading
from cardline.needs.ways import BUILT, Asked, Waits, Way, ways_for


@dataclass(frozen=True, slots=True)
class Held:
    """What we know about the member already, so that nobody asks for it again.

    card: its last four digits. reference: of an open case. identity: they are signed in.
    transaction, address, country: whether we know which one they mean.
    """

    card: str = ""
    identity: bool = False
    transaction: bool = False
    reference: str = ""
    address: bool = False
    country: bool = False


@dataclass(frozen=True, slots=True)
class ReadyItem:
    """One thing to have at hand.

    held: we have it, and `note` says how. optional: only if there is one. asked: False for secrets we never ask for.
    rule: how our own people treat it, in words for the member.
    """

    id: str
    label: str
    text: str
    rule: str
    note: str
    held: bool
    optional: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Tip:
    """about: need, phone, chat, mail, social, conversation or afterwards."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question people ask about this need, answered."""

    id: str
    question: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Another need, to be picked with one tap."""

    need: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """alternatives: other readings. also: further needs of the same sentence. ask: not sure enough, ask which it is.

    urgent: freeze first. priority: 1 is the most urgent. best: the quickest way open now, or the one that opens first;
    None where the issuer offers none. others: in the profile's order. next: what happens next, in sentences.
    """

    need: Need
    name: str
    confidence: float | None
    ask: bool
    alternatives: tuple[Choice, ...]
    also: tuple[Choice, ...]
    urgent: bool
    priority: int
    queue: str
    region: str
    card_type: str
    ready: tuple[ReadyItem, ...]
    best: Way | None
    others: tuple[Way, ...]
    tips: tuple[Tip, ...]
    next: tuple[str, ...]
    questions: tuple[Answer, ...]
    made_at: datetime

    @property
    def ways(self) -> tuple[Way, ...]:
        """All of them, best first."""
        return (self.best, *self.others) if self.best else ()


def make_plan(
    profile: Profile,
    need_id: str,
    *,
    now: datetime,
    country: str | None = "US",
    card_type: str | None = "personal",
    language: str = "en",
    held: Held | None = None,
    waits: Waits | None = None,
    reading: Reading | None = None,
    available_actions: frozenset[str] = BUILT,
) -> Plan:
    """The plan for a need at an instant (aware, UTC).

    country:   ISO code or region id of where the person is. card_type: id of the profile, e.g. "corporate".
    waits:     seconds until a person answers, by channel ("chat") or channel and queue ("chat/disputes"); None where
               unknown. reading: of the words that led here. available_actions: see ways.BUILT.
    Raises UnknownNeed, CalendarEnds.
    """
    wanted = need(need_id)
    asked = Asked(
        profile, wanted, now, country, card_type, language, waits or {}, frozenset(available_actions)
    )
    family = asked.family
    ways = ways_for(asked)
    return Plan(
        need=wanted,
        name=wanted.name.in_language(language),
        confidence=reading.confidence if reading else None,
        ask=reading is not None and not reading.sure,
        alternatives=_choices([guess.need for guess in reading.alternatives] if reading else [], language),
        also=_choices(list(reading.also) if reading else [], language),
        urgent=wanted.urgency is Urgency.NOW or wanted.unauthorised,
        priority=family.priority_if_unauthorised if wanted.unauthorised else family.priority,
        queue=family.queue,
        region=profile.region_of(country).id,
        card_type=card_type
        if card_type and card_type in profile.card_types
        else next(iter(profile.card_types)),
        ready=_ready(asked, held or Held()),
        best=ways[0] if ways else None,
        others=ways[1:],
        tips=_tips(asked, ways),
        next=_next(asked, ways),
        questions=tuple(_answer(asked, question) for question in profile.questions_for(need_id)),
        made_at=now,
    )


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan in the shape that the command line and the API promise (docs/needs.md)."""
    return {
        "need": plan.need.id,
        "alternatives": [choice.need for choice in plan.alternatives],
        "also": [choice.need for choice in plan.also],
        "urgent": plan.urgent,
        "ready": [{"id": item.id, "text": item.label, "held": item.held} for item in plan.ready],
        "channels": [_way_as_json(way) for way in plan.ways],
        "tips": [tip.text for tip in plan.tips],
        "next": list(plan.next),
    }


def _way_as_json(way: Way) -> dict[str, Any]:
    return {
        "id": way.id,
        "open": way.open,
        "opens_at": way.opens_at.isoformat().replace("+00:00", "Z") if way.opens_at else None,
        "wait_seconds": way.wait_seconds,
        "number": next((number.display for number in way.numbers if number.display), None),
        "address": list(next((box.lines for box in way.letterboxes if box.lines), ())),
        "url": way.url or None,
    }


# ------------------------------------------------------------------------------------------- what to have ready

_HELD_NOTES: Mapping[str, Words] = {
    "card": Words(en="Ending {held}. We have it.", es="Termina en {held}. La tenemos."),
    "identity": Words(en="You’re signed in.", es="Ya entró a su cuenta."),
    "reference": Words(en="{held}. We have it.", es="{held}. Lo tenemos."),
}
_HELD = Words(en="We have it.", es="Lo tenemos.")


def _ready(asked: Asked, held: Held) -> tuple[ReadyItem, ...]:
    return tuple(_ready_item(asked, held, detail_id, optional) for detail_id, optional in _asked_for(asked))


def _asked_for(asked: Asked) -> list[tuple[str, bool]]:
    """(detail, optional). The catalogue's list for the need, unless the issuer wrote one for this very need.

    Of what the issuer asks of the whole family, we add only what is optional or its own invention: the catalogue
    knows better than a family which of its other details one need can do without.
    """
    family, whole = asked.family, asked.profile.needs.get(asked.need.family)
    if whole and family.id == asked.need.id and family.details != whole.details:
        return [(detail_id, asked.profile.detail(detail_id).optional) for detail_id in family.details]
    listed = [(wanted.detail.id, wanted.optional) for wanted in _without_repeats(asked.need.ready)]
    known = {detail_id for detail_id, _ in listed}
    added = [
        (detail_id, asked.profile.detail(detail_id).optional)
        for detail_id in family.details
        if detail_id not in known and (asked.profile.detail(detail_id).optional or detail_id not in details())
    ]
    return listed + added


def _without_repeats(ready: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    return tuple({wanted.detail.id: wanted for wanted in ready}.values())


def _ready_item(asked: Asked, held: Held, detail_id: str, optional: bool) -> ReadyItem:
    """In the issuer's words where it has some for this detail, else in ours."""
    own, theirs = details().get(detail_id), asked.profile.details.get(detail_id)
    held_by = (theirs.held_by if theirs else "") or (own.held_by if own else "")
    fact = getattr(held, held_by) if held_by else ""
    if theirs:
        label, text, rule = (asked.say(words) for words in (theirs.label, theirs.text, theirs.desk_rule))
    else:
        assert own is not None  # the profile's loader refuses details that neither it nor we know
        label, text, rule = own.label.in_language(asked.language), own.text.in_language(asked.language), ""
    return ReadyItem(
        id=detail_id,
        label=label,
        text=text,
        rule=rule,
        note=_HELD_NOTES.get(held_by, _HELD).in_language(asked.language).format(held=fact) if fact else "",
        held=bool(fact),
        optional=optional,
        asked=theirs.asked if theirs else not (own and own.never_told),
    )


# ------------------------------------------------------------------------------------------- what to know


def _tips(asked: Asked, ways: tuple[Way, ...]) -> tuple[Tip, ...]:
    conduct, kinds = asked.profile.conduct, {way.kind for way in ways}
    found = [("need", text) for text in asked.family.tips]
    if "voice" in kinds:
        found += [("phone", text) for text in (*conduct.phone, asked.profile.voice_menu.tip)]
    if "live_text" in kinds:
        found += [("chat", text) for text in conduct.chat]
    if "post" in kinds:
        found += [("mail", text) for text in conduct.mail]
    if "public_posts" in kinds:
        found += [("social", text) for text in conduct.social]
    found += [("conversation", text) for text in conduct.conversation]
    found += [("afterwards", text) for text in conduct.afterwards]
    return tuple(Tip(about, asked.say(text)) for about, text in found)


_RECORD = Words(
    en="You get a reference number and a written record.",
    es="Recibe un número de referencia y un registro por escrito.",
)
_FIRST_PROMISE_SOON = Words(
    en="{what}: within {minutes} minutes.", es="{what}: en {minutes} minutos como máximo."
)
_FIRST_PROMISE = Words(en="{what}: by {when}.", es="{what}: a más tardar el {when}.")
_REPLY = Words(
    en="Write to us now and we answer by {when}.", es="Escríbanos ahora y contestamos a más tardar: {when}."
)


def _next(asked: Asked, ways: tuple[Way, ...]) -> tuple[str, ...]:
    lines = [_RECORD.in_language(asked.language)]
    promise = asked.family.first_promise
    if promise:
        lines.append(_first_promise(asked, promise))
    if {"live_text", "message"} & {way.kind for way in ways}:
        by = asked.profile.answer_by(asked.family.queue, asked.now)
        when = say_when(by, asked.profile.zone, asked.language, asked.now)
        lines.append(_REPLY.in_language(asked.language).format(when=when))
    return tuple(lines)


def _first_promise(asked: Asked, promise: FirstPromise) -> str:
    what = asked.say(promise.what)
    if promise.within < timedelta(hours=1):
        minutes = int(promise.within.total_seconds() // 60)
        return _FIRST_PROMISE_SOON.in_language(asked.language).format(what=what, minutes=minutes)
    by = asked.now + promise.within
    if promise.rule:  # the law's date, however long the profile thinks that is
        due = compute(
            promise.rule, asked.now, asked.profile.calendar, asked.profile.zone, own=asked.profile.own_clocks
        ).due
        when = say_date(due, asked.language, asked.now)
    elif promise.within < timedelta(days=1):
        when = say_when(by, asked.profile.zone, asked.language, asked.now)
    else:  # counted in days, so it holds until the end of the issuer's day
        when = say_date(local_date(by, asked.profile.zone), asked.language, asked.now)
    return _FIRST_PROMISE.in_language(asked.language).format(what=what, when=when)


def _answer(asked: Asked, question: Question) -> Answer:
    return Answer(question.id, asked.say(question.question), asked.say_all(question.answer))


def _choices(need_ids: list[str], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(need_id, need(need_id).name.in_language(language)) for need_id in need_ids)
