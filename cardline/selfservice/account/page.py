"""A member's first page: what cannot wait, what is to be paid, what we promised, and everything else one tap away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import HeldCard
from cardline.issuer.core import Part, Rewards, ShippingEvent, ShippingStep
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.members.programs.queries import administers_one
from cardline.promises.models import Promise
from cardline.selfservice.account.rules import (
    declined_lately,
    is_asked_for,
    is_covered,
    payment_to_mend,
    to_come,
)
from cardline.selfservice.account.standing import AccountStanding, Standing, standing_of
from cardline.selfservice.account.words import (
    declined_words,
    due_words,
    expiring_words,
    failed_words,
    points_words,
    to_come_words,
    why_declined,
)
from cardline.selfservice.card_words import arrival_words, card_name, shipping_words
from cardline.selfservice.cards_page import last_known
from cardline.selfservice.home_page import UrgentBand, urgent_band
from cardline.selfservice.queries import open_promises_of, records_of
from cardline.selfservice.transactions_page import TransactionRow, row_of
from cardline.selfservice.words import look_of
from cardline.ui.own_pages import OwnPage, address_of, own_pages
from cardline.ui.promise import PromiseLook
from cardline.ui.shapes import Fact, NeedRow

PROMISES_SHOWN = 5
CASES_SHOWN = 3
CASES_LOOKED_AT = 12
EXPIRES_SOON = timedelta(days=90)
DECLINED = "card_access.declined"


@dataclass(frozen=True, slots=True)
class Bill:
    """What an account asks for now. title: by when. lines: what of it has to be, and what is on its way.

    failed: of a payment that came back, a sentence each. product: which account, where there are several.
    """

    title: str
    amount: str
    lines: tuple[str, ...]
    failed: tuple[str, ...]
    product: str


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """subject, ref: of the case it stands in. ics: it as a calendar file, "" once its time is over."""

    look: PromiseLook
    ref: str
    subject: str
    ics: str


@dataclass(frozen=True, slots=True)
class CardOnItsWay:
    """A card of theirs that is not in use yet. arrives: when it should be there, "" where nobody knows."""

    token: str
    name: str
    title: str
    arrives: str
    steps: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    words: str
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class Balance:
    """product: which account, where there are several."""

    product: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class AccountHome:
    """is_whole: the core answered everything. known: what we know ourselves while it does not.

    pay_url: "" where nothing has to be paid, or it cannot be done here. is_additional: their card is on somebody else's
    account.
    """

    given_name: str
    urgent: UrgentBand
    is_whole: bool
    known: tuple[str, ...]
    bills: tuple[Bill, ...]
    pay_url: str
    promises: tuple[OpenPromise, ...]
    on_their_way: tuple[CardOnItsWay, ...]
    declined: Declined | None
    cases: tuple[NeedRow, ...]
    charges: tuple[TransactionRow, ...]
    balances: tuple[Balance, ...]
    is_additional: bool
    own_pages: tuple[OwnPage, ...]


def account_home(actor: Actor, now: datetime, language: str) -> AccountHome:
    """Raises NotThere. A core that is silent takes its parts away, never the page."""
    standing = standing_of(actor)
    promises = open_promises_of(actor, PROMISES_SHOWN)
    several = len(standing.accounts) > 1
    return AccountHome(
        given_name=standing.member.given_name,
        urgent=urgent_band(actor, now, language, held=standing.cards or ()),
        is_whole=standing.is_whole,
        known=last_known(actor, now, language) if standing.cards is None else (),
        bills=tuple(filter(None, (_bill(one, now, language, several=several) for one in standing.accounts))),
        pay_url=_pay_url(standing, now),
        promises=tuple(_open_promise(promise, now) for promise in promises),
        on_their_way=_on_their_way(standing, now, language),
        declined=_declined(standing, now, language),
        cases=_other_open_cases(actor, promises, now, language),
        charges=_charges(standing, now, language),
        balances=tuple(_balance(one, now, language, several=several) for one in standing.accounts),
        is_additional=standing.is_whole and not standing.accounts and bool(standing.cards),
        own_pages=_pages_of(actor, now),
    )


def _pages_of(actor: Actor, now: datetime) -> tuple[OwnPage, ...]:
    """Whoever administers a program finds it first. A profile is its owner's alone: acting for them leads nowhere."""
    theirs = reverse("profile") if actor.acting_for else ""
    pages = tuple(page for page in own_pages() if page.url != theirs)
    program = OwnPage(_("Company cards"), "card", reverse("program"))
    return (program, *pages) if administers_one(actor, now) else pages


# ------------------------------------------------------------------------------------------- what is to be paid


def _bill(one: AccountStanding, now: datetime, language: str, *, several: bool) -> Bill | None:
    """None where nothing is asked for, nothing came back and nothing is on its way."""
    due, today = one.due, now.astimezone(current_profile().zone).date()
    if due is None:
        return None
    mend = payment_to_mend(one.payments, today)
    coming = tuple(to_come_words(payment, now, language) for payment in to_come(one.payments))
    asked = is_asked_for(due, today)
    if not (asked or mend or coming):
        return None
    is_late = asked and due.on is not None and due.on < today
    return Bill(
        title=_bill_title(due.on, now, language, is_late=is_late) if asked and due.on else _("Your payments"),
        amount=format_money(due.statement, language) if asked else "",
        lines=tuple(filter(None, (due_words(due, now, language, is_late=is_late) if asked else "", *coming))),
        failed=failed_words(mend, now, language) if mend else (),
        product=one.account.product if several else "",
    )


def _bill_title(on: date, now: datetime, language: str, *, is_late: bool) -> str:
    said = {"day": say_date(on, language, now)}
    return _("To pay, due %(day)s") % said if is_late else _("To pay by %(day)s") % said


def _pay_url(standing: Standing, now: datetime) -> str:
    """To where it is paid, as long as somebody has to: what is planned in time needs nobody."""
    today = now.astimezone(current_profile().zone).date()
    for one in standing.accounts:
        if one.due is None:
            continue
        open_bill = is_asked_for(one.due, today) and not is_covered(one.due, one.payments)
        if open_bill or payment_to_mend(one.payments, today):
            return address_of("payments", Part.PAYMENTS)
    return ""


def _balance(one: AccountStanding, now: datetime, language: str, *, several: bool) -> Balance:
    account, due, points = one.account, one.due, one.points
    owed = account.balance
    facts = [
        _money(_("Owed in all"), owed, language)
        if owed.amount_minor >= 0
        else _money(_("In your favor"), Money(-owed.amount_minor, owed.currency), language)
    ]
    if due is not None and due.on is not None and owed.amount_minor >= 0:
        facts.append(_money(_("Of the last statement"), due.statement, language))
    if due is not None and due.disputed.amount_minor:
        facts.append(_money(_("Disputed"), due.disputed, language))
    if account.pending.amount_minor:
        facts.append(_money(_("Pending"), account.pending, language))
    if account.available is not None:
        facts.append(_money(_("Left to spend"), account.available, language))
    if points is not None and points.points > 0:
        name = current_profile().rewards_program or _("Points")
        facts.append(
            Fact(name, points_words(points.points, language), aside=_expiring_soon(points, now, language))
        )
    return Balance(account.product if several else "", tuple(facts))


def _expiring_soon(points: Rewards, now: datetime, language: str) -> str:
    last_day = points.expires_on
    is_soon = (
        last_day is not None and last_day <= (now + EXPIRES_SOON).astimezone(current_profile().zone).date()
    )
    return expiring_words(points, language) if is_soon else ""


def _money(name: str, amount: Money, language: str) -> Fact:
    return Fact(name, format_money(amount, language))


# ------------------------------------------------------------------------------------- promises and open cases


def _open_promise(promise: Promise, now: datetime) -> OpenPromise:
    home = show_reference(promise.home_case.ref)
    return OpenPromise(
        look=look_of(promise, now, as_sentence=True),
        ref=show_reference(promise.case.ref),
        subject=promise.case.subject,
        ics=reverse("promise_ics", args=[home, promise.n]) if promise.due_at >= now else "",
    )


def _other_open_cases(
    actor: Actor, promises: list[Promise], now: datetime, language: str
) -> tuple[NeedRow, ...]:
    """Those in which something is still to come and that no promise above leads to, the newest first."""
    told = {show_reference(promise.case.ref) for promise in promises}
    found = records_of(actor, now, language, None, CASES_LOOKED_AT, open_only=True).items
    return tuple(
        NeedRow(
            "inbox", record.subject, f"{record.ref} · {record.opened}", reverse("case", args=[record.ref])
        )
        for record in found
        if record.is_going_on and record.ref not in told
    )[:CASES_SHOWN]


# ---------------------------------------------------------------------------------------- cards and charges


def _on_their_way(standing: Standing, now: datetime, language: str) -> tuple[CardOnItsWay, ...]:
    zone, cards = current_profile().zone, {card.token: card for card in standing.cards or ()}
    return tuple(
        CardOnItsWay(
            token=token,
            name=card_name(cards[token].last4),
            title=_title_of_way(cards[token], way),
            arrives=arrival_words(way, now, language),
            steps=tuple(
                Fact(say_date(event.at.astimezone(zone).date(), language, now), shipping_words(event))
                for event in way
            ),
        )
        for token, way in standing.shipping.items()
    )


def _title_of_way(card: HeldCard, way: tuple[ShippingEvent, ...]) -> str:
    said = {"last4": card.last4}
    if not way or way[-1].step == ShippingStep.RETURNED:
        return _("Your card ending %(last4)s is not activated yet") % said
    if way[-1].step == ShippingStep.DELIVERED:
        return _("Your card ending %(last4)s was delivered") % said
    return _("Your card ending %(last4)s is on its way") % said


def _declined(standing: Standing, now: datetime, language: str) -> Declined | None:
    asked = declined_lately(standing.authorisations, now)
    if asked is None:
        return None
    several = len(standing.cards or ()) > 1
    return Declined(
        words=declined_words(asked, now, language, several_cards=several),
        why=why_declined(asked.decline),
        url=reverse("plan", args=[DECLINED]),
    )


def _charges(standing: Standing, now: datetime, language: str) -> tuple[TransactionRow, ...]:
    zone = current_profile().zone
    return tuple(
        row_of(
            charge,
            language,
            several_cards=len(standing.cards or ()) > 1,
            day=say_date(charge.at.astimezone(zone).date(), language, now),
        )
        for charge in standing.charges
    )
