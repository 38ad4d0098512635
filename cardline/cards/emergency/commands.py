"""An emergency card for somebody who stands abroad with none: ordered by an agent, handed over by a person.

A core that has such cards issues it with its limit; whoever brings it there, and every other core, is a promise of ours
that somebody keeps. It comes into use when the passport was seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.cards.commands import for_whom
from cardline.cards.models import EmergencyCard
from cardline.cards.writing import CARD_GONE as GONE
from cardline.cards.writing import REPORT_NEED, case_to_write_in, enter
from cardline.contact.models import Contact
from cardline.issuer.asking import CoreSilent, NotOffered, ask
from cardline.issuer.core import Card, CardState, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import CARD_CHANGES, count
from cardline.kit.money import Money
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

ORDERED, HANDED_OVER = "card.emergency", "card.emergency_handed_over"
SHORTEST_PLACE, LONGEST_PLACE = 8, 200

# What we will do, in the member's language, as the row of the promise keeps it.
PROMISED = {
    "en": "Have an emergency card handed to you against your passport",
    "es": "Hacer que le entreguen una tarjeta de emergencia contra su pasaporte",
}


class StillWorks(Refusal):
    code = "card_still_works"
    sentence = _(
        "The card can still be used by whoever has it. Freeze it first, then order the emergency card."
    )


class PlaceMissing(Malformed):
    code = "place_missing"
    sentence = _("Say where they are: the hotel, its street and city, and the name it is booked under.")


class SayWhoLooked(Malformed):
    code = "say_who_looked"
    sentence = _("Say who looks at the passport, and where.")


@command("card.order_emergency", by=[Kind.AGENT], level="lost_stolen:replace_elsewhere", about="card:{card}")
def order_emergency_card(
    *, by: Standing, now: datetime, card: str, contact_id: int, place: Clean
) -> dict[str, Any]:
    """A card with a low limit, handed over where the member is, against their passport. It takes a strong proof for
    exactly this, or an exceptional verification that stands. place: 8 to 200 characters.

    Ordered once for a card; asked again is a normal result. Returns {"last4", "limit_minor", "promise_id", "changed"}.
    Raises NotThere, StillWorks, PlaceMissing, TooMany, CoreSilent.
    """
    member, contact = for_whom(by, contact_id)
    gone = ask(partial(current_core().card, member.core_customer, card))
    if gone.state not in (CardState.FROZEN, CardState.CLOSED):
        raise StillWorks()
    where = clean(" ".join(place.split()))
    if is_blank(where) or not SHORTEST_PLACE <= len(where) <= LONGEST_PLACE:
        raise PlaceMissing(field="place")
    known = EmergencyCard.objects.filter(card=card).first()
    if known is not None:
        return _answer(known, changed=False)
    count(CARD_CHANGES, f"member:{member.pk}")
    issued = _issued(gone, where, now)
    case_id = contact.case_id if contact else case_to_write_in(by, now, member, REPORT_NEED, GONE, gone.last4)
    rules, profile = current_profile().exceptional, current_profile()
    promised = make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=_promised(member),
        due_at=now + timedelta(hours=rules.card_within_hours),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
    )
    ordered = EmergencyCard.objects.create(
        card=card,
        last4=gone.last4,
        member=member,
        case_id=case_id,
        contact=contact_id,
        place=where,
        limit_minor=rules.card_limit_minor,
        currency=profile.currency,
        promise=promised["promise_id"],
        ordered_at=now,
        ordered_by=by.actor.key,
        issued=issued,
    )
    enter(
        ORDERED,
        contact,
        case_id,
        card,
        gone.last4,
        limit_minor=ordered.limit_minor,
        currency=ordered.currency,
    )
    return _answer(ordered, changed=True)


@command("card.hand_over_emergency", by=[Kind.AGENT], about="card:{card}")
def hand_over_emergency_card(*, by: Standing, now: datetime, card: str, contact_id: int, seen: Clean) -> bool:
    """The emergency card that stands in for this one was handed over, and the passport was seen. seen: who looked at
    it, and where. From here on it can be used, and what we promised is kept.

    By a colleague who sees the conversation it was ordered in; whoever stands there with the card is no way of ours to
    know the member, so that nothing else opens by it. False: it was handed over before. Raises NotThere, SayWhoLooked,
    CoreSilent.
    """
    if is_blank(seen):
        raise SayWhoLooked(field="seen")
    ordered = EmergencyCard.objects.select_related("member").filter(card=card, contact=contact_id).first()
    if ordered is None or not visible(Contact, by.actor).filter(pk=contact_id).exists():
        raise NotThere()
    if not EmergencyCard.objects.filter(pk=ordered.pk, handed_over_at=None).update(handed_over_at=now):
        return False
    if ordered.issued:
        active = partial(current_core().activate, ordered.issued, at=now, key=f"activate:{ordered.issued}")
        if ask(active).state != CardState.ACTIVE:
            raise CoreSilent()
    enter(HANDED_OVER, None, ordered.case_id, card, ordered.last4)
    if Promise.objects.filter(UNFINISHED, pk=ordered.promise).exists():
        do_promise(by=SYSTEM, now=now, promise_id=ordered.promise, evidence=clean(seen[:400]))
    return True


def _issued(gone: Card, where: Clean, now: datetime) -> str:
    """The card the core made, "" where it makes none and a person sees to it."""
    profile = current_profile()
    limit = Money(profile.exceptional.card_limit_minor, profile.currency)
    wish = partial(current_core().emergency_card, gone.token, limit=limit, place=str(where))
    try:
        card = ask(partial(wish, at=now, key=f"emergency:{gone.token}"), {"still_works": StillWorks})
    except NotOffered:
        return ""
    if card.state != CardState.INACTIVE:
        raise CoreSilent()
    return card.token


def _promised(member: Member) -> Clean:
    return clean(PROMISED.get(member.language, PROMISED["en"]))


def _answer(one: EmergencyCard, *, changed: bool) -> dict[str, Any]:
    return {
        "last4": one.last4,
        "limit_minor": one.limit_minor,
        "promise_id": one.promise,
        "changed": changed,
    }
