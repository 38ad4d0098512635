"""What comes from outside is not believed: an answer that cannot be is a BadReply, and nothing of it is repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cardline.issuer.conformance.looking import Seen, holds
from cardline.issuer.conformance.stand import FULL_NUMBER, MARK, Spoil, Stand, Transport
from cardline.issuer.core import BadReply, CardState, CoreError


def a_spoiled_answer_is_refused_or_harmless(stand: Stand, transport: Transport) -> Seen:
    """Each kind of spoiling, in the answer to each question; at least one question has to notice it."""
    stand.purchase("Alder Pharmacy", 12_00)
    bought = stand.core.transactions(stand.customer).items[0].token
    for how in Spoil:
        transport.spoil(how)
        noticed = 0
        for what, call in _questions(stand, bought):
            said, refused = _outcome(call)
            noticed += refused
            yield holds(not said, f"{how}, asked for {what}: {said}")
        yield holds(noticed > 0, f"{how}: nobody noticed")
        transport.mend()


def a_spoiled_answer_to_a_change_is_no_success(stand: Stand, transport: Transport) -> Seen:
    for how in Spoil:
        transport.spoil(how)
        key = f"spoiled-{how.name}"
        said, _ = _outcome(lambda k=key: stand.core.freeze(stand.card, at=stand.now(), key=k))  # type: ignore[misc]
        yield holds(not said, f"{how}, to a freeze: {said}")
        transport.mend()
        card = stand.core.freeze(stand.card, at=stand.now(), key=key)
        yield holds(card.state == CardState.FROZEN, f"{how}: asked again, the card is not frozen")
        stand.core.unfreeze(stand.card, at=stand.now(), key=f"{key}-undone")


def _questions(stand: Stand, bought: str) -> Iterator[tuple[str, Callable[[], object]]]:
    core = stand.core
    yield "accounts", lambda: core.accounts(stand.customer)
    yield "cards", lambda: core.cards(stand.customer)
    yield "a card", lambda: core.card(stand.customer, stand.card)
    yield "transactions", lambda: core.transactions(stand.customer)
    yield "a transaction", lambda: core.transaction(stand.customer, bought)
    yield "authorisations", lambda: core.authorisations(stand.customer)


def _outcome(call: Callable[[], object]) -> tuple[str, bool]:
    """What is wrong with how it ended, and whether the answer was refused."""
    try:
        answer = repr(call())
    except CoreError as refused:
        told = any(secret in text for text in _everything_in(refused) for secret in (MARK, FULL_NUMBER))
        if told:
            return "the error repeats what the core said", False
        return ("", True) if isinstance(refused, BadReply) else (f"raises {type(refused).__name__}", False)
    except Exception as other:  # noqa: BLE001 - that it is of another kind is the finding
        return f"raises {type(other).__name__}", False
    harmful = MARK in answer or FULL_NUMBER in answer
    return ("the answer holds what the core put in" if harmful else ""), False


def _everything_in(error: BaseException) -> Iterator[str]:
    """All a log could print of an error: its words and those of whatever it came from."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield f"{one} {one.args} {vars(one)}"
            waiting += [one.__cause__, one.__context__]
