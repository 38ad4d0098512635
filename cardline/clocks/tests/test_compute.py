"""Legal dates: each rule by an example worked out on a wall calendar, the facts that change it, what always holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardline.clocks.calendars import Calendar, CalendarEnds, load_calendar
from cardline.clocks.compute import ClockRefused, Due, compute
from cardline.clocks.rules import UnknownRule, rule_ids, rule_named

FEDERAL = load_calendar("us-federal")
NEW_YORK = ZoneInfo("America/New_York")
MONTHLY = ["2026-05-20", "2026-06-20", "2026-07-20", "2026-08-20", "2026-09-20"]

# Rule, calendar, start, parameters, due, act by. Chosen to end on weekends and holidays, and to cross them.
WORKED: list[tuple[str, str, str, dict[str, Any], str, str | None]] = [
    # The cycle of the start ends on 20 June; the second complete one after it on 20 August, before day 90.
    ("z.resolve", "us-federal", "2026-05-26", {"closings": MONTHLY}, "2026-08-20", "2026-08-20"),
    ("z.pay_disputed_by", "us-federal", "2026-11-16", {"payment_period_days": 25}, "2026-12-11", None),
    ("z.notice_window", "us-federal", "2026-05-05", {}, "2026-07-04", None),
    ("z.acknowledge", "us-federal", "2026-06-04", {}, "2026-07-04", "2026-07-02"),
    ("z.autopay_stop", "us-federal", "2026-07-07", {}, "2026-07-01", None),
    ("z.statement_lead", "us-federal", "2026-11-05", {}, "2026-11-26", None),
    ("z.merchant_credit", "us-federal", "2026-11-24", {}, "2026-11-30", "2026-11-30"),
    ("z.credit_balance", "us-federal", "2026-12-18", {}, "2026-12-30", "2026-12-30"),
    ("z.estate_balance", "us-federal", "2026-11-26", {}, "2026-12-26", "2026-12-24"),
    ("z.estate_payoff", "us-federal", "2026-12-02", {}, "2027-01-01", None),
    ("e.notice_window", "us-federal", "2027-01-30", {}, "2027-03-31", None),
    ("e.written_confirmation", "us-federal", "2026-12-21", {}, "2027-01-06", None),
    ("e.investigate", "us-federal", "2026-12-21", {}, "2027-01-06", "2027-01-06"),
    ("e.provisional_credit", "us-federal", "2027-06-11", {}, "2027-06-28", "2027-06-28"),
    ("e.tell_provisional_credit", "us-federal", "2027-12-30", {}, "2028-01-04", "2028-01-04"),
    ("e.resolve_extended", "us-federal", "2026-09-01", {}, "2026-10-16", "2026-10-16"),
    ("e.correct", "us-federal", "2026-07-02", {}, "2026-07-06", "2026-07-06"),
    ("e.report", "us-federal", "2026-10-08", {}, "2026-10-14", "2026-10-14"),
    ("e.honor_after_debit", "us-federal", "2026-11-06", {}, "2026-11-16", None),
    ("e.loss_report_50", "us-federal", "2026-07-01", {}, "2026-07-06", None),
    ("e.stop_payment", "us-federal", "2026-11-30", {}, "2026-11-24", None),
    ("e.stop_written", "us-federal", "2026-12-11", {}, "2026-12-25", None),
    ("b.application", "us-federal", "2026-06-05", {}, "2026-07-05", "2026-07-02"),
    ("b.incomplete", "us-federal", "2026-06-03", {}, "2026-07-03", "2026-07-02"),
    ("b.counteroffer", "us-federal", "2026-04-05", {}, "2026-07-04", "2026-07-02"),
    ("b.reasons", "us-federal", "2026-01-29", {}, "2026-02-28", "2026-02-27"),
    ("b.adverse_existing", "us-federal", "2026-12-02", {}, "2027-01-01", "2026-12-31"),
    ("f.direct_dispute", "us-federal", "2026-10-27", {}, "2026-11-26", "2026-11-25"),
    ("f.idtheft_records", "us-federal", "2028-01-30", {}, "2028-02-29", "2028-02-29"),
    ("us.card_after_address_change", "us-federal", "2026-01-31", {}, "2026-03-02", None),
    ("us.cfpb_first", "us-federal", "2026-11-11", {}, "2026-11-26", "2026-11-25"),
    ("us.cfpb_final", "us-federal", "2026-09-27", {}, "2026-11-26", "2026-11-25"),
    ("tcpa.revoke", "us-federal", "2026-11-20", {}, "2026-12-07", "2026-12-07"),
    ("scra.request", "us-federal", "2026-06-01", {}, "2026-11-28", None),
    ("uk.refund_unauthorised", "gb-eng", "2026-12-24", {}, "2026-12-29", "2026-12-29"),
    ("uk.unauth_notice_max", "gb-eng", "2026-01-31", {}, "2027-02-28", None),
    ("uk.complaint_src", "gb-eng", "2026-05-01", {}, "2026-05-07", "2026-05-07"),
    ("uk.complaint_psd", "gb-eng", "2026-12-11", {}, "2027-01-06", "2027-01-06"),
    ("uk.complaint_final", "gb-eng", "2026-04-06", {}, "2026-06-01", "2026-06-01"),
    ("uk.fos_referral", "gb-eng", "2026-08-31", {}, "2027-02-28", None),
    ("ca.escalate_internal", "ca", "2026-06-17", {}, "2026-07-01", "2026-06-30"),
    ("ca.complaint", "ca", "2026-11-05", {}, "2026-12-31", "2026-12-31"),
    ("au.ack", "au", "2026-04-02", {}, "2026-04-07", "2026-04-07"),
    ("au.idr", "au", "2026-03-06", {}, "2026-04-05", "2026-04-02"),
    ("au.hardship", "au", "2026-03-14", {}, "2026-04-04", "2026-04-02"),
    ("in.internal_ombudsman", "us-federal", "2026-06-29", {}, "2026-07-19", "2026-07-17"),
    ("in.complaint", "us-federal", "2026-06-04", {}, "2026-07-04", "2026-07-02"),
    ("net.amex_merchant_reply", "us-federal", "2026-06-29", {}, "2026-07-19", None),
    ("net.file", "us-federal", "2026-03-08", {}, "2026-07-06", "2026-07-06"),
]

# The same with a fact that changes it.
TURNED: list[tuple[str, str, str, dict[str, Any], str, str | None]] = [
    ("z.pay_disputed_by", "us-federal", "2026-11-16", {"payment_period_days": 7}, "2026-11-26", None),
    ("e.investigate", "us-federal", "2026-12-01", {"new_account": True}, "2026-12-30", "2026-12-30"),
    ("e.provisional_credit", "us-federal", "2026-12-01", {"new_account": True}, "2026-12-30", "2026-12-30"),
    ("e.resolve_extended", "us-federal", "2026-04-05", {"foreign": True}, "2026-07-04", "2026-07-02"),
    ("e.resolve_extended", "us-federal", "2026-04-05", {"pos_debit": True}, "2026-07-04", "2026-07-02"),
    ("e.resolve_extended", "us-federal", "2026-04-05", {"new_account": True}, "2026-07-04", "2026-07-02"),
    ("e.resolve_extended", "us-federal", "2026-04-05", {"foreign": False}, "2026-05-20", "2026-05-20"),
    ("f.direct_dispute", "us-federal", "2026-10-27", {"added_facts": True}, "2026-12-11", "2026-12-11"),
    ("uk.complaint_psd", "gb-eng", "2026-03-02", {"exceptional": True}, "2026-04-22", "2026-04-22"),
]


def computed(rule: str, start: date | datetime, params: dict[str, Any] | None = None) -> Due:
    return compute(rule, start, FEDERAL, NEW_YORK, params)


@pytest.mark.parametrize(("rule", "calendar", "start", "params", "due", "act_by"), WORKED + TURNED)
def test_worked_examples(
    rule: str, calendar: str, start: str, params: dict[str, Any], due: str, act_by: str | None
) -> None:
    found = compute(rule, date.fromisoformat(start), load_calendar(calendar), NEW_YORK, params)
    assert (str(found.due), found.act_by and str(found.act_by)) == (due, act_by)


def test_every_rule_has_an_example() -> None:
    assert {row[0] for row in WORKED} == set(rule_ids())


# ------------------------------------------------------------------------------------------------ the start


@pytest.mark.parametrize(
    ("instant", "day0"),
    [
        ("2026-03-03T01:15:00+00:00", "2026-03-02"),  # 8:15 pm in New York, the next day in UTC
        ("2026-03-02T23:59:59-05:00", "2026-03-02"),
        ("2026-03-03T00:00:00-05:00", "2026-03-03"),
        ("2026-03-08T06:59:59+00:00", "2026-03-08"),  # a second before the clocks go forward
        ("2026-11-01T05:30:00+00:00", "2026-11-01"),  # the first half past one of that night
        ("2026-12-31T23:30:00-08:00", "2027-01-01"),  # still the old year where the member is
    ],
)
def test_day_0_is_the_issuers_date(instant: str, day0: str) -> None:
    assert str(computed("z.acknowledge", datetime.fromisoformat(instant)).start) == day0


def test_a_time_without_its_offset_is_refused() -> None:
    with pytest.raises(ClockRefused, match="offset"):
        computed("z.acknowledge", datetime(2026, 3, 2, 20, 15))  # noqa: DTZ001 - that is the point


def test_a_start_before_the_rule_is_refused() -> None:
    with pytest.raises(ClockRefused, match="in force since 2025-04-11"):
        computed("tcpa.revoke", date(2025, 4, 10))
    assert computed("tcpa.revoke", date(2025, 4, 11)).start == date(2025, 4, 11)


# ------------------------------------------------------------------------------------------------ cycles


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-05-20", "2026-07-20"),  # on the last day of its cycle: that one does not count
        (
            "2026-05-21",
            "2026-08-19",
        ),  # on the first day of the next: day 90 is a day before the closing of 20 August
    ],
)
def test_the_cycle_of_the_start_never_counts(start: str, due: str) -> None:
    assert str(computed("z.resolve", date.fromisoformat(start), {"closings": MONTHLY}).due) == due


def test_closings_that_shift_are_taken_as_they_are() -> None:
    shifted = ["2026-06-18", "2026-07-22", "2026-08-19"]
    assert str(computed("z.resolve", date(2026, 5, 26), {"closings": shifted}).due) == "2026-08-19"


@pytest.mark.parametrize(
    "closings",
    [
        ["2026-05-20"],  # before the start
        ["2026-06-20", "2026-07-20"],  # one short, and day 90 is later
        ["2026-07-20", "2026-08-20", "2026-09-20"],  # the start's own cycle is not there
    ],
)
def test_too_few_closings_are_refused_instead_of_guessed(closings: list[str]) -> None:
    with pytest.raises(ClockRefused, match="closings"):
        computed("z.resolve", date(2026, 5, 26), {"closings": closings})


@pytest.mark.parametrize("last", ["2026-08-24", "2026-09-20"])
def test_closings_up_to_day_90_are_enough(last: str) -> None:
    """Whatever comes after them is later than the bound."""
    due = computed("z.resolve", date(2026, 5, 26), {"closings": ["2026-06-20", last]}).due
    assert str(due) == "2026-08-24"


# ------------------------------------------------------------------------------------------------ bad parameters


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({}, "needs the parameter closings"),
        ({"closings": []}, "closings"),
        ({"closings": "2026-06-20"}, "closings"),
        ({"closings": ["2026-02-30"]}, "closings"),
        ({"closings": ["2026-06-20", "2026-06-20"]}, "in order"),
        ({"closings": ["2026-07-20", "2026-06-20"]}, "in order"),
        ({"closings": [20260620]}, "closings"),
        ({"closings": [None]}, "closings"),
        ({"closings": MONTHLY, "new_acount": True}, "unknown parameter 'new_acount'"),
        ({"closings": MONTHLY, "new_account": "no"}, "true or false"),
        ({"closings": MONTHLY, "new_account": 1}, "true or false"),
        ({"closings": MONTHLY, "payment_period_days": True}, "number of days"),
        ({"closings": MONTHLY, "payment_period_days": 0}, "number of days"),
        ({"closings": MONTHLY, "payment_period_days": 10.5}, "number of days"),
    ],
)
def test_a_wrong_parameter_is_named(params: dict[str, Any], word: str) -> None:
    with pytest.raises(ClockRefused, match=word):
        computed("z.resolve", date(2026, 5, 26), params)


def test_a_parameter_that_the_rule_needs_is_never_assumed() -> None:
    with pytest.raises(ClockRefused, match="payment_period_days"):
        computed("z.pay_disputed_by", date(2026, 5, 26))


def test_an_unknown_rule_names_its_neighbours() -> None:
    with pytest.raises(UnknownRule, match=r"z\.acknowledge"):
        computed("z.acknowlege", date(2026, 5, 26))


def test_past_the_calendar_nothing_is_guessed() -> None:
    with pytest.raises(CalendarEnds):
        computed("e.investigate", date(2035, 12, 28))


# ------------------------------------------------------------------------------------------------ what always holds

dates = st.dates(date(2025, 6, 1), date(2033, 12, 31))
calendars = st.sampled_from(["us-federal", "us-frb", "gb-eng", "ca", "au"]).map(load_calendar)
simple = st.sampled_from(
    [
        one
        for one in rule_ids()
        if rule_named(one).spans[0].unit in ("calendar", "business", "weeks", "months")
    ]
)
zones = st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata"]).map(
    ZoneInfo
)
PAYING = {"payment_period_days": 25}


@given(simple, dates, calendars)
def test_a_due_date_counts_exactly_the_days_it_says(rule: str, start: date, calendar: Calendar) -> None:
    """Counted one by one, from the other end."""
    due = compute(rule, start, calendar, NEW_YORK, PAYING)
    between = [start + timedelta(n) for n in range(1, (due.due - start).days + 1)]
    if due.span.unit == "business":
        assert sum(map(calendar.is_business_day, between)) == due.span.count
        assert calendar.is_business_day(due.due)
    elif due.span.unit == "months":
        months = (due.due.year - start.year) * 12 + due.due.month - start.month
        assert months == due.span.count and due.due.day <= start.day
        assert due.due.day == start.day or (due.due + timedelta(1)).day == 1
    else:
        days = due.span.count * (7 if due.span.unit == "weeks" else 1)
        assert len(between) == (days if due.floor is None else max(days, PAYING["payment_period_days"]))


@given(simple, dates, calendars)
def test_act_by_is_the_last_day_somebody_is_there(rule: str, start: date, calendar: Calendar) -> None:
    due = compute(rule, start, calendar, NEW_YORK, PAYING)
    assert (due.act_by is None) == (not rule_named(rule).has_act_by)
    if due.act_by is not None:
        assert calendar.is_business_day(due.act_by) and due.act_by <= due.due
        after = (due.due - due.act_by).days
        assert not any(calendar.is_business_day(due.act_by + timedelta(n)) for n in range(1, after + 1))


@given(simple, st.datetimes(datetime(2025, 6, 1), datetime(2033, 12, 31)), zones)  # noqa: DTZ001 - made aware below
def test_an_instant_counts_as_its_local_date(rule: str, at: datetime, zone: ZoneInfo) -> None:
    """Over every change of the clocks, in zones with whole, half and quarter hours."""
    instant = at.replace(tzinfo=UTC)
    assert compute(rule, instant, FEDERAL, zone, PAYING) == compute(
        rule, instant.astimezone(zone).date(), FEDERAL, zone, PAYING
    )


@given(simple, dates)
def test_a_later_start_is_never_due_earlier(rule: str, start: date) -> None:
    assert computed(rule, start, PAYING).due <= computed(rule, start + timedelta(1), PAYING).due


@given(dates, st.lists(st.integers(27, 35), min_size=6, max_size=6), st.integers(0, 34))
def test_cycles_end_on_a_closing_or_on_day_90(start: date, lengths: list[int], into: int) -> None:
    closings = [start + timedelta(into)]
    for length in lengths:
        closings.append(closings[-1] + timedelta(length))
    due = computed("z.resolve", start, {"closings": closings}).due
    assert due == min(closings[2], start + timedelta(90))


@given(dates, calendars)
def test_stopping_needs_three_business_days_before(day: date, calendar: Calendar) -> None:
    due = compute("e.stop_payment", day, calendar, NEW_YORK).due
    between = [due + timedelta(n) for n in range((day - due).days)]
    assert sum(map(calendar.is_business_day, between)) == 3 and calendar.is_business_day(due)


@pytest.mark.parametrize(("first", "is_taken"), [("2026-06-04", True), ("2026-06-05", False)])
def test_the_first_closing_told_may_be_that_of_the_longest_cycle(first: str, is_taken: bool) -> None:
    """Thirty-five days from the start: the cycle that holds it, at its longest (comment 2(a)(4)-1)."""
    closings = {"closings": [first, "2026-07-04", "2026-08-04", "2026-09-04"]}
    start = date(2026, 4, 30)
    if is_taken:
        assert compute("z.resolve", start, FEDERAL, NEW_YORK, closings).closing is not None
    else:
        with pytest.raises(ClockRefused, match="begin on"):
            compute("z.resolve", start, FEDERAL, NEW_YORK, closings)
