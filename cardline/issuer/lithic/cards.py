"""Accounts and cards at Lithic.

A customer is a Lithic account: one person, whose cards all belong to it. So our account token and our customer number
are one and the same, `account_token`; there are no joint holders and nobody else's card on an account.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from typing import Never

from cardline.issuer import core
from cardline.issuer.core.checks import check_digits
from cardline.issuer.lithic import wishes
from cardline.issuer.lithic.reading import Said, moment, rows
from cardline.issuer.lithic.wire import Query, Wire
from cardline.issuer.lithic.words import CLOSE_REASONS, STATES, SUBSTATUS
from cardline.kit import clock
from cardline.kit.money import Money

MOST_ROWS = 100  # of one page of the API
_MOST_CARDS = 500  # of one person; more is an answer that cannot be
_FROZEN_AT = "cardline-frozen-at"
_WAS_INACTIVE = "cardline-was-inactive"


class LithicCards:
    """See cardline.issuer.core.protocol.Cards for units and errors."""

    def __init__(self, wire: Wire, currency: str) -> None:
        self._wire = wire
        self._currency = currency
        self._programmes: dict[str, tuple[str, str]] = {}

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
            tags[_FROZEN_AT] = at.isoformat()
            tags[_WAS_INACTIVE] = "yes" if state == core.CardState.INACTIVE else None
        return self._change(said, f"freeze {scope}", key, at, change, tags)

    def unfreeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        """Raises CoreRefused("inactive") for a card frozen before it was ever activated: Lithic would open it."""
        said = self._open_card(token)
        if _WAS_INACTIVE in said.texts("tags"):
            raise core.CoreRefused("inactive")
        change = {"state": "OPEN"} if said.one_of("state", STATES) == core.CardState.FROZEN else {}
        return self._change(said, "unfreeze", key, at, change, {_FROZEN_AT: None})

    def activate(self, token: str, *, at: datetime, key: str) -> core.Card:
        said = self._open_card(token)
        waiting = said.one_of("state", STATES) == core.CardState.INACTIVE or _WAS_INACTIVE in said.texts(
            "tags"
        )
        tags: dict[str, str | None] = {_WAS_INACTIVE: None, _FROZEN_AT: None} if waiting else {}
        return self._change(said, "activate", key, at, {"state": "OPEN"} if waiting else {}, tags)

    def close_card(self, token: str, *, reason: core.CloseReason, at: datetime, key: str) -> core.Card:
        said = self._said_card(token)
        change: dict[str, object] = {}
        if said.one_of("state", STATES) != core.CardState.CLOSED:
            change = {"state": "CLOSED", "substatus": SUBSTATUS[reason]}
        return self._change(said, f"close {reason}", key, at, change, {})

    def replace_card(self, token: str, *, reason: core.CloseReason, at: datetime, key: str) -> Never:
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

    # ---------------------------------------------------------------------------------------- questions

    def _said_card(self, token: str) -> Said:
        said = Said(self._wire.get("cards", askable(token)))
        if said.token() != token:
            raise core.BadReply("Lithic answers with another card than the one asked for")
        return said

    def _own_card(self, customer: str, token: str) -> Said:
        """Raises CoreNotFound for somebody else's card, as for one that does not exist."""
        said = self._said_card(token)
        if said.token("account_token") != customer:
            raise core.CoreNotFound("a card of somebody else")
        return said

    def _cards_of(self, customer: str) -> list[Said]:
        """All of them; raises BadReply for another customer's among them."""
        found: list[Said] = []
        more, after = True, ""
        while more:
            query: dict[str, str | int] = {"account_token": customer, "page_size": MOST_ROWS}
            page, more = rows(
                self._wire.get("cards", query=query | ({"starting_after": after} if after else {})), MOST_ROWS
            )
            found += page
            if len(found) > _MOST_CARDS or (more and not page):
                raise core.BadReply("a list of cards does not end")
            after = page[-1].token() if page else ""
        if any(said.token("account_token") != customer for said in found):
            raise core.BadReply("a list holds another customer's card")
        return found

    def _account(self, customer: str) -> Said | None:
        try:
            said = Said(self._wire.get("accounts", askable(customer)))
        except core.CoreNotFound:
            return None
        if said.token() != customer:
            raise core.BadReply("Lithic answers with another account than the one asked for")
        return said

    def _name_of(self, customer: str) -> str:
        account = self._account(customer)
        return "" if account is None else self._name(account)

    def _name(self, account: Said) -> str:
        """Of the person or the business behind an account; of all else that is said about them nothing is read."""
        if not account.has("account_holder"):
            return ""
        holder = Said(self._wire.get("account_holders", account.inside("account_holder").token()))
        if holder.has("individual"):
            person = holder.inside("individual")
            return f"{person.words('first_name')} {person.words('last_name')}".strip()
        return holder.inside("business_entity").words("legal_business_name")

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

    # ------------------------------------------------------------------------------------ what they become

    def _card(self, said: Said, name: str) -> core.Card:
        state = said.one_of("state", STATES)
        product, digits = self._programme(said.token("card_program_token"))
        account = said.token("account_token")
        return core.Card(
            token=said.token(),
            account=account,
            product=product,
            customer=account,
            holder=name,
            role=core.Role.BASIC,
            bin=digits,
            last4=said.last_four(),
            state=state,
            frozen_at=_frozen_at(said) if state == core.CardState.FROZEN else None,
            expires=_expires(said),
            freeze_scope=core.FreezeScope.EVERYTHING if state == core.CardState.FROZEN else None,
            closed_reason=_closed_reason(said) if state == core.CardState.CLOSED else None,
        )

    def _programme(self, token: str) -> tuple[str, str]:
        """Its name and its cards' first digits. Asked for once: both last as long as the programme."""
        if token not in self._programmes:
            said = Said(self._wire.get("card_programs", token))
            name = said.words("name")
            first, last = said.text("pan_range_start"), said.text("pan_range_end")
            digits = first[:8] if len(first) >= 8 and first[:8] == last[:8] else first[:6]
            check_digits(digits, 6, 8)
            self._programmes[token] = (name, digits)
        return self._programmes[token]

    def _product(self, customer: str) -> str:
        """What the account is sold as: the programme of its newest card."""
        query: Query = {"account_token": customer, "page_size": 1}
        found, _ = rows(self._wire.get("cards", query=query), 1)
        return self._programme(found[0].token("card_program_token"))[0] if found else ""


def askable(token: str) -> str:
    """Raises CoreNotFound for what no token of Lithic's looks like, so that it never becomes part of an address."""
    if not token.isascii() or not token.replace("-", "").replace("_", "").isalnum() or len(token) > 64:
        raise core.CoreNotFound("no token of Lithic's")
    return token


def _frozen_at(said: Said) -> datetime:
    """When we froze it. A card paused elsewhere carries no time: known is only that it is frozen now."""
    since = said.texts("tags").get(_FROZEN_AT)
    return clock.machine_now() if since is None else moment(since, "the time of a freeze")


def _expires(said: Said) -> date | None:
    """The last day of the month printed on the card."""
    if not said.has("exp_month") or not said.has("exp_year"):
        return None
    month, year = said.text("exp_month"), said.text("exp_year")
    check_digits(month, 2)
    check_digits(year, 4)
    if not 1 <= int(month) <= 12 or int(year) < 1970:
        raise core.BadReply("a card expires in a month that there is not")
    return date(int(year), int(month), monthrange(int(year), int(month))[1])


def _closed_reason(said: Said) -> core.CloseReason | None:
    """None where Lithic or somebody at the issuer closed it for a reason that is not the member's."""
    return CLOSE_REASONS.get(said.text("substatus")) if said.has("substatus") else None
