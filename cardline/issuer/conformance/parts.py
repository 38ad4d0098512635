"""The parts a core says it has: a wish is carried out once, and one that cannot be is refused in the word for it."""

from __future__ import annotations

from datetime import date, timedelta

from cardline.issuer.conformance.looking import Seen, holds, refuses, unseen
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import (
    AlertEvent,
    AlertRule,
    Applicant,
    AutopayMode,
    BankAccount,
    BankAccountKind,
    CardState,
    Decline,
    Part,
    Payment,
    PaymentState,
)
from cardline.kit.money import Money

# Nine digits whose check digit fits (ABA): 3·0+7·2+1·1+3·0+7·0+1·0+3·0+7·2+1·1 = 30.
_ROUTING = "021000021"
_BORN = date(1990, 1, 1)


def a_payment_is_made_once(stand: Stand) -> Seen:
    if Part.PAYMENTS not in stand.core.offers:
        return
    core, who = stand.core, stand.customer
    bank = _bank(stand, "bank-1")
    yield holds(_bank(stand, "bank-1") == bank, "a bank account asked for again is another one")
    yield holds(core.bank_accounts(who) == [bank], "a bank account is there twice or not at all")
    yield holds(bank.last4 == "6789", "a bank account does not end as its number does")
    first = _pay(stand, bank.token, 10_00, "pay-1")
    again = _pay(stand, bank.token, 10_00, "pay-1")
    yield holds(again == first, "a payment asked for again has another answer")
    yield refuses(
        "key_reused", lambda: _pay(stand, bank.token, 11_00, "pay-1"), "another amount with a payment's key"
    )
    made = core.payments(who, first.account).items
    yield holds(
        [payment.token for payment in made] == [first.token], "a payment is there twice or not at all"
    )
    yield holds(core.payment(who, first.token) == first, "a payment alone looks different")
    yield unseen(lambda: core.payment(stand.stranger, first.token), "another customer's payment")
    yield holds(
        core.payment_time(first.on, at=stand.now()).counts_on == first.on,
        "a payment of a later day does not count as of that day",
    )
    gone = core.cancel_payment(who, first.token, at=stand.now(), key="cancel-1")
    yield holds(gone.state == PaymentState.CANCELLED, "a payment of a later day was not cancelled")
    yield holds(
        core.cancel_payment(who, first.token, at=stand.now(), key="cancel-1") == gone,
        "a cancellation asked for again has another answer",
    )


def a_payment_that_cannot_be_is_refused(stand: Stand) -> Seen:
    if Part.PAYMENTS not in stand.core.offers:
        return
    bank = _bank(stand, "bank-1").token
    for word, amount, days in (
        ("not_positive", 0, 5),
        ("not_positive", -10_00, 5),
        ("too_much", 10**15, 5),
        ("past", 10_00, -5),
        ("too_far", 10_00, 800),
    ):
        what = f"a payment of {amount} in {days} days"
        yield refuses(word, lambda a=amount, d=days: _pay(stand, bank, a, f"no {a} {d}", d), what)  # type: ignore[misc]
    yield refuses("bad_routing", lambda: _bank(stand, "no-bank", routing="021000022"), "a wrong check digit")
    yield unseen(
        lambda: _pay(stand, bank, 10_00, "stranger-1", customer=stand.stranger),
        "a payment for another customer's account",
    )
    yield unseen(
        lambda: stand.core.remove_bank_account(stand.stranger, bank, at=stand.now(), key="stranger-2"),
        "another customer's bank account",
    )
    account = stand.core.card(stand.customer, stand.card).account
    yield holds(not stand.core.payments(stand.customer, account).items, "a payment that was refused is there")


def autopay_is_set_and_stopped_by_its_holder(stand: Stand) -> Seen:
    if Part.PAYMENTS not in stand.core.offers:
        return
    core, who = stand.core, stand.customer
    bank, account = _bank(stand, "bank-1").token, core.card(who, stand.card).account

    def asked(customer: str, key: str) -> object:
        return core.set_autopay(
            customer,
            account=account,
            source=bank,
            mode=AutopayMode.FULL,
            amount=None,
            at=stand.now(),
            key=key,
        )

    yield unseen(lambda: asked(stand.stranger, "auto-1"), "autopay of another customer's account")
    yield holds(asked(who, "auto-2") == asked(who, "auto-2"), "autopay asked for again has another answer")
    found = core.autopay(who, account)
    yield holds(found is not None and found.source == bank, "autopay that was set is not there")
    yield refuses(
        "in_use",
        lambda: core.remove_bank_account(who, bank, at=stand.now(), key="auto-3"),
        "taking away the bank account autopay pays from",
    )
    core.stop_autopay(who, account, at=stand.now(), key="auto-4")
    core.stop_autopay(who, account, at=stand.now(), key="auto-5")
    yield holds(core.autopay(who, account) is None, "autopay that was stopped is still there")


def an_alert_comes_once_and_to_its_holder(stand: Stand) -> Seen:
    if Part.ALERTS not in stand.core.offers:
        return
    core, who = stand.core, stand.customer
    account = core.card(who, stand.card).account
    rules = core.alert_rules(who, account)
    yield holds({rule.event for rule in rules} == set(AlertEvent), "there is not a rule for every event")
    yield holds(not any(rule.on for rule in rules), "a rule is on that nobody asked for")
    wish = AlertRule(account, AlertEvent.DECLINED, on=True)
    core.set_alert(who, wish, at=stand.now(), key="alert-1")
    core.set_alert(who, wish, at=stand.now(), key="alert-1")
    yield holds([rule for rule in core.alert_rules(who, account) if rule.on] == [wish], "a rule was not kept")
    yield unseen(
        lambda: core.set_alert(stand.stranger, wish, at=stand.now(), key="alert-2"),
        "a rule of another customer's account",
    )
    core.freeze(stand.card, at=stand.now(), key="alert-3")
    stand.purchase("Frozen Kiosk", 5_00)
    told = [(alert.event, alert.merchant) for alert in core.alerts(who).items]
    yield holds(told == [(AlertEvent.DECLINED, "Frozen Kiosk")], "an alert came not at all, or not once")
    yield holds(not core.alerts(stand.stranger).items, "another customer heard of it")


def an_application_is_one_and_its_own_secret(stand: Stand) -> Seen:
    if Part.APPLICATIONS not in stand.core.offers:
        return
    core = stand.core
    product = core.card(stand.customer, stand.card).product
    wish = Applicant(product, "Ann", "Lee", _BORN)
    first = core.apply(wish, at=stand.now(), key="apply-1")
    yield holds(core.apply(wish, at=stand.now(), key="apply-1") == first, "asked again, it is another one")
    other = core.apply(wish, at=stand.now(), key="apply-2")
    yield holds(other.reference != first.reference, "two applications have one reference")
    yield holds(core.application(first.reference, _BORN) == first, "its status is not what was answered")
    yield unseen(lambda: core.application(first.reference, date(1990, 1, 2)), "one, with a wrong birthday,")
    yield unseen(lambda: core.application("nothing", _BORN), "one that does not exist")


def a_dispute_is_about_something_posted(stand: Stand) -> Seen:
    """A core on a stand has only pending purchases, which cannot be contested yet."""
    if Part.DISPUTES not in stand.core.offers:
        return
    stand.purchase("Alder Pharmacy", 12_00)
    (bought,) = stand.core.transactions(stand.customer).items

    def contested(token: str, key: str) -> object:
        return stand.core.open_dispute(token, amount=bought.amount, credit=True, at=stand.now(), key=key)

    yield refuses(
        "not_posted", lambda: contested(bought.token, "dispute-1"), "a dispute of a pending purchase"
    )
    yield unseen(lambda: contested("txn_none", "dispute-2"), "a purchase that does not exist")
    yield unseen(
        lambda: stand.core.close_dispute("none", won=True, at=stand.now(), key="dispute-3"),
        "a dispute that does not exist",
    )


def points_that_are_not_there_are_not_spent(stand: Stand) -> Seen:
    if Part.REWARDS not in stand.core.offers:
        return
    core, who = stand.core, stand.customer
    account = core.card(who, stand.card).account

    def spent(customer: str, option: str, key: str) -> object:
        return core.redeem(customer, account=account, points=100, option=option, at=stand.now(), key=key)

    yield refuses("unknown_option", lambda: spent(who, "no_such_option", "points-1"), "an unknown option")
    yield unseen(lambda: spent(stand.stranger, "statement_credit", "points-2"), "another customer's points")
    for number, option in enumerate(core.rewards_options(who, account)):
        yield refuses(
            "too_few_points",
            lambda o=option, n=number: core.redeem(  # type: ignore[misc]
                who, account=account, points=o.least, option=o.id, at=stand.now(), key=f"points-none-{n}"
            ),
            f"spending points that are not there on {option.id}",
        )
    yield holds(core.rewards(who, account).points == 0, "points moved that are not there")
    yield holds(not core.rewards_entries(who, account).items, "a refusal stands in the points' history")


def _bank(stand: Stand, key: str, routing: str = _ROUTING) -> BankAccount:
    return stand.core.add_bank_account(
        stand.customer,
        routing=routing,
        number="000123456789",
        kind=BankAccountKind.CHECKING,
        name="Maya Okafor",
        at=stand.now(),
        key=key,
    )


def _pay(
    stand: Stand, bank: str, amount_minor: int, key: str, days: int = 5, *, customer: str = ""
) -> Payment:
    """On a later day, so that it can be cancelled; after a purchase, so that there is something to pay."""
    account = stand.core.accounts(stand.customer)[0]
    if not account.pending.amount_minor:
        stand.purchase("Alder Pharmacy", 40_00)
    return stand.core.pay(
        customer or stand.customer,
        account=account.token,
        source=bank,
        amount=Money(amount_minor, account.balance.currency),
        on=stand.now().date() + timedelta(days=days),
        at=stand.now(),
        key=key,
    )


def a_blocked_card_waits_for_its_holders_word(stand: Stand) -> Seen:
    core, at = stand.core, stand.now()
    if Part.BLOCKS not in core.offers:
        return
    card = core.block(stand.card, at=at, key="block-1")
    yield holds(card.blocked_at == at, "a block has not the time it was asked for")
    again = core.block(stand.card, at=stand.now(), key="block-2")
    yield holds(again.blocked_at == at, "a second block moved the time of the first")
    yield holds(again.state == CardState.ACTIVE, "a blocked card is not what it was")
    stand.purchase("Blocked Kiosk", 5_00)
    (tried,) = core.authorisations(stand.customer).items
    yield holds(tried.decline == Decline.SUSPECTED_FRAUD, "a blocked card was not declined for its block")
    core.freeze(stand.card, at=stand.now(), key="block-3")
    thawed = core.unfreeze(stand.card, at=stand.now(), key="block-4")
    yield holds(thawed.blocked_at == at, "the undoing of a freeze lifted a block")
    card = core.lift_block(stand.card, at=stand.now(), key="block-5")
    yield holds(card.blocked_at is None, "a lifted block still stands")
    stand.purchase("Lifted Kiosk", 6_00)
    bought = [row.merchant for row in core.transactions(stand.customer).items]
    yield holds(bought == ["Lifted Kiosk"], "a card buys nothing after its block was lifted")
