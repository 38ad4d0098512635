"""The door to the issuer's card core: its system of record for accounts, cards and money.

Names are those processors use. Three rules hold for every core behind this protocol: each call that changes
something carries an idempotency key; a time-out is unknown, never failed; what comes back is checked before anybody
believes it (the dataclasses of this package refuse what cannot be).

Questions are asked for a customer, and a core answers only with what that customer may see: the accounts they hold
(alone or jointly) with every card of theirs, and their own card on somebody else's account with its own charges. What
belongs to an account as such (statements, payments, points, alerts) only its holders see.

Everywhere: customer is the core's number of the person the answer is for. key: at most 120 characters; the same key
gives the first answer again, the same key for something else raises CoreRefused("key_reused"). at: aware UTC, the
moment of the wish. after: `Page.next` of the page before, "" for the first one. Every function may raise CoreUnknown
and BadReply, and CoreRefused("not_offered") where the core does not have that part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from cardline.issuer.core.billing import (
    Autopay,
    AutopayMode,
    BankAccount,
    BankAccountKind,
    Due,
    Payment,
    PaymentTime,
    Statement,
)
from cardline.issuer.core.cards import (
    Account,
    Card,
    CardSpending,
    CloseReason,
    Delivery,
    FreezeScope,
    ShippingEvent,
    Use,
)
from cardline.issuer.core.movements import ALL, Authorisation, Page, Subscription, Transaction, Which
from cardline.issuer.core.rest import (
    Alert,
    AlertRule,
    Application,
    Dispute,
    Rewards,
    RewardsEntry,
    RewardsOption,
)
from cardline.kit.money import Money


class Part(StrEnum):
    """What a core may or may not have. Cards and transactions every core has."""

    STATEMENTS = "statements"
    PAYMENTS = "payments"
    REWARDS = "rewards"
    SUBSCRIPTIONS = "subscriptions"
    ALERTS = "alerts"
    APPLICATIONS = "applications"
    DISPUTES = "disputes"
    SHIPPING = "shipping"
    REPLACEMENTS = "replacements"
    TIMED_FREEZE = "timed_freeze"
    CARD_LIMITS = "card_limits"
    EMERGENCY_CARDS = "emergency_cards"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, and for what. born: what proves, with the reference, who asks for the status later."""

    product: str
    given_name: str
    family_name: str
    born: date
    customer: str = ""


class Cards(Protocol):
    def accounts(self, customer: str) -> list[Account]:
        """The accounts a customer holds, oldest first; none for an additional card member."""

    def cards(self, customer: str) -> list[Card]:
        """The cards a customer may see, their own first; closed ones last."""

    def card(self, customer: str, token: str) -> Card:
        """One of them. Raises CoreNotFound."""

    def still_works(self, customer: str, token: str) -> Mapping[Use, bool]:
        """What can be done with the card as it is now. Raises CoreNotFound."""

    def freeze(
        self,
        token: str,
        *,
        at: datetime,
        key: str,
        scope: FreezeScope = FreezeScope.NEW_PURCHASES,
        until: datetime | None = None,
    ) -> Card:
        """Refuse what the scope names from now on, until somebody undoes it or `until` is over.

        A frozen card stays as it is, with its first time. Raises CoreNotFound, CoreRefused("closed", "past"): `until`
        is not after `at`. `until` is Part.TIMED_FREEZE.
        """

    def unfreeze(self, token: str, *, at: datetime, key: str) -> Card:
        """Let it be used again. A card that is not frozen stays as it is.

        Raises CoreNotFound, CoreRefused("closed").
        """

    def block(self, token: str, *, at: datetime, key: str) -> Card:
        """Decline purchases (Decline.SUSPECTED_FRAUD) until its holder says whether a suspicious one was theirs.

        Beside a freeze, which is the member's own: either can stand without the other. A blocked card stays as it is,
        with its first time. Raises CoreNotFound, CoreRefused("closed"). Part.BLOCKS.
        """

    def lift_block(self, token: str, *, at: datetime, key: str) -> Card:
        """They were the holder's. A card that is not blocked stays as it is. Raises CoreNotFound,
        CoreRefused("closed"). Part.BLOCKS.
        """

    def activate(self, token: str, *, at: datetime, key: str) -> Card:
        """A card that came by mail, from its first use on. Raises CoreNotFound, CoreRefused("closed")."""

    def close_card(self, token: str, *, reason: CloseReason, at: datetime, key: str) -> Card:
        """For good, and with it every card that bears the number, unless only this one is damaged or expired.

        A closed card stays as it is, with its first reason. Raises CoreNotFound.
        """

    def replace_card(
        self,
        token: str,
        *,
        reason: CloseReason,
        at: datetime,
        key: str,
        to: Delivery = Delivery.CARDHOLDER,
        name: str = "",
    ) -> Card:
        """A new card to an address on file, the cardholder's or that of the account's holder; returns it, inactive.
        name: what it carries, "" for what the core knows.

        A lost or stolen card is closed at once and the new one has another number; a damaged or expired one keeps its
        number (the last four stay) and goes on in the wallet until the new one is activated. A card closed as lost or
        stolen that nothing came for yet still gets its replacement; a copy that is on its way is the answer to every
        further wish for one. Raises CoreNotFound, CoreRefused("closed", "by_request"). Part.REPLACEMENTS.
        """

    def emergency_card(self, token: str, *, limit: Money, place: str, at: datetime, key: str) -> Card:
        """A card to live on for whoever holds a frozen or closed one and stands far from home: with a number of its own
        and this limit, brought to `place` and handed over there. Returns it, inactive.

        Raises CoreNotFound, CoreRefused("still_works": the other one can be used, "not_positive", "wrong_currency").
        Part.EMERGENCY_CARDS.
        """

    def add_card_member(self, account: str, *, customer: str, name: str, at: datetime, key: str) -> Card:
        """A card on this account for somebody else. Raises CoreNotFound, CoreRefused("has_one")."""

    def spending(self, customer: str) -> list[CardSpending]:
        """What each open card the customer may see may spend in the cycle that runs, and what it spent: sums, and no
        charge. Part.CARD_LIMITS.
        """

    def set_card_limit(self, token: str, *, limit: Money, at: datetime, key: str) -> CardSpending:
        """Decline from now on (Decline.OVER_LIMIT) what would bring the card above this in a cycle of its account.

        It goes over to the card that comes in its place. What is spent already stays; a limit below that declines
        until the next cycle. Raises CoreNotFound, CoreRefused("closed", "not_positive", "wrong_currency",
        "over_account": more than the account's own limit). Part.CARD_LIMITS.
        """

    def shipping(self, customer: str, card: str) -> list[ShippingEvent]:
        """The way of a card to its holder, oldest step first. Raises CoreNotFound. Part.SHIPPING."""


class Movements(Protocol):
    def transactions(
        self, customer: str, which: Which = ALL, *, after: str = "", most: int = 50
    ) -> Page[Transaction]:
        """The newest first, of everything the customer may see. Raises CoreNotFound for an unknown card or account."""

    def transaction(self, customer: str, token: str) -> Transaction:
        """One of them. Raises CoreNotFound."""

    def authorisations(
        self, customer: str, *, card: str = "", after: str = "", most: int = 50
    ) -> Page[Authorisation]:
        """The newest first, declined ones among them. Raises CoreNotFound."""

    def subscriptions(self, customer: str) -> list[Subscription]:
        """Merchants that charge by themselves, the next one first, ended and stopped ones last. Part.SUBSCRIPTIONS."""

    def stop_merchant(self, customer: str, subscription: str, *, at: datetime, key: str) -> Subscription:
        """Decline this merchant's own charges on this account from now on. Raises CoreNotFound."""

    def allow_merchant(self, customer: str, subscription: str, *, at: datetime, key: str) -> Subscription:
        """The undoing of that. Raises CoreNotFound."""


class Billing(Protocol):
    """Part.STATEMENTS and Part.PAYMENTS. Accounts are those the customer holds, else CoreNotFound."""

    def statements(self, customer: str, account: str, *, after: str = "", most: int = 24) -> Page[Statement]:
        """The newest first."""

    def statement(self, customer: str, token: str) -> Statement:
        """Raises CoreNotFound."""

    def statement_lines(
        self, customer: str, token: str, *, after: str = "", most: int = 50
    ) -> Page[Transaction]:
        """What was posted in its cycle, oldest first; fees and interest at the end. Raises CoreNotFound."""

    def due(self, customer: str, account: str) -> Due: ...

    def bank_accounts(self, customer: str) -> list[BankAccount]:
        """Where payments may come from, the newest first."""

    def add_bank_account(
        self,
        customer: str,
        *,
        routing: str,
        number: str,
        kind: BankAccountKind,
        name: str,
        at: datetime,
        key: str,
    ) -> BankAccount:
        """routing: nine digits with their check digit (ABA). The numbers stay in the core.

        Raises CoreRefused("bad_routing", "bad_number").
        """

    def remove_bank_account(self, customer: str, token: str, *, at: datetime, key: str) -> None:
        """Raises CoreNotFound, CoreRefused("in_use") while a payment or autopay is to come from it."""

    def payment_time(self, on: date, *, at: datetime) -> PaymentTime:
        """How a payment for this day would count that is authorised at this moment; a day that is over stands for
        today. It asks nothing of anybody.
        """

    def pay(
        self, customer: str, *, account: str, source: str, amount: Money, on: date, at: datetime, key: str
    ) -> Payment:
        """Pay the bill, today or on a later day of the issuer's calendar.

        Raises CoreRefused: "not_positive", "wrong_currency", "too_much" (more than is owed, with what is pending),
        "past", "too_far" (more than a year ahead).
        """

    def payments(self, customer: str, account: str, *, after: str = "", most: int = 50) -> Page[Payment]:
        """Scheduled ones first, then the newest."""

    def payment(self, customer: str, token: str) -> Payment:
        """One of them. Raises CoreNotFound."""

    def cancel_payment(self, customer: str, token: str, *, at: datetime, key: str) -> Payment:
        """Raises CoreNotFound, CoreRefused("too_late") once it was sent to the bank."""

    def autopay(self, customer: str, account: str) -> Autopay | None: ...

    def set_autopay(
        self,
        customer: str,
        *,
        account: str,
        source: str,
        mode: AutopayMode,
        amount: Money | None,
        at: datetime,
        key: str,
    ) -> Autopay:
        """From the next due date on. Raises CoreRefused("not_positive", "wrong_currency")."""

    def stop_autopay(self, customer: str, account: str, *, at: datetime, key: str) -> None:
        """Also what it had planned, if that was not sent yet. Nothing happens where there is none."""


class RewardsBook(Protocol):
    """Part.REWARDS. Accounts are those the customer holds, else CoreNotFound."""

    def rewards(self, customer: str, account: str) -> Rewards: ...

    def rewards_entries(
        self, customer: str, account: str, *, after: str = "", most: int = 50
    ) -> Page[RewardsEntry]:
        """The newest first."""

    def rewards_options(self, customer: str, account: str) -> list[RewardsOption]: ...

    def redeem(
        self, customer: str, *, account: str, points: int, option: str, at: datetime, key: str
    ) -> RewardsEntry:
        """Raises CoreRefused("too_few_points", "too_small", "wrong_step", "unknown_option")."""


class Notices(Protocol):
    """Part.ALERTS, Part.APPLICATIONS and Part.DISPUTES.

    Whoever brings a new alert into the house, once it is known, says so with the event "alert.raised"
    (cardline/issuer/embedded/notices.py has its facts): that is how it is sent.
    """

    def alert_rules(self, customer: str, account: str) -> list[AlertRule]:
        """One for each event, off where nobody asked for it. Raises CoreNotFound."""

    def set_alert(self, customer: str, rule: AlertRule, *, at: datetime, key: str) -> AlertRule:
        """Raises CoreNotFound, CoreRefused("wrong_currency")."""

    def alerts(self, customer: str, *, after: str = "", most: int = 50) -> Page[Alert]:
        """What rules asked for and happened, the newest first."""

    def apply(self, applicant: Applicant, *, at: datetime, key: str) -> Application:
        """Raises CoreRefused("unknown_product", "too_young")."""

    def application(self, reference: str, born: date) -> Application:
        """For whoever knows both. Raises CoreNotFound for a wrong one of them, whichever it is."""

    def open_dispute(
        self, transaction: str, *, amount: Money, credit: bool, at: datetime, key: str
    ) -> Dispute:
        """Contest (a part of) a posted purchase; credit: with provisional credit.

        Raises CoreNotFound, CoreRefused("not_posted", "too_much", "not_positive", "wrong_currency").
        """

    def close_dispute(self, dispute: str, *, won: bool, at: datetime, key: str) -> Dispute:
        """won: for the member. Raises CoreNotFound, CoreRefused("closed") when it was closed the other way."""


class CardCore(Cards, Movements, Billing, RewardsBook, Notices, Protocol):
    """What the product asks of a core."""

    @property
    def offers(self) -> frozenset[Part]: ...

    @property
    def answers_at_once(self) -> bool:
        """Whether it works inside our own transaction. One that is elsewhere may be slow or silent: it is never asked
        while others wait to write, and a freeze there is first a wish of ours (issuer/distant.py).
        """


_core: CardCore | None = None


def current_core() -> CardCore:
    """The core of this installation."""
    if _core is None:
        raise RuntimeError("no card core is plugged in; call cardline.config.plugs.plug_in() first")
    return _core


def use_core(core: CardCore) -> None:
    """`config` plugs the core in here; a test may plug in a broken one."""
    global _core
    _core = core
