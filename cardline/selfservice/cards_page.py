"""A member's cards: the list, one of them with everything that can be done, and the question before a replacement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.delivery.queries import shipment_of
from cardline.cards.details import (
    CardDetails,
    Written,
    details_of,
    freezes_we_know_of,
    written_about,
)
from cardline.cards.models import Hold, Shipment
from cardline.cards.queries import HeldCard, asked_freezes, card_of, cards_of, topics_of, waiting_holds
from cardline.issuer.core import CardState, CloseReason, Role, Use
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_full_date, say_when
from cardline.kit.reference import show_reference
from cardline.needs.catalogue import need
from cardline.selfservice.card_words import (
    TONES,
    arrival_words,
    asked_word,
    asked_words,
    card_name,
    closed_words,
    frozen_words,
    security_code_words,
    shipping_words,
    state_word,
    use_words,
    wallet_words,
)
from cardline.selfservice.home_page import line_to_call
from cardline.selfservice.stopped import StoppedPurchase, stopped_purchase
from cardline.ui.shapes import Fact, NeedRow

HELP = ("card_access.pin", "card_access.contactless_wallet", "card_access.declined")
SECURITY_CODE = "card_access.security_code"
ON_ITS_WAY = (CardState.INACTIVE, CardState.FROZEN)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in the list. place: how its holder stands to the account, where that is to be said.

    stands: what has to be known about its state, a sentence, "" for nothing. is_asked: its freeze is asked for and not
    confirmed; to undo is then to take that back. only_holder: frozen by the account's
    holder, whose it is to undo.
    """

    token: str
    name: str
    last4: str
    holder: str
    place: str
    product: str
    state: str
    tone: str
    stands: str
    can_freeze: bool
    can_unfreeze: bool
    is_asked: bool
    only_holder: bool


@dataclass(frozen=True, slots=True)
class Call:
    """The line that takes a lost card, for this person."""

    number: str
    url: str


@dataclass(frozen=True, slots=True)
class CardsPage:
    """topics: what the page follows until a freeze that is asked is confirmed."""

    cards: tuple[CardRow, ...]
    call: Call | None
    topics: str


@dataclass(frozen=True, slots=True)
class UseLine:
    works: bool
    words: str


@dataclass(frozen=True, slots=True)
class FreezeEnd:
    """until: as a form sends it, "" for none."""

    until: str
    label: str


@dataclass(frozen=True, slots=True)
class OtherCard:
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """uses: none while nobody knows whether it is frozen. shipping: each step with its day. replace: why one may ask
    for another, each leading to the question.

    new, old: the card that comes in its place, and the one this came for. written: the case it stands in. held: why the
    card that was asked for it waits, "" where none does. stopped: a purchase with it that waits for their word.
    look_by: what we promised about a card in the post, "" for nothing.
    """

    card: CardRow
    uses: tuple[UseLine, ...]
    freeze_ends: tuple[FreezeEnd, ...]
    facts: tuple[Fact, ...]
    can_activate: bool
    shipping: tuple[Fact, ...]
    arrives: str
    new: OtherCard | None
    old: OtherCard | None
    replace: tuple[NeedRow, ...]
    wallets: tuple[Fact, ...]
    security_code: str
    security_code_url: str
    help: tuple[NeedRow, ...]
    written: Written | None
    call: Call | None
    topics: str
    held: str
    stopped: StoppedPurchase | None
    look_by: str


@dataclass(frozen=True, slots=True)
class ReplacementPage:
    """reason: "lost", "stolen" or "damaged". for_good: the old card is closed at once, and nothing undoes that."""

    card: CardRow
    reason: str
    for_good: bool


def cards_page(actor: Actor, now: datetime, language: str) -> CardsPage:
    """Raises NotThere, and CoreUnknown."""
    held = cards_of(actor)
    rows = tuple(_row(card, now, language) for card in held)
    return CardsPage(cards=rows, call=call_of(actor), topics=topics_of(held))


def card_page(actor: Actor, token: str, now: datetime, language: str) -> CardPage:
    """Raises NotThere, and CoreUnknown."""
    card, details = card_of(actor, token), details_of(actor, token)
    written = written_about(actor, token)
    held = next((one for one in waiting_holds(actor) if one.card == token), None)
    zone = current_profile().zone
    way = details.shipping if card.state in ON_ITS_WAY else ()
    return CardPage(
        card=_row(card, now, language, details),
        uses=() if card.is_asked else _uses(details, card, language),
        freeze_ends=_freeze_ends(now, language, can_end=details.can_end_by_itself),
        facts=_facts(card, details, language),
        can_activate=details.can_activate,
        shipping=tuple(
            Fact(say_date(event.at.astimezone(zone).date(), language, now), shipping_words(event))
            for event in way
        ),
        arrives=arrival_words(way, now, language),
        new=_other(details.replaced_by.last4, details.replaced_by.token) if details.replaced_by else None,
        old=_other(details.sent_for.last4, details.sent_for.token) if details.sent_for else None,
        replace=() if held else tuple(_reason_row(reason, card) for reason in details.reasons_to_replace),
        wallets=tuple(Fact(one.device, wallet_words(one.state)) for one in details.wallets),
        security_code=security_code_words(details.network, language),
        security_code_url=reverse("plan", args=[SECURITY_CODE]),
        help=tuple(_need_row(need_id, language) for need_id in HELP),
        written=_written(held, written),
        call=call_of(actor),
        topics=topics_of([card]),
        held=_held_words(held),
        stopped=stopped_purchase(actor, now, language, card=token),
        look_by=_look_by(shipment_of(actor, token), now, language),
    )


def _written(held: Hold | None, written: Written | None) -> Written | None:
    """Where to read on: of a card that waits, the case that says by when."""
    if held is not None:
        return Written(show_reference(held.case.ref), held.case.subject)
    return Written(show_reference(written.ref), written.subject) if written else None


def _look_by(shipment: Shipment | None, now: datetime, language: str) -> str:
    """The carrier's day is the carrier's; this one is ours."""
    if shipment is None:
        return ""
    when = say_when(shipment.due_at, current_profile().zone, language, now)
    return _("By %(when)s we look whether it has come, and send another if not.") % {"when": when}


def _held_words(held: Hold | None) -> str:
    if held is None:
        return ""
    if held.because.kind == "name":
        return _("Your card waits until we are sure of your new name")
    return _("Your card waits until we are sure of your new address")


def replacement_page(
    actor: Actor, token: str, reason: str, now: datetime, language: str
) -> ReplacementPage | None:
    """The question that is asked once more; None where this card cannot be replaced for that reason.

    Raises NotThere, and CoreUnknown.
    """
    card, details = card_of(actor, token), details_of(actor, token)
    if reason not in details.reasons_to_replace:
        return None
    return ReplacementPage(
        card=_row(card, now, language, details), reason=reason, for_good=reason != CloseReason.DAMAGED
    )


def last_known(actor: Actor, now: datetime, language: str) -> tuple[str, ...]:
    """What we wrote down ourselves about frozen cards, with its time; for while the core is silent."""
    zone = current_profile().zone
    asked = tuple(
        _("Freeze asked: %(when)s, not confirmed yet. We keep asking until it is.")
        % {"when": say_when(freeze.asked_at, zone, language, now)}
        for freeze in asked_freezes(actor)
    )
    return asked + tuple(
        _("Card ending %(last4)s was frozen at our last look: since %(since)s.")
        % {"last4": freeze.last4, "since": say_when(freeze.frozen_at, zone, language, now)}
        for freeze in freezes_we_know_of(actor, now)
    )


def call_of(actor: Actor) -> Call | None:
    line = line_to_call(actor)
    return Call(line.display, f"tel:{line.e164}") if line else None


def _row(card: HeldCard, now: datetime, language: str, details: CardDetails | None = None) -> CardRow:
    return CardRow(
        token=card.token,
        name=card_name(card.last4),
        last4=card.last4,
        holder=card.holder,
        place=_place(card),
        product=card.product,
        state=asked_word() if card.is_asked else state_word(card.state),
        tone="warn" if card.is_asked else TONES.get(card.state, ""),
        stands=_stands(card, details, now, language),
        can_freeze=card.can_freeze,
        can_unfreeze=card.can_unfreeze,
        is_asked=card.is_asked,
        only_holder=card.is_frozen and not card.can_unfreeze,
    )


def _place(card: HeldCard) -> str:
    if card.role == Role.ADDITIONAL:
        return _("additional card")
    return _("joint holder") if card.role == Role.JOINT and not card.mine else ""


def _stands(card: HeldCard, details: CardDetails | None, now: datetime, language: str) -> str:
    if card.is_frozen:
        return frozen_words(card, card.freeze_expires, now, language)
    if card.asked is not None:
        return asked_words(card.asked, now, language)
    if card.state == CardState.CLOSED:
        return closed_words(details.closed_reason if details else None)
    if card.state == CardState.INACTIVE:
        return _("It cannot be used until it is activated.")
    return ""


def _uses(details: CardDetails, card: HeldCard, language: str) -> tuple[UseLine, ...]:
    return tuple(_use(use, details, card, language) for use in Use if use in details.works)


def _use(use: Use, details: CardDetails, card: HeldCard, language: str) -> UseLine:
    works = details.works[use]
    return UseLine(works, use_words(use, works=works, is_frozen=card.is_frozen, language=language))


def _freeze_ends(now: datetime, language: str, *, can_end: bool) -> tuple[FreezeEnd, ...]:
    """Each says the very moment it sends, so that a form sent twice asks for the same.

    can_end: the core can end a freeze by itself; else somebody has to undo it.
    """
    until_undone = FreezeEnd("", _("Until I undo it"))
    if not can_end:
        return (until_undone,)
    zone = current_profile().zone
    minute = now.replace(second=0, microsecond=0)
    day, week = minute + timedelta(days=1), minute + timedelta(days=7)
    return (
        until_undone,
        FreezeEnd(
            day.isoformat(), _("For a day, until %(when)s") % {"when": say_when(day, zone, language, now)}
        ),
        FreezeEnd(
            week.isoformat(), _("For a week, until %(when)s") % {"when": say_when(week, zone, language, now)}
        ),
    )


def _facts(card: HeldCard, details: CardDetails, language: str) -> tuple[Fact, ...]:
    facts = (
        Fact(_("On the card"), card.holder),
        Fact(_("Product"), card.product),
        Fact(_("Ends in"), card.last4),
        Fact(_("Valid until"), say_full_date(details.expires, language) if details.expires else ""),
    )
    return tuple(fact for fact in facts if fact.value)


def _reason_row(reason: CloseReason, card: HeldCard) -> NeedRow:
    url = f"{reverse('card_replacement', args=[card.token])}?why={reason}"
    if reason == CloseReason.LOST:
        return NeedRow("alert", _("It is lost"), _("Closes it for good and sends a new one"), url)
    if reason == CloseReason.STOLEN:
        return NeedRow("shield", _("It was stolen"), _("Closes it for good and sends a new one"), url)
    return NeedRow("card", _("It is damaged"), _("It works until you activate the new one"), url)


def _need_row(need_id: str, language: str) -> NeedRow:
    one = need(need_id)
    return NeedRow(one.icon, one.name.in_language(language), "", reverse("plan", args=[need_id]))


def _other(last4: str, token: str) -> OtherCard:
    return OtherCard(card_name(last4), token)
