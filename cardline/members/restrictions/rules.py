"""Which restriction wins. Pure: rows as values and an instant in, one answer out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cardline.members.restrictions.table import TABLE, Answer, RestrictionKind


@dataclass(frozen=True, slots=True)
class Representative:
    """Who speaks instead of the member: a name, and a firm, address and phone as far as we know them."""

    name: str
    firm: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restriction as far as deciding goes. id: its row. member: whose it is; touched: about whom we ask now, who may
    be another one with a card on the same account.

    account: the core's token, "" where it is about the person and all they hold. It holds from `since` on, up to and
    without `until` and the moment it was lifted.
    """

    id: int
    kind: RestrictionKind
    member: int
    touched: int
    since: datetime
    account: str = ""
    until: datetime | None = None
    lifted_at: datetime | None = None
    representative: Representative | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """Nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not while this restriction stands. `reason` is its kind's word."""

    reason: RestrictionKind
    by: Restricted


@dataclass(frozen=True, slots=True)
class Redirect:
    """Not with the member: with their representative."""

    representative: Representative
    by: Restricted


Decision = Allow | Refuse | Redirect


class State(StrEnum):
    """Where a restriction is in its time."""

    PLANNED = "planned"
    STANDS = "stands"
    OVER = "over"
    LIFTED = "lifted"


def state_at(one: Restricted, at: datetime) -> State:
    """At the instant it begins it stands; at the instant it ends or is lifted it does not."""
    if one.lifted_at is not None and at >= one.lifted_at:
        return State.LIFTED
    if at < one.since:
        return State.PLANNED
    return State.OVER if one.until is not None and at >= one.until else State.STANDS


def is_about(one: Restricted, group: str, account: str) -> bool:
    """Whether it covers a group of actions done with `account`; with "" (we do not know with which) it does."""
    if one.touched != one.member and TABLE.is_personal(group):
        return False
    return not one.account or not account or one.account == account


def decide(
    rows: Iterable[Restricted], action: str, at: datetime, account: str = "", capacity: str = ""
) -> Decision:
    """The strictest answer of the restrictions that stand: refuse before redirect before allow.

    Of equally strict ones the first in the order of the table's kinds, then the oldest, answers; the order of `rows`
    changes nothing. capacity: as what somebody speaks for the member. Raises UnknownAction.
    """
    group = TABLE.group_of(action)
    no = [
        (_answer(one, group, capacity), one)
        for one in rows
        if state_at(one, at) is State.STANDS and is_about(one, group, account)
    ]
    strictest = min(filter(lambda pair: pair[0] is not Answer.ALLOW, no), key=_rank, default=None)
    if strictest is None:
        return Allow()
    answer, one = strictest
    if answer is Answer.REDIRECT and one.representative is not None:
        return Redirect(one.representative, one)
    return Refuse(one.kind, one)


def _answer(one: Restricted, group: str, capacity: str) -> Answer:
    """A redirection to nobody is a refusal, and whoever is redirected to has arrived."""
    answer = TABLE.answer(one.kind, group)
    if answer is Answer.REDIRECT and capacity in TABLE.kinds[one.kind].speakers:
        return Answer.ALLOW
    return Answer.REFUSE if answer is Answer.REDIRECT and one.representative is None else answer


def _rank(pair: tuple[Answer, Restricted]) -> tuple[bool, int, datetime, int]:
    answer, one = pair
    return answer is not Answer.REFUSE, TABLE.order(one.kind), one.since, one.id
