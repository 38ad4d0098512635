"""A conversation as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cases.queries import EntryLine, entries_of_contacts
from cardline.channels.chat.guided import Guided, guided_in
from cardline.contact.asks.queries import is_asked_something
from cardline.contact.models import Contact
from cardline.contact.queries import contact_spoken_in, contacts_visible_to
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.kit.dates import say_time, say_wait, say_when
from cardline.kit.reference import BadReference, contact_reference, parse_contact_reference, show_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.needs.catalogue import need
from cardline.promises.models import Promise
from cardline.routing.queries import chat_wait_seconds, place_in_line
from cardline.staff.queries import on_duty
from cardline.ui.entries import capital, say_entry, uncapital
from cardline.ui.promise import PromiseLook, promise_look, say_by
from cardline.ui.shapes import ChatBox, ChatLine, ThreeLines

State = Literal["in_line", "nobody_there", "written", "talking", "check", "ended"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """state: in_line and nobody_there wait for a live answer, written for one by a promised time; check: the three
    lines are before the member. place: 1 for the next in line. wait: words, "" when unknown. is_asked: whoever answers
    wants to be sure that it is them, and waits for it on the member's own page. guided: what they can do by themselves.
    """

    reference: str
    case_reference: str
    subject: str
    need_name: str
    state: State
    agent: str
    place: int | None
    wait: str
    is_message: bool
    is_asked: bool
    answer: PromiseLook | None
    lines: ThreeLines | None
    round: int
    verdict: str
    box: ChatBox
    guided: Guided | None


def contact_by_reference(actor: Actor, typed: str) -> Contact:
    """The contact of a reference such as 7K4-29QM-1. Raises NotThere for a wrong, unknown or somebody else's one."""
    ref, number = _parsed(typed)
    contact = contacts_visible_to(actor).filter(home_case__ref=ref, number=number).first()
    if contact is None:
        raise NotThere()
    return contact


def contact_id_by_reference(actor: Actor, typed: str) -> int:
    """The same for somebody who speaks in it, and no more than its id."""
    return contact_spoken_in(actor, *_parsed(typed))


def _parsed(typed: str) -> tuple[str, int]:
    try:
        return parse_contact_reference(typed)
    except BadReference as problem:
        raise NotThere() from problem


def conversation(actor: Actor, contact: Contact, now: datetime, language: str) -> Conversation:
    """Everything the page shows of a contact, in the reader's language."""
    profile = current_profile()
    reference = contact_reference(contact.home_case.ref, contact.number)
    promises = _promises(actor, contact)
    found = _entries(actor, contact)
    state = _state(contact)
    waits = state == "in_line"
    seconds = chat_wait_seconds(contact.queue, now) if waits else None
    return Conversation(
        reference=reference,
        case_reference=show_reference(contact.case.ref),
        subject=contact.case.subject,
        need_name=need(contact.need).name.in_language(language),
        state=state,
        agent=contact.agent.name if contact.agent else "",
        place=place_in_line(contact.pk) if waits else None,
        wait=say_wait(seconds, language) if seconds is not None else "",
        is_message=contact.channel == Contact.Channel.MESSAGE,
        is_asked=actor.kind == Kind.MEMBER and state == "talking" and is_asked_something(contact.pk),
        answer=_answer(promises, now) if state == "written" else None,
        lines=_three_lines(contact, promises, now, language),
        round=contact.proposals,
        verdict=contact.verdict,
        box=ChatBox(
            topic=f"case:{contact.home_case_id}",
            contact=f"contact:{contact.pk}",
            side="member",
            zone=profile.time_zone,
            poll_url=reverse("chat_entries", args=[reference]),
            send_url=reverse("chat_send", args=[reference]),
            sign_in_url=f"{reverse('sign_in')}?next={reverse('chat', args=[reference])}",
            me=actor.name if actor.acting_for else "",
            capacity=actor.capacity if actor.acting_for else "",
            lines=tuple(_lines(actor, found, promises, now, language)),
        ),
        guided=guided_in(actor, contact, now, language),
    )


def entries_as_json(
    actor: Actor, contact: Contact, after: int, now: datetime, language: str
) -> dict[str, Any]:
    """What came after an entry number, as the socket sends it, and what each says where it has no words of its own.

    Returns {"entries", "last"}; `last` is the number to ask from next time.
    """
    found = [entry for entry in _entries(actor, contact) if entry.n > after]
    said = {line.n: line for line in _lines(actor, found, _promises(actor, contact), now, language)}
    return {
        "entries": [
            {**entry.frame(), "says": "" if entry.kind == "message" else said[entry.n].text}
            for entry in found
            if entry.n in said
        ],
        "last": max((entry.n for entry in found), default=after),
    }


def _state(contact: Contact) -> State:
    if contact.state == Contact.State.ENDED:
        return "ended"
    if contact.state == Contact.State.PROPOSED:
        return "check"
    if contact.state == Contact.State.ACTIVE:
        return "talking"
    if contact.channel == Contact.Channel.MESSAGE:
        return "written"
    return "in_line" if on_duty(contact.queue) else "nobody_there"


def _promises(actor: Actor, contact: Contact) -> dict[int, Promise]:
    """The promises of the contact's case by id: what entries are about, and what we will do."""
    return {promise.pk: promise for promise in visible(Promise, actor).filter(case=contact.case_id)}


def _entries(actor: Actor, contact: Contact) -> list[EntryLine]:
    """What was said and what happened in this contact, and what happened to its case meanwhile."""
    rows = entries_of_contacts(actor, contact.home_case_id, [contact.pk])
    return [entry for entry in rows if entry.contact_id == contact.pk or entry.at >= contact.started_at]


def _lines(
    actor: Actor, found: list[EntryLine], promises: dict[int, Promise], now: datetime, language: str
) -> list[ChatLine]:
    lines = (
        _line(actor, entry, promises.get(entry.data.get("promise", 0)), now, language) for entry in found
    )
    return [line for line in lines if line.text]


def _line(actor: Actor, entry: EntryLine, promise: Promise | None, now: datetime, language: str) -> ChatLine:
    profile = current_profile()
    when = _when(entry.at, profile.zone, language, now)
    mine = entry.is_by(actor)
    if entry.kind == "message":
        name = _("You") if mine else entry.author
        return ChatLine(entry.n, entry.at, when, "message", "me" if mine else "other", name, entry.text)
    if entry.kind == "promise.made" and promise is not None:
        # A promise that routing made by itself is nobody's in particular: it is the issuer's.
        name = entry.author_name if entry.side == "agent" else profile.short_name.in_(language)
        said_by = {
            "what": uncapital(promise.text),
            "by": say_by(promise.due_at, ZoneInfo(promise.due_zone), language, now),
        }
        text = _("We will %(what)s, %(by)s") % said_by
        return ChatLine(entry.n, entry.at, when, "promise", "other", name, text)
    said = say_entry(
        entry.kind,
        entry.data,
        entry.side,
        entry.author_name,
        language=language,
        zone=profile.zone,
        now=now,
        profile=profile,
        at=entry.at,
        promise=promise.text if promise else "",
    )
    text = f"{said.text}: {entry.text}" if said.text and entry.text else said.text
    return ChatLine(entry.n, entry.at, when, "event", "system", "", text, said.icon)


def _when(at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    there = at.astimezone(zone)
    if there.date() == now.astimezone(zone).date():
        return say_time(there, language)
    return say_when(at, zone, language, now)


def _answer(promises: dict[int, Promise], now: datetime) -> PromiseLook | None:
    """The promise to answer a message, while it is still to be done."""
    owed = [
        p
        for p in promises.values()
        if p.source == Promise.Source.ROUTING and p.done_at is None and p.state in ("open", "missed")
    ]
    if not owed:
        return None
    newest = max(owed, key=lambda p: p.pk)
    return promise_look(
        sentence=_("We will %(what)s") % {"what": uncapital(newest.text)},
        made_at=newest.made_at,
        due_at=newest.due_at,
        now=now,
        zone=ZoneInfo(newest.due_zone),
    )


def _three_lines(
    contact: Contact, promises: dict[int, Promise], now: datetime, language: str
) -> ThreeLines | None:
    """What we did, what we will do by when, what the member needs to do; None before they were written."""
    if not contact.proposals:
        return None
    ahead = [
        p
        for p in promises.values()
        if p.contact_id == contact.pk and p.done_at is None and p.state in ("open", "missed")
    ]
    will = tuple(
        f"{capital(p.text)}, {say_by(p.due_at, ZoneInfo(p.due_zone), language, now)}"
        for p in sorted(ahead, key=lambda p: (p.due_at, p.pk))
    )
    return ThreeLines(contact.did, will, contact.you)
