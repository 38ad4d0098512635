"""Which programs somebody administers, and which one somebody is in."""

from __future__ import annotations

from datetime import datetime

from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.authorities.models import Authority
from cardline.members.authorities.queries import authorities_over, state_of, valid_for
from cardline.members.authorities.rules import State
from cardline.members.authorities.table import AuthorityKind
from cardline.members.models import Program, ProgramMember

ADMINISTRATOR = AuthorityKind.PROGRAM_ADMINISTRATOR


def administers_one(actor: Actor, now: datetime) -> bool:
    return bool(_appointments(actor, now))


def administered(actor: Actor, now: datetime) -> dict[Program, list[ProgramMember]]:
    """The programs the person who sits there administers now, by name, each with who is in it, by name."""
    companies = [row.member_id for row in _appointments(actor, now)]
    if not companies:
        return {}
    programs = visible(Program, actor).filter(company__in=companies).select_related("company")
    inside = visible(ProgramMember, actor).filter(program__company__in=companies, until=None)
    rows = list(
        inside.select_related("member", "program").order_by("member__family_name", "member__given_name")
    )
    return {
        program: [row for row in rows if row.program_id == program.pk]
        for program in programs.order_by("company__family_name", "pk")
    }


def acting_for(actor: Actor, program: Program) -> Actor:
    """The same person, speaking for the company. What that lets them do the command path asks (authorities/door.py)."""
    return actor.speaking_for(program.company_id, ADMINISTRATOR.value, program.company.name)


def departure(actor: Actor, number: int, now: datetime) -> ProgramMember:
    """Somebody who left a program this person administers. Raises NotThere."""
    companies = [row.member_id for row in _appointments(actor, now)]
    found = visible(ProgramMember, actor).filter(pk=number, program__company__in=companies)
    row = found.exclude(until=None).select_related("member", "program__company").first()
    if row is None:
        raise NotThere()
    return row


def program_by_company(core_customer: str) -> int | None:
    """The number of the program of a company, by the company's number in the card core; shown to nobody."""
    return Program.objects.filter(company__core_customer=core_customer).values_list("pk", flat=True).first()


def memberships_of(actor: Actor, member_id: int) -> list[ProgramMember]:
    """The programs a member is in now, for whoever sees them."""
    rows = visible(ProgramMember, actor).filter(member=member_id, until=None)
    return list(rows.select_related("program__company").order_by("since", "pk"))


def administrators_of(actor: Actor, program: Program, now: datetime) -> list[Authority]:
    """Who administers a program now, by name; for whoever sees the company's authorities."""
    rows = authorities_over(actor, program.company_id, now)
    valid = [row for row in rows if row.kind == ADMINISTRATOR and state_of(row, now) is State.VALID]
    return sorted(valid, key=lambda row: row.person.name)


def _appointments(actor: Actor, now: datetime) -> list[Authority]:
    """Their valid authorities as administrator, over companies that have a program."""
    if not actor.person_id:
        return []
    rows = [row for row in valid_for(actor, now) if row.kind == ADMINISTRATOR]
    if not rows:
        return []
    companies = visible(Program, actor).filter(company__in=[row.member_id for row in rows])
    there = set(companies.values_list("company", flat=True))
    return [row for row in rows if row.member_id in there]
