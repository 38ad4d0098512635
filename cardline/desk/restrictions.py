"""Restrictions as the desk shows them: the band beside a member, and the page with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language, gettext

from cardline.cards.queries import account_summary
from cardline.cards.visibility import member_seen_by
from cardline.cases.models import Case
from cardline.issuer.core import CoreError
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.members.models import HeldMessage, Member, Restriction
from cardline.members.restrictions.commands import may_use_hand
from cardline.members.restrictions.queries import held_messages_of, restrictions_of
from cardline.members.restrictions.rules import State, state_at
from cardline.members.restrictions.table import TABLE, Answer, RestrictionKind
from cardline.members.restrictions.words import GROUPS, MESSAGES, name_of, reachable


@dataclass(frozen=True, slots=True)
class Shown:
    """A restriction in words. said_on: the day of its source. whose: the holder's name, where it is another member's.
    account: its product, where it is about one. stops: what may not be done; through: what goes through the
    representative, who is "" where nobody is named. can_lift: by whoever looks, now.
    """

    row: Restriction
    name: str
    said_on: str
    state: State
    whose: str
    account: str
    stops: str
    through: str
    representative: str
    can_lift: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A message that did not leave, and the restriction that held it."""

    message: str
    at: datetime
    because: str
    goes_through: bool


@dataclass(frozen=True, slots=True)
class RestrictionsPage:
    """case: the member's newest that the reader sees, to go back to. accounts: (token, product) to choose from; none
    while the core is silent (core_is_silent). kinds: those the reader may place.
    """

    member: Member
    case_id: int
    reference: str
    standing: list[Shown]
    earlier: list[Shown]
    held: list[Held]
    accounts: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    core_is_silent: bool = False


def standing_over(actor: Actor, member_id: int, now: datetime) -> list[Shown]:
    """What stands over a member now, for the band; in one statement."""
    rows = restrictions_of(actor, member_id)
    shown = (_shown(actor, row, member_id, now, {}) for row in rows)
    return [one for one in shown if one.state is State.STANDS]


def restrictions_page(actor: Actor, member_id: int, now: datetime) -> RestrictionsPage:
    """The page of a member of whom the actor sees a case. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    # "open" before "closed": in the order of the words, backwards.
    case = visible(Case, actor).filter(member=member).order_by("-state", "-opened_at", "-pk")[0]
    accounts, is_silent = _accounts(actor, member)
    shown = [_shown(actor, row, member_id, now, dict(accounts)) for row in restrictions_of(actor, member_id)]
    current = (State.STANDS, State.PLANNED)
    return RestrictionsPage(
        member=member,
        case_id=case.pk,
        reference=show_reference(case.ref),
        standing=[one for one in shown if one.state in current],
        earlier=[one for one in shown if one.state not in current],
        held=[_held(row) for row in held_messages_of(actor, member_id)],
        accounts=accounts,
        kinds=_kinds(actor),
        core_is_silent=is_silent,
    )


def _accounts(actor: Actor, member: Member) -> tuple[list[tuple[str, str]], bool]:
    try:
        found = account_summary(actor, member_id=member.pk)
    except CoreError:
        return [], True
    return [(one.account.token, one.account.product) for one in found], False


def _kinds(actor: Actor) -> list[tuple[str, str]]:
    may = [kind for kind in RestrictionKind if may_use_hand(actor, TABLE.kinds[kind].place)]
    return sorted(((kind.value, name_of(kind)) for kind in may), key=lambda kind: kind[1])


def _shown(actor: Actor, row: Restriction, member_id: int, now: datetime, products: dict[str, str]) -> Shown:
    kind = RestrictionKind(row.kind)
    state = state_at(row.facts(member_id), now)
    who = row.speaks
    cells = TABLE.kinds[kind].cells
    redirected = [
        group for group in TABLE.groups if who is not None and cells[group].answer is Answer.REDIRECT
    ]
    return Shown(
        row=row,
        name=name_of(kind),
        said_on=say_date(row.said_on, get_language() or "en", now),
        state=state,
        whose=row.member.name if row.member_id != member_id else "",
        account=products.get(row.account, gettext("One account")) if row.account else "",
        stops=_listed([group for group in TABLE.refused_by(kind) if group not in redirected]),
        through=_listed(redirected),
        representative=reachable(who) if who else "",
        can_lift=state in (State.STANDS, State.PLANNED) and may_use_hand(actor, TABLE.kinds[kind].lift),
    )


def _held(row: HeldMessage) -> Held:
    group = TABLE.group_of(row.kind)
    message = str(MESSAGES.get(row.kind, GROUPS[group]))
    return Held(message, row.at, name_of(row.restriction.kind), row.answer == Answer.REDIRECT)


def _listed(groups: Sequence[str]) -> str:
    return ", ".join(str(GROUPS[group]) for group in groups)
