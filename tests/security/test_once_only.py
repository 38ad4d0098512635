"""Every form that changes something does it once per key (SR-65), whole or not at all (SR-66).

The API's side of this is in cardline/api/tests/test_writing.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from tests.security.addresses import Address
from tests.security.test_endpoints_by_actor import PAGES, written
from tests.security.world import FORMS, World, undone

pytestmark = pytest.mark.django_db

# What these keep is a cookie, or nothing; leaving twice is leaving.
KEEP_NOTHING = {
    "language", "theme", "track", "sign-out", "apply/<product>/<step>", "confirm/cancel",
    "profile/sign-in/passkey",  # leads back: this world's member asked for none
    # Lead back: no questions stand in this world's conversation. What they send goes the way of do/<slug>/<run>.
    "chat/<reference>/step", "desk/contacts/<contact_id>/step",
}  # fmt: skip
# Sign-in and second factors keep their own books, in the library's tables (docs/architecture.md).
LIBRARY = "staff/"
COUNTED = [m for m in apps.get_models() if m.__module__.startswith("cardline.")]


def changes() -> list[tuple[str, str]]:
    """(route, actor): each form with somebody whose sending it succeeds."""
    return [
        (route, actor)
        for (method, route), expected in PAGES.items()
        if method == "POST" and route not in KEEP_NOTHING and not route.startswith(LIBRARY)
        for actor in ("member", "agent", "supervisor")
        if expected[actor] == "302"
    ]


def rows() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in COUNTED}


def send(world: World, route: str, actor: str, key: str, **other: str) -> Any:
    address = Address(written(route))
    form = {**FORMS.get(address.route, lambda world: {})(world), "key": key, **other}
    return world.people[actor].post(address.filled(world.values()), form)


def test_pressing_twice_does_it_once(world: World) -> None:  # SR-65
    for route, actor in changes():
        with undone():
            first = send(world, route, actor, "form-key-twice")
            after_one = rows()
            second = send(world, route, actor, "form-key-twice")
            assert (first.status_code, second.status_code) == (302, 302), f"/{route} as {actor}"
            assert first.headers["Location"] == second.headers["Location"], f"/{route} as {actor}"
            assert rows() == after_one, f"/{route} as {actor}"


@pytest.mark.long_on_postgres
def test_one_key_for_two_different_things_is_a_conflict(world: World) -> None:  # SR-65
    tried = 0
    for route, actor in changes():
        words = next(
            (name for name in ("text", "evidence", "wish", "did") if name in form_of(world, route)), None
        )
        if words is None:
            continue
        tried += 1
        with undone():
            assert send(world, route, actor, "form-key-other").status_code == 302
            after_one = rows()
            other = send(world, route, actor, "form-key-other", **{words: "Something else altogether"})
            assert other.status_code == 409, f"/{route} as {actor}: {other.status_code}"
            assert rows() == after_one, f"/{route} as {actor}"
    assert tried >= 8


def form_of(world: World, route: str) -> dict[str, Any]:
    return FORMS.get(route, lambda world: {})(world)


def test_what_cannot_be_logged_is_not_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-66
    from cardline.kit import plugs

    def no_log(**event: Any) -> None:
        raise RuntimeError("the log is full")

    for route, actor in changes():
        browser = world.people[actor]
        browser.raise_request_exception = False
        with undone():
            before = rows()
            with monkeypatch.context() as patch:
                patch.setattr(plugs.audit, "write", no_log, raising=False)
                answer = send(world, route, actor, "form-key-fails")
            assert answer.status_code == 500, f"/{route} as {actor}: {answer.status_code}"
            assert "log is full" not in answer.content.decode()
            assert rows() == before, f"/{route} as {actor}"
