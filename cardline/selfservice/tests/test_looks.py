"""A member reads who of us looked at their data, and nothing of anybody else (SR-25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cardline.audit.commands import note_looks, watch_member
from cardline.audit.models import View
from cardline.audit.rules import Look, Why
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.redact import clean

Client = Any
THIRD_OF_MARCH = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    return as_member(cast.maya)


@pytest.fixture
def dana(cast: Any, as_agent: Any) -> Actor:
    return as_agent(cast.dana)


@pytest.fixture
def browser(cast: Any, member_client: Callable[..., Client]) -> Client:
    return member_client(cast.maya)


def looked(actor: Actor, member: Any, why: Why = Why.CASE, case: int = 1, **more: Any) -> None:
    note_looks(actor, [Look(member, case, "7K429QM", "case", why, "7K429QM", **more)])


def page_of(browser: Client, **headers: str) -> str:
    return (
        browser.get("/profile/views", headers=headers).content.decode().split("<main")[1].split("</main")[0]
    )


def test_nobody_has_looked(browser: Client) -> None:
    assert "Nobody of us has looked at your data." in page_of(browser)


def test_it_is_linked_from_the_profile(browser: Client) -> None:
    assert 'href="/profile/views"' in browser.get("/profile").content.decode()


@pytest.mark.parametrize(
    ("why", "more", "words"),
    [
        (Why.CONTACT, {"channel": "chat", "since": THIRD_OF_MARCH}, "For your chat of Tue, Mar 3"),
        (
            Why.CONTACT,
            {"channel": "secure_message", "since": THIRD_OF_MARCH},
            "For your message of Tue, Mar 3",
        ),
        (Why.CONTACT, {"channel": "self_service", "since": THIRD_OF_MARCH}, "For your request of Tue, Mar 3"),
        (Why.CASE, {}, "For your case 7K4-29QM"),
        (Why.REASON, {"reason": clean("Nosy about her bakery")}, "No case of yours was open."),
    ],
)
def test_a_look_says_who_and_what_for_in_the_members_words(
    browser: Client, dana: Actor, maya: Actor, why: Why, more: dict[str, Any], words: str
) -> None:
    looked(dana, maya.member_id, why, **more)
    page = page_of(browser)
    assert words in page and "Dana, " in page
    for kept_back in ("Whitfield", "Nosy", "bakery"):
        assert kept_back not in page


def test_it_is_said_in_spanish(browser: Client, dana: Actor, maya: Actor) -> None:
    looked(dana, maya.member_id)
    page = page_of(browser, **{"Accept-Language": "es"})
    assert "Quién ha visto mis datos" in page and "Para su caso 7K4-29QM" in page


def test_a_long_conversation_is_one_line_and_a_day_one_heading(
    browser: Client, dana: Actor, maya: Actor
) -> None:
    for case in range(5):
        looked(dana, maya.member_id, case=case)
    View.objects.filter(case_id=4).update(at=clock.machine_now() - timedelta(days=40))
    page = page_of(browser)
    assert page.count("For your case 7K4-29QM") == 2 and page.count('id="day-') == 2


def test_nothing_of_others_and_no_alarm(
    browser: Client, cast: Any, dana: Actor, maya: Actor, as_agent: Any
) -> None:  # SR-20, SR-27
    ines = as_agent(cast.ines)
    watch_member(by=ines, now=clock.now(), member_id=maya.member_id, on=True)
    looked(dana, cast.rosa.pk)
    assert "Nobody of us has looked at your data." in page_of(browser)
    looked(dana, maya.member_id)
    page = page_of(browser)
    assert page.count("Dana, ") == 1
    for kept_back in ("Rosa", "alarm", "unusual", "watched"):
        assert kept_back not in page


def test_what_they_read_themselves_by_another_way_is_no_stranger(browser: Client, maya: Actor) -> None:
    looked(Actor(Kind.API, "3", name="Maya"), maya.member_id, Why.MEMBER)
    assert "Nobody of us has looked" in page_of(browser)
    looked(Actor(Kind.API, "3", name="Bridge"), maya.member_id, Why.API, case=2)
    assert "One of our systems" in page_of(browser) and "Bridge" not in page_of(browser)


def test_older_ones_are_a_page_away(browser: Client, dana: Actor, maya: Actor) -> None:
    looks = [Look(maya.member_id, n, f"7K4{n:04}", "case", Why.CASE, f"7K4{n:04}") for n in range(101)]
    note_looks(dana, looks)
    first = browser.get("/profile/views")
    again = browser.get("/profile/views", {"after": first.context["looks"].next_cursor})
    assert sum(len(day.rows) for day in first.context["looks"].days) == 100
    assert sum(len(day.rows) for day in again.context["looks"].days) == 1
    assert browser.get("/profile/views", {"after": "zz"}).status_code == 404


def test_strangers_get_nothing(
    cast: Any, dana: Actor, maya: Actor, member_client: Callable[..., Client], client: Client
) -> None:  # SR-22
    looked(dana, maya.member_id)
    assert "Dana" not in page_of(member_client(cast.rosa))
    assert client.get("/profile/views").status_code == 401
