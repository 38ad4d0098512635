"""When quiet hours end, also over midnight and on the nights the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cardline.issuer.core import AlertEvent
from cardline.notify.rules import (
    CALM,
    FRESH,
    Quiet,
    calm_until,
    out_waits_until,
    quiet_until,
    waits_until,
)

CHICAGO = ZoneInfo("America/Chicago")
NIGHT = Quiet(time(22), time(7), CHICAGO)


def chicago(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (chicago(11, 23, 21, 59), None),
        (chicago(11, 23, 22), chicago(11, 24, 7)),
        (chicago(11, 23, 23, 30), chicago(11, 24, 7)),
        (chicago(11, 24, 0), chicago(11, 24, 7)),
        (chicago(11, 24, 6, 59), chicago(11, 24, 7)),
        (chicago(11, 24, 7), None),
        (chicago(11, 24, 12), None),
    ],
)
def test_a_night_goes_over_midnight(at: datetime, ends: datetime | None) -> None:
    assert quiet_until(at, NIGHT) == ends


def test_hours_within_a_day() -> None:
    lunch = Quiet(time(12), time(13, 30), CHICAGO)
    assert quiet_until(chicago(11, 23, 11, 59), lunch) is None
    assert quiet_until(chicago(11, 23, 12), lunch) == chicago(11, 23, 13, 30)
    assert quiet_until(chicago(11, 23, 13, 30), lunch) is None


def test_the_zone_is_the_members_own() -> None:
    at = chicago(11, 23, 21, 30)  # 10:30 pm in New York
    assert quiet_until(at, NIGHT) is None
    assert quiet_until(at, Quiet(time(22), time(7), ZoneInfo("America/New_York"))) == chicago(11, 24, 6)


def test_the_night_of_spring_is_an_hour_shorter_and_that_of_autumn_longer() -> None:
    for month, day, hours in ((3, 7, 8), (10, 31, 10), (11, 23, 9)):
        starts = chicago(month, day, 22)
        ends = quiet_until(starts, NIGHT)
        assert ends is not None and ends - starts == timedelta(hours=hours)
        assert ends.astimezone(CHICAGO).time() == time(7)


def test_an_end_that_spring_skips_is_the_jump() -> None:
    until_half_past_two = Quiet(time(22), time(2, 30), CHICAGO)
    jump = chicago(3, 8, 3)  # 2 am to 3 am is not there
    assert quiet_until(chicago(3, 8, 1, 59), until_half_past_two) == jump
    assert quiet_until(jump, until_half_past_two) is None


def test_a_beginning_that_spring_skips_is_the_jump() -> None:
    from_half_past_two = Quiet(time(2, 30), time(7), CHICAGO)
    assert quiet_until(chicago(3, 8, 1, 59), from_half_past_two) is None
    assert quiet_until(chicago(3, 8, 3), from_half_past_two) == chicago(3, 8, 7)


def test_an_end_that_autumn_shows_twice_is_the_first() -> None:
    until_half_past_one = Quiet(time(22), time(1, 30), CHICAGO)
    assert quiet_until(chicago(11, 1, 1, 15), until_half_past_one) == chicago(11, 1, 1, 30)
    for at in (chicago(11, 1, 1, 45), chicago(11, 1, 1, 15, fold=1)):
        assert quiet_until(at, until_half_past_one) is None


@pytest.mark.parametrize(
    ("event", "passes", "minutes_ago", "waits"),
    [
        (AlertEvent.DECLINED, True, 0, False),
        (AlertEvent.PAYMENT_FAILED, True, 30, False),
        (AlertEvent.DECLINED, True, 31, True),  # of an hour ago: it can wait till morning
        (AlertEvent.DECLINED, False, 0, True),
        (AlertEvent.PURCHASE, True, 0, True),
    ],
)
def test_only_what_is_urgent_and_fresh_passes_and_only_if_they_say_so(
    event: AlertEvent, passes: bool, minutes_ago: int, waits: bool
) -> None:
    now = chicago(11, 23, 23)
    quiet = Quiet(time(22), time(7), CHICAGO, urgent_passes=passes)
    assert timedelta(minutes=30) == FRESH
    until = waits_until(event, now - timedelta(minutes=minutes_ago), now, quiet)
    assert until == (chicago(11, 24, 7) if waits else None)


def test_without_quiet_hours_nothing_waits() -> None:
    assert waits_until(AlertEvent.REFUND, chicago(11, 23, 3), chicago(11, 23, 3), None) is None


def test_a_second_mail_waits_a_while_after_the_first() -> None:
    first = chicago(11, 23, 12)
    assert calm_until(None, first) is None
    assert calm_until(first, first + CALM / 2) == first + CALM
    assert calm_until(first, first + CALM) is None


# ------------------------------------------------------------------------------------- what others have us send


@pytest.mark.parametrize(
    ("channel", "now", "quiet", "until"),
    [
        # No text from nine to eight where the member is (DOMAIN 12), over midnight and on the nights clocks change.
        ("text", chicago(11, 23, 20, 59), None, None),
        ("text", chicago(11, 23, 21), None, chicago(11, 24, 8)),
        ("text", chicago(11, 24, 0), None, chicago(11, 24, 8)),
        ("text", chicago(11, 24, 8), None, None),
        ("text", chicago(3, 8, 1, 59), None, chicago(3, 8, 8)),
        ("text", chicago(11, 1, 1, 30, fold=1), None, chicago(11, 1, 8)),
        ("email", chicago(11, 23, 23), None, None),
        ("letter", chicago(11, 23, 23), NIGHT, None),
        ("email", chicago(11, 23, 23), NIGHT, chicago(11, 24, 7)),
        # The later of both ends, also where one kind of hours begins inside the other.
        ("text", chicago(11, 23, 23), NIGHT, chicago(11, 24, 8)),
        ("text", chicago(11, 23, 20), Quiet(time(19), time(22), CHICAGO), chicago(11, 24, 8)),
        ("text", chicago(11, 23, 7), Quiet(time(7, 30), time(9), CHICAGO), chicago(11, 23, 9)),
    ],
)
def test_what_we_send_waits_for_the_end_of_all_hours(
    channel: str, now: datetime, quiet: Quiet | None, until: datetime | None
) -> None:
    assert out_waits_until(channel, now, CHICAGO, quiet, at_once=False) == until
    assert out_waits_until(channel, now, CHICAGO, quiet, at_once=True) is None


def test_hours_that_leave_no_gap_hold_nothing_back_for_more_than_a_day() -> None:
    all_day = Quiet(time(7), time(22), CHICAGO)
    now = chicago(11, 23, 12)
    until = out_waits_until("text", now, CHICAGO, all_day, at_once=False)
    assert until is not None and now < until <= now + timedelta(days=1)
