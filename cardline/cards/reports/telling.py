"""What leaves the house about a report: that there is one, never what stands in it (SR-61). Inside commands."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from cardline.cards.models import Report
from cardline.members.models import Member
from cardline.notify.outgoing import Channel, send, tell
from cardline.notify.reach import ways_to
from cardline.notify.wording import template

REPORTED = "card_reported"


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


def tell_where_it_stands(report: Report, now: datetime) -> None:
    """Their written summary is there: by the door they prefer."""
    tell(report.member_id, "receipt", {"reference": report.case.ref, "link": page_of(report)}, now=now)
