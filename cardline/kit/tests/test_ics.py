"""The calendar file of a promise, read back by the library that calendars' makers use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardline.kit.ics import promise_event

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
DUE = datetime(2026, 12, 11, 22, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def made(**changes: Any) -> bytes:
    return promise_event(
        **{
            "uid": "7K429QM-1@fernhill.example",
            "summary": "We will tell you our decision",
            "description": "Case 7K4-29QM.\nNothing for you to do; we write.",
            "due_at": DUE,
            "zone": NEW_YORK,
            "url": "https://fernhill.example/contacts/7K4-29QM?from=ics,calendar",
            "now": NOW,
            **changes,
        }
    )


def read(file: bytes) -> Any:
    calendar = icalendar.Calendar.from_ical(file)
    (event,) = calendar.events
    assert not event.errors
    return event


def test_a_calendar_reads_what_was_promised() -> None:
    event = read(made())
    assert event["uid"] == "7K429QM-1@fernhill.example"
    assert event["summary"] == "We will tell you our decision"
    assert event["description"] == "Case 7K4-29QM.\nNothing for you to do; we write."
    assert event["url"] == "https://fernhill.example/contacts/7K4-29QM?from=ics,calendar"
    assert event["dtstamp"].dt == NOW
    assert event["transp"] == "TRANSPARENT"


def test_it_is_due_at_that_moment_in_the_issuers_zone() -> None:
    start = read(made())["dtstart"]
    assert start.dt == DUE
    assert (start.dt.hour, start.params["TZID"]) == (17, "America/New_York")


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Madrid", "America/Phoenix", "Asia/Kolkata", "UTC"]
)
@pytest.mark.parametrize("month", [1, 4, 7, 11])
def test_the_zone_comes_along_and_says_the_same_moment(zone: str, month: int) -> None:
    due = datetime(2027, month, 1, 22, tzinfo=UTC)
    file = made(due_at=due, zone=ZoneInfo(zone))
    start = read(file)["dtstart"].dt
    assert start == due
    zones = icalendar.Calendar.from_ical(file).timezones
    assert [str(found["tzid"]) for found in zones] == ([] if zone == "UTC" else [zone])
    for found in zones:
        assert start.replace(tzinfo=None) - due.replace(tzinfo=None) == found.to_tz(
            lookup_tzid=False
        ).utcoffset(start.replace(tzinfo=None))
    assert len(file) < 2_500


def test_the_alarm_rings_a_day_before_or_when_asked() -> None:
    for alarm in (timedelta(hours=24), timedelta(minutes=90)):
        (reminder,) = read(made(alarm=alarm)).walk("VALARM")
        assert (reminder["action"], reminder["trigger"].dt) == ("DISPLAY", -alarm)
    (reminder,) = read(made()).walk("VALARM")
    assert reminder["trigger"].dt == timedelta(days=-1)


@settings(deadline=None)
@given(st.text(st.sampled_from("\r\n\x00\x0b\x85\u2028;,:\\\"' BEGIN") | st.characters(), max_size=120))
def test_no_text_adds_a_line_of_its_own(text: str) -> None:  # SR-48
    plain = made()
    file = made(uid="u" + text, summary=text, description=text)
    event = read(file)
    assert {str(key) for key in event} == {str(key) for key in read(plain)}
    assert len(event.subcomponents) == 1
    assert b"\x00" not in file
    assert b"\r" not in file.replace(b"\r\n", b"") and b"\n" not in file.replace(b"\r\n", b"")


def test_a_line_break_in_the_text_stays_text() -> None:  # SR-48
    event = read(made(summary="Call\r\nBEGIN:VALARM", description="one\r\ntwo\rthree\nX-EVIL:1"))
    assert event["summary"] == "Call BEGIN:VALARM"
    assert event["description"] == "one\ntwo\nthree\nX-EVIL:1"
    assert "X-EVIL" not in event


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "/contacts/1", "", "https://a.example/\r\nX-EVIL:1", "https://a.example/ b"],
)
def test_only_a_web_address_is_linked(url: str) -> None:  # SR-48
    with pytest.raises(ValueError, match="one http or https address"):
        made(url=url)
