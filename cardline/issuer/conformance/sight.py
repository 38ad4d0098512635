"""What belongs to another customer is not there, and neither is what nobody has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cardline.issuer.conformance.looking import Seen, holds, unseen
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import Part, Which

# Nobody's, and each of another kind: unknown, empty, a path, a query, a control character, far too long.
_STRANGE = ("card_none", "", "..", "../cards", "a/b", "a?b=c", "a\r\nb", "é", "x" * 5_000)


def another_customers_things_are_not_there(stand: Stand) -> Seen:
    core = stand.core
    stand.purchase("Alder Pharmacy", 12_00)
    account = core.card(stand.customer, stand.card).account
    bought = core.transactions(stand.customer).items[0].token
    for what, call in _asking(stand, stand.stranger, stand.card, account, bought):
        yield unseen(call, f"another customer's {what}")
    yield holds(
        stand.card not in {card.token for card in core.cards(stand.stranger)}, "another's card is listed"
    )
    yield holds(
        not core.transactions(stand.stranger).items, "another customer's transactions are in the own list"
    )
    yield holds(not core.authorisations(stand.stranger).items, "so are their authorisations")


def nobody_has_nothing(stand: Stand) -> Seen:
    core = stand.core
    for nobody in _STRANGE:
        yield holds(list(core.cards(nobody)) == [], "a customer who does not exist has cards")
        yield holds(list(core.accounts(nobody)) == [], "a customer who does not exist has accounts")
        yield unseen(lambda n=nobody: core.card(n, stand.card), "a card, to nobody,")  # type: ignore[misc]


def what_is_not_there_is_not_found(stand: Stand) -> Seen:
    core = stand.core
    for strange in _STRANGE:
        for what, call in _asking(stand, stand.customer, strange, strange, strange):
            if strange:  # an empty card or account in a filter asks for all of them
                yield unseen(call, f"a {what} that does not exist")
        yield unseen(
            lambda s=strange: core.freeze(s, at=stand.now(), key=f"strange-{s[:40]}"),  # type: ignore[misc]
            "the freeze of a card that does not exist",
        )


def an_answer_is_about_what_was_asked(stand: Stand) -> Seen:
    core = stand.core
    stand.purchase("Alder Pharmacy", 12_00)
    card = core.card(stand.customer, stand.card)
    (account,) = core.accounts(stand.customer)
    (bought,) = core.transactions(stand.customer).items
    yield holds(card.token == stand.card and card.customer == stand.customer, "a card is another's")
    yield holds(card.account == account.token == bought.account, "card, account and purchase do not fit")
    yield holds(bought.card == card.token and bought.last4 == card.last4, "a purchase is of another card")
    yield holds(core.transaction(stand.customer, bought.token) == bought, "a purchase alone looks different")
    yield holds([card] == core.cards(stand.customer), "a card in a list looks different from the card alone")
    owed = account.balance + account.pending
    yield holds(owed.amount_minor == 12_00, "what is owed and pending is not what was bought")


def _asking(
    stand: Stand, customer: str, card: str, account: str, bought: str
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every question a customer can put about one thing, with the thing's kind."""
    core = stand.core
    yield "card", lambda: core.card(customer, card)
    yield "card (what still works)", lambda: core.still_works(customer, card)
    yield "card (its transactions)", lambda: core.transactions(customer, Which(card=card))
    yield "card (its authorisations)", lambda: core.authorisations(customer, card=card)
    yield "account (its transactions)", lambda: core.transactions(customer, Which(account=account))
    yield "transaction", lambda: core.transaction(customer, bought)
    if Part.SHIPPING in core.offers:
        yield "card (its way)", lambda: core.shipping(customer, card)
    if Part.STATEMENTS in core.offers:
        yield "account (its statements)", lambda: core.statements(customer, account)
        yield "statement", lambda: core.statement(customer, bought)
        yield "statement (its lines)", lambda: core.statement_lines(customer, bought)
        yield "account (what is due)", lambda: core.due(customer, account)
    if Part.PAYMENTS in core.offers:
        yield "account (its payments)", lambda: core.payments(customer, account)
        yield "payment", lambda: core.payment(customer, bought)
        yield "account (its autopay)", lambda: core.autopay(customer, account)
    if Part.REWARDS in core.offers:
        yield "account (its points)", lambda: core.rewards(customer, account)
        yield "account (its points' history)", lambda: core.rewards_entries(customer, account)
        yield "account (what points buy)", lambda: core.rewards_options(customer, account)
    if Part.ALERTS in core.offers:
        yield "account (its alerts)", lambda: core.alert_rules(customer, account)
