"""Questions about cases. Each starts from what the actor may see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cardline.cases import timeline
from cardline.cases.models import Case, Entry
from cardline.kit.actors import SELF, Actor
from cardline.kit.reference import BadReference, parse_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.ui.capacities import signed


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    return visible(Case, actor)


def case_by_reference(actor: Actor, typed: str) -> Case:
    """The case of a reference as somebody typed it. Raises NotThere for a wrong, unknown or somebody else's one."""
    try:
        ref = parse_reference(typed)
    except BadReference as problem:
        raise NotThere() from problem
    case = visible(Case, actor).select_related("member", "owner").filter(ref=ref).first()
    if case is None:
        raise NotThere()
    return case


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry, ready for a page. data is already read from JSON."""

    case_id: int
    n: int
    contact_id: int | None
    at: datetime
    kind: str
    side: str
    author_name: str
    visible: bool
    text: str
    data: dict[str, Any]

    @property
    def author(self) -> str:
        """Who wrote it, and for whom where they acted for another, in the reader's language."""
        return signed(self.author_name, self.data)

    def is_by(self, actor: Actor) -> bool:
        """Whether the reader wrote it: on their side, and in the same capacity."""
        same_words = not actor.acting_for or self.author_name == actor.name
        return self.side == "member" and self.data.get("as", SELF) == actor.capacity and same_words

    def frame(self) -> dict[str, Any]:
        return timeline.frame(
            self.case_id,
            self.n,
            self.contact_id,
            self.at,
            self.kind,
            self.side,
            self.author_name,
            self.text,
            self.data,
        )


def entries_after(actor: Actor, case_id: int, after: int, most: int = 500) -> list[EntryLine]:
    """Entries of the case itself after a number, oldest first; for somebody who is no colleague the visible ones."""
    rows = visible(Entry, actor).filter(case=case_id, n__gt=after).order_by("n")[:most]
    return lines(rows)


def entries_of_contacts(actor: Actor, case_id: int, contacts: Sequence[int]) -> list[EntryLine]:
    """What the case shows: its own entries that belong to no contact, and those of the contacts that are in it now,
    wherever they were written. In order of time, then of writing.
    """
    rows = visible(Entry, actor)
    own = rows.filter(case=case_id, contact=None)
    theirs = rows.filter(contact__in=contacts)
    return lines((own | theirs).order_by("at", "id"))


def lines(rows: QuerySet[Entry]) -> list[EntryLine]:
    return [
        EntryLine(
            e.case_id,
            e.n,
            e.contact,
            e.at,
            e.kind,
            e.side,
            e.author_name,
            e.visible,
            e.text,
            json.loads(e.data),
        )
        for e in rows
    ]


def backlog(case_id: int, after: int, most: int) -> list[tuple[int, str, str]]:
    """(n, JSON frame, audience) of a topic for the hub, whose endpoint has already checked who may follow it."""
    rows = Entry.objects.filter(case=case_id, n__gt=after).order_by("n")[:most]
    return [
        (e.n, json.dumps(e.frame(), ensure_ascii=False), "" if e.visible else "staff") for e in lines(rows)
    ]
