"""Who sees private notes: colleagues who see the case. Nobody else, by any way."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule
from cardline.desk.models import Note
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(Note)
def _notes(actor: Actor) -> Q | None:
    return case_rule(actor, "case__") if actor.kind == Kind.AGENT else NOTHING
