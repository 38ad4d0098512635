"""Once only: a request repeated with its key gives the first answer (SR-65).

The row is claimed first and answered last, in the transaction of the effect. One statement form serves both engines;
written by kit/sql.py because every message takes this path.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from cardline.kit import sql
from cardline.kit.refusals import KeyReused

KEPT = timedelta(days=45)
MAX_KEY_LENGTH = 64

_CLAIM = (
    "INSERT INTO kit_idempotencykey (actor, key, body, answer, created_at) VALUES (%s, %s, %s, '', %s)"
    " ON CONFLICT DO NOTHING"
)
_FIND = "SELECT body, answer FROM kit_idempotencykey WHERE actor = %s AND key = %s"
_ANSWER = "UPDATE kit_idempotencykey SET answer = %s WHERE actor = %s AND key = %s"
_FORGET = (
    "DELETE FROM kit_idempotencykey WHERE id IN"
    " (SELECT id FROM kit_idempotencykey WHERE created_at < %s ORDER BY created_at LIMIT 500)"
)


def claim(actor: str, key: str, body: str, now: datetime) -> tuple[bool, Any]:
    """(True, None) when this request is the first; (False, the first answer) when it was done before.

    Raises KeyReused when the same key came with another request.
    """
    if sql.run(_CLAIM, [actor, key, body, sql.moment(now)]):
        return True, None
    had, answer = sql.row(_FIND, [actor, key]) or ("", "null")
    if had != body:
        raise KeyReused()
    return False, json.loads(answer)


def answer(actor: str, key: str, result: Any) -> None:
    """Keep the answer for whoever asks again. Answers are plain values: ids, not rows."""
    sql.run(_ANSWER, [sql.to_json(result), actor, key])


def forget_old(now: datetime) -> int:
    """Drop some of the keys older than 45 days: a step short enough for the writer. Returns how many."""
    return sql.run(_FORGET, [sql.moment(now - KEPT)])
