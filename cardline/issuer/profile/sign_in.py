"""How the issuer lets its members sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cardline.issuer.profile.problems import did_you_mean
from cardline.issuer.profile.reading import Table

PASSKEY, CODE, PASSWORD, PROVIDER = "passkey", "code", "password", "provider"
WAYS = (PASSKEY, CODE, PASSWORD, PROVIDER)
USUAL = (PASSKEY, PROVIDER, CODE)

SHORTEST_WAIT_HOURS, LONGEST_WAIT_HOURS = 24, 168


@dataclass(frozen=True, slots=True)
class SignIn:
    """ways: of WAYS, in the order they are offered. password_needs_code: a password alone signs nobody in.

    recovery_wait: between asking to get back in without a passkey and getting in, so that the owner hears of it.
    """

    ways: tuple[str, ...]
    password_needs_code: bool
    recovery_wait: timedelta


def read_sign_in(table: Table) -> SignIn:
    """The optional [sign_in] table."""
    ways = table.strings("ways", USUAL)
    for way in ways:
        if way not in WAYS:
            table.problem("ways", f"{way!r} is no way to sign in.", did_you_mean(way, WAYS))
    if not ways or len(set(ways)) < len(ways):
        table.problem("ways", "Each way stands here once, and one at least.", f"Use {', '.join(WAYS)}.")
    needs_code = table.boolean("password_needs_code", True)
    hours = table.integer("recovery_wait_hours", 48)
    if not SHORTEST_WAIT_HOURS <= hours <= LONGEST_WAIT_HOURS:
        remedy = f"Set it to {SHORTEST_WAIT_HOURS} to {LONGEST_WAIT_HOURS} hours."
        table.problem("recovery_wait_hours", "Nobody hears of it in time, or waits for so long.", remedy)
    table.finish()
    return SignIn(ways or USUAL, needs_code, timedelta(hours=hours))
