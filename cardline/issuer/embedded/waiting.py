"""Whether a day of the issuer's has anything to do: one look, because most days have not.

Each step finds its own work; asking all of them costs some twenty questions a day, and a standstill has many days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from cardline.clocks.days import DAY
from cardline.issuer.embedded.applications import AFTER_WAITING
from cardline.issuer.embedded.autopay import LONGEST_NOTICE
from cardline.issuer.embedded.overdue import REMIND_DAYS
from cardline.issuer.embedded.shared import start_of
from cardline.kit import sql

# Asked on every day there is, over everybody's rows: each line finds its rows by an index (models.py), and an index
# with a condition serves only who says that very condition. So states are written out, not passed as values.
_LOOK = (
    "SELECT"
    " EXISTS (SELECT 1 FROM embedded_core_payment WHERE state = 'sent' AND value_on <= %s),"
    " EXISTS (SELECT 1 FROM embedded_core_bankaccount WHERE answers > ''),"
    " EXISTS (SELECT 1 FROM embedded_core_statement WHERE due_on = %s)"
    " OR EXISTS (SELECT 1 FROM embedded_core_payment WHERE state = 'failed' AND mend_by = %s),"
    " EXISTS (SELECT 1 FROM embedded_core_dispute WHERE state = 'won' AND closed_at >= %s AND closed_at < %s),"
    ' EXISTS (SELECT 1 FROM embedded_core_rewardsentry WHERE "left" > 0 AND expires_on <= %s),'
    " EXISTS (SELECT 1 FROM embedded_core_application"
    " WHERE state IN (_WAITING_STATES) AND next_on <= %s),"
    " EXISTS (SELECT 1 FROM embedded_core_payment WHERE state = 'scheduled' AND \"on\" <= %s),"
    " EXISTS (SELECT 1 FROM embedded_core_statement WHERE due_on = %s)"
).replace("_WAITING_STATES", ", ".join(f"'{state}'" for state in AFTER_WAITING))


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
    found = sql.row(*look_of(day))
    assert found is not None  # a SELECT without FROM has one row
    return Waiting(*map(bool, found))


def look_of(day: date) -> tuple[str, list[Any]]:
    """The statement and its values; a column for each field of Waiting."""
    ended, begun = sql.moment(start_of(day + DAY)), sql.moment(start_of(day))
    ahead, reminded = day + LONGEST_NOTICE, day + timedelta(REMIND_DAYS)
    return _LOOK, [day, day, day, begun, ended, day, day, ahead, reminded]
