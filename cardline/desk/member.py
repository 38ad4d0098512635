"""The right pane: who the member is, how to reach them, what they hold, and what can be done with their cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from cardline.cards.queries import (
    AccountSummary,
    AskedFreeze,
    HeldCard,
    account_summary,
    asked_freezes,
    cards_of,
    recent_charges,
)
from cardline.contact.models import Contact
from cardline.desk.authorities import SpeaksFor, speakers_for
from cardline.desk.plan import charge_meant
from cardline.desk.programs import Belongs, programs_of
from cardline.desk.restrictions import Shown, standing_over
from cardline.desk.sent import SentRow, sent_to
from cardline.desk.suspected import SuspectedRow, suspected_rows
from cardline.desk.verification import Voice, allows
from cardline.identity.queries import Proven
from cardline.issuer.core import CoreError, Transaction
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_time
from cardline.kit.money import format_money
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import masked
from cardline.members.words import to_do

CHARGES = 3
LOOKED_THROUGH = 50  # newest charges in which the one they mean is looked for
KEYS = 6  # 1 to 6 are member actions


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach the member, as much of it as confirms it and no more."""

    icon: str
    masked: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class CardAction:
    """Something to do with a card. key: what presses it; reason: why it cannot be done now, "" when it can."""

    verb: str  # freeze or unfreeze
    card: HeldCard
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Charge:
    """is_meant: the one the member chose before they wrote to us."""

    merchant: str
    day: str
    amount: str
    is_pending: bool
    is_meant: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """An account in words; limit: "" where its product has none."""

    product: str
    balance: str
    limit: str


@dataclass(frozen=True, slots=True)
class Speaking:
    """How to speak with the member. mind: what they asked us to mind, a sentence each; note: their own words.

    their_time: what the clock says where they are, "" where it says the same as ours.
    """

    mind: list[str]
    note: str
    their_time: str


@dataclass(frozen=True, slots=True)
class Panel:
    """restrictions: those that stand now. others: who may speak for them now. programs: whose cards they carry.
    core_is_silent: the card core gives no answer, so cards and charges are unknown, not absent. asked: the freezes
    nobody confirmed, which we know all the same. safe: how they may safely be reached, a sentence each. suspected:
    purchases that were stopped, and what they said to it.
    """

    member: Member
    speaking: Speaking
    restrictions: list[Shown]
    others: list[SpeaksFor]
    programs: tuple[Belongs, ...]
    reaches: list[Reach]
    balances: list[Balance]
    cards: list[HeldCard]
    actions: list[CardAction]
    charges: list[Charge]
    core_is_silent: bool
    asked: list[AskedFreeze]
    sent: list[SentRow]
    safe: list[str]
    suspected: list[SuspectedRow]


def panel_of(
    actor: Actor, contact: Contact | None, member: Member, now: datetime, voice: Voice | None = None
) -> Panel:
    """Everything the right pane shows of a member of whom the actor sees a case. Raises NotThere.

    contact: the conversation to act in; None when there is none, and then nothing can be done with a card. voice: who
    speaks in it.
    """
    reaches = [reach_of(point) for point in member.points.order_by("-preferred", "kind", "pk")]
    speaking, restricted, sent = _speaking(member, now), standing_over(actor, member.pk, now), sent_to(member)
    others, programs = speakers_for(actor, member.pk, now), programs_of(actor, member.pk, now)
    proven = voice.proven if voice is not None else Proven()
    safe, suspected = _safe(member), suspected_rows(actor, contact, member.pk, proven)
    try:
        balances = [_balance(summary) for summary in account_summary(actor, member_id=member.pk)]
        cards = cards_of(actor, member_id=member.pk)
        charges = recent_charges(actor, LOOKED_THROUGH, member_id=member.pk)
    except CoreError:
        asked = asked_freezes(actor, member_id=member.pk)
        return Panel(
            member,
            speaking,
            restricted,
            others,
            programs,
            reaches,
            [],
            [],
            [],
            [],
            core_is_silent=True,
            asked=asked,
            sent=sent,
            safe=safe,
            suspected=suspected,
        )
    return Panel(
        member,
        speaking,
        restricted,
        others,
        programs,
        reaches,
        balances,
        cards,
        _actions(contact, cards, voice),
        _charges(charges, contact, now),
        core_is_silent=False,
        asked=[],
        sent=sent,
        safe=safe,
        suspected=suspected,
    )


def _safe(member: Member) -> list[str]:
    """How they may be reached, before anybody calls or writes; nothing where they said nothing of it."""
    safe = getattr(member, "safe_contact", None)
    if safe is None:
        return []
    said = []
    if safe.only is not None:
        phone = masked(safe.only.kind, safe.only.value)
        said.append(gettext("Reach them by %(phone)s only, in no other way.") % {"phone": phone})
    if safe.no_voicemail:
        said.append(gettext("Leave no voicemail."))
    if safe.no_post:
        said.append(gettext("Send nothing by post."))
    return said


def _speaking(member: Member, now: datetime) -> Speaking:
    told = getattr(member, "access_needs", None)
    there = now.astimezone(ZoneInfo(member.zone))
    is_elsewhere = there.utcoffset() != now.astimezone(current_profile().zone).utcoffset()
    their_time = say_time(there, get_language() or "en") if is_elsewhere else ""
    return Speaking(to_do(told), told.note if told else "", their_time)


def _actions(contact: Contact | None, cards: list[HeldCard], voice: Voice | None) -> list[CardAction]:
    """Freeze or unfreeze, for each card where that makes sense, keyed from 1 on."""
    if contact is None:
        return []
    reasons = {verb: _why_not(voice, verb) for verb in ("freeze", "unfreeze")}
    found = [("freeze", card) for card in cards if card.can_freeze]
    found += [("unfreeze", card) for card in cards if (card.is_frozen or card.is_asked) and card.can_unfreeze]
    return [
        CardAction(
            verb,
            card,
            str(place),
            reasons[verb],
        )
        for place, (verb, card) in enumerate(found[:KEYS], start=1)
    ]


def _why_not(voice: Voice | None, verb: str) -> str:
    """ "" where it can be done: whether it is the capacity or the level that is missing."""
    if voice is not None and not voice.may(verb):
        return gettext("Not in the capacity of whoever speaks.")
    proven = voice.proven if voice is not None else Proven()
    return "" if allows(proven, verb) else gettext("The level reached is not enough for this.")


def reach_of(point: ContactPoint) -> Reach:
    """Masked, so that nobody reads a whole number off a screen: the member says it, the agent compares its end."""
    icon = {"phone": "phone", "email": "email", "post": "place"}[point.kind]
    return Reach(icon, masked(point.kind, point.value), point.preferred)


def _balance(summary: AccountSummary) -> Balance:
    account, language = summary.account, get_language() or "en"
    limit = format_money(account.credit_limit, language) if account.credit_limit else ""
    return Balance(account.product, format_money(account.balance, language), limit)


def _charges(found: list[Transaction], contact: Contact | None, now: datetime) -> list[Charge]:
    """The newest, and first among them the one the contact is about."""
    meant = charge_meant(contact) if contact else ""
    ordered = sorted(found, key=lambda one: one.token != meant)
    return [_charge(one, one.token == meant, now) for one in ordered[:CHARGES]]


def _charge(transaction: Transaction, is_meant: bool, now: datetime) -> Charge:
    language = get_language() or "en"
    day = transaction.at.astimezone(current_profile().zone).date()
    return Charge(
        transaction.merchant,
        say_date(day, language, now),
        format_money(transaction.amount, language),
        transaction.posted_at is None,
        is_meant,
    )
