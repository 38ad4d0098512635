"""Cards that are gone: reported by whoever they belong to, or by somebody nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.cards.commands import replace_lost_card
from cardline.cards.models import ReportItem, StrangersWord
from cardline.cards.queries import transactions_of
from cardline.cards.reports.commands import (
    review_charges,
    say_else_gone,
    say_gone,
    say_phone_back,
    say_when_noticed,
    sum_up,
)
from cardline.cards.reports.queries import has_phone_gone, kind_of_product, liability_of, report_going_on
from cardline.cards.reports.rules import DEBIT, regime_of
from cardline.cards.strangers.commands import hear_word
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.issuer.core import CoreUnknown, Which
from cardline.issuer.profile import current_profile
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, NotThere

Json = Any

# What a stranger's case is called, kept in the row in their language, like every subject.
STRANGERS_CASE: Mapping[str, Mapping[str, str]] = {
    StrangersWord.Kind.OWN: {"en": "A card is gone", "es": "Una tarjeta perdida"},
    StrangersWord.Kind.FOUND: {"en": "A card was found", "es": "Una tarjeta encontrada"},
}

_AT = "2026-11-23T17:00:00+00:00"
_GONE = {"card": "card_1", "last4": "1005", "case_id": 1, "ref": "7K429QM", "changed": True, "report": 1}
_SENT = {"card": "card_2", "last4": "2006", "case_id": 1, "ref": "7K429QM", "changed": True}
_CHANGED = {"changed": True}


@does(
    "reports.open",
    results=[{**_GONE, "frozen_at": _AT, "asked_at": None}, {**_GONE, "frozen_at": None, "asked_at": _AT}],
    refusals=["card_closed", "too_many", "not_found"],
)
def open_report(here: Here, *, card: str) -> Mapping[str, Json]:
    return say_gone(
        by=here.by,
        now=here.now,
        card=card,
        contact_id=here.staff_contact,
        case_id=None if here.actor.is_staff else here.case_id,
        first_word_at=here.first_word_at,
    )


@does(
    "reports.review",
    results=[{"listed": 0, "case_id": 1}, {"listed": 1, "case_id": 1}],
    refusals=["not_found"],
)
def review(here: Here, *, card: str, not_mine: list[str]) -> Mapping[str, Json]:
    return review_charges(
        by=here.by, now=here.now, card=card, not_mine=not_mine, contact_id=here.staff_contact
    )


@does("reports.else_gone", results=[_CHANGED], refusals=["not_found"])
def else_gone(here: Here, *, card: str, phone: bool, papers: bool) -> Mapping[str, Json]:
    contact = here.staff_contact
    return say_else_gone(by=here.by, now=here.now, card=card, phone=phone, papers=papers, contact_id=contact)


@finds(
    "reports.phone_gone",
    samples=[{"own": True, "gone": True}, {"own": True, "gone": False}, {"own": False, "gone": False}],
)
def phone_gone(here: Here) -> Json:
    """own: they sit there themselves, which nobody else may do for them."""
    return {"own": here.is_own, "gone": here.is_own and has_phone_gone(here.actor)}


@does(
    "reports.phone_back",
    results=[
        {"changed": True, "case_id": 1, "ref": "7K429QM"},
        {"changed": False, "case_id": None, "ref": None},
    ],
    refusals=["capacity_missing"],
)
def phone_back(here: Here) -> Mapping[str, Json]:
    return say_phone_back(by=here.by, now=here.now)


@does("reports.noticed", results=[_CHANGED], refusals=["malformed", "not_found"])
def noticed(here: Here, *, card: str, on: str) -> Mapping[str, Json]:
    return say_when_noticed(by=here.by, now=here.now, card=card, on=on, contact_id=here.staff_contact)


@does(
    "reports.close",
    results=[_SENT, {**_SENT, "held": True}, {**_SENT, "by_hand": True}],
    refusals=["card_closed", "too_many", "not_offered", "not_found", "not_permitted"],
)
def close(here: Here, *, card: str, stolen: bool) -> Mapping[str, Json]:
    """Closed for good, and another one ordered to the address on file."""
    return replace_lost_card(
        by=here.by, now=here.now, card=card, stolen=stolen, contact_id=here.staff_contact
    )


@does("reports.sum_up", results=[_CHANGED, {"changed": False}], refusals=["not_found"])
def summary(here: Here, *, card: str) -> Mapping[str, Json]:
    return sum_up(by=here.by, now=here.now, card=card, contact_id=here.staff_contact)


@does("strangers.say", results=[{"case_id": 1, "ref": "7K429QM"}])
def stranger_says(
    here: Here, *, kind: str, facts: str, name: str | None, where: str | None
) -> Mapping[str, Json]:
    """The same answer whatever there is: it is looked up afterwards (docs/decisions/0030)."""
    return hear_word(
        by=here.by,
        now=here.now,
        kind=kind,
        name=clean(name or ""),
        facts=clean(facts),
        where=clean(where or ""),
        subject=clean(STRANGERS_CASE[kind].get(here.language, STRANGERS_CASE[kind]["en"])),
        source=here.source or here.actor.key,
        first_word_at=here.first_word_at or here.now,
        case_id=here.case_id,
    )


@finds(
    "reports.about",
    samples=[
        {"charges": "some", "debit": False, "us": True, "away": True},
        {"charges": "none", "debit": True, "us": False, "away": False},
        {"charges": "silent", "debit": False, "us": True, "away": False},
    ],
)
def about(here: Here, *, card: str) -> Json:
    """What there is to ask about a card: charges to read back, the rules it is under, an emergency card to be had."""
    profile = current_profile()
    return {
        "charges": _charges(here, card),
        "debit": here.member is not None and regime_of(kind_of_product(here.member, card)) == DEBIT,
        "us": profile.jurisdiction == "US",
        "away": "lost_stolen:replace_elsewhere" in profile.exceptional.actions,
    }


def _charges(here: Here, card: str) -> str:
    """Whoever may protect and not see is not read them; a silent core keeps nobody from going on (SR-77)."""
    try:
        page = transactions_of(here.actor, Which(card=card), most=1, member_id=here.staff_member)
    except CoreUnknown:
        return "silent"
    except (NotThere, NotPermitted):
        return "none"
    return "some" if page.items else "none"


@finds(
    "reports.uses",
    samples=[
        {"wallets": ["Phone"], "merchants": ["Music"], "asked": 0},
        {"wallets": ["Phone"], "merchants": ["Music"], "asked": 2},
        {"wallets": [], "merchants": [], "asked": 0},
    ],
)
def uses(here: Here, *, card: str) -> Json:
    """What else paid with the card, and of how many of them nobody has confirmed that they cannot any more."""
    report = report_going_on(here.actor, card)
    items = list(report.items.order_by("pk")) if report else []
    return {
        "wallets": [one.name for one in items if one.kind == ReportItem.Kind.WALLET],
        "merchants": [one.name for one in items if one.kind == ReportItem.Kind.MERCHANT],
        "asked": sum(one.result == ReportItem.Result.ASKED for one in items),
    }


@finds(
    "reports.liability",
    samples=[
        {"most_minor": 0, "currency": "USD", "until": "", "statement_days": 0, "not_if_unnoticed": False},
        {"most_minor": 5000, "currency": "USD", "until": "", "statement_days": 60, "not_if_unnoticed": False},
        {"most_minor": 3500, "currency": "GBP", "until": "", "statement_days": 0, "not_if_unnoticed": True},
        {
            "most_minor": 5000,
            "currency": "USD",
            "until": "2026-11-25",
            "statement_days": 60,
            "not_if_unnoticed": False,
        },
        {"most_minor": None, "currency": "USD", "until": "", "statement_days": 0, "not_if_unnoticed": False},
    ],
)
def answers_for(here: Here, *, card: str) -> Json:
    report = report_going_on(here.actor, card)
    currency = current_profile().currency
    if report is None:
        nothing = {"statement_days": 0, "not_if_unnoticed": False}
        return {"most_minor": 0, "currency": currency, "until": "", **nothing}
    found = liability_of(report)
    return {
        "most_minor": found.most_minor,
        "currency": currency,
        "until": found.in_time_until.isoformat() if found.in_time_until else "",
        "statement_days": found.statement_days or 0,
        "not_if_unnoticed": found.not_if_unnoticed,
    }
