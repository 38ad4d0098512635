"""How mail leaves the house, where its links lead, and what stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cardline.config.mail import mail_settings
from cardline.config.site import site_address

DATA = Path("/data")
SENDER = "Issuer <alerts@issuer.example>"


def test_without_a_server_mails_become_files_in_the_data_folder() -> None:
    found = mail_settings("", "", DATA)
    assert (found.backend, found.folder) == ("cardline.notify.folder.FolderBackend", "/data/mail")
    assert found.sender == "alerts@localhost"
    assert mail_settings("", SENDER, DATA).sender == SENDER


@pytest.mark.parametrize(
    ("url", "host", "port", "starttls", "tls"),
    [
        ("smtp://mail.issuer.example", "mail.issuer.example", 587, True, False),
        ("smtp://mail.issuer.example:2525", "mail.issuer.example", 2525, True, False),
        ("smtps://mail.issuer.example", "mail.issuer.example", 465, False, True),
        ("smtp://localhost:1025", "localhost", 1025, False, False),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, False, False),
    ],
)
def test_a_server_elsewhere_is_never_spoken_to_in_the_clear(
    url: str, host: str, port: int, starttls: bool, tls: bool
) -> None:
    found = mail_settings(url, SENDER, DATA)
    assert (found.host, found.port, found.starttls, found.tls) == (host, port, starttls, tls)
    assert found.backend == "django.core.mail.backends.smtp.EmailBackend" and not found.folder


def test_name_and_password_may_hold_anything_and_are_not_shown() -> None:
    found = mail_settings("smtp://issuer%40mail:p%2Fq%3As@mail.issuer.example", SENDER, DATA)
    assert (found.user, found.password) == ("issuer@mail", "p/q:s")
    assert "p/q:s" not in repr(found)


@pytest.mark.parametrize(
    ("url", "sender", "variable"),
    [
        ("http://user:hush@mail.issuer.example", SENDER, "CARDLINE_MAIL_URL"),
        ("smtp://user:hush@", SENDER, "CARDLINE_MAIL_URL"),
        ("smtp://user:hush@mail.issuer.example:many", SENDER, "CARDLINE_MAIL_URL"),
        ("smtp://user:hush@mail.issuer.example/path", SENDER, "CARDLINE_MAIL_URL"),
        ("mail.issuer.example", SENDER, "CARDLINE_MAIL_URL"),
        ("smtp://user:hush@mail.issuer.example", "", "CARDLINE_MAIL_FROM"),
        ("", "nobody", "CARDLINE_MAIL_FROM"),
        ("", "a@issuer.example\nBcc: b@issuer.example", "CARDLINE_MAIL_FROM"),
    ],
)
def test_a_mistake_stops_the_start_with_the_name_and_without_the_password(
    url: str, sender: str, variable: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=variable) as stopped:
        mail_settings(url, sender, DATA)
    assert "hush" not in str(stopped.value)


@pytest.mark.parametrize(
    ("hosts", "tls", "address"),
    [
        ("help.issuer.example,www.issuer.example", True, "https://help.issuer.example"),
        ("", False, "http://localhost:8123"),
        ("help.issuer.example", False, "http://localhost:8123"),
        ("", True, "http://localhost:8123"),
    ],
)
def test_links_lead_to_the_first_name_of_the_installation(hosts: str, tls: bool, address: str) -> None:
    assert site_address(hosts, tls=tls, port=8123) == address
