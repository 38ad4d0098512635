"""The report of a card that is gone, as its member reads it: the written summary, and how it stands since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.models import Report, ReportCharge, ReportItem
from cardline.cards.reports.queries import ReportView, report_numbered, view_of
from cardline.cards.reports.rules import GONE_FOR_GOOD
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date, say_fully, say_when
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.selfservice.cards_page import Call, call_of
from cardline.ui.reports import liability_words, result_words, state_words, steps_of
from cardline.ui.shapes import Fact, Step


@dataclass(frozen=True, slots=True)
class ReportPage:
    """was_stranger: somebody who was not signed in said it, and the member has not answered. is_false: they said
    that it was not them. is_frozen: found again, it can be used again.
    """

    id: int
    last4: str
    reference: str
    state: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]
    charges: tuple[Fact, ...]
    items: tuple[Fact, ...]
    was_stranger: bool
    is_false: bool
    is_frozen: bool
    phone_is_gone: bool
    call: Call | None


def report_page(actor: Actor, report_id: int, now: datetime, language: str) -> ReportPage:
    """Raises NotThere."""
    report = report_numbered(actor, report_id)
    view = view_of(report)
    is_frozen = report.state in (Report.State.FROZEN, Report.State.REPORTED, Report.State.RECOVERED)
    return ReportPage(
        id=report.pk,
        last4=report.last4,
        reference=show_reference(report.case.ref),
        state=state_words(report.state),
        steps=report_steps(view, now, language),
        facts=tuple(_facts(view, now, language)),
        charges=tuple(_charge(one, now, language) for one in view.charges),
        items=tuple(
            Fact(one.name, result_words(one.kind, confirmed=one.result == ReportItem.Result.CONFIRMED))
            for one in view.items
        ),
        was_stranger=view.by_stranger and is_frozen,
        is_false=view.is_false,
        is_frozen=is_frozen,
        phone_is_gone=bool(view.report.gone_phone),
        call=call_of(actor),
    )


def report_steps(view: ReportView, now: datetime, language: str) -> tuple[Step, ...]:
    zone = current_profile().zone
    return steps_of(
        view.report.state, view.reached, zone=zone, language=language, now=now, expected=view.expected
    )


def report_url(report: Report) -> str:
    return reverse("lost_report", args=[report.pk])


def _facts(view: ReportView, now: datetime, language: str) -> Iterator[Fact]:
    report, profile = view.report, current_profile()
    yield Fact(_("You first told us"), say_fully(report.first_word_at, profile.zone, language))
    yield Fact(_("How it stands"), state_words(report.state))
    owed = liability_words(view.liability, profile.currency, language)
    yield Fact(_("What you answer for"), owed)
    if report.learned_on:
        yield Fact(_("You noticed it"), say_full_date(report.learned_on, language))
    if gone := _also_gone(report):
        yield Fact(_("Also gone"), gone)
    if report.charges_reviewed_at:
        yield Fact(_("Charges read back"), say_when(report.charges_reviewed_at, profile.zone, language, now))
    if report.new and view.new_last4:
        yield Fact(_("Your new card ends in"), view.new_last4)
    if view.tracking:
        yield Fact(_("Its way"), f"{view.carrier} {view.tracking}".strip())
    if view.expected and report.state in GONE_FOR_GOOD and "activated" not in view.reached:
        yield Fact(_("The post expects it on"), say_full_date(view.expected, language))


def _also_gone(report: Report) -> str:
    gone = [
        words
        for is_gone, words in ((report.gone_phone, _("phone")), (report.gone_papers, _("identity papers")))
        if is_gone
    ]
    return ", ".join(gone)


def _charge(one: ReportCharge, now: datetime, language: str) -> Fact:
    amount = format_money(Money(one.amount_minor, one.currency), language)
    day = say_when(one.charged_at, current_profile().zone, language, now)
    return Fact(one.merchant, amount, day)
