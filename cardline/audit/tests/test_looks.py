"""A look at a member's data is written down before anybody reads it, and what is odd raises an alarm by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection

from cardline.audit import commands
from cardline.audit.commands import give_reason, keep_home, look_into, note_looks, watch_member
from cardline.audit.models import Alarm, AuditEvent, Reason, View
from cardline.audit.queries import reason_that_lasts
from cardline.audit.rules import Look, Why, is_open, same_family
from cardline.conftest import new_agent, new_member
from cardline.kit import clock, limits, plugs
from cardline.kit.actors import Actor, Kind, Role
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, TooMany
from cardline.members.models import ContactPoint

AT = datetime.fromisoformat("2026-11-23T17:00:10+00:00")


@pytest.fixture(autouse=True)
def the_machines_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """A list whose one item the machine's clock says, so that nobody has to wait."""
    says = [AT]
    monkeypatch.setattr(clock, "machine_now", lambda: says[0])
    yield says


def look(member: Actor, case: int = 5, why: Why = Why.CASE, **more: Any) -> Look:
    return Look(member.member_id, case, "7K429QM", "case", why, "7K429QM", **more)


def events(member: Actor) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name="member.viewed", about=f"member:{member.member_id}"))


# ------------------------------------------------------------------------------------------------------ one look


def test_a_look_stands_in_the_log_with_who_whose_what_why_and_when(
    dana: Actor, maya: Actor
) -> None:  # SR-25, SR-93
    note_looks(dana, [look(maya, why=Why.REASON, reason=clean("She called about 4111 1111 1111 1111"))])
    (event,), row = events(maya), View.objects.get()
    assert (event.actor, event.at, row.at) == (dana.key, AT, AT)
    for said in ('"page":"case"', '"case":5', '"why":"reason"', '"reason":"She called about [card'):
        assert said in event.detail
    assert (row.agent_id, row.member_id, row.page, row.name) == (
        dana.agent_id,
        maya.member_id,
        "case",
        dana.name,
    )
    assert "4111 1111" not in row.reason + event.detail


def test_five_minutes_of_one_colleague_at_one_case_are_one_look(
    dana: Actor, priya: Actor, maya: Actor, the_machines_clock: list[datetime]
) -> None:  # SR-25
    for actor in (dana, dana, priya):
        note_looks(actor, [look(maya)])
    note_looks(dana, [look(maya, case=6)])
    assert len(events(maya)) == View.objects.count() == 3
    the_machines_clock[0] = AT + timedelta(minutes=5)
    note_looks(dana, [look(maya)])
    assert len(events(maya)) == View.objects.count() == 4


def test_a_reason_stands_though_the_same_page_was_open_a_minute_ago(
    dana: Actor, maya: Actor
) -> None:  # SR-25
    note_looks(dana, [look(maya)])
    note_looks(dana, [look(maya, why=Why.REASON, reason=clean("A letter came back"))])
    assert [row.reason for row in View.objects.order_by("id")] == ["", "A letter came back"]


def test_a_process_that_forgot_everything_writes_nothing_twice(dana: Actor, maya: Actor) -> None:
    note_looks(dana, [look(maya)])
    commands.forget_marks()
    note_looks(dana, [look(maya)])
    assert len(events(maya)) == View.objects.count() == 1


def test_a_look_that_was_written_costs_no_query(
    dana: Actor, maya: Actor, django_assert_num_queries: Any
) -> None:
    note_looks(dana, [look(maya)])
    with django_assert_num_queries(0):
        note_looks(dana, [look(maya)])


def test_a_log_that_fails_lets_nobody_look_and_forgets_no_look(
    dana: Actor, maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-66, SR-93
    with monkeypatch.context() as broken:

        def full(**_: Any) -> None:
            raise OperationalError("database or disk is full")

        broken.setattr(plugs.audit, "write", full)
        with pytest.raises(OperationalError):
            note_looks(dana, [look(maya)])
    assert not View.objects.exists()  # both or none
    note_looks(dana, [look(maya)])
    assert len(events(maya)) == 1


def test_a_member_or_a_guest_is_nobody_who_looks(maya: Actor, hannah: Actor, visitor: Actor) -> None:
    for actor in (hannah, visitor):
        with pytest.raises(NotPermitted):
            note_looks(actor, [look(maya)])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_look_and_one_alarm(dana: Actor) -> None:  # SR-25, SR-27
    """Processes that do not know each other's marks, as two screens of one colleague on two machines."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer: nothing runs side by side there")
    namesake, together, wrong = new_member("Lee", "Whitfield"), Barrier(2), []

    def look_now() -> None:
        try:
            together.wait()
            commands.record_looks(by=dana, now=AT, looks=[look(namesake)])
        except Exception as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [Thread(target=look_now) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert View.objects.count() == len(events(namesake)) == Alarm.objects.count() == 1


# ------------------------------------------------------------------------------------------------------ a reason


def test_a_reason_opens_for_fifteen_minutes_and_for_one_colleague_and_member(
    dana: Actor, priya: Actor, maya: Actor, hannah: Actor, the_machines_clock: list[datetime]
) -> None:  # SR-25
    give_reason(by=dana, now=AT, member_id=maya.member_id, reason=clean("A letter came back"))
    found = reason_that_lasts(dana, maya.member_id)
    assert found is not None and found.text == "A letter came back"
    assert reason_that_lasts(priya, maya.member_id) is None
    assert reason_that_lasts(dana, hannah.member_id) is None
    the_machines_clock[0] = AT + timedelta(minutes=14, seconds=59)
    assert reason_that_lasts(dana, maya.member_id) is not None
    the_machines_clock[0] = AT + timedelta(minutes=15)
    assert reason_that_lasts(dana, maya.member_id) is None


@pytest.mark.parametrize("words", ["", "  ", "x" * 401])
def test_a_reason_has_words_and_not_too_many(dana: Actor, maya: Actor, words: str) -> None:
    with pytest.raises(Malformed):
        give_reason(by=dana, now=AT, member_id=maya.member_id, reason=clean(words))
    assert not Reason.objects.exists()


def test_nobody_gives_reasons_all_day(dana: Actor, maya: Actor) -> None:  # SR-44
    limits.forget()
    for _ in range(commands.REASONS.most):
        give_reason(by=dana, now=AT, member_id=maya.member_id, reason=clean("Curious"))
    with pytest.raises(TooMany):
        give_reason(by=dana, now=AT, member_id=maya.member_id, reason=clean("Curious"))


@pytest.mark.parametrize(
    ("closed", "minutes", "expected"),
    [(False, None, True), (True, 0, True), (True, 14, True), (True, 15, False), (True, None, False)],
)
def test_a_case_stays_open_a_while_after_it_was_closed(
    closed: bool, minutes: int | None, expected: bool
) -> None:
    closed_at = None if minutes is None else AT - timedelta(minutes=minutes)
    assert is_open(closed, closed_at, AT) is expected


# -------------------------------------------------------------------------------------------------------- alarms


def test_over_thirty_members_in_an_hour_without_contacts_is_an_alarm(
    dana: Actor, the_machines_clock: list[datetime]
) -> None:  # SR-27
    members = [new_member("M", f"Number{n}") for n in range(33)]
    for n, member in enumerate(members[:30]):
        the_machines_clock[0] = AT + timedelta(minutes=n)
        note_looks(dana, [look(member, case=n)])
    note_looks(dana, [look(members[0], case=900)])  # one of the thirty again
    note_looks(dana, [look(members[31], case=31, why=Why.CONTACT)])  # somebody who is talking with her
    assert not Alarm.objects.exists()
    note_looks(dana, [look(members[30], case=30)])
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.agent_id, alarm.member_id) == ("many", dana.agent_id, None)
    the_machines_clock[0] += timedelta(minutes=1)
    note_looks(dana, [look(members[32], case=32)])
    assert Alarm.objects.count() == 1  # the same hour is the same oddity


def test_a_conversation_sets_off_no_alarm_about_what_was_before_it(dana: Actor) -> None:  # SR-27
    for n in range(31):
        note_looks(dana, [look(new_member("M", f"Number{n}"), case=n)])
    Alarm.objects.all().delete()
    note_looks(dana, [look(new_member("M", "Talking"), case=99, why=Why.CONTACT)])
    assert not Alarm.objects.exists()


def test_thirty_one_members_over_a_longer_time_are_none(
    dana: Actor, the_machines_clock: list[datetime]
) -> None:  # SR-27
    for n in range(31):
        the_machines_clock[0] = AT + timedelta(minutes=2 * n)
        note_looks(dana, [look(new_member("M", f"Number{n}"), case=n)])
    assert not Alarm.objects.exists()


def test_ones_own_family_name_is_an_alarm_once_a_day(
    dana: Actor, maya: Actor, the_machines_clock: list[datetime]
) -> None:  # SR-27
    namesake = new_member("Lee", "WHITFIELD")
    note_looks(dana, [look(maya), look(namesake, case=6, why=Why.CONTACT)])
    note_looks(dana, [look(namesake, case=7)])
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.member_id) == ("name", namesake.member_id)
    the_machines_clock[0] = AT + timedelta(days=1)
    note_looks(dana, [look(namesake, case=6)])
    assert Alarm.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("García", "garcia", True),
        ("García-Lorca", "Lorca", True),
        ("Ortiz", "Ortega", False),
        ("de la Cruz", "de la Rosa", False),  # short words bind nobody
        ("Li", "Li", True),
    ],
)
def test_family_names_are_compared_as_people_write_them(one: str, other: str, same: bool) -> None:
    assert same_family(one, other) is same


def test_ones_own_address_is_an_alarm(dana: Actor, sam: Actor, maya: Actor, hannah: Actor) -> None:  # SR-27
    for member, street in (
        (maya, "12 Elm St., Apt 4, Albany NY 12207"),
        (hannah, "14 Elm St, Albany NY 12207"),
    ):
        ContactPoint.objects.create(member_id=member.member_id, kind="post", value=street, since=AT)
    ContactPoint.objects.create(
        member_id=hannah.member_id, kind="email", value="12elmstapt4albanyny12207", since=AT
    )
    keep_home(by=sam, now=AT, agent_id=dana.agent_id, address=clean("12 elm st apt 4  Albany, NY 12207"))
    note_looks(dana, [look(maya), look(hannah, case=6)])
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.member_id) == ("home", maya.member_id)
    from cardline.audit.models import Home

    assert "elm" not in Home.objects.get().hash


def test_a_watched_member_is_an_alarm_for_whoever_looks(
    dana: Actor, sam: Actor, maya: Actor
) -> None:  # SR-27
    assert watch_member(by=sam, now=AT, member_id=maya.member_id, on=True)
    assert not watch_member(by=sam, now=AT, member_id=maya.member_id, on=True)
    note_looks(dana, [look(maya, why=Why.CONTACT)])
    assert Alarm.objects.get().kind == "watched"
    assert watch_member(by=sam, now=AT, member_id=maya.member_id, on=False)
    note_looks(sam, [look(maya)])
    assert Alarm.objects.count() == 1


def test_a_system_of_the_issuers_raises_no_alarm(sam: Actor, maya: Actor) -> None:
    watch_member(by=sam, now=AT, member_id=maya.member_id, on=True)
    note_looks(Actor(Kind.API, "3", name="Bridge"), [look(maya, why=Why.API)])
    row, (event,) = View.objects.get(), events(maya)
    assert (row.actor, row.name, row.agent_id, event.actor) == ("api:3", "Bridge", None, "api:3")
    assert not Alarm.objects.exists()


def test_an_alarm_is_looked_into_once_by_a_supervisor_who_is_not_in_it(
    dana: Actor, sam: Actor, maya: Actor
) -> None:  # SR-27
    watch_member(by=sam, now=AT, member_id=maya.member_id, on=True)
    note_looks(dana, [look(maya)])
    note_looks(sam, [look(maya)])
    about_dana, about_sam = Alarm.objects.get(agent=dana.agent_id), Alarm.objects.get(agent=sam.agent_id)
    with pytest.raises(NotPermitted):
        look_into(by=dana, now=AT, alarm_id=about_dana.pk, note=clean("Nothing"))
    with pytest.raises(commands.NotByThemselves):
        look_into(by=sam, now=AT, alarm_id=about_sam.pk, note=clean("Nothing"))
    with pytest.raises(Malformed):
        look_into(by=sam, now=AT, alarm_id=about_dana.pk, note=clean(" "))
    with pytest.raises(NotThere):
        look_into(by=sam, now=AT, alarm_id=0, note=clean("Nothing"))
    assert look_into(by=sam, now=AT, alarm_id=about_dana.pk, note=clean("She was asked to"))
    other = new_agent("Noa", "Levi", sam.team, Role.SUPERVISOR)
    assert not look_into(by=other, now=AT, alarm_id=about_dana.pk, note=clean("Later"))
    about_dana.refresh_from_db()
    assert (about_dana.note, about_dana.looked_by_id) == ("She was asked to", sam.agent_id)


def test_only_supervisors_say_who_is_watched_and_where_colleagues_live(dana: Actor, maya: Actor) -> None:
    with pytest.raises(NotPermitted):
        watch_member(by=dana, now=AT, member_id=maya.member_id, on=True)
    with pytest.raises(NotPermitted):
        keep_home(by=dana, now=AT, agent_id=dana.agent_id, address=clean("Anywhere 1"))
