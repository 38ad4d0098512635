"""Beside the case: what kind of message we sent, by which door, and how it stands. Not its words, not where it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cardline.desk.sent import SHOWN
from cardline.desk.tests.conftest import Chat
from cardline.issuer.embedded.tests.house import in_command
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.worker import work_through_outbox
from cardline.notify.outgoing import send

CODE = {"code": "481516", "action": "sign_in"}
NUMBER = "+12125550142"

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(maya: Actor, settings: Any, tmp_path: Path) -> Callable[..., None]:
    """told("code", CODE, to=…): Maya is sent that, at once."""
    settings.CARDLINE_TEXTS = str(tmp_path / "texts")

    def send_it(template: str, values: dict[str, str], **how: Any) -> None:
        now = clock.now()
        in_command(by=SYSTEM, now=now, what=lambda: send(maya.member_id, template, values, now=now, **how))
        work_through_outbox()

    return send_it


def page_of(client: Any, chat: Chat) -> str:
    return str(client.get(chat.page).content.decode())


@pytest.fixture
def owen(cast: Any, as_member: Callable[..., Actor]) -> Actor:
    return as_member(cast.owen)


@pytest.fixture
def danas(agent_client: Callable[..., Any], cast: Any) -> Any:
    """Dana's browser."""
    return agent_client(cast.dana)


def test_nothing_sent_takes_no_room(chat_of: Any, maya: Actor, dana: Actor, danas: Any) -> None:
    assert "What we sent" not in page_of(danas, chat_of(maya, agent=dana))


def test_an_agent_sees_that_a_code_went_out_and_nothing_of_it(
    chat_of: Any, maya: Actor, dana: Actor, danas: Any, told: Callable[..., None], settings: Any
) -> None:
    told("code", CODE, channel="text", to=NUMBER, secret=True)
    told("code", CODE, channel="text", to="nobody", secret=True)
    page = page_of(danas, chat_of(maya, agent=dana))
    shown = page[page.index('id="sent-title"') :]
    assert shown.count("<p>Code</p>") == 2 and "Text message, <time" in shown
    assert '<p class="tag warn">Written here, sent to nobody</p>' in shown  # there is no provider
    assert '<p class="tag warn">Not sent, takes no messages</p>' in shown
    settings.CARDLINE_DEMO = True
    assert '<p class="meta">Sent</p>' in page_of(danas, chat_of(maya, agent=dana))
    assert "481516" not in page and NUMBER not in page


def test_only_the_newest_are_shown_and_nobody_elses(
    chat_of: Any, maya: Actor, owen: Actor, dana: Actor, danas: Any, told: Callable[..., None]
) -> None:
    for _ in range(SHOWN + 2):
        told("code", CODE, channel="text", to=NUMBER, secret=True)
    assert page_of(danas, chat_of(maya, agent=dana)).count("<p>Code</p>") == SHOWN
    assert "<p>Code</p>" not in page_of(danas, chat_of(owen))
