"""The same key gives the first answer again, and never does anything twice."""

from __future__ import annotations

from cardline.issuer.conformance.looking import Seen, holds, refuses
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import CardState, CloseReason


def a_key_asked_again_gives_the_first_answer(stand: Stand) -> Seen:
    core, at = stand.core, stand.now()
    first = core.freeze(stand.card, at=at, key="once-1")
    again = core.freeze(stand.card, at=stand.now(), key="once-1")
    yield holds(first.frozen_at == at, "a freeze has another time than the wish")
    yield holds(again == first, "a freeze asked again has another answer")
    thawed = core.unfreeze(stand.card, at=stand.now(), key="once-2")
    yield holds(core.unfreeze(stand.card, at=stand.now(), key="once-2") == thawed, "so has an unfreeze")


def a_late_repeat_does_not_undo_what_came_after(stand: Stand) -> Seen:
    core = stand.core
    core.freeze(stand.card, at=stand.now(), key="late-1")
    core.unfreeze(stand.card, at=stand.now(), key="late-2")
    repeated = core.freeze(stand.card, at=stand.now(), key="late-1")
    yield holds(repeated.state == CardState.ACTIVE, "a freeze repeated late froze the card again")
    frozen = core.freeze(stand.card, at=stand.now(), key="late-3")
    core.unfreeze(stand.card, at=stand.now(), key="late-2")
    now = core.card(stand.customer, stand.card)
    yield holds(now.frozen_at == frozen.frozen_at, "an unfreeze repeated late thawed the card again")


def a_key_for_something_else_is_refused(stand: Stand) -> Seen:
    core = stand.core
    core.freeze(stand.card, at=stand.now(), key="other-1")
    yield refuses(
        "key_reused",
        lambda: core.unfreeze(stand.card, at=stand.now(), key="other-1"),
        "an unfreeze with a freeze's key",
    )
    yield refuses(
        "key_reused",
        lambda: core.close_card(stand.card, reason=CloseReason.LOST, at=stand.now(), key="other-1"),
        "a closing with a freeze's key",
    )
    state = core.card(stand.customer, stand.card).state
    yield holds(state == CardState.FROZEN, "a change that was refused happened all the same")
