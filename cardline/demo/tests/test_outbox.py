"""/demo/outbox: what the product sent here by every door, read back from its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from cardline.conftest import NOON
from cardline.demo.mails import MOST, newest_mails
from cardline.issuer.embedded.tests.house import in_command
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.notify.folder import FolderBackend
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.tests.conftest import new_case
from cardline.notify.letters.tests.samples import facts_of
from cardline.notify.models import Outgoing
from cardline.notify.outgoing import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_mode")]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def mail_it(
    subject: str, body: str = "Look here:\nhttp://localhost:8000/alerts\n", language: str = "en"
) -> None:
    headers = {"Content-Language": language}
    letter = EmailMessage(subject, body, "alerts@localhost", ["maya@example.com"], headers=headers)
    FolderBackend().send_messages([letter])


def test_the_newest_comes_first_and_its_links_lead_somewhere(folder: Path) -> None:
    mail_it("First")
    mail_it("Después, señora", language="es")
    shown = Client().get("/demo/outbox").content.decode()
    assert shown.index("Después, señora") < shown.index("First")
    assert 'href="http://localhost:8000/alerts"' in shown and "To maya@example.com" in shown
    assert '<p lang="es"><b>Después' in shown


def test_what_a_mail_holds_is_shown_as_text(folder: Path) -> None:  # SR-42
    mail_it("<script>alert(1)</script>", "<b>bold</b>\n")
    shown = Client().get("/demo/outbox").content.decode()
    assert "<script>alert" not in shown and "<b>bold" not in shown


def test_an_empty_folder_or_none_says_how_there_will_be_one(folder: Path) -> None:
    for _ in range(2):
        assert "Nothing yet." in Client().get("/demo/outbox").content.decode()
        folder.mkdir(exist_ok=True)
        (folder / ".half-a-mail.eml").write_bytes(b"Subject: half")


def test_only_so_many_are_opened(folder: Path) -> None:
    for number in range(MOST + 2):
        mail_it(f"Mail {number}")
    found = newest_mails(folder)
    assert len(found) == MOST and found[0].subject == f"Mail {MOST + 1}"


@pytest.fixture
def told(maya: Actor, folder: Path, settings: Any, tmp_path: Path) -> Callable[..., int]:
    """told(template, values, …): Maya is sent that. It stays in the outbox until somebody works through it."""
    settings.CARDLINE_TEXTS = str(tmp_path / "texts")

    def send_it(template: str, values: dict[str, str], **how: Any) -> int:
        return int(
            in_command(
                by=SYSTEM, now=NOON, what=lambda: send(maya.member_id, template, values, now=NOON, **how)
            )
        )

    return send_it


def test_a_code_is_read_here_and_stands_in_no_row(told: Callable[..., int]) -> None:
    code = {"code": "481516", "action": "sign_in"}
    told("code", code, channel="text", to="+12125550142", secret=True)
    work_through_outbox()
    shown = Client().get("/demo/outbox").content.decode()
    assert "481516 is your" in shown and "To +12125550142" in shown and "Maya Okafor" in shown
    assert ">Sent<" in shown and "Text message" in shown and Outgoing.objects.get().values == {}


def test_each_door_has_its_place_on_one_page_and_a_mail_stands_there_once(told: Callable[..., int]) -> None:
    changed = {"kind": "email", "link": "/not-me/abc"}
    told("contact_changed", changed, channel="email", to="maya@example.com", urgent=True)
    told("contact_changed", changed, channel="letter", to="1 Elm St, New York, NY 10001", urgent=True)
    work_through_outbox()
    shown = Client().get("/demo/outbox").content.decode()
    assert shown.count("<article") == 2
    assert "Email · Maya Okafor" in shown and "Letter · Maya Okafor" in shown
    assert "your email address was changed" in shown and "Your email address was changed" in shown
    assert 'href="http://localhost:8000/not-me/abc"' in shown


def test_what_was_not_sent_says_so_and_shows_no_code(told: Callable[..., int]) -> None:
    told("code", {"code": "481516", "action": "sign_in"}, channel="text", to="nobody", secret=True)
    work_through_outbox()
    shown = Client().get("/demo/outbox").content.decode()
    assert "takes no messages" in shown and "has been deleted" in shown and "481516" not in shown


def test_a_letter_is_shown_with_where_it_stands(folder: Path, maya: Actor) -> None:
    member = Member.objects.get(pk=maya.member_id)
    ContactPoint.objects.create(member=member, kind="post", value="1 Elm St, New York, NY 10001", since=NOON)
    case = new_case(member, "7K429QM")
    send_letter(
        by=SYSTEM, now=NOON, member_id=member.pk, case_id=case.pk, kind="lost.summary", law="z",
        facts=facts_of("lost.summary"),
    )  # fmt: skip
    shown = Client().get("/demo/outbox").content.decode()
    assert "Summary of your report" in shown and "To be printed" in shown and "To 1 Elm St" in shown
    assert "Your report has the reference 7K4-29QM." in shown
