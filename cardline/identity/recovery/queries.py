"""Whether a recovery runs."""

from __future__ import annotations

from datetime import datetime

from cardline.identity.models import Recovery
from cardline.identity.recovery.rules import recovery_named
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible


def running(actor: Actor, now: datetime) -> Recovery | None:
    """The member's own, waiting or open."""
    rows = visible(Recovery, actor).filter(stopped_at=None, used_at=None, ends_at__gt=now)
    return rows.first()


def can_be_stopped(word: str) -> bool:
    """By the link of a notice: it neither says whose it is nor anything else."""
    return Recovery.objects.filter(pk=recovery_named(word), stopped_at=None, used_at=None).exists()
