"""The desk says whose program a member's card is of, and who administers it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from cardline.desk.tests.conftest import Chat
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.members.models import Authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(
    chat_of: Callable[..., Chat], as_member: Callable[..., Actor], cast: Any, dana: Actor, agent_client: Any
) -> Callable[[Any], str]:
    """What Dana's screen says of a member she chats with."""

    def read(member: Any) -> str:
        chat = chat_of(as_member(member), agent=dana)
        answer = agent_client(cast.dana).get(chat.page)
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))

    return read


def test_the_company_and_who_administers_its_program(cast: Any, panel: Callable[[Any], str]) -> None:
    assert "Card of Northgate Survey LLC’s program, administered by Greta Solberg" in panel(cast.samir)


def test_nobody_once_the_authority_is_revoked(cast: Any, panel: Callable[[Any], str]) -> None:
    Authority.objects.update(revoked_at=clock.now(), revoked_by="agent:1", revoked_why="She left")
    said = panel(cast.samir)
    assert "Northgate Survey LLC’s program, nobody administers it now" in said


def test_nothing_of_a_member_who_carries_no_companys_card(cast: Any, panel: Callable[[Any], str]) -> None:
    assert "’s program" not in panel(cast.maya)
