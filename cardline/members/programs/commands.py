"""A company has a program, and employees come into it: as the issuer's own records say."""

from __future__ import annotations

from datetime import datetime

from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command, executing
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import NotThere
from cardline.members.authorities.commands import close_screens_of
from cardline.members.authorities.models import Authority
from cardline.members.authorities.table import AuthorityKind
from cardline.members.models import CardType, Member, Program, ProgramMember

LEFT = clean("Left the company's program.")


@command("program.open", by=[Kind.SYSTEM], about="program")
def open_program(*, by: Standing, now: datetime, core_customer: str, name: Clean, address: Clean) -> int:
    """A program of the company the card core knows by this number, which holds the account. Returns its number; of one
    that is there already, too.
    """
    company, _ = Member.objects.get_or_create(
        core_customer=core_customer,
        defaults={
            "given_name": "",
            "family_name": name[:80],
            "card_type": CardType.CORPORATE,
            "since": now.date(),
        },
    )
    program, _ = Program.objects.get_or_create(company=company, defaults={"address": address, "since": now})
    return program.pk


@command("program.enrol", by=[Kind.SYSTEM], about="member:{member_id}")
def enrol(*, by: Standing, now: datetime, program_id: int, member_id: int) -> bool:
    """An employee is in the program from now on. False: they are already. Raises NotThere."""
    program = Program.objects.filter(pk=program_id).first()
    member = Member.objects.filter(pk=member_id, program=None).first()
    if program is None or member is None:
        raise NotThere()
    _, is_new = ProgramMember.objects.get_or_create(
        program=program, member=member, until=None, defaults={"since": now}
    )
    return is_new


def end_membership(row: ProgramMember, *, last4: str, ref: str, merchants: int) -> bool:
    """In the running command: they are in the program no longer, and administer it no longer.

    Their sign-in stays theirs: they may dispute a charge they made, and read what we answered. Open screens of theirs
    come back by themselves. False: they left before.
    """
    by, now = executing().by.actor, executing().now
    won = ProgramMember.objects.filter(pk=row.pk, until=None).update(
        until=now, ended_by=by.key, ended_by_name=by.name, last4=last4, ref=ref, merchants=merchants
    )
    if won:
        theirs = Authority.objects.filter(
            person=row.member_id, member=row.program.company_id, revoked_at=None
        )
        theirs.filter(kind=AuthorityKind.PROGRAM_ADMINISTRATOR).update(
            revoked_at=now, revoked_by=by.key, revoked_by_name=by.name, revoked_why=LEFT
        )
        close_screens_of(row.member_id)
    return bool(won)
