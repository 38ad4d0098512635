"""Who sees which file: the member it belongs to, and colleagues who may open the case it was given to.

A guest sees that theirs is there and how it stands, and opens none (commands.open_file).
"""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule
from cardline.files.models import StoredFile
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(StoredFile)
def _files(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    if actor.kind == Kind.MEMBER:
        return Q(member=actor.member_id)
    if actor.kind in (Kind.AGENT, Kind.GUEST):
        rule = case_rule(actor, "case__")
        return NOTHING if rule is None else rule & Q(case__isnull=False)
    return NOTHING
