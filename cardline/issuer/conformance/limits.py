"""A card's own limit declines what goes above it, counts in sums, and is never above the account's."""

from __future__ import annotations

from cardline.issuer.conformance.looking import Seen, holds, refuses, unseen
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import CardSpending, CloseReason, Decline, Outcome, Part
from cardline.kit.money import Money


def a_card_spends_no_more_than_its_limit(stand: Stand) -> Seen:
    core, who = stand.core, stand.customer
    if Part.CARD_LIMITS not in core.offers:
        return
    currency = _of(stand).spent.currency
    stand.purchase("First Kiosk", 30_00)
    before = _of(stand)
    yield holds(before.spent == Money(30_00, currency), "what was spent in the cycle is not the sum of it")
    said = core.set_card_limit(stand.card, limit=Money(50_00, currency), at=stand.now(), key="limit-1")
    yield holds(said.limit == Money(50_00, currency), "a limit that was set is not said back")
    yield holds(said.left == Money(20_00, currency), "what is left is not the limit less what was spent")
    stand.purchase("Dear Kiosk", 20_01)
    tried = core.authorisations(who, card=stand.card).items[0]
    yield holds(tried.outcome == Outcome.DECLINED, "a card spends more than its limit")
    yield holds(tried.decline == Decline.OVER_LIMIT, "it was declined, but not because of its limit")
    yield holds(_of(stand).spent == Money(30_00, currency), "a declined purchase counts as spent")
    stand.purchase("Last Kiosk", 20_00)
    yield holds(_of(stand).spent == Money(50_00, currency), "a card cannot spend up to its limit")
    core.set_card_limit(stand.card, limit=Money(60_00, currency), at=stand.now(), key="limit-2")
    late = core.set_card_limit(stand.card, limit=Money(50_00, currency), at=stand.now(), key="limit-1")
    yield holds(late.limit == Money(60_00, currency), "a late repeat took back a limit that came after it")
    others = core.spending(stand.stranger)
    yield holds(all(one.limit is None for one in others), "a limit fell on another customer's card")
    yield holds(stand.card not in {one.card for one in others}, "another customer sees what this card spent")


def a_limit_that_cannot_be_is_refused(stand: Stand) -> Seen:
    core = stand.core
    if Part.CARD_LIMITS not in core.offers:
        return
    currency = _of(stand).spent.currency
    other = "EUR" if currency == "USD" else "USD"

    def put(limit: Money, key: str, card: str = stand.card) -> object:
        return core.set_card_limit(card, limit=limit, at=stand.now(), key=key)

    yield refuses("not_positive", lambda: put(Money(0, currency), "cannot-1"), "a limit of nothing")
    yield refuses("wrong_currency", lambda: put(Money(1_00, other), "cannot-2"), "another currency's limit")
    yield unseen(lambda: put(Money(1_00, currency), "cannot-3", "card_nothing"), "a limit of no card")
    own = next(account.credit_limit for account in core.accounts(stand.customer))
    if own is not None:
        above = Money(own.amount_minor + 1, currency)
        yield refuses("over_account", lambda: put(above, "cannot-4"), "a limit above the account's")
    yield holds(_of(stand).limit is None, "a limit that was refused holds all the same")
    core.close_card(stand.card, reason=CloseReason.LOST, at=stand.now(), key="cannot-5")
    yield refuses("closed", lambda: put(Money(1_00, currency), "cannot-6"), "a limit of a closed card")


def _of(stand: Stand) -> CardSpending:
    return next(one for one in stand.core.spending(stand.customer) if one.card == stand.card)
