"""Being sure of a change. Inside commands: what waited because of it goes on."""

from __future__ import annotations

from datetime import datetime

from cardline.cards.holds.commands import holds_because_of, release_held_card
from cardline.contactdata.changes.filing import SURE, enter
from cardline.kit.actors import SYSTEM
from cardline.kit.commands import executing
from cardline.kit.redact import Clean
from cardline.members.models import ContactChange

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
        release_held_card(by=SYSTEM, now=now, hold_id=hold_id, sure_by=by, how=how)
    change.refresh_from_db()
    return True
