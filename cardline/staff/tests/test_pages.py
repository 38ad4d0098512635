"""Every page of sign-in: ours to look at, and nothing in it that the policy would not run (SR-40, SR-41)."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from cardline.staff.tests.conftest import Enrolled

SIGNED_OUT = ["/staff/login/", "/staff/login/?next=/desk&ended=1"]
SIGNED_IN = [
    "/staff/security",
    "/staff/security/passkeys/",
    "/staff/security/codes/new/",
    "/staff/security/codes/",
    "/staff/people",
    "/staff/reauthenticate/",
    "/staff/reauthenticate/code/",
]


class Inline(HTMLParser):
    """Collects scripts, styles and handlers written into a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.titles = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self.titles += tag == "h1"
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]


@pytest.fixture
def inside(client: Client, theo: Enrolled) -> Client:
    theo.recovery_codes()
    theo.sign_in(client)
    return client


def judge(client: Client, path: str) -> str:
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200, path
    assert Inline(page).found == [] and Inline(page).titles == 1, path
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self' 'nonce-" in policy and "style-src 'self'" in policy
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Frame-Options"] == "DENY"
    assert "css/staff.css" in page, f"{path} is not in our frame"
    return page


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_the_sign_in_pages(client: Client, db: None, path: str) -> None:
    judge(client, path)


def test_the_page_that_asks_for_the_second_factor(client: Client, priya: Enrolled) -> None:
    priya.give_password(client)
    assert "passkey-button" not in judge(client, "/staff/login/code/")  # she has none


@pytest.mark.parametrize("path", SIGNED_IN)
def test_the_pages_inside(inside: Client, path: str) -> None:
    judge(inside, path)


def test_changing_a_colleague(inside: Client, cast: Any) -> None:
    judge(inside, f"/staff/people/{cast.dana.pk}")


def test_enrolling(client: Client, cast: Any) -> None:
    client.force_login(cast.dana.user)
    judge(client, "/staff/enrol")


def test_setting_up_an_app_shows_its_secret_as_picture_and_letters(client: Client, cast: Any) -> None:
    session = client.session
    client.force_login(cast.dana.user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 9e12}]
    session["account_authentication_methods_user"] = str(cast.dana.user.pk)
    session.save()
    page = judge(client, "/staff/security/app/")
    assert client.session["mfa.totp.secret"] in page and "data:image/svg+xml" in page


def test_an_only_factor_cannot_be_removed(inside: Client, theo: Enrolled) -> None:
    assert "Remove" not in judge(inside, "/staff/security")
    for send in (inside.get, inside.post):
        assert send("/staff/security/app/removal/").status_code == 409
    assert Authenticator.objects.filter(user=theo.agent.user, type="totp").exists()


def test_one_of_two_can(inside: Client, theo: Enrolled) -> None:
    key = Authenticator.objects.create(
        user=theo.agent.user, type="webauthn", data={"name": "Old laptop", "credential": {}}
    )
    assert "Old laptop" in judge(inside, "/staff/security")
    judge(inside, "/staff/security/app/removal/")
    assert "Old laptop" in judge(inside, f"/staff/security/passkeys/{key.pk}/removal/")
    assert inside.post(f"/staff/security/passkeys/{key.pk}/removal/").headers["Location"] == "/staff/security"
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_the_pages_speak_spanish(client: Client, db: None) -> None:
    page = client.get("/staff/login/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es"' in page
