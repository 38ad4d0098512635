"""Administrators change what a colleague may do; it counts at once (SR-24, SR-36)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.news import News, use_publisher
from cardline.kit.refusals import Malformed, NotPermitted
from cardline.staff.commands import LastAdministrator, change_agent
from cardline.staff.models import Agent
from cardline.staff.tests.conftest import PASSWORD, Enrolled


def changed(agent: Agent, **what: str) -> dict[str, str]:
    return {"role": agent.role, "team": agent.team, "active": "yes", **what}


@pytest.fixture
def administrator(client: Client, theo: Enrolled) -> Client:
    theo.sign_in(client)
    return client


def test_a_new_role_counts_at_the_next_request(administrator: Client, agent_client: Any, cast: Any) -> None:
    danas = agent_client(cast.dana)
    assert danas.get("/floor").status_code == 403
    page = f"/staff/people/{cast.dana.pk}"
    assert administrator.post(page, changed(cast.dana, role="supervisor")).status_code == 302
    assert danas.get("/floor").status_code == 200
    administrator.post(page, changed(cast.dana))
    assert danas.get("/floor").status_code == 403


def test_the_screens_of_whoever_was_changed_are_closed(
    cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[News] = []
    use_publisher(lambda items: told.extend(items))
    with django_capture_on_commit_callbacks(execute=True):
        change_agent(
            by=SYSTEM,
            now=clock.now(),
            agent_id=cast.dana.pk,
            role="supervisor",
            team=cast.dana.team,
            active=True,
        )
    use_publisher(None)
    assert [news.topic for news in told] == [f"revoked:agent:{cast.dana.pk}"]


def test_somebody_who_left_is_out_and_stands_at_the_end(
    administrator: Client, agent_client: Any, cast: Any
) -> None:
    danas = agent_client(cast.dana)
    administrator.post(f"/staff/people/{cast.dana.pk}", changed(cast.dana, active="no"))
    assert danas.get("/desk").headers["Location"] == "/staff/login/?next=/desk&ended=1"
    page = administrator.get("/staff/people").content.decode()
    assert page.index("Dana Whitfield") > page.index("Theo Brunner")


@pytest.mark.parametrize("key", ["dana", "ines"])
def test_nobody_else_sees_or_changes_colleagues(agent_client: Any, cast: Any, key: str) -> None:
    client = agent_client(getattr(cast, key))
    assert client.get("/staff/people").status_code == 403
    page = f"/staff/people/{cast.dana.pk}"
    assert client.post(page, changed(cast.dana, role="administrator")).status_code == 403
    cast.dana.refresh_from_db()
    assert cast.dana.role == "agent"


def test_a_stranger_is_asked_to_sign_in_and_a_member_finds_nothing(
    client: Client, member_client: Any, cast: Any
) -> None:
    for page in ("/staff/people", f"/staff/people/{cast.dana.pk}"):
        assert client.get(page).headers["Location"].startswith("/staff/login/")
        assert member_client(cast.maya).get(page).status_code == 404


def test_the_command_itself_asks_for_the_role(as_agent: Any, cast: Any) -> None:
    with pytest.raises(NotPermitted):
        change_agent(
            by=as_agent(cast.ines),
            now=clock.now(),
            agent_id=cast.dana.pk,
            role="agent",
            team=cast.dana.team,
            active=False,
        )


def test_the_last_administrator_stays_one(administrator: Client, as_agent: Any, cast: Any) -> None:
    refused = administrator.post(f"/staff/people/{cast.theo.pk}", changed(cast.theo, role="agent"))
    assert refused.status_code == 409
    for role, active in (("supervisor", True), ("administrator", False)):
        with pytest.raises(LastAdministrator):
            change_agent(
                by=as_agent(cast.theo),
                now=clock.now(),
                agent_id=cast.theo.pk,
                role=role,
                team=cast.theo.team,
                active=active,
            )
    administrator.post(f"/staff/people/{cast.ines.pk}", changed(cast.ines, role="administrator"))
    administrator.post(f"/staff/people/{cast.theo.pk}", changed(cast.theo, role="agent"))
    cast.theo.refresh_from_db()
    assert cast.theo.role == "agent"


def test_a_team_or_role_there_is_not_is_refused(administrator: Client, cast: Any) -> None:
    page = f"/staff/people/{cast.dana.pk}"
    for wrong in ({"team": "nobodys"}, {"role": "owner"}, {"active": "perhaps"}):
        answer = administrator.post(page, changed(cast.dana, **wrong))
        assert answer.status_code == 200 and "error-summary" in answer.content.decode()
    with pytest.raises(Malformed):
        change_agent(
            by=SYSTEM, now=clock.now(), agent_id=cast.dana.pk, role="agent", team="nobodys", active=True
        )
    assert administrator.get("/staff/people/999999").status_code == 404


def test_five_minutes_after_signing_in_it_asks_for_a_fresh_proof(
    administrator: Client, theo: Enrolled, cast: Any
) -> None:
    grow_stale(administrator)
    page = f"/staff/people/{cast.dana.pk}"
    sent = administrator.post(page, changed(cast.dana, role="supervisor"))
    assert sent.headers["Location"] == f"/staff/reauthenticate/code/?next={page.replace('/', '%2F')}"
    cast.dana.refresh_from_db()
    assert cast.dana.role == "agent"
    # By password, since the code of this half minute was used to sign in. What was sent is then done.
    proved = administrator.post("/staff/reauthenticate/", {"password": PASSWORD, "next": page})
    assert proved.headers["Location"] == "/staff/people"
    cast.dana.refresh_from_db()
    assert cast.dana.role == "supervisor"


def grow_stale(client: Client) -> None:
    """As if they had signed in six minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 360
    session.save()
