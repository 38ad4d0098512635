"""What members write to our number comes in through the provider's signature, once, and is read by the worker."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from cardline.channels.texts.tests.test_receipts import SITE, signature
from cardline.kit.models import OutboxItem
from cardline.kit.worker import work_through_outbox
from cardline.notify.doors.receipts import MOST_BYTES, callback
from cardline.notify.models import StoppedNumber
from cardline.notify.tests.provider import ACCOUNT, KEY

pytestmark = pytest.mark.django_db

MEMBER = "+12125550142"


@pytest.fixture(autouse=True)
def with_a_provider(settings: Any) -> None:
    settings.CARDLINE_TEXT_ACCOUNT, settings.CARDLINE_TEXT_KEY = ACCOUNT, KEY
    settings.CARDLINE_SITE, settings.CARDLINE_TLS = SITE, True


def write(body: str, *, signed: str | None = None, sid: str = "SM" + "2" * 32, **more: str) -> Any:
    fields = {
        "AccountSid": ACCOUNT,
        "From": MEMBER,
        "To": "+18005550100",
        "MessageSid": sid,
        "Body": body,
        **more,
    }
    right = signature(f"{callback()}inbox", fields)
    return Client().post(
        "/hooks/texts/inbox",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": right if signed is None else signed},
    )


def test_a_stop_is_heard_and_a_copy_of_it_changes_nothing() -> None:  # SR-47, DOMAIN 12
    assert [write("STOP").status_code for _ in range(3)] == [204] * 3
    assert OutboxItem.objects.filter(kind="notify.text").count() == 1
    work_through_outbox()
    assert StoppedNumber.objects.get().number == MEMBER


@pytest.mark.parametrize("signed", ["", "x", "ñ"])
def test_without_the_right_signature_there_is_no_such_page(signed: str) -> None:  # SR-47
    assert write("STOP", signed=signed).status_code == 404
    assert not OutboxItem.objects.exists()


def test_a_receipts_signature_is_none_for_a_reply() -> None:
    fields = {"From": MEMBER, "Body": "STOP", "MessageSid": "SM" + "2" * 32}
    assert write("STOP", signed=signature(f"{callback()}{'0' * 32}", fields)).status_code == 404


def test_what_is_too_long_or_from_nowhere_is_not_read() -> None:
    assert write("STOP", Note="x" * MOST_BYTES).status_code == 404
    assert write("STOP", From="nobody").status_code == 204
    assert not OutboxItem.objects.exists()


def test_a_card_number_in_it_is_kept_nowhere() -> None:  # SR-3
    write("my card is 4111 1111 1111 1111")
    assert "4111" not in str(OutboxItem.objects.get().payload)
