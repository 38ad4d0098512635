"""Books and points agree whatever happens at once: 1,000 operations, repeats of the same key, lost answers.

On SQLite the operations go through the product's one writer, on PostgreSQL each thread has a transaction of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardline.issuer.core import CoreNotFound, CoreRefused, CoreUnknown, Kind, TransactionState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import network
from cardline.issuer.embedded.booking import balance_of, book, pending_of
from cardline.issuer.embedded.rewards import EmbeddedRewards, points_on
from cardline.issuer.embedded.shared import first_answer, first_time
from cardline.issuer.embedded.tests.world import NOW, World, check_books, inside
from cardline.kit import writer

THREADS = 12
LIMIT_MINOR = 100_000

Operation = Callable[[], str]  # answers with the token of what it made


@pytest.fixture
def one_writer(transactional_db: None) -> Iterator[None]:
    """As `cardline serve` runs on SQLite; on PostgreSQL every thread commits for itself."""
    writer.start_writer()
    yield
    assert writer.stop_writer()


# ------------------------------------------------------------------------------------------------ operations


def authorise(world: World, amount_minor: int, key: str) -> str:
    return network.authorise(
        world.card.token,
        merchant="Greengate Market",
        place="Albany, NY",
        phone="",
        amount_minor=amount_minor,
        channel="chip",
        at=NOW,
        key=key,
    ).token


def buy(world: World, amount_minor: int, key: str) -> str:
    """Approved and collected in one go."""
    asked = authorise(world, amount_minor, key)
    held = rows.Transaction.objects.filter(authorisation__token=asked).first()
    return network.post_pending(held.token, at=NOW).token if held else asked


def give_back(purchase: str, amount_minor: int, key: str) -> str:
    return network.refund(purchase, amount_minor=amount_minor, at=NOW, key=key).token


def reverse(authorisation: str) -> str:
    return network.reverse(rows.Authorisation.objects.get(token=authorisation), NOW).token


def pay(world: World, amount_minor: int, key: str) -> str:
    request = first_time(key, f"pay {amount_minor}", NOW)
    if request is None:
        return first_answer(key)
    row = book(
        world.account, kind=Kind.PAYMENT, amount_minor=-amount_minor, at=NOW, key=f"payment:{key}",
        words="Payment, thank you", channel="payment",
    )  # fmt: skip
    request.answer = row.token
    request.save(update_fields=["answer"])
    return row.token


def redeem(world: World, points: int, key: str) -> str:
    return EmbeddedRewards().redeem(
        world.customer, account=world.account.token, points=points, option="statement_credit", at=NOW, key=key
    ).token  # fmt: skip


# ------------------------------------------------------------------------------------------------- together


def together(operations: Sequence[Operation], chance: random.Random) -> list[set[str]]:
    """Each up to three times, all at once in no order; for each, the different answers it gave."""
    calls = [
        (number, call) for number, call in enumerate(operations) for _ in range(chance.choice((1, 1, 2, 3)))
    ]
    chance.shuffle(calls)
    answers: list[set[str]] = [set() for _ in operations]
    with ThreadPoolExecutor(THREADS) as pool:
        for (number, _), answer in zip(
            calls, pool.map(lambda call: _answer_on_a_thread(call[1]), calls), strict=True
        ):
            answers[number].add(answer)
    return answers


def answer(call: Operation) -> str:
    """What it made, or "" where the core refused it."""
    try:
        return inside(call)
    except (CoreRefused, CoreNotFound) as refused:
        assert "key_reused" not in str(refused)
        return ""


def _answer_on_a_thread(call: Operation) -> str:
    try:
        return answer(call)
    finally:
        connections.close_all()


def test_books_and_points_agree_after_1000_operations_at_once(one_writer: None) -> None:
    chance = random.Random("a busy day")
    worlds = [World(f"c-{number}") for number in range(4)]
    bought = together(
        [
            partial(buy, chance.choice(worlds), chance.randint(1_000, 1_500), f"buy {number}")
            for number in range(200)
        ],
        chance,
    )
    held = together(
        [
            partial(authorise, chance.choice(worlds), chance.randint(1, 20), f"hold {number}")
            for number in range(100)
        ],
        chance,
    )
    purchases = [token for tokens in bought for token in tokens if token]
    waiting = [token for tokens in held for token in tokens if token]
    assert len(purchases) == 200, "one purchase for each key, however often it was asked"
    mixed: list[Operation] = []
    for number in range(700):
        world = chance.choice(worlds)
        mixed.append(
            chance.choice(
                [
                    partial(buy, world, chance.randint(1, 2_000), f"more {number}"),
                    partial(give_back, chance.choice(purchases), chance.randint(1, 900), f"refund {number}"),
                    partial(reverse, chance.choice(waiting)),
                    partial(pay, world, chance.randint(1, 3_000), f"pay {number}"),
                    partial(redeem, world, 1_000, f"redeem {number}"),
                ]
            )
        )
    answers = together(mixed, chance)
    assert all(len(tokens - {""}) <= 1 for tokens in answers), "a repeat never makes a second thing"
    assert sum(bool(tokens - {""}) for tokens in answers) > 400, "most of it was carried out"
    check_books(*worlds)


def test_the_limit_holds_however_many_ask_at_once(one_writer: None) -> None:
    worlds = [World(f"c-{number}", LIMIT_MINOR) for number in range(8)]
    for world in worlds:
        asked = [
            partial(authorise, world, 60_000, f"hold {world.customer} {number}") for number in range(THREADS)
        ]
        together(asked, random.Random("a rush"))
    assert [pending_of(world.account) for world in worlds] == [60_000] * 8, "one fits, and none of the others"


def test_points_are_spent_once_however_many_ask_at_once(one_writer: None) -> None:
    world = World()
    inside(partial(buy, world, 50_000, "buy"))  # 1,500 points
    together(
        [partial(redeem, world, 1_000, f"redeem {number}") for number in range(40)], random.Random("a rush")
    )
    assert points_on(world.account) == 500
    assert balance_of(world.account) == 50_000 - 600
    check_books(world)


def test_one_purchase_is_not_refunded_twice_at_once(one_writer: None) -> None:
    world = World()
    purchase = inside(partial(buy, world, 5_000, "buy"))
    together(
        [partial(give_back, purchase, 3_000, f"refund {number}") for number in range(30)],
        random.Random("a rush"),
    )
    assert balance_of(world.account) == 2_000
    check_books(world)


def test_collected_and_given_back_at_once_one_of_both_happens(one_writer: None) -> None:
    world = World()
    asked = [inside(partial(authorise, world, 100, f"hold {number}")) for number in range(20)]
    held = {row.authorisation_id: row.token for row in rows.Transaction.objects.all()}
    by_token = {row.token: held[row.pk] for row in rows.Authorisation.objects.all()}

    def collect(token: str) -> str:
        return network.post_pending(token, at=NOW).token

    operations = [partial(reverse, token) for token in asked]
    with ThreadPoolExecutor(THREADS) as pool:
        list(
            pool.map(
                _answer_on_a_thread, [*operations, *(partial(collect, by_token[token]) for token in asked)]
            )
        )
    posted = rows.Transaction.objects.filter(state=TransactionState.POSTED)
    given_back = rows.Authorisation.objects.filter(outcome="reversed")
    assert posted.count() + given_back.count() == 20
    assert not posted.filter(authorisation__in=given_back).exists()
    assert balance_of(world.account) == 100 * posted.count()
    check_books(world)


# ------------------------------------------------------------------------------------------------ lost answers


def lost(call: Operation) -> str:
    """The core does it, and the line goes dead before its answer arrives."""
    inside(call)
    raise CoreUnknown


@pytest.mark.django_db
def test_a_lost_answer_is_asked_for_again_and_nothing_is_done_twice() -> None:
    world = World()
    bought = inside(partial(buy, world, 50_000, "first"))
    for call in (
        partial(authorise, world, 300, "hold"),
        partial(buy, world, 400, "buy"),
        partial(give_back, bought, 500, "refund"),
        partial(pay, world, 600, "pay"),
        partial(redeem, world, 1_000, "redeem"),
    ):
        before = everything_written()
        with pytest.raises(CoreUnknown):
            lost(call)
        after = everything_written()
        assert after != before, "it was done, although nobody heard so"
        assert inside(call) == inside(call), "the same answer each time"
        assert everything_written() == after
    check_books(world)


def everything_written() -> list[list[object]]:
    tables = (rows.Authorisation, rows.Transaction, rows.Posting, rows.Line, rows.RewardsEntry, rows.Request)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


# ------------------------------------------------------------------------------------------ one after another

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hold", "buy", "refund", "collect", "reverse", "pay", "redeem", "again"]),
        st.integers(0, 9),
        st.integers(1, 60_000),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_the_books_agree(steps: list[tuple[str, int, int]]) -> None:
    """And nothing approved goes over the limit, and points are never used below nothing."""
    first = rows.Account.objects.count()
    world = World(f"c-{first}")
    done: list[Operation] = []
    for number, (what, which, amount_minor) in enumerate(steps):
        before = points_on(world.account)
        call = _step(world, what, which, amount_minor, f"{first} {number}", done)
        if call is None:
            continue
        done.append(call)
        answer(call)
        assert points_on(world.account) >= min(before, 0) or what in ("refund", "again")
        if what in ("hold", "buy"):
            spent = balance_of(world.account) + pending_of(world.account)
            assert spent <= LIMIT_MINOR
    check_books(world)


def _step(
    world: World, what: str, which: int, amount_minor: int, key: str, done: list[Operation]
) -> Operation | None:
    """The next operation; None where there is nothing yet it could be done to."""
    if what == "again":
        return done[which % len(done)] if done else None
    if what in ("hold", "buy"):
        return partial(authorise if what == "hold" else buy, world, amount_minor, key)
    if what == "pay":
        return partial(pay, world, amount_minor, key)
    if what == "redeem":
        return partial(redeem, world, 1_000 + which * 500, key)
    wanted = TransactionState.POSTED if what == "refund" else TransactionState.PENDING
    moved = list(rows.Transaction.objects.filter(account=world.account, state=wanted).order_by("pk"))
    if not moved:
        return None
    row = moved[which % len(moved)]
    if what == "refund":
        return partial(give_back, row.token, amount_minor, key)
    if what == "collect":
        return lambda: network.post_pending(row.token, at=NOW).token
    assert row.authorisation is not None
    return partial(reverse, row.authorisation.token)
