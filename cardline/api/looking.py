"""Reading by key is looking, too: each member whose data a call shows stands in the log (SR-93)."""

from __future__ import annotations

from collections.abc import Iterable

from cardline.api.auth import Caller
from cardline.audit.commands import note_looks
from cardline.audit.rules import Look, Why
from cardline.cases.models import Case


def note_read(caller: Caller, cases: Iterable[Case], page: str) -> None:
    """Write it down before the answer leaves. A system that shows a member their own is no stranger who looks."""
    why = Why.MEMBER if caller.actor.on_behalf_of else Why.API
    note_looks(
        caller.actor,
        [
            Look(case.member_id, case.pk, case.ref, page, why, case.ref)
            for case in {case.pk: case for case in cases}.values()
            if case.member_id is not None
        ],
    )
