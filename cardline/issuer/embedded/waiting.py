"""Whether a day of the issuer's has anything to do: one look, because most days have not.

Each step finds its own work; asking all of them costs some twenty questions a day, and a standstill has many days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cardline.clocks.days import DAY
from cardline.issuer.embedded.shared import start_of
from cardline.kit import sql

# How far ahead a step may look: the longest notice of autopay, and the reminder of what is due.
_AHEAD = timedelta(14)
_REMINDED = timedelta(3)

_LOOK = (
    "SELECT"
    " EXISTS (SELECT 1 FROM embedded_core_payment WHERE state = 'sent' AND value_on <= %s),"
    " EXISTS (SELECT 1 FROM embedded_core_bankaccount WHERE answers <> ''),"
    " EXISTS (SELECT 1 FROM embedded_core_statement WHERE due_on = %s)"
    " OR EXISTS (SELECT 1 FROM embedded_core_payment WHERE state = 'failed' AND mend_by = %s),"
    " EXISTS (SELECT 1 FROM embedded_core_dispute WHERE state = 'won' AND closed_at >= %s AND closed_at < %s),"
    ' EXISTS (SELECT 1 FROM embedded_core_rewardsentry WHERE "left" > 0 AND expires_on <= %s),'
    " EXISTS (SELECT 1 FROM embedded_core_application"
    " WHERE state IN ('incomplete', 'counteroffer') AND next_on <= %s),"
    " EXISTS (SELECT 1 FROM embedded_core_payment WHERE state = 'scheduled' AND \"on\" <= %s),"
    " EXISTS (SELECT 1 FROM embedded_core_statement WHERE due_on = %s)"
)


class Waiting(NamedTuple):
    """What is there for the steps of a day; a step whose field is False would find nothing."""

    sent: bool
    refusing_banks: bool
    decisions: bool
    won_disputes: bool
    old_points: bool
    applications: bool
    scheduled: bool
    reminders: bool


def what_waits(day: date) -> Waiting:
    """day: the issuer's, ending for the first six fields and beginning for the last two."""
    found = sql.row(
        _LOOK,
        [day, day, day, sql.moment(start_of(day)), sql.moment(start_of(day + DAY)), day, day, day + _AHEAD,
         day + _REMINDED],
    )  # fmt: skip
    assert found is not None  # a SELECT without FROM has one row
    return Waiting(*map(bool, found))
