"""The way of a new card to its member, as the core tells it, and what of the old one is confirmed by then."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from cardline.cards.models import Report
from cardline.cards.reports.items import look_again
from cardline.cards.reports.rules import ON_ITS_WAY
from cardline.cards.reports.writing import move
from cardline.issuer.asking import CoreSilent, NotOffered, ask
from cardline.issuer.core import ShippingStep, current_core
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.refusals import NotThere

LOOK_EVERY = timedelta(hours=1)
COMES_TO = {ShippingStep.SENT: Report.State.SHIPPED, ShippingStep.DELIVERED: Report.State.DELIVERED}


@command("report.follow", by=[Kind.SYSTEM], about="report:{report_id}")
def follow(*, by: Standing, now: datetime, report_id: int) -> bool:
    """Ask once how far the new card has come. False: no further, or the core did not say; it is asked in an hour."""
    waiting = Report.objects.filter(pk=report_id, state__in=ON_ITS_WAY)
    if not waiting.update(look_at=now + LOOK_EVERY):
        return False
    report = waiting.select_related("member").get()
    look_again(report, now)
    try:
        events = ask(partial(current_core().shipping, report.member.core_customer, report.new))
    except (CoreSilent, NotOffered, NotThere):
        return False
    moved = False
    for event in events:
        to = COMES_TO.get(event.step)
        if to is not None:
            day = event.expected.isoformat() if event.expected else ""
            moved |= move(report, to, now, carrier=event.carrier, tracking=event.tracking, expected=day)
    return moved
