"""What the end of a day of the issuer's calendar brings, and the beginning of the next.

Days are worked off one after the other, each once. After a standstill they are made up in order, and each step books
as of its own day, so the books look as if there had been no standstill. Freezes need no step: they end by being read.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from cardline.clocks.days import DAY
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.applications import end_waiting
from cardline.issuer.embedded.autopay import send_planned
from cardline.issuer.embedded.closing import close_cycles
from cardline.issuer.embedded.giving_back import give_back
from cardline.issuer.embedded.overdue import remind, settle_due
from cardline.issuer.embedded.payments import hear_from_banks, post_sent, send_scheduled
from cardline.issuer.embedded.rewards import expire
from cardline.issuer.embedded.shared import day_of, end_of
from cardline.issuer.embedded.waiting import what_waits
from cardline.issuer.profile import current_profile
from cardline.kit.commands import executing


def end_of_days(now: datetime, most: int | None = None) -> int:
    """Work off the days that have ended, oldest first, at most so many of them. Returns how many; inside a command."""
    executing()
    worked = 0
    day = _first_to_work()
    while day is not None and day < day_of(now) and worked != most:
        worked += _work_off(day, now)
        day += DAY
    return worked


def _first_to_work() -> date | None:
    """The day after the last one worked off, or the day of the very first movement; None before there is one."""
    last = rows.WorkedDay.objects.order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        return last + DAY
    began = rows.Transaction.objects.aggregate(at=Min("at"))["at"]
    if began is None:
        return None
    # A history may be older than what calendars know of holidays; it is billed with the first cycle they cover.
    known_since = date(current_profile().calendar.first_year, 2, 1)
    return max(day_of(began), known_since)


def _work_off(day: date, now: datetime) -> bool:
    """All of it or nothing. Two that try at once meet in the row of the day, and one of them finds it done."""
    with transaction.atomic():
        _, is_mine = rows.WorkedDay.objects.get_or_create(day=day, defaults={"at": now})
        if is_mine:
            _end(day)
            _begin(day + DAY)
    return is_mine


def _end(day: date) -> None:
    """In this order: what was paid counts before anything is decided, and cycles close over all of it."""
    waits = what_waits(day)
    if waits.sent:
        post_sent(day)
    given_back = hear_from_banks(day) if waits.refusing_banks else 0
    if waits.decisions or given_back:
        settle_due(day)
    if waits.won_disputes:
        give_back(day)
    close_cycles(day)
    if waits.old_points:
        expire(day, end_of(day))
    if waits.applications:
        end_waiting(day, at=end_of(day))


def _begin(day: date) -> None:
    waits = what_waits(day)
    if waits.scheduled:
        send_scheduled(day)
        send_planned(day)
    if waits.reminders:
        remind(day)
