"""A card goes out: the carrier's day is hoped for, and what we do if it fails is promised.

The promise is kept by itself as soon as the card is there: the core says it was delivered, its holder activates it, or
another one goes out in its place.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from cardline.cards.delivery.models import Shipment
from cardline.cards.delivery.rules import CAME, LOOK_AFTER, expected_day, look_by
from cardline.cards.writing import close_what_is_done
from cardline.cases.commands import set_attention
from cardline.issuer.asking import ask
from cardline.issuer.core import Part, ShippingEvent, ShippingStep, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.members.models import Member
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

EACH_DAY = timedelta(days=1)
Settled = Shipment.Settled


def follow_card(member_id: int, card: str, last4: str, case_id: int, now: datetime) -> None:
    """Inside a command: a card was sent. Once for each card."""
    if Shipment.objects.filter(card=card).exists():
        return
    profile, member = current_profile(), Member.objects.get(pk=member_id)
    expected = expected_day(_way_of(member, card), now, profile)
    due_at = look_by(expected, now, profile)
    made = make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=clean(LOOK_AFTER.get(member.language, LOOK_AFTER["en"])),
        due_at=due_at,
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule="card.delivery",
    )
    Shipment.objects.create(
        card=card, last4=last4, member=member, case_id=case_id, promise=made["promise_id"], expected=expected,
        due_at=due_at, sent_at=now, look_at=now + EACH_DAY,
    )  # fmt: skip


def settle(card: str, how: Settled, now: datetime) -> None:
    """Inside a command: it is there, or never will be. Settled before, nothing happens."""
    waiting = Shipment.objects.filter(card=card, settled="")
    row = waiting.select_related("member").first()
    if row is None or not waiting.update(settled=how, settled_at=now, look_at=None):
        return
    if Promise.objects.filter(UNFINISHED, pk=row.promise).exists():
        evidence = clean(CAME[how].get(row.member.language, CAME[how]["en"]))
        do_promise(by=SYSTEM, now=now, promise_id=row.promise, evidence=evidence)
    close_what_is_done(row.case_id, now)


@command("card.look_for", by=[Kind.SYSTEM], about="shipment:{shipment_id}")
def look_for_card(*, by: Standing, now: datetime, shipment_id: int) -> bool:
    """Ask the core where a card is: delivered, the promise is kept; returned by the post, a person looks at once.

    False: settled meanwhile, or no news. Raises CoreSilent.
    """
    due = Shipment.objects.filter(pk=shipment_id, look_at__lte=now)
    row = due.select_related("member").first()
    if row is None:
        return False
    steps = [event.step for event in _way_of(row.member, row.card)]
    due.update(look_at=now + EACH_DAY)
    if ShippingStep.DELIVERED in steps:
        settle(row.card, Settled.DELIVERED, now)
        return True
    if ShippingStep.RETURNED in steps:
        set_attention(row.case_id, now, now)
        return True
    return False


def _way_of(member: Member, card: str) -> list[ShippingEvent]:
    """Nothing from a core that does not tell, and of a card the core does not show them (a company's)."""
    core = current_core()
    if Part.SHIPPING not in core.offers:
        return []
    try:
        return ask(partial(core.shipping, member.core_customer, card))
    except NotThere:
        return []
