"""Codes that prove us, and calls that one of us is making (DOMAIN 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from cardline.audit.models import AuditEvent
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.refusals import Malformed, NotPermitted, TooMany
from cardline.kit.visibility import visible
from cardline.trust.commands import CALLS, CalledAlready, begin_call, end_call, make_code
from cardline.trust.models import Call, Code
from cardline.trust.queries import call_that_runs, code_numbered, code_of, look_up
from cardline.trust.rules import LENGTH, LETTERS, read, shown

AT = datetime.fromisoformat("2026-11-23T17:00:10+00:00")


@pytest.fixture(autouse=True)
def the_machines_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    says = [AT]
    monkeypatch.setattr(clock, "machine_now", lambda: says[0])
    yield says


def make(member: Actor, **more: Any) -> str:
    code_id = make_code(by=SYSTEM, now=AT, member_id=member.member_id, **{"kind": "message", **more})
    return code_numbered(code_id)


def test_a_code_has_ten_letters_that_nobody_confuses_and_no_two_alike() -> None:  # SR-44
    codes = [code_of(token_hex(16)) for _ in range(2_000)]
    assert len(set(codes)) == 2_000
    assert not set(LETTERS) & set("AEIOUL0123456789")
    for place in range(LENGTH):
        letters = Counter(code[place] for code in codes)
        assert set(letters) == set(LETTERS) and max(letters.values()) < 200  # 100 each, by chance


@pytest.mark.parametrize("typed", ["HKTRM-XWQPZ", "hktrmxwqpz", " HKTRM XWQPZ ", "h-k-t-r-m x.w.q.p.z"])
def test_a_code_is_read_as_people_write_it(typed: str) -> None:
    assert read(typed) == "HKTRMXWQPZ"
    assert shown(read(typed)) == "HKTRM-XWQPZ"


@pytest.mark.parametrize("typed", ["", "HKTRM", "HKTRM-XWQP1", "HKTRM-XWQPO", "HKTRM-XWQPZZ", "\x00" * 10])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read(typed) == ""


def test_a_code_says_what_it_belongs_to_and_whose_only_to_them(
    maya: Actor, hannah: Actor, visitor: Actor, dana: Actor
) -> None:  # DOMAIN 8
    code = make(maya, about="payment")
    theirs = look_up(shown(code).lower(), maya)
    assert theirs is not None and theirs.is_theirs
    assert (theirs.kind, theirs.about, theirs.at) == ("message", "payment", AT)
    for other in (hannah, visitor, dana):
        found = look_up(code, other)
        assert found is not None and not found.is_theirs


def test_neither_the_code_nor_a_way_to_it_is_at_rest(maya: Actor) -> None:
    code_id = make_code(by=SYSTEM, key="a key of ours", now=AT, member_id=maya.member_id, kind="letter")
    code, row = code_numbered(code_id), Code.objects.get()
    assert code not in row.hash + row.salt
    assert all(code not in event.detail + event.about for event in AuditEvent.objects.all())
    kept = connection.cursor()
    kept.execute("SELECT answer FROM kit_idempotencykey")
    assert all(code not in str(row) for row in kept.fetchall())


def test_another_installation_has_other_codes(maya: Actor, settings: Any) -> None:
    code = make(maya)
    salt = Code.objects.get().salt
    settings.SECRET_KEY = "another"
    assert code_of(salt) != code


@pytest.mark.parametrize(("kind", "days"), [("message", 7), ("email", 7), ("letter", 45)])
def test_a_code_runs_out_and_then_looks_like_none(
    maya: Actor, the_machines_clock: list[datetime], kind: str, days: int
) -> None:
    code = make(maya, kind=kind)
    the_machines_clock[0] = AT + timedelta(days=days, seconds=-1)
    assert look_up(code, maya) is not None
    the_machines_clock[0] = AT + timedelta(days=days)
    assert look_up(code, maya) is None
    assert look_up("BBBBBBBBBB", maya) is None and look_up("", maya) is None


@pytest.mark.parametrize("wrong", [{"kind": "fax"}, {"about": "everything"}])
def test_a_code_for_nothing_is_refused(maya: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        make(maya, **wrong)


# --------------------------------------------------------------------------------------------------------- calls


def test_the_one_who_is_called_knows_and_nobody_else(
    maya: Actor, hannah: Actor, visitor: Actor, dana: Actor
) -> None:
    begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id)
    call = call_that_runs(maya, member_id=maya.member_id)
    assert call is not None and call.agent.given_name == "Dana"
    for other in (hannah, visitor):
        assert call_that_runs(other, member_id=maya.member_id) is None
    found = look_up(code_of(call.code.salt), maya)
    assert found is not None and found.kind == "call"


def test_a_second_press_is_the_same_call(maya: Actor, dana: Actor) -> None:
    first = begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id)
    assert begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id) == first
    assert Code.objects.count() == 1


def test_a_call_and_its_code_end_with_a_press(maya: Actor, dana: Actor, the_machines_clock: Any) -> None:
    begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id)
    code = code_of(Code.objects.get().salt)
    the_machines_clock[0] = AT + timedelta(minutes=3)
    assert end_call(by=dana, now=AT) and not end_call(by=dana, now=AT)
    assert call_that_runs(maya, member_id=maya.member_id) is None
    assert look_up(code, maya) is None  # nobody goes on with it when we hung up


def test_a_call_ends_by_itself_and_makes_room(
    maya: Actor, dana: Actor, sam: Actor, the_machines_clock: list[datetime]
) -> None:
    begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id)
    code = code_of(Code.objects.get().salt)
    the_machines_clock[0] = AT + timedelta(minutes=29)
    assert call_that_runs(maya, member_id=maya.member_id) is not None
    with pytest.raises(CalledAlready):
        begin_call(by=sam, now=AT, case_id=5, member_id=maya.member_id)
    the_machines_clock[0] = AT + timedelta(minutes=30)
    assert call_that_runs(maya, member_id=maya.member_id) is None and look_up(code, maya) is None
    begin_call(by=sam, now=AT, case_id=5, member_id=maya.member_id)
    assert Call.objects.filter(ended_at=None).get().agent_id == sam.agent_id


def test_the_next_call_ends_the_one_before(maya: Actor, hannah: Actor, dana: Actor) -> None:
    begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id)
    begin_call(by=dana, now=AT, case_id=6, member_id=hannah.member_id)
    assert call_that_runs(maya, member_id=maya.member_id) is None
    assert call_that_runs(hannah, member_id=hannah.member_id) is not None


def test_a_call_that_is_refused_ends_nothing(maya: Actor, hannah: Actor, dana: Actor, sam: Actor) -> None:
    begin_call(by=dana, now=AT, case_id=5, member_id=maya.member_id)
    begin_call(by=sam, now=AT, case_id=6, member_id=hannah.member_id)
    with pytest.raises(CalledAlready):
        begin_call(by=dana, now=AT, case_id=6, member_id=hannah.member_id)
    assert call_that_runs(maya, member_id=maya.member_id) is not None
    assert Code.objects.count() == 2


def test_nobody_begins_calls_all_day(maya: Actor, dana: Actor) -> None:  # SR-44
    for n in range(CALLS.most):
        begin_call(by=dana, now=AT, case_id=n, member_id=maya.member_id)
    with pytest.raises(TooMany):
        begin_call(by=dana, now=AT, case_id=999, member_id=maya.member_id)
    assert call_that_runs(maya, member_id=maya.member_id) is not None  # the one that runs goes on


def test_members_and_guests_begin_no_call(maya: Actor, visitor: Actor) -> None:
    for actor in (maya, visitor):
        with pytest.raises(NotPermitted):
            begin_call(by=actor, now=AT, case_id=5, member_id=maya.member_id)
    assert not visible(Call, visitor).exists()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_and_one_of_them_calls(maya: Actor, dana: Actor, sam: Actor) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer: nothing runs side by side there")
    together, said = Barrier(2), []

    def call(agent: Actor) -> None:
        together.wait()
        try:
            begin_call(by=agent, now=AT, case_id=5, member_id=maya.member_id)
            said.append("calls")
        except CalledAlready:
            said.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=call, args=[agent]) for agent in (dana, sam)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["calls", "refused"]
    assert Call.objects.count() == Code.objects.count() == 1
