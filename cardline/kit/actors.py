"""Who acts, and for whom: the two plain values every command starts from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

SELF = "self"  # the capacity of somebody who speaks for themselves


class Kind(StrEnum):
    """What sort of somebody is acting. An API key is a system of the issuer's."""

    MEMBER = "member"
    GUEST = "guest"
    AGENT = "agent"
    API = "api"
    SYSTEM = "system"


class Role(StrEnum):
    """What a colleague may do. Read afresh on each request, so a change counts at the next one (SR-24)."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at an edge, before any right was looked at.

    id: the member's, agent's or key's number as text; for a guest the hash of a random token.
    name: as it stands in records; of a member the legal one. called: how to speak to a member.
    session: hash of the session the evidence of identity is bound to; empty when there is none.
    language: the one a member chose for their pages on every device; empty when the device decides.
    on_behalf_of: member number an API key speaks for; 0 means the issuer's system itself.
    acting_for: number of the member whom a member acts for, 0 while they speak for themselves. capacity: as what, a
    kind of members/authorities/table.toml. principal: that member's name. scopes are then what the authority gives.
    is_appointed: a company once named them to run its cards; whether that counts now, members/programs/queries.py says.
    """

    kind: Kind
    id: str
    name: str = ""
    session: str = ""
    role: Role | None = None
    team: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)
    on_behalf_of: int = 0
    called: str = ""
    language: str = ""
    acting_for: int = 0
    capacity: str = SELF
    principal: str = ""
    is_appointed: bool = False

    @property
    def key(self) -> str:
        """The actor in one word, as it stands in the audit log and beside idempotency keys."""
        return f"{self.kind}:{self.id}"

    @property
    def member_id(self) -> int:
        """The member whose things this actor may touch, their own or those of whom they act for; 0 for nobody."""
        if self.kind == Kind.MEMBER:
            return self.acting_for or int(self.id)
        return self.on_behalf_of

    @property
    def person_id(self) -> int:
        """The member who sits there: their proofs and sessions are their own, whoever they act for. 0 for nobody."""
        return int(self.id) if self.kind == Kind.MEMBER else self.on_behalf_of

    @property
    def acting(self) -> str:
        """For whom and as what, in one word as the session keeps it: "12:executor"; "" for oneself."""
        return f"{self.acting_for}:{self.capacity}" if self.acting_for else ""

    def speaking_for(self, member_id: int, capacity: str, principal: str) -> Actor:
        """The same person, for one command, on behalf of a member. The command path asks whether they may."""
        return replace(self, acting_for=member_id, capacity=capacity, principal=principal, scopes=frozenset())

    @property
    def may_see(self) -> bool:
        """Whether an authority, where one is acted on, lets read what belongs to the member acted for."""
        return not self.acting_for or "see" in self.scopes

    @property
    def agent_id(self) -> int:
        """The colleague's number; 0 for anybody else."""
        return int(self.id) if self.kind == Kind.AGENT else 0

    @property
    def is_staff(self) -> bool:
        return self.kind == Kind.AGENT

    @property
    def is_supervisor(self) -> bool:
        return self.kind == Kind.AGENT and self.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)


SYSTEM = Actor(Kind.SYSTEM, "cardline", name="Cardline")


@dataclass(frozen=True, slots=True)
class Standing:
    """An actor whose right to this command was checked: for whom, in what capacity, how surely known.

    party: number of the member spoken for, 0 for nobody in particular. level: 0–3 (DOMAIN 8).
    """

    actor: Actor
    party: int = 0
    capacity: str = SELF
    level: int = 0
