"""Applications for a product, and where they stand (DOMAIN 11)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from cardline.clocks.compute import compute
from cardline.clocks.days import add_business_days, add_days, add_months
from cardline.issuer import core
from cardline.issuer.core import ApplicationState as State
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.issuing import ARRIVES_IN_BUSINESS_DAYS
from cardline.issuer.embedded.shared import day_of, first_answer, first_time
from cardline.issuer.profile import current_profile
from cardline.kit.commands import executing
from cardline.kit.events import happened
from cardline.kit.reference import BadReference, new_reference, parse_reference

MOVED = "application.moved"
ADULT_MONTHS = 18 * 12
LONGEST = 80  # of a product or a name, in characters

NEXT: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.INCOMPLETE, State.COMPLETE, State.WITHDRAWN}),
    State.INCOMPLETE: frozenset({State.COMPLETE, State.EXPIRED, State.WITHDRAWN}),
    State.COMPLETE: frozenset({State.APPROVED, State.DECLINED, State.COUNTEROFFER, State.WITHDRAWN}),
    State.COUNTEROFFER: frozenset({State.APPROVED, State.DECLINED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.CARD_ORDERED}),
}

# A counteroffer nobody took up ends in a notice of refusal (b.counteroffer).
AFTER_WAITING = {State.INCOMPLETE: State.EXPIRED, State.COUNTEROFFER: State.DECLINED}

# What the law lets us take for a decision, counted from the day everything was there.
RULE_TO_NEXT = {State.SUBMITTED: "b.application", State.COMPLETE: "b.application"}

# Calendar days the applicant has (Product). An offer lapses while there is time left to say so, 90 by b.counteroffer.
DAYS_TO_NEXT = {State.INCOMPLETE: 30, State.COUNTEROFFER: 80}

# Business days (Product): an approved card is ordered, an ordered one arrives.
BUSINESS_DAYS_TO_NEXT = {State.APPROVED: 2, State.CARD_ORDERED: ARRIVES_IN_BUSINESS_DAYS}


class EmbeddedApplications:
    """See cardline.issuer.core.protocol.Notices for units and errors. Changes belong inside a command."""

    @transaction.atomic
    def apply(self, applicant: core.Applicant, *, at: datetime, key: str) -> core.Application:
        request = first_time(key, f"apply {_fingerprint(applicant)}", at)
        if request is None:
            return _application(rows.Application.objects.get(reference=first_answer(key)))
        _check(applicant, day_of(at))
        row = rows.Application.objects.create(
            reference=_unused_reference(),
            product=applicant.product,
            given_name=applicant.given_name[:LONGEST],
            family_name=applicant.family_name[:LONGEST],
            born=applicant.born,
            customer=rows.Customer.objects.filter(number=applicant.customer).first(),
            state=State.SUBMITTED,
            submitted_at=at,
            state_since=at,
            next_on=next_day(State.SUBMITTED, day_of(at)),
        )
        request.answer = row.reference
        request.save(update_fields=["answer"])
        return _application(row)

    def application(self, reference: str, born: date) -> core.Application:
        try:
            wanted = parse_reference(reference)
        except BadReference:
            raise core.CoreNotFound("application") from None
        # One question for both facts: a wrong one of them looks and takes the same, whichever it is.
        row = rows.Application.objects.filter(reference=wanted, born=born).first()
        if row is None:
            raise core.CoreNotFound("application")
        return _application(row)


# ------------------------------------------------------------------------------------- the issuer's side


def move_on(reference: str, to: State, *, at: datetime) -> core.Application:
    """The application gets to its next state: it is complete, decided, withdrawn, its card is ordered.

    One that is there already stays as it is, with its first time. Inside a command. Raises CoreNotFound, and
    CoreRefused("wrong_state") for a step that does not follow from where it stands.
    """
    executing()
    before = [state for state, following in NEXT.items() if to in following]
    moved = rows.Application.objects.filter(reference=reference, state__in=before).update(
        state=to, state_since=at, next_on=next_day(to, day_of(at))
    )
    row = rows.Application.objects.filter(reference=reference).first()
    if row is None:
        raise core.CoreNotFound("application")
    if not moved and row.state != to:
        raise core.CoreRefused("wrong_state")
    if moved:
        happened(MOVED, reference=reference, state=to, now=at)
    return _application(row)


def end_waiting(day: date, *, at: datetime) -> int:
    """What time alone does to applications: this was the last day for something, and nothing came.

    day: one of the issuer's that has ended. Returns how many moved on; safe to repeat. Inside a command.
    """
    executing()
    over = rows.Application.objects.filter(state__in=AFTER_WAITING, next_on__lte=day).order_by("pk")
    waiting = list(over.values_list("reference", "state"))
    for reference, state in waiting:
        move_on(reference, AFTER_WAITING[State(state)], at=at)
    return len(waiting)


def next_day(state: State, today: date) -> date | None:
    """By when the next step comes; None in a state that is the last."""
    if state in RULE_TO_NEXT:
        profile = current_profile()
        return compute(RULE_TO_NEXT[state], today, profile.calendar, profile.zone, own=profile.own_clocks).due
    if state in DAYS_TO_NEXT:
        return add_days(today, DAYS_TO_NEXT[state])
    if state in BUSINESS_DAYS_TO_NEXT:
        return add_business_days(today, BUSINESS_DAYS_TO_NEXT[state], current_profile().calendar)
    return None


def _check(applicant: core.Applicant, today: date) -> None:
    product = applicant.product
    if not product.strip() or len(product) > LONGEST or not product.isprintable():
        raise core.CoreRefused("unknown_product")
    if applicant.born > add_months(today, -ADULT_MONTHS):
        raise core.CoreRefused("too_young")


def _fingerprint(applicant: core.Applicant) -> str:
    """Knows the same wish again without keeping a name and a day of birth a second time."""
    return hashlib.sha256(repr(applicant).encode()).hexdigest()


def _unused_reference() -> str:
    while rows.Application.objects.filter(reference=(reference := new_reference())).exists():
        pass
    return reference


def _application(row: rows.Application) -> core.Application:
    return core.Application(
        reference=row.reference,
        product=row.product,
        state=State(row.state),
        submitted_at=row.submitted_at,
        state_since=row.state_since,
        next_on=row.next_on,
    )
