"""The list of one's own contacts, and a reference typed into it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.kit.redact import clean
from cardline.kit.reference import SYMBOLS, show_reference
from cardline.routing.commands import start_message

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
Clients = Callable[..., Client]


def leave(actor: Any, text: str, at: datetime = NOON) -> str:
    began = start_message(by=actor, now=at, need="rewards.balance", text=clean(text), language="en", plan={})
    return str(began["ref"])


def test_nothing_yet_is_said_in_a_sentence(cast: Any, member_client: Clients) -> None:
    assert (
        b"When you contact us, the record appears here." in member_client(cast.maya).get("/contacts").content
    )


def test_the_newest_comes_first_with_its_promise(cast: Any, as_member: Any, member_client: Clients) -> None:
    maya = as_member(cast.maya)
    leave(maya, "The older one")
    leave(maya, "The newer one", NOON + timedelta(hours=1))
    shown = member_client(cast.maya).get("/contacts").content.decode()
    assert shown.index("The newer one") < shown.index("The older one")
    assert "We will answer your message" in shown


def test_nobody_sees_another_s(cast: Any, as_member: Any, member_client: Clients) -> None:
    leave(as_member(cast.maya), "Only mine")
    assert b"Only mine" not in member_client(cast.luis).get("/contacts").content


def test_older_ones_are_on_the_next_page_and_each_is_there_once(
    cast: Any, as_member: Any, member_client: Clients, django_assert_max_num_queries: Any
) -> None:
    maya = as_member(cast.maya)
    refs = [show_reference(leave(maya, f"Wish {n}", NOON + timedelta(minutes=n))) for n in range(23)]
    client = member_client(cast.maya)
    with django_assert_max_num_queries(10):  # two of them ask who of us speaks with her now
        first = client.get("/contacts").content.decode()
    after = first[first.index("?after=") :].partition('"')[0]
    second = client.get(f"/contacts{after}").content.decode()
    seen = [ref for page in (first, second) for ref in refs if f'id="r-{ref}"' in page]
    assert sorted(seen) == sorted(refs)
    assert "Show older ones" not in second


def test_a_reference_opens_its_case(cast: Any, as_member: Any, member_client: Clients) -> None:
    ref = leave(as_member(cast.maya), "Mine")
    answer = member_client(cast.maya).get("/contacts", {"ref": ref.lower()})
    assert answer["Location"] == f"/contacts/{show_reference(ref)}"


def test_a_wrong_check_character_is_told(cast: Any, as_member: Any, member_client: Clients) -> None:
    ref = leave(as_member(cast.maya), "Mine")
    wrong = ref[:-1] + SYMBOLS[(SYMBOLS.index(ref[-1]) + 1) % len(SYMBOLS)]
    answer = member_client(cast.maya).get("/contacts", {"ref": wrong})
    assert answer.status_code == 422
    assert "Check for 0 and 8." in answer.content.decode()
    assert wrong in answer.content.decode()


@pytest.mark.parametrize("cursor", ["x", "e30", "===", "W10"])
def test_a_cursor_that_is_none_of_ours_is_not_there(cast: Any, member_client: Clients, cursor: str) -> None:
    assert member_client(cast.maya).get("/contacts", {"after": cursor}).status_code == 404


def test_a_guest_finds_their_own_in_the_same_browser(cast: Any) -> None:
    guest = Client()
    guest.post("/chat", {"need": "rewards.balance", "text": "I am no member", "key": "a-key-of-chance"})
    assert b"I am no member" in guest.get("/contacts").content
    assert b"I am no member" not in Client().get("/contacts").content
