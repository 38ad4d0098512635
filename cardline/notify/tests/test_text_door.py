"""Text messages by a provider: what is asked of it, what each of its answers means, and a silence in between."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from cardline.kit import clock
from cardline.kit.outward import Outward
from cardline.notify.doors import Message, NotTaken, text
from cardline.notify.doors.text import TextProvider, TextSettings
from cardline.notify.tests.provider import ACCOUNT, KEY, PATH, SENDER, Provider, running

SETTINGS = TextSettings("https://texts.example", ACCOUNT, KEY, SENDER)


@pytest.fixture(autouse=True)
def nobody_found_it_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_silent_until", float("-inf"))


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def way(provider: Provider) -> Iterator[Outward]:
    with running(provider) as there:
        yield there


@pytest.fixture
def door(way: Outward) -> TextProvider:
    return TextProvider(SETTINGS, way)


@pytest.fixture
def message() -> Message:
    return a_message(clock.machine_now())


def a_message(made_at: datetime) -> Message:
    return Message(
        name="n", to="+12125550142", language="es", subject="", body="Su código & más: 100 %", secret=True,
        receiver="Maya Okafor", asked_at=made_at, made_at=made_at,
    )  # fmt: skip


def test_it_is_posted_as_a_form_with_account_and_key(
    door: TextProvider, provider: Provider, message: Message
) -> None:
    name = door.send(message)
    taken = provider.taken[0]
    assert provider.heard == [f"POST {PATH}"] and name == taken["sid"]
    assert (taken["to"], taken["from"], taken["body"]) == ("+12125550142", SENDER, "Su código & más: 100 %")
    assert taken["messaging_service_sid"] is None


def test_a_service_that_has_numbers_is_named_as_one(
    way: Outward, provider: Provider, message: Message
) -> None:
    TextProvider(dataclasses.replace(SETTINGS, sender="MG" + "1" * 32), way).send(message)
    assert provider.taken[0]["messaging_service_sid"] == "MG" + "1" * 32 and provider.taken[0]["from"] is None


@pytest.mark.parametrize(
    ("status", "error", "problem", "permanent", "unsure"),
    [
        (400, 21211, "no_such_place", True, False),  # not a number
        (400, 21614, "no_such_place", True, False),  # takes no texts
        (400, 21610, "no_such_place", True, False),  # its holder wants none
        (400, 21602, "not_taken", True, False),  # our own mistake; the same again is the same mistake
        (401, 20003, "not_set_up", False, False),
        (403, 0, "not_set_up", False, False),
        (404, 20404, "not_set_up", False, False),
        (429, 20429, "not_taken", False, False),
        (500, 0, "not_taken", False, True),
        (503, 0, "not_taken", False, True),
        (301, 0, "not_taken", False, False),
    ],
)
def test_each_no_is_told_apart(
    door: TextProvider,
    provider: Provider,
    message: Message,
    status: int,
    error: int,
    problem: str,
    permanent: bool,
    unsure: bool,
) -> None:
    provider.status, provider.error = status, error
    with pytest.raises(NotTaken) as no:
        door.send(message)
    assert (no.value.problem, no.value.permanent, no.value.unsure) == (problem, permanent, unsure)
    assert message.to not in str(no.value) and message.body not in repr(message)


def test_a_redirect_is_not_followed(
    door: TextProvider, provider: Provider, message: Message
) -> None:  # SR-45
    provider.status, provider.redirect = 307, PATH
    with pytest.raises(NotTaken):
        door.send(message)
    assert len(provider.heard) == 1


@pytest.mark.parametrize(
    "answer", [b"", b"{", b"[]", b'{"sid": 7}', b'{"sid": "' + b"x" * 34 + b'"}', b"[" * 9000]
)
def test_a_yes_that_cannot_be_read_may_have_been_one(
    door: TextProvider, provider: Provider, message: Message, answer: bytes
) -> None:
    provider.answer = answer
    with pytest.raises(NotTaken) as no:
        door.send(message)
    assert no.value.unsure and not no.value.permanent


def test_an_answer_without_end_is_cut_off(door: TextProvider, provider: Provider, message: Message) -> None:
    provider.answer = b" " * ((1 << 20) + 1)
    with pytest.raises(NotTaken) as no:
        door.send(message)
    assert no.value.problem == "no_answer" and no.value.unsure


def test_silence_after_it_was_done_is_found_out(
    door: TextProvider, provider: Provider, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.falls_silent = True
    with pytest.raises(NotTaken) as no:
        door.send(message)
    assert no.value.problem == "no_answer" and no.value.unsure and len(provider.taken) == 1
    monkeypatch.setattr(text, "_silent_until", float("-inf"))
    assert door.found(message) == provider.taken[0]["sid"]
    asked = parse_qs(urlsplit(provider.heard[-1]).query)
    assert asked["To"] == [message.to] and asked["DateSent>"][0] <= f"{message.made_at:%Y-%m-%d}"


def test_after_a_silence_the_next_ones_fail_at_once(
    door: TextProvider, provider: Provider, message: Message
) -> None:
    provider.falls_silent = True
    for _ in range(3):
        with pytest.raises(NotTaken):
            door.send(message)
    assert len(provider.heard) == 1


def test_only_our_own_message_is_taken_for_it(
    door: TextProvider, provider: Provider, message: Message
) -> None:
    assert door.found(message) is None
    theirs = door.send(message)  # the same words for another row, whose name we know
    assert door.found(dataclasses.replace(message, theirs=frozenset({theirs}))) is None
    assert door.found(dataclasses.replace(message, body="other words")) is None
    assert door.found(dataclasses.replace(message, to="+12125550143")) is None
    later = message.made_at + timedelta(minutes=5)
    assert door.found(dataclasses.replace(message, made_at=later)) is None
    provider.taken[0]["status"] = "undelivered"
    assert door.found(message) is None
    provider.taken[0]["status"] = "sent"
    assert door.found(message) == theirs


def test_nobody_there_means_it_was_not_sent(message: Message) -> None:
    with running(Provider()) as gone:
        pass
    with pytest.raises(NotTaken) as no:
        TextProvider(SETTINGS, gone).send(message)
    assert no.value.problem == "no_answer" and not no.value.unsure


def test_who_cannot_ask_still_does_not_know(message: Message) -> None:
    with running(Provider()) as gone:
        pass
    door = TextProvider(SETTINGS, gone)
    for _ in range(2):  # nobody there, and then not even tried for a while
        with pytest.raises(NotTaken) as no:
            door.found(message)
        assert no.value.unsure


def test_an_address_of_our_own_network_is_not_called(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-45
    inside = [(2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("cardline.kit.outward.socket.getaddrinfo", lambda *args, **more: inside)
    with pytest.raises(NotTaken) as no:
        TextProvider(SETTINGS).send(message)
    assert no.value.problem == "not_set_up"


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(SETTINGS)
