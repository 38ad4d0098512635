"""What a mail says: that there is news, where to look, how to end it, in the member's language. Nothing of the news."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from cardline.issuer.core import AlertEvent
from cardline.issuer.embedded import notices
from cardline.issuer.embedded.tests.house import NOW, inside
from cardline.members.models import Member
from cardline.notify.folder import FolderBackend
from cardline.notify.mail import letter_to
from cardline.notify.models import Delivery
from cardline.notify.tests.conftest import ADDRESS, Alerts

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(alerts: Alerts, settings: Any) -> EmailMessage:
    settings.CARDLINE_SITE = "https://help.issuer.example"
    settings.DEFAULT_FROM_EMAIL = "Issuer <alerts@issuer.example>"
    alerts.want(AlertEvent.DECLINED)
    inside(
        notices.tell,
        alerts.house.account_row,
        AlertEvent.DECLINED,
        about="aut_1",
        at=NOW,
        merchant="Alder Pharmacy",
        amount_minor=48_20,
    )
    return letter_to(alerts.holder.pk, [Delivery.objects.get().pk])


def test_it_holds_no_fact_of_the_account(letter: EmailMessage, alerts: Alerts) -> None:  # SR-61
    whole = letter.message().as_string()
    for fact in (
        "Alder",
        "Pharmacy",
        "48.20",
        "declin",
        "4471",
        "Maya",
        "Everyday",
        alerts.house.account,
        "aut_1",
    ):
        assert fact.lower() not in whole.lower().replace(ADDRESS, "")
    assert not re.search(r"\d", str(letter.subject))


def test_it_says_where_to_look_and_how_to_end_it(letter: EmailMessage) -> None:
    assert letter.subject == "American Express: there is news for you"
    assert "https://help.issuer.example/alerts#latest\n" in letter.body
    assert "You change or end them on the same page." in letter.body
    assert "Unofficial sample." in letter.body
    assert (letter.to, letter.from_email) == ([ADDRESS], "Issuer <alerts@issuer.example>")


def test_it_speaks_the_members_language(letter: EmailMessage, alerts: Alerts) -> None:
    Member.objects.update(language="es")
    spanish = letter_to(alerts.holder.pk, [Delivery.objects.get().pk])
    assert spanish.subject == "American Express: hay novedades para usted"
    assert "https://help.issuer.example/alerts#latest\n" in spanish.body and "news" not in spanish.body
    assert spanish.extra_headers["Content-Language"] == "es"


def test_no_machine_answers_it_and_its_name_tells_no_count(letter: EmailMessage) -> None:  # SR-60
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@issuer\.example>", letter.extra_headers["Message-ID"])


def test_without_a_server_it_becomes_a_file_of_its_owner(
    letter: EmailMessage, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    assert FolderBackend().send_messages([letter, letter]) == 2
    files = sorted((tmp_path / "mail").iterdir())
    assert len(files) == 2
    for file in files:
        assert file.suffix == ".eml" and file.stat().st_mode & 0o777 == 0o600
        assert b"Subject: American Express: there is news for you" in file.read_bytes()
