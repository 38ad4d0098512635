"""Looking something up tells nothing about who or what there is (SR-18, SR-34)."""

from __future__ import annotations

import re
import statistics
import time
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cardline.api.tests.scene import NEED, unused_reference
from cardline.cases.models import Case
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.queries import guest
from cardline.identity.tests.phones import Texts
from cardline.kit import clock, limits, plugs
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.routing.commands import start_message
from cardline.trust.commands import make_code
from cardline.trust.models import Code
from cardline.trust.queries import code_numbered
from tests.security.test_same_answer import everything
from tests.security.world import HUGE, World, undone

pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db]

MOMENT = r"\d{4}-\d\d-\d\dT[\d:.]+|\d+:\d\d [ap]m"
REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}")


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


@pytest.mark.parametrize("address", ["/chat", "/messages"])
def test_a_guests_words_tell_nothing_of_members(world: World, address: str) -> None:  # SR-34
    """Whoever says they are Rosa is told what anybody is told, then and on the page of the conversation."""
    seen = []
    for text in ("I am Rosa Lindqvist, demo-rosa", "I am Nobody Special, demo-nobody"):
        browser = Client()
        with undone(), CaptureQueriesContext(connection) as queries:
            answer = browser.post(address, {"need": NEED, "text": text, "key": "form-key-0001"})
            page = everything(browser.get(answer["Location"]), answer["Location"], queries)
        reference = REFERENCE.search(answer["Location"])
        assert reference and answer.status_code == 302
        # Numbers of rows go on where another conversation was undone: PostgreSQL gives none twice.
        own = re.compile(rf"{re.escape(text)}|{reference[0]}|{MOMENT}|(?<=case:)\d+|(?<=contact:)\d+")
        seen.append((sorted(answer.headers), page[0], len(page[1]), own.sub("", page[2]), page[3]))
    assert seen[0] == seen[1]


def test_asking_for_a_code_tells_nothing_of_whose_number_it_is(world: World) -> None:  # SR-34, SR-35
    """On a member's own page and at the desk: somebody else's number and one that is none are one answer."""
    numbers = (world.cast.luis.points.get(kind="phone").pk, HUGE)
    desk = f"/desk/contacts/{world.scene.contact.pk}"
    for who, address, field in (
        ("member", "/confirm/code", "phone"),
        ("agent", f"{desk}/code", "point"),
        ("agent", f"{desk}/call-back", "point"),
    ):
        seen = []
        for number in numbers:
            with undone(), CaptureQueriesContext(connection) as asked:
                answer = world.people[who].post(address, {field: number, "key": "form-key-0001"})
            seen.append(everything(answer, address, asked))
        assert seen[0] == seen[1], address


def test_asking_for_a_code_while_locked_tells_the_desk_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-31, SR-34
    monkeypatch.setattr(plugs, "codes", Texts())
    address = f"/desk/contacts/{world.scene.contact.pk}/code"
    seen = []
    for wrong in (0, MOST_WRONG):
        with undone(), CaptureQueriesContext(connection) as asked:
            for _ in range(wrong):
                count_wrong(by=SYSTEM, now=clock.now(), member_id=world.cast.rosa.pk, proof="facts")
            answer = world.people["agent"].post(address, {"point": world.phone, "key": "form-key-0001"})
        seen.append(everything(answer, address, asked)[:3])
    assert seen[0] == seen[1]


def test_a_colleague_finds_somebody_elses_reference_as_one_that_is_none(world: World) -> None:  # SR-22
    seen = []
    for ref in (world.scene.ref, world.scene.nowhere):
        with undone(), CaptureQueriesContext(connection) as asked:
            answer = world.people["colleague"].get("/desk/find", {"ref": ref})
        told = everything(answer, "/desk/find", asked)
        seen.append((*told[:2], told[2].replace(ref, "REF"), told[3]))
    assert seen[0] == seen[1] and seen[0][0] == 404


def test_a_code_that_ran_out_is_checked_as_one_that_never_was(world: World) -> None:  # SR-34
    made = make_code(by=SYSTEM, now=clock.now(), member_id=world.cast.rosa.pk, kind="letter")
    letters = code_numbered(made)
    Code.objects.filter(pk=made).update(until=clock.machine_now())
    seen = []
    for code in (letters, "BBBBBBBBBB"):
        with undone(), CaptureQueriesContext(connection) as asked:
            answer = Client().post("/verify-us", {"code": code})
        told = everything(answer, "/verify-us", asked)
        seen.append((*told[:2], told[2].replace(code, "CODE"), told[3]))
    assert seen[0] == seen[1]


def test_the_way_to_sign_in_is_the_same_for_every_page(world: World) -> None:  # SR-34
    seen = []
    for ref in (world.scene.ref, world.scene.nowhere):
        address = f"/contacts/{ref}"
        with undone(), CaptureQueriesContext(connection) as asked:
            answer = Client().get("/sign-in", {"next": address})
        told = everything(answer, address, asked)
        seen.append((*told[:2], told[2].replace(ref, "REF"), told[3]))
    assert seen[0] == seen[1]


@pytest.mark.long
def test_a_stopwatch_tells_no_more_than_the_words(world: World) -> None:  # SR-22, SR-34
    """Both in one run, in turns, so that whatever else the machine does falls on both. By the median; the exact test is
    the number of questions above, and this one finds what asks no database.
    """
    took: dict[str, list[float]] = {world.scene.ref: [], world.scene.nowhere: []}
    for _ in range(60):
        for ref, times in took.items():
            with undone():
                begun = time.perf_counter()
                Client().post("/track", {"reference": ref, "fact": "0000"})
                times.append(time.perf_counter() - begun)
    real, none = (statistics.median(times) for times in took.values())
    assert abs(real - none) <= 0.1 * max(real, none)


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
