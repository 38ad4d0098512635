"""Who may act for whom in the demo: recorded by one colleague, confirmed by another, as everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cardline.demo.people import actor_of, agent_of, member_of
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import clean
from cardline.members.authorities.commands import Paper, confirm_authority, record_authority
from cardline.members.authorities.table import AuthorityKind
from cardline.members.models import Authority


@dataclass(frozen=True, slots=True)
class Sketch:
    """person acts for member; paper: "" where the kind needs none."""

    person: str
    member: str
    kind: AuthorityKind
    scopes: tuple[str, ...]
    paper: str = ""


# Record Tomasz as deceased on the desk, and Agata's power of attorney ends while she begins as his executor.
SKETCHES = (
    Sketch("ruth", "owen", AuthorityKind.ATTORNEY, ("see", "pay"), "Letter of representation"),
    Sketch("agata", "tomasz", AuthorityKind.POWER_OF_ATTORNEY, ("see", "pay", "dispute"), "Notarized deed"),
    Sketch("agata", "tomasz", AuthorityKind.EXECUTOR, ("see", "pay", "close"), "Letters testamentary"),
    Sketch("nils", "rosa", AuthorityKind.ADDITIONAL_CARD_MEMBER, ()),
)


def tell_authorities(now: datetime) -> int:
    """Record what is missing. Returns how many there were none of."""
    missing = [sketch for sketch in SKETCHES if not _is_there(sketch)]
    for sketch in missing:
        _record(sketch, now - timedelta(days=11))
    return len(missing)


def _is_there(sketch: Sketch) -> bool:
    person, member = member_of(sketch.person), member_of(sketch.member)
    return Authority.objects.filter(person=person, member=member, kind=sketch.kind).exists()


def _record(sketch: Sketch, at: datetime) -> None:
    person, member = member_of(sketch.person), member_of(sketch.member)
    paper = Paper(clean(f"{person.name}, {member.name}"), clean(sketch.paper)) if sketch.paper else None
    authority_id = record_authority(
        by=actor_of(agent_of("theo")) if paper else SYSTEM,
        now=at,
        member_id=member.pk,
        number=person.core_customer,
        name=clean(person.name),
        kind=sketch.kind,
        scopes=sketch.scopes,
        paper=paper,
    )
    if paper:
        confirm_authority(by=actor_of(agent_of("ines")), now=at, authority_id=authority_id)
