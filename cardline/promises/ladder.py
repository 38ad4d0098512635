"""The profile's ladder as this issuer climbs it: instants, who stands on each rung, and until when they answer."""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.profile import current_profile
from cardline.promises.models import LegalClock, Promise
from cardline.promises.rules import Rung, Running, legal_rungs, rungs

SUPERVISORS = "supervisors:"
HEAD_OF_SERVICE = "head_of_service"


def ladder_of(promise: Promise, clock: LegalClock | None = None) -> list[Rung]:
    """What happens to a promise by itself, soonest first, from its first rung on. clock: of one that the law sets."""
    profile = current_profile()
    if clock is not None:
        running = Running(clock.started_at, clock.due_on, clock.act_by, clock.due_zone)
        return legal_rungs(profile.promise_ladder, running, profile.calendar)
    return rungs(profile.promise_ladder, promise.made_at, promise.due_at, promise.due_zone, profile.calendar)


def place_for(to: str, queue: str) -> str:
    """A rung of the ladder as a place: the supervisors of the queue's team, or the head of service.

    A queue names people only once one of them took it (DESIGN 6).
    """
    if to == HEAD_OF_SERVICE:
        return HEAD_OF_SERVICE
    return SUPERVISORS + current_profile().queue(queue).team


def answer_by(queue: str, now: datetime) -> datetime:
    """Until when that queue's people answer, counted in its open hours, so that "today" is never said too late."""
    return current_profile().answer_by(queue, now)
