"""What leaves the house about a report: that there is one, never what stands in it (SR-61). Inside commands."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from cardline.cards.models import Report, ReportCharge
from cardline.cards.reports.queries import liability_of
from cardline.cards.reports.rules import GONE_FOR_GOOD
from cardline.clocks.local import local_date
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.dates import say_date
from cardline.kit.money import Money, format_money
from cardline.members.models import Member
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.facts import money
from cardline.notify.letters.table import letter_kind
from cardline.notify.outgoing import Channel, send, tell
from cardline.notify.reach import ways_to
from cardline.notify.wording import template

REPORTED, SUMMARY = "card_reported", "lost.summary"


def page_of(report: Report) -> str:
    """The address of its page, for its member alone."""
    return f"/lost-card/reports/{report.pk}"


def ways_we_have(member_id: int) -> list[tuple[str, str]]:
    """(door, place) for each place of theirs that may be told of a report."""
    return ways_to(Member.objects.get(pk=member_id), template(REPORTED).channels)


def tell_everywhere(report: Report, now: datetime) -> int:
    """A stranger had the card frozen: every place we know of the member hears it at once, at any hour (DOMAIN 8).

    The link leads to one press, "it was not me". Returns how many places are told.
    """
    ways = ways_we_have(report.member_id)
    for channel, place in ways:
        values = {"link": page_of(report)}
        send(
            report.member_id, REPORTED, values, channel=cast(Channel, channel), to=place, now=now, urgent=True
        )
    return len(ways)


def tell_where_it_is_written(report: Report, now: datetime) -> None:
    """Word that something was written down in the report, by the door they prefer; what it is stands there alone."""
    tell(report.member_id, "receipt", {"reference": report.case.ref, "link": page_of(report)}, now=now)


def tell_where_it_stands(report: Report, now: datetime) -> None:
    """Their written summary: a letter, on paper or by their consent on their pages (DOMAIN 10, step 7); and word that
    the report's page stands, by the door they prefer.
    """
    tell_where_it_is_written(report, now)
    only = letter_kind(SUMMARY).only
    if only and current_profile().jurisdiction not in only:
        return  # that country's law knows another letter; the page says the same
    owed = liability_of(report)
    if owed.most_minor is None:
        return  # nobody writes down what nobody knows; the page says that
    send_letter(
        by=SYSTEM,
        now=now,
        member_id=report.member_id,
        case_id=report.case_id,
        kind=SUMMARY,
        law=owed.regime.lower(),
        facts={
            "reference": report.case.ref,
            "reported_at": report.first_word_at.isoformat(),
            "card": report.last4,
            "how": "stolen" if _was_stolen(report) else "lost",
            "charges": [_line(charge, report.member.language, now) for charge in _not_theirs(report)],
            "replacement": _replacement(report),
            "liability": money(Money(owed.most_minor, current_profile().currency)),
        },
    )


def _was_stolen(report: Report) -> bool:
    return report.steps.filter(state=Report.State.CLOSED_STOLEN).exists()


def _not_theirs(report: Report) -> list[ReportCharge]:
    return list(report.charges.order_by("-charged_at", "-pk"))


def _line(charge: ReportCharge, language: str, now: datetime) -> str:
    day = say_date(local_date(charge.charged_at, current_profile().zone), language, now)
    return f"{day}, {charge.merchant}, {format_money(Money(charge.amount_minor, charge.currency), language)}"


def _replacement(report: Report) -> str:
    if report.new:
        return "ordered"
    return "waits" if report.state in GONE_FOR_GOOD else "not_wanted"
