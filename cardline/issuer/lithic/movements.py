"""Transactions and authorisations at Lithic.

There they are one thing: a transaction begins as an authorisation, and its status says what became of it. Here every
one is an authorisation, and those that move money or are about to are transactions as well, under the same token.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from cardline.issuer import core
from cardline.issuer.lithic.asking import MOST_ROWS, Asking, askable
from cardline.issuer.lithic.reading import Said, rows
from cardline.issuer.lithic.words import DECLINES, MOVING, ONLINE, OUTCOMES, POSTING, WALLETS
from cardline.kit.money import Money

T = TypeVar("T")
# A filter may leave nothing of a page. So many are looked at before an answer is given with what there is.
_PAGES = 5


class LithicMovements(Asking):
    """See cardline.issuer.core.protocol.Movements for units and errors."""

    def transactions(
        self, customer: str, which: core.Which = core.ALL, *, after: str = "", most: int = 50
    ) -> core.Page[core.Transaction]:
        if which.account and which.account != customer:
            raise core.CoreNotFound("an account of somebody else")
        last_fours = self._last_fours(customer, which.card)

        def wanted(said: Said) -> core.Transaction | None:
            if not _moves(said):
                return None
            found = self._transaction(said, last_fours)
            return found if fits(found, which) else None

        query = {} if which.since is None else {"begin": which.since.isoformat()}
        return self._read(customer, "transactions", which, query, wanted, after, most)

    def transaction(self, customer: str, token: str) -> core.Transaction:
        said = Said(self._wire.get("transactions", askable(token)))
        if said.token() != token:
            raise core.BadReply("Lithic answers with another transaction than the one asked for")
        if said.token("account_token") != customer or not _moves(said):
            raise core.CoreNotFound("no transaction of this customer")
        card = self._own_card(customer, said.token("card_token"))
        return self._transaction(said, {card.token(): card.last_four()})

    def authorisations(
        self, customer: str, *, card: str = "", after: str = "", most: int = 50
    ) -> core.Page[core.Authorisation]:
        last_fours = self._last_fours(customer, card)
        which = core.Which(card=card)
        return self._read(
            customer,
            "authorisations",
            which,
            {},
            lambda said: self._authorisation(said, last_fours),
            after,
            most,
        )

    # ---------------------------------------------------------------------------------------------- pages

    def _read(
        self,
        customer: str,
        kind: str,
        which: core.Which,
        query: dict[str, str],
        wanted: Callable[[Said], T | None],
        after: str,
        most: int,
    ) -> core.Page[T]:
        """Rows until the page is full. A row of another customer or card is no row to show but an answer to refuse."""
        mark = _mark(kind, customer, which)
        token = _place(after, mark)
        found: list[T] = []
        for _ in range(_PAGES):
            left = max(1, min(most, core.MOST) - len(found))
            said, more = self._page_after(customer, which.card, query, token, min(left, MOST_ROWS))
            found += [row for row in map(wanted, said) if row is not None]
            token = said[-1].token() if said else ""
            if not more or not token:
                return core.Page(found)
            if len(found) >= min(most, core.MOST):
                break
        return core.Page(found, f"{mark}.{token}")

    def _page_after(
        self, customer: str, card: str, query: dict[str, str], token: str, size: int
    ) -> tuple[list[Said], bool]:
        asked: dict[str, str | int] = {**query, "account_token": customer, "page_size": size}
        asked |= {"card_token": card} if card else {}
        asked |= {"starting_after": token} if token else {}
        said, more = rows(self._wire.get("transactions", query=asked), size)
        for row in said:
            if row.token("account_token") != customer or (card and row.token("card_token") != card):
                raise core.BadReply("a list holds a row of somebody else")
        return said, more

    def _last_fours(self, customer: str, card: str) -> dict[str, str]:
        """By card token. Raises CoreNotFound when the one card asked for is not this customer's."""
        if card:
            return {card: self._own_card(customer, card).last_four()}
        try:
            askable(customer)
        except core.CoreNotFound:
            return {}
        return {said.token(): said.last_four() for said in self._cards_of(customer)}

    # ------------------------------------------------------------------------------------ what they become

    def _transaction(self, said: Said, last_fours: dict[str, str]) -> core.Transaction:
        amount = _signed(said, said.inside("amounts").inside("cardholder").money(self._currency))
        state = said.one_of("status", MOVING)
        card = said.token("card_token")
        merchant = said.inside("merchant")
        return core.Transaction(
            token=said.token(),
            account=said.token("account_token"),
            card=card,
            last4=_known(last_fours, card),
            state=state,
            merchant=merchant.words("descriptor"),
            place=_place_of(merchant),
            amount=amount,
            channel=_channel(said),
            at=said.moment("created"),
            posted_at=None if state == core.TransactionState.PENDING else _posted_at(said),
            kind=_kind(said, amount),
            phone=merchant.words("phone_number"),
            authorisation=said.token(),
        )

    def _authorisation(self, said: Said, last_fours: dict[str, str]) -> core.Authorisation:
        card = said.token("card_token")
        events = said.each("events")
        # A declined one has come to nothing: what was asked for stands in its first event.
        amounts = (events[0] if events else said).inside("amounts").inside("cardholder")
        outcome = said.one_of("status", OUTCOMES)
        merchant = said.inside("merchant")
        return core.Authorisation(
            token=said.token(),
            card=card,
            last4=_known(last_fours, card),
            merchant=merchant.words("descriptor"),
            place=_place_of(merchant),
            amount=_signed(said, amounts.money(self._currency)),
            channel=_channel(said),
            at=said.moment("created"),
            outcome=outcome,
            decline=_decline(said, events) if outcome == core.Outcome.DECLINED else None,
        )


def fits(found: core.Transaction, which: core.Which) -> bool:
    """What the API cannot be asked for, looked at here."""
    size = abs(found.amount.amount_minor)
    text = which.text.casefold()
    return (
        (which.until is None or found.at < which.until)
        and (which.since is None or found.at >= which.since)
        and (which.smallest is None or size >= which.smallest)
        and (which.largest is None or size <= which.largest)
        and (which.state is None or found.state == which.state)
        and (not which.kinds or found.kind in which.kinds)
        and (text in found.merchant.casefold() or text in found.place.casefold())
    )


def _mark(kind: str, customer: str, which: core.Which) -> str:
    """Which list a cursor belongs to. No secret: the rows it leads to are checked all the same."""
    return sha256(repr((kind, customer, which)).encode()).hexdigest()[:12]


def _place(after: str, mark: str) -> str:
    """The token a page begins behind. Raises CoreRefused("bad_page") for a cursor of another list."""
    if not after:
        return ""
    own, _, token = after.partition(".")
    if own != mark or not token:
        raise core.CoreRefused("bad_page")
    try:
        return askable(token)
    except core.CoreNotFound as unlike:
        raise core.CoreRefused("bad_page") from unlike


def _known(last_fours: dict[str, str], card: str) -> str:
    if card not in last_fours:
        raise core.BadReply("a transaction of a card that the customer does not have")
    return last_fours[card]


def _moves(said: Said) -> bool:
    return said.one_of("status", {status: status in MOVING for status in OUTCOMES})


def _signed(said: Said, money: Money) -> Money:
    """Positive for a purchase. Which way it went is what its first event says, where there is one."""
    events = said.each("events")
    if not events:
        return money
    back = events[0].one_of("effective_polarity", {"CREDIT": True, "DEBIT": False})
    return -abs(money) if back else abs(money)


def _kind(said: Said, amount: Money) -> core.Kind:
    if amount.amount_minor < 0:
        return core.Kind.REFUND
    return core.Kind.CASH if _terminal(said) == "ATM" else core.Kind.PURCHASE


def _channel(said: Said) -> str:
    entry = said.inside("pos").inside("entry_mode")
    wallet = said.inside("token_info").text("wallet_type") if said.has("token_info") else ""
    if _terminal(said) == "ATM":
        return "cash"
    if entry.text("cardholder") == "REOCCURRING":
        return "recurring"
    if wallet in WALLETS:
        return "wallet"
    if entry.text("pan") in ONLINE or entry.text("card") == "NOT_PRESENT":
        return "online"
    return "contactless" if entry.text("pan") == "CONTACTLESS" else "chip"


def _terminal(said: Said) -> str:
    return said.inside("pos").inside("terminal").text("type")


def _posted_at(said: Said) -> datetime:
    """When the last event posted money; without events, when the transaction last changed."""
    posted = [event.moment("created") for event in said.each("events") if event.text("type") in POSTING]
    return max(posted) if posted else said.moment("updated")


def _place_of(merchant: Said) -> str:
    return ", ".join(filter(None, (merchant.words("city"), merchant.words("state"))))


def _decline(said: Said, events: list[Said]) -> core.Decline:
    """The first reason we have a word for, the most exact one first."""
    reasons = [reason for event in reversed(events) for reason in event.list_of_texts("detailed_results")]
    reasons += [event.text("result") for event in reversed(events)]
    known = (DECLINES[reason] for reason in (*reasons, said.text("result")) if reason in DECLINES)
    return next(known, core.Decline.OTHER)
