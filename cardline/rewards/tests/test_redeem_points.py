"""Using points: once, written down, by who holds them, and never twice whatever happens to the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from cardline.cases.commands import NEVER
from cardline.cases.models import Case, Entry
from cardline.identity.models import Evidence
from cardline.issuer import core
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import CoreUnknown, Part
from cardline.kit import writer
from cardline.kit.refusals import KeyReused, LevelTooLow, NotPermitted, NotThere, TooMany
from cardline.rewards.commands import (
    CannotUseThese,
    TooFewPoints,
    TooSmall,
    UnknownOption,
    WrongStep,
    redeem_points,
)
from cardline.rewards.queries import redemption_of
from cardline.rewards.tests.points import account_of, give, points_of

CREDIT = "statement_credit"


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    give(cast.maya, 5_000, cast.now)
    return as_member(cast.maya)


@pytest.fixture
def wish(cast: Any, maya: Any) -> dict[str, Any]:
    """2,000 points for money, as Maya's form asks for it."""
    return {
        "by": maya,
        "now": cast.now,
        "account": account_of(cast.maya),
        "option": CREDIT,
        "points": 2_000,
        "wish": "wish-0001",
    }


class LostAnswers:
    """A core that does what it is asked; the answer to a redemption is lost as often as it is told."""

    def __init__(self, real: Any, times: int) -> None:
        self.real, self.times = real, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def redeem(self, *args: Any, **kwargs: Any) -> Any:
        done = self.real.redeem(*args, **kwargs)
        if self.times:
            self.times -= 1
            raise CoreUnknown("timed out")
        return done


@pytest.fixture
def kept_by_the_core() -> Iterator[LostAnswers]:
    """Its answer is lost once, and what it did stays done: it has books of its own, which our undoing leaves be."""
    real = core.current_core()
    lost = LostAnswers(OwnBooks(real), 1)
    core.use_core(lost)
    yield lost
    core.use_core(real)


class OwnBooks:
    """What was redeemed under which key, outside our transaction."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.done: dict[str, dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def redeem(self, customer: str, *, key: str, **asked: Any) -> Any:
        at = asked.pop("at")
        if self.done.setdefault(key, asked) != asked:
            raise core.CoreRefused("key_reused")
        return core.RewardsEntry(
            token=f"pts_{len(self.done)}",
            account=asked["account"],
            kind=core.RewardsKind.REDEEM,
            points=-asked["points"],
            at=at,
            words=asked["option"],
        )


# ----------------------------------------------------------------------------------------------------- it does it


def test_points_become_money_and_a_case_that_nobody_has_to_look_at(
    cast: Any, maya: Any, wish: dict[str, Any]
) -> None:
    owed = core.current_core().accounts(cast.maya.core_customer)[0].balance
    done = redeem_points(**wish)
    assert done["changed"] and points_of(cast.maya) == 3_000
    now_owed = core.current_core().accounts(cast.maya.core_customer)[0].balance
    assert (owed - now_owed).amount_minor == 12_00
    case = Case.objects.get(pk=done["case_id"])
    assert (case.need, case.subject, case.state) == (
        "rewards.redeem",
        "Points used: 2,000",
        Case.State.CLOSED,
    )
    assert case.attention_at == NEVER
    told = json.loads(Entry.objects.get(case=case, kind="points.redeemed").data)
    entry = core.current_core().rewards_entries(cast.maya.core_customer, wish["account"]).items[0]
    assert told == {
        "entry": entry.token,
        "account": wish["account"],
        "option": CREDIT,
        "points": 2_000,
        "amount_minor": 12_00,
        "currency": "USD",
    }
    written = redemption_of(maya, done["ref"])
    assert (written.points, written.worth.amount_minor, written.option) == (2_000, 12_00, CREDIT)


def test_the_case_is_called_in_the_member_s_language(cast: Any, as_member: Any) -> None:
    tomasz = cast.tomasz
    type(tomasz).objects.filter(pk=tomasz.pk).update(language="es")
    give(tomasz, 5_000, cast.now)
    redeem_points(
        by=as_member(tomasz),
        now=cast.now,
        account=account_of(tomasz),
        option=CREDIT,
        points=2_000,
        wish="wish-0001",
    )
    assert Case.objects.get().subject == "Puntos canjeados: 2,000"


# ------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"points": 5_500}, TooFewPoints),
        ({"points": 500}, TooSmall),
        ({"points": 1_001}, WrongStep),
        ({"option": "yacht"}, UnknownOption),
    ],
)
def test_each_reason_of_the_core_is_said_in_words(
    cast: Any, wish: dict[str, Any], changed: dict[str, Any], refusal: type[CannotUseThese]
) -> None:
    with pytest.raises(refusal) as no:
        redeem_points(**{**wish, **changed})
    assert no.value.status in (409, 422) and str(no.value)
    assert points_of(cast.maya) == 5_000 and not Case.objects.exists()


@pytest.mark.parametrize(
    ("points", "refusal"), [(0, TooSmall), (-1_000, TooSmall), (10**15, TooFewPoints), (10**40, TooFewPoints)]
)
def test_a_number_that_nobody_has_is_not_put_to_the_core(
    cast: Any, wish: dict[str, Any], points: int, refusal: type[CannotUseThese]
) -> None:
    with pytest.raises(refusal):
        redeem_points(**{**wish, "points": points})
    assert points_of(cast.maya) == 5_000


def test_nobody_else_uses_them(
    cast: Any, wish: dict[str, Any], as_member: Any, as_agent: Any, visitor: Any
) -> None:
    for other in (cast.luis, cast.nils, cast.hannah):
        with pytest.raises(NotThere):
            redeem_points(**{**wish, "by": as_member(other)})
    with pytest.raises(LevelTooLow):  # a colleague outside of any conversation
        redeem_points(**{**wish, "by": as_agent(cast.dana)})
    with pytest.raises(NotPermitted):
        redeem_points(**{**wish, "by": visitor})
    assert points_of(cast.maya) == 5_000 and not Case.objects.exists()


def test_an_additional_card_member_does_not_use_the_holder_s(cast: Any, as_member: Any) -> None:
    give(cast.rosa, 5_000, cast.now)
    with pytest.raises(NotThere):
        redeem_points(
            by=as_member(cast.nils),
            now=cast.now,
            account=account_of(cast.rosa),
            option=CREDIT,
            points=1_000,
            wish="wish-0001",
        )
    assert points_of(cast.rosa) == 5_000


def test_each_holder_of_a_joint_account_may(cast: Any, as_member: Any) -> None:
    give(cast.tomasz, 5_000, cast.now)
    asked = {"now": cast.now, "account": account_of(cast.tomasz), "option": CREDIT, "wish": "wish-0001"}
    for holder in (cast.tomasz, cast.agata):
        assert redeem_points(by=as_member(holder), points=2_000, **asked)["changed"]
    assert points_of(cast.tomasz) == 1_000


def test_a_session_that_proved_too_little_uses_none(cast: Any, wish: dict[str, Any]) -> None:
    Evidence.objects.all().delete()
    with pytest.raises(LevelTooLow):
        redeem_points(**wish)
    assert points_of(cast.maya) == 5_000


def test_an_issuer_without_a_programme_has_nothing_to_use(cast: Any, wish: dict[str, Any]) -> None:
    real = core.current_core()

    class WithoutPoints:
        offers = frozenset(Part) - {Part.REWARDS}

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    core.use_core(WithoutPoints())
    try:
        with pytest.raises(NotThere):
            redeem_points(**wish)
    finally:
        core.use_core(real)


def test_too_many_wishes_in_an_hour_are_refused(wish: dict[str, Any], settings: Any) -> None:
    settings.CARDLINE_LIMIT_FACTOR = 0.1  # two an hour
    for n in range(2):
        redeem_points(**{**wish, "points": 1_000, "wish": f"wish-000{n}"})
    with pytest.raises(TooMany):
        redeem_points(**{**wish, "points": 1_000, "wish": "wish-0003"})


# ---------------------------------------------------------------------------------------------------------- once


def test_a_double_click_uses_them_once(cast: Any, wish: dict[str, Any]) -> None:
    first = redeem_points(key="press-0001", **wish)
    assert redeem_points(key="press-0001", **wish) == first
    assert points_of(cast.maya) == 3_000 and Case.objects.count() == 1


def test_one_key_for_two_wishes_is_refused(cast: Any, wish: dict[str, Any]) -> None:
    redeem_points(key="press-0001", **wish)
    with pytest.raises(KeyReused):
        redeem_points(key="press-0001", **{**wish, "points": 1_000})
    with pytest.raises(KeyReused):  # our own key is forgotten one day, the core's is not
        redeem_points(key="press-0002", **{**wish, "points": 1_000})
    assert points_of(cast.maya) == 3_000


def test_the_same_wish_long_after_is_answered_with_what_was_written(cast: Any, wish: dict[str, Any]) -> None:
    first = redeem_points(key="press-0001", **wish)
    assert redeem_points(key="press-0002", **wish) == {**first, "changed": False}
    assert points_of(cast.maya) == 3_000 and Case.objects.count() == 1


def test_after_a_lost_answer_asking_again_does_it_once(
    wish: dict[str, Any], kept_by_the_core: LostAnswers
) -> None:
    with pytest.raises(CoreSilent):
        redeem_points(key="press-0001", **wish)
    assert not Case.objects.exists()  # nothing is said to be done that nobody confirmed
    done = redeem_points(key="press-0001", **wish)
    assert done["changed"] and len(kept_by_the_core.real.done) == 1
    assert Case.objects.count() == 1


def test_after_a_lost_answer_the_key_takes_no_other_wish(
    wish: dict[str, Any], kept_by_the_core: LostAnswers
) -> None:
    with pytest.raises(CoreSilent):
        redeem_points(key="press-0001", **wish)
    with pytest.raises(KeyReused):
        redeem_points(key="press-0001", **{**wish, "points": 1_000})


def test_an_answer_about_something_else_is_no_confirmation(wish: dict[str, Any]) -> None:
    real = core.current_core()

    class Mistaken(LostAnswers):
        def redeem(self, *args: Any, **kwargs: Any) -> Any:
            return self.real.redeem(*args, **{**kwargs, "points": kwargs["points"] - 500})

    core.use_core(Mistaken(real, 0))
    try:
        with pytest.raises(CoreSilent):
            redeem_points(**wish)
    finally:
        core.use_core(real)
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_very_same_moment_spend_them_once(
    transactional_db: None, cast: Any, wish: Any
) -> None:
    """Each in a thread of its own: through the one writer on SQLite, in two transactions on PostgreSQL."""
    writer.start_writer()
    try:
        with ThreadPoolExecutor(2) as tabs:
            answers = list(
                tabs.map(lambda n: _press({**wish, "points": 5_000, "wish": f"tab-000{n}"}), (1, 2))
            )
    finally:
        assert writer.stop_writer()
    assert sorted(answers) == ["done", "too_few_points"]
    assert points_of(cast.maya) == 0 and Case.objects.count() == 1


def _press(wish: dict[str, Any]) -> str:
    try:
        redeem_points(key=wish["wish"], **wish)
    except TooFewPoints as no:
        return no.code
    finally:
        connections.close_all()
    return "done"
