"""Ways back into an account, for somebody who cannot sign in, or says so."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client
from fido2.utils import websafe_encode

from cardline.identity.models import Recovery
from cardline.identity.passkeys.ceremony import to_make, what_was_made
from cardline.identity.passkeys.rules import new_challenge
from cardline.identity.tests.device import HOST, Device
from cardline.identity.tests.phones import Texts
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import Outgoing
from tests.stories.telling import Told, in_the_session_of, words_of

pytestmark = pytest.mark.django_db


def passkey_of(member: Member) -> Device:
    """Her device, which she made one with long ago."""
    device, challenge = Device(), websafe_encode(new_challenge())
    assert member.user is not None
    made = what_was_made(HOST, challenge, device.make(to_make(HOST, challenge, member.user, "Maya")))
    WebAuthn.add(member.user, "Her phone", made)
    return device


def ask_way_back(browser: Client, phone: ContactPoint, texts: Texts) -> str:
    """Everything that "I cannot sign in" asks for, with the code from her locked phone. Returns the page after it."""
    browser.post("/sign-in/recovery", {"phone": phone.value, "key": f"asks-{len(texts.sent)}"})
    work_through_outbox()
    facts = {"name": "Maya Okafor", "postal_code": "12207", "code": texts.code.reveal()}
    answer = browser.post("/sign-in/recovery/entry", {**facts, "key": f"enters-{len(texts.sent)}"})
    return words_of(answer)


def test_the_way_back_is_told_everywhere_and_waits(
    told: Told, cast: Any, mayas: Client, texts: Texts, phone: ContactPoint
) -> None:
    thief, device = Client(), passkey_of(cast.maya)
    wait = current_profile().sign_in.recovery_wait

    mailbox = cast.maya.points.get(kind="email").value
    assert thief.post("/sign-in/recovery", {"phone": mailbox, "key": "by-her-address"}).status_code == 422
    assert (
        texts.sent == [] and not Outgoing.objects.filter(to=mailbox).exists()
    )  # nothing goes there for that
    ask_way_back(thief, phone, texts)
    in_the_mail = Outgoing.objects.get(template="recovery", channel="email").values["link"]
    assert thief.get(in_the_mail).status_code == 200 and thief.get("/home").status_code == 401
    clock.set_offset(wait - timedelta(hours=1))
    ask_way_back(thief, phone, texts)
    assert thief.get("/home").status_code == 401
    told.stays_below(in_the_session_of(thief, cast.maya))

    with told.protected():
        assert "Somebody asked for a new way in" in words_of(mayas.get("/profile/sign-in"))
        heard = Outgoing.objects.filter(template="recovery").values_list("channel", flat=True)
        assert set(heard) == {"text", "email", "letter"}
        mayas.post("/profile/sign-in/recovery/stop", {"key": "it-was-not-me"})
        assert Recovery.objects.get().stopped_at is not None
        laptop = Client()
        asked = laptop.get("/sign-in/passkey", headers={"Accept": "application/json"}).json()
        shown = json.dumps(device.use(asked["request_options"]))
        assert laptop.post("/sign-in/passkey", {"credential": shown}).status_code == 302
        assert laptop.get("/home").status_code == 200
    clock.set_offset(wait + timedelta(hours=1))
    ask_way_back(thief, phone, texts)
    assert thief.get("/home").status_code == 401
    told.stays_below(in_the_session_of(thief, cast.maya))
