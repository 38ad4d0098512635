"""`cardline plan` and `cardline triage`: shapes, order, exit codes, and lines that cannot be read."""

from __future__ import annotations

import json
from io import BytesIO, StringIO
from typing import Any

import pytest

from cardline.needs.cli import LONGEST_LINE, plan_main, triage_main

BAKERY = "someone used my card at a bakery"
TUESDAY = "2026-11-24T12:00"


@pytest.fixture(autouse=True)
def sample_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    from cardline.needs import cli
    from cardline.needs.tests.cast import american_express

    monkeypatch.setattr(cli, "current_profile", american_express)


def plan(*argv: str) -> tuple[int, str]:
    out = StringIO()
    return plan_main(argv, out), out.getvalue()


def triage(content: bytes) -> tuple[int, list[dict[str, Any]]]:
    out = StringIO()
    code = triage_main([], BytesIO(content), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_plan_as_json() -> None:
    code, shown = plan(BAKERY, "--json", "--at", TUESDAY)
    answer = json.loads(shown)
    assert code == 0
    assert answer["need"] == "lost_stolen.card_compromised"
    assert "dispute.unrecognised_charge" in [*answer["alternatives"], *answer["also"]]
    assert answer["channels"][0]["id"] == "phone"
    assert answer["channels"][0]["number"] == "1-800-528-2122"


def test_place_and_card_decide_the_number() -> None:
    _, shown = plan(BAKERY, "--json", "--from", "FR", "--card-type", "corporate", "--at", TUESDAY)
    assert json.loads(shown)["channels"][0]["number"] == "+1-623-492-3932"


def test_the_time_is_the_issuers_unless_it_has_a_zone() -> None:
    _, local = plan("I want to make a formal complaint", "--json", "--at", "2026-11-24T23:30")
    _, utc = plan("I want to make a formal complaint", "--json", "--at", "2026-11-25T04:30Z")
    assert local == utc
    phone = next(channel for channel in json.loads(local)["channels"] if channel["id"] == "phone")
    assert (phone["open"], phone["opens_at"]) == (False, "2026-11-25T13:00:00Z")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_plan_in_words(language: str) -> None:
    code, shown = plan("I want to make a formal complaint", "--at", TUESDAY, "--language", language)
    assert code == 0
    assert "1-800-528-2122" in shown and "P.O. Box 981535" in shown


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["two", "texts"],
        [BAKERY, "--card-type", "platinum"],
        [BAKERY, "--at", "tomorrow"],
        ["I was charged twice", "--at", "2126-01-01"],
        [BAKERY, "--colour", "red"],
        ["?!"],
        [""],
    ],
)
def test_what_cannot_be_answered_ends_with_two_and_says_why(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = plan(*argv)
    assert (code, shown) == (2, "")
    assert capsys.readouterr().err


def test_a_line_in_is_a_line_out_in_order() -> None:
    code, answers = triage("perdí mi tarjeta\n\nagent\r\nI was charged twice".encode())
    assert code == 0
    assert [answer["need"] for answer in answers] == [
        "lost_stolen.report", "other.out_of_scope", "contact.human", "dispute.duplicate_charge",
    ]  # fmt: skip
    assert all(set(answer) == {"need", "confidence", "alternatives", "also"} for answer in answers)
    assert all(len(answer["alternatives"]) <= 3 for answer in answers)


def test_a_line_that_cannot_be_read_is_named_and_the_run_goes_on() -> None:
    code, answers = triage(b"agent\n\xff\xfe\nI lost my card\n")
    assert code == 1
    assert answers[1] == {"error": "not UTF-8 at byte 1", "line": 2}
    assert answers[2]["need"] == "lost_stolen.report"


def test_a_line_without_end_is_refused_and_the_next_is_read() -> None:
    code, answers = triage(b"x" * (3 * LONGEST_LINE) + b"\nagent\n")
    assert code == 1
    assert answers[0]["line"] == 1 and "longer" in answers[0]["error"]
    assert answers[1]["need"] == "contact.human"


def test_nothing_in_is_nothing_out() -> None:
    assert triage(b"") == (0, [])


def test_each_answer_is_flushed_as_it_is_made() -> None:
    class Watched(StringIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed += 1

    out = Watched()
    triage_main([], BytesIO(b"agent\nagent\n"), out)
    assert out.flushed == 2


def test_wrong_use_of_triage_ends_with_two() -> None:
    assert triage_main(["--nonsense"], BytesIO(b""), StringIO()) == 2
