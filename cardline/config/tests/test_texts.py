"""How text messages leave the house, and what stops the start; what the doctor says about the doors."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours
from django.core.exceptions import ImproperlyConfigured

from cardline.config import checks
from cardline.config.texts import DEFAULT_URL, text_settings
from cardline.kit import outward
from cardline.notify.doors import can_leave_by, door_for, well
from cardline.notify.doors.sink import TextFolder
from cardline.notify.doors.text import TextProvider
from cardline.notify.doors.well import problems_of_doors

ACCOUNT, SENDER, KEY = "AC" + "0" * 32, "+12125550100", "hush-hush"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    file.chmod(0o600)
    return file


def test_without_an_account_texts_become_files() -> None:
    assert text_settings("", "", "", "").account == ""


@pytest.mark.parametrize("sender", [SENDER, "MG" + "1" * 32])
def test_with_one_the_provider_is_asked(key_file: Path, sender: str) -> None:
    found = text_settings("", ACCOUNT, str(key_file), sender)
    assert (found.url, found.key, found.sender) == (DEFAULT_URL, KEY, sender) and KEY not in repr(found)


@pytest.mark.parametrize(
    ("url", "account", "sender", "names"),
    [
        ("", "", SENDER, "CARDLINE_TEXT_ACCOUNT"),
        ("", "AC12", SENDER, "CARDLINE_TEXT_ACCOUNT"),
        ("", ACCOUNT, "", "CARDLINE_TEXT_FROM"),
        ("", ACCOUNT, "Issuer", "CARDLINE_TEXT_FROM"),
        ("", ACCOUNT, f"{SENDER}\r\nX: y", "CARDLINE_TEXT_FROM"),
        ("http://texts.example", ACCOUNT, SENDER, "CARDLINE_TEXT_URL"),
        ("https://texts.example/api", ACCOUNT, SENDER, "CARDLINE_TEXT_URL"),
        ("http://127.0.0.1:8000", ACCOUNT, SENDER, "CARDLINE_TEXT_URL"),
    ],
)
def test_a_mistake_names_its_variable(
    key_file: Path, url: str, account: str, sender: str, names: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=names) as problem:
        text_settings(url, account, str(key_file), sender)
    assert KEY not in str(problem.value)


@pytest.mark.parametrize("content", [None, "", "two words", "kéy"])
def test_a_file_without_a_key_stops_the_start(key_file: Path, content: str | None) -> None:
    key_file.unlink() if content is None else key_file.write_text(content)
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_TEXT_KEY_FILE"):
        text_settings("", ACCOUNT, str(key_file), SENDER)


def test_a_key_others_can_read_stops_the_start(key_file: Path) -> None:
    key_file.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_TEXT_KEY_FILE: others can read key; chmod 600"):
        text_settings("", ACCOUNT, str(key_file), SENDER)


@pytest.fixture
def set_up(settings: Any) -> None:
    settings.CARDLINE_TEXT_URL, settings.CARDLINE_TEXT_ACCOUNT = "https://texts.example", ACCOUNT
    settings.CARDLINE_TEXT_KEY, settings.CARDLINE_TEXT_FROM = KEY, SENDER


def test_the_door_is_the_one_that_was_set_up(settings: Any, set_up: None) -> None:
    assert isinstance(door_for("text"), TextProvider)
    assert can_leave_by("text")
    settings.CARDLINE_TEXT_ACCOUNT = ""
    assert isinstance(door_for("text"), TextFolder)


def test_a_folder_brings_a_code_to_nobody_but_in_a_demo(settings: Any) -> None:
    assert not can_leave_by("text") and not can_leave_by("email") and can_leave_by("letter")
    settings.CARDLINE_MAIL_URL = "smtp://mail.issuer.example"
    assert can_leave_by("email")
    settings.CARDLINE_DEMO, settings.CARDLINE_MAIL_URL = True, ""
    assert can_leave_by("text") and can_leave_by("email")


# ----------------------------------------------------------------------------------------------- the doctor


def test_doors_nobody_set_up_are_no_problem() -> None:
    assert problems_of_doors() == []


@pytest.mark.usefixtures("set_up")
def test_a_provider_in_our_own_network_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def leads_to(address: str) -> Any:
        return lambda *args, **more: [(2, 1, 6, "", (address, 443))]

    monkeypatch.setattr(outward.socket, "getaddrinfo", leads_to("10.0.0.7"))
    assert "network that is not public. Check CARDLINE_TEXT_URL." in problems_of_doors()[0]
    monkeypatch.setattr(outward.socket, "getaddrinfo", leads_to("8.8.8.8"))
    assert problems_of_doors() == []


def test_letters_that_cannot_be_made_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(well, "can_make_paper", lambda: False)
    found = problems_of_doors()
    assert len(found) == 1 and "bin/setup" in found[0]


def test_a_text_that_cannot_be_used_stops_the_start(settings: Any, tmp_path: Path) -> None:
    tree = ours.CARDLINE_PROFILE_DIR
    copy = tmp_path / tree.name
    assert checks.messages_can_be_sent(None) == []
    settings.CARDLINE_PROFILE_DIR = copy
    assert checks.messages_can_be_sent(None) == []  # no profile at all: said elsewhere
    shutil.copytree(tree, copy)
    (copy / "messages").mkdir()
    (copy / "messages" / "code.toml").write_text('[en]\ntext = "Hello"\n')
    found = checks.messages_can_be_sent(None)
    assert {one.id for one in found} == {"cardline.E004"} and "leaves out {code}" in found[-1].msg
