"""Whose cards include what: of the product and the edition their account has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cardline.benefits.queries import benefit, benefits_of, sold_now, sold_product
from cardline.issuer.embedded import models as rows
from cardline.kit.refusals import NotThere

# The sample's Everyday Card changed for everybody on 1 October 2026.
BEFORE = datetime(2026, 10, 1, 3, 59, tzinfo=UTC)  # the evening before in New York
AFTER = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
Actors = Callable[..., Any]


def ids(gives: Any) -> list[str]:
    return [one.id for one in gives.now]


def test_an_account_opened_long_ago_gets_the_edition_that_reached_everybody(
    cast: Any, as_member: Actors
) -> None:
    maya = as_member(cast.maya)
    (before,) = benefits_of(maya, BEFORE, "en")
    (after,) = benefits_of(maya, AFTER, "en")
    assert (before.edition, ids(before.gives)) == (
        "2020",
        ["shopping-cover", "longer-warranty", "trip-accident"],
    )
    assert (after.edition, ids(after.gives)) == ("2026", ["shopping-cover", "longer-warranty", "phone-cover"])
    assert (before.changed_on, after.changed_on) == (None, date(2026, 10, 1))
    assert "Phone cover is new." in after.changes
    assert "nueva" in benefits_of(maya, AFTER, "es")[0].changes


def test_an_account_keeps_its_edition_where_the_new_one_is_for_new_accounts(
    cast: Any, as_member: Actors
) -> None:
    owen = as_member(cast.owen)
    (kept,) = benefits_of(owen, cast.now, "en")
    assert kept.edition == "2018" and "lounge-visits" not in ids(kept.gives)
    rows.Account.objects.filter(holders__customer__number=cast.owen.core_customer).update(
        opened_at=datetime(2025, 3, 1, tzinfo=UTC)
    )
    (new,) = benefits_of(owen, cast.now, "en")
    assert new.edition == "2025" and "lounge-visits" in ids(new.gives)


def test_the_core_s_own_word_for_the_edition_counts(cast: Any, as_member: Actors) -> None:
    maya = as_member(cast.maya)
    hers = rows.Account.objects.filter(holders__customer__number=cast.maya.core_customer)
    hers.update(version="2020")
    assert benefits_of(maya, cast.now, "en")[0].edition == "2020"
    hers.update(version="1999")
    unknown = benefits_of(maya, cast.now, "en")[0]
    assert (unknown.name, unknown.gives) == ("Everyday Card", None)


def test_a_product_the_profile_does_not_list_is_named_and_nothing_is_said_of_it(
    cast: Any, as_member: Actors
) -> None:
    rows.Account.objects.update(product="Mystery Card")
    (found,) = benefits_of(as_member(cast.maya), cast.now, "en")
    assert (found.name, found.product, found.gives) == ("Mystery Card", None, None)


def test_an_additional_member_sees_what_their_own_card_includes(cast: Any, as_member: Actors) -> None:
    (rosas,) = benefits_of(as_member(cast.rosa), cast.now, "en")
    (nils,) = benefits_of(as_member(cast.nils), cast.now, "en")
    assert rosas.last4s == ("3390", "3408", "3416") and nils.last4s == ("3408",)
    assert ids(nils.gives) == ids(rosas.gives) and nils.is_whole


def test_where_editions_differ_an_additional_member_is_told_there_may_be_more(
    cast: Any, as_member: Actors
) -> None:
    rows.Account.objects.update(product="Company Card")
    (nils,) = benefits_of(as_member(cast.nils), cast.now, "en")
    assert ids(nils.gives) == ["no-foreign-fee", "late-luggage"]
    assert (nils.is_whole, nils.edition) == (False, "")


def test_a_closed_card_includes_nothing(cast: Any, as_member: Actors) -> None:
    rows.Card.objects.filter(customer__number=cast.maya.core_customer).update(
        closed_at=cast.now, closed_reason="lost"
    )
    assert benefits_of(as_member(cast.maya), cast.now, "en") == []


def test_nobody_sees_anybody_else_s(cast: Any, as_member: Actors, visitor: Any) -> None:
    luis = benefits_of(as_member(cast.luis), cast.now, "en")
    assert [one.last4s for one in luis] == [("2206",)]
    with pytest.raises(NotThere):
        benefits_of(visitor, cast.now, "en")


def test_anybody_may_know_what_each_product_gives_today(cast: Any) -> None:
    assert [sold.product.id for sold in sold_now(cast.now)][:2] == ["everyday", "travel"]
    assert ids(sold_product("company", cast.now).gives) == ["no-foreign-fee", "late-luggage", "lounge-visits"]
    assert benefit("phone-cover").version == "PC-1"
    for unknown in ("", "none", "Everyday Card", "x" * 500):
        with pytest.raises(NotThere):
            sold_product(unknown, cast.now)
        with pytest.raises(NotThere):
            benefit(unknown)
