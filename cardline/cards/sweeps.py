"""What time alone makes happen to cards: freezes with an end are over, a person is called where none is confirmed, and
cards in the post are asked after once a day.

All looks rest on partial indexes. Each row is its own command, whose conditional update lets two workers meet.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from cardline.cards.commands import call_a_person, end_freeze
from cardline.cards.delivery.commands import look_for_card
from cardline.cards.models import Freeze, FreezeWish, Shipment
from cardline.cards.reports import sweeps as reports
from cardline.issuer.asking import CoreSilent
from cardline.kit.actors import SYSTEM

log = logging.getLogger("cardline.freezes")

AT_ONCE = 500
CALL_AFTER = timedelta(minutes=5)  # so that whatever is unknown is seen by people long before an hour (SR-82)


def sweep(now: datetime) -> int:
    """Returns how many freezes ended, people were called, cards there was news of, and reports that moved on."""
    return _end_freezes(now) + _call_people(now) + _look_for_cards(now) + reports.sweep(now)


def _end_freezes(now: datetime) -> int:
    over = Freeze.objects.filter(unfrozen_at=None, until__lte=now).order_by("until", "id")
    ended = 0
    for freeze_id in over.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            ended += end_freeze(by=SYSTEM, now=now, freeze_id=freeze_id)
        except CoreSilent:
            break  # it would not answer for the others either; they are looked at in a minute
        except Exception:
            log.exception("freeze.stumbled", extra={"freeze": freeze_id})
    return ended


def _call_people(now: datetime) -> int:
    waiting = FreezeWish.objects.filter(settled_at=None, called_at=None, asked_at__lte=now - CALL_AFTER)
    return sum(
        call_a_person(by=SYSTEM, now=now, wish_id=wish_id)
        for wish_id in waiting.order_by("asked_at", "id").values_list("pk", flat=True)[:AT_ONCE]
    )


def _look_for_cards(now: datetime) -> int:
    due = Shipment.objects.filter(look_at__lte=now).order_by("look_at", "id")
    news = 0
    for shipment_id in due.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            news += look_for_card(by=SYSTEM, now=now, shipment_id=shipment_id)
        except CoreSilent:
            break
        except Exception:
            log.exception("shipment.stumbled", extra={"shipment": shipment_id})
    return news
