"""What else used the number of a card that is closed: phones and watches, and merchants that charge by themselves.

Each is asked about once, and confirmed when the core says itself that it cannot charge any more. Inside commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from cardline.cards.models import Report, ReportItem
from cardline.cards.reports.writing import ITEM, say
from cardline.issuer.asking import CoreSilent, NotOffered, ask
from cardline.issuer.core import Card, CardState, Part, Use, WalletState, current_core
from cardline.kit.refusals import NotThere

Kind, Result = ReportItem.Kind, ReportItem.Result


def ask_about(report: Report, now: datetime) -> None:
    """Keep what the number was used for, with what the core says of each now. Asked once: with the report where the
    core answers at once, else when the card is closed, because a freeze waits for no question (SR-77).
    """
    if report.items.exists():
        look_again(report, now)
        return
    try:
        found = list(_uses_of(report))
    except (CoreSilent, NotThere):
        return
    for kind, token, name in found:
        ReportItem.objects.get_or_create(
            report=report, kind=kind, token=token, defaults={"name": name[:80], "asked_at": now}
        )
    look_again(report, now)


def look_again(report: Report, now: datetime) -> int:
    """Which of those that are only asked the core confirms by now. Returns how many still are not."""
    waiting = list(report.items.filter(result=Result.ASKED).order_by("pk"))
    if not waiting:
        return 0
    try:
        works = ask(partial(current_core().still_works, report.member.core_customer, report.card))
        card = ask(partial(current_core().card, report.member.core_customer, report.card))
    except (CoreSilent, NotThere):
        return len(waiting)
    return sum(not _confirm(report, one, card, works[Use.RECURRING], now) for one in waiting)


def _uses_of(report: Report) -> Iterator[tuple[str, str, str]]:
    core, customer = current_core(), report.member.core_customer
    card = ask(partial(core.card, customer, report.card))
    for wallet in card.wallets:
        # One that was removed before the loss is none of its matter; once the card is closed nobody can tell any more.
        if wallet.state != WalletState.REMOVED or card.state == CardState.CLOSED:
            yield Kind.WALLET, wallet.token, wallet.device
    if Part.SUBSCRIPTIONS not in core.offers:
        return
    try:
        for one in ask(partial(core.subscriptions, customer)):
            if one.card == report.card and one.next_on is not None:
                yield Kind.MERCHANT, one.token, one.merchant
    except NotOffered:
        return


def _confirm(report: Report, item: ReportItem, card: Card, charges_pass: bool, now: datetime) -> bool:
    if item.kind == Kind.MERCHANT:
        stopped = not charges_pass
    else:
        states = {wallet.token: wallet.state for wallet in card.wallets}
        stopped = states.get(item.token, WalletState.REMOVED) == WalletState.REMOVED
    if not stopped or card.state != CardState.CLOSED:
        return False
    mine = ReportItem.objects.filter(pk=item.pk, result=Result.ASKED)
    if mine.update(result=Result.CONFIRMED, confirmed_at=now):
        say(report, ITEM, of=str(item.kind), name=item.name)
    return True
