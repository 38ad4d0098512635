"""What a statement's sums are called, what they mean, and where a statement stands, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cardline.cards.statements import BilledAccount
from cardline.issuer.core import Due, Statement, Transaction
from cardline.kit.dates import say_full_date
from cardline.kit.money import Money, format_money
from cardline.selfservice.transaction_words import BY_CARD, kind_name


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a statement stands. words: "" where nobody told. tone: "", good or warn. to_pay: some of it is left."""

    words: str
    tone: str = ""
    to_pay: bool = False


def account_name(billed: BilledAccount) -> str:
    said = {"product": billed.account.product, "last4": billed.last4}
    return _("%(product)s ending %(last4)s") % said if billed.last4 else billed.account.product


def standing_of(statement: Statement, due: Due | None, today: date, language: str) -> Standing:
    """due: what is left of it, for the newest one of its account; None for the others."""
    if statement.closing.amount_minor <= 0:
        return Standing(_nothing_owed(statement.closing, language))
    if statement.paid_in_full:
        return Standing(_("Paid in full"), "good")
    if due is not None:
        return _left(statement, due, today, language)
    if statement.paid_in_full is None:
        return Standing("")
    return Standing(_("Not paid in full"))


def _nothing_owed(closing: Money, language: str) -> str:
    if closing.amount_minor < 0:
        return _("%(amount)s in your favor") % {"amount": format_money(-closing, language)}
    return _("Nothing to pay")


def _left(statement: Statement, due: Due, today: date, language: str) -> Standing:
    if not due.statement.amount_minor:
        return Standing(_("Nothing left to pay"), "good")
    said = {
        "left": format_money(due.statement, language),
        "minimum": format_money(due.minimum, language),
    }
    if not due.minimum.amount_minor:
        return Standing(_("Minimum paid, %(left)s left") % said, to_pay=True)
    if today > statement.due_on:
        return Standing(_("Late: %(minimum)s was due") % said, "warn", to_pay=True)
    if due.statement == statement.closing:
        return Standing(_("To pay"), to_pay=True)
    return Standing(_("%(left)s left to pay, at least %(minimum)s") % said, to_pay=True)


def due_explained(statement: Statement, language: str) -> str:
    if statement.closing.amount_minor <= 0:
        return _("Nothing has to be paid on this statement.")
    said = {"day": say_full_date(statement.due_on, language)}
    return _("A payment made by the end of %(day)s is in time.") % said


def minimum_explained(statement: Statement, language: str) -> str:
    """ "" where there is none."""
    if not statement.minimum_due.amount_minor:
        return ""
    said = {"minimum": format_money(statement.minimum_due, language)}
    if statement.minimum_due == statement.closing:
        return _("%(minimum)s is also the minimum: with less, a late fee may follow.") % said
    return (
        _("%(minimum)s is the least to pay by then, or a late fee may follow. The rest is carried over.")
        % said
    )


def interest_explained(statement: Statement, language: str) -> str:
    if statement.interest.amount_minor:
        said = {"interest": format_money(statement.interest, language)}
        return _("%(interest)s is interest on what was not paid by its due date, counted day by day.") % said
    return _(
        "This cycle cost no interest. Pay each balance in full by its due date, and purchases cost none."
    )


def sums_of(statement: Statement, language: str) -> tuple[tuple[str, str], ...]:
    """Each sum with its name and its sign, in the order in which they add up to the balance, itself not among them."""
    return (
        (_("Balance before"), format_money(statement.opening, language)),
        (_("Purchases and cash"), _plus(statement.purchases, language)),
        (_("Fees"), _plus(statement.fees, language)),
        (_("Interest"), _plus(statement.interest, language)),
        (_("Payments"), format_money(-statement.payments, language)),
        (_("Refunds and credits"), format_money(-statement.credits, language)),
    )


def _plus(money: Money, language: str) -> str:
    return f"+{format_money(money, language)}" if money.amount_minor else format_money(money, language)


def name_of(line: Transaction) -> str:
    """Whose charge it is; between holder and issuer, what it is, with the core's words where they say more."""
    if line.kind in BY_CARD:
        return line.merchant
    says_more = line.merchant.lower() != line.kind.value.replace("_", " ")
    return f"{kind_name(line.kind)} · {line.merchant}" if says_more else kind_name(line.kind)
