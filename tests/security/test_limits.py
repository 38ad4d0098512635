"""How often is too often, at each page that can be asked again and again: 429, and when to come back (SR-44).

The API's limits are tested in cardline/api/tests/test_refusals.py, those of look-ups in test_nothing_is_told.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from cardline.api.tests.scene import NEED
from cardline.kit import limits
from cardline.kit.limits import Limit
from cardline.payments.bank_accounts import BANK_ACCOUNTS
from cardline.payments.commands import PAYMENTS
from tests.security.world import FORMS, World, undone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: a minute that ends between two presses would forget the first."""
    now = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: now))


Press = Callable[[World, int], Any]


def chat_as(who: str) -> Press:
    return lambda w, n: w.people[who].post("/chat", {"need": NEED, "text": "Help", "key": f"form-key-{n:04}"})


def page(who: str, path: str, **form: str) -> Press:
    return lambda w, n: w.people[who].post(path.format(**w.values()), {"key": f"form-key-{n:04}", **form})


def form(world: World, n: int, route: str, **changed: str) -> Any:
    """The member's own form of an address, as the n-th press."""
    sent = {**FORMS[route](world), **changed, "key": f"form-key-{n:04}"}
    return world.people["member"].post(f"/{route}", sent)


def freeze_or_undo(n: int) -> Press:
    """Freezing what is frozen already changes nothing and is not counted."""
    return page("member", "/cards/{card}/unfreeze" if n % 2 else "/cards/{card}/freeze")


PRESSES: dict[str, tuple[Limit, Press]] = {
    "a member's chats": (limits.CHAT_STARTS, chat_as("member")),
    "a visitor's chats": (limits.CHAT_STARTS, chat_as("guest")),
    "a member's messages": (limits.CHAT_STARTS, page("member", "/messages", need=NEED, text="Help")),
    "words of a member": (
        limits.MESSAGES,
        page("member", "/chat/{contact_reference}/messages", text="Hello"),
    ),
    "words of an agent": (limits.MESSAGES, page("agent", "/desk/cases/{ref}/messages", text="Hello")),
    "freezes and their undoing": (limits.FREEZES, lambda w, n: freeze_or_undo(n)(w, n)),
    "payments": (PAYMENTS, lambda w, n: form(w, n, "payments", amount="0.01")),
    "bank accounts": (BANK_ACCOUNTS, lambda w, n: form(w, n, "payments/accounts")),
}


@pytest.mark.long_on_postgres
@pytest.mark.parametrize("what", PRESSES)
def test_too_often_is_429_with_when_to_come_back(what: str, world: World) -> None:  # SR-44
    limit, press = PRESSES[what]
    with undone():
        for n in range(limit.most):
            assert press(world, n).status_code == 302, f"number {n + 1}"
        answer = press(world, limit.most)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= limit.seconds


def test_what_was_typed_is_not_lost_by_a_limit(world: World) -> None:
    with undone():
        for n in range(limits.CHAT_STARTS.most):
            chat_as("member")(world, n)
        form = {"need": NEED, "text": "The whole long story of my card", "key": "form-key-last"}
        assert b"The whole long story of my card" in world.people["member"].post("/chat", form).content


def test_visitors_are_counted_by_address_not_by_cookie(world: World) -> None:  # SR-44
    def start(n: int, address: str) -> int:
        form = {"need": NEED, "text": "Help", "key": f"form-key-{n:04}"}
        status: int = Client(REMOTE_ADDR=address).post("/chat", form).status_code
        return status

    with undone():
        seen = [start(n, "203.0.113.5") for n in range(limits.CHAT_STARTS.most + 1)]
        assert seen[-2:] == [302, 429]
        assert start(99, "203.0.113.6") == 302


def test_one_members_hurry_is_nobody_elses_wait(world: World) -> None:
    with undone():
        for n in range(limits.CHAT_STARTS.most + 1):
            last = chat_as("member")(world, n)
        assert last.status_code == 429
        assert chat_as("other")(world, 0).status_code == 302


def test_page_and_api_use_up_the_same_limit(world: World) -> None:  # SR-44: per account, however they come
    with undone():
        for n in range(limits.CHAT_STARTS.most):
            assert chat_as("member")(world, n).status_code == 302
        answer = world.callers["member"].post("/contacts", {"need": NEED, "text": "Help"})
        assert answer.status_code == 429 and json.loads(answer.content)["code"] == "too_many"
