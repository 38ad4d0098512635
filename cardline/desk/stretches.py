"""What each list of the desk is made of: stretches of an index, each in the list's own order (ranges.py says why)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cardline.cases.models import Case
from cardline.cases.visibility import queues_of
from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible
from cardline.promises.ladder import HEAD_OF_SERVICE, SUPERVISORS
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

Wanted = Mapping[str, Any]
ANYTHING: Wanted = {}


def my_cases(actor: Actor, wanted: Wanted = ANYTHING) -> list[QuerySet[Case]]:
    """Open cases in one's hands, without those in which only a promise that went to the supervisors is left to do."""
    own = _open_cases(actor).filter(owner=actor.agent_id)
    return [_narrowed(own.exclude(_is_with_the_supervisors(actor)), wanted, "queue", "need")]


def all_cases(actor: Actor, wanted: Wanted = ANYTHING) -> list[QuerySet[Case]]:
    """Open cases one may see: a supervisor all, an agent those of their team's queues and in their own hands."""
    rows = _narrowed(_open_cases(actor), wanted, "queue", "need", "owner")
    if actor.is_supervisor or "queue" in wanted or "owner" in wanted:
        return [rows]
    return [*(rows.filter(queue=queue) for queue in queues_of(actor)), rows.filter(owner=actor.agent_id)]


def waiting_contacts(actor: Actor, wanted: Wanted = ANYTHING) -> list[QuerySet[Contact]]:
    """Contacts nobody has taken."""
    rows = _narrowed(visible(Contact, actor).filter(state=Contact.State.WAITING), wanted, "need")
    seen = list(current_profile().queues) if actor.is_supervisor else queues_of(actor)
    return [rows.filter(queue=queue) for queue in ([wanted["queue"]] if "queue" in wanted else seen)]


def my_promises(actor: Actor, wanted: Wanted = ANYTHING) -> list[QuerySet[Promise]]:
    """Promises one owns that are still to be done: the open ones, and the missed ones one took on."""
    own = _of_cases(visible(Promise, actor).filter(owner=actor.agent_id), wanted)
    return [own.filter(state=Promise.State.OPEN), *_at_high_places(own)]


def team_promises(actor: Actor, wanted: Wanted = ANYTHING) -> list[QuerySet[Promise]]:
    """Open promises that a queue of one's team owns, and nobody in person."""
    rows = visible(Promise, actor).filter(state=Promise.State.OPEN, done_at=None, owner=None)
    return [_of_cases(rows, wanted).filter(queue=queue) for queue in queues_of(actor)]


def late_promises(actor: Actor, wanted: Wanted = ANYTHING) -> list[QuerySet[Promise]]:
    """Missed and not done, with the supervisors or above; for an agent those of the cases they see."""
    return _at_high_places(_of_cases(visible(Promise, actor), wanted))


def _at_high_places(rows: QuerySet[Promise]) -> list[QuerySet[Promise]]:
    """Missed promises lie with each team's supervisors, or with the head of service."""
    places = [*(f"{SUPERVISORS}{team}" for team in current_profile().teams), HEAD_OF_SERVICE]
    missed = rows.filter(state=Promise.State.MISSED, done_at=None)
    return [missed.filter(queue=place) for place in places]


def _is_with_the_supervisors(actor: Actor) -> Q:
    """Of a case: a missed promise is the supervisors' now, nobody talks in it, and nothing else is still to be done."""
    unfinished = visible(Promise, actor).filter(UNFINISHED, case=OuterRef("pk"))
    to_be_done_here = unfinished.filter(Q(state=Promise.State.OPEN) | Q(owner=actor.agent_id))
    talking = visible(Contact, actor).filter(case=OuterRef("pk")).exclude(state=Contact.State.ENDED)
    return Q(Exists(unfinished)) & ~Q(Exists(to_be_done_here)) & ~Q(Exists(talking))


def _open_cases(actor: Actor) -> QuerySet[Case]:
    return visible(Case, actor).filter(state=Case.State.OPEN)


def _narrowed(rows: QuerySet[Any], wanted: Wanted, *columns: str) -> QuerySet[Any]:
    return rows.filter(**{column: wanted[column] for column in columns if column in wanted})


def _of_cases(rows: QuerySet[Promise], wanted: Wanted) -> QuerySet[Promise]:
    return rows.filter(
        **{f"case__{column}": wanted[column] for column in ("queue", "need") if column in wanted}
    )
