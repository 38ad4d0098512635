"""What must never wait for a model: a lost card, a misused one, a person; and what only sounds like it."""

from __future__ import annotations

import time

import pytest

from cardline.needs.routes import CASH, CHARGE, COMPROMISED, PERSON, REPORT, UNFREEZE, Route, denied, route
from cardline.needs.text import LONGEST, plain


@pytest.mark.parametrize(
    "said",
    [
        "I lost my card",
        "my card was stolen!!",
        "someone stole my wallet on the subway",
        "I can't find my corporate card",
        "lost or stolen",
        "MY CARD HAS BEEN STOLEN",
        "I'm not lost, but my card was stolen",
        "Perdí mi tarjeta",
        "me robaron la cartera",
        "reportar una tarjeta robada",
        "no encuentro mi tarjeta",
    ],
)
def test_a_lost_or_stolen_card_is_heard(said: str) -> None:
    assert route(plain(said)) == Route(REPORT)


@pytest.mark.parametrize(
    ("said", "brings"),
    [
        ("someone used my card at a bakery", CHARGE),
        ("Somebody else is using my card number", CHARGE),
        ("someone that isn't me used my card", CHARGE),
        ("a thief bought shoes with my card", CHARGE),
        ("someone used my card to withdraw cash", CASH),
        ("can someone help me, somebody used my card", CHARGE),
        ("alguien usó mi tarjeta en una panadería", CHARGE),
        ("clonaron mi tarjeta", CHARGE),
        ("alguien sacó efectivo con mi tarjeta", CASH),
    ],
)
def test_a_misused_card_is_heard_and_brings_its_dispute(said: str, brings: str) -> None:
    assert route(plain(said)) == Route(COMPROMISED, also=(brings,))


def test_a_stolen_card_that_was_used_is_reported_and_disputed() -> None:
    assert route(plain("I lost my wallet and someone is using my card")) == Route(REPORT, also=(CHARGE,))


@pytest.mark.parametrize(
    "said",
    ["0", "000", "agent", "Representative!", "agent please", "I want to talk to a person", "get me a human",
     "agente", "quiero hablar con una persona", "representante por favor"],
)  # fmt: skip
def test_the_wish_for_a_person_is_heard(said: str) -> None:
    assert route(plain(said)) == Route(PERSON)


@pytest.mark.parametrize("said", ["I found my lost card", "my card turned up", "ya encontré mi tarjeta"])
def test_a_card_that_was_found_is_not_lost(said: str) -> None:
    assert route(plain(said)) == Route(UNFREEZE)
    assert REPORT in denied(plain(said))


@pytest.mark.parametrize(
    "said",
    [
        "my card was not stolen, it is bent",
        "I didn't lose my card",
        "no me robaron la tarjeta",
        "I lost my phone",
        "the machine took my card",
        "was my card lost in the mail",
        "how long does it take to replace a stolen card",
        "I lost my points",
        "nobody used my card",
        "can someone use my card with my permission",
        "your agent was rude",
        "I found my card, how do I add it to the app",
        "0 stars for your service",
    ],
)
def test_what_only_sounds_like_it_is_left_to_the_model(said: str) -> None:
    assert route(plain(said)) is None


@pytest.mark.parametrize(
    "said", ["I did not notice that my card was stolen", "someone who is not me used my card"]
)
def test_a_nearby_not_denies_nothing(said: str) -> None:
    assert not denied(plain(said))


@pytest.mark.parametrize(
    "piece", ["i want to ", "my ", "not ", "someone has ", "somebody bought a ", "lost my a ", "0 "]
)
def test_no_sentence_keeps_the_routes_busy(piece: str) -> None:
    began = time.perf_counter()
    route(plain(piece * LONGEST))
    assert time.perf_counter() - began < 0.5
