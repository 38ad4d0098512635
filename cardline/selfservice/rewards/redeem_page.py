"""Using points, a question a page: for what, how many, is that right; and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import AccountSummary
from cardline.issuer.core import CoreUnknown, RewardsOption
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_moment
from cardline.kit.money import format_money
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.rewards.queries import Purse, accounts_with_points, purse_of, redemption_of
from cardline.rewards.rules import Choice, choices_for, worth_of
from cardline.selfservice.rewards.forms import PointsForm
from cardline.selfservice.rewards.page import (
    AccountChoice,
    NotYours,
    TooDear,
    account_choices,
    chosen,
    not_yours,
    option_rows,
    too_dear,
)
from cardline.selfservice.rewards.words import became, becomes, portion_words, worth_words
from cardline.ui.points import option_name, say_points
from cardline.ui.shapes import Fact, Link, NeedRow

_WISH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class OptionsPage:
    """For what. gone: an option that was chosen and is not there any more."""

    account: str
    accounts: tuple[AccountChoice, ...]
    balance: str
    options: tuple[NeedRow, ...]
    too_dear: tuple[TooDear, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PointsPage:
    """How many. choices: ready-made ones, each leading to the question whether that is right.

    wish: what tells this wish from the next one for the same: whoever goes back and comes again means this one.
    """

    account: str
    option: str
    name: str
    balance: str
    choices: tuple[NeedRow, ...]
    form: PointsForm
    wish: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Is that right. line: what becomes of the points; stays: what is left afterwards."""

    account: str
    option: str
    points: int
    said: str
    line: str
    stays: str
    wish: str
    back: str


@dataclass(frozen=True, slots=True)
class DonePage:
    """next: what comes of it now. balance is among the facts unless the core is silent."""

    title: str
    ref: str
    facts: tuple[Fact, ...]
    next: str
    actions: tuple[Link, ...]


def purse_for(actor: Actor, account: str) -> tuple[list[AccountSummary], Purse | NotYours]:
    """The member's accounts, and the points of the one the address names. Raises NotThere, and CoreUnknown."""
    accounts = accounts_with_points(actor)
    if not accounts:
        return accounts, not_yours(actor)
    return accounts, purse_of(actor, chosen(accounts, account))


def options_page(
    accounts: list[AccountSummary], purse: Purse, language: str, *, gone: bool = False
) -> OptionsPage:
    return OptionsPage(
        account=purse.account,
        accounts=account_choices("rewards_redeem", accounts, purse.account),
        balance=say_points(purse.rewards.points, language),
        options=option_rows(purse, language),
        too_dear=too_dear(purse, language),
        gone=gone,
    )


def points_page(
    purse: Purse, option: RewardsOption, form: PointsForm, wish: str, language: str
) -> PointsPage:
    held = purse.rewards.points
    wish = wish_of(wish)
    return PointsPage(
        account=purse.account,
        option=option.id,
        name=option_name(option.id),
        balance=say_points(held, language),
        choices=tuple(
            _choice_row(purse, option, choice, wish, language) for choice in choices_for(option, held)
        ),
        form=form,
        wish=wish,
    )


def review_page(purse: Purse, option: RewardsOption, points: int, wish: str, language: str) -> ReviewPage:
    said = say_points(points, language)
    worth = format_money(worth_of(option, points), language)
    return ReviewPage(
        account=purse.account,
        option=option.id,
        points=points,
        said=said,
        line=becomes(option.id, said, worth),
        stays=_("Left on the account: %(points)s.")
        % {"points": say_points(purse.rewards.points - points, language)},
        wish=wish_of(wish),
        back=f"{reverse('rewards_redeem')}?{urlencode({'account': purse.account, 'option': option.id})}",
    )


def done_page(actor: Actor, reference: str, now: datetime, language: str) -> DonePage:
    """Raises NotThere."""
    done = redemption_of(actor, reference)
    points = say_points(done.points, language)
    facts = (
        Fact(_("Points used"), points),
        Fact(option_name(done.option), format_money(done.worth, language)),
        Fact(_("When"), say_moment(done.at, current_profile().zone, language, now)),
        Fact(_("Points now"), _balance_now(actor, done.account, language)),
    )
    ref = show_reference(done.ref)
    return DonePage(
        title=_("Done: %(points)s used") % {"points": points},
        ref=ref,
        facts=tuple(fact for fact in facts if fact.value),
        next=became(done.option),
        actions=(Link(_("See its record"), reverse("case", args=[ref]), "file"),),
    )


def wish_of(written: str) -> str:
    """The wish as our own pages passed it on; a new one for anything else."""
    return written if _WISH.fullmatch(written) else str(uuid4())


def _balance_now(actor: Actor, account: str, language: str) -> str:
    """ "" while nobody can say: what was done stays true without it."""
    try:
        purse = purse_of(actor, chosen(accounts_with_points(actor), account))
    except (CoreUnknown, NotThere):
        return ""
    return say_points(purse.rewards.points, language)


def _choice_row(purse: Purse, option: RewardsOption, choice: Choice, wish: str, language: str) -> NeedRow:
    is_all = choice.points == purse.rewards.points
    title = portion_words(choice.portion, say_points(choice.points, language), is_all=is_all)
    query = {"account": purse.account, "option": option.id, "points": choice.points, "wish": wish}
    address = f"{reverse('rewards_redeem')}?{urlencode(query)}"
    return NeedRow("reward", title, worth_words(option, choice.points, language), address)
