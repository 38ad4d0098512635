"""Is a message or a caller really us? (DOMAIN 8, DESIGN 4)"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cardline.contact.commands import take_contact
from cardline.contact.models import Contact
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.routing.commands import start_chat, start_message
from cardline.trust.commands import begin_call, end_call, make_code
from cardline.trust.models import Code
from cardline.trust.queries import CHECKS, code_numbered, code_of
from cardline.trust.rules import shown

Client = Any


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    return as_member(cast.maya)


@pytest.fixture
def dana(cast: Any, as_agent: Any) -> Actor:
    return as_agent(cast.dana)


@pytest.fixture
def browser(cast: Any, member_client: Callable[..., Client]) -> Client:
    return member_client(cast.maya)


@pytest.fixture
def code(maya: Actor) -> str:
    made = make_code(by=SYSTEM, now=clock.now(), member_id=maya.member_id, kind="message")
    return shown(code_numbered(made))


def check(browser: Client, code: str, **headers: str) -> str:
    answer = browser.post("/verify-us", {"code": code}, headers=headers)
    return answer.content.decode().split("<main")[1].split("</main")[0]


def told(page: str) -> str:
    """Without what differs at every load and what was typed."""
    return re.sub(r'(?:value|name)="[^"]*"', "", page)


def test_a_guest_learns_what_a_code_is_and_nothing_of_whom_it_was_for(client: Client, code: str) -> None:
    page = check(client, code)
    assert "This is ours." in page and "A message of ours, sent " in page and "It is about a case." in page
    for kept_back in ("Maya", "Okafor", "your case", "Not ours"):
        assert kept_back not in page


def test_the_member_it_was_meant_for_reads_that_it_is_theirs(browser: Client, code: str) -> None:
    page = check(browser, code.lower().replace("-", " "))
    assert "This is ours." in page and "It is about your case." in page and "not meant for you" not in page


def test_another_member_is_warned(
    cast: Any, code: str, member_client: Callable[..., Client]
) -> None:  # somebody who calls them has borrowed it
    page = check(member_client(cast.rosa), code)
    assert "But it was not meant for you." in page and "your case" not in page and "Maya" not in page


def test_unknown_and_run_out_are_not_ours_and_look_alike(client: Client, code: str) -> None:  # SR-34
    unknown = check(client, "BBBBB-BBBBB")
    Code.objects.update(until=clock.machine_now())
    assert told(check(client, code)) == told(unknown)
    assert "Not ours. Hang up." in unknown and 'href="tel:' in unknown


@pytest.mark.parametrize("typed", ["", "   ", "HKTRM", "HKTRM-XWQP1", "x" * 400, "<script>alert(1)</script>"])
def test_what_is_no_code_is_said_kindly(client: Client, typed: str) -> None:  # SR-42
    answer = client.post("/verify-us", {"code": typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This is ours" not in page and "<script>alert" not in page


def test_an_address_answers_nothing(client: Client, code: str) -> None:  # SR-41
    page = client.get("/verify-us", {"code": code}).content.decode().split("<main")[1].split("</main")[0]
    assert code not in page and "This is ours." not in page and "Not ours" not in page


def test_nobody_guesses(client: Client, code: str) -> None:  # SR-44
    for _ in range(CHECKS.most):
        assert client.post("/verify-us", {"code": "BBBBB-BBBBB"}).status_code == 200
    answer = client.post("/verify-us", {"code": code})
    assert answer.status_code == 429 and int(answer["Retry-After"]) <= CHECKS.seconds
    assert b"This is ours" not in answer.content


def test_nobody_guesses_from_many_addresses_at_once(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-44
    from cardline.kit.limits import Limit
    from cardline.selfservice.views import verify

    monkeypatch.setattr(verify, "CHECKS_IN_ALL", Limit("verify_checks_in_all", 3, 60))
    for n in range(3):
        client.post("/verify-us", {"code": "BBBBB-BBBBB"}, REMOTE_ADDR=f"192.0.2.{n}")
    assert client.post("/verify-us", {"code": code}, REMOTE_ADDR="192.0.2.9").status_code == 429


def test_whoever_nobody_calls_reads_so(browser: Client, client: Client) -> None:
    assert "We are not calling you." in browser.get("/verify-us").content.decode()
    guests = client.get("/verify-us").content.decode()
    assert "We are not calling you." not in guests and "Sign in" in guests  # we cannot know


def test_a_call_stands_on_their_pages_with_the_code_the_agent_reads(
    browser: Client, cast: Any, maya: Actor, dana: Actor, member_client: Callable[..., Client]
) -> None:  # DOMAIN 8
    begin_call(by=dana, now=clock.now(), case_id=1, member_id=maya.member_id)
    code = shown(code_of(Code.objects.get().salt))
    for address in ("/home", "/contacts", "/verify-us"):
        page = browser.get(address).content.decode()
        assert "Dana from " in page and "is calling you now." in page and code in page, address
        assert "Whitfield" not in page and "We are not calling you" not in page
        assert code not in member_client(cast.rosa).get(address).content.decode()
    assert "A call of ours, begun " in check(browser, code)
    end_call(by=dana, now=clock.now())
    assert "We are not calling you." in browser.get("/verify-us").content.decode()
    assert "Not ours. Hang up." in check(browser, code)
    assert "calling you" not in browser.get("/home").content.decode()


def test_a_live_chat_stands_on_their_pages_while_somebody_is_in_it(
    browser: Client, maya: Actor, dana: Actor
) -> None:
    began = start_chat(
        by=maya, now=clock.now(), need="lost_stolen.report", text=clean("Gone"), language="en", plan={}
    )
    assert "We are not calling you." in browser.get("/verify-us").content.decode()  # nobody has taken it
    take_contact(by=dana, now=clock.now(), contact_id=began["contact_id"])
    for address in ("/home", "/contacts", "/verify-us"):
        page = browser.get(address).content.decode()
        assert "Dana from " in page and "is talking with you now." in page and "/chat/" in page, address
    Contact.objects.update(state="ended", ended_at=clock.now())
    assert "We are not calling you." in browser.get("/verify-us").content.decode()


def test_a_message_that_somebody_answers_later_is_no_talk(browser: Client, maya: Actor, dana: Actor) -> None:
    began = start_message(
        by=maya, now=clock.now(), need="lost_stolen.report", text=clean("Gone"), language="en", plan={}
    )
    take_contact(by=dana, now=clock.now(), contact_id=began["contact_id"])
    assert "We are not calling you." in browser.get("/verify-us").content.decode()


def test_it_is_said_in_spanish(browser: Client, code: str) -> None:
    page = check(browser, code, **{"Accept-Language": "es"})
    assert "Esto es nuestro." in page and "Es sobre su caso." in page
    assert "No es nuestro. Cuelgue." in check(browser, "BBBBB-BBBBB", **{"Accept-Language": "es"})


def test_a_copy_for_times_without_a_line_holds_no_call(browser: Client, maya: Actor, dana: Actor) -> None:
    begin_call(by=dana, now=clock.now(), case_id=1, member_id=maya.member_id)
    page = browser.get("/contacts").content.decode()
    kept = page.split("<!--kept")[1].split("<!--/kept-->")[0]
    assert "calling you" in page and "calling you" not in kept
