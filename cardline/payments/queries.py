"""Questions about payments. Each starts from whom the actor may see; what they may see of it the core decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cardline.cards.queries import AccountSummary, account_summary
from cardline.cards.visibility import member_paid_for_by, member_seen_by
from cardline.cases.models import Entry
from cardline.issuer.core import (
    MOST,
    Autopay,
    BankAccount,
    CoreNotFound,
    CoreRefused,
    Due,
    Page,
    Payment,
    PaymentState,
    PaymentTime,
    current_core,
)
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.payments.rules import COMING, Left, is_to_be_mended, left_to_pay

# A payment is planned a year ahead at most and settled within days: what was made before that is over.
OLDEST_COMING = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Bill:
    """What there is to pay on an account. coming: scheduled or sent, the next one first.

    failed: given back by the bank and still to be mended, the one with the least time first. sources: bank accounts.
    """

    held: AccountSummary
    due: Due
    coming: tuple[Payment, ...]
    failed: tuple[Payment, ...]
    left: Left
    sources: tuple[BankAccount, ...]
    autopay: Autopay | None

    @property
    def account(self) -> str:
        return self.held.account.token


@dataclass(frozen=True, slots=True)
class Payable:
    """An account as far as paying its bill takes: nothing of what is owed. last4: of its first card, "" with none."""

    token: str
    product: str
    last4: str
    currency: str


@dataclass(frozen=True, slots=True)
class Written:
    """Where it stands what was done. ref: as it is kept."""

    ref: str
    subject: str


def accounts_to_pay(actor: Actor, member_id: int | None = None) -> list[AccountSummary]:
    """The accounts whose bill is theirs, oldest first; none for an additional card member. member_id: for a colleague.
    Raises NotThere.
    """
    return account_summary(actor, member_id)


def accounts_to_pay_unseen(actor: Actor) -> list[Payable]:
    """The same for whoever may pay a member's bill and not see it. Raises NotThere, CapacityMissing, CoreUnknown."""
    customer = member_paid_for_by(actor).core_customer
    first = {card.account: card.last4 for card in reversed(current_core().cards(customer))}
    return [
        Payable(one.token, one.product, first.get(one.token, ""), one.balance.currency)
        for one in current_core().accounts(customer)
    ]


def one_of(accounts: list[AccountSummary], token: str) -> AccountSummary:
    """The one asked for, the first where none is. Raises NotThere for one that is not among them."""
    for held in accounts:
        if token in ("", held.account.token):
            return held
    raise NotThere()


def bill_of(actor: Actor, held: AccountSummary, today: date, member_id: int | None = None) -> Bill:
    """held: one of `accounts_to_pay`. Raises NotThere, CoreUnknown."""
    customer, token = member_seen_by(actor, member_id).core_customer, held.account.token
    core = current_core()
    due, recent = core.due(customer, token), list(_recent(customer, token, today))
    coming = sorted((one for one in recent if one.state in COMING), key=lambda one: one.on)
    left = left_to_pay(held.account, due, coming)
    failed = [one for one in recent if is_to_be_mended(one, left, today)]
    return Bill(
        held=held,
        due=due,
        coming=tuple(coming),
        failed=tuple(sorted(failed, key=lambda one: one.mend_by or today)),
        left=left,
        sources=tuple(core.bank_accounts(customer)),
        autopay=core.autopay(customer, token),
    )


def payments_made(actor: Actor, account: str, *, after: str = "", most: int = 20) -> Page[Payment]:
    """A page of those that are not planned any more, the newest first. Raises NotThere, also for a page that never
    was.
    """
    customer = member_seen_by(actor).core_customer
    try:
        while True:
            page = current_core().payments(customer, account, after=after, most=most)
            made = [one for one in page.items if one.state != PaymentState.SCHEDULED]
            if made or not page.next:
                return Page(made, page.next)
            after = page.next  # planned ones come first, a page of them or more
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreRefused as no:
        if no.reason == "bad_page":
            raise NotThere() from no
        raise


def payment_of(actor: Actor, token: str) -> Payment:
    """One of them. Raises NotThere for an unknown one and for somebody else's alike."""
    customer = member_seen_by(actor).core_customer
    try:
        return current_core().payment(customer, token)
    except CoreNotFound as missing:
        raise NotThere() from missing


def payment_time(on: date, now: datetime) -> PaymentTime:
    """As of which day a payment for this day would count that is confirmed now."""
    return current_core().payment_time(on, at=now)


def autopay_of(actor: Actor, account: str) -> Autopay | None:
    """As it is set; None where it is off. Raises NotThere."""
    customer = member_seen_by(actor).core_customer
    try:
        return current_core().autopay(customer, account)
    except CoreNotFound as missing:
        raise NotThere() from missing


def bank_accounts_of(actor: Actor) -> list[BankAccount]:
    """Where their payments may come from, the newest first: paying takes no more than this. Raises NotThere."""
    return current_core().bank_accounts(member_paid_for_by(actor).core_customer)


def written_about(actor: Actor, token: str, kinds: str = "payment.") -> Written | None:
    """The newest case of theirs in which it stands what was done. token: of a payment or an account.

    kinds: how the kinds of its entries begin.
    """
    told = visible(Entry, actor).filter(data__contains=f'"{token}"', kind__startswith=kinds)
    entry = told.select_related("case").order_by("-id").first()
    return Written(entry.case.ref, entry.case.subject) if entry else None


def _recent(customer: str, account: str, today: date) -> Iterator[Payment]:
    """All that may still be to come or to mend: made within a year and a little."""
    after, oldest = "", today - OLDEST_COMING
    while True:
        page = current_core().payments(customer, account, after=after, most=MOST)
        yield from page.items
        after = page.next
        if not after or page.items[-1].made_at.date() < oldest:
            return
