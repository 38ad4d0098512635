"""What Greta may do with the cards of her company's program, what she may not, and where it is written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import CardClosed, NotYoursToUnfreeze, activate_card, freeze_card, unfreeze_card
from cardline.cards.models import Freeze
from cardline.cards.programs.commands import (
    AboveTheAccount,
    NoLimit,
    NotTheCompanysFreeze,
    YourOwnCard,
    end_for_leaver,
    freeze_employees_card,
    replace_employees_card,
    replace_to_company,
    set_limit,
    unfreeze_employees_card,
)
from cardline.cards.programs.promising import LAST_CHARGES, done_by
from cardline.cards.programs.queries import employee_card, employee_cards
from cardline.cards.queries import cards_of, transactions_of
from cardline.cases.models import Case, Entry
from cardline.issuer.core import CardState, Delivery, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.refusals import LevelTooLow, Malformed, NotThere
from cardline.members.authorities.door import CapacityMissing
from cardline.members.models import Authority, ContactChange, Program, ProgramMember
from cardline.members.programs.queries import acting_for, administers_one, departure
from cardline.notify.models import Outgoing
from cardline.promises.models import Promise

ACTS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "freeze": (freeze_employees_card, {}),
    "unfreeze": (unfreeze_employees_card, {}),
    "replace": (replace_employees_card, {"why": "damaged"}),
    "limit": (set_limit, {"limit_minor": 3_000_00}),
    "leaver": (end_for_leaver, {}),
}


@pytest.fixture
def greta(cast: Any, as_member: Any) -> Actor:
    """As herself; what she does in the program she does as `for_company`."""
    actor: Actor = as_member(cast.greta)
    return actor


@pytest.fixture
def for_company(greta: Actor) -> Actor:
    return acting_for(greta, Program.objects.get())


@pytest.fixture
def samir(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.samir)
    return actor


@pytest.fixture
def card(samir: Actor) -> str:
    (held,) = cards_of(samir)
    return held.token


def said_in(case_id: int) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (one.kind, one.author_name, json.loads(one.data))
        for one in Entry.objects.filter(case=case_id).order_by("n")
    ]


# ---------------------------------------------------------------------------------------------- what is shown


def test_she_sees_each_card_with_its_limit_and_a_sum(cast: Any, greta: Actor) -> None:
    cards = employee_cards(greta, cast.now)
    assert [card.name for card in cards] == sorted(
        (card.name for card in cards), key=lambda name: name.split()[1]
    )
    assert len(cards) == 8 and [card.mine for card in cards].count(True) == 1
    found = next(card for card in cards if card.name == "Samir Haddad")
    assert found.spending is not None and found.spending.limit is not None
    assert found.spending.limit.amount_minor == 2_500_00
    spent = sum(one.amount.amount_minor for one in current_core().transactions("demo-samir").items)
    assert found.spending.spent.amount_minor == spent > 0


def test_whoever_administers_nothing_has_no_such_page(cast: Any, samir: Actor, as_member: Any) -> None:
    for nobody in (samir, as_member(cast.owen)):
        assert not administers_one(nobody, cast.now)
        with pytest.raises(NotThere):
            employee_cards(nobody, cast.now)


def test_what_employees_bought_is_refused_and_says_in_what_capacity(for_company: Actor) -> None:
    with pytest.raises(CapacityMissing) as refused:
        transactions_of(for_company)
    assert "Northgate Survey LLC" in str(refused.value) and "program administrator" in str(refused.value)


def test_an_authority_that_was_revoked_shows_nothing_any_more(
    cast: Any, greta: Actor, for_company: Actor
) -> None:
    token = employee_cards(greta, cast.now)[0].token
    row = Authority.objects.get()
    Authority.objects.update(revoked_at=cast.now, revoked_by="agent:1", revoked_why="Left")
    with pytest.raises(NotThere):
        employee_cards(greta, cast.now)
    with pytest.raises(CapacityMissing):
        freeze_employees_card(by=for_company, now=cast.now, card=token)
    Authority.objects.filter(pk=row.pk).update(
        revoked_at=None, revoked_by="", revoked_why="", until=cast.now + timedelta(days=1)
    )
    assert employee_cards(greta, cast.now)
    with pytest.raises(NotThere):
        employee_cards(greta, cast.now + timedelta(days=1))


# -------------------------------------------------------------------------------------------- who may do it


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_it_as_themselves(cast: Any, greta: Actor, samir: Actor, card: str, act: str) -> None:
    do, more = ACTS[act]
    for nobody in (greta, samir):
        with pytest.raises(NotThere):
            do(by=nobody, now=cast.now, card=card, **more)
    assert not Case.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_not_with_a_card_that_is_not_the_programs(cast: Any, for_company: Actor, act: str) -> None:
    do, more = ACTS[act]
    (owens,) = current_core().cards("demo-owen")
    for card in (owens.token, "card_ffffffffffffffffffff"):
        with pytest.raises(NotThere):
            do(by=for_company, now=cast.now, card=card, **more)


@pytest.mark.parametrize("act", ACTS)
def test_not_with_her_own(cast: Any, greta: Actor, for_company: Actor, act: str) -> None:
    do, more = ACTS[act]
    own = next(card.token for card in employee_cards(greta, cast.now) if card.mine)
    with pytest.raises(YourOwnCard):
        do(by=for_company, now=cast.now, card=own, **more)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "freeze"])
def test_not_without_a_sign_in(cast: Any, as_member: Any, card: str, act: str) -> None:
    do, more = ACTS[act]
    unknown = acting_for(as_member(cast.greta, signed_in=False), Program.objects.get())
    with pytest.raises(LevelTooLow):
        do(by=unknown, now=cast.now, card=card, **more)


# ------------------------------------------------------------------------------------------------- freezing


def test_a_freeze_stands_in_the_employees_own_case(
    cast: Any, for_company: Actor, samir: Actor, card: str
) -> None:
    done = freeze_employees_card(by=for_company, now=cast.now, card=card)
    case = Case.objects.get()
    assert (case.member, case.ref) == (cast.samir, done["ref"])
    kind, name, data = said_in(case.pk)[-1]
    assert (kind, name) == ("card.frozen", "Greta Solberg")
    assert (data["as"], data["for"]) == ("program_administrator", "Northgate Survey LLC")
    assert cards_of(samir)[0].is_frozen
    assert not freeze_employees_card(by=for_company, now=cast.now, card=card)["changed"]


def test_the_companys_freeze_is_the_companys_to_undo(
    cast: Any, for_company: Actor, samir: Actor, card: str
) -> None:
    freeze_employees_card(by=for_company, now=cast.now, card=card)
    assert not cards_of(samir)[0].can_unfreeze
    with pytest.raises(NotYoursToUnfreeze):
        unfreeze_card(by=samir, now=cast.now, card=card)
    assert unfreeze_employees_card(by=for_company, now=cast.now, card=card)["changed"]
    assert not cards_of(samir)[0].is_frozen
    assert Case.objects.get().state == Case.State.CLOSED


def test_the_holders_freeze_is_not(
    cast: Any, greta: Actor, for_company: Actor, samir: Actor, card: str
) -> None:
    freeze_card(by=samir, now=cast.now, card=card)
    assert not employee_card(greta, card, cast.now).can_unfreeze
    with pytest.raises(NotTheCompanysFreeze):
        unfreeze_employees_card(by=for_company, now=cast.now, card=card)
    assert cards_of(samir)[0].is_frozen


# ------------------------------------------------------------------------------------------------- replacing


def test_a_lost_card_is_closed_and_another_goes_to_its_holder(
    cast: Any, for_company: Actor, card: str
) -> None:
    done = replace_employees_card(by=for_company, now=cast.now, card=card, why="lost")
    new = current_core().card("demo-samir", done["card"])
    assert (new.state, new.sent_to) == (CardState.INACTIVE, Delivery.CARDHOLDER)
    assert current_core().card("demo-samir", card).state == CardState.CLOSED
    assert Case.objects.get().member == cast.samir


def test_with_another_card_goes_a_promise_that_is_kept_when_it_is_in_use(
    cast: Any, for_company: Actor, samir: Actor, card: str
) -> None:
    done = replace_employees_card(by=for_company, now=cast.now, card=card, why="damaged")
    promise = Promise.objects.get(case=done["case_id"])
    assert (promise.rule, promise.state, promise.queue) == ("card.delivery", "open", promise.case.queue)
    assert not replace_employees_card(by=for_company, now=cast.now, card=card, why="damaged")["changed"]
    assert Promise.objects.count() == 1  # asked again is the same request
    activate_card(by=samir, now=cast.now, card=done["card"])
    promise.refresh_from_db()
    assert promise.state == "kept" and Case.objects.get().state == Case.State.CLOSED


def test_a_card_that_waits_has_the_promise_of_the_hold_alone(
    cast: Any, for_company: Actor, card: str
) -> None:
    ContactChange.objects.create(
        member=cast.samir, kind="post", what="changed", state="done", asked_at=cast.now, done_at=cast.now,
        asked_by="member:0", asked_by_name="Somebody",
    )  # fmt: skip
    assert replace_employees_card(by=for_company, now=cast.now, card=card, why="lost")["held"]
    assert [one.rule for one in Promise.objects.all()] == ["card.held"]


def test_to_the_companys_address_it_takes_more(cast: Any, for_company: Actor, card: str) -> None:
    with pytest.raises(LevelTooLow) as refused:
        replace_to_company(by=for_company, now=cast.now, card=card, why="damaged")
    assert (refused.value.needed, refused.value.reached) == (3, 2)


def test_a_reason_nobody_knows_is_refused(cast: Any, for_company: Actor, card: str) -> None:
    with pytest.raises(Malformed):
        replace_employees_card(by=for_company, now=cast.now, card=card, why="expired")


# ---------------------------------------------------------------------------------------------------- limits


def test_a_limit_is_changed_and_both_sums_are_written_down(cast: Any, for_company: Actor, card: str) -> None:
    done = set_limit(by=for_company, now=cast.now, card=card, limit_minor=3_000_00)
    assert (done["before"], done["after"], done["changed"]) == (2_500_00, 3_000_00, True)
    case = Case.objects.get()
    assert (case.member, case.state) == (cast.samir, Case.State.CLOSED)
    kind, _, data = next(one for one in said_in(case.pk) if one[0] == "card.limit_changed")
    assert (data["before"], data["after"], data["currency"]) == (2_500_00, 3_000_00, "USD")
    assert Outgoing.objects.get().member == cast.samir
    again = set_limit(by=for_company, now=cast.now, card=card, limit_minor=3_000_00)
    assert (again["changed"], Case.objects.count()) == (False, 1)


def test_there_and_back_and_there_again_is_three_changes(cast: Any, for_company: Actor, card: str) -> None:
    for limit in (3_000_00, 2_500_00, 3_000_00):
        assert set_limit(by=for_company, now=cast.now, card=card, limit_minor=limit)["changed"]
    assert Case.objects.count() == 3


def test_a_limit_above_the_accounts_says_both_sums(cast: Any, for_company: Actor, card: str) -> None:
    set_limit(by=for_company, now=cast.now, card=card, limit_minor=60_000_00)
    with pytest.raises(AboveTheAccount) as refused:
        set_limit(by=for_company, now=cast.now, card=card, limit_minor=60_000_01)
    assert "$60,000.01" in str(refused.value) and "$60,000.00" in str(refused.value)
    with pytest.raises(NoLimit):
        set_limit(by=for_company, now=cast.now, card=card, limit_minor=0)


# ----------------------------------------------------------------------------------------------------- leavers


def test_a_leaver_loses_the_card_and_keeps_the_rest(
    cast: Any, greta: Actor, for_company: Actor, samir: Actor, card: str
) -> None:
    freeze_employees_card(by=for_company, now=cast.now, card=card)
    done = end_for_leaver(by=for_company, now=cast.now, card=card)
    assert current_core().card("demo-samir", card).state == CardState.CLOSED
    assert card not in {one.token for one in employee_cards(greta, cast.now)}
    row = departure(greta, done["departure"], cast.now)
    assert (row.member, row.last4, row.ref, row.merchants) == (cast.samir, "8119", done["ref"], 1)
    assert row.ended_by_name == "Greta Solberg"
    assert not Freeze.objects.filter(unfrozen_at=None).exists()
    assert transactions_of(samir).items  # what he bought stays his
    case = Case.objects.get(ref=done["ref"])
    assert (case.member, case.state) == (cast.samir, Case.State.OPEN)
    promise = Promise.objects.get(case=case)
    assert (promise.rule, promise.state, promise.queue) == (LAST_CHARGES, "open", case.queue)
    assert promise.due_at == done_by(LAST_CHARGES, cast.now, current_profile()) and promise.next_step_at
    assert {row.member: row.template for row in Outgoing.objects.all()} == {
        cast.samir: "news",
        cast.greta: "receipt",
    }


def test_nothing_is_done_to_somebody_who_left(cast: Any, for_company: Actor, card: str) -> None:
    end_for_leaver(by=for_company, now=cast.now, card=card)
    for do, more in ACTS.values():
        with pytest.raises((NotThere, CardClosed)):
            do(by=for_company, now=cast.now, card=card, **more)
    assert ProgramMember.objects.exclude(until=None).count() == 1


def test_a_departure_is_shown_to_the_programs_administrator_alone(
    cast: Any, for_company: Actor, samir: Actor, as_member: Any, card: str
) -> None:
    number = end_for_leaver(by=for_company, now=cast.now, card=card)["departure"]
    for nobody in (samir, as_member(cast.owen)):
        with pytest.raises(NotThere):
            departure(nobody, number, cast.now)
    still_there = ProgramMember.objects.filter(until=None).values_list("pk", flat=True)[0]
    with pytest.raises(NotThere):
        departure(as_member(cast.greta), still_there, cast.now)


def test_an_administrator_who_leaves_administers_no_longer(
    cast: Any, as_member: Any, for_company: Actor
) -> None:
    Authority.objects.update(person=cast.samir)
    samir = as_member(cast.samir)
    gretas = next(c.token for c in employee_cards(samir, cast.now) if c.name == "Greta Solberg")
    Authority.objects.create(
        **{
            field.name: getattr(Authority.objects.get(), field.name)
            for field in Authority._meta.concrete_fields
            if field.name not in ("id", "person")
        },
        person=cast.greta,
    )
    assert administers_one(as_member(cast.greta), cast.now)
    end_for_leaver(by=acting_for(samir, Program.objects.get()), now=cast.now, card=gretas)
    assert not administers_one(as_member(cast.greta), cast.now)
    assert administers_one(samir, cast.now)
