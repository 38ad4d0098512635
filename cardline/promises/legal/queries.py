"""Questions about the legal clocks of a case."""

from __future__ import annotations

from cardline.clocks.events import said_to_members
from cardline.clocks.rules import rule_named
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.promises.models import LegalClock, Promise

MEMBER = "member"


def clocks_of_case(actor: Actor, case_id: int) -> list[LegalClock]:
    """All of them with their history, the one that ends first at the top."""
    rows = visible(LegalClock, actor).filter(case=case_id).select_related("promise")
    return list(rows.prefetch_related("changes").order_by("due_on", "id"))


def clock_of_case(actor: Actor, case_id: int, clock_id: int) -> LegalClock:
    """Raises NotThere."""
    found = visible(LegalClock, actor).filter(pk=clock_id, case=case_id).first()
    if found is None:
        raise NotThere()
    return found


def clocks_about(actor: Actor, about: str) -> list[LegalClock]:
    """Those about one thing in the card core, the first that started at the top; with their case."""
    rows = visible(LegalClock, actor).filter(about=about).select_related("case")
    return list(rows.order_by("id"))


def windows_of_member(actor: Actor, case_id: int) -> list[LegalClock]:
    """What the member may still do, by when: windows that are theirs, the one that ends first at the top."""
    rows = visible(LegalClock, actor).filter(case=case_id, promise=None).order_by("due_on", "id")
    return [row for row in rows if rule_named(row.rule).duty == MEMBER and said_to_members(row.rule, "en")]


def clock_of(promise: Promise) -> LegalClock | None:
    """The legal clock a promise is, of a promise read with select_related("clock"); None for any other."""
    return getattr(promise, "clock", None) if promise.source == Promise.Source.LAW else None
