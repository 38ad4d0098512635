"""One authority stands instead of another: there is always one of the two, and never both. Source: issue 4, 2."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.conftest import chat_of
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.members.authorities.commands import (
    BeginsLater,
    CannotFollow,
    Paper,
    add_papers,
    confirm_authority,
    revoke_authority,
)
from cardline.members.authorities.models import Authority
from cardline.members.authorities.tests.scene import NOON, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def open_case(cast: Any, as_member: Callable[..., Actor], as_agent: Callable[..., Actor]) -> None:
    """So that Ines, who supervises, may open Maya's record."""
    chat_of(as_member(cast.maya), as_agent(cast.dana), NOON)


@pytest.fixture
def ines(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.ines)


def revoked(authority_id: int) -> bool:
    return Authority.objects.get(pk=authority_id).revoked_at is not None


def test_the_old_one_ends_in_the_moment_the_new_one_lacks_nothing(cast: Any, ines: Actor) -> None:
    old = record(cast.luis, cast.maya, "account_manager_limited")
    new = record(cast.luis, cast.maya, "account_manager_full", instead_of=old, confirmed=False)
    assert not revoked(old)  # until then somebody may still act
    confirm_authority(by=ines, now=NOON, authority_id=new)
    row = Authority.objects.get(pk=old)
    assert (row.revoked_at, row.revoked_by) == (NOON, ines.key)
    assert row.revoked_why == f"Another authority stands instead of it: number {new}."
    assert not revoked(new)


def test_what_needs_nobodys_yes_takes_over_at_once(cast: Any) -> None:
    old = record(cast.luis, cast.maya, "account_manager_full")
    record(cast.luis, cast.maya, "account_manager_limited", instead_of=old)
    assert revoked(old)


def test_papers_that_follow_do_not_end_the_old_one_before_the_yes(cast: Any, ines: Actor) -> None:
    old = record(cast.luis, cast.maya, "account_manager_full")
    new = record(cast.luis, cast.maya, "guardian", instead_of=old, papers=False, confirmed=False)
    paper = Paper(clean("Luis Ferreira for Maya Okafor"), clean("A court's letter"))
    add_papers(by=ines, now=NOON, authority_id=new, paper=paper)
    assert not revoked(old)
    confirm_authority(by=ines, now=NOON, authority_id=new)
    assert revoked(old)


def test_only_one_over_the_same_member_that_is_not_over_can_be_followed(cast: Any) -> None:
    others = record(cast.luis, cast.hannah, "account_manager_limited")
    over = record(cast.luis, cast.maya, "account_manager_limited", until=NOON + timedelta(days=1))
    gone = record(cast.luis, cast.maya, "account_manager_limited")
    revoke_authority(by=SYSTEM, now=NOON, authority_id=gone, why=clean("Over"))
    Authority.objects.filter(pk=over).update(since=NOON - timedelta(days=9), until=NOON)
    for wrong in (others, over, gone, 999_999):
        with pytest.raises(CannotFollow):
            record(cast.luis, cast.maya, "account_manager_limited", instead_of=wrong)
    assert not revoked(others)


def test_an_executor_follows_an_executor_alone(cast: Any) -> None:
    attorney = record(cast.luis, cast.maya, "power_of_attorney")
    with pytest.raises(CannotFollow):
        record(cast.hannah, cast.maya, "executor", instead_of=attorney)
    executor = record(cast.luis, cast.maya, "executor")
    record(cast.hannah, cast.maya, "executor", instead_of=executor)


def test_what_begins_later_cannot_end_another_now(cast: Any) -> None:
    old = record(cast.luis, cast.maya, "account_manager_limited")
    with pytest.raises(BeginsLater):
        record(
            cast.luis, cast.maya, "account_manager_limited", instead_of=old, since=NOON + timedelta(days=3)
        )
    assert not revoked(old)
