"""A page is listed where the core has its part, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cardline.issuer import core
from cardline.issuer.core import Part
from cardline.kit.actors import Actor, Kind
from cardline.ui.frame import hidden_from, member_nav
from cardline.ui.own_pages import address_of, own_pages


class Core:
    """Asked for nothing but what it offers."""

    offers: frozenset[Part] = frozenset(Part)


@pytest.fixture(autouse=True)
def offers() -> Iterator[Any]:
    """offers(parts): what the core has; at first everything."""
    real, told = core.current_core(), Core()
    core.use_core(told)  # type: ignore[arg-type]
    yield lambda *parts: setattr(told, "offers", frozenset(parts))
    core.use_core(real)


def labels() -> list[str]:
    return [page.label for page in own_pages()]


def phone() -> list[str]:
    return [item.label for item in member_nav("cards", signed_in=True) if item.on_phone]


def test_everything_of_a_member_is_in_the_list() -> None:
    assert labels() == [
        "Cards", "Transactions", "Payments", "Autopay", "Statements", "Rewards", "Benefits", "Alerts", "Profile",
        "Your application", "My contacts", "Get help", "Contact us",
    ]  # fmt: skip


def test_a_part_the_core_lacks_is_not_listed(offers: Any) -> None:
    offers(Part.STATEMENTS)
    assert set(labels()).isdisjoint({"Payments", "Autopay", "Rewards", "Alerts", "Your application"})
    assert {"Statements", "Benefits", "Profile"} <= set(labels())
    assert address_of("rewards", Part.REWARDS) == "" and address_of("rewards") == "/rewards"


def test_a_phone_has_four_sections_with_payments(offers: Any) -> None:
    assert phone() == ["Home", "Cards", "Payments", "My contacts"]
    offers()
    assert phone() == ["Home", "Cards", "Transactions", "My contacts"]


def test_a_wide_screen_has_transactions_and_help_besides() -> None:
    wide = member_nav("transactions", signed_in=True)
    assert [item.label for item in wide] == [
        "Home", "Cards", "Transactions", "Payments", "My contacts", "Get help",
    ]  # fmt: skip
    assert [item.label for item in wide if item.current] == ["Transactions"]


def test_a_visitor_has_the_four_sections_of_the_help_centre() -> None:
    sections = member_nav("help")
    assert [item.label for item in sections] == ["Get help", "My contacts", "Track a case", "Contact us"]
    assert all(item.on_phone for item in sections)


def test_who_runs_a_companys_cards_finds_them_beside_the_sections() -> None:
    assert "Company cards" not in [item.label for item in member_nav("account", signed_in=True)]
    found = [item for item in member_nav("program", signed_in=True, program=True) if item.key == "program"]
    assert [(item.url, item.current, item.on_phone) for item in found] == [("/program", True, False)]


def test_who_acts_without_sight_is_led_to_no_page_that_refuses_them() -> None:
    person = Actor(Kind.MEMBER, "1", acting_for=2, capacity="account_manager_limited")
    assert hidden_from(Actor(Kind.MEMBER, "1")) == frozenset()
    assert "payments" in hidden_from(person)
    may_pay = hidden_from(replace(person, scopes=frozenset({"pay"})))
    sections = member_nav("account", signed_in=True, hidden=may_pay)
    assert [item.label for item in sections if item.on_phone] == [
        "Home",
        "Payments",
        "My contacts",
        "Get help",
    ]
