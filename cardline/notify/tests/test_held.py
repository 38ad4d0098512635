"""What a restriction held back: it goes when that is over, or is dropped with a word that says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cardline.audit.models import AuditEvent
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.members.models import ContactPoint, HeldMessage
from cardline.members.restrictions.commands import lift_restriction
from cardline.members.restrictions.tests.scene import place
from cardline.notify import sweeps
from cardline.notify.models import Outgoing
from cardline.notify.sending.commands import HELD_LOOK
from cardline.notify.sending.held import drop_held, held_to_look_at, send_held
from cardline.notify.tests.test_outgoing import (
    NOON,
    NUMBER,
    Door,
    door,
    folders,
    live_at,
    noon,
    row_of,
    say,
    say_code,
    work_on,
)
from cardline.notify.wording import USEFUL, template
from cardline.notify.words import say_state

__all__ = ["door", "folders", "noon"]  # fixtures of those tests

pytestmark = pytest.mark.django_db

NEWS = {"link": "/contacts"}


def held(member: Actor, template: str = "news", **how: object) -> int:
    """A message that did not leave, because of what stands now."""
    number = say(member, template, NEWS, **how)
    work_on()
    row = row_of(number)
    assert (row.state, row.problem) == ("refused", "restricted")
    return number


def look_now() -> None:
    """As a quarter of an hour later."""
    Outgoing.objects.filter(next_try_at__isnull=False).update(next_try_at=clock.machine_now())
    sweeps.sweep(clock.now())


@pytest.fixture
def hung(door: Callable[..., Door], maya: Actor) -> Door:
    live_at(maya, phone=NUMBER)
    return door("SM1")


def test_lifted_it_goes_at_once_and_with_the_first_look(maya: Actor, hung: Door) -> None:
    lock = place(maya, "cease_contact", NOON)
    number = held(maya)
    assert held_to_look_at() == []  # not before a quarter of an hour is over
    lift_restriction(by=SYSTEM, now=clock.now(), restriction_id=lock, why=clean("They wrote to us."))
    sweeps.sweep(clock.now())
    work_on()
    assert len(hung.handed_over) == 1 and row_of(number).state == "sent"
    assert AuditEvent.objects.filter(name="notify.send_held", about=f"outgoing:{number}").count() == 1
    assert HeldMessage.objects.count() == 1  # that it waited stays written


def test_one_that_ends_by_itself_lets_it_go_at_the_next_look(maya: Actor, hung: Door) -> None:
    place(maya, "cease_contact", NOON, until=clock.now() + timedelta(hours=2))
    number = held(maya)
    clock.set_offset(NOON + timedelta(hours=3) - clock.machine_now())
    look_now()
    work_on()
    assert row_of(number).state == "sent" and len(hung.handed_over) == 1


def test_while_it_stands_it_is_looked_at_now_and_then_and_stays(maya: Actor, hung: Door) -> None:
    place(maya, "cease_contact", NOON)
    number = held(maya)
    events = AuditEvent.objects.count()
    look_now()
    work_on()
    row = row_of(number)
    assert row.problem == "restricted" and hung.handed_over == [] and held_to_look_at() == []
    assert row.next_try_at is not None and row.next_try_at > clock.machine_now() + HELD_LOOK / 2
    assert AuditEvent.objects.count() == events  # a look changes nothing


def test_another_that_stands_still_holds_it(maya: Actor, hung: Door) -> None:
    place(maya, "deceased", NOON)
    lock = place(maya, "cease_contact", NOON)
    number = held(maya)
    lift_restriction(by=SYSTEM, now=clock.now(), restriction_id=lock, why=clean("They wrote to us."))
    look_now()
    assert row_of(number).problem == "restricted"


@pytest.mark.parametrize(("of", "useful"), [("news", USEFUL), ("verification_call", timedelta(hours=1))])
def test_what_is_out_of_date_is_dropped_and_says_so(
    maya: Actor, hung: Door, of: str, useful: timedelta
) -> None:
    assert template(of).useful == useful
    place(maya, "deceased", NOON, until=clock.now() + timedelta(minutes=1))
    number = held(maya, of)
    clock.set_offset(NOON + useful + timedelta(minutes=2) - clock.machine_now())
    look_now()
    work_on()
    row = row_of(number)
    assert (row.state, row.problem, hung.handed_over) == ("refused", "stale", [])
    assert say_state(row) == "Not sent, held back until it was out of date"
    assert AuditEvent.objects.filter(name="notify.drop_held").count() == 1
    look_now()
    assert row_of(number).problem == "stale"


def test_what_would_go_to_a_place_that_is_theirs_no_more_is_dropped(maya: Actor, hung: Door) -> None:
    lock = place(maya, "cease_contact", NOON)
    number = held(maya)
    ContactPoint.objects.filter(member=maya.member_id).delete()
    lift_restriction(by=SYSTEM, now=clock.now(), restriction_id=lock, why=clean("They wrote to us."))
    look_now()
    work_on()
    assert row_of(number).problem == "stale" and hung.handed_over == []


def test_a_code_is_never_sent_later(maya: Actor, hung: Door) -> None:
    lock = place(maya, "deceased", NOON)
    number = say_code(maya)
    work_on()
    lift_restriction(by=SYSTEM, now=clock.now(), restriction_id=lock, why=clean("It was somebody else."))
    look_now()
    work_on()
    row = row_of(number)
    assert (row.problem, row.values, hung.handed_over) == ("stale", {}, [])


def test_two_who_look_at_once_send_it_once(maya: Actor, hung: Door) -> None:
    place(maya, "cease_contact", NOON)
    number = held(maya)
    assert send_held(now=clock.now(), by=SYSTEM, outgoing_id=number)
    assert not send_held(now=clock.now(), by=SYSTEM, outgoing_id=number)
    assert not drop_held(now=clock.now(), by=SYSTEM, outgoing_id=number)
