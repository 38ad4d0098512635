"""The page of the bank accounts that payments come from."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import BankAccount
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date
from cardline.payments.queries import accounts_to_pay, bank_accounts_of
from cardline.selfservice.payments.words import source_name


@dataclass(frozen=True, slots=True)
class BankRow:
    name: str
    line: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class BanksPage:
    banks: tuple[BankRow, ...]


def banks_page(actor: Actor, language: str) -> BanksPage | None:
    """None for somebody who holds no account and pays no bill. Raises NotThere, CoreUnknown."""
    if not accounts_to_pay(actor):
        return None
    return BanksPage(tuple(_row(one, language) for one in bank_accounts_of(actor)))


def _row(source: BankAccount, language: str) -> BankRow:
    since = say_full_date(source.added_at.astimezone(current_profile().zone).date(), language)
    said = {"bank": source.bank, "since": since}
    line = _("%(bank)s, since %(since)s") % said if source.bank else _("Since %(since)s") % said
    return BankRow(source_name(source), line, reverse("bank_account_removal", args=[source.token]))
