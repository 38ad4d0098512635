"""Whether a member has a telephone passcode, and since when; what it is, nothing can tell."""

from __future__ import annotations

from cardline.identity.models import Passcode
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible


def passcode_of(actor: Actor) -> Passcode | None:
    return visible(Passcode, actor).first()


def has_passcode(member_id: int) -> bool:
    """Yes or no, of a member whose contact the caller has already seen."""
    return Passcode.objects.filter(member=member_id).exists()
