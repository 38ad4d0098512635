"""Where a case stands, for somebody who has its reference and one more fact: its state and its next date (V1)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.issuer.core import CoreNotFound, current_core
from cardline.kit.actors import SYSTEM
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.contactdata.queries import postal_code_that_counts
from cardline.members.models import Member
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

LONGEST_FACT = 20
NOBODY = "nobody"  # a customer number no core gives out


@dataclass(frozen=True, slots=True)
class Tracked:
    """state: settled, late, waiting_for_you, waiting_for_us or open. next_at: when we next owe something; None when
    nothing is owed, or it is late.
    """

    ref: str
    state: str
    next_at: datetime | None


def track_case(ref: str, fact: str, now: datetime) -> Tracked:
    """The state and next date of a member's case; nothing else of it is for V1.

    ref: as stored. fact: the last four digits of one of the member's cards, or their postal code. Raises NotThere
    for an unknown reference, a guest's case and a wrong fact alike (SR-34).
    """
    # The system looks, because the visitor is nobody to us; what leaves here is two words and a date.
    case = visible(Case, SYSTEM).select_related("member").filter(ref=ref).first()
    known = _facts(case.member if case else None, now)
    given = _plain(fact)
    # Each is compared, so that the time taken says nothing about which one was nearly right.
    matches = [hmac.compare_digest(_plain(one).encode(), given.encode()) for one in known]
    if case is None or not given or not any(matches):
        raise NotThere()
    promise = (
        visible(Promise, SYSTEM)
        .filter(UNFINISHED, case=case, audience=Promise.Audience.MEMBER)
        .order_by("due_at", "id")
        .first()
    )
    is_late = promise is not None and promise.due_at < now
    return Tracked(
        ref=case.ref,
        state="late" if is_late else _state(case, promise),
        next_at=promise.due_at if promise is not None and not is_late else None,
    )


def _facts(member: Member | None, now: datetime) -> list[str]:
    """What may serve as the second fact: last four of each card, and the postal code, unless it is a fresh one.

    For a reference that is none the core is asked as well: an answer that comes sooner would tell that it is none.
    """
    try:
        cards = current_core().cards(member.core_customer if member else NOBODY)
    except CoreNotFound:
        cards = []
    return [*(card.last4 for card in cards), postal_code_that_counts(member or Member(), now)]


def _plain(fact: str) -> str:
    return "".join(character for character in fact[:LONGEST_FACT].casefold() if character.isalnum())


def _state(case: Case, promise: Promise | None) -> str:
    if case.state == Case.State.CLOSED:
        return "settled"
    newest = visible(Contact, SYSTEM).filter(case=case).order_by("-started_at", "-id").first()
    if newest is not None and newest.state == Contact.State.PROPOSED and not newest.verdict:
        return "waiting_for_you"
    if promise is not None or (newest is not None and newest.state != Contact.State.ENDED):
        return "waiting_for_us"
    return "open"
