"""/track: state and next date for a reference and a second fact, and nothing else to anybody (SR-34, SR-44)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cards.queries import cards_of
from cardline.demo.people import actor_of
from cardline.kit.limits import LOOK_UPS, Limit
from cardline.kit.redact import clean
from cardline.kit.reference import new_reference, show_reference
from cardline.routing.commands import start_message
from cardline.selfservice.views import tracking

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
def ref(cast: Any, as_member: Any) -> str:
    began = start_message(
        by=as_member(cast.maya),
        now=datetime.now(UTC) - timedelta(minutes=1),
        need="rewards.balance",
        text=clean("Where are my secret points"),
        language="en",
        plan={},
    )
    return str(began["ref"])


def last4_of(cast: Any) -> str:
    return next(card.last4 for card in cards_of(actor_of(cast.maya)) if card.mine)


def look(reference: str, fact: str) -> Any:
    return Client().post("/track", {"reference": reference, "fact": fact})


def words(answer: Any) -> str:
    shown = re.sub(rb"<form.*?</form>", b"", answer.content, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.decode()))


def test_the_last_four_digits_show_state_and_next_date(cast: Any, ref: str) -> None:
    answer = look(show_reference(ref), last4_of(cast))
    assert answer.status_code == 200
    shown = words(answer)
    assert "We’re working on it." in shown
    assert "Next date:" in shown


def test_the_postal_code_does_too(cast: Any, ref: str) -> None:
    assert look(ref, f" {cast.maya.postal_code} ").status_code == 200


def test_nothing_else_of_the_case_is_shown(cast: Any, ref: str) -> None:
    shown = words(look(ref, last4_of(cast)))
    for secret in ("secret points", "Okafor", "Maya", "points", "answer your message"):
        assert secret.lower() not in shown.lower()


def test_every_miss_answers_alike(cast: Any, ref: str) -> None:
    unknown = new_reference()
    answers = [look(ref, "0000"), look(unknown, "0000"), look(unknown, last4_of(cast))]
    assert {answer.status_code for answer in answers} == {422}
    assert len({words(answer).replace(answer["X-Request-Id"], "") for answer in answers}) == 1


def test_a_wrong_check_character_is_told_before_anything_is_looked_up(cast: Any, ref: str) -> None:
    answer = look("7K4-29Q8", "4471")
    assert answer.status_code == 422
    assert "Check for 0 and 8." in answer.content.decode()


def test_a_guest_s_case_is_for_their_own_browser(cast: Any) -> None:
    guest = Client()
    began = guest.post("/chat", {"need": "rewards.balance", "text": "hello", "key": "a-key-of-chance"})
    reference = began["Location"].removeprefix("/chat/")[:8]
    assert look(reference, "").status_code == 422
    assert look(reference, "4471").status_code == 422


def test_the_reference_itself_has_a_limit(cast: Any, ref: str) -> None:
    for number in range(LOOK_UPS.most):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post("/track", {"reference": ref, "fact": f"{number:04}"})
    answer = Client(REMOTE_ADDR="10.0.1.1").post("/track", {"reference": ref, "fact": last4_of(cast)})
    assert answer.status_code == 429
    assert "Retry-After" in answer


def test_an_address_has_a_limit(cast: Any) -> None:
    for _ in range(LOOK_UPS.most):
        look(new_reference(), "0000")
    assert look(new_reference(), "0000").status_code == 429


def test_all_visitors_together_have_a_limit(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with ten thousand addresses guesses no faster than this."""
    monkeypatch.setattr(tracking, "LOOK_UPS_IN_ALL", Limit("look_ups_in_all", 3, 3_600))

    def look_from(number: int) -> int:
        form = {"reference": new_reference(), "fact": "0000"}
        return Client(REMOTE_ADDR=f"10.0.2.{number}").post("/track", form).status_code

    assert [look_from(n) for n in range(4)] == [422, 422, 422, 429]


@pytest.mark.parametrize("fact", ["", " ", "\x00", "4" * 4000, "<script>", "४४७१"])
def test_an_odd_fact_is_a_miss(cast: Any, ref: str, fact: str) -> None:
    assert look(ref, fact).status_code == 422
