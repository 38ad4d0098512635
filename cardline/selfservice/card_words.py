"""What is said about cards: their states, what works, their way by mail, and where the security code stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from cardline.cards.queries import AskedFreeze, HeldCard
from cardline.issuer.core import CardState, CloseReason, ShippingEvent, ShippingStep, Use, WalletState
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_date, say_when

TONES = {CardState.ACTIVE: "good", CardState.INACTIVE: "warn"}
FOUR_ON_THE_FRONT = "amex"


def card_name(last4: str) -> str:
    return _("Card ending %(last4)s") % {"last4": last4}


def state_word(state: CardState) -> str:
    words = {
        CardState.ACTIVE: _("Active"),
        CardState.FROZEN: _("Frozen"),
        CardState.INACTIVE: _("Not activated"),
        CardState.CLOSED: _("Closed"),
    }
    return words[state]


def frozen_words(card: HeldCard, until: datetime | None, now: datetime, language: str) -> str:
    """Since when, and until when; "" for a card that is not frozen."""
    if card.frozen_at is None:
        return ""
    zone = current_profile().zone
    said = {"since": say_when(card.frozen_at, zone, language, now)}
    if until is None:
        return _("Frozen since %(since)s, until it is undone.") % said
    said["until"] = say_when(until, zone, language, now)
    return _("Frozen since %(since)s, until %(until)s.") % said


def asked_word() -> str:
    return _("Asked, not confirmed yet")


def asked_words(asked: AskedFreeze, now: datetime, language: str) -> str:
    """What is known of a freeze the core has not confirmed, and no more than that."""
    said = {"when": say_when(asked.asked_at, current_profile().zone, language, now)}
    if asked.is_refused:
        return _("Freeze asked: %(when)s. The card system did not make it. Ask again, or call us.") % said
    if asked.is_taken_back:
        return _("You took back the freeze. The card system has not confirmed that yet; we keep asking.")
    if asked.may_have_happened:
        return (
            _(
                "Freeze asked: %(when)s. The card system has not answered, so it may be frozen already. "
                "We keep asking until it is confirmed."
            )
            % said
        )
    return _("Freeze asked: %(when)s. Until it is confirmed the card may still work; we keep asking.") % said


def closed_words(reason: CloseReason | None) -> str:
    words = {
        CloseReason.LOST: _("Closed for good: it was lost."),
        CloseReason.STOLEN: _("Closed for good: it was stolen."),
        CloseReason.DAMAGED: _("Closed for good: it was damaged, and a new card took its place."),
        CloseReason.EXPIRED: _("Closed for good: it expired, and a new card took its place."),
        CloseReason.BY_REQUEST: _("Closed for good, as you asked."),
    }
    return words[reason] if reason else _("Closed for good.")


def use_words(use: Use, *, works: bool, is_frozen: bool, language: str) -> str:
    """What the core says of one use. While a card is frozen in the issuer's words, where those say the same."""
    if is_frozen:
        for line in current_profile().freeze:
            if line.id == use and line.works == works:
                return line.text.in_(language)
    return (_working() if works else _stopped())[use]


def _working() -> Mapping[Use, str]:
    return {
        Use.PURCHASES: _("Purchases in shops and online go through."),
        Use.CASH: _("You can take out cash."),
        Use.WALLET: _("You can pay with a phone or watch."),
        Use.RECURRING: _("Subscriptions and bills that are charged by themselves go through."),
        Use.REFUNDS: _("Refunds reach you."),
        Use.PAYMENTS: _("The bill can be paid."),
        Use.REWARDS: _("Points can be redeemed."),
    }


def _stopped() -> Mapping[Use, str]:
    return {
        Use.PURCHASES: _("Purchases in shops and online are declined."),
        Use.CASH: _("Cash withdrawals are declined."),
        Use.WALLET: _("Payments with a phone or watch are declined."),
        Use.RECURRING: _("Subscriptions and bills that are charged by themselves are declined."),
        Use.REFUNDS: _("Refunds do not reach this card."),
        Use.PAYMENTS: _("The bill cannot be paid for now."),
        Use.REWARDS: _("Points cannot be redeemed for now."),
    }


def shipping_words(event: ShippingEvent) -> str:
    words = {
        ShippingStep.ORDERED: _("Ordered"),
        ShippingStep.PRINTED: _("Printed"),
        ShippingStep.SENT: _("Sent to the address we have"),
        ShippingStep.DELIVERED: _("Delivered"),
        ShippingStep.RETURNED: _("The post could not deliver it and brought it back. Contact us."),
    }
    if event.step == ShippingStep.SENT and event.carrier:
        said = {"carrier": event.carrier, "tracking": event.tracking}
        if event.tracking:
            return _("Sent with %(carrier)s, tracking number %(tracking)s") % said
        return _("Sent with %(carrier)s") % said
    return words[event.step]


def arrival_words(events: tuple[ShippingEvent, ...], now: datetime, language: str) -> str:
    """The day it should arrive, as the newest word of it says; "" once it did, or came back."""
    if not events or events[-1].step in (ShippingStep.DELIVERED, ShippingStep.RETURNED):
        return ""
    expected = next((event.expected for event in reversed(events) if event.expected), None)
    return _("It should arrive by %(day)s.") % {"day": say_date(expected, language, now)} if expected else ""


def wallet_words(state: WalletState) -> str:
    return _("Paused while the card is frozen") if state == WalletState.PAUSED else _("Ready to pay")


def security_code_words(network: str, language: str) -> str:
    """Where it stands on a card of this network; in the issuer's words for the issuer's own."""
    profile = current_profile()
    if network in ("", profile.network):
        return profile.security_code.location.in_(language)
    if network == FOUR_ON_THE_FRONT:
        return _("Four digits on the front, above the card number.")
    return _("Three digits on the back, beside the signature strip.")
