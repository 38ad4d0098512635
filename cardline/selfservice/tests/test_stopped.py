"""A stopped purchase stands on top of the member's own pages, and of nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.cards.queries import cards_of
from cardline.fraud.commands import raise_alert
from cardline.fraud.models import FraudAlert
from cardline.issuer.core import CardState
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def alert(cast: Any, maya: Actor) -> FraudAlert:
    card = next(card.token for card in cards_of(maya) if card.mine)
    told = raise_alert(
        by=SYSTEM, now=clock.now(), outside="one", customer=cast.maya.core_customer, card=card,
        merchant=clean("<b>Barn</b>"), place=clean("Reno NV"), amount_minor=81_250, currency="USD",
        charged_at=clock.now(),
    )  # fmt: skip
    return FraudAlert.objects.get(token=told["alert"])


def answers_on(page: str) -> list[str]:
    return re.findall(r'name="answer" value="((?:not-)?mine-[0-9a-f]{12})"', page)


def test_home_asks_on_top_and_one_press_answers(
    cast: Any, maya: Actor, alert: FraudAlert, member_client: Callable[..., Client]
) -> None:
    client = member_client(cast.maya)
    page = client.get("/").content.decode()
    assert page.index("Was this purchase yours?") < page.index("Lost your card") and "<b>Barn" not in page
    yes, no = answers_on(page)
    assert client.post("/do/fraud-alert", {"answer": no}).status_code == 302
    alert.refresh_from_db()
    assert alert.state == "answered_no" and cards_of(maya)[0].state == CardState.FROZEN
    assert "Was this purchase yours?" not in client.get("/").content.decode()
    assert yes.startswith("mine-")


def test_it_stands_on_the_page_of_its_card(
    cast: Any, alert: FraudAlert, member_client: Callable[..., Client]
) -> None:
    assert answers_on(member_client(cast.maya).get(f"/cards/{alert.card}").content.decode())


def test_others_see_nothing_of_it(cast: Any, alert: FraudAlert, member_client: Callable[..., Client]) -> None:
    for client in (Client(), member_client(cast.luis)):
        assert "Was this purchase yours?" not in client.get("/").content.decode()
    told = member_client(cast.luis).get("/do/fraud-alert").content.decode()
    assert "No purchase waits for your word." in told


def test_a_press_on_an_old_page_is_asked_again(
    cast: Any, alert: FraudAlert, member_client: Callable[..., Client]
) -> None:
    answer = member_client(cast.maya).post("/do/fraud-alert", {"answer": "mine-000000000000"})
    assert answer.status_code == 422 and "Choose one of the answers first." in answer.content.decode()
    alert.refresh_from_db()
    assert alert.state in FraudAlert.OPEN
