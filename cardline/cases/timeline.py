"""The one timeline. Appending is one line for the caller; number, entry, and news for screens come from here.

Written by kit/sql.py: every chat message passes here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.kit import sql
from cardline.kit.actors import SELF, Actor, Kind, Standing
from cardline.kit.commands import executing
from cardline.kit.news import tell
from cardline.kit.redact import Clean, clean

_NEXT = (
    "UPDATE cases_case SET last_entry = last_entry + 1, updated_at = %s WHERE id = %s RETURNING last_entry"
)
_INSERT = (
    "INSERT INTO cases_entry (case_id, n, contact, at, kind, side, author, author_name, visible, text, data)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
EMPTY = clean("")


def append(
    case_id: int,
    kind: str,
    text: Clean = EMPTY,
    *,
    contact_id: int | None = None,
    visible: bool = True,
    data: dict[str, Any] | None = None,
) -> int:
    """Add an entry by the actor of the running command. Returns its number.

    visible: whether the member sees it. data: our own numbers and words, from which pages make the sentence in the
    reader's language; people's own words go in `text` and have passed the redactor.
    """
    command = executing()
    actor, at = command.by.actor, command.now
    side = side_of(actor)
    moment = sql.moment(at)
    numbered = sql.row(_NEXT, [moment, case_id])
    if numbered is None:
        raise LookupError(f"no case {case_id}")
    n: int = numbered[0]
    data = _signed(command.by, data)
    details = sql.to_json(data) if data else "{}"
    sql.run(
        _INSERT,
        [case_id, n, contact_id, moment, kind, side, actor.key, actor.name, visible, text, details],
    )
    tell(
        topic(case_id),
        n,
        frame(case_id, n, contact_id, at, kind, side, actor.name, text, data or {}),
        audience="" if visible else "staff",
    )
    return n


def _signed(by: Standing, data: dict[str, Any] | None) -> dict[str, Any] | None:
    """Whoever acts for another signs as what and for whom; pages make the words of it (ui/capacities.py)."""
    if by.capacity == SELF or not by.actor.acting_for:
        return data
    return {**(data or {}), "as": by.capacity, "for": by.actor.principal}


def topic(case_id: int) -> str:
    return f"case:{case_id}"


def side_of(actor: Actor) -> str:
    """Whose side of the conversation: the member's (a guest's too), an agent's, or the system's."""
    if actor.kind in (Kind.MEMBER, Kind.GUEST) or (actor.kind == Kind.API and actor.on_behalf_of):
        return "member"
    return "agent" if actor.kind == Kind.AGENT else "system"


def frame(
    case_id: int,
    n: int,
    contact_id: int | None,
    at: datetime,
    kind: str,
    side: str,
    author_name: str,
    text: str,
    data: dict[str, Any],
) -> dict[str, Any]:
    """An entry as screens get it, by socket and by polling alike."""
    return {
        "topic": topic(case_id),
        "n": n,
        "contact": contact_id,
        "at": at.isoformat(),
        "kind": kind,
        "author": {"side": side, "name": author_name},
        "text": text,
        "data": data,
    }
