"""Questions about reports: how one stands, what its member answers for, and what is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cardline.cards.models import Report, ReportCharge, ReportItem, StrangersWord
from cardline.cards.reports.rules import ON_ITS_WAY, Liability, liability
from cardline.clocks.compute import compute
from cardline.clocks.liability import liability_law
from cardline.clocks.local import local_date
from cardline.issuer.core import CoreError, Part, ShippingEvent, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as pages tell it. reached: when it came to each state, the last time. expected: the day its new card
    should arrive, None while nobody said. tracking: the carrier's number, "" for none. new_last4: of the card that
    comes. by_stranger: a stranger had the card frozen, and the member has not said that it was not them.
    """

    report: Report
    reached: dict[str, datetime]
    charges: tuple[ReportCharge, ...]
    items: tuple[ReportItem, ...]
    liability: Liability
    expected: date | None
    carrier: str
    tracking: str
    new_last4: str
    by_stranger: bool
    is_false: bool


def report_of_case(actor: Actor, case_id: int) -> list[Report]:
    """The reports written in a case, the newest first: several cards can be gone at once."""
    rows = visible(Report, actor).filter(case=case_id).select_related("case", "member")
    return list(rows.order_by("-reported_at", "-pk"))


def report_numbered(actor: Actor, report_id: int) -> Report:
    """Raises NotThere: unknown and somebody else's alike."""
    row = visible(Report, actor).filter(pk=report_id).select_related("case", "member").first()
    if row is None:
        raise NotThere()
    return row


def report_going_on(actor: Actor, card: str) -> Report | None:
    rows = visible(Report, actor).filter(card=card).exclude(state__in=Report.ENDED)
    return rows.select_related("case", "member").first()


def view_of(report: Report) -> ReportView:
    """Everything about a report its reader may see. A silent core leaves out the way of the new card, nothing else."""
    shipping = _way_of(report)
    sent = next((one for one in reversed(shipping) if one.tracking or one.carrier), None)
    words = list(StrangersWord.objects.filter(report=report))
    return ReportView(
        report=report,
        reached={step.state: step.at for step in report.steps.order_by("pk")},
        charges=tuple(report.charges.order_by("-charged_at", "-pk")),
        items=tuple(report.items.order_by("kind", "pk")),
        liability=liability_of(report),
        expected=next((one.expected for one in reversed(shipping) if one.expected), None),
        carrier=sent.carrier if sent else "",
        tracking=sent.tracking if sent else "",
        new_last4=_last4_of_new(report),
        by_stranger=bool(words) and not any(word.false_at for word in words),
        is_false=any(word.false_at for word in words),
    )


def liability_of(report: Report) -> Liability:
    """From the day of first contact; the law from the country and the product of the card (clocks/liability.toml)."""
    profile = current_profile()
    kind = kind_of_product(report.member, report.card)
    law = liability_law(profile.jurisdiction, kind)
    until = None
    if law is not None and law.in_time and report.learned_on is not None:
        until = compute(law.in_time, report.learned_on, profile.calendar, profile.zone).due
    return liability(
        kind,
        law,
        profile.liability.asked_for(kind),
        reported_on=local_date(report.first_word_at, profile.zone),
        in_time_until=until,
    )


def kind_of_product(member: Member, card: str) -> str:
    """ "credit", "debit" …: of the card as the core has it; while it is silent, of the kind of card the member
    holds.
    """
    profile = current_profile()
    try:
        name = current_core().card(member.core_customer, card).product
    except CoreError:
        name = ""
    known = next((one.kind for one in profile.products.values() if one.name == name), "")
    if known:
        return known
    held = profile.card_types.get(member.card_type)
    return held.products[0] if held and held.products else "credit"


def has_phone_gone(actor: Actor) -> bool:
    """Whether a phone of the member who asks is said to be gone, so that no code to it proves anything."""
    return visible(Report, actor).filter(member=actor.member_id, gone_phone=True).exists()


def phone_said_gone(tail: str) -> datetime | None:
    """When a member last said that the phone with this number went with a card; tail: its last ten digits.

    For whoever decides what a code to it is worth (config/number_changes.py); it shows nothing to anybody.
    """
    rows = Report.objects.filter(
        gone_phone=True,
        member__points__kind="phone",
        member__points__takes_texts=True,
        member__points__tail=tail,
    )
    newest = rows.order_by("-reported_at").values_list("reported_at", flat=True).first()
    return newest


def _way_of(report: Report) -> list[ShippingEvent]:
    core = current_core()
    if not report.new or Part.SHIPPING not in core.offers:
        return []
    try:
        return core.shipping(report.member.core_customer, report.new)
    except CoreError:
        return []


def _last4_of_new(report: Report) -> str:
    if not report.new:
        return ""
    try:
        return current_core().card(report.member.core_customer, report.new).last4
    except CoreError:
        return ""


def ways_still_to_come(now: datetime, most: int) -> list[Report]:
    """Reports whose new card is on its way and is to be asked for by now."""
    rows = Report.objects.filter(look_at__lte=now, state__in=ON_ITS_WAY).select_related("member")
    return list(rows.order_by("look_at", "pk")[:most])
