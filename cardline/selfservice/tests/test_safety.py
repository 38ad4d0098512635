"""/profile/safety: the telephone passcode and the emergency contact, and what setting them takes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.audit.models import AuditEvent
from cardline.identity.authority import action_of
from cardline.identity.exceptional.commands import (
    NotTheirNumber,
    forget_emergency_contact,
    name_emergency_contact,
)
from cardline.identity.models import EmergencyContact, Evidence, Passcode
from cardline.identity.passcodes.commands import EasyToGuess, remove_passcode, set_passcode
from cardline.identity.passcodes.rules import Trouble, hash_of, is_passcode, tidy_passcode, trouble_with
from cardline.identity.rules import Proof
from cardline.identity.tests.phones import Texts
from cardline.kit import clock, plugs
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, Malformed, NotPermitted
from cardline.kit.secret import Secret
from cardline.notify.models import Outgoing

DIGITS = "481592"


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


# ------------------------------------------------------------------------------------------------------- digits


@pytest.mark.parametrize(
    ("digits", "trouble"),
    [
        ("481592", None),
        ("48159267", None),
        ("48159", Trouble.LENGTH),
        ("481592673", Trouble.LENGTH),
        ("", Trouble.LENGTH),
        ("123456", Trouble.SEQUENCE),
        ("876543", Trouble.SEQUENCE),
        ("789012", Trouble.SEQUENCE),
        ("000000", Trouble.REPEATS),
        ("121212", Trouble.REPEATS),
        ("493493", Trouble.REPEATS),
        ("112112", Trouble.REPEATS),
        ("48154815", Trouble.REPEATS),
        ("051790", Trouble.DATE),
        ("170590", Trouble.DATE),
        ("900517", Trouble.DATE),
        ("05171990", Trouble.DATE),
        ("17051990", Trouble.DATE),
        ("19900517", Trouble.DATE),
        ("255501", Trouble.PHONE),
        ("5550142", Trouble.PHONE),
        ("45159267", None),
    ],
)
def test_digits_that_are_guessed_first_are_not_taken(digits: str, trouble: Trouble | None) -> None:
    assert trouble_with(digits, ["+1 (212) 555-0142"]) == trouble


def test_a_passcode_is_kept_slow_and_salted_and_read_with_gaps() -> None:
    kept = hash_of(DIGITS)
    assert DIGITS not in kept and kept.startswith("argon2") and kept != hash_of(DIGITS)
    assert is_passcode(tidy_passcode("481 592"), kept) and not is_passcode("481593", kept)
    assert not is_passcode("no digits", "") and not is_passcode("", "")
    assert tidy_passcode("123456789012") == "123456789"


# ------------------------------------------------------------------------------------------------------ commands


def strong(member: Actor, command: str, **arguments: Any) -> None:
    """A second factor was shown with exactly this."""
    at = clock.machine_now()
    Evidence.objects.create(
        member_id=member.member_id,
        kind=Proof.PHONE_CODE,
        session=member.session,
        action=action_of(command, arguments),
        at=at,
        expires_at=at + timedelta(hours=1),
    )


@pytest.fixture
def maya(cast: Any, as_member: Callable[..., Actor]) -> Actor:
    return as_member(cast.maya)


def named(name: str = "Ada Okafor", phone: str = "+1 212 555 0177") -> dict[str, Any]:
    return {"name": clean(name), "phone": clean(phone)}


@pytest.mark.django_db
def test_a_sign_in_alone_sets_nothing_and_removes_nothing(maya: Actor, now: datetime) -> None:
    with pytest.raises(LevelTooLow):
        set_passcode(by=maya, now=now, passcode=Secret(DIGITS))
    with pytest.raises(LevelTooLow):
        remove_passcode(by=maya, now=now)
    with pytest.raises(LevelTooLow):
        name_emergency_contact(by=maya, now=now, **named())
    with pytest.raises(LevelTooLow):
        forget_emergency_contact(by=maya, now=now)
    assert not Passcode.objects.exists() and not EmergencyContact.objects.exists()


@pytest.mark.django_db
def test_a_passcode_is_set_for_the_digits_that_were_approved_and_told_everywhere(
    maya: Actor, now: datetime
) -> None:
    strong(maya, "member.set_passcode", passcode=Secret(DIGITS))
    with pytest.raises(LevelTooLow):
        set_passcode(by=maya, now=now, passcode=Secret("481593"))
    set_passcode(by=maya, now=now, passcode=Secret(DIGITS))
    assert is_passcode(DIGITS, Passcode.objects.get(member=maya.member_id).hash)
    told = Outgoing.objects.filter(member=maya.member_id, template="safety_changed")
    assert sorted(told.values_list("channel", flat=True)) == ["email", "text"]
    assert all(row.values["kind"] == "passcode" and row.urgent for row in told)
    assert not AuditEvent.objects.filter(detail__contains=DIGITS).exists()


@pytest.mark.django_db
def test_easy_digits_are_refused_by_the_command_too(maya: Actor, now: datetime) -> None:
    strong(maya, "member.set_passcode", passcode=Secret("123456"))
    with pytest.raises(EasyToGuess, match="follow each other"):
        set_passcode(by=maya, now=now, passcode=Secret("123456"))


@pytest.mark.django_db
def test_removing_it_is_told_too_and_twice_is_a_normal_answer(maya: Actor, now: datetime) -> None:
    Passcode.objects.create(member_id=maya.member_id, hash=hash_of(DIGITS), since=now)
    strong(maya, "member.remove_passcode")
    assert remove_passcode(by=maya, now=now) and not remove_passcode(by=maya, now=now)
    assert Outgoing.objects.filter(template="safety_changed").count() == 2


@pytest.mark.django_db
def test_an_emergency_contact_is_somebody_elses_number(maya: Actor, now: datetime) -> None:
    own = "(212) 555-0142"
    strong(maya, "member.name_emergency_contact", **named(phone=own))
    with pytest.raises(NotTheirNumber):
        name_emergency_contact(by=maya, now=now, **named(phone=own))
    for wrong in ({"name": "12"}, {"phone": "911"}, {"phone": "x"}):
        strong(maya, "member.name_emergency_contact", **named(**wrong))
        with pytest.raises(Malformed):
            name_emergency_contact(by=maya, now=now, **named(**wrong))
    strong(maya, "member.name_emergency_contact", **named())
    assert name_emergency_contact(by=maya, now=now, **named())
    assert not name_emergency_contact(by=maya, now=now, **named())
    assert Outgoing.objects.filter(template="safety_changed").count() == 2
    strong(maya, "member.forget_emergency_contact")
    assert forget_emergency_contact(by=maya, now=now) and not forget_emergency_contact(by=maya, now=now)


@pytest.mark.django_db
def test_no_colleague_sets_one_for_a_member(cast: Any, as_agent: Callable[..., Actor], now: datetime) -> None:
    with pytest.raises(NotPermitted):
        set_passcode(by=as_agent(cast.dana), now=now, passcode=Secret(DIGITS))


# -------------------------------------------------------------------------------------------------------- the page


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture
def client(cast: Any, member_client: Callable[..., Client]) -> Client:
    return member_client(cast.maya)


def confirm(client: Client, texts: Texts, phone: int) -> Any:
    """From /confirm to where the form was going: the code, then the form again."""
    client.post("/confirm/code", {"phone": phone})
    waiting = client.get("/confirm").content.decode()
    again = re.search(r'name="confirmed" value="([^"]+)"', waiting)
    assert again
    on = client.post("/confirm", {"confirmed": again[1], "code": texts.code.reveal()})
    assert on.status_code == 307
    return client.post(on.headers["Location"], {"confirmed": again[1]}, follow=True)


@pytest.mark.django_db
def test_a_passcode_is_set_with_a_second_proof_in_place_and_never_shown(
    cast: Any, client: Client, texts: Texts
) -> None:
    assert "It is not the PIN of your card" in read(client.get("/profile/safety"))
    form = {"change": "passcode", "passcode": DIGITS, "again": DIGITS}
    asked = client.post("/profile/safety", form)
    assert asked.status_code == 303 and asked.headers["Location"] == "/confirm"
    page = client.get("/confirm")
    assert "Set your telephone passcode" in read(page) and DIGITS not in page.content.decode()
    done = confirm(client, texts, cast.maya.points.get(kind="phone").pk)
    assert "Saved. It counts from now on" in read(done) and DIGITS not in done.content.decode()
    assert "You have one, set on" in read(done)
    assert is_passcode(DIGITS, Passcode.objects.get().hash)


@pytest.mark.django_db
def test_what_cannot_be_taken_is_said_before_anything_is_confirmed(client: Client, texts: Texts) -> None:
    for passcode, again, words in (
        ("123456", "123456", "Those digits follow each other"),
        (DIGITS, "481593", "The two are not the same"),
        ("", "", "Type 6 to 8 digits."),
    ):
        page = client.post("/profile/safety", {"change": "passcode", "passcode": passcode, "again": again})
        assert page.status_code == 422 and words in read(page)
        assert not passcode or passcode not in page.content.decode()
    page = client.post("/profile/safety", {"change": "contact", "name": "Ada", "phone": "911"})
    assert page.status_code == 422 and "Write the whole number" in read(page)
    assert client.post("/profile/safety", {"change": "what"}).status_code == 422


@pytest.mark.django_db
def test_an_emergency_contact_is_named_and_shown_in_part(cast: Any, client: Client, texts: Texts) -> None:
    form = {"change": "contact", "name": "Ada Okafor", "phone": "+1 212 555 0177"}
    assert client.post("/profile/safety", form).headers["Location"] == "/confirm"
    assert "Ada Okafor" in read(client.get("/confirm"))
    done = confirm(client, texts, cast.maya.points.get(kind="phone").pk)
    assert "Ada Okafor" in read(done) and "•••• 0177" in read(done)
    assert "+1 212 555 0177" not in done.content.decode()
    assert "/profile/safety" in client.get("/profile").content.decode()


@pytest.mark.django_db
def test_visitors_and_colleagues_have_no_such_page(cast: Any, agent_client: Callable[..., Client]) -> None:
    assert Client().get("/profile/safety").status_code == 401
    assert agent_client(cast.dana).get("/profile/safety").status_code == 404
