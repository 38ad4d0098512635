"""When a legal clock warns, and when it is breached."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cardline.clocks.calendars import load_calendar
from cardline.clocks.compute import compute
from cardline.clocks.explain import steps_of
from cardline.clocks.local import end_of_day
from cardline.clocks.rules import rule_ids, rule_named
from cardline.clocks.signals import signals_of

FEDERAL = load_calendar("us-federal")
NEW_YORK = ZoneInfo("America/New_York")


def told(rule: str, started: datetime) -> list[tuple[str, str, str]]:
    due = compute(rule, started, FEDERAL, NEW_YORK)
    found = signals_of(due, started, FEDERAL, NEW_YORK)
    return [(f"{one.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}", one.name, one.why) for one in found]


def test_a_clock_warns_at_half_at_four_fifths_and_two_business_days_ahead() -> None:
    """Thirty days from midnight: day 15 at its end, and day 24 with four fifths of its day gone."""
    assert told("z.acknowledge", datetime(2026, 5, 4, 4, tzinfo=UTC)) == [
        ("2026-05-19 11:59:59", "due_soon", "50%"),
        ("2026-05-28 19:11:59", "due_soon", "80%"),
        ("2026-06-01 00:00:00", "due_soon", "act_by-2"),
        ("2026-06-04 00:00:00", "breached", "due"),
    ]


def test_the_night_the_clocks_change_does_not_move_the_end() -> None:
    assert told("z.acknowledge", datetime(2026, 10, 10, 4, tzinfo=UTC))[-1][0] == "2026-11-10 00:00:00"
    assert told("z.acknowledge", datetime(2026, 2, 6, 5, tzinfo=UTC))[-1][0] == "2026-03-09 00:00:00"


def test_a_short_window_does_not_warn_before_it_began() -> None:
    assert [why for _at, _name, why in told("e.correct", datetime(2026, 7, 2, 15, tzinfo=UTC))] == [
        "50%",
        "80%",
        "due",
    ]


def test_a_warning_at_the_very_start_is_none() -> None:
    """Credited on a Monday at midnight, to be told by Wednesday: two business days before that is now."""
    monday = datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert "act_by-2" not in {why for *_rest, why in told("e.tell_provisional_credit", monday)}


def test_a_members_window_has_no_act_by_to_warn_of() -> None:
    assert "act_by-2" not in {
        why for *_rest, why in told("z.notice_window", datetime(2026, 5, 4, 4, tzinfo=UTC))
    }


forwards = st.sampled_from(
    [
        one
        for one in rule_ids()
        if rule_named(one).spans[0].unit in ("calendar", "business", "weeks", "months")
    ]
)


@given(forwards, st.datetimes(datetime(2026, 1, 1), datetime(2033, 12, 31)))  # noqa: DTZ001 - made aware below
def test_signals_are_in_order_and_the_breach_is_the_instant_after(rule: str, at: datetime) -> None:
    started = at.replace(tzinfo=UTC)
    due = compute(rule, started, FEDERAL, NEW_YORK, {"payment_period_days": 25})
    signals = signals_of(due, started, FEDERAL, NEW_YORK)
    moments = [signal.at for signal in signals]
    assert moments == sorted(moments) and moments[0] > started
    assert [signal.name for signal in signals].count("breached") == 1
    assert moments[-1] == end_of_day(due.due, NEW_YORK) + timedelta(seconds=1)


def test_the_steps_name_what_was_left_out_and_why() -> None:
    due = compute("e.investigate", date(2026, 6, 12), FEDERAL, NEW_YORK)
    steps = "\n".join(steps_of(due, FEDERAL, NEW_YORK))
    assert "Fri 2026-06-19 (Juneteenth National Independence Day), 6 other days" in steps
    assert (
        "12 CFR 1005.11(c)(1)" in steps and "Due Mon 2026-06-29" in steps and "Act by Mon 2026-06-29" in steps
    )


def test_the_steps_say_which_fact_and_which_bound_decided() -> None:
    longer = compute("e.resolve_extended", date(2026, 4, 5), FEDERAL, NEW_YORK, {"foreign": True})
    steps = "\n".join(steps_of(longer, FEDERAL, NEW_YORK))
    assert "90 calendar days from it, because foreign is so" in steps
    assert "Due Sat 2026-07-04" in steps and "a legal date stays where it falls" in steps
    closings = ["2026-07-05", "2026-08-05", "2026-09-05", "2026-10-05"]
    bound = compute("z.resolve", date(2026, 7, 6), FEDERAL, NEW_YORK, {"closings": closings})
    assert "The bound comes first." in "\n".join(steps_of(bound, FEDERAL, NEW_YORK))


def test_what_nobody_compared_with_its_text_says_so() -> None:
    due = compute("us.cfpb_first", date(2026, 6, 5), FEDERAL, NEW_YORK)
    assert "second hand" in steps_of(due, FEDERAL, NEW_YORK)[-1]
