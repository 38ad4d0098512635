"""What we promise with a company card that was replaced or ended: to its holder, in their case, by a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cardline.cards.writing import ACTIVATED, close_what_is_done
from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.profile import Profile, current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.events import reacts_to
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

NEW_CARD, LAST_CHARGES = "program.new_card", "program.last_charges"
ARRIVES_BUSINESS_DAYS = 10  # mail takes a week; what is not in use after two may be lost
SETTLED_BUSINESS_DAYS = 5  # merchants send what was charged before within days

# They complete "We will …". Kept in the row in the member's language, like every promise.
WORDS: Mapping[str, Mapping[str, str]] = {
    NEW_CARD: {
        "en": "See that the new company card reaches you and works",
        "es": "Asegurarnos de que la nueva tarjeta de empresa le llegue y funcione",
    },
    LAST_CHARGES: {
        "en": "Check that what was charged to your company card before it was closed is settled",
        "es": "Comprobar que se liquide lo cargado a su tarjeta de empresa antes de cerrarla",
    },
}
DAYS = {NEW_CARD: ARRIVES_BUSINESS_DAYS, LAST_CHARGES: SETTLED_BUSINESS_DAYS}
IN_USE = {"en": "The new card is in use.", "es": "La nueva tarjeta está en uso."}


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


@reacts_to(ACTIVATED)
def a_card_in_use_has_arrived(member_id: int, case_id: int, now: datetime, **_: object) -> None:
    """Its holder activated the new card: the promise is kept, and the case is over if nothing else waits in it."""
    waiting = Promise.objects.filter(UNFINISHED, case=case_id, rule=NEW_CARD).values_list("pk", flat=True)
    if not waiting:
        return
    language = Member.objects.values_list("language", flat=True).get(pk=member_id)
    for promise_id in list(waiting):
        evidence = clean(IN_USE.get(language, IN_USE["en"]))
        do_promise(by=SYSTEM, now=now, promise_id=promise_id, evidence=evidence)
    close_what_is_done(case_id, now)
