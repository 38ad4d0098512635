"""What is said of a card that is gone: by its member, by a colleague for them, or by somebody nobody knows (DOMAIN 10).

The freeze comes first and waits for nothing that is asked afterwards. Each function can be called again: the report of
a card is one, whoever says it, until the card is used again or the new one is in use.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from cardline.cards.commands import CardClosed, for_whom, freeze_for, freeze_without_end
from cardline.cards.models import Report, ReportCharge
from cardline.cards.reports.items import ask_about
from cardline.cards.reports.rules import VERIFIED
from cardline.cards.reports.telling import tell_where_it_is_written, tell_where_it_stands, ways_we_have
from cardline.cards.reports.writing import (
    ALL_MINE,
    ELSE_GONE,
    KNEW_THEM,
    LOOK_INTO,
    NOT_MINE,
    PHONE_BACK,
    REACH_NOBODY,
    REACH_YOU,
    TOLD,
    call_nobody_back,
    going_on,
    keep,
    move,
    open_row,
    promise,
    say,
)
from cardline.cards.visibility import member_spoken_for
from cardline.cards.wishes import last4_of
from cardline.cards.writing import CARD_GONE, REPORT_NEED, UNKNOWN_LAST4, case_to_write_in
from cardline.cases.commands import set_attention
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.issuer.asking import ask
from cardline.issuer.core import current_core
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member

CHARGE_NEED = "dispute.unrecognised_charge"
SPEAKERS = (Kind.MEMBER, Kind.AGENT)
MOST_CHARGES = 20


@command("card.say_gone", by=SPEAKERS, level="lost_stolen:report", about="card:{card}")
def say_gone(
    *,
    by: Standing,
    now: datetime,
    card: str,
    contact_id: int | None = None,
    case_id: int | None = None,
    first_word_at: datetime | None = None,
) -> dict[str, Any]:
    """A card is gone: it is frozen, and from here on there is a report of it. contact_id: the one an agent acts in.
    case_id: of the member, where they began to tell of it. first_word_at: when they first turned to us, if that was
    before.

    Said again, it is the same report. Returns what `freeze_card` returns, with "report". Raises NotThere, CardClosed,
    TooMany, CoreSilent.
    """
    member, contact = for_whom(by, contact_id)
    source = Report.Source.AGENT if by.actor.is_staff else Report.Source.MEMBER
    if case_id is not None and not visible(Case, by.actor).filter(pk=case_id, member=member).exists():
        raise NotThere()
    return report_of(
        by,
        now,
        member,
        card,
        source=source,
        level=by.level,
        contact=contact,
        case_id=case_id,
        first_word_at=first_word_at or now,
    )


def report_of(
    by: Standing,
    now: datetime,
    member: Member,
    card: str,
    *,
    source: str,
    level: int,
    first_word_at: datetime,
    contact: Contact | None = None,
    case_id: int | None = None,
) -> dict[str, Any]:
    """Inside a command, for a member who sees the card. level: how surely we know whoever says so."""
    known = going_on(card)
    if known is not None and known.state not in (
        Report.State.REPORTED,
        Report.State.FROZEN,
        Report.State.RECOVERED,
    ):
        raise CardClosed()
    if contact is None and known is None:
        last4 = last4_of(member, card) or UNKNOWN_LAST4
        case_id = case_id or case_to_write_in(by, now, member, REPORT_NEED, CARD_GONE, last4)
    frozen = freeze_for(by, now, member, card, contact=contact, case_id=known.case_id if known else case_id)
    freeze_without_end(by, now, member, card)
    if known is None:
        home = contact.case_id if contact else case_id
        last4 = frozen["last4"] or UNKNOWN_LAST4
        known = open_row(member, card, last4, home or 0, source, level, first_word_at=first_word_at, now=now)
    else:
        Report.objects.filter(pk=known.pk, first_word_at__gt=first_word_at).update(
            first_word_at=first_word_at
        )
        Report.objects.filter(pk=known.pk, level__lt=level).update(level=level)
    if frozen["frozen_at"]:
        move(known, Report.State.FROZEN, now)
    if current_core().answers_at_once:
        ask_about(known, now)
    if level >= VERIFIED:
        keep(known.reach, now, KNEW_THEM)
        call_nobody_back(known.case_id, now)
    elif not known.reach:
        _promise_to_reach(known, now)
    return {**frozen, "case_id": known.case_id, "ref": known.case.ref, "report": known.pk}


@command("card.review_charges", by=SPEAKERS, level="lost_stolen:report", about="card:{card}")
def review_charges(
    *, by: Standing, now: datetime, card: str, not_mine: list[str], contact_id: int | None = None
) -> dict[str, Any]:
    """The last charges were read back; these the member did not make, each by the core's token. None is an answer.

    Each is listed in the case of the report, to become a dispute, and we promise to look into them. Said again, only
    what is new is added. Returns {"listed" (how many stand there now), "case_id"}. Raises NotThere, Malformed,
    CoreSilent.
    """
    if len(not_mine) > MOST_CHARGES:
        raise Malformed(field="not_mine")
    report, member = _report(by, card, contact_id)
    for token in not_mine:
        _list_charge(report, member, token, now)
    listed = report.charges.count()
    if not listed and report.charges_reviewed_at is None:
        say(report, ALL_MINE)
    if listed and not report.charges_promise:
        made = promise(report, LOOK_INTO, CHARGE_NEED, "card.charges_not_mine")
        Report.objects.filter(pk=report.pk).update(charges_promise=made)
        set_attention(report.case_id, now, now)
    Report.objects.filter(pk=report.pk, charges_reviewed_at=None).update(charges_reviewed_at=now)
    return {"listed": listed, "case_id": report.case_id}


@command("card.say_else_gone", by=SPEAKERS, level="lost_stolen:report", about="card:{card}")
def say_else_gone(
    *, by: Standing, now: datetime, card: str, phone: bool, papers: bool, contact_id: int | None = None
) -> dict[str, Any]:
    """Whether the phone, or papers that show who somebody is, went with the card.

    While a phone is said to be gone no code to it proves anything (config/number_changes.py). Returns {"changed"}.
    """
    report, _member = _report(by, card, contact_id)
    told = {"gone_phone": phone, "gone_papers": papers}
    if (report.gone_phone, report.gone_papers) == (phone, papers):
        return {"changed": False}
    Report.objects.filter(pk=report.pk).update(**told)
    if phone or papers:
        say(report, ELSE_GONE, phone=phone, papers=papers)
    return {"changed": True}


@command("card.say_phone_back", by=[Kind.MEMBER], level="info:phone", about="member")
def say_phone_back(*, by: Standing, now: datetime) -> dict[str, Any]:
    """The phone that was said to be gone is theirs again: codes to it prove again what they proved before, and nothing
    else is undone; a card stays as it is.

    As much as it takes to bind a phone, because it does the same; and no code to that phone reaches that level, since
    none is sent there while it is said to be gone. Word of it goes out by the door they prefer. Said again, it is the
    same. Returns {"changed", "case_id", "ref"}; of the newest report, None where nothing changed. Raises NotThere.
    """
    member = member_spoken_for(by)
    gone = list(Report.objects.filter(member=member, gone_phone=True).select_related("case").order_by("-pk"))
    if not Report.objects.filter(member=member, gone_phone=True).update(gone_phone=False):
        return {"changed": False, "case_id": None, "ref": None}
    for report in gone:
        say(report, PHONE_BACK)
    tell_where_it_is_written(gone[0], now)
    return {"changed": True, "case_id": gone[0].case_id, "ref": gone[0].case.ref}


@command("card.say_when_noticed", by=SPEAKERS, level="lost_stolen:report", about="card:{card}")
def say_when_noticed(
    *, by: Standing, now: datetime, card: str, on: str, contact_id: int | None = None
) -> dict[str, Any]:
    """The day on which the member noticed the loss (ISO 8601), which counts for a debit card (12 CFR 1005.6(b)).

    A day after the first word to us is none. Said again, the later word stands. Returns {"changed"}. Raises Malformed.
    """
    report, _member = _report(by, card, contact_id)
    try:
        day = date.fromisoformat(on)
    except ValueError as wrong:
        raise Malformed(field="on") from wrong
    if day > report.first_word_at.date() + timedelta(days=1):  # a day more, for whoever is further east
        raise Malformed(field="on")
    return {
        "changed": bool(Report.objects.filter(pk=report.pk).exclude(learned_on=day).update(learned_on=day))
    }


@command("card.sum_up_report", by=SPEAKERS, level="lost_stolen:report", about="card:{card}")
def sum_up(*, by: Standing, now: datetime, card: str, contact_id: int | None = None) -> dict[str, Any]:
    """What was agreed stands in writing from here on: on the page of the report, and in a notice that it is there.

    The one place where the written summary of a report is made. Returns {"changed"}: False when it stood already.
    """
    report, _member = _report(by, card, contact_id)
    if not Report.objects.filter(pk=report.pk, told_at=None).update(told_at=now):
        return {"changed": False}
    say(report, TOLD)
    tell_where_it_stands(report, now)
    return {"changed": True}


def _promise_to_reach(report: Report, now: datetime) -> None:
    """In two ways we have on file; where there is none, a person looks for one: never nothing (DOMAIN 8)."""
    words = REACH_YOU if ways_we_have(report.member_id) else REACH_NOBODY
    report.reach = promise(report, words, REPORT_NEED, "card.report_reach")
    Report.objects.filter(pk=report.pk).update(reach=report.reach)
    set_attention(report.case_id, now, now)


def _report(by: Standing, card: str, contact_id: int | None) -> tuple[Report, Member]:
    """The report that goes on of a card the speaker may speak of. Raises NotThere."""
    member, _contact = for_whom(by, contact_id)
    report = going_on(card)
    if report is None or report.member_id != member.pk:
        raise NotThere()
    return report, member


def _list_charge(report: Report, member: Member, token: str, now: datetime) -> None:
    charge = ask(partial(current_core().transaction, member.core_customer, token))
    row, is_new = ReportCharge.objects.get_or_create(
        report=report,
        charge=charge.token,
        defaults={
            "merchant": charge.merchant,
            "amount_minor": charge.amount.amount_minor,
            "currency": charge.amount.currency,
            "charged_at": charge.at,
            "said_at": now,
        },
    )
    if is_new:
        say(
            report,
            NOT_MINE,
            charge=row.charge,
            merchant=row.merchant,
            amount_minor=row.amount_minor,
            currency=row.currency,
            charged_at=row.charged_at.isoformat(),
        )
