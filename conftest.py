"""For every test of the tree: what cannot run here is skipped with its reason, and the network is closed."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Pages in tests name the files of the tree, whatever was collected last: here for the servers that tests start, in
# pytest_configure for this process, whose settings have been read by now.
os.environ.setdefault("CARDLINE_STATIC", "source")

if TYPE_CHECKING:
    from django.test import Client

    from cardline.kit.actors import Actor
    from cardline.members.models import Member
    from cardline.staff.models import Agent


class NetworkClosed(Exception):
    """A test tried to reach another machine. Not an OSError, so that no retry of ours swallows it."""


def pytest_configure() -> None:
    from django.conf import settings

    let_hypothesis_take_its_time()
    from tests.emptied_tables import empty_only_filled_tables
    from tests.migrated import copy_migrated_database

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    empty_only_filled_tables()
    copy_migrated_database()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker and settings.CARDLINE_REDIS_URL:
        # Tests side by side count and forget apart: each has a Redis database of its own.
        url = settings.CARDLINE_REDIS_URL.rpartition("/")[0] + f"/{1 + int(worker)}"
        settings.CARDLINE_REDIS_URL = settings.CACHES["default"]["LOCATION"] = url


def let_hypothesis_take_its_time() -> None:
    """An example fails for what it shows, never for how long it took beside everybody else on a busy machine."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("cardline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("cardline")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CARDLINE_DATABASE_URL"):
        # A second database tells nothing of what asks none: those tests have run on SQLite.
        run_here = [item for item in items if asks_a_database(item) and not is_for_later(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(run_here)])
        items[:] = run_here
    for item in items:
        for mark, (lacking, reason) in NEEDS.items():
            if item.get_closest_marker(mark) and lacking():
                item.add_marker(pytest.mark.skip(reason=reason))


def asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marks = {mark.name for mark in item.iter_markers()}
    return bool(
        {"db", "transactional_db"} & fixtures or {"django_db", "postgres", "grown", "browser"} & marks
    )


# Tests of what is drawn. The commands and questions beneath have tests of their own, which run on both engines, and
# tests/security sends every form and asks for every page on both.
DRAWN = ("cardline/selfservice/", "cardline/desk/", "cardline/channels/", "cardline/demo/", "cardline/ui/")


def is_for_later(item: pytest.Item) -> bool:
    """Whether it runs on the second database in the long form alone."""
    is_drawn = item.nodeid.startswith(DRAWN) and not item.get_closest_marker("postgres")
    return bool(is_drawn or item.get_closest_marker("long_on_postgres")) and not os.environ.get(
        "CARDLINE_LONG"
    )


@cache
def no_chromium() -> bool:
    find = Path(__file__).parent / "bin" / "find"
    return subprocess.run([find, "chromium"], capture_output=True, check=False).returncode != 0


# By mark: what it lacks here, and what to do about it. In CI bin/test fails where a whole step cannot run.
NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "postgres": (lambda: not os.environ.get("CARDLINE_DATABASE_URL"), "start it with bin/services"),
    "browser": (no_chromium, "no Chromium here; bin/setup test installs it where it can"),
    "long": (lambda: not os.environ.get("CARDLINE_LONG"), "takes minutes; set CARDLINE_LONG=1"),
}


@pytest.fixture(scope="session", autouse=True)
def addresses_of_an_ordinary_installation() -> None:
    """What is there in demo mode only is decided when the addresses are imported: never first inside a demo's test."""
    import cardline.config.urls  # noqa: F401


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Tests talk to this machine alone, so that none passes or fails by what is reachable today."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    def only_to_this_machine(self: socket.socket, *arguments: Any) -> Any:
        # The address comes last in all three calls.
        if self.family in (socket.AF_INET, socket.AF_INET6) and is_elsewhere(arguments[-1]):
            raise NetworkClosed(f"{arguments[-1]} is not this machine: use the simulator of that service")
        return call(self, *arguments)

    return only_to_this_machine


def is_elsewhere(address: tuple[Any, ...]) -> bool:
    """Whether a socket address (host, port, …) lies outside this machine; a name does."""
    host = str(address[0])
    if host in ("", "localhost"):
        return False
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return True
    return not (found.is_loopback or found.is_unspecified)


@pytest.fixture(autouse=True)
def as_after_a_start() -> Iterator[None]:
    """Limits count from nothing, no look was noted, and no test finds the clock where another left it."""
    from django.core.cache import cache

    from cardline.audit.commands import forget_marks
    from cardline.kit import clock, limits

    cache.clear()
    limits.forget()
    forget_marks()
    yield
    clock.set_offset(timedelta(0))


@pytest.fixture(scope="session", autouse=True)
def translations_as_they_stand() -> None:
    """Pages in tests speak the catalogues of the tree, whenever set-up compiled them last."""
    from cardline.config.messages import catalogues, compile_messages

    for folder in catalogues():
        compile_messages(folder)


# ---------------------------------------------------------------------------------------------- the cast

# A Tuesday, 10 am in New York: every queue of every profile here is open.
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """The people of cardline/demo/cast.py as rows: cast.maya, cast.dana. now: when their charges end."""

    people: dict[str, Member | Agent]
    now: datetime = NOW

    def __getattr__(self, key: str) -> Any:
        try:
            return self.people[key]
        except KeyError as unknown:
            raise AttributeError(f"nobody in the cast is called {key}") from unknown


@pytest.fixture
def cast(db: None) -> Cast:
    """The demo's people with their cards and charges, without a past: no case, no contact, no promise."""
    from cardline.demo.cast import AGENTS, MEMBERS
    from cardline.demo.people import agent_of, member_of, settle_cast
    from cardline.issuer.profile import current_profile
    from tests.copied_rows import made_once

    made_once(("cast", current_profile().id), partial(settle_cast, NOW))
    return Cast(
        {sketch.key: member_of(sketch.key) for sketch in MEMBERS}
        | {sketch.key: agent_of(sketch.key) for sketch in AGENTS}
    )


@pytest.fixture
def as_member(db: None) -> Callable[..., Actor]:
    """as_member(cast.maya): signed in, so known at V2; as_member(cast.maya, signed_in=False): nothing proved."""
    from cardline.demo.people import actor_of
    from cardline.identity.commands import record_sign_in
    from cardline.identity.queries import session_hash
    from cardline.kit.actors import SYSTEM

    def actor(member: Member, *, signed_in: bool = True) -> Actor:
        session = session_hash(f"a session of {member.pk}")
        if signed_in:
            record_sign_in(by=SYSTEM, now=NOW, member_id=member.pk, session=session)
        return actor_of(member, session)

    return actor


@pytest.fixture
def as_agent(db: None) -> Callable[[Agent], Actor]:
    """as_agent(cast.dana): at the desk, available."""
    from cardline.demo.people import actor_of
    from cardline.staff.commands import set_presence

    def actor(agent: Agent) -> Actor:
        there = actor_of(agent)
        set_presence(by=there, now=NOW, state="available")
        return there

    return actor


@pytest.fixture
def as_actor(as_member: Callable[..., Actor], as_agent: Callable[[Agent], Actor]) -> Callable[..., Actor]:
    """as_actor(anybody of the cast)."""
    from cardline.members.models import Member

    return lambda person: as_member(person) if isinstance(person, Member) else as_agent(person)


@pytest.fixture
def member_client(db: None) -> Callable[[Member], Client]:
    """member_client(cast.maya): a browser in which she is signed in, the way the product's own pages see it."""
    from django.test import Client

    return lambda member: _signed_in(Client(), member)


@pytest.fixture
def agent_client(db: None) -> Callable[[Agent], Client]:
    """agent_client(cast.dana): a browser of a colleague who has shown a password and a second factor."""
    from allauth.account.internal.flows.login import record_authentication
    from django.http import HttpRequest
    from django.test import Client

    def shown_both(agent: Agent) -> Client:
        client = Client()
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, agent.user, "password", username=agent.user.username)
        record_authentication(request, agent.user, "mfa", type="totp")
        request.session.save()
        return _signed_in(client, agent)

    return shown_both


def _signed_in(client: Client, person: Member | Agent) -> Client:
    assert person.user is not None
    client.force_login(person.user, backend="cardline.identity.backend.SignInBackend")
    return client
