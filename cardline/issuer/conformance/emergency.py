"""An emergency card has its limit, stands in for a card that does not work, and is one however often it is asked
for.
"""

from __future__ import annotations

from cardline.issuer.conformance.looking import Seen, holds, refuses
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import Card, CardState, Delivery, Part
from cardline.kit.money import Money

_HOTEL = "Hotel Miramar, Rua Nova 4, Lisbon, booked for Maya Okafor"


def an_emergency_card_stands_in_for_one_that_does_not_work(stand: Stand) -> Seen:
    core, who = stand.core, stand.customer
    if Part.EMERGENCY_CARDS not in core.offers:
        return
    yield refuses("still_works", lambda: _asked(stand, 300_00, "help-1"), "one for a card that can be used")
    core.freeze(stand.card, at=stand.now(), key="help-2")
    card = _asked(stand, 300_00, "help-3")
    yield holds(card.state == CardState.INACTIVE, "an emergency card is in use before it is handed over")
    yield holds(card.sent_to == Delivery.HANDED_OVER, "an emergency card goes to an address by post")
    yield holds(card.customer == who, "an emergency card is made out to somebody else")
    yield holds(
        card.last4 != core.card(who, stand.card).last4, "an emergency card bears the number that is gone"
    )
    yield holds(_asked(stand, 300_00, "help-3") == card, "an emergency card asked for again is another one")
    yield holds(
        [one.token for one in core.cards(who)].count(card.token) == 1,
        "an emergency card is not among the cards",
    )
    if Part.CARD_LIMITS in core.offers:
        limits = {one.card: one.limit for one in core.spending(who)}
        yield holds(
            limits.get(card.token) == _money(stand, 300_00), "an emergency card has not the limit asked for"
        )
    yield holds(
        core.card(who, stand.card).state == CardState.FROZEN,
        "an emergency card thawed the one it stands in for",
    )


def an_emergency_card_that_cannot_be_is_refused(stand: Stand) -> Seen:
    core = stand.core
    if Part.EMERGENCY_CARDS not in core.offers:
        return
    core.freeze(stand.card, at=stand.now(), key="no-help-1")
    yield refuses("not_positive", lambda: _asked(stand, 0, "no-help-0"), "a limit of nothing")
    yield refuses("not_positive", lambda: _asked(stand, -1, "no-help-3"), "a limit below nothing")
    other = "EUR" if _money(stand, 1).currency != "EUR" else "USD"
    yield refuses(
        "wrong_currency",
        lambda: core.emergency_card(
            stand.card, limit=Money(1_00, other), place=_HOTEL, at=stand.now(), key="no-help-2"
        ),
        "a limit in another currency",
    )


def _asked(stand: Stand, minor: int, key: str) -> Card:
    return stand.core.emergency_card(
        stand.card, limit=_money(stand, minor), place=_HOTEL, at=stand.now(), key=key
    )


def _money(stand: Stand, minor: int) -> Money:
    return Money(minor, stand.core.accounts(stand.customer)[0].balance.currency)
