"""The page on which a supervisor decides about a file that was held back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.audit.models import View
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.desk.tests.conftest import Chat
from cardline.files.commands import add_file, hold_back_file, take_up_check
from cardline.files.models import StoredFile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean

Client = Any
TOKEN = "0123456789abcdef" * 2

pytestmark = pytest.mark.django_db


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


@pytest.fixture
def held(chat: Chat, maya: Actor) -> Callable[[str], StoredFile]:
    """held("harmful"): Maya's file, held back for that."""

    def hold(why: str) -> StoredFile:
        now = clock.now()
        what: dict[str, Any] = {"case_id": chat.case_id, "sha256": "0" * 64, "size_bytes": 9, "kind": "txt"}
        pk = add_file(by=maya, now=now, token=TOKEN, name=clean("receipt.txt"), **what)
        lease = take_up_check(by=SYSTEM, now=now, file_id=pk)
        hold_back_file(by=SYSTEM, now=now, file_id=pk, lease=lease, why=why, scanner="clamd")
        return StoredFile.objects.get(pk=pk)

    return hold


@pytest.fixture
def boss(cast: Any, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.ines)


@pytest.fixture
def agent(cast: Any, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.dana)


PAGE = f"/desk/files/{TOKEN}/held"


def test_a_supervisor_is_led_there_from_the_case_and_an_agent_is_not(
    chat: Chat, held: Callable[[str], StoredFile], boss: Client, agent: Client
) -> None:
    held("card_number")
    assert f'href="{PAGE}"' in boss.get(chat.page).content.decode()
    assert PAGE not in agent.get(chat.page).content.decode()
    assert agent.get(PAGE).status_code == 403
    assert agent.post(f"{PAGE}/release", {"why": "It is fine", "key": "form-key-0001"}).status_code == 403


def test_it_says_what_was_found_and_offers_what_is_right_for_it(
    held: Callable[[str], StoredFile], boss: Client
) -> None:
    held("card_number")
    page = read(boss.get(PAGE))
    for words in (
        "receipt.txt",
        "Maya Okafor",
        "a card number or a code in it",
        "our search for card numbers",
    ):
        assert words in page, words
    assert "Let it go" in page and "Delete it for good" in page and "checked again" not in page
    assert View.objects.get().page == "case"  # she looked at something of Maya's


def test_what_a_scanner_found_cannot_be_let_go(held: Callable[[str], StoredFile], boss: Client) -> None:
    held("harmful")
    page = read(boss.get(PAGE))
    assert "the virus scanner" in page and "Have it checked again" in page and "Let it go" not in page
    assert boss.post(f"{PAGE}/release", {"why": "It is fine", "key": "form-key-0001"}).status_code == 409


@pytest.mark.parametrize(
    ("why", "what", "state"),
    [
        ("card_number", "release", "clean"),
        ("harmful", "check", "waiting"),
        ("harmful", "deletion", "deleted"),
    ],
)
def test_a_decision_leads_back_to_the_case_where_it_stands(
    chat: Chat, held: Callable[[str], StoredFile], boss: Client, why: str, what: str, state: str
) -> None:
    file = held(why)
    said = {"why": "She told us: 3782 822463 10005", "key": "form-key-0001"}
    answer = boss.post(f"{PAGE}/{what}", said)
    assert answer["Location"] == f"{chat.page}#files-here"
    file.refresh_from_db()
    assert file.state == state and file.decided_by_name == "Ines Galvão"
    assert "822463" not in file.decided_why and file.decided_why.startswith("She told us:")
    assert boss.get(PAGE)["Location"] == f"{chat.page}#files-here"  # there is nothing to decide
    if state != "waiting":
        assert "Ines Galvão: She told us" in read(boss.get(chat.page))


def test_without_a_reason_it_comes_back(held: Callable[[str], StoredFile], boss: Client) -> None:
    file = held("card_number")
    answer = boss.post(f"{PAGE}/deletion", {"why": "  ", "key": "form-key-0001"})
    assert answer.status_code == 422 and "Say why, in a few words." in read(answer)
    long = boss.post(f"{PAGE}/deletion", {"why": "x" * 401, "key": "form-key-0002"})
    assert long.status_code == 422 and "x" * 401 in long.content.decode()
    file.refresh_from_db()
    assert file.state == "quarantined"


def test_in_a_closed_case_it_takes_a_reason_to_look(
    chat: Chat, held: Callable[[str], StoredFile], boss: Client
) -> None:  # SR-25
    held("card_number")
    days_ago = clock.now() - timedelta(days=2)
    Contact.objects.update(state="ended", ended_at=days_ago)
    Case.objects.filter(pk=chat.case_id).update(state="closed", closed_at=days_ago)
    page = read(boss.get(PAGE))
    assert "Why do you need to read this?" in page and "receipt.txt" not in page


def test_strangers_find_no_page(
    held: Callable[[str], StoredFile], cast: Any, member_client: Callable[..., Client], client: Client
) -> None:  # SR-22
    held("card_number")
    assert member_client(cast.maya).get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302
    assert member_client(cast.maya).post(f"{PAGE}/deletion", {"why": "x"}).status_code in (401, 404)
