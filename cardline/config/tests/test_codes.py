"""A one-time code leaves as a text message, through the doors every message takes."""

from __future__ import annotations

from datetime import datetime

import pytest

from cardline.config.codes import OutgoingCodes
from cardline.identity.codes.commands import ask_code, enter_code
from cardline.identity.tests.phones import NUMBER, phone_of
from cardline.issuer.embedded.tests.world import inside
from cardline.kit import plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.secret import Secret
from cardline.members.models import Member
from cardline.members.restrictions.models import HeldMessage
from cardline.members.restrictions.tests.scene import place
from cardline.notify.models import Outgoing
from cardline.notify.sending.commands import take_in_hand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugs, "codes", OutgoingCodes())
    monkeypatch.setattr("cardline.config.codes.can_leave_by", lambda channel: channel == "text")


def ask(maya: Actor, now: datetime, word: str = "redeem") -> Outgoing:
    point = phone_of(maya, now)
    ask_code(by=maya, now=now, action="a" * 64, shown=clean("use 100 points"), point_id=point.pk, word=word)
    return Outgoing.objects.get()


def test_the_text_names_the_action_and_its_code_is_right(maya: Actor, now: datetime) -> None:
    row = ask(maya, now)
    assert (row.channel, row.template, row.secret) == ("text", "code", True)
    assert row.to == NUMBER.replace(" ", "") and row.values["action"] == "redeem"
    code = Secret(row.values["code"])
    assert enter_code(by=maya, now=now, action="b" * 64, code=code)["matched"] is False
    assert enter_code(by=maya, now=now, action="a" * 64, code=code)["matched"] is True


@pytest.mark.parametrize("word", ["", "something an issuer added"])
def test_what_the_text_has_no_word_for_is_to_show_that_it_is_them(
    maya: Actor, now: datetime, word: str
) -> None:
    assert ask(maya, now, word).values["action"] == "confirm"


def test_a_code_to_be_told_does_not_say_tell_nobody(maya: Actor, now: datetime) -> None:
    spoken = plugs.CodeFor("es", "show that it is you", spoken=True)

    inside(
        lambda: plugs.codes.send(
            member_id=maya.member_id, to=NUMBER, now=now, code=Secret("012345"), code_for=spoken
        )
    )
    assert (Outgoing.objects.get().template, Outgoing.objects.get().values) == (
        "code_told",
        {"code": "012345"},
    )


def test_without_a_door_for_texts_no_code_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardline.config.codes.can_leave_by", lambda channel: False)
    assert not plugs.codes.is_there


def test_what_a_restriction_forbids_is_held_when_it_is_about_to_leave(maya: Actor, now: datetime) -> None:
    row = ask(maya, now)
    Outgoing.objects.filter(pk=row.pk).update(template="news", secret=False, values={"link": "/contacts"})
    place(Member.objects.get(pk=maya.member_id).pk, "cease_contact", now)
    assert take_in_hand(by=SYSTEM, now=now, outgoing_id=row.pk) is None
    row.refresh_from_db()
    held = HeldMessage.objects.get()
    assert (row.state, row.problem) == (Outgoing.State.REFUSED, "restricted")
    assert (held.kind, held.subject) == ("message:news", f"outgoing:{row.pk}")
    assert Outgoing.objects.count() == 1  # and by no other door
