"""How long a colleague's session lasts, and who ends it (SR-24, SR-37)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cardline.audit.models import AuditEvent
from cardline.identity.queries import actor_of_session
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.news import News, use_publisher
from cardline.kit.refusals import NotThere
from cardline.staff.commands import change_agent, set_presence
from cardline.staff.models import StaffSession
from cardline.staff.queries import presence_for
from cardline.staff.rules import IDLE_AFTER, SESSION_LASTS
from cardline.staff.sessions import begin_session, end_all_sessions, end_session
from cardline.staff.sweeps import end_silent_sessions
from cardline.staff.tests.conftest import enrolled

SECOND = timedelta(seconds=1)


def session_of(client: Client) -> StaffSession:
    actor = actor_behind(client)
    return StaffSession.objects.get(session=actor.session)


def actor_behind(client: Client) -> Actor:
    """Who a page or a socket with this browser's cookie would find."""
    return actor_of_session(int(client.session["_auth_user_id"]), client.session.session_key, "")


def turn_back(row: StaffSession, **by: timedelta) -> None:
    now = clock.machine_now()
    StaffSession.objects.filter(pk=row.pk).update(**{field: now - ago for field, ago in by.items()})


@pytest.fixture
def browser(agent_client: Any, cast: Any) -> Client:
    enrolled(cast.dana)
    found: Client = agent_client(cast.dana)
    return found


def test_a_quiet_quarter_of_an_hour_ends_it(browser: Client) -> None:
    row = session_of(browser)
    turn_back(row, seen_at=IDLE_AFTER - 5 * SECOND)
    assert actor_behind(browser).is_staff
    turn_back(row, seen_at=IDLE_AFTER)
    assert not actor_behind(browser).is_staff
    answer = browser.get("/desk/promises?view=mine")
    assert answer.headers["Location"] == "/staff/login/?next=/desk/promises%3Fview%3Dmine&ended=1"
    assert "Your session here has ended" in browser.get(answer.headers["Location"]).content.decode()


def test_twelve_hours_end_it_however_busy(browser: Client) -> None:
    row = session_of(browser)
    turn_back(row, since=SESSION_LASTS - 5 * SECOND)
    assert actor_behind(browser).is_staff
    turn_back(row, since=SESSION_LASTS)
    assert not actor_behind(browser).is_staff


def test_a_script_is_told_in_place(browser: Client) -> None:
    turn_back(session_of(browser), seen_at=IDLE_AFTER)
    told = browser.get("/desk/items", headers={"Accept": "application/json"})
    assert told.status_code == 401 and told.json()["code"] == "signed_out"
    assert browser.get("/desk/items", headers={"HX-Request": "true"}).status_code == 401


def test_an_ended_session_is_not_taken_up_again(browser: Client) -> None:
    row = session_of(browser)
    turn_back(row, seen_at=IDLE_AFTER)
    browser.get("/desk")
    turn_back(row, seen_at=SECOND)
    assert browser.get("/desk").status_code == 302 and not StaffSession.objects.exists()


@pytest.mark.parametrize(
    ("headers", "keeps"),
    [
        ({}, True),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "X-By-Itself": "1"}, False),
        ({"Accept": "application/json"}, False),
    ],
)
def test_what_is_done_by_hand_keeps_it_open(browser: Client, headers: dict[str, str], keeps: bool) -> None:
    row = session_of(browser)
    turn_back(row, seen_at=10 * 60 * SECOND)
    cache.clear()
    browser.get("/desk/colleagues", headers=headers)
    row.refresh_from_db()
    assert (clock.machine_now() - row.seen_at < 60 * SECOND) is keeps


def test_last_seen_is_written_once_a_minute(browser: Client) -> None:
    row = session_of(browser)
    browser.get("/staff/security")
    turn_back(row, seen_at=30 * SECOND)
    browser.get("/staff/security")
    row.refresh_from_db()
    assert clock.machine_now() - row.seen_at > 25 * SECOND


def test_open_screens_of_a_silent_session_are_closed(
    browser: Client, cast: Any, told: list[News], django_capture_on_commit_callbacks: Any
) -> None:
    row = session_of(browser)
    with django_capture_on_commit_callbacks(execute=True):
        assert end_silent_sessions(row.seen_at + IDLE_AFTER - SECOND) == 0
        assert end_silent_sessions(row.seen_at + IDLE_AFTER) == 1
        assert end_silent_sessions(row.seen_at + IDLE_AFTER) == 0
    assert f"revoked:agent:{cast.dana.pk}" in [news.topic for news in told]


def test_one_stays_available_while_another_session_is_left(
    browser: Client, agent_client: Any, cast: Any
) -> None:
    other = session_of(agent_client(cast.dana))
    set_presence(by=actor_behind(browser), now=clock.now(), state="available")
    end_session(by=SYSTEM, now=clock.now(), session_id=other.pk)
    assert presence_for(cast.dana.pk) == "available"
    end_session(by=SYSTEM, now=clock.now(), session_id=session_of(browser).pk)
    assert presence_for(cast.dana.pk) == "away"


def test_a_second_session_does_not_take_one_from_work(browser: Client, cast: Any) -> None:
    set_presence(by=actor_behind(browser), now=clock.now(), state="available")
    begin_session(by=SYSTEM, now=clock.now(), agent_id=cast.dana.pk, session="another", device="")
    assert presence_for(cast.dana.pk) == "available"


def test_one_ends_ones_own_elsewhere_and_nobody_elses(browser: Client, agent_client: Any, cast: Any) -> None:
    elsewhere, priyas = agent_client(cast.dana), agent_client(cast.priya)
    at_priyas = session_of(priyas)
    assert browser.post(f"/staff/security/sessions/{at_priyas.pk}/end").status_code == 404
    assert priyas.get("/desk").status_code == 200
    assert browser.post(f"/staff/security/sessions/{session_of(elsewhere).pk}/end").status_code == 302
    assert elsewhere.get("/desk").status_code == 302 and browser.get("/desk").status_code == 200


def test_signing_out_everywhere_ends_all_of_ones_own(browser: Client, agent_client: Any, cast: Any) -> None:
    elsewhere, priyas = agent_client(cast.dana), agent_client(cast.priya)
    browser.post("/staff/security/sessions/end")
    assert browser.get("/desk").status_code == elsewhere.get("/desk").status_code == 302
    assert priyas.get("/desk").status_code == 200


def test_only_an_administrator_ends_all_of_somebody_elses(
    agent_client: Any, as_agent: Any, cast: Any
) -> None:
    agent_client(cast.priya)
    for colleague in (cast.dana, cast.ines):
        with pytest.raises(NotThere):
            end_all_sessions(by=as_agent(colleague), now=clock.now(), agent_id=cast.priya.pk)
    assert end_all_sessions(by=as_agent(cast.theo), now=clock.now(), agent_id=cast.priya.pk) == 1


def test_a_leaver_is_out_everywhere(
    browser: Client, agent_client: Any, cast: Any, told: list[News], django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = agent_client(cast.dana)
    found = {"agent_id": cast.dana.pk, "role": cast.dana.role, "team": cast.dana.team}
    with django_capture_on_commit_callbacks(execute=True):
        change_agent(by=SYSTEM, now=clock.now(), active=False, **found)
    assert not StaffSession.objects.filter(agent=cast.dana).exists()
    assert f"revoked:agent:{cast.dana.pk}" in [news.topic for news in told]
    change_agent(by=SYSTEM, now=clock.now(), active=True, **found)  # coming back brings no session back
    assert browser.get("/desk").status_code == elsewhere.get("/desk").status_code == 302


def test_where_one_is_signed_in_is_listed(browser: Client, cast: Any) -> None:
    begin_session(by=SYSTEM, now=clock.now(), agent_id=cast.dana.pk, session="another", device="Firefox, Mac")
    begin_session(by=SYSTEM, now=clock.now(), agent_id=cast.priya.pk, session="hers", device="Edge, Windows")
    page = browser.get("/staff/security").content.decode()
    assert "Firefox, Mac" in page and "Edge" not in page
    assert page.count("Sign out there") == 1  # this one ends by signing out


def test_no_session_key_is_in_the_log(browser: Client) -> None:
    session_key = browser.session.session_key
    assert session_key
    browser.get("/staff/security")
    browser.post("/staff/security/sessions/end")
    logged = " ".join(AuditEvent.objects.values_list("detail", flat=True))
    assert "staff.sign_in" in AuditEvent.objects.values_list("name", flat=True)
    assert session_key not in logged


@pytest.fixture
def told() -> Any:
    """The news of this test."""
    news: list[News] = []
    use_publisher(lambda items: news.extend(items))
    yield news
    use_publisher(None)
