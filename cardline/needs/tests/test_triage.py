"""From words to a need: the guide's own examples, Spanish, two needs at once, and input nobody meant kindly."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from cardline.needs.catalogue import OUT_OF_SCOPE, needs
from cardline.needs.corpus import sentences
from cardline.needs.triage import triage

CASES = [
    ("someone used my card at a bakery", "lost_stolen.card_compromised"),
    ("My card was stolen yesterday", "lost_stolen.report"),
    ("I found my lost card", "lost_stolen.unfreeze"),
    ("Hi, I'm calling about a fraudulent charge on my card.", "dispute.unrecognised_charge"),
    ("I'd like to redeem my Membership Rewards points.", "rewards.redeem"),
    ("how many points do I have", "rewards.balance"),
    ("change my address", "info.contact_details"),
    ("I want to dispute a charge on my statement", "dispute.unrecognised_charge"),
    ("Make a payment", "payment.make"),
    ("I can't afford my payment this month", "payment.hardship"),
    ("apply for a new card", "apply.new_card"),
    ("check the status of my application", "apply.status"),
    ("I want to file a formal complaint", "complaint.formal"),
    ("let me talk to your supervisor", "complaint.escalate"),
    ("where is the security code on my card", "card_access.security_code"),
    ("my card is damaged, I need a new one", "card_access.replace_damaged"),
    ("how do I call you from abroad", "contact.from_abroad"),
    ("agent", "contact.human"),
    ("0", "contact.human"),
    ("I was charged twice", "dispute.duplicate_charge"),
    ("what's the weather like tomorrow", "other.out_of_scope"),
    ("alguien usó mi tarjeta en una panadería", "lost_stolen.card_compromised"),
    ("alguien uso mi tarjeta en una panaderia", "lost_stolen.card_compromised"),
    ("perdí mi tarjeta", "lost_stolen.report"),
    ("me cobraron dos veces", "dispute.duplicate_charge"),
    ("quiero canjear mis puntos", "rewards.redeem"),
    ("quiero presentar una queja", "complaint.formal"),
    ("no puedo pagar este mes", "payment.hardship"),
    ("cambiar mi dirección", "info.contact_details"),
    ("quiero hablar con una persona", "contact.human"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), CASES, ids=[said for said, _ in CASES])
def test_what_people_say(said: str, meant: str) -> None:
    reading = triage(said)
    assert reading.need == meant
    assert reading.sure


def test_misuse_protects_the_card_and_disputes_the_charge_together() -> None:
    assert triage("someone used my card at a bakery").also == ("dispute.unrecognised_charge",)


@pytest.mark.parametrize(
    ("said", "both"),
    [
        ("I was charged twice for dinner and I need to change my address",
         {"dispute.duplicate_charge", "info.contact_details"}),
        ("I'd like to file a complaint and speak to a supervisor", {"complaint.formal", "complaint.escalate"}),
        ("perdí mi tarjeta y quiero cambiar mi dirección", {"lost_stolen.report", "info.contact_details"}),
    ],
)  # fmt: skip
def test_two_needs_in_one_sentence_give_both(said: str, both: set[str]) -> None:
    reading = triage(said)
    assert {reading.need, *reading.also} == both


def test_what_is_denied_is_not_offered() -> None:
    reading = triage("my card was not stolen, it's just bent")
    offered = {reading.need, *(guess.need for guess in reading.alternatives), *reading.also}
    assert "lost_stolen.report" not in offered


def test_when_not_sure_it_asks_which_of_three() -> None:
    reading = triage("something about my card")
    assert not reading.sure
    assert len(reading.choices) == 3
    assert set(reading.choices) <= set(needs())


def test_alternatives_are_at_most_three_other_needs_best_first() -> None:
    reading = triage("there is a problem with my payment")
    shares = [guess.confidence for guess in reading.alternatives]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)
    assert reading.need not in {guess.need for guess in reading.alternatives}


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\x00\x07", "?!…", "😀😀", "\u202e\u200f", "\ud800"])
def test_a_text_without_words_is_out_of_scope_without_confidence(nothing: str) -> None:
    reading = triage(nothing)
    assert (reading.need, reading.confidence, reading.sure) == (OUT_OF_SCOPE, 0.0, False)


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 1_000_000,
        "my card " * 200_000,
        "and " * 100_000,
        ", lost my card" * 50_000,
        "\u202eמי גנב את הכרטיס שלי\u202c",
        "من سرق بطاقتي",
        "<script>alert(1)</script> my card",
        "ﷺ" * 100_000,
        "\u0301" * 100_000,
        "🏦" * 100_000,
        "4111 1111 1111 1111 " * 10_000,
        "\x00" * 100_000 + "lost my card",
    ],
)
def test_any_input_is_answered_in_bounded_time(hostile: str) -> None:
    began = time.perf_counter()
    assert triage(hostile).need in needs()
    assert time.perf_counter() - began < 1


def test_marks_that_nobody_sees_change_nothing() -> None:
    assert triage("I lo\u200bst my\u00a0card\u202c\x07") == triage("I lost my card")


def test_sentences_the_model_never_saw() -> None:
    """Written apart from the training sentences and never tuned on: what a new member can expect."""
    with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    seen = {one.text.casefold() for one in sentences()}
    assert not [case["text"] for case in cases if case["text"].casefold() in seen]

    readings = [(triage(case["text"]), case["need"]) for case in cases]
    first = sum(reading.need == meant for reading, meant in readings)
    offered = sum(
        meant in (reading.need, *(guess.need for guess in reading.alternatives), *reading.also)
        for reading, meant in readings
    )
    sure = [reading.need == meant for reading, meant in readings if reading.sure]
    assert first / len(cases) >= 0.80
    assert offered / len(cases) >= 0.92
    assert sum(sure) / len(sure) >= 0.92
