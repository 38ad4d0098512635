"""Writing to the log: one plain row, in the transaction of the effect (SR-66)."""

from __future__ import annotations

from datetime import datetime

from cardline.kit import sql
from cardline.kit.actors import Standing

_INSERT = (
    "INSERT INTO audit_auditevent (at, actor, party, capacity, level, name, about, detail)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


class AuditLog:
    """The `Audit` plug of kit/plugs.py."""

    def write(self, *, by: Standing, name: str, about: str, detail: str, at: datetime) -> None:
        sql.run(
            _INSERT, [sql.moment(at), by.actor.key, by.party, by.capacity, by.level, name, about[:80], detail]
        )
