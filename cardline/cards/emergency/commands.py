"""An emergency card for somebody who stands abroad with none: ordered by an agent, handed over by a person.

No core of ours prints and drives one, so what follows is a promise of ours, which somebody keeps.
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
from cardline.issuer.asking import ask
from cardline.issuer.core import CardState, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import CARD_CHANGES, count
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, Refusal
from cardline.members.models import Member
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise

ORDERED = "card.emergency"
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


def _promised(member: Member) -> Clean:
    return clean(PROMISED.get(member.language, PROMISED["en"]))


def _answer(one: EmergencyCard, *, changed: bool) -> dict[str, Any]:
    return {
        "last4": one.last4,
        "limit_minor": one.limit_minor,
        "promise_id": one.promise,
        "changed": changed,
    }
