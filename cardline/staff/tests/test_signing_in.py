"""Password and second factor, and what everybody is told who has not both (SR-34, SR-36, SR-44)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from cardline.audit.models import AuditEvent
from cardline.kit import clock
from cardline.staff.models import Presence, StaffSession
from cardline.staff.queries import presence_for
from cardline.staff.tests.conftest import PASSWORD, Enrolled, code_now, with_password

Captured = Any


def is_inside(client: Client) -> bool:
    return client.get("/staff/security").status_code == 200


def test_password_and_code_open_the_desk(client: Client, priya: Enrolled) -> None:
    asked = client.get("/desk")
    assert asked.headers["Location"] == "/staff/login/?next=/desk"
    assert priya.give_password(client, next="/desk/promises").headers["Location"] == "/staff/login/code/"
    assert priya.give_code(client).headers["Location"] == "/desk/promises"
    assert client.get("/desk").status_code == 200


def test_a_password_alone_opens_nothing(client: Client, priya: Enrolled) -> None:
    priya.give_password(client)
    assert client.get("/desk").headers["Location"].startswith("/staff/login/")
    assert not is_inside(client) and not StaffSession.objects.exists()


def test_a_wrong_code_opens_nothing(client: Client, priya: Enrolled) -> None:
    priya.give_password(client)
    wrong = f"{(int(priya.code()) + 1) % 1_000_000:06}"
    answer = priya.give_code(client, wrong)
    assert answer.status_code == 200 and "Wait for the next one" in answer.content.decode()
    assert not is_inside(client)


def test_a_code_is_taken_once(client: Client, priya: Enrolled) -> None:
    code = priya.code()
    priya.give_password(client)
    priya.give_code(client, code)
    other = Client()
    priya.give_password(other)
    assert priya.give_code(other, code).status_code == 200
    assert is_inside(client) and not is_inside(other)


def test_a_recovery_code_stands_in_once(client: Client, priya: Enrolled) -> None:
    code = priya.recovery_codes()[0]
    priya.give_password(client)
    assert priya.give_code(client, code).status_code == 302
    assert is_inside(client)
    other = Client()
    priya.give_password(other)
    assert priya.give_code(other, code).status_code == 200


def test_the_session_is_another_one_after_signing_in(client: Client, priya: Enrolled) -> None:
    priya.give_password(client)
    before = client.session.session_key
    priya.give_code(client)
    assert client.session.session_key != before


def answer_to(username: str, password: str) -> tuple[int, str]:
    """Status and page, without what differs in every answer."""
    answer = Client().post("/staff/login/", {"login": username, "password": password})
    page = re.sub(r'(name="csrfmiddlewaretoken"|nonce=|name="login") ?[^>]*', "", answer.content.decode())
    return answer.status_code, page


def test_an_unknown_name_a_wrong_password_and_a_member_are_answered_alike(priya: Enrolled, cast: Any) -> None:
    with_password(cast.maya.user)
    with_password(cast.jonah.user)
    cast.jonah.active = False
    cast.jonah.save(update_fields=["active"])
    wrong = answer_to(priya.username, "not this one")
    assert wrong[0] == 200 and "belong together" in wrong[1]
    assert answer_to("nobody.known", PASSWORD) == wrong
    assert answer_to(cast.maya.user.username, PASSWORD) == wrong
    assert answer_to(cast.jonah.user.username, PASSWORD) == wrong


def test_every_failure_costs_one_hashing(priya: Enrolled, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time tells as little as words do."""
    with_password(cast.maya.user)
    whole, hashed = MD5PasswordHasher.encode, []

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return whole(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    tries = [
        (priya.username, "wrong"),
        ("nobody.known", "unknown"),
        (cast.maya.user.username, PASSWORD),
        (cast.luis.user.username, "has none"),
    ]
    for username, password in tries:
        answer_to(username, password)
    assert len(hashed) == len(tries)


@pytest.mark.parametrize("username", ["priya.raman", "nobody.known"])
def test_after_five_wrong_passwords_even_the_right_one_waits(priya: Enrolled, username: str) -> None:
    for _ in range(5):
        assert answer_to(username, "wrong")[0] == 200
    answer = Client().post("/staff/login/", {"login": username, "password": PASSWORD})
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "1800"
    assert "half an hour" in answer.content.decode()


def test_the_right_password_of_a_member_counts_as_wrong(priya: Enrolled, cast: Any) -> None:
    with_password(cast.maya.user)
    answers = [answer_to(cast.maya.user.username, PASSWORD)[0] for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_after_five_wrong_codes_the_right_one_waits(client: Client, priya: Enrolled) -> None:
    priya.give_password(client)
    for _ in range(5):
        assert priya.give_code(client, "000 000").status_code == 200
    answer = priya.give_code(client)
    assert answer.status_code == 429 and "Retry-After" in answer.headers
    assert not is_inside(client)


def test_too_many_tries_from_one_address_are_refused(priya: Enrolled) -> None:
    answers = [answer_to(f"nobody.{n}", "wrong")[0] for n in range(31)]
    assert answers == [200] * 30 + [429]


def test_somebody_without_second_factor_sets_one_up_first(
    client: Client, cast: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    with_password(cast.priya.user)
    client.post("/staff/login/", {"login": "priya.raman", "password": PASSWORD})
    for page in ("/desk", "/staff/security", "/floor"):
        assert client.get(page).headers["Location"] == "/staff/enrol"
    assert client.get("/staff/enrol").status_code == 200
    client.get("/staff/security/app/")
    secret = client.session["mfa.totp.secret"]
    code = code_now(secret)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/staff/security/app/", {"code": code})
    assert done.headers["Location"] == "/staff/security/codes/"
    shown = client.get("/staff/security/codes/").content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", shown)) == 10
    assert "<code>" not in client.get("/staff/security/codes/").content.decode()
    assert client.get("/desk").status_code == 200


def test_with_a_second_factor_nobody_enrols_another_by_password_alone(
    client: Client, priya: Enrolled
) -> None:
    priya.give_password(client)
    for page in (
        "/staff/enrol",
        "/staff/security/app/",
        "/staff/security/passkeys/",
        "/staff/security/codes/",
    ):
        assert client.get(page).headers["Location"].startswith("/staff/login/")


def test_a_member_is_offered_no_second_factor(member_client: Any, cast: Any) -> None:
    client = member_client(cast.maya)
    for page in ("/staff/enrol", "/staff/security", "/staff/security/app/", "/staff/people", "/desk"):
        assert client.get(page).status_code == 404
    assert not Authenticator.objects.exists()


def test_signing_in_leaves_one_away_until_they_say_otherwise(client: Client, priya: Enrolled) -> None:
    at = clock.machine_now()
    Presence.objects.create(agent=priya.agent, state="available", since=at, seen_at=at)
    priya.sign_in(client)
    assert presence_for(priya.agent.pk) == "away"


def test_signing_out_takes_a_post_and_leaves_one_away(
    client: Client, priya: Enrolled, django_capture_on_commit_callbacks: Captured
) -> None:
    priya.sign_in(client)
    assert client.get("/staff/logout/").status_code == 405 and is_inside(client)
    Presence.objects.filter(agent=priya.agent).update(state="available")
    assert client.post("/staff/logout/").headers["Location"] == "/staff/login/"
    assert not is_inside(client) and not StaffSession.objects.exists()
    assert presence_for(priya.agent.pk) == "away"


def test_coming_going_and_changing_a_factor_stand_in_the_log(
    client: Client, priya: Enrolled, django_capture_on_commit_callbacks: Captured
) -> None:
    priya.recovery_codes()
    priya.sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/staff/security/codes/new/")
    client.post("/staff/logout/")
    written = list(AuditEvent.objects.order_by("id").values_list("name", flat=True))
    assert [name for name in written if name.startswith("staff.")] == [
        "staff.sign_in",
        "staff.second_factor",
        "staff.sign_out",
    ]


@pytest.mark.parametrize(
    "page", ["signup", "email", "password/reset", "password/change", "login/code/confirm"]
)
def test_what_the_library_also_offers_is_not_there(client: Client, db: None, page: str) -> None:
    assert client.get(f"/staff/{page}/").status_code == 404


def test_the_demos_one_press_counts_in_demo_mode_only(client: Client, cast: Any, settings: Any) -> None:
    for demo, inside in ((False, False), (True, True)):
        settings.CARDLINE_DEMO = demo
        session = client.session
        session["demo_signin"] = True
        session.save()
        client.force_login(cast.dana.user)
        assert is_inside(client) is inside
