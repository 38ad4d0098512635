"""fill.py CLIENTS → members in conversations with one agent, and sessions, in CARDLINE_DATA. Prints facts as JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")

from cardline.config.serve import data_folder, make_secret_key

make_secret_key(data_folder())

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command

from cardline.contact.commands import take_contact
from cardline.identity.commands import record_sign_in
from cardline.identity.models import User
from cardline.identity.queries import session_hash
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor, Kind, Role
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.routing.commands import start_chat
from cardline.staff.commands import set_presence
from cardline.staff.models import Agent
from cardline.staff.sessions import begin_session

NEED = "dispute.duplicate_charge"


def main(clients: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    profile = current_profile()
    team = profile.queue_for(NEED).team
    now = clock.now()
    agent_user = User.objects.create(username="agent", password="!")
    row = Agent.objects.create(
        user=agent_user, given_name="Dana", family_name="Whitfield", role="supervisor", team=team
    )
    agent = Actor(Kind.AGENT, str(row.pk), name=row.name, role=Role.SUPERVISOR, team=team)
    agent_cookie = sign_in(agent_user, None, row.pk)
    set_presence(by=agent, now=now, state="available")
    cookies, contacts, cases = [], [], []
    for number in range(clients):
        user = User.objects.create(username=f"member{number}", password="!")
        member = Member.objects.create(
            user=user,
            core_customer=f"bench-{number}",
            given_name="Member",
            family_name=str(number),
            since=now.date(),
        )
        cookies.append(sign_in(user, member.pk))
        actor = Actor(Kind.MEMBER, str(member.pk), name=member.name)
        began = start_chat(by=actor, now=now, need=NEED, text=clean("Hello"), language="en", plan={})
        take_contact(by=agent, now=now, contact_id=began["contact_id"])
        contacts.append(began["contact_id"])
        cases.append(began["case_id"])
    facts = {
        "cookies": cookies,
        "contacts": contacts,
        "cases": cases,
        "agent_cookie": agent_cookie,
    }
    print(json.dumps(facts))


def sign_in(user: User, member_id: int | None, agent_id: int | None = None) -> str:
    """A session as sign-in would leave it. Returns the Cookie header's value."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["demo_signin"] = True
    store.set_expiry(timedelta(hours=12))
    store.create()
    if member_id is not None:
        record_sign_in(
            by=SYSTEM, now=clock.now(), member_id=member_id, session=session_hash(store.session_key)
        )
    if agent_id is not None:
        session = session_hash(store.session_key)
        begin_session(by=SYSTEM, now=clock.now(), agent_id=agent_id, session=session, device="")
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


main(int(sys.argv[1]))
