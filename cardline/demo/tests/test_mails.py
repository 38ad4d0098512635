"""/demo/mail: what the product sent here, read back from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from cardline.demo.mails import MOST, newest_mails
from cardline.notify.folder import FolderBackend

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_mode")]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def send(
    subject: str, body: str = "Look here:\nhttp://localhost:8000/alerts\n", language: str = "en"
) -> None:
    headers = {"Content-Language": language}
    letter = EmailMessage(subject, body, "alerts@localhost", ["maya@example.com"], headers=headers)
    FolderBackend().send_messages([letter])


def test_the_newest_comes_first_and_its_links_lead_somewhere(folder: Path) -> None:
    send("First")
    send("Después, señora", language="es")
    shown = Client().get("/demo/mail").content.decode()
    assert shown.index("Después, señora") < shown.index("First")
    assert 'href="http://localhost:8000/alerts"' in shown and "To maya@example.com" in shown
    assert 'lang="es">Después' in shown


def test_what_a_mail_holds_is_shown_as_text(folder: Path) -> None:  # SR-42
    send("<script>alert(1)</script>", "<b>bold</b>\n")
    shown = Client().get("/demo/mail").content.decode()
    assert "<script>alert" not in shown and "<b>bold" not in shown


def test_an_empty_folder_or_none_says_how_there_will_be_one(folder: Path) -> None:
    for _ in range(2):
        assert "No email yet." in Client().get("/demo/mail").content.decode()
        folder.mkdir(exist_ok=True)
        (folder / ".half-a-mail.eml").write_bytes(b"Subject: half")


def test_only_so_many_are_opened(folder: Path) -> None:
    for number in range(MOST + 2):
        send(f"Mail {number}")
    found = newest_mails(folder)
    assert len(found) == MOST and found[0].subject == f"Mail {MOST + 1}"
