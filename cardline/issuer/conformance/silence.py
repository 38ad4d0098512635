"""A time-out is unknown, never failed: asked again with its key, what was done is not done again."""

from __future__ import annotations

from collections.abc import Callable

from cardline.issuer.conformance.looking import Seen, holds
from cardline.issuer.conformance.stand import Stand, Transport
from cardline.issuer.core import CardState, CoreError, CoreUnknown


def an_answer_that_is_lost_is_unknown_and_done_once(stand: Stand, transport: Transport) -> Seen:
    core, at = stand.core, stand.now()
    before = transport.changes()
    transport.lose_answers()
    yield _unknown(lambda: core.freeze(stand.card, at=at, key="lost-1"), "a freeze whose answer is lost")
    transport.mend()
    card = core.freeze(stand.card, at=stand.now(), key="lost-1")
    yield holds(card.state == CardState.FROZEN, "a freeze asked again has not happened")
    yield holds(transport.changes() - before <= 1, "a freeze asked again happened twice")
    core.unfreeze(stand.card, at=stand.now(), key="lost-2")
    card = core.freeze(stand.card, at=stand.now(), key="lost-1")
    yield holds(card.state == CardState.ACTIVE, "a freeze asked again long after undid what came in between")


def a_core_that_is_not_there_is_unknown_and_nothing_happened(stand: Stand, transport: Transport) -> Seen:
    core = stand.core
    transport.cut()
    yield _unknown(
        lambda: core.freeze(stand.card, at=stand.now(), key="cut-1"), "a freeze that never arrives"
    )
    yield _unknown(lambda: core.cards(stand.customer), "a list of cards")
    yield _unknown(lambda: core.accounts(stand.customer), "a list of accounts")
    yield _unknown(lambda: core.transactions(stand.customer), "a list of transactions")
    transport.mend()
    state = core.card(stand.customer, stand.card).state
    yield holds(state == CardState.ACTIVE, "what never arrived happened")


def _unknown(call: Callable[[], object], what: str) -> str:
    try:
        call()
    except CoreUnknown:
        return ""
    except CoreError as other:
        return f"{what} is said to be {type(other).__name__} rather than unknown"
    return f"{what} is answered"
