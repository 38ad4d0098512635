"""The one counter of wrong guesses an account has, over all channels, agents and workers (SR-31).

A lock stops guessing: codes, facts, passcodes, passwords. Freezes, passkeys and open sessions go on.
"""

from __future__ import annotations

from datetime import datetime

from cardline.identity.guesses.rules import Tally, after_wrong, is_locked, tries_left
from cardline.identity.models import Guesses
from cardline.kit import clock, sql
from cardline.kit.actors import Standing
from cardline.kit.commands import command, executing

# 0 is nobody's number: a guess at an account that is not there costs the same statements, and leaves no row (SR-34).
NOBODY = 0

_HAVE_ONE = (
    "INSERT INTO identity_guesses (member_id, wrong) SELECT id, 0 FROM members_member WHERE id = %s"
    " ON CONFLICT DO NOTHING"
)


def begin_guess(member_id: int) -> Tally:
    """The tally of an account, held until the running command ends: two guesses at once are two guesses in a row."""
    executing()
    sql.run(_HAVE_ONE, [member_id])
    row = Guesses.objects.select_for_update().filter(member=member_id).first()
    return row.tally if row is not None else Tally()


@command("identity.wrong_guess", about="member:{member_id}")
def count_wrong(*, by: Standing, now: datetime, member_id: int, proof: str) -> int:
    """A guess went wrong. proof: what was guessed at ("password" besides the words of `Proof`).

    While locked nothing is counted, because nothing is compared; the same statements run all the same. Returns how many
    tries are left.
    """
    at = clock.machine_now()
    tally = begin_guess(member_id)
    was_locked = is_locked(tally, at)
    after = tally if was_locked else after_wrong(tally, at)
    Guesses.objects.filter(member=member_id).update(
        wrong=after.wrong, last_at=after.last_at, locked_until=after.locked_until
    )
    if after.locked_until is not None and is_locked(after, at) and not was_locked:
        lock_guessing(by=by, now=now, member_id=member_id, until=after.locked_until.isoformat())
    return tries_left(after, at)


@command("identity.lock_guessing", about="member:{member_id}")
def lock_guessing(*, by: Standing, now: datetime, member_id: int, until: str) -> None:
    """The row is written by `count_wrong`; this is the event of the log that says until when."""


def forgive(member_id: int) -> None:
    """A bound factor was shown: it is the owner, and what went wrong before was theirs or is over.

    Facts about somebody forgive nothing. Others can know them.
    """
    executing()
    Guesses.objects.filter(member=member_id).update(wrong=0)
