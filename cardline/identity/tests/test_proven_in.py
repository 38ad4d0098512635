"""What a page reads at once of a conversation's proofs is what commands are decided by. Source: DOMAIN 8."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cardline.identity.models import Evidence
from cardline.identity.queries import proven_in
from cardline.identity.rules import Proof
from cardline.kit import clock
from cardline.members.models import Speaker

pytestmark = pytest.mark.django_db
CONTACT = 7


def shown(member: Any, proof: Proof, minutes: int = 60) -> Evidence:
    at = clock.machine_now()
    ends = at + timedelta(minutes=minutes)
    return Evidence.objects.create(member=member, kind=proof, contact=CONTACT, at=at, expires_at=ends)


def speaks(person: Any, member: Any) -> Speaker:
    return Speaker(contact=CONTACT, person=person, member=member, capacity="guardian", at=clock.machine_now())


def test_what_another_person_showed_counts_for_nobody_else(cast: Any) -> None:
    shown(cast.maya, Proof.CALL_BACK)
    assert proven_in(CONTACT, cast.maya.pk, None).level == 2
    now_luis = proven_in(CONTACT, cast.luis.pk, speaks(cast.luis, cast.maya))
    assert (now_luis.level, now_luis.ends_at) == (0, None)
    shown(cast.luis, Proof.FACTS)
    assert proven_in(CONTACT, cast.luis.pk, speaks(cast.luis, cast.maya)).level == 1


def test_an_exception_lets_pass_raises_nothing_and_ends_no_proof(cast: Any) -> None:
    proof = shown(cast.maya, Proof.FACTS, minutes=60)
    shown(cast.maya, Proof.EXCEPTIONAL, minutes=5)
    found = proven_in(CONTACT, cast.maya.pk, None)
    assert (found.level, found.ends_at, found.excepted) == (1, proof.expires_at, True)


def test_what_ended_or_was_taken_back_is_nothing(cast: Any) -> None:
    Evidence.objects.filter(pk=shown(cast.maya, Proof.CALL_BACK).pk).update(revoked_at=clock.machine_now())
    shown(cast.maya, Proof.CALL_BACK, minutes=-1)
    found = proven_in(CONTACT, cast.maya.pk, None)
    assert (found.level, found.ends_at, found.excepted) == (0, None, False)
