"""The first administrator, and whoever lost their way in (SR-36, SR-50)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from cardline.audit.models import AuditEvent
from cardline.issuer.profile import current_profile
from cardline.staff import cli
from cardline.staff.models import Agent
from cardline.staff.tests.conftest import PASSWORD, Enrolled

pytestmark = pytest.mark.django_db

TEAM = next(iter(current_profile().teams))
ADA = [
    "add",
    "ada",
    "--given-name",
    "Ada",
    "--family-name",
    "Birk",
    "--role",
    "administrator",
    "--team",
    TEAM,
]


@pytest.fixture(autouse=True)
def database_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "open_database", lambda: None)


def test_a_new_colleague_gets_in_as_far_as_choosing_a_second_factor(client: Client, capsys: Any) -> None:
    assert cli.colleague([*ADA, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    agent = Agent.objects.get(pk=made["id"])
    assert (agent.name, agent.role, agent.team) == ("Ada Birk", "administrator", TEAM)
    client.post("/staff/login/", {"login": made["username"], "password": made["password"]})
    assert client.get("/desk").headers["Location"] == "/staff/enrol"


def test_the_password_alone_is_on_standard_output_and_nowhere_in_the_log(capsys: Any) -> None:
    assert cli.colleague(ADA) == 0
    password = capsys.readouterr().out.strip()
    assert len(password) == 20 and " " not in password
    logged = str(list(AuditEvent.objects.values("name", "about", "detail")))
    assert "agent.add" in logged and password not in logged and "Birk" not in logged


def test_a_name_is_taken_once(capsys: Any) -> None:
    assert cli.colleague(ADA) == 0
    assert cli.colleague(["add", "ADA", *ADA[2:]]) == 1
    assert "already" in capsys.readouterr().err and Agent.objects.count() == 1


def test_an_unknown_team_is_wrong_use_and_the_teams_are_named(capsys: Any) -> None:
    assert cli.colleague([*ADA[:-1], "nobodys"]) == 2
    assert TEAM in capsys.readouterr().err


def test_whoever_starts_anew_has_nothing_left_of_before(client: Client, priya: Enrolled, capsys: Any) -> None:
    priya.sign_in(client)
    assert cli.colleague(["start-anew", priya.username]) == 0
    assert client.get("/desk").status_code == 302
    assert not Authenticator.objects.filter(user=priya.agent.user).exists()
    password = capsys.readouterr().out.strip()
    anew = Client()
    assert priya.give_password(anew, PASSWORD).status_code == 200
    priya.give_password(anew, password)
    assert anew.get("/desk").headers["Location"] == "/staff/enrol"


def test_nobody_there_starts_anew(cast: Any, capsys: Any) -> None:
    for username in ("nobody.known", cast.maya.user.username):
        assert cli.colleague(["start-anew", username]) == 1
    assert not capsys.readouterr().out
