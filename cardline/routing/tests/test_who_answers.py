"""Whether anybody would answer a chat now, whatever it is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.conftest import new_agent
from cardline.issuer.profile import current_profile
from cardline.routing.queries import anything_is_answered
from cardline.staff.commands import set_presence

pytestmark = pytest.mark.django_db

NIGHT = timedelta(hours=12)


def team_of(need: str) -> str:
    return current_profile().queue(current_profile().need_family(need).queue).team


def test_nobody_at_a_desk_answers_nothing(now: datetime) -> None:
    assert not anything_is_answered(now)


@pytest.mark.parametrize(
    ("need", "by_night"), [("complaint", False), ("dispute.duplicate_charge", True), ("lost_stolen", True)]
)
def test_whose_queue_is_open_answers(now: datetime, need: str, by_night: bool) -> None:
    set_presence(by=new_agent("Nia", "Moss", team_of(need)), now=now, state="busy")
    assert anything_is_answered(now)
    assert anything_is_answered(now + NIGHT) is by_night


def test_whoever_left_the_desk_answers_nothing(dana: Any, now: datetime) -> None:
    set_presence(by=dana, now=now, state="available")
    assert anything_is_answered(now)
    set_presence(by=dana, now=now, state="away")
    assert not anything_is_answered(now)
