"""Being sure of a change. Inside commands: what waited because of it goes on."""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.cards.holds.commands import holds_because_of, release_held_card
from cardline.contactdata.changes.filing import SURE, enter
from cardline.issuer.asking import CoreSilent
from cardline.kit.actors import SYSTEM
from cardline.kit.commands import executing
from cardline.kit.redact import Clean
from cardline.kit.refusals import Refusal
from cardline.members.models import ContactChange

log = logging.getLogger("cardline.contactdata")

LONGEST_HOW = 400


def be_sure(change: ContactChange, by: str, how: Clean, now: datetime) -> bool:
    """The member wanted it: cards that were held because of it are sent. by: as in the audit log. how: how we know.

    False: we were sure before. Raises CoreSilent.
    """
    executing()
    unsure = ContactChange.objects.filter(pk=change.pk, validated_at=None)
    if not unsure.update(validated_at=now, validated_by=by, validated_how=how[:LONGEST_HOW]):
        return False
    if change.case:
        enter(SURE, change, change.case)
    for hold_id in holds_because_of(change.pk):
        _release(hold_id, by, how, now)
    change.refresh_from_db()
    return True


def _release(hold_id: int, by: str, how: Clean, now: datetime) -> None:
    """A card that the core will not make any more waits on, for a person to say no to; we are sure all the same."""
    try:
        release_held_card(by=SYSTEM, now=now, hold_id=hold_id, sure_by=by, how=how)
    except CoreSilent:
        raise
    except Refusal:
        log.warning("hold.not_released", extra={"hold": hold_id})
