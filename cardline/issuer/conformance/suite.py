"""All checks, and what came of them: each on a stand of its own, so that none finds what another left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

from cardline.issuer.conformance import (
    emergency,
    freezing,
    hostile,
    limits,
    offers,
    once,
    paging,
    parts,
    sight,
    silence,
)
from cardline.issuer.conformance.looking import Check, Seen
from cardline.issuer.conformance.stand import MakeStand, Stand, Transport


def _between(check: Callable[[Stand, Transport], Seen]) -> Check:
    """A check of what lies between us and a core; it looks at nothing where there is nothing between."""

    def on(stand: Stand) -> Seen:
        return iter(()) if stand.transport is None else check(stand, stand.transport)

    on.__name__ = check.__name__
    return on


CHECKS: tuple[Check, ...] = (
    once.a_key_asked_again_gives_the_first_answer,
    once.a_late_repeat_does_not_undo_what_came_after,
    once.a_key_for_something_else_is_refused,
    _between(silence.an_answer_that_is_lost_is_unknown_and_done_once),
    _between(silence.a_core_that_is_not_there_is_unknown_and_nothing_happened),
    paging.every_row_comes_once_and_the_newest_first,
    paging.a_list_may_grow_while_it_is_read,
    paging.a_filter_leaves_what_fits_and_nothing_else,
    paging.a_page_has_no_more_rows_than_were_asked_for,
    paging.a_cursor_opens_nothing,
    sight.another_customers_things_are_not_there,
    sight.nobody_has_nothing,
    sight.what_is_not_there_is_not_found,
    sight.an_answer_is_about_what_was_asked,
    _between(hostile.a_spoiled_answer_is_refused_or_harmless),
    _between(hostile.a_spoiled_answer_to_a_change_is_no_success),
    freezing.a_frozen_card_buys_nothing_until_it_is_undone,
    freezing.a_freeze_keeps_its_first_time,
    freezing.a_freeze_with_an_end_has_it_or_is_refused,
    freezing.a_closed_card_stays_closed,
    freezing.one_card_is_frozen_and_no_other,
    offers.a_part_that_is_not_there_is_refused,
    limits.a_card_spends_no_more_than_its_limit,
    limits.a_limit_that_cannot_be_is_refused,
    emergency.an_emergency_card_stands_in_for_one_that_does_not_work,
    emergency.an_emergency_card_that_cannot_be_is_refused,
    parts.a_blocked_card_waits_for_its_holders_word,
    parts.a_payment_is_made_once,
    parts.a_payment_that_cannot_be_is_refused,
    parts.autopay_is_set_and_stopped_by_its_holder,
    parts.an_alert_comes_once_and_to_its_holder,
    parts.an_application_is_one_and_its_own_secret,
    parts.a_dispute_is_about_something_posted,
    parts.points_that_are_not_there_are_not_spent,
)


@dataclass(frozen=True, slots=True)
class Result:
    """id: the check's name. checked: how many things it looked at, 0 where it does not apply. bad: what was wrong."""

    id: str
    checked: int
    bad: tuple[str, ...]


def run(make: MakeStand, *, only: str = "") -> Iterator[Result]:
    """Every check, each on a fresh stand; with `only`, the one of that name.

    A check that breaks off counts as wrong; a stand that breaks is raised.
    """
    for check in CHECKS:
        if only not in ("", check.__name__):
            continue
        with make() as stand:
            result = _result(check, stand)
        yield result


def _result(check: Check, stand: Stand) -> Result:
    seen: list[str] = []
    try:
        seen.extend(check(stand))
    except Exception as error:  # noqa: BLE001 - what a core raises unasked is a finding, and the others still count
        seen.append(f"broke off with {type(error).__name__} at {_place(error)}")
    return Result(check.__name__, len(seen), tuple(sentence for sentence in seen if sentence))


def _place(error: Exception) -> str:
    """Where it was raised. Not its words, for an error of a core may carry what the core said."""
    *_, innermost = walk_tb(error.__traceback__)
    frame, line = innermost
    return f"{Path(frame.f_code.co_filename).name}:{line}"
