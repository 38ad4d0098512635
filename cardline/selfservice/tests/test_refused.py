"""refused.html: why, what was typed, and a way on, even when the database does not answer."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from cardline.config.requests import refused
from cardline.kit.refusals import NotThere, TooMany, Unavailable
from cardline.ui.signed_in import SignInNeeded


def request(path: str = "/chat", **posted: str):  # type: ignore[no-untyped-def]
    made = RequestFactory().post(path, posted)
    made.id, made.user = "abc123", AnonymousUser()  # type: ignore[attr-defined]
    return made


class Broken:
    """An actor whose every attribute would ask the database."""

    def __getattr__(self, name: str) -> None:
        raise AssertionError("the page asked who is signed in")


def test_it_is_drawn_without_a_database() -> None:
    # No database mark: a query fails this test by itself.
    made = request(text="My words <b>stay</b>")
    made.actor = Broken()
    answer = refused(made, Unavailable())
    shown = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "My words &lt;b&gt;stay&lt;/b&gt;" in shown
    assert "abc123" in shown
    assert "1-800-528-2122" in shown
    assert connection.connection is None or not connection.in_atomic_block


def test_secrets_are_not_shown_again() -> None:
    made = request(text="kept", password="hunter2hunter2", code="123456", csrfmiddlewaretoken="x" * 50)
    shown = refused(made, TooMany()).content.decode()
    assert "kept" in shown
    assert "hunter2" not in shown
    assert "123456" not in shown


def test_not_there_says_nothing_about_why() -> None:
    answer = refused(request(), NotThere())
    assert answer.status_code == 404
    assert "We can’t find that" in answer.content.decode()


def test_an_ended_session_leads_to_signing_in_with_the_text_kept() -> None:
    shown = refused(request(text="do not lose me"), SignInNeeded()).content.decode()
    assert "do not lose me" in shown
    assert "Sign in" in shown
