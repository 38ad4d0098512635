"""How an account stands with the one counter of wrong guesses."""

from __future__ import annotations

from cardline.identity.guesses.rules import Tally, is_locked
from cardline.identity.models import Guesses
from cardline.kit import clock


def tally_of(member_id: int) -> Tally:
    """Of an account the caller has already seen, or is about to compare something for."""
    row = Guesses.objects.filter(member=member_id).first()
    return row.tally if row else Tally()


def is_member_locked(user_id: int) -> bool:
    """Whether this sign-in is of a member whose account is locked to guessing now."""
    row = Guesses.objects.filter(member__user=user_id).first()
    return row is not None and is_locked(row.tally, clock.machine_now())
