"""The suite finds what is broken: one broken core for each thing it looks after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.issuer.conformance.stand import Stand
from cardline.issuer.conformance.suite import run
from cardline.issuer.core import (
    ALL,
    Card,
    CardState,
    CloseReason,
    CoreError,
    CoreNotFound,
    CoreRefused,
    CoreUnknown,
    FreezeScope,
    Page,
    Transaction,
    Which,
)
from cardline.issuer.lithic.core import LithicCore
from cardline.issuer.lithic.stand import lithic_stand


def broken(kind: type[LithicCore]) -> AbstractContextManager[Stand]:
    @contextmanager
    def stand() -> Iterator[Stand]:
        with lithic_stand() as sound:
            whole: Any = sound.core
            sound.core = kind(whole._wire, "USD")
            yield sound

    return stand()


class KeepsNoKeys(LithicCore):
    _asked = 0

    def freeze(self, token: str, *, at: datetime, key: str, **rest: Any) -> Card:
        self._asked += 1
        return super().freeze(token, at=at, key=f"{key} {self._asked}", **rest)


class MovesTheTime(LithicCore):
    def freeze(self, token: str, *, at: datetime, key: str, **rest: Any) -> Card:
        return replace(super().freeze(token, at=at, key=key, **rest), frozen_at=at)


class CallsSilenceFailure(LithicCore):
    def freeze(self, token: str, *, at: datetime, key: str, **rest: Any) -> Card:
        try:
            return super().freeze(token, at=at, key=key, **rest)
        except CoreUnknown as silence:
            raise CoreRefused("failed") from silence


class LosesTheLastRow(LithicCore):
    def transactions(self, customer: str, which: Which = ALL, **rest: Any) -> Page[Transaction]:
        page = super().transactions(customer, which, **rest)
        return Page(page.items[:-1], page.next) if len(page.items) > 2 else page


class ShowsEverybody(LithicCore):
    def card(self, customer: str, token: str) -> Card:
        return self._card(self._said_card(token), "")


class RepeatsWhatItHears(LithicCore):
    def card(self, customer: str, token: str) -> Card:
        try:
            return super().card(customer, token)
        except CoreNotFound:
            raise
        except CoreError as error:
            raise type(error)(f"{self._wire.get('cards', token)}") from error


class BelievesAnything(LithicCore):
    def card(self, customer: str, token: str) -> Card:
        said: Any = self._wire.get("cards", token)
        return said


class ForgetsTheReason(LithicCore):
    def close_card(self, token: str, *, reason: CloseReason, at: datetime, key: str) -> Card:
        return replace(super().close_card(token, reason=reason, at=at, key=key), closed_reason=None)


class OpensWhatIsClosed(LithicCore):
    def activate(self, token: str, *, at: datetime, key: str) -> Card:
        return replace(
            self.card(self._said_card(token).token("account_token"), token), state=CardState.CLOSED
        )


class ForgetsTheEnd(LithicCore):
    def freeze(
        self,
        token: str,
        *,
        at: datetime,
        key: str,
        scope: FreezeScope = FreezeScope.NEW_PURCHASES,
        until: datetime | None = None,
    ) -> Card:
        return super().freeze(token, at=at, key=key, scope=scope)


class AnswersWithNothing(LithicCore):
    def statements(self, *_: Any, **__: Any) -> Page[Any]:  # type: ignore[override]
        return Page([])


class Careless(LithicCore):
    def cards(self, customer: str) -> list[Card]:
        return [*super().cards(customer)][:1] or [None.token]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        (KeepsNoKeys, "a_late_repeat_does_not_undo_what_came_after"),
        (KeepsNoKeys, "a_key_for_something_else_is_refused"),
        (MovesTheTime, "a_key_asked_again_gives_the_first_answer"),
        (MovesTheTime, "a_freeze_keeps_its_first_time"),
        (CallsSilenceFailure, "an_answer_that_is_lost_is_unknown_and_done_once"),
        (CallsSilenceFailure, "a_core_that_is_not_there_is_unknown_and_nothing_happened"),
        (LosesTheLastRow, "every_row_comes_once_and_the_newest_first"),
        (LosesTheLastRow, "a_list_may_grow_while_it_is_read"),
        (ShowsEverybody, "another_customers_things_are_not_there"),
        (ShowsEverybody, "nobody_has_nothing"),
        (RepeatsWhatItHears, "a_spoiled_answer_is_refused_or_harmless"),
        (BelievesAnything, "a_spoiled_answer_is_refused_or_harmless"),
        (ForgetsTheReason, "a_closed_card_stays_closed"),
        (OpensWhatIsClosed, "a_closed_card_stays_closed"),
        (ForgetsTheEnd, "a_freeze_with_an_end_has_it_or_is_refused"),
        (AnswersWithNothing, "a_part_that_is_not_there_is_refused"),
        (Careless, "nobody_has_nothing"),
    ],
)
def test_what_is_broken_is_found(kind: type[LithicCore], check: str) -> None:
    found = {result.id: result for result in run(lambda: broken(kind), only=check)}
    assert found[check].bad


def test_a_check_that_breaks_off_says_where_and_not_what() -> None:
    (found,) = run(lambda: broken(Careless), only="nobody_has_nothing")
    assert found.bad[-1].startswith("broke off with AttributeError at test_suite.py:")


def test_each_check_has_a_stand_of_its_own() -> None:
    cards = []

    @contextmanager
    def counted() -> Iterator[Stand]:
        with lithic_stand() as stand:
            cards.append(stand)
            yield stand

    results = list(run(counted, only="a_freeze_keeps_its_first_time"))
    assert len(results) == len(cards) == 1
    assert cards[0].now() - cards[0].now() == timedelta(minutes=-1)
