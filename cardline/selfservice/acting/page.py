"""For whom somebody may act now, and who may act for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.members.authorities.models import Authority
from cardline.members.authorities.queries import authorities_over, state_of, valid_for
from cardline.members.authorities.rules import State, scopes_of
from cardline.members.authorities.words import STATES, may
from cardline.ui.capacities import capacity_name


@dataclass(frozen=True, slots=True)
class Choice:
    """value: what the form sends, as `Actor.acting` says it; "" for oneself. may: what it lets do, in words."""

    value: str
    name: str
    capacity: str
    may: str
    until: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who may act for the reader, or could have, or will."""

    name: str
    capacity: str
    may: str
    state: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class ActingPage:
    choices: tuple[Choice, ...]
    others: tuple[Other, ...]


def acting_page(actor: Actor, now: datetime, language: str) -> ActingPage:
    """actor: the person who sits there, whoever they act for just now."""
    rows = valid_for(actor, now)
    oneself = Choice("", actor.name, "", "", "", is_now=not actor.acting_for)
    merged = {(row.member_id, row.kind): [] for row in rows}  # type: dict[tuple[int, str], list[Authority]]
    for row in rows:
        merged[row.member_id, row.kind].append(row)
    found = (_choice(actor, same, now, language) for same in merged.values())
    mine = authorities_over(actor, actor.person_id, now)
    return ActingPage((oneself, *found), tuple(_other(row, now) for row in mine))


def _choice(actor: Actor, rows: list[Authority], now: datetime, language: str) -> Choice:
    """Several rows of one kind for one member are one choice, with what they give together."""
    value = f"{rows[0].member_id}:{rows[0].kind}"
    ends = [row.until for row in rows]
    last = max((end for end in ends if end is not None), default=None) if all(ends) else None
    return Choice(
        value,
        rows[0].member.name,
        capacity_name(rows[0].kind),
        may(scopes_of(row.facts(None) for row in rows)),
        say_date(last.astimezone(current_profile().zone).date(), language, now) if last else "",
        is_now=actor.acting == value,
    )


def _other(row: Authority, now: datetime) -> Other:
    state = state_of(row, now)
    return Other(
        row.person.name,
        capacity_name(row.kind),
        may(row.facts(None).scopes),
        str(STATES[state]),
        is_valid=state is State.VALID,
    )
