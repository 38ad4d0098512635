"""A colleague changes their password: with the old one, and out everywhere afterwards (SR-24, SR-36, SR-44)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cardline.audit.models import AuditEvent
from cardline.staff.models import StaffSession
from cardline.staff.tests.conftest import PASSWORD, Enrolled

NEW = "four lamps under the harbour"
PAGE = "/staff/security/password/"


@pytest.fixture
def inside(client: Client, priya: Enrolled) -> Client:
    priya.sign_in(client)
    return client


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> Any:
    typed = {"oldpassword": old, "password1": new, "password2": new if again is None else again}
    return client.post(PAGE, typed)


def fits(enrolled: Enrolled, password: str) -> bool:
    enrolled.agent.user.refresh_from_db()
    return enrolled.agent.user.check_password(password)


def test_the_new_one_opens_and_the_old_one_no_more(inside: Client, priya: Enrolled) -> None:
    assert 'href="/staff/security/password/"' in inside.get("/staff/security").content.decode()
    answer = change(inside)
    assert answer.headers["Location"] == "/staff/login/?changed=1"
    assert "Your password is changed" in inside.get(answer.headers["Location"]).content.decode()
    again = Client()
    assert priya.give_password(again).status_code == 200
    assert priya.give_password(again, NEW).headers["Location"] == "/staff/login/code/"


def test_whoever_was_signed_in_is_out_everywhere(inside: Client, priya: Enrolled, agent_client: Any) -> None:
    elsewhere = agent_client(priya.agent)
    assert elsewhere.get("/desk").status_code == 200
    change(inside)
    assert inside.get("/desk").status_code == elsewhere.get("/desk").status_code == 302
    assert not StaffSession.objects.filter(agent=priya.agent).exists()


def test_it_is_in_the_log_without_a_word_of_it(inside: Client, priya: Enrolled) -> None:
    change(inside)
    event = AuditEvent.objects.get(name="staff.new_password")
    assert event.about == f"agent:{priya.agent.pk}"
    logged = " ".join(AuditEvent.objects.values_list("detail", flat=True))
    assert NEW not in logged and PASSWORD not in logged


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"old": "not mine at all"}, "That is not your password."),
        ({"again": "four lamps under the bridge"}, "same password each time"),
        ({"new": "short one"}, "at least 12 characters"),
        ({"new": "qwerty123456"}, "too common"),
        ({"new": "priya.raman.priya"}, "too similar"),
        ({"new": PASSWORD}, "That is the one you have."),
    ],
)
def test_what_will_not_do_says_why_and_changes_nothing(
    inside: Client, priya: Enrolled, typed: dict[str, str], says: str
) -> None:
    answer = change(inside, **typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and says in page
    assert not any(value in page for value in typed.values())  # no password comes back on a page
    assert fits(priya, PASSWORD) and inside.get("/desk").status_code == 200


def test_the_old_one_cannot_be_guessed_here(inside: Client, priya: Enrolled) -> None:
    assert {change(inside, old=f"guess {n}").status_code for n in range(5)} == {200}
    assert change(inside).status_code == 429
    assert fits(priya, PASSWORD)


def test_whoever_has_none_changes_none(cast: Any, agent_client: Any) -> None:
    """They sign in by passkey alone."""
    browser = agent_client(cast.dana)
    assert browser.get(PAGE).headers["Location"] == "/staff/security"
    assert PAGE not in browser.get("/staff/security").content.decode()


def test_it_is_no_page_for_anybody_else(client: Client, cast: Any, member_client: Any) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/staff/login/")
    assert member_client(cast.maya).get(PAGE).status_code == 404
