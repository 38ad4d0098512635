"""Accounts and cards at Lithic: what they are, and what can be done to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Never

from cardline.issuer import core
from cardline.issuer.lithic import wishes
from cardline.issuer.lithic.asking import FROZEN_AT, MOST_ROWS, Asking
from cardline.issuer.lithic.reading import Said, rows
from cardline.issuer.lithic.words import STATES, SUBSTATUS
from cardline.kit.money import Money

_WAS_INACTIVE = "cardline-was-inactive"


class LithicCards(Asking):
    """See cardline.issuer.core.protocol.Cards for units and errors."""

    def accounts(self, customer: str) -> list[core.Account]:
        """One, or none for a customer Lithic does not know. Refused("not_offered") without a ledger at Lithic."""
        account = self._account(customer)
        if account is None:
            return []
        balance = self._only(self._balances(customer))
        financial = self._only(self._page("financial_accounts", account_token=customer, type="ISSUING"))
        return [
            core.Account(
                token=customer,
                product=self._product(customer),
                holders=(self._name(account),),
                # Lithic counts what the holder has, we count what they owe.
                balance=Money(-balance.whole("total_amount"), self._currency),
                pending=Money(balance.whole("pending_amount"), self._currency),
                credit_limit=self._limit(financial),
                opened_at=(account if account.has("created") else financial).moment("created"),
            )
        ]

    def cards(self, customer: str) -> list[core.Card]:
        account = self._account(customer)
        if account is None:
            return []
        name = self._name(account)
        found = sorted(self._cards_of(customer), key=lambda said: said.moment("created"))
        cards = [self._card(said, name) for said in found]
        return sorted(cards, key=lambda card: card.state == core.CardState.CLOSED)

    def card(self, customer: str, token: str) -> core.Card:
        said = self._own_card(customer, token)
        return self._card(said, self._name_of(customer))

    def still_works(self, customer: str, token: str) -> Mapping[core.Use, bool]:
        """A paused card declines everything a merchant asks; an inactive one can be used without the card itself."""
        state = self._own_card(customer, token).one_of("state", STATES)
        active = state == core.CardState.ACTIVE
        inactive = state == core.CardState.INACTIVE
        return {
            core.Use.PURCHASES: active,
            core.Use.CASH: active,
            core.Use.WALLET: active or inactive,
            core.Use.RECURRING: active or inactive,
            core.Use.REFUNDS: True,
            core.Use.PAYMENTS: True,
            core.Use.REWARDS: True,
        }

    def freeze(
        self,
        token: str,
        *,
        at: datetime,
        key: str,
        scope: core.FreezeScope = core.FreezeScope.NEW_PURCHASES,
        until: datetime | None = None,
    ) -> core.Card:
        """Lithic pauses a card for everything, whatever the scope: the answer's freeze_scope says so.

        Raises CoreRefused("not_offered") with `until`, for nothing there ends a pause by itself.
        """
        if until is not None:
            raise core.CoreRefused("not_offered")
        said = self._open_card(token)
        change: dict[str, object] = {}
        tags: dict[str, str | None] = {}
        state = said.one_of("state", STATES)
        if state != core.CardState.FROZEN:
            change["state"] = "PAUSED"
            tags[FROZEN_AT] = at.isoformat()
            tags[_WAS_INACTIVE] = "yes" if state == core.CardState.INACTIVE else None
        return self._change(said, f"freeze {scope}", key, at, change, tags)

    def unfreeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        """Raises CoreRefused("inactive") for a card frozen before it was ever activated: Lithic would open it."""
        said = self._open_card(token)
        if _WAS_INACTIVE in said.texts("tags"):
            raise core.CoreRefused("inactive")
        change = {"state": "OPEN"} if said.one_of("state", STATES) == core.CardState.FROZEN else {}
        return self._change(said, "unfreeze", key, at, change, {FROZEN_AT: None})

    def activate(self, token: str, *, at: datetime, key: str) -> core.Card:
        said = self._open_card(token)
        waiting = said.one_of("state", STATES) == core.CardState.INACTIVE or _WAS_INACTIVE in said.texts(
            "tags"
        )
        tags: dict[str, str | None] = {_WAS_INACTIVE: None, FROZEN_AT: None} if waiting else {}
        return self._change(said, "activate", key, at, {"state": "OPEN"} if waiting else {}, tags)

    def close_card(self, token: str, *, reason: core.CloseReason, at: datetime, key: str) -> core.Card:
        said = self._said_card(token)
        change: dict[str, object] = {}
        if said.one_of("state", STATES) != core.CardState.CLOSED:
            change = {"state": "CLOSED", "substatus": SUBSTATUS[reason]}
        return self._change(said, f"close {reason}", key, at, change, {})

    def replace_card(
        self,
        token: str,
        *,
        reason: core.CloseReason,
        at: datetime,
        key: str,
        to: core.Delivery = core.Delivery.CARDHOLDER,
        name: str = "",
    ) -> Never:
        """Needs an address to send the card to, and how that is agreed with Lithic differs by programme."""
        raise core.CoreRefused("not_offered")

    def add_card_member(self, account: str, *, customer: str, name: str, at: datetime, key: str) -> Never:
        """An account at Lithic is one person's."""
        raise core.CoreRefused("not_offered")

    # ------------------------------------------------------------------------------------------ changes

    def _change(
        self,
        said: Said,
        wish: str,
        key: str,
        at: datetime,
        change: Mapping[str, object],
        tags: Mapping[str, str | None],
    ) -> core.Card:
        """Change the card and remember the key in one request; nothing is sent for a key that is known."""
        known = said.texts("tags")
        if not wishes.is_known(known, key, wish):
            sent = {**tags, **wishes.remembering(known, key, wish, at)}
            asked = said.token()
            said = Said(self._wire.patch("cards", asked, body={**change, "tags": sent}))
            if said.token() != asked or any(
                said.text(field) != word for field, word in change.items() if field == "state"
            ):
                raise core.BadReply("Lithic answers a change with another state than the one asked for")
        return self._card(said, self._name_of(said.token("account_token")))

    def _open_card(self, token: str) -> Said:
        said = self._said_card(token)
        if said.one_of("state", STATES) == core.CardState.CLOSED:
            raise core.CoreRefused("closed")
        return said

    # ------------------------------------------------------------------------------------------ the money

    def _balances(self, customer: str) -> list[Said]:
        found = self._page("balances", account_token=customer, financial_account_type="ISSUING")
        if any(said.text("currency") != self._currency for said in found):
            raise core.BadReply("a balance is in another currency than the programme")
        return found

    def _limit(self, financial: Said) -> Money | None:
        if not financial.has("credit_configuration"):
            return None
        credit = financial.inside("credit_configuration")
        return Money(credit.whole("credit_limit"), self._currency) if credit.has("credit_limit") else None

    def _page(self, what: str, **query: str) -> list[Said]:
        """A list the API answers whole."""
        return rows(self._wire.get(what, query=query), MOST_ROWS)[0]

    def _only(self, found: list[Said]) -> Said:
        """The one issuing account of a person. Programmes that keep their ledger elsewhere have none here."""
        if not found:
            raise core.CoreRefused("not_offered")
        if len(found) > 1:
            raise core.BadReply("one person with several issuing accounts")
        return found[0]
