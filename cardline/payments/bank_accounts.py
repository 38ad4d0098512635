"""Bank accounts a member pays from. Their numbers go to the core and stay nowhere with us; we know the last four."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from cardline.cards.visibility import member_spoken_for
from cardline.issuer.asking import ask
from cardline.issuer.core import BankAccountKind, current_core
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.secret import Secret
from cardline.payments.refusals import ADDING, REMOVING

BANK_ACCOUNTS = Limit("bank_accounts", 10, 3_600)


@command("bank_account.add", by=[Kind.MEMBER], level="payment:pay_from_new_account", about="bank_account:new")
def add_bank_account(
    *, by: Standing, now: datetime, routing: Secret, number: Secret, kind: str, name: Clean, wish: str
) -> dict[str, Any]:
    """Let payments come from another bank account. kind: a core.BankAccountKind. name: what the bank is called.

    Of somebody who holds an account with us; with an additional card there is no bill to pay. One that is there
    already is a normal result. wish: as in `pay_bill`. Returns {"source" (the core's token),
    "last4"}. Raises NotThere, Malformed, BadRouting, BadNumber, SentDifferently, TooMany, CoreSilent.
    """
    if kind not in list(BankAccountKind):
        raise Malformed(field="kind")
    member = member_spoken_for(by)
    core = current_core()
    if not ask(partial(core.accounts, member.core_customer)):
        raise NotThere()
    count(BANK_ACCOUNTS, f"member:{member.pk}")
    add = partial(
        core.add_bank_account,
        routing=routing.reveal(),
        number=number.reveal(),
        kind=BankAccountKind(kind),
        name=str(name),
    )
    added = ask(partial(add, member.core_customer, at=now, key=f"bank:{member.pk}:{wish}"), ADDING)
    return {"source": added.token, "last4": added.last4}


@command(
    "bank_account.remove",
    by=[Kind.MEMBER],
    level="payment:pay_from_known_account",
    about="bank_account:{source}",
)
def remove_bank_account(*, by: Standing, now: datetime, source: str) -> bool:
    """Nothing is paid from it any more. True, also when it was removed before.

    Raises NotThere, BankAccountInUse, TooMany, CoreSilent.
    """
    member = member_spoken_for(by)
    count(BANK_ACCOUNTS, f"member:{member.pk}")
    # Removed once: asked again after a silence is the same wish.
    remove = partial(current_core().remove_bank_account, member.core_customer, source)
    ask(partial(remove, at=now, key=f"bank gone:{source}"), REMOVING)
    return True
