"""Whose record somebody means who is signed in nowhere: it finds, and verifies nobody (DOMAIN 8, V1)."""

from __future__ import annotations

from datetime import datetime

from cardline.cases.models import Case
from cardline.identity.guesses.commands import begin_guess, count_wrong
from cardline.identity.guesses.rules import is_locked
from cardline.identity.rules import Proof
from cardline.kit import clock
from cardline.kit.actors import Standing
from cardline.kit.commands import executing
from cardline.kit.reference import BadReference, parse_reference
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import is_their_name

DIGITS = 10


def member_found(by: Standing, now: datetime, name: str, fact: str) -> int | None:
    """Inside a command. The one member whose phone number or open case's reference that is, if the name is theirs.

    A name that is not theirs counts as a wrong guess for each it was tried on (SR-31); a locked account is not found.
    """
    executing()
    meant = Member.objects.filter(pk__in=_meant_by(fact)).order_by("pk")
    found = [member.pk for member in meant if _fits(by, now, member, name)]
    return found[0] if len(found) == 1 else None


def _meant_by(fact: str) -> set[int]:
    digits = "".join(sign for sign in fact if sign.isdecimal())
    if len(digits) >= DIGITS:
        phones = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, tail=digits[-DIGITS:])
        return set(phones.values_list("member", flat=True))
    try:
        ref = parse_reference(fact)
    except BadReference:
        return set()
    cases = Case.objects.filter(ref=ref, state=Case.State.OPEN, member__isnull=False)
    return set(cases.values_list("member", flat=True))


def _fits(by: Standing, now: datetime, member: Member, name: str) -> bool:
    if is_locked(begin_guess(member.pk), clock.machine_now()):
        return False
    if is_their_name(name, member.given_name, member.family_name):
        return True
    count_wrong(by=by, now=now, member_id=member.pk, proof=Proof.FACTS)
    return False
