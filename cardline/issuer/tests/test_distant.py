"""A core that is elsewhere: remembered while it is silent, never for a change, and never for longer than a day."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from cardline.issuer import distant, last_known
from cardline.issuer.core import ALL, Card, CardState, CoreNotFound, CoreUnknown, Page, Part, Role, Which
from cardline.issuer.distant import REST_SECONDS, SEATS, DistantCore
from cardline.kit import outside
from cardline.kit.outside import Elsewhere, Gathered
from cardline.kit.refusals import Overloaded

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
CARD = Card(
    token="card_1",
    account="acc_1",
    product="Everyday Card",
    customer="c1",
    holder="Maya Okafor",
    role=Role.BASIC,
    bin="523048",
    last4="4471",
    state=CardState.ACTIVE,
)


class Core:
    """One customer's one card. problem: what it answers instead."""

    offers = frozenset({Part.REPLACEMENTS})

    def __init__(self) -> None:
        self.card_now = CARD
        self.problem: Exception | None = None
        self.asked = 0

    def _say(self, answer: Any) -> Any:
        self.asked += 1
        if self.problem is not None:
            raise self.problem
        return answer

    def cards(self, customer: str) -> list[Card]:
        return list(self._say([self.card_now] if customer == "c1" else []))

    def card(self, customer: str, token: str) -> Card:
        if token != "card_1":
            raise CoreNotFound(token)
        found: Card = self._say(self.card_now)
        return found

    def still_works(self, customer: str, token: str) -> dict[str, bool]:
        return dict(self._say({"purchases": True}))

    def transactions(self, customer: str, which: Which = ALL, *, after: str = "", most: int = 50) -> Any:
        return self._say(Page(()))

    def freeze(self, token: str, *, at: datetime, key: str) -> Card:
        self.card_now = replace(CARD, state=CardState.FROZEN, frozen_at=at)
        return self.card_now


@pytest.fixture
def core() -> Iterator[Core]:
    cache.clear()
    last_known.begin_page()
    yield Core()
    cache.clear()
    last_known.begin_page()


@pytest.fixture
def far(core: Core) -> Any:
    return DistantCore(core)  # type: ignore[arg-type]


def silent(core: Core) -> None:
    core.problem = CoreUnknown("timed out")


def test_while_it_answers_nothing_old_is_said(core: Core, far: Any) -> None:
    assert far.cards("c1") == [CARD] and last_known.known_as_of() is None
    assert far.offers == core.offers and not far.answers_at_once


def test_while_it_is_silent_its_last_answer_is_said_with_its_time(core: Core, far: Any) -> None:
    far.cards("c1")
    silent(core)
    assert far.cards("c1") == [CARD]
    assert last_known.known_as_of() is not None
    assert far.card("c1", "card_1") == CARD  # known from the list, though never asked for alone


def test_what_it_never_said_is_unknown_and_another_customers_answers_are_theirs(core: Core, far: Any) -> None:
    far.cards("c1")
    silent(core)
    for asked in (lambda: far.cards("c2"), lambda: far.still_works("c1", "card_1")):
        with pytest.raises(CoreUnknown):
            asked()


def test_a_silence_is_waited_for_once_and_not_by_every_page(
    core: Core, far: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    far.cards("c1")
    silent(core)
    for _ in range(5):
        far.cards("c1")
    assert core.asked == 2  # the one of before, and one that was not answered
    later = distant.time.monotonic() + REST_SECONDS + 1
    monkeypatch.setattr(distant.time, "monotonic", lambda: later)
    core.problem = None
    last_known.begin_page()
    assert far.cards("c1") and core.asked == 3 and last_known.known_as_of() is None


def test_after_a_slow_answer_pages_rest_on_what_is_known(
    core: Core, far: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distant, "SLOW_SECONDS", -1.0)
    far.cards("c1")
    far.cards("c1")
    assert core.asked == 1
    far.card("c1", "card_1")  # nothing known of it by itself: asked all the same
    assert core.asked == 2


def test_a_day_is_the_longest_it_is_remembered(core: Core, far: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_known, "KEPT_SECONDS", 0)
    far.cards("c1")
    silent(core)
    with pytest.raises(CoreUnknown):
        far.cards("c1")


def test_of_transactions_the_first_page_is_remembered_and_no_search(core: Core, far: Any) -> None:
    asked = [
        (ALL, {"after": "", "most": 50}),
        (Which(card="card_1"), {"after": "", "most": 50}),
        (ALL, {"after": "x", "most": 50}),
        (Which(text="bakery"), {"after": "", "most": 50}),
    ]
    for which, more in asked:
        far.transactions("c1", which, **more)
    silent(core)
    known = []
    for which, more in asked:
        try:
            far.transactions("c1", which, **more)
            known.append(True)
        except CoreUnknown:
            known.append(False)
    assert known == [True, True, False, False]


def test_what_a_change_was_answered_with_is_newer_than_the_list_of_before(core: Core, far: Any) -> None:
    far.cards("c1"), far.still_works("c1", "card_1")
    far.freeze("card_1", at=NOW, key="k")
    silent(core)
    (card,) = far.cards("c1")
    assert card.state == CardState.FROZEN
    with pytest.raises(CoreUnknown):  # what worked before the freeze is no answer now
        far.still_works("c1", "card_1")


def test_a_card_that_is_gone_is_not_remembered(core: Core, far: Any) -> None:
    far.card("c1", "card_1")
    core.problem = CoreNotFound("card_1")
    with pytest.raises(CoreNotFound):
        far.card("c1", "card_1")
    silent(core)
    with pytest.raises(CoreUnknown):
        far.card("c1", "card_1")


def test_a_command_is_interrupted_and_never_told_anything_old(core: Core, far: Any) -> None:
    far.card("c1", "card_1")
    silent(core)
    gathered = Gathered()
    outside.begin(gathered)
    try:
        with pytest.raises(Elsewhere) as asked:
            far.card("c1", "card_1")
    finally:
        outside.begin(None)
    gathered.find_out(asked.value)
    outside.begin(gathered)
    try:
        with pytest.raises(CoreUnknown):
            far.card("c1", "card_1")
    finally:
        outside.begin(None)


def test_a_slow_core_takes_some_of_our_threads_and_not_all(core: Core, far: Any) -> None:
    far.cards("c1")
    held = [far._seats.acquire(blocking=False) for _ in range(SEATS)]
    assert all(held)
    assert far.cards("c1") == [CARD] and last_known.known_as_of() is not None
    with pytest.raises(Overloaded):  # nobody asked for it, and nobody says it was asked
        far.freeze("card_1", at=NOW, key="k")
    assert core.card_now == CARD


def test_a_memory_that_breaks_is_an_empty_one(core: Core, far: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def __getattr__(self, name: str) -> Any:
            raise ConnectionError("Redis is gone")

    monkeypatch.setattr(last_known, "cache", Gone())
    assert far.cards("c1") == [CARD]
    silent(core)
    with pytest.raises(CoreUnknown):
        far.cards("c1")


def test_a_page_on_another_thread_says_nothing_of_this_ones_age(core: Core, far: Any) -> None:
    far.cards("c1")
    silent(core)
    far.cards("c1")
    seen: list[datetime | None] = []
    thread = threading.Thread(target=lambda: seen.append(last_known.known_as_of()))
    thread.start()
    thread.join()
    assert seen == [None] and last_known.known_as_of() is not None
