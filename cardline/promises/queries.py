"""Questions about promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.promises.ladder import SUPERVISORS
from cardline.promises.models import Promise
from cardline.promises.rules import Face, face

UNFINISHED = Q(state=Promise.State.OPEN) | Q(state=Promise.State.MISSED, done_at=None)


def promises_of_case(actor: Actor, case_id: int) -> list[Promise]:
    """All promises of a case as it is now, open ones soonest first, then the rest."""
    rows = (
        visible(Promise, actor)
        .filter(case=case_id)
        .select_related("owner", "clock")
        .prefetch_related("escalations__taken_by")
    )
    return sorted(rows, key=lambda p: (p.state != "open" and p.done_at is not None, p.due_at, p.pk))


def promise_for(actor: Actor, promise_id: int) -> Promise:
    """One promise. Raises NotThere."""
    promise = visible(Promise, actor).select_related("owner", "case").filter(pk=promise_id).first()
    if promise is None:
        raise NotThere()
    return promise


def nobody_waits_in(case: Case) -> bool:
    """No conversation in it goes on, and nothing that we promised is still to be done."""
    return (
        not Contact.objects.filter(case=case).exclude(state=Contact.State.ENDED).exists()
        and not Promise.objects.filter(UNFINISHED, case=case).exists()
    )


def is_open_at(promise: Promise, now: datetime) -> bool:
    """Whether it can still be kept: its state says open, and its due instant has not passed unnoticed."""
    return promise.state == Promise.State.OPEN and now <= promise.due_at


def face_of(promise: Promise, now: datetime) -> Face:
    """How it looks now: open, soon, late, kept, done_late, replaced, released; and the share of its time used."""
    return face(promise.state, promise.made_at, promise.due_at, promise.done_at, now, promise.due_zone)


def unfinished(actor: Actor) -> QuerySet[Promise]:
    """What is still to be done among what the actor sees, soonest due first. Stands on partial indexes; page it."""
    return visible(Promise, actor).filter(UNFINISHED).select_related("owner", "case").order_by("due_at", "id")


def mine(actor: Actor) -> QuerySet[Promise]:
    return unfinished(actor).filter(owner=actor.agent_id)


def late_with_supervisors(actor: Actor) -> QuerySet[Promise]:
    """Missed, not done, and in the hands of supervisors or above: the red tile."""
    return unfinished(actor).filter(state=Promise.State.MISSED)


def late(now: datetime) -> QuerySet[Promise]:
    """Missed and not done, or past due and about to be; for the command line and the wallboard."""
    return (
        Promise.objects.filter(UNFINISHED, due_at__lt=now)
        .select_related("owner", "case")
        .prefetch_related("escalations")
        .order_by("due_at", "id")
    )


def due(now: datetime) -> QuerySet[Promise]:
    """Open and still to come, soonest first."""
    return (
        Promise.objects.filter(state=Promise.State.OPEN, due_at__gte=now)
        .select_related("owner", "case")
        .prefetch_related("escalations")
        .order_by("due_at", "id")
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """The product's first number and what it is made of. A promise done late counts as missed (DOMAIN 13)."""

    open: int
    kept: int
    missed: int
    late: int

    @property
    def kept_share(self) -> float | None:
        """Kept among those that have had their due instant; None while there is none."""
        over = self.kept + self.missed
        return self.kept / over if over else None


def figures() -> Figures:
    counted = Promise.objects.aggregate(
        open=Count("pk", filter=Q(state="open")),
        kept=Count("pk", filter=Q(state="kept")),
        missed=Count("pk", filter=Q(state="missed")),
        late=Count("pk", filter=Q(state="missed", done_at=None)),
    )
    return Figures(**counted)


def is_with_supervisors(promise: Promise) -> bool:
    return promise.queue.startswith(SUPERVISORS)
