"""Which company's program a member is in, and who administers it: the agent says with whom to speak about the card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.kit.actors import Actor
from cardline.members.programs.queries import administrators_of, memberships_of


@dataclass(frozen=True, slots=True)
class Belongs:
    """administrators: by name; none while nobody may act for the company."""

    company: str
    administrators: tuple[str, ...]


def programs_of(actor: Actor, member_id: int, now: datetime) -> tuple[Belongs, ...]:
    """Of a member whose record this colleague has opened."""
    return tuple(
        Belongs(
            company=row.program.company.name,
            administrators=tuple(
                one.person.name_for_staff for one in administrators_of(actor, row.program, now)
            ),
        )
        for row in memberships_of(actor, member_id)
    )
