"""Reports of cards that are gone, as the desk shows them beside their case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from cardline.cards.models import ReportItem
from cardline.cards.reports.queries import ReportView, report_of_case, view_of
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.ui.reports import liability_words, state_words


@dataclass(frozen=True, slots=True)
class ReportRow:
    """first_word_at: the instant of first contact, which rights are reckoned from. regime: the law it is under, by
    country and product. open_items: what else used the card and is not confirmed as stopped. minds: what to mind, a
    sentence each.
    """

    last4: str
    state: str
    first_word_at: datetime
    regime: str
    liability: str
    charges: int
    open_items: int
    tracking: str
    minds: tuple[str, ...]


def reports_in(actor: Actor, case_id: int) -> list[ReportRow]:
    """Of a case the actor sees, the newest first."""
    return [_row(view_of(report)) for report in report_of_case(actor, case_id)]


def _row(view: ReportView) -> ReportRow:
    report, language = view.report, get_language() or "en"
    owed = liability_words(view.liability, current_profile().currency, language)
    return ReportRow(
        last4=report.last4,
        state=state_words(report.state),
        first_word_at=report.first_word_at,
        regime=view.liability.law or gettext("Not known"),
        liability=owed,
        charges=len(view.charges),
        open_items=sum(one.result == ReportItem.Result.ASKED for one in view.items),
        tracking=f"{view.carrier} {view.tracking}".strip(),
        minds=tuple(_minds(view)),
    )


def _minds(view: ReportView) -> list[str]:
    report = view.report
    said = []
    if report.gone_phone:
        said.append(gettext("The phone is gone: a code or a call to it proves nothing."))
    if report.gone_papers:
        said.append(gettext("Identity papers are gone: somebody may pass as the member."))
    if view.by_stranger:
        said.append(gettext("A stranger reported it: make sure with the member."))
    if view.is_false:
        said.append(gettext("The member said that it was not them."))
    return said
