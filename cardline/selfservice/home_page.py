"""The help centre's first page: urgent first, then the person's own words, then every need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import (
    HeldCard,
    cards_for_urgent_band,
    recent_charges,
    topics_of,
    what_a_freeze_does,
)
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import Channel, PhoneLine, current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_time, say_wait, say_when
from cardline.kit.money import format_money
from cardline.members.models import Member
from cardline.needs.catalogue import Group, groups
from cardline.routing.queries import anything_is_answered, chat_wait_seconds, somebody_answers
from cardline.selfservice.opening import opening_of
from cardline.selfservice.queries import Record, records_of
from cardline.selfservice.stopped import StoppedPurchase, stopped_purchase
from cardline.ui.shapes import ChannelRow, FreezeRow, NeedRow

GUIDES_GROUPS = 8  # the first eight groups are the guide's own, in the issuer's order
CHARGES_SHOWN = 3
CASES_SHOWN = 2
ASK_ABOUT = "dispute.unrecognised_charge"
GENERAL = "contact.human"
CHANNEL_ICONS = {
    "phone": "phone",
    "chat": "chat",
    "secure_message": "message",
    "self_service": "check",
    "help_center": "book",
    "mail": "mail",
    "email": "email",
    "social": "social",
    "text": "message",
}


@dataclass(frozen=True, slots=True)
class UrgentBand:
    """call_url: of the line for who and where they are; number: the same as people read it. note: who answers, or
    what a freeze stops and leaves working. gone_url: where a card that is gone is reported. topics: what the page
    follows until a freeze that is asked is confirmed.
    """

    cards: tuple[FreezeRow, ...]
    call_url: str
    number: str
    note: str
    gone_url: str
    topics: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge to ask about. url leads to the plan with it chosen."""

    merchant: str
    day: str
    amount: str
    url: str


@dataclass(frozen=True, slots=True)
class MoreNeeds:
    """A group of the catalogue with every need in it."""

    name: str
    rows: tuple[NeedRow, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    urgent: UrgentBand
    needs: tuple[NeedRow, ...]
    more: tuple[MoreNeeds, ...]
    channels: tuple[ChannelRow, ...]
    in_progress: tuple[Record, ...]
    charges: tuple[Charge, ...]
    stopped: StoppedPurchase | None


def home_page(actor: Actor, now: datetime, language: str) -> HomePage:
    """What this person's first page holds: their own things only when we know them."""
    return HomePage(
        urgent=urgent_band(actor, now, language),
        needs=tuple(
            NeedRow(
                group.icon,
                group.name.in_language(language),
                group.line.in_language(language),
                _group_url(group),
            )
            for group in groups()[:GUIDES_GROUPS]
        ),
        more=tuple(_more(group, language) for group in groups()),
        channels=channels_now(now, language),
        in_progress=_in_progress(actor, now, language),
        charges=charges_of(actor, now, language),
        stopped=stopped_purchase(actor, now, language),
    )


def urgent_band(
    actor: Actor,
    now: datetime,
    language: str,
    *,
    place: str = "",
    card_type: str = "",
    held: Sequence[HeldCard] | None = None,
) -> UrgentBand:
    """Freeze and call, for this person. A core that is silent takes the freeze buttons away, never the page.

    place, card_type: where they say they are now and what they hold; else where they live, and their own card.
    held: their cards, where the page has asked for them.
    """
    if held is None:
        held = _held_by(actor)
    cards = tuple(
        FreezeRow(
            last4=card.last4,
            freeze_url=reverse("card_freeze", args=[card.token]),
            frozen_when=_frozen_when(card.frozen_at, now, language) if card.frozen_at else "",
            undo_url=reverse("card_unfreeze", args=[card.token]),
            asked_when=_frozen_when(card.asked.asked_at, now, language)
            if card.is_asked and card.asked
            else "",
        )
        for card in held
        if card.can_freeze or card.can_unfreeze
    )
    line = line_to_call(actor, place, card_type)
    stops, works = what_a_freeze_does()
    is_frozen = any(card.frozen_when for card in cards)
    said = [text.text.in_(language) for text in (*stops[:1], *works[:2])] if is_frozen else []
    return UrgentBand(
        cards=cards,
        call_url=f"tel:{line.e164}" if line else reverse("contact_us"),
        number=line.display if line else "",
        note=" ".join(said),
        gone_url=reverse("lost_card"),
        topics=topics_of(held),
    )


def _held_by(actor: Actor) -> Sequence[HeldCard]:
    try:
        return cards_for_urgent_band(actor)
    except CoreUnknown:
        return ()


def line_to_call(actor: Actor, place: str = "", card_type: str = "") -> PhoneLine | None:
    """The line that takes a lost card, for where this person is and which card they hold; home's for a visitor.

    A line for that very card comes before one that serves every card.
    """
    member = Member.objects.filter(pk=actor.member_id).first() if actor.member_id else None
    country = place or (member.country if member else None)
    held = card_type or (member.card_type if member else None)
    lines = [line for line in current_profile().lines_for(country, held, lost_card=True) if line.e164]
    return min(lines, key=lambda line: not line.card_types, default=None)


def channels_now(now: datetime, language: str) -> tuple[ChannelRow, ...]:
    """Every way to a person with whether somebody is there, in the profile's order."""
    return tuple(
        _channel_row(channel, now, language)
        for channel in current_profile().channels.values()
        if channel.speed_rank is not None
    )


def charges_of(actor: Actor, now: datetime, language: str, most: int = CHARGES_SHOWN) -> tuple[Charge, ...]:
    """The newest purchases of somebody signed in; none for anybody else, or while the core is silent."""
    if not (actor.member_id and actor.may_see):
        return ()
    try:
        found = recent_charges(actor, most * 2)
    except CoreUnknown:
        return ()
    zone = current_profile().zone
    return tuple(
        Charge(
            merchant=charge.merchant,
            day=say_date(charge.at.astimezone(zone).date(), language, now),
            amount=format_money(charge.amount, language),
            url=f"{reverse('plan', args=[ASK_ABOUT])}?txn={charge.token}",
        )
        for charge in found
        if charge.amount.amount_minor > 0
    )[:most]


def _channel_row(channel: Channel, now: datetime, language: str) -> ChannelRow:
    name, line = channel.label.in_(language), channel.line.in_(language)
    opening = opening_of(channel.hours, now, language)
    icon = CHANNEL_ICONS[channel.id]
    if channel.id == "chat":
        queue = current_profile().need_family(GENERAL).queue
        if somebody_answers(GENERAL, now):
            seconds = chat_wait_seconds(queue, now)
            word = "" if seconds == 0 else _("wait")  # "no wait" has said it
            return ChannelRow(
                icon, name, line, say_wait(seconds, language), word, reverse("plan", args=[GENERAL])
            )
        if anything_is_answered(now):
            url = f"{reverse('contact_us')}#{channel.id}"
            return ChannelRow(icon, name, line, _("Somebody is there"), _("for some questions"), url)
        words = opening.words if opening.state == "closed" else _("Nobody there now")
        return ChannelRow(icon, name, line, words, _("leave a message"), state="closed")
    url = f"{reverse('contact_us')}#{channel.id}"
    state = "closed" if opening.state == "closed" else "open"
    words = opening.words if opening.state else ""
    return ChannelRow(icon, name, line, words, "" if words else _("no hours published"), url, state)  # type: ignore[arg-type]


def _in_progress(actor: Actor, now: datetime, language: str) -> tuple[Record, ...]:
    """The newest cases in which something is still to come."""
    found = records_of(actor, now, language, None, most=CASES_SHOWN * 5).items
    return tuple(record for record in found if record.is_going_on)[:CASES_SHOWN]


def _more(group: Group, language: str) -> MoreNeeds:
    rows = (
        NeedRow(one.icon, one.name.in_language(language), "", reverse("plan", args=[one.id]))
        for one in group.needs
    )
    return MoreNeeds(group.name.in_language(language), tuple(rows))


def _group_url(group: Group) -> str:
    return reverse("plan", args=[group.needs[0].family])


def _frozen_when(at: datetime, now: datetime, language: str) -> str:
    """ "6:37 pm"; with its day when that was not today."""
    zone = current_profile().zone
    there = at.astimezone(zone)
    if there.date() == now.astimezone(zone).date():
        return say_time(there, language)
    return say_when(at, zone, language, now)
