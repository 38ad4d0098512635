"""Who knows of a call: the member who is called, and colleagues. A code's row is read by nobody but by its letters."""

from __future__ import annotations

from django.db.models import Q

from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees
from cardline.trust.models import Call


@sees(Call)
def _calls(actor: Actor) -> Q | None:
    """Colleagues ask about members whose case they have open already (desk/calling.py)."""
    if actor.kind == Kind.AGENT:
        return Q()
    return Q(member=actor.member_id) if actor.kind == Kind.MEMBER else NOTHING
