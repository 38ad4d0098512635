"""The profile's ladder as this issuer climbs it: instants, who stands on each rung, and until when they answer."""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.profile import current_profile
from cardline.promises.rules import Rung, rungs

SUPERVISORS = "supervisors:"
HEAD_OF_SERVICE = "head_of_service"


def ladder_of(made_at: datetime, due_at: datetime, zone: str) -> list[Rung]:
    """What will happen to a promise by itself, soonest first."""
    profile = current_profile()
    return rungs(profile.promise_ladder, made_at, due_at, zone, profile.calendar)


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
