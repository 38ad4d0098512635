"""What came for a case another way, a letter's scan for one, is added to it by a colleague. Source: SR-55, issue 4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cardline.cases.models import Case
from cardline.desk.tests.conftest import Chat
from cardline.files.commands import UPLOADS
from cardline.files.models import StoredFile
from cardline.files.tests import made
from cardline.kit import clock
from cardline.kit.actors import Actor


@pytest.fixture(autouse=True)
def on_a_shelf_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.CARDLINE_FILES_DIR = tmp_path / "files"


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


def letter(name: str = "letter.pdf", data: bytes = made.PDF) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data), "key": "one press of it"}


def test_it_is_the_members_file_and_the_colleagues_doing(
    chat: Chat, cast: Any, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    for _ in range(2):  # a double press is one
        answer = client.post(f"{chat.page}/files", letter())
        assert (answer.status_code, answer["Location"]) == (302, f"{chat.page}#files-here")
    file = StoredFile.objects.get()
    assert (file.member_id, file.case_id, file.given_by) == (cast.maya.pk, chat.case_id, dana.key)
    assert file.state == "waiting"
    assert "letter.pdf" in client.get(chat.page).content.decode()


def test_its_line_says_who_added_it(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], member_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    client.post(f"{chat.page}/files", letter())
    assert "Dana Whitfield added a file" in client.get(chat.page).content.decode()
    own = member_client(cast.maya).get(f"/contacts/{chat.ref}").content.decode()
    assert "We added a file to your case" in own and "letter.pdf" in own


def test_it_comes_back_to_the_page_it_was_added_on_and_to_no_other_site(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    there = client.post(f"{chat.page}/files", {**letter(), "back": "/desk/members/1/authorities", "key": "a"})
    away = client.post(f"{chat.page}/files", {**letter(), "back": "https://elsewhere.example", "key": "b"})
    assert (
        there["Location"] == "/desk/members/1/authorities" and away["Location"] == f"{chat.page}#files-here"
    )


def test_what_we_do_not_take_is_refused_in_words(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    assert client.post(f"{chat.page}/files", letter("run.exe", b"MZ" + bytes(60))).status_code == 422
    assert client.post(f"{chat.page}/files", {"key": "nothing chosen"}).status_code == 422
    assert not StoredFile.objects.exists()


def test_a_closed_case_takes_none_and_offers_none(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    assert f'action="{chat.page}/files"' in client.get(chat.page).content.decode()
    Case.objects.filter(pk=chat.case_id).update(state="closed", closed_at=clock.now())
    assert client.post(f"{chat.page}/files", letter()).status_code == 409
    assert f'action="{chat.page}/files"' not in client.get(chat.page).content.decode()


def test_strangers_to_the_case_add_nothing(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], member_client: Callable[..., Client]
) -> None:
    assert agent_client(cast.priya).post(f"{chat.page}/files", letter()).status_code == 404
    assert member_client(cast.maya).post(f"{chat.page}/files", letter()).status_code == 404
    assert not StoredFile.objects.exists()


def test_a_colleague_who_adds_without_end_is_told_when_to_go_on(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:  # SR-44
    client = agent_client(cast.dana)
    codes = [
        client.post(f"{chat.page}/files", {**letter(), "key": str(n)}).status_code
        for n in range(UPLOADS.most + 1)
    ]
    assert codes[-1] == 429 and set(codes[:-1]) == {302}
