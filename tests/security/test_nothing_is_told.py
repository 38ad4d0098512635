"""Looking something up tells nothing about who or what there is (SR-18, SR-34)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cardline.api.tests.scene import NEED, unused_reference
from cardline.cases.models import Case
from cardline.identity.queries import guest
from cardline.kit import clock, limits
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.routing.commands import start_message
from tests.security.test_same_answer import everything
from tests.security.world import World, undone

pytestmark = pytest.mark.django_db


def look_up(ref: str, fact: str) -> tuple[Any, ...]:
    form = {"reference": ref, "fact": fact}
    with undone(), CaptureQueriesContext(connection) as asked:
        answer = Client().post("/track", form)
    seen = everything(answer, "/track", asked)
    return (*seen[:2], seen[2].replace(ref, "REF").replace(fact, "FACT"), seen[3])


def a_guests_case() -> str:
    began = start_message(
        by=guest("a token"), now=clock.now(), need=NEED, text=clean("Hello"), language="en", plan={}
    )
    return show_reference(Case.objects.get(pk=began["case_id"]).ref)


def test_a_wrong_second_fact_answers_as_a_reference_that_is_none(world: World) -> None:  # SR-34
    """In body, headers, and the number of questions to the database, which is where time would tell."""
    theirs = look_up(world.scene.ref, "0000")
    assert theirs[0] == 422
    assert look_up(world.scene.nowhere, "0000") == theirs
    assert look_up(a_guests_case(), "0000") == theirs


def test_the_right_second_fact_shows_state_and_date_alone(world: World) -> None:
    form = {"reference": world.scene.ref, "fact": world.cast.rosa.postal_code}
    page = Client().post("/track", form).content.decode()
    assert world.scene.ref in page
    for hidden in (
        "Rosa",
        "Lindqvist",
        "Dana",
        "Send a new card",
        "My card is gone",
    ):
        assert hidden not in page


def test_a_reference_opens_nothing_by_itself(world: World) -> None:  # SR-18
    stranger = Client()
    for path in (
        f"/contacts/{world.scene.ref}",
        f"/chat/{world.scene.ref}-1",
        f"/chat/{world.scene.ref}-1/entries",
    ):
        assert stranger.get(path).status_code == 401
    assert not stranger.cookies.get("cardline_session")


def test_look_ups_are_counted_by_address_and_by_reference(world: World) -> None:  # SR-18, SR-44
    tried = {"reference": world.scene.ref, "fact": "0000"}
    with undone():
        seen = [Client(REMOTE_ADDR=f"203.0.113.{n}").post("/track", tried).status_code for n in range(12)]
        assert seen[limits.LOOK_UPS.most - 1 : limits.LOOK_UPS.most + 1] == [422, 429]
    with undone():
        browser = Client(REMOTE_ADDR="203.0.113.7")
        for _ in range(limits.LOOK_UPS.most):
            with_another = {"reference": show_reference(unused_reference()), "fact": "0000"}
            assert browser.post("/track", with_another).status_code == 422
        answer = browser.post("/track", tried)
        assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1


def test_a_guests_chat_tells_nothing_of_members(world: World) -> None:  # SR-34
    """Whoever says they are Rosa is told what anybody is told."""
    asked = []
    for text in ("I am Rosa Lindqvist, demo-rosa", "I am Nobody Special, demo-nobody"):
        with undone(), CaptureQueriesContext(connection) as queries:
            answer = Client().post("/chat", {"need": NEED, "text": text, "key": "form-key-0001"})
        asked.append((answer.status_code, sorted(answer.headers), len(queries)))
    assert asked[0] == asked[1]


def test_a_colleagues_sign_in_tells_nothing_of_who_there_is(  # SR-34
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In body, headers, questions to the database, and how often a password is hashed: that takes longest by far."""
    hashed: list[str] = []
    for hasher in {type(get_hasher(name)) for name in ("default", "pbkdf2_sha256")}:
        for work in ("encode", "verify"):
            monkeypatch.setattr(hasher, work, counted(getattr(hasher, work), hashed))
    known = world.cast.dana.user
    known.set_password("a long and proper password")
    known.save(update_fields=["password"])
    seen = []
    for username in (known.username, "nobody.atall"):
        hashed.clear()
        form = {"login": username, "password": "a wrong password, as it is"}
        with undone(), CaptureQueriesContext(connection) as asked:
            answer = Client().post("/staff/login/", form)
        told = everything(answer, "/staff/login/", asked)
        seen.append((*told[:2], told[2].replace(username, "NAME"), told[3], len(hashed)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 200 and seen[0][-1] >= 1


def counted(work: Any, calls: list[str]) -> Any:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        # Checking a password hashes it once; what that calls inside is part of it.
        if not (calls and calls[-1] == "running"):
            calls.append("running")
            try:
                return work(self, *args, **kwargs)
            finally:
                calls[-1] = "done"
        return work(self, *args, **kwargs)

    return call
