"""An authority is recorded, gets its papers, is confirmed by another, and revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cardline.audit.models import AuditEvent
from cardline.conftest import chat_of, new_agent
from cardline.kit import news, plugs
from cardline.kit.actors import SYSTEM, Actor, Role
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, NotThere, Refusal, TooMany
from cardline.members.authorities.commands import (
    AnotherHas,
    EndsBeforeItBegins,
    NobodyOfThatName,
    Paper,
    PapersFirst,
    PaperUnknown,
    TooFar,
    WhyMissing,
    WrongPersonsPaper,
    add_papers,
    confirm_authority,
    record_authority,
    revoke_authority,
)
from cardline.members.authorities.models import Authority
from cardline.members.authorities.queries import authorities_over, scopes_to_act, state_of, valid_for
from cardline.members.authorities.rules import State
from cardline.members.authorities.table import AuthorityKind
from cardline.members.authorities.tests.scene import member, record
from cardline.members.restrictions.tests.scene import place

PAPER = Paper(clean("Hannah Brandt acts for Maya Okafor"), clean("Deed, cover sheet 7K429QM"))
WHY = clean("She took it back.")

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_case(maya: Actor, dana: Actor, now: datetime) -> None:
    """So that Dana and the supervisors may open Maya's record."""
    chat_of(maya, dana, now)


def write_down(by: Actor, maya: Actor, hannah: Actor, now: datetime, **more: Any) -> int:
    given: dict[str, Any] = {
        "number": member(hannah).core_customer,
        "name": clean("Hannah Brandt"),
        "kind": AuthorityKind.POWER_OF_ATTORNEY,
        "scopes": ["pay", "see"],
        "paper": PAPER,
        **more,
    }
    pk: int = record_authority(by=by, now=now, member_id=maya.member_id, **given)
    return pk


def state(pk: int, now: datetime) -> State:
    [row] = [
        one for one in authorities_over(SYSTEM, Authority.objects.get(pk=pk).member_id, now) if one.pk == pk
    ]
    return state_of(row, now)


@pytest.mark.usefixtures("open_case")
def test_an_agent_records_and_a_supervisor_confirms(
    dana: Actor, sam: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    pk = write_down(dana, maya, hannah, now)
    assert state(pk, now) is State.UNCONFIRMED
    assert scopes_to_act(hannah.person_id, maya.person_id, "power_of_attorney", now) is None
    assert confirm_authority(by=sam, now=now, authority_id=pk)
    assert not confirm_authority(by=sam, now=now, authority_id=pk)
    assert scopes_to_act(hannah.person_id, maya.person_id, "power_of_attorney", now) == frozenset(
        {"pay", "see"}
    )
    assert [row.pk for row in valid_for(hannah, now)] == [pk]
    assert valid_for(maya, now) == []
    row = Authority.objects.get(pk=pk)
    assert (row.recorded_by, row.confirmed_by, row.confirmed_by_name) == (dana.key, sam.key, "Sam Ortiz")
    logged = list(
        AuditEvent.objects.filter(name__startswith="authority.").order_by("pk").values_list("actor", "about")
    )
    assert logged == [(dana.key, f"member:{maya.person_id}"), *[(sam.key, f"authority:{pk}")] * 2]


@pytest.mark.usefixtures("open_case")
def test_two_people_are_needed(dana: Actor, sam: Actor, maya: Actor, hannah: Actor, now: datetime) -> None:
    theirs = write_down(sam, maya, hannah, now)
    with pytest.raises(NotPermitted):
        confirm_authority(by=dana, now=now, authority_id=theirs)
    with pytest.raises(AnotherHas):
        confirm_authority(by=sam, now=now, authority_id=theirs)
    another = new_agent("Ines", "Galvao", sam.team, Role.SUPERVISOR)
    assert confirm_authority(by=another, now=now, authority_id=theirs)
    with pytest.raises(IntegrityError), transaction.atomic():
        Authority.objects.filter(pk=theirs).update(confirmed_by=sam.key)


@pytest.mark.usefixtures("open_case")
def test_a_limited_manager_needs_neither(dana: Actor, maya: Actor, hannah: Actor, now: datetime) -> None:
    kind = AuthorityKind.MANAGER_LIMITED
    write_down(dana, maya, hannah, now, kind=kind, scopes=["pay"], paper=None)
    assert scopes_to_act(hannah.person_id, maya.person_id, kind, now) == frozenset({"pay"})
    with pytest.raises(TooFar):
        write_down(dana, maya, hannah, now, kind=kind, scopes=["pay", "see"], paper=None)


@pytest.mark.usefixtures("open_case")
def test_papers_may_come_later_and_once(
    dana: Actor, sam: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    pk = write_down(dana, maya, hannah, now, paper=None)
    assert state(pk, now) is State.WAITS_FOR_PAPERS
    with pytest.raises(PapersFirst):
        confirm_authority(by=sam, now=now, authority_id=pk)
    assert add_papers(by=dana, now=now, authority_id=pk, paper=PAPER)
    assert not add_papers(by=dana, now=now, authority_id=pk, paper=PAPER)
    assert state(pk, now) is State.UNCONFIRMED
    assert confirm_authority(by=sam, now=now, authority_id=pk)


@pytest.mark.usefixtures("open_case")
@pytest.mark.parametrize(
    ("names", "words", "problem"),
    [
        ("Hannah Brandt acts for Luis Ferreira", "Deed", WrongPersonsPaper),
        ("Maya Okafor", "Deed", WrongPersonsPaper),
        ("", "Deed", PaperUnknown),
        ("Hannah Brandt, Maya Okafor", " ", PaperUnknown),
        ("Hannah Brandt, Maya Okafor", "x" * 121, PaperUnknown),
    ],
)
def test_a_document_of_somebody_else_is_none(
    names: str, words: str, problem: type[Refusal], dana: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    with pytest.raises(problem):
        write_down(dana, maya, hannah, now, paper=Paper(clean(names), clean(words)))
    assert not Authority.objects.exists()


@pytest.mark.usefixtures("open_case")
def test_a_file_has_to_be_one_of_the_two_gave_us(
    dana: Actor, maya: Actor, hannah: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Files:
        def owner_of(self, actor: Actor, file_id: int) -> int:
            assert actor == dana
            return {1: maya.person_id, 2: hannah.person_id, 3: 999_999}.get(file_id, 0)

    monkeypatch.setattr(plugs, "papers", Files())
    for number, is_theirs in ((1, True), (2, True), (3, False), (4, False)):
        paper = Paper(PAPER.names, clean(""), number)
        if is_theirs:
            assert Authority.objects.get(pk=write_down(dana, maya, hannah, now, paper=paper)).file == number
        else:
            with pytest.raises(WrongPersonsPaper):
                write_down(dana, maya, hannah, now, paper=paper)


@pytest.mark.usefixtures("open_case")
@pytest.mark.parametrize(
    ("number", "name"), [("customer-0", "Hannah Brandt"), ("theirs", "Hanna Brand"), ("own", "Maya Okafor")]
)
def test_who_is_to_act_has_to_be_a_member_of_that_name(
    number: str, name: str, dana: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    number = {"theirs": member(hannah).core_customer, "own": member(maya).core_customer}.get(number, number)
    with pytest.raises(NobodyOfThatName):
        write_down(dana, maya, hannah, now, number=number, name=clean(name))


@pytest.mark.usefixtures("open_case")
def test_it_ends_after_it_begins_and_after_now(
    dana: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    for since, until in ((now, now), (None, now), (now - timedelta(days=9), now - timedelta(days=1))):
        with pytest.raises(EndsBeforeItBegins):
            write_down(dana, maya, hannah, now, since=since, until=until)


def test_a_colleague_without_a_case_of_theirs_finds_nothing(
    priya: Actor, dana: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    chat_of(maya, dana, now)
    pk = record(hannah, maya, "guardian")
    with pytest.raises(NotThere):
        write_down(priya, maya, hannah, now)
    with pytest.raises(NotThere):
        revoke_authority(by=priya, now=now, authority_id=pk, why=WHY)
    with pytest.raises(NotThere):
        add_papers(by=priya, now=now, authority_id=pk, paper=PAPER)
    assert authorities_over(priya, maya.person_id, now) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("open_case")
def test_every_agent_may_revoke_and_open_screens_close(
    dana: Actor, sam: Actor, maya: Actor, hannah: Actor, now: datetime
) -> None:
    pk = record(hannah, maya, "guardian")
    told: list[str] = []
    news.use_publisher(lambda batch: told.extend(item.topic for item in batch))
    try:
        with pytest.raises(WhyMissing):
            revoke_authority(by=dana, now=now, authority_id=pk, why=clean("  "))
        assert revoke_authority(by=dana, now=now, authority_id=pk, why=WHY)
    finally:
        news.use_publisher(None)
    assert f"revoked:member:{hannah.person_id}" in told
    assert not revoke_authority(by=dana, now=now, authority_id=pk, why=WHY)
    assert not confirm_authority(by=sam, now=now, authority_id=pk)
    assert state(pk, now) is State.REVOKED
    assert scopes_to_act(hannah.person_id, maya.person_id, "guardian", now) is None


def test_a_death_that_is_recorded_counts_and_one_that_was_a_mistake_does_not(
    maya: Actor, hannah: Actor, now: datetime
) -> None:
    attorney, executor = record(hannah, maya, "power_of_attorney"), record(hannah, maya, "executor")
    assert (state(attorney, now), state(executor, now)) == (State.VALID, State.WAITS_FOR_DEATH)
    place(maya, "deceased", now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    assert (state(attorney, later), state(executor, later)) == (State.ENDED_BY_DEATH, State.VALID)
    # Of her death, not of that of whoever acts.
    assert state(record(maya, hannah, "guardian"), later) is State.VALID


@pytest.mark.usefixtures("open_case")
def test_recording_is_limited(dana: Actor, maya: Actor, hannah: Actor, now: datetime) -> None:
    with pytest.raises(TooMany):
        for _ in range(31):
            write_down(dana, maya, hannah, now)
