"""A report follows its card: whatever is done with that, wherever it was pressed, moves the report in the same
transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.cards.commands import freeze_for
from cardline.cards.models import Freeze, FreezeWish, Report, StrangersWord
from cardline.cards.reports.items import ask_about, look_again
from cardline.cards.reports.rules import VERIFIED
from cardline.cards.reports.writing import (
    KNEW_THEM,
    OPENED,
    call_nobody_back,
    going_on,
    keep,
    move,
    open_row,
    say,
)
from cardline.cards.writing import (
    ACTIVATED,
    CLOSED,
    FROZEN,
    REPLACED,
    THAWED,
    UNFROZEN,
    close_what_is_done,
)
from cardline.issuer.core import CloseReason
from cardline.kit.commands import executing
from cardline.kit.events import reacts_to
from cardline.members.models import Member

State = Report.State


@reacts_to(FROZEN)
def _frozen(*, card: str, now: datetime, **facts: Any) -> None:
    if report := going_on(card):
        move(report, State.FROZEN, now)


@reacts_to(UNFROZEN)
def _found_again(*, card: str, now: datetime, **facts: Any) -> None:
    """Only whoever is known for sure gives a card back into use, so that is its being found, or never lost."""
    report = going_on(card)
    if report is None:
        return
    move(report, State.RECOVERED, now)
    if move(report, State.UNFROZEN, now):
        keep(report.reach, now, KNEW_THEM)


@reacts_to(THAWED)
def _frozen_again(*, card: str, now: datetime, **facts: Any) -> None:
    """The end of a freeze came by itself. A card that was reported gone is not given back by time alone."""
    report = going_on(card)
    if report is not None and report.state in (State.REPORTED, State.FROZEN, State.RECOVERED):
        freeze_for(executing().by, now, report.member, card, case_id=report.case_id)


@reacts_to(CLOSED)
def _closed(
    *, card: str, last4: str, reason: str, member_id: int, case_id: int, now: datetime, **facts: Any
) -> None:
    """Closed for good, from the conversation about it or from the page of the card: that is a report, too."""
    report = going_on(card)
    if report is None:
        by = executing().by
        source = Report.Source.AGENT if by.actor.is_staff else Report.Source.MEMBER
        member = Member.objects.get(pk=member_id)
        report = open_row(member, card, last4, case_id, source, by.level, first_word_at=now, now=now)
    ask_about(report, now)
    to = State.CLOSED_STOLEN if reason == CloseReason.STOLEN else State.CLOSED_LOST
    if move(report, to, now):
        keep(report.reach, now, KNEW_THEM)


@reacts_to(REPLACED)
def _replaced(*, card: str, new: str, now: datetime, **facts: Any) -> None:
    report = going_on(card)
    if report is not None and move(report, State.REPLACEMENT_ORDERED, now):
        Report.objects.filter(pk=report.pk).update(new=new, look_at=now)


@reacts_to(ACTIVATED)
def _activated(*, card: str, now: datetime, **facts: Any) -> None:
    """The card that came in its place is in use. One that came without the post having said so has come all the
    same.
    """
    report = Report.objects.filter(new=card).exclude(state__in=Report.ENDED).select_related("member").first()
    if report is not None and move(report, State.ACTIVATED, now):
        look_again(report, now)
        Report.objects.filter(pk=report.pk).update(look_at=None)


@reacts_to("case.taken_as_member")
def _told_as_stranger(*, case_id: int, member_id: int, now: datetime, **facts: Any) -> None:
    """Whoever said as a stranger that their card is gone has signed in: it is one report, in the case whose reference
    they were given first, and nobody has to look for them any more.
    """
    for word in StrangersWord.objects.filter(case=case_id, member=member_id).select_related("report"):
        if word.report is not None and word.report.state not in Report.ENDED:
            _bring_together(word.report, case_id, now)


def _bring_together(report: Report, case_id: int, now: datetime) -> None:
    before = report.case_id
    keep(report.reach, now, KNEW_THEM)
    call_nobody_back(case_id, now)
    Report.objects.filter(pk=report.pk).update(case=case_id, level=VERIFIED)
    Freeze.objects.filter(card=report.card, member=report.member_id, unfrozen_at=None).update(case=case_id)
    FreezeWish.objects.filter(card=report.card, member=report.member_id, settled_at=None).update(case=case_id)
    report.case_id = case_id
    say(report, OPENED, first_word_at=report.first_word_at.isoformat(), source=report.source)
    if before != case_id:
        close_what_is_done(before, now)
