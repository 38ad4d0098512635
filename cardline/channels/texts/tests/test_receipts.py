"""The provider of text messages tells us what became of one: signed, once, and acted on after the answer (SR-47)."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from cardline.audit.models import AuditEvent
from cardline.conftest import new_member
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.models import OutboxItem
from cardline.notify.doors import text as text_door
from cardline.notify.doors import which
from cardline.notify.doors.receipts import MOST_BYTES, TOLD_WITHIN, callback, is_from_provider
from cardline.notify.doors.text import TextProvider, TextSettings
from cardline.notify.models import Outgoing
from cardline.notify.queries import how_it_went
from cardline.notify.sending.commands import note_taken, take_in_hand
from cardline.notify.tests.provider import ACCOUNT, KEY, SENDER, Provider, running
from cardline.notify.tests.test_outgoing import ADDRESS, Door, door, live_at, noon, say, work_on
from cardline.notify.tests.test_text_door import a_message
from cardline.notify.words import say_state, tone_of

__all__ = ["door", "noon"]  # fixtures of those tests

pytestmark = pytest.mark.django_db

SITE = "https://cards.example"
SID = "SM" + "1" * 32


@pytest.fixture(autouse=True)
def with_a_provider(settings: Any, monkeypatch: pytest.MonkeyPatch, door: Callable[..., Door]) -> None:
    settings.CARDLINE_TEXT_ACCOUNT, settings.CARDLINE_TEXT_KEY = ACCOUNT, KEY
    settings.CARDLINE_SITE, settings.CARDLINE_TLS = SITE, True
    monkeypatch.setattr(text_door, "_silent_until", float("-inf"))


@pytest.fixture
def maya(db: Any) -> Actor:
    return new_member("Maya", "Okafor")


@pytest.fixture
def sent(maya: Actor) -> Callable[..., Outgoing]:
    """sent(): a text to Maya that the provider took; sent(secret=True): one that goes no other way."""

    def send_one(*, secret: bool = False) -> Outgoing:
        number = say(maya, "news", {"link": "/contacts"}, secret=secret)
        take_in_hand(by=SYSTEM, now=clock.now(), outgoing_id=number)
        note_taken(by=SYSTEM, now=clock.now(), outgoing_id=number, provider_id=SID)
        return Outgoing.objects.get(pk=number)

    return send_one


def signature(address: str, fields: dict[str, str], key: str = KEY) -> str:
    said = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return b64encode(hmac.new(key.encode(), said.encode(), "sha1").digest()).decode()


def tell(row: Outgoing | str, status: str = "delivered", signed: str | None = None, **more: str) -> Any:
    """As the provider posts it; beside what we read it sends more, with signs of every kind."""
    name = row if isinstance(row, str) else row.name
    fields = {
        "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "From": SENDER, "MessageSid": SID,
        "MessageStatus": status, "To": "+12125550142", "ErrorMessage": "", "Note": "caña & 100 %", **more,
    }  # fmt: skip
    return Client().post(
        f"/hooks/texts/{name}",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={
            "X-Twilio-Signature": signature(f"{callback()}{name}", fields) if signed is None else signed
        },
    )


def again(row: Outgoing) -> Outgoing:
    row.refresh_from_db()
    return row


# ------------------------------------------------------------------------------------------------------ signature


def test_it_is_the_signature_of_the_public_documentation() -> None:
    """Its worked example, with the account key 12345."""
    body = urlencode(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }  # fmt: skip
    ).encode()
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert is_from_provider(body, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", address, "12345")
    assert not is_from_provider(body, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", address + "0", "12345")
    assert not is_from_provider(body + b"0", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", address, "12345")
    assert not is_from_provider(body, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", address, "")


@pytest.mark.parametrize("signed", ["", "x", "ñ", "0" * 4_000])
def test_without_the_right_signature_there_is_no_such_page(
    sent: Callable[..., Outgoing], signed: str
) -> None:  # SR-47
    row = sent()
    assert tell(row, "undelivered", signed=signed).status_code == 404
    assert again(row).receipt == "" and not OutboxItem.objects.filter(kind="notify.receipt").exists()


def test_a_signature_for_one_message_says_nothing_of_another(sent: Callable[..., Outgoing]) -> None:
    row = sent()
    fields = {"MessageSid": SID, "MessageStatus": "failed"}
    borrowed = signature(f"{callback()}{'0' * 32}", fields)
    answer = Client().post(
        f"/hooks/texts/{row.name}",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": borrowed},
    )
    assert answer.status_code == 404


def test_the_address_of_the_request_is_of_no_matter(sent: Callable[..., Outgoing]) -> None:
    """Behind a proxy it is another than the provider was told; a forged Host header changes nothing either."""
    row = sent()
    assert tell(row).status_code == 204  # the test's own browser calls http://testserver


def test_without_a_provider_or_without_tls_there_is_no_such_page(
    sent: Callable[..., Outgoing], settings: Any
) -> None:
    row = sent()
    settings.CARDLINE_TEXT_KEY = ""
    assert tell(row, signed=signature(f"{callback()}{row.name}", {}, key="")).status_code == 404
    settings.CARDLINE_TEXT_KEY, settings.CARDLINE_TLS = KEY, False
    assert callback() == "" and tell(row).status_code == 404


@pytest.mark.parametrize("name", ["x", "0" * 31, "0" * 33, "0" * 31 + "g"])
def test_a_name_that_is_none_is_not_there(name: str) -> None:
    assert tell(name).status_code == 404


def test_what_is_too_long_is_not_read(sent: Callable[..., Outgoing]) -> None:
    assert tell(sent(), Note="x" * MOST_BYTES).status_code == 404


# ------------------------------------------------------------------------------------------------------ what it says


def test_it_is_answered_before_the_work_and_then_the_desk_reads_it(sent: Callable[..., Outgoing]) -> None:
    row = sent()
    assert say_state(row) == "Sent"
    answer = tell(row)
    assert (answer.status_code, answer.content) == (204, b"")
    assert again(row).receipt == ""  # the worker's
    work_on()
    assert (again(row).receipt, say_state(row), tone_of(row)) == ("arrived", "Arrived", "good")
    assert how_it_went(row.pk).gone and AuditEvent.objects.filter(name="notify.receipt").count() == 1


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "canceled", "", "DELIVERED"])
def test_a_word_in_between_is_taken_and_changes_nothing(sent: Callable[..., Outgoing], status: str) -> None:
    row = sent()
    assert tell(row, status).status_code == 204
    work_on()
    assert again(row).receipt == ""


def test_what_was_lost_goes_another_way_once(
    maya: Actor, sent: Callable[..., Outgoing], settings: Any
) -> None:
    settings.CARDLINE_MAIL_URL = "smtp://mail.example"
    live_at(maya, email=ADDRESS)
    row = sent()
    for status in ("undelivered", "failed"):
        assert tell(row, status).status_code == 204
        work_on()
    assert (again(row).receipt, say_state(row), tone_of(row)) == ("lost", "Sent, did not arrive", "warn")
    otherwise = Outgoing.objects.get(instead_of=row)
    assert (otherwise.channel, otherwise.to) == ("email", ADDRESS)
    went = how_it_went(row.pk)
    assert (went.gone, went.over, went.another_way) == (False, True, "email")


def test_a_lost_code_goes_no_other_way_and_whoever_asked_hears_of_it(
    maya: Actor, sent: Callable[..., Outgoing], settings: Any
) -> None:
    settings.CARDLINE_MAIL_URL = "smtp://mail.example"
    live_at(maya, email=ADDRESS)
    row = sent(secret=True)
    tell(row, "undelivered")
    work_on()
    assert Outgoing.objects.count() == 1 and how_it_went(row.pk).over


def test_the_same_again_is_answered_alike_and_done_once(sent: Callable[..., Outgoing]) -> None:  # SR-47
    row = sent()
    assert [tell(row).status_code for _ in range(3)] == [204] * 3
    assert OutboxItem.objects.filter(kind="notify.receipt").count() == 1


def test_a_copy_of_a_worse_word_takes_nothing_back(sent: Callable[..., Outgoing]) -> None:
    row = sent()
    for status in ("delivered", "undelivered"):
        tell(row, status)
        work_on()
    assert again(row).receipt == "arrived" and not Outgoing.objects.filter(instead_of=row).exists()


def test_what_arrived_after_all_is_said_so(sent: Callable[..., Outgoing]) -> None:
    row = sent()
    for status in ("undelivered", "delivered"):
        tell(row, status)
        work_on()
    assert again(row).receipt == "arrived"


def test_a_receipt_is_the_answer_that_nobody_heard(maya: Actor) -> None:
    number = say(maya, "news", {"link": "/contacts"})
    take_in_hand(by=SYSTEM, now=clock.now(), outgoing_id=number)
    row = Outgoing.objects.get(pk=number)
    assert row.unsure and row.state == "queued"
    tell(row)
    work_on()
    assert (again(row).state, row.provider_id, row.receipt) == ("sent", SID, "arrived")


def test_of_an_old_message_or_none_nothing_is_done(sent: Callable[..., Outgoing]) -> None:
    row = sent()
    assert tell("0" * 32).status_code == 204
    Outgoing.objects.update(made_at=clock.machine_now() - TOLD_WITHIN - timedelta(seconds=1))
    assert tell(row).status_code == 204
    assert not OutboxItem.objects.filter(kind="notify.receipt").exists()


# ---------------------------------------------------------------------------------------------------- asking for them


@pytest.fixture
def provider() -> Iterator[tuple[Provider, Any]]:
    provider = Provider()
    with running(provider) as there:
        yield provider, there


def test_the_provider_is_told_where_to_call(
    provider: tuple[Provider, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []

    def create(form: dict[str, str]) -> dict[str, str]:
        asked.append(form)
        return {"sid": SID}

    monkeypatch.setattr(provider[0], "create", create)
    for where in ("", callback()):
        settings = TextSettings("https://texts.example", ACCOUNT, KEY, SENDER, where)
        TextProvider(settings, provider[1]).send(a_message(clock.machine_now()))
    assert "StatusCallback" not in asked[0]
    assert asked[1]["StatusCallback"] == f"{SITE}/hooks/texts/n"


def test_the_door_of_this_installation_asks_for_them(settings: Any) -> None:
    settings.CARDLINE_TEXT_URL, settings.CARDLINE_TEXT_FROM = "https://texts.example", SENDER
    door = which.door_for("text")
    assert isinstance(door, TextProvider) and door._settings.callback == f"{SITE}/hooks/texts/"
