"""A promise as a calendar file with an alarm (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cardline.kit.redact import tidy
from cardline.kit.safe_text import one_line

A_DAY = timedelta(hours=24)
_AROUND_THE_DAY = timedelta(days=400)


def promise_event(
    *,
    uid: str,
    summary: str,
    description: str,
    due_at: datetime,
    zone: ZoneInfo,
    url: str,
    now: datetime,
    alarm: timedelta = A_DAY,
) -> bytes:
    """An entry at the moment the promise is due, in the issuer's zone, with an alarm `alarm` before.

    uid: the same for the same promise always, so that taking the file anew replaces the entry.
    summary is one line, description may have several. Raises ValueError for a url that is not http or https.
    """
    import icalendar  # takes a tenth of a second to load, and few processes make calendar files

    if urlsplit(url).scheme not in ("http", "https") or url != one_line(url) or " " in url:
        raise ValueError(f"url is {url!r}; it has to be one http or https address")
    due_there = due_at.astimezone(zone)
    event = icalendar.Event()
    event.add("uid", one_line(uid))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", due_there)
    event.add("summary", one_line(summary))
    event.add("description", tidy(description))
    event.add("url", url)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # being owed something keeps nobody busy
    reminder = icalendar.Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("trigger", -alarm)
    reminder.add("description", one_line(summary))
    event.add_component(reminder)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Cardline//Promises//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    # The zone's changes of clock around that day; by default they come for seventy years.
    calendar.add_missing_timezones(
        first_date=due_there.date() - _AROUND_THE_DAY, last_date=due_there.date() + _AROUND_THE_DAY
    )
    return calendar.to_ical()
