"""Acting for another on the pages: chosen, shown on every page, ended at the next one; refusals name the capacity."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cardline.cases.models import Case
from cardline.conftest import new_member
from cardline.identity.models import User
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.members.authorities.commands import revoke_authority
from cardline.members.authorities.tests.scene import record
from cardline.members.models import Member
from cardline.members.restrictions.tests.scene import place

pytestmark = pytest.mark.django_db
BACKEND = "cardline.identity.backend.SignInBackend"


@pytest.fixture
def ruth(maya: Actor) -> Actor:
    return new_member("Ruth", "Adeyemi")


@pytest.fixture
def browser(ruth: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(member=ruth.person_id), backend=BACKEND)
    return client


@pytest.fixture
def at() -> datetime:
    return clock.now()


def act(browser: Client, for_whom: Actor, kind: str) -> Any:
    return browser.post("/acting", {"for": f"{for_whom.person_id}:{kind}"})


def page(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_one_chooses_for_whom_and_every_page_says_so_until_one_stops(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(ruth, maya, "guardian", at)
    assert "Maya Okafor, as guardian" in page(browser, "/acting")
    assert act(browser, maya, "guardian").url == "/home"
    for path in ("/", "/contact", "/contacts", "/alerts", "/acting", "/verify-us"):
        assert "You are acting for <b>Maya Okafor</b>, as guardian." in page(browser, path)
    assert browser.post("/acting", {"for": ""}).status_code == 302
    assert "You are acting for" not in page(browser, "/contacts")


def test_home_leads_to_nothing_that_is_the_members_alone(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    own = page(browser, "/home")
    assert 'href="/profile"' in own and "Add a passkey" in own
    record(ruth, maya, "attorney", at)
    act(browser, maya, "attorney")
    theirs = page(browser, "/home")
    assert "For Maya Okafor" in theirs
    assert 'href="/profile"' not in theirs and "Add a passkey" not in theirs


def test_nobody_is_chosen_whom_one_may_not_act_for(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(ruth, maya, "executor", at)
    for word in (
        f"{maya.person_id}:executor",
        f"{maya.person_id}:guardian",
        f"{2**40}:guardian",
        "x",
        ":",
        "1:",
        "9" * 30,
    ):
        answer = browser.post("/acting", {"for": word})
        assert (answer.status_code, "You are acting" in page(browser, "/")) == (
            302 if word == ":" else 404,
            False,
        )
    assert "Nobody gave you authority" in page(browser, "/acting")


def test_a_visitor_and_a_colleague_act_for_nobody(sam: Actor) -> None:
    assert Client().get("/acting").status_code == 401
    assert Client().post("/acting", {"for": ""}).status_code == 401


def test_whoever_may_be_acted_for_sees_by_whom(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(maya, ruth, "account_manager_limited", at)
    shown = page(browser, "/acting")
    assert "<b>Maya Okafor</b> · limited account manager" in shown
    assert "May: pay, dispute, replace cards." in shown


def test_an_authority_that_is_revoked_ends_with_the_next_page_which_says_so(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    pk = record(ruth, maya, "guardian", at)
    act(browser, maya, "guardian")
    revoke_authority(by=SYSTEM, now=at, authority_id=pk, why=clean("Over"))
    for _ in range(2):
        assert "You no longer act for <b>Maya Okafor</b>. These are your own pages." in page(
            browser, "/contacts"
        )
    browser.post("/acting", {"for": ""})
    assert "no longer act" not in page(browser, "/contacts")


def test_what_is_sent_after_the_end_is_done_for_nobody_and_said_once(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(ruth, maya, "power_of_attorney", at)
    act(browser, maya, "power_of_attorney")
    place(maya, "deceased", at)
    sent = {"need": "payment.make", "text": "Pay it, please"}
    refused = browser.post("/messages", sent)
    assert refused.status_code == 403
    assert (
        "You can’t act for Maya Okafor as power of attorney now. Nothing was done."
        in refused.content.decode()
    )
    assert "Pay it, please" in refused.content.decode()  # nothing typed is lost
    assert not Case.objects.exists()
    assert browser.post("/messages", sent).status_code == 302
    assert Case.objects.get().member_id == ruth.person_id  # knowingly, for oneself


def test_a_form_of_a_page_that_was_for_another_is_worth_nothing(
    ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(ruth, maya, "guardian", at)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(member=ruth.person_id), backend=BACKEND)
    record(ruth, maya, "attorney", at)
    browser.get("/acting")
    before = browser.cookies[settings.CSRF_COOKIE_NAME].value
    browser.post("/acting", {"for": f"{maya.person_id}:guardian", "csrfmiddlewaretoken": before})
    assert browser.post("/messages", {"text": "Hello", "csrfmiddlewaretoken": before}).status_code == 403
    after = browser.cookies[settings.CSRF_COOKIE_NAME].value
    assert after != before
    assert browser.post("/acting", {"for": "", "csrfmiddlewaretoken": after}).status_code == 302


def test_without_sight_nothing_of_theirs_is_shown_and_the_refusal_says_why(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(ruth, maya, "account_manager_limited", at)
    browser.post("/messages", {"need": "payment.make", "text": "My own question"})
    act(browser, maya, "account_manager_limited")
    for path in ("/transactions", "/statements", "/cards", "/autopay", "/rewards", "/alerts"):
        refused = browser.get(path)
        assert refused.status_code in (403, 404), path
        if refused.status_code == 403:
            assert "that does not include seeing balances, charges and statements" in refused.content.decode()
    for path in (
        "/",
        "/home",
        "/payments",
        "/contact",
        "/get-help",
        "/get-help/payment.make",
        "/benefits",
        "/contacts",
        "/verify-us",
    ):
        assert browser.get(path, follow=True).status_code == 200, path


def test_without_sight_one_sees_the_conversation_one_began_and_no_other(
    browser: Client, ruth: Actor, maya: Actor, at: datetime
) -> None:
    record(ruth, maya, "account_manager_limited", at)
    hers = Client()
    hers.force_login(User.objects.get(member=maya.person_id), backend=BACKEND)
    hers.post("/messages", {"need": "payment.make", "text": "Maya’s own words"})
    private = Case.objects.get()
    act(browser, maya, "account_manager_limited")
    begun = browser.post("/messages", {"need": "payment.make", "text": "Ruth asks for Maya"})
    case = Case.objects.exclude(pk=private.pk).get()
    assert case.member_id == maya.person_id
    shown = browser.get(begun.headers["Location"], follow=True)
    assert shown.status_code == 200 and "Ruth asks for Maya" in shown.content.decode()
    assert browser.get(f"/contacts/{private.ref}").status_code == 404
    assert browser.post(f"/chat/{private.ref}-1/messages", {"text": "Let me in"}).status_code == 404
    assert private.ref[:3] not in page(browser, "/contacts")
    # Maya sees both, and who wrote the one.
    told = page(hers, f"/chat/{case.ref}-1")
    assert "Ruth Adeyemi (limited account manager, for Maya Okafor)" in told


def test_what_is_for_oneself_alone_says_so(browser: Client, ruth: Actor, maya: Actor, at: datetime) -> None:
    record(ruth, maya, "guardian", at)
    act(browser, maya, "guardian")
    changed = browser.post("/profile", {"change": "name", "name": "Mae"})
    for refused in (changed, browser.get("/profile"), browser.get("/profile/views")):
        assert refused.status_code == 403
        assert "This is for Maya Okafor alone" in refused.content.decode()
    assert Member.objects.get(pk=maya.person_id).preferred_name == ""


def test_signing_out_ends_it(browser: Client, ruth: Actor, maya: Actor, at: datetime) -> None:
    record(ruth, maya, "guardian", at, until=at + timedelta(days=1))
    act(browser, maya, "guardian")
    browser.post("/sign-out")
    browser.force_login(User.objects.get(member=ruth.person_id), backend=BACKEND)
    assert "You are acting for" not in page(browser, "/")


def test_forms_of_open_pages_are_worth_nothing_once_it_ended(ruth: Actor, maya: Actor, at: datetime) -> None:
    pk = record(ruth, maya, "guardian", at)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(member=ruth.person_id), backend=BACKEND)
    browser.get("/profile")
    token = {"csrfmiddlewaretoken": browser.cookies[settings.CSRF_COOKIE_NAME].value}
    browser.post("/acting", {"for": f"{maya.person_id}:guardian", **token})
    browser.get("/alerts")
    before = browser.cookies[settings.CSRF_COOKIE_NAME].value
    revoke_authority(by=SYSTEM, now=at, authority_id=pk, why=clean("Over"))
    browser.get("/acting")
    assert browser.cookies[settings.CSRF_COOKIE_NAME].value != before
    sent = {"need": "payment.make", "text": "Hello", "csrfmiddlewaretoken": before}
    assert browser.post("/messages", sent).status_code == 403
    assert not Case.objects.exists()
