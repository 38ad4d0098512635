"""The provider of text messages calls: what became of one it took, and what somebody writes to us (SR-47)."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.refusals import NotThere
from cardline.notify.doors.receipts import MOST_BYTES, SIGNATURE, callback, is_from_provider, read_receipt
from cardline.notify.doors.replies import INBOX, read_reply
from cardline.notify.inbound import take_text
from cardline.notify.sending.receipts import take_receipt

_NAME = re.compile(r"[0-9a-f]{32}")
_FORM = "application/x-www-form-urlencoded"


@csrf_exempt  # the provider has no session of ours, and its signature is no ambient right
@require_POST
def receipt(request: HttpRequest, name: str) -> HttpResponse:
    """name: ours for the message. Answered before anything is done; a copy of what came before gets the same answer.

    Without a provider, and with a signature that is none of its, there is no such page.
    """
    if name == INBOX:
        return _reply(request)
    body = _fields_as_they_came(request)
    key = settings.CARDLINE_TEXT_KEY if callback() and _NAME.fullmatch(name) else ""
    if not is_from_provider(body, request.headers.get(SIGNATURE, ""), f"{callback()}{name}", key):
        raise NotThere()
    told = read_receipt(body)
    if told is not None:
        take_receipt(
            by=SYSTEM, key=f"{name}:{told.status}", now=clock.now(), name=name,
            provider_id=told.provider_id, arrived=told.arrived,
        )  # fmt: skip
    return HttpResponse(status=204)


def _reply(request: HttpRequest) -> HttpResponse:
    """Somebody wrote to our number. The provider sends a copy where it did not hear us; it is done once."""
    body = _fields_as_they_came(request)
    key = settings.CARDLINE_TEXT_KEY if callback() else ""
    if not is_from_provider(body, request.headers.get(SIGNATURE, ""), f"{callback()}{INBOX}", key):
        raise NotThere()
    told = read_reply(body)
    if told is not None:
        take_text(
            by=SYSTEM,
            key=f"text:{told.id}",
            now=clock.now(),
            number=told.number,
            text=told.text,
            message=told.id,
        )
    return HttpResponse(status=204)


def _fields_as_they_came(request: HttpRequest) -> bytes:
    """Nothing of what is too long or no form: of the latter the bytes are not there any more."""
    fits = request.content_type == _FORM and int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_BYTES
    return request.body if fits else b""
