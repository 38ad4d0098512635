from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from cardline.ui.promise import PromiseLook, promise_look

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 19, 14, tzinfo=UTC)  # Tue, Nov 24, 2:14 pm there


def local(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=NEW_YORK).astimezone(UTC)


def look(made_at: datetime, due_at: datetime, now: datetime = NOW, **more: Any) -> PromiseLook:
    return promise_look(sentence="Call you", made_at=made_at, due_at=due_at, now=now, zone=NEW_YORK, **more)


CASES = [
    ("open", look(local(21, 18), local(11, 17, month=12)), "by Fri, Dec 11, 5 pm", "17 days left"),
    (
        "soon, for it is due today",
        look(local(21, 18), local(24, 18)),
        "today, Tue, Nov 24, by 6 pm",
        "3 hours left",
    ),
    ("soon, four fifths gone", look(local(20, 14), local(25, 9)), "by 9 am tomorrow", "18 hours left"),
    ("late", look(local(23, 9), local(24, 12)), "2 hours late", ""),
    (
        "kept",
        look(local(21, 18), local(24, 17), done_at=local(23, 10, 12)),
        "Kept, a day early",
        "Promised by Tue, Nov 24, 5 pm. Done Mon, Nov 23, 10:12 am.",
    ),
    (
        "kept",
        look(local(21, 18), local(23, 17), done_at=local(23, 16)),
        "Kept, Mon, Nov 23",
        "Promised by Mon, Nov 23, 5 pm. Done Mon, Nov 23, 4 pm.",
    ),
    (
        "done_late",
        look(local(17, 9), local(18, 17), done_at=local(20, 9)),
        "Done Fri, a day late",
        "Promised by Wed, Nov 18, 5 pm. Done Fri, Nov 20, 9 am.",
    ),
    ("released", look(local(20, 9), local(30, 17), released_at=local(23, 11)), "Let go, Mon, Nov 23", ""),
]


@pytest.mark.parametrize(("state", "shown", "by", "line"), CASES, ids=[case[0] for case in CASES])
def test_a_promise_says_how_it_stands(state: str, shown: PromiseLook, by: str, line: str) -> None:
    assert (shown.state, shown.by, shown.line) == (state.split(",")[0], by, line)


def test_a_promise_for_a_whole_day_names_no_hour() -> None:
    assert look(local(21, 9), local(27, 23, 59, 59)).by == "by Fri, Nov 27"
    assert look(local(21, 9), local(24, 23, 59, 59)).by == "today, Tue, Nov 24"


def test_a_promise_is_kept_until_its_instant_and_late_after_it() -> None:
    due_at = local(24, 15)
    assert look(local(24, 9), due_at, now=due_at).state == "soon"
    assert look(local(24, 9), due_at, now=local(24, 15, 0, 1)).state == "late"
    assert look(local(24, 9), due_at, done_at=due_at).state == "kept"


def test_the_line_says_who_has_it_when_somebody_has() -> None:
    assert (
        look(local(23, 9), local(24, 12), line="The supervisors have it.").line == "The supervisors have it."
    )


def test_the_ring_shows_the_share_of_time_used_and_never_more_than_all() -> None:
    assert look(local(24, 13, 14), local(24, 17, 14)).dash == "25.0"
    assert look(local(24, 9), local(24, 12)).dash == "100.0"
    assert look(local(24, 16), local(24, 17)).dash == "0.0"
    assert look(local(24, 12), local(24, 12)).used == 1


def test_the_ring_is_written_the_same_where_decimals_have_a_comma() -> None:
    with translation.override("es"):
        assert look(local(24, 13, 14), local(24, 17, 14)).dash == "25.0"


def test_dates_follow_the_language_of_the_page() -> None:
    with translation.override("es"):
        assert "vie, 11 dic, 17:00" in look(local(21, 18), local(11, 17, month=12)).by
