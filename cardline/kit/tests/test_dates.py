"""Dates, times and waits in the words of the design."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardline.kit.dates import say_date, say_left, say_month_day, say_wait, say_when

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 10 am in New York


def there(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("at", "en", "es"),
    [
        (there(2026, 12, 11, 17), "Fri, Dec 11, 5 pm", "vie, 11 dic, 17:00"),
        (there(2026, 11, 21, 18, 42), "Sat, Nov 21, 6:42 pm", "sáb, 21 nov, 18:42"),
        (there(2026, 11, 23, 15), "3 pm today", "hoy, 15:00"),
        (there(2026, 11, 23, 0), "12 am today", "hoy, 00:00"),
        (there(2026, 11, 23, 23, 59), "11:59 pm today", "hoy, 23:59"),
        (there(2026, 11, 24, 8), "8 am tomorrow", "mañana, 08:00"),
        (there(2026, 11, 24, 12), "noon tomorrow", "mañana, 12:00"),
        (there(2026, 11, 24, 12, 5), "12:05 pm tomorrow", "mañana, 12:05"),
        (there(2026, 11, 25, 8), "Wed, Nov 25, 8 am", "mié, 25 nov, 08:00"),
        (there(2026, 11, 22, 8), "Sun, Nov 22, 8 am", "dom, 22 nov, 08:00"),
        (there(2027, 1, 10, 9), "Sun, Jan 10, 9 am", "dom, 10 ene, 09:00"),
        (there(2027, 9, 1, 9), "Wed, Sep 1, 2027, 9 am", "mié, 1 sept 2027, 09:00"),
        (there(2025, 1, 10, 9), "Fri, Jan 10, 2025, 9 am", "vie, 10 ene 2025, 09:00"),
        (there(2026, 1, 2, 9), "Fri, Jan 2, 9 am", "vie, 2 ene, 09:00"),
    ],
)
def test_when(at: datetime, en: str, es: str) -> None:
    assert say_when(at, NEW_YORK, "en", NOW) == en
    assert say_when(at, NEW_YORK, "es", NOW) == es


def test_today_is_the_issuers_day_not_the_servers() -> None:
    late_evening = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # still Monday in New York
    assert say_when(late_evening, NEW_YORK, "en", late_evening) == "10:30 pm today"
    assert say_when(there(2026, 11, 24, 8), NEW_YORK, "en", late_evening) == "8 am tomorrow"


def test_days_of_23_and_25_hours_are_days() -> None:
    before = there(2026, 10, 31, 23)
    assert say_when(there(2026, 11, 1, 23), NEW_YORK, "en", before) == "11 pm tomorrow"
    assert say_when(there(2027, 3, 15, 1), NEW_YORK, "en", there(2027, 3, 14, 1)) == "1 am tomorrow"


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 15)  # noqa: DTZ001
    for call in (
        lambda: say_when(naive, NEW_YORK, "en", NOW),
        lambda: say_when(NOW, NEW_YORK, "en", naive),
        lambda: say_left(naive, NOW, "en"),
        lambda: say_date(date(2026, 1, 1), "en", naive),
    ):
        with pytest.raises(ValueError, match="no zone"):
            call()


def test_a_day_without_an_hour() -> None:
    assert say_date(date(2026, 12, 11), "en", NOW) == "Fri, Dec 11"
    assert say_date(date(2026, 12, 11), "es", NOW) == "vie, 11 dic"
    assert say_date(date(2027, 12, 11), "en", NOW) == "Sat, Dec 11, 2027"
    assert say_date(date(2027, 12, 11), "es", NOW) == "sáb, 11 dic 2027"


@pytest.mark.parametrize(
    ("left", "en", "es"),
    [
        (timedelta(days=17, hours=23), "17 days left", "quedan 17 días"),
        (timedelta(days=1), "1 day left", "queda 1 día"),
        (timedelta(hours=23, minutes=59), "23 hours left", "quedan 23 horas"),
        (timedelta(minutes=119), "1 hour left", "queda 1 hora"),
        (timedelta(minutes=18, seconds=59), "18 minutes left", "quedan 18 minutos"),
        (timedelta(seconds=60), "1 minute left", "queda 1 minuto"),
        (timedelta(seconds=59), "due now", "vence ahora"),
        (timedelta(0), "due now", "vence ahora"),
        (timedelta(seconds=-59), "due now", "vence ahora"),
        (timedelta(minutes=-1), "a minute late", "un minuto de retraso"),
        (timedelta(minutes=-12), "12 minutes late", "12 minutos de retraso"),
        (timedelta(hours=-1), "an hour late", "una hora de retraso"),
        (timedelta(hours=-2, minutes=-40), "2 hours late", "2 horas de retraso"),
        (timedelta(hours=-24), "a day late", "un día de retraso"),
        (timedelta(days=-3), "3 days late", "3 días de retraso"),
    ],
)
def test_what_is_left_or_late(left: timedelta, en: str, es: str) -> None:
    assert say_left(NOW + left, NOW, "en") == en
    assert say_left(NOW + left, NOW, "es") == es


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "—"),
        (0, "no wait"),
        (0.2, "1 s"),
        (40, "40 s"),
        (59, "59 s"),
        (59.5, "1 min"),
        (60, "1 min"),
        (61, "2 min"),
        (120, "2 min"),
        (3540.5, "1 h"),
        (3900, "1 h 5 min"),
        (7200, "2 h"),
    ],
)
def test_waits_are_rounded_up(seconds: float | None, said: str) -> None:
    assert say_wait(seconds, "en") == said
    assert say_wait(seconds, "es") == said.replace("no wait", "sin espera")


def test_a_negative_wait_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        say_wait(-1, "en")


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["en", "es", "fr"]),
)
def test_every_two_times_can_be_said(at: datetime, now: datetime, language: str) -> None:
    if min(at, now).year > 1 and max(at, now).year < 9999:
        assert say_when(at, NEW_YORK, language, now)
    assert "{" not in say_left(at, now, language)


def test_a_day_in_a_list_under_its_year() -> None:
    assert say_month_day(date(2026, 12, 11), "en") == "Dec 11"
    assert say_month_day(date(2026, 12, 11), "es") == "11 dic"
