"""Six digits in the wrong place, in the wrong hands, or too late."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.identity import authority
from cardline.identity.models import Challenge
from cardline.identity.tests.phones import Texts
from cardline.kit import clock
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint
from cardline.notify.wording import written
from cardline.payments.queries import bank_accounts_of
from cardline.payments.tests.scene import ROUTING
from cardline.selfservice.confirm.middleware import AGAIN
from tests.stories.telling import Desk, Told, speaker, words_of

pytestmark = pytest.mark.django_db

SAVINGS, OTHER = "000555010188", "000555010199"


@pytest.fixture(autouse=True)
def sure_of_bank_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An issuer that wants to be strongly sure before another bank account is added."""
    usual = authority.needed_level
    rule = "payment:pay_from_new_account"
    monkeypatch.setattr(authority, "needed_level", lambda asked: 3 if asked == rule else usual(asked))


def add_bank_account(browser: Client, number: str) -> Any:
    """The press that leads to /confirm, where it waits."""
    form = {"name": "Elm Bank", "kind": "savings", "routing": ROUTING, "number": number}
    return browser.post(
        "/payments/accounts", {**form, "number_again": number, "key": f"adds-{number}"}, follow=True
    )


def ask_for_code(browser: Client, phone: ContactPoint) -> None:
    browser.post("/confirm/code", {"phone": phone.pk, "key": f"asks-{Challenge.objects.count()}"})


def enter(browser: Client, code: Secret) -> Any:
    """Type it on /confirm."""
    found = re.search(rf'name="{AGAIN}" value="([^"]+)"', browser.get("/confirm").content.decode())
    assert found
    return browser.post("/confirm", {AGAIN: found[1], "code": code.reveal()}, follow=True)


def test_a_code_read_out_to_a_caller_verifies_nobody_at_the_desk(
    told: Told, cast: Any, dana: Desk, mayas: Client, texts: Texts, phone: ContactPoint
) -> None:
    add_bank_account(mayas, SAVINGS)
    ask_for_code(mayas, phone)
    call = dana.call_from(cast.maya)  # the man who rang her is here as her

    assert "The check failed" in dana.hears_code(call, texts.code)
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        message = written("code", "text", "en", {"code": texts.code.reveal(), "action": "redeem"})
        assert "We never ask for it: tell nobody." in message.body
        assert "We are not calling you." in words_of(mayas.get("/verify-us"))
        assert bank_accounts_of(speaker(mayas)) == []


def test_the_code_of_an_hour_ago_is_a_wrong_one(
    told: Told, cast: Any, mayas: Client, texts: Texts, phone: ContactPoint
) -> None:
    add_bank_account(mayas, OTHER)
    ask_for_code(mayas, phone)
    Challenge.objects.update(expires_at=clock.machine_now() - timedelta(minutes=50))

    answer = enter(mayas, texts.code)
    assert answer.status_code == 422 and "That is not the code, or it has run out." in words_of(answer)
    told.stays_below(speaker(mayas), action=Challenge.objects.get().action)
    with told.protected():
        assert "4 tries left" in words_of(answer)
        assert bank_accounts_of(speaker(mayas)) == []
        mayas.post("/confirm/cancel")
        assert "Nothing waits for you here" in words_of(mayas.get("/confirm"))


def test_a_code_seen_over_the_shoulder_was_used(
    told: Told, cast: Any, dana: Desk, texts: Texts, phone: ContactPoint
) -> None:
    hers, his = dana.call_from(cast.maya), dana.call_from(cast.maya)
    dana.on(hers, "code", point=phone.pk)
    dana.on(hers, "code/entry", code=texts.code.reveal())

    for _ in range(2):
        assert "The check failed" in dana.hears_code(his, texts.code)
    dana.on(hers, "code/entry", code=texts.code.reveal())
    assert "3 checks went wrong" in dana.reads(his)  # it was used up where it was sent, too
    told.stays_below(dana.actor, his.contact_id)
    with told.protected():
        assert "Verified, level 2 of 3" in dana.reads(hers)


def test_ones_own_code_proves_nothing_about_somebody_else(
    told: Told, cast: Any, dana: Desk, texts: Texts
) -> None:
    luis = dana.call_from(cast.luis)
    dana.on(luis, "code", point=cast.luis.points.get(kind="phone").pk)
    about_maya = dana.call_from(cast.maya)
    dana.on(about_maya, "code", point=cast.luis.points.get(kind="phone").pk)
    assert len(texts.sent) == 1  # his number is none of hers

    assert "The check failed" in dana.hears_code(about_maya, texts.code)
    told.stays_below(dana.actor, about_maya.contact_id)
    with told.protected():
        assert "1 check went wrong, over all channels" in dana.reads(about_maya)
        assert "went wrong" not in dana.reads(luis)


def test_a_code_for_one_account_approves_no_other(
    told: Told, cast: Any, mayas: Client, texts: Texts, phone: ContactPoint,
    member_client: Callable[..., Client],
) -> None:  # fmt: skip
    add_bank_account(mayas, SAVINGS)
    ask_for_code(mayas, phone)
    read_out = texts.code
    his = member_client(cast.maya)  # he is signed in as her on his own computer
    assert "ends in 0199" in words_of(add_bank_account(his, OTHER))
    adding_his = _action_waiting_in(his, phone)
    assert [text[2][-4:] for text in texts.sent] == ["0188", "0199"]  # each message says which

    assert enter(his, read_out).status_code == 422
    told.stays_below(speaker(his), action=adding_his)
    with told.protected():
        assert bank_accounts_of(speaker(mayas)) == []
        assert "ends in 0188" in words_of(mayas.get("/confirm"))  # what her own code would approve


def _action_waiting_in(browser: Client, phone: ContactPoint) -> str:
    """What a code asked for in this browser would be bound to."""
    ask_for_code(browser, phone)
    return Challenge.objects.latest("pk").action


def test_the_action_of_one_account_is_not_that_of_another(mayas: Client, phone: ContactPoint) -> None:
    """What `stays_below` asks about in this file: without it the stories above would show nothing."""
    add_bank_account(mayas, SAVINGS)
    one = _action_waiting_in(mayas, phone)
    add_bank_account(mayas, OTHER)
    assert one and _action_waiting_in(mayas, phone) != one
