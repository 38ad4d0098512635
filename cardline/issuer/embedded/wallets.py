"""Cards as phones and watches carry them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import new_token
from cardline.kit.commands import executing


def add_to_wallet(card: rows.Card, *, device: str, at: datetime) -> rows.WalletToken:
    """The holder put the card on a device; the device's maker tells us. Inside a command."""
    executing()
    return rows.WalletToken.objects.create(token=new_token("wlt"), card=card, device=device[:40], added_at=at)


def move_wallets(old: rows.Card, new: rows.Card) -> None:
    """The new card bears the old one's number, so that devices go on without being asked."""
    rows.WalletToken.objects.filter(card=old).exclude(state=core.WalletState.REMOVED).update(card=new)


def remove_wallets(card: rows.Card) -> None:
    """The number is closed: what devices carry is worth nothing any more."""
    rows.WalletToken.objects.filter(card=card).update(state=core.WalletState.REMOVED)


def wallets_of_cards(cards: QuerySet[rows.Card]) -> dict[int, list[rows.WalletToken]]:
    """What devices carry of these cards, by card. One question always, also where there is no card: how long an answer
    takes must not tell whether there is one (SR-34).
    """
    carried: dict[int, list[rows.WalletToken]] = defaultdict(list)
    for token in rows.WalletToken.objects.filter(card__in=cards.values("pk")).order_by("added_at", "pk"):
        carried[token.card_id].append(token)
    return carried


def wallets_as_said(tokens: Iterable[rows.WalletToken], *, paused: bool) -> tuple[core.WalletToken, ...]:
    """paused: a freeze stops the card on its devices; nothing is written for it, so that the end of the
    freeze, which nobody announces, ends the pause as well.
    """
    return tuple(core.WalletToken(row.token, row.device, _state(row, paused), row.added_at) for row in tokens)


def _state(row: rows.WalletToken, paused: bool) -> core.WalletState:
    state = core.WalletState(row.state)
    return core.WalletState.PAUSED if paused and state == core.WalletState.ACTIVE else state
