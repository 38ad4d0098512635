"""Who prints letters until a print house does."""

from __future__ import annotations

from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor


def may_print(actor: Actor) -> bool:
    """Supervisors, and the team of the queue that the profile names for letters."""
    queue = current_profile().letters.queue
    in_team = bool(queue) and actor.is_staff and current_profile().queue(queue).team == actor.team
    return actor.is_supervisor or in_team
