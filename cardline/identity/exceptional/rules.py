"""When two of us may vouch for somebody stranded (DOMAIN 8, VX). Pure."""

from __future__ import annotations

from collections.abc import Collection

FEWEST_PROOFS = 2


def is_enough(kinds: Collection[str]) -> bool:
    """Whether so many independent proofs stand: each kind counts once."""
    return len(set(kinds)) >= FEWEST_PROOFS


def may_decide(decider: int, asked_by: int, recorded_by: Collection[int]) -> bool:
    """Whether a colleague looks at it with eyes of their own: they neither began it nor recorded a proof."""
    return decider != asked_by and decider not in recorded_by
