"""What an administrator sees of a program: cards, states, limits and sums. What somebody bought is on none of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.programs.promising import LAST_CHARGES, done_by
from cardline.cards.programs.queries import EmployeeCard, employee_card, employee_cards, highest_limit
from cardline.cards.rules import reasons_to_replace
from cardline.issuer.core import CardState, CloseReason
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_when
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.members.programs.queries import departure
from cardline.selfservice.card_words import TONES, card_name, state_word
from cardline.selfservice.program.forms import LimitForm, ProgramFilters
from cardline.ui.shapes import NeedRow

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """url: of the card's page, "" for the administrator's own card."""

    name: str
    last4: str
    state: str
    tone: str
    limit: str
    spent: str
    url: str


@dataclass(frozen=True, slots=True)
class ProgramPage:
    """companies: the programs' names. cycle: which days the sums are of, "" where there are none. found, all: how many
    cards. earlier, later, file: addresses that keep what was asked for.
    """

    companies: str
    filters: ProgramFilters
    rows: tuple[ProgramRow, ...]
    cycle: str
    found: int
    all: int
    earlier: str
    later: str
    file: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class EmployeeCardPage:
    """limits: whether this core keeps limits at all. replace: why another card may be asked for."""

    row: ProgramRow
    token: str
    company: str
    stands: str
    cycle: str
    left: str
    can_freeze: bool
    can_unfreeze: bool
    limits: bool
    form: LimitForm
    most: str
    replace: tuple[NeedRow, ...]


@dataclass(frozen=True, slots=True)
class LimitQuestion:
    """before: "" where it had no limit of its own. minor: what the form sends. spent: in the cycle that runs."""

    token: str
    name: str
    card: str
    before: str
    after: str
    minor: int
    spent: str
    is_below: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A card that is about to be replaced or closed for good."""

    token: str
    name: str
    card: str
    last4: str
    company: str
    address: str
    reason: str = ""
    for_good: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody left. settled_by: until when we look after what was charged before, in words."""

    name: str
    company: str
    card: str
    when: str
    by: str
    ref: str
    merchants: int
    settled_by: str


def program_page(actor: Actor, asked: QueryDict, now: datetime, language: str) -> ProgramPage:
    """25 cards a page, by name. What cannot be read shows nothing but why. Raises NotThere, CoreUnknown."""
    cards = employee_cards(actor, now)
    filters = ProgramFilters(asked)
    found = matching(cards, filters)
    page = min(_number(asked.get("page", "")), max(0, (len(found) - 1) // A_PAGE))
    first = page * A_PAGE
    kept = filters.kept
    return ProgramPage(
        companies=", ".join(dict.fromkeys(card.program.company.name for card in cards)),
        filters=filters,
        rows=tuple(_row(card, language) for card in found[first : first + A_PAGE]),
        cycle=_cycle(cards, now, language),
        found=len(found),
        all=len(cards),
        earlier=_address({**kept, "page": str(page)}) if page else "",
        later=_address({**kept, "page": str(page + 2)}) if len(found) > first + A_PAGE else "",
        file=reverse("program_file") + (f"?{urlencode(kept)}" if kept else "") if found else "",
        is_asked=bool(kept),
    )


def matching(cards: Iterable[EmployeeCard], filters: ProgramFilters) -> list[EmployeeCard]:
    """Those that fit what was asked for; none where that cannot be read."""
    if not filters.is_valid():
        return []
    wanted, state = filters.cleaned_data["q"].casefold(), filters.cleaned_data["state"]
    return [
        card
        for card in cards
        if (wanted in card.name.casefold() or wanted == card.card.last4)
        and (not state or card.card.state.value == state)
    ]


def employee_card_page(
    actor: Actor, token: str, now: datetime, language: str, sent: Any = None
) -> EmployeeCardPage:
    """Raises NotThere for a card that is not in a program of theirs, and for their own; CoreUnknown."""
    card = others_card(actor, token, now)
    most = highest_limit(card.program, card.card)
    left = card.spending.left if card.spending else None
    return EmployeeCardPage(
        row=_row(card, language),
        token=card.token,
        company=card.program.company.name,
        stands=_stands(card, now, language),
        cycle=_cycle([card], now, language),
        left=format_money(left, language) if left is not None else "",
        can_freeze=card.can_freeze,
        can_unfreeze=card.can_unfreeze,
        limits=card.spending is not None,
        form=LimitForm(sent, most, language),
        most=format_money(most, language) if most is not None else "",
        replace=tuple(_reason(token, reason) for reason in reasons_for(card)),
    )


def limit_question(card: EmployeeCard, minor: int, language: str) -> LimitQuestion:
    """Both sums, before anything is changed."""
    assert card.spending is not None
    was, spent = card.spending.limit, card.spending.spent
    return LimitQuestion(
        token=card.token,
        name=card.name,
        card=card_name(card.card.last4),
        before=format_money(was, language) if was is not None else "",
        after=format_money(Money(minor, spent.currency), language),
        minor=minor,
        spent=format_money(spent, language),
        is_below=minor < spent.amount_minor,
    )


def question(card: EmployeeCard, reason: str = "") -> Question:
    return Question(
        token=card.token,
        name=card.name,
        card=card_name(card.card.last4),
        last4=card.card.last4,
        company=card.program.company.name,
        address=card.program.address,
        reason=reason,
        for_good=reason != CloseReason.DAMAGED,
    )


def receipt(actor: Actor, number: int, now: datetime, language: str) -> Receipt:
    """Of somebody who left. Raises NotThere."""
    row = departure(actor, number, now)
    assert row.until is not None
    return Receipt(
        name=row.member.name,
        company=row.program.company.name,
        card=card_name(row.last4),
        when=say_when(row.until, current_profile().zone, language, now),
        by=row.ended_by_name,
        ref=show_reference(row.ref),
        merchants=row.merchants,
        settled_by=say_date(
            done_by(LAST_CHARGES, row.until, current_profile()).astimezone(current_profile().zone).date(),
            language,
            now,
        ),
    )


def others_card(actor: Actor, token: str, now: datetime) -> EmployeeCard:
    """Somebody else's card of a program. The administrator's own is on their own pages: NotThere."""
    card = employee_card(actor, token, now)
    if card.mine:
        raise NotThere()
    return card


def reasons_for(card: EmployeeCard) -> tuple[CloseReason, ...]:
    return reasons_to_replace(card.card)


def _row(card: EmployeeCard, language: str) -> ProgramRow:
    spending = card.spending
    return ProgramRow(
        name=card.name,
        last4=card.card.last4,
        state=state_word(card.card.state),
        tone=TONES.get(card.card.state, ""),
        limit=format_money(spending.limit, language) if spending and spending.limit else _("The account’s"),
        spent=format_money(spending.spent, language) if spending else "",
        url="" if card.mine else reverse("program_card", args=[card.token]),
    )


def _stands(card: EmployeeCard, now: datetime, language: str) -> str:
    if card.card.state == CardState.INACTIVE:
        return _("It was sent and is not activated yet.")
    if card.card.frozen_at is None:
        return ""
    said = {"since": say_when(card.card.frozen_at, current_profile().zone, language, now)}
    if card.ours:
        return _("Frozen by the company since %(since)s. Only its administrators can unfreeze it.") % said
    return _("Frozen since %(since)s by its holder or by us. Only they can unfreeze it.") % said


def _cycle(cards: Iterable[EmployeeCard], now: datetime, language: str) -> str:
    """The days of the cycle the sums are of, where it is one and the same for all."""
    cycles = {(card.spending.since, card.spending.until) for card in cards if card.spending}
    if len(cycles) != 1:
        return ""
    ((since, until),) = cycles
    return _("%(since)s to %(until)s") % {
        "since": say_date(since, language, now),
        "until": say_date(until, language, now),
    }


def _reason(token: str, reason: CloseReason) -> NeedRow:
    words = {
        CloseReason.LOST: (_("It is lost"), _("It is closed at once; a new one has another number")),
        CloseReason.STOLEN: (_("It was stolen"), _("It is closed at once; a new one has another number")),
        CloseReason.DAMAGED: (_("It is damaged"), _("It works until the new one is activated")),
    }
    title, line = words[reason]
    return NeedRow("card", title, line, f"{reverse('program_replacement', args=[token])}?why={reason}")


def _number(typed: str) -> int:
    """Which page, counted from 0. What is no number is the first."""
    return max(0, int(typed) - 1) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def _address(query: dict[str, str]) -> str:
    return f"{reverse('program')}?{urlencode(query)}"
