"""A freeze protects at once, keeps its first time, and can be undone; a closed card stays closed."""

from __future__ import annotations

from datetime import timedelta

from cardline.issuer.conformance.looking import Seen, holds, refuses
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import (
    CardState,
    CloseReason,
    CoreRefused,
    Decline,
    FreezeScope,
    Outcome,
    Part,
    Use,
)


def a_frozen_card_buys_nothing_until_it_is_undone(stand: Stand) -> Seen:
    core, at = stand.core, stand.now()
    card = core.freeze(stand.card, at=at, key="freeze-1")
    yield holds(card.state == CardState.FROZEN and card.frozen_at == at, "a frozen card is not frozen")
    yield holds(card.freeze_scope is not None, "a freeze does not say what it stops")
    works = core.still_works(stand.customer, stand.card)
    yield holds(set(works) == set(Use), "what still works is not said of every use")
    yield holds(not works[Use.PURCHASES], "a frozen card is said to buy")
    yield holds(
        works[Use.RECURRING] == (card.freeze_scope != FreezeScope.EVERYTHING),
        "what is said of recurring charges does not fit the freeze's scope",
    )
    stand.purchase("Frozen Kiosk", 5_00)
    yield holds(not core.transactions(stand.customer).items, "a frozen card bought something")
    (tried,) = core.authorisations(stand.customer).items
    yield holds(tried.outcome == Outcome.DECLINED, "a purchase with a frozen card was not declined")
    yield holds(tried.decline == Decline.FROZEN, "it was declined, but not because of the freeze")
    yield holds(tried.amount.amount_minor == 5_00, "the declined amount is not the one asked for")
    card = core.unfreeze(stand.card, at=stand.now(), key="freeze-2")
    yield holds(card.state == CardState.ACTIVE and card.frozen_at is None, "an undone freeze is not undone")
    stand.purchase("Thawed Kiosk", 6_00)
    bought = [row.merchant for row in core.transactions(stand.customer).items]
    yield holds(bought == ["Thawed Kiosk"], "a card buys nothing after its freeze was undone")


def a_freeze_keeps_its_first_time(stand: Stand) -> Seen:
    core, at = stand.core, stand.now()
    core.freeze(stand.card, at=at, key="first-1")
    again = core.freeze(stand.card, at=stand.now(), key="first-2")
    yield holds(again.frozen_at == at, "a second freeze moved the time of the first")
    core.unfreeze(stand.card, at=stand.now(), key="first-3")
    card = core.unfreeze(stand.card, at=stand.now(), key="first-4")
    yield holds(card.state == CardState.ACTIVE, "a card that is not frozen does not stay as it is")


def a_freeze_with_an_end_has_it_or_is_refused(stand: Stand) -> Seen:
    at = stand.now()
    until = at + timedelta(days=2)
    offered = Part.TIMED_FREEZE in stand.core.offers
    try:
        card = stand.core.freeze(stand.card, at=at, key="until-1", until=until)
    except CoreRefused as no:
        yield holds(no.reason == "not_offered", f"a freeze with an end is refused as {no.reason!r}")
        yield holds(not offered, "a freeze with an end is offered, and refused")
        card = stand.core.card(stand.customer, stand.card)
        yield holds(card.state == CardState.ACTIVE, "a freeze that was refused happened all the same")
    else:
        yield holds(offered, "a freeze with an end is not offered, and happens")
        yield holds(card.freeze_expires == until, "a freeze forgot its end")


def a_closed_card_stays_closed(stand: Stand) -> Seen:
    core = stand.core
    card = core.close_card(stand.card, reason=CloseReason.LOST, at=stand.now(), key="close-1")
    yield holds(card.state == CardState.CLOSED, "a closed card is not closed")
    yield holds(card.closed_reason == CloseReason.LOST, "a closed card forgot why")
    again = core.close_card(stand.card, reason=CloseReason.STOLEN, at=stand.now(), key="close-2")
    yield holds(again.closed_reason == CloseReason.LOST, "a second closing changed the reason of the first")
    for word, change in (("freeze", core.freeze), ("unfreeze", core.unfreeze), ("activate", core.activate)):
        yield refuses(
            "closed",
            lambda c=change, w=word: c(stand.card, at=stand.now(), key=f"closed-{w}"),  # type: ignore[misc]
            f"to {word} a closed card",
        )
    stand.purchase("Closed Kiosk", 5_00)
    (tried,) = core.authorisations(stand.customer).items
    yield holds(tried.decline == Decline.CLOSED, "a purchase with a closed card was not declined as closed")


def one_card_is_frozen_and_no_other(stand: Stand) -> Seen:
    stand.core.freeze(stand.card, at=stand.now(), key="alone-1")
    other = stand.core.card(stand.stranger, stand.strangers_card)
    yield holds(other.state == CardState.ACTIVE, "a freeze froze another customer's card")
