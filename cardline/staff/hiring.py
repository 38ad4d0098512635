"""Who may sign in at all: done on the machine itself, so that the first administrator needs nobody (SR-50)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean
from cardline.kit.refusals import Malformed, NotThere
from cardline.staff.models import Agent
from cardline.staff.sessions import end_all_sessions


@command("agent.add", by=[Kind.SYSTEM], about="agent")
def add_agent(
    *, by: Standing, now: datetime, username: str, given_name: Clean, family_name: Clean, role: str, team: str
) -> dict[str, Any]:
    """A new colleague. Returns their number and first password, which is kept nowhere but as its hash.

    Raises Malformed with the field: username (taken), role or team (there is none).
    """
    users = get_user_model().objects
    if users.filter(username__iexact=username).exists():
        raise Malformed(field="username")
    if role not in Agent.Role.values:
        raise Malformed(field="role")
    if team not in current_profile().teams:
        raise Malformed(field="team")
    password = _password()
    user = users.create_user(username, password=password)
    agent = Agent.objects.create(
        user=user, given_name=given_name, family_name=family_name, role=role, team=team
    )
    return {"id": agent.pk, "password": password}


@command("agent.start_anew", by=[Kind.SYSTEM], about="agent:{username}")
def start_anew(*, by: Standing, now: datetime, username: str) -> dict[str, Any]:
    """A colleague who lost their password or all their second factors begins like a new one, signed out everywhere.

    Returns their number and new first password. Raises NotThere.
    """
    agent = Agent.objects.select_related("user").filter(user__username__iexact=username).first()
    if agent is None:
        raise NotThere()
    password = _password()
    agent.user.set_password(password)
    agent.user.save(update_fields=["password"])
    Authenticator.objects.filter(user=agent.user).delete()
    end_all_sessions(by=by, now=now, agent_id=agent.pk)
    return {"id": agent.pk, "password": password}


def _password() -> str:
    return secrets.token_urlsafe(15)
