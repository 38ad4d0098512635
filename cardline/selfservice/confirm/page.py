"""What /confirm shows: what waits, and how to say that it is really them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.identity.codes.phones import phones_unchanged
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import MOST_WRONG, is_locked, tries_left
from cardline.kit import clock, plugs
from cardline.kit.actors import Actor
from cardline.members.models import ContactPoint
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.cards_page import Call
from cardline.selfservice.confirm.kept import Kept


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone a code can go to. hint: as much of its number as its owner needs to know it, "•• 42"."""

    id: int
    hint: str


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """kept: what waits. phones: where a code can go; none, and only a call is left. sent_to: where one went.

    locked_until: machine time, while nobody may guess. left: tries, where some went wrong; else None. call: the line.
    """

    kept: Kept
    phones: tuple[Phone, ...]
    sent_to: Phone | None
    locked_until: datetime | None
    left: int | None
    call: Call | None


def confirm_page(actor: Actor, kept: Kept) -> ConfirmPage:
    at = clock.machine_now()
    tally = tally_of(actor.member_id)
    points = phones_unchanged(actor.member_id, clock.now()) if plugs.codes.is_there else []
    phones = tuple(Phone(point.pk, _hint(point)) for point in points)
    left = tries_left(tally, at)
    return ConfirmPage(
        kept=kept,
        phones=phones,
        sent_to=next((phone for phone in phones if phone.id == kept.sent_to), None),
        locked_until=tally.locked_until if is_locked(tally, at) else None,
        left=left if left < MOST_WRONG else None,
        call=line_for_questions(actor),
    )


def _hint(point: ContactPoint) -> str:
    digits = [sign for sign in point.value if sign.isdigit()]
    return f"•• {''.join(digits[-2:])}"
