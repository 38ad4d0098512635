"""Maya, who has an address and an e-mail, a case of hers, and whoever prints letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.cases.models import Case
from cardline.conftest import NEED, NOON, new_agent
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.members.models import ContactPoint, Member
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.models import Letter
from cardline.notify.letters.tests.samples import facts_of

HOME = "1 Elm St, New York, NY 10001"
EMAIL = "maya.okafor@example.com"


@pytest.fixture
def member(maya: Actor) -> Member:
    row = Member.objects.get(pk=maya.member_id)
    for kind, value in ((ContactPoint.Kind.POST, HOME), (ContactPoint.Kind.EMAIL, EMAIL)):
        ContactPoint.objects.create(member=row, kind=kind, value=value, since=NOON - timedelta(days=900))
    return row


@pytest.fixture
def case(member: Member) -> Case:
    return new_case(member, "7K429QM")


def new_case(member: Member, ref: str) -> Case:
    return Case.objects.create(
        ref=ref, member=member, need=NEED, subject="Lost card", queue=current_profile().queue_for(NEED).id,
        opened_at=NOON, updated_at=NOON, attention_at=NOON,
    )  # fmt: skip


@pytest.fixture
def printer(db: Any) -> Actor:
    """An agent of the team that prints letters."""
    profile = current_profile()
    return new_agent("Pat", "Moreno", profile.queue(profile.letters.queue).team)


@pytest.fixture
def written(case: Case) -> Callable[..., Letter]:
    """written(): a summary of a lost card to Maya, on its way. Other kinds and facts by name."""

    def write(kind: str = "lost.summary", law: str = "z", **more: Any) -> Letter:
        about = {"member_id": case.member_id or 0, "case_id": case.pk, "now": NOON, **more}
        given = about.pop("facts", facts_of(kind))
        made = send_letter(by=SYSTEM, kind=kind, law=law, facts=given, **about)
        return Letter.objects.get(pk=made["letter_id"])

    return write
