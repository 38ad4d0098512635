"""`cardline core check`: what it prints and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.test import override_settings

from cardline.issuer.conformance import emergency, limits, parts
from cardline.issuer.conformance.cli import core
from cardline.issuer.conformance.suite import CHECKS
from cardline.issuer.core import Card
from cardline.issuer.embedded import models as rows
from cardline.issuer.lithic.core import LithicCore
from cardline.issuer.lithic.stand import LithicStand, lithic_stand

HERE = "cardline.issuer.conformance.tests.test_cli"


@contextmanager
def forgetful_stand() -> Iterator[LithicStand]:
    """A core that undoes nothing."""

    class Forgetful(LithicCore):
        def unfreeze(self, token: str, *, at: datetime, key: str) -> Card:
            return self.freeze(token, at=at, key=f"not {key}")

    with lithic_stand() as stand:
        wire: Any = stand.core
        stand.core = Forgetful(wire._wire, "USD")
        yield stand


def test_a_core_that_keeps_everything_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert core(["check", "--adapter", "lithic"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CHECKS)
    silent = [line for line in lines if not line.startswith("holds")]
    assert "-      a payment is made once: nothing to look at" in silent
    assert len(silent) == len(
        [
            check
            for check in CHECKS
            if check.__module__ in (parts.__name__, limits.__name__, emergency.__name__)
        ]
    )


def test_a_core_that_does_not_ends_with_1_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert core(["check", "--adapter", f"{HERE}:forgetful_stand", "--json"]) == 1
    found = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(found) == {check.__name__ for check in CHECKS}
    wrong = found["a_frozen_card_buys_nothing_until_it_is_undone"]
    assert "an undone freeze is not undone" in wrong["bad"]
    assert wrong["checked"] >= len(wrong["bad"])
    assert found["one_card_is_frozen_and_no_other"] == {
        "id": "one_card_is_frozen_and_no_other",
        "checked": 1,
        "bad": [],
    }


@pytest.mark.parametrize("name", ["nobody", "no_such_module:stand", f"{HERE}:no_such_stand", ":", "x:"])
def test_a_core_that_cannot_be_loaded_ends_with_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert core(["check", "--adapter", name]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "cardline core check:" in said.err


def test_the_embedded_core_is_checked_and_nothing_of_it_stays(
    cast: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = (rows.Card, rows.Customer, rows.Authorisation, rows.Transaction, rows.Request, rows.Posting)
    before = [list(model.objects.order_by("pk").values()) for model in kept]
    assert core(["check", "--adapter", "embedded"]) == 0
    assert [list(model.objects.order_by("pk").values()) for model in kept] == before
    said = capsys.readouterr().out
    assert f"books are the sums of their lines ({rows.Book.objects.count()})" in said
    assert rows.Book.objects.count() > 0


def test_a_book_that_does_not_agree_is_named(cast: Any, capsys: pytest.CaptureFixture[str]) -> None:
    book = rows.Book.objects.filter(name__startswith="receivable:").first()
    assert book is not None
    rows.Book.objects.filter(pk=book.pk).update(balance_minor=book.balance_minor + 1)
    line = rows.Line.objects.exclude(book=book).first()
    assert line is not None
    rows.Line.objects.filter(pk=line.pk).update(amount_minor=line.amount_minor + 1)
    assert core(["check", "--adapter", "embedded"]) == 1
    wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("wrong")]
    assert any(book.name in line for line in wrong)
    assert any(f"posting {line.posting_id} does not" in said for said in wrong)


@override_settings(CARDLINE_CORE="lithic")
def test_without_a_name_the_installations_core_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert core(["check"]) == 0
    assert "holds  a spoiled answer is refused or harmless" in capsys.readouterr().out
