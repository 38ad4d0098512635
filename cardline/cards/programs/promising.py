"""What we promise with a company card that was ended: to its holder, in their case, by a day.

A new card has the promise that every card in the post has (cards/delivery).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.profile import Profile, current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise

LAST_CHARGES = "program.last_charges"
SETTLED_BUSINESS_DAYS = 5  # merchants send what was charged before within days

# They complete "We will …". Kept in the row in the member's language, like every promise.
WORDS: Mapping[str, Mapping[str, str]] = {
    LAST_CHARGES: {
        "en": "Check that what was charged to your company card before it was closed is settled",
        "es": "Comprobar que se liquide lo cargado a su tarjeta de empresa antes de cerrarla",
    },
}
DAYS = {LAST_CHARGES: SETTLED_BUSINESS_DAYS}


def done_by(rule: str, now: datetime, profile: Profile) -> datetime:
    """A business day of the issuer's, at its due time."""
    day = add_business_days(local_date(now, profile.zone), DAYS[rule], profile.calendar)
    return instant_of(day, profile.promises.due_time, profile.zone)


def promise_to(holder: Member, case_id: int, rule: str, now: datetime) -> int:
    """Inside a command. It is owned by the queue of the case, and climbs its ladder like every promise."""
    profile = current_profile()
    made = make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=clean(WORDS[rule].get(holder.language, WORDS[rule]["en"])),
        due_at=done_by(rule, now, profile),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule=rule,
    )
    return int(made["promise_id"])
