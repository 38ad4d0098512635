"""Questions about points. They belong to an account, so only its holders are answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cardline.cards.queries import AccountSummary, account_summary
from cardline.cards.visibility import member_seen_by
from cardline.cases.models import Case, Entry
from cardline.contact.models import Contact
from cardline.issuer.core import (
    MOST,
    CoreNotFound,
    CoreRefused,
    Page,
    Part,
    Rewards,
    RewardsEntry,
    RewardsOption,
    Transaction,
    current_core,
)
from cardline.kit.actors import Actor
from cardline.kit.money import Money
from cardline.kit.reference import BadReference, parse_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible

MISSING_NEED = "rewards.missing"
REDEEM_NEED = "rewards.redeem"
REDEEMED = "points.redeemed"
PAGES_LOOKED_THROUGH = 50  # of MOST lines each: 10,000 lines since the charge


@dataclass(frozen=True, slots=True)
class Purse:
    """An account's points and what they can be used for; no options where the account collects none."""

    summary: AccountSummary
    rewards: Rewards
    options: tuple[RewardsOption, ...]

    @property
    def account(self) -> str:
        return self.summary.account.token

    def option(self, wanted: str) -> RewardsOption | None:
        return next((option for option in self.options if option.id == wanted), None)


@dataclass(frozen=True, slots=True)
class Redemption:
    """Points that were used on these pages, as it was written down."""

    ref: str
    at: datetime
    account: str
    option: str
    points: int
    worth: Money


def check_programme() -> None:
    """Raises NotThere where the issuer has no programme: then nothing of it is there."""
    if Part.REWARDS not in current_core().offers:
        raise NotThere()


def accounts_with_points(actor: Actor, member_id: int | None = None) -> list[AccountSummary]:
    """The accounts whose points this member may see and use, oldest first; none for an additional card member.
    member_id: for a colleague.

    Raises NotThere, also where the issuer has no programme.
    """
    check_programme()
    return account_summary(actor, member_id)


def purse_of(actor: Actor, summary: AccountSummary, member_id: int | None = None) -> Purse:
    """summary: one of `accounts_with_points`."""
    core, customer = current_core(), member_seen_by(actor, member_id).core_customer
    token = summary.account.token
    return Purse(summary, core.rewards(customer, token), tuple(core.rewards_options(customer, token)))


def points_history(actor: Actor, account: str, *, after: str = "", most: int = 25) -> Page[RewardsEntry]:
    """A page of what came and went, newest first. after: what the page before said in `next`. Raises NotThere."""
    customer = member_seen_by(actor).core_customer
    try:
        return current_core().rewards_entries(customer, account, after=after, most=most)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreRefused as no:
        if no.reason == "bad_page":
            raise NotThere() from no
        raise


def points_of_charge(actor: Actor, charge: Transaction) -> tuple[RewardsEntry, ...]:
    """What this charge brought or took, oldest first. Raises NotThere for a charge of somebody else's account."""
    since = _lines_since(actor, charge.account, charge.at)
    return tuple(reversed([line for line in since if line.transaction == charge.token]))


def _lines_since(actor: Actor, account: str, began: datetime) -> Iterator[RewardsEntry]:
    """Newest first. Points never come before the charge that brings them."""
    after = ""
    for _ in range(PAGES_LOOKED_THROUGH):
        page = points_history(actor, account, after=after, most=MOST)
        for line in page.items:
            if line.at < began:
                return
            yield line
        after = page.next
        if not after:
            return


def case_about_points_of(actor: Actor, charge: str) -> Case | None:
    """The open case in which the member asked for the points of this charge. charge: the core's token."""
    asked = visible(Contact, actor).filter(
        case__state=Case.State.OPEN, case__need=MISSING_NEED, plan__contains=f'"{charge}"'
    )
    contact = asked.select_related("case").order_by("-started_at", "-id").first()
    return contact.case if contact else None


def redemption_of(actor: Actor, reference: str) -> Redemption:
    """What stands in the case of this reference. Raises NotThere, also for a case about something else, which takes
    as many questions as one that is not there.
    """
    try:
        ref = parse_reference(reference)
    except BadReference as problem:
        raise NotThere() from problem
    redeemed = visible(Entry, actor).filter(case__ref=ref, kind=REDEEMED)
    entry = redeemed.order_by("-id").first()
    if entry is None:
        raise NotThere()
    told = json.loads(entry.data)
    return Redemption(
        ref=ref,
        at=entry.at,
        account=told["account"],
        option=told["option"],
        points=told["points"],
        worth=Money(told["amount_minor"], told["currency"]),
    )
