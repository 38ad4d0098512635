"""Who gets what, address by address (SR-21).

pages_by_actor.txt, pages_by_capacity.txt and api_by_caller.txt hold the expected answers; an address or an operation
that is in no row fails here. "in" stands for being sent to a sign-in. Each asker finds the same world: what one of
them changed is undone before the next.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from cardline.api.openapi import PREFIX, operations
from tests.security.addresses import METHODS, Address, pages
from tests.security.world import ACTORS, BODIES, CALLERS, CAPACITIES, FORMS, QUERIES, World, befalls, undone

HERE = Path(__file__).parent
Row = tuple[str, str]  # method, route
LONG = bool(os.environ.get("CARDLINE_LONG"))
COLLEAGUES = ("desk", "floor", "staff")
SIGN_INS = ("/sign-in", "/staff/login", "/staff/enrol", "/staff/reauthenticate")

DEMO = override_settings(ROOT_URLCONF="tests.security.demo_addresses", CARDLINE_DEMO=True)


def read_table(name: str, askers: tuple[str, ...]) -> dict[Row, dict[str, str]]:
    lines = [line.split() for line in (HERE / name).read_text().splitlines() if line and line[0] != "#"]
    head, rows = lines[0], lines[1:]
    assert head[2:] == list(askers)
    table = {(row[0], row[1]): dict(zip(askers, row[2:], strict=True)) for row in rows}
    assert len(table) == len(rows), "a row is there twice"
    return table


PAGES = read_table("pages_by_actor.txt", ACTORS)
ACTING_PAGES = read_table("pages_by_capacity.txt", CAPACITIES)
DEMO_PAGES = read_table("demo_by_actor.txt", ACTORS)
OPERATIONS = read_table("api_by_caller.txt", CALLERS)


def ask(client: Client, method: str, address: Address, world: World, **headers: str) -> Any:
    """One well-formed request: what is refused is refused for who asks."""
    url = address.filled(world.values())
    client = same_browser(client)
    if method == "GET":
        return client.get(url, QUERIES.get(address.route, nothing)(world), headers=headers)
    if method == "POST":
        form = FORMS.get(address.route, nothing)(world)
        return client.post(url, {"key": "form-key-0001", **form}, headers=headers)
    return client.generic(method, url, headers=headers)


def same_browser(client: Client) -> Client:
    """With the same cookies: what an answer sets is undone with it, so that signing out ends no other row's try."""
    fresh = Client(enforce_csrf_checks=client.handler.enforce_csrf_checks)
    fresh.cookies = deepcopy(client.cookies)
    return fresh


def nothing(world: World) -> dict[str, Any]:
    return {}


def status(response: Any) -> str:
    to = response.headers.get("Location", "")
    if response.status_code == 302 and to.startswith(SIGN_INS):
        return "in"
    return str(response.status_code)


def differences(table: dict[Row, dict[str, str]], world: World) -> Iterator[str]:
    for (method, route), expected in table.items():
        for actor, wanted in expected.items():
            with undone():
                got = status(ask(world.people[actor], method, Address(written(route)), world))
            if got != wanted:
                yield f"{method} /{route} as {actor}: {got}, and the table says {wanted}"


def written(route: str) -> str:
    """The first page has no route at all, which a table cannot show."""
    return "" if route == "/" else route


# --------------------------------------------------------------------------------------------------------- pages


def test_every_page_is_in_the_table() -> None:  # SR-21
    assert {page.route for page in pages()} == {written(route) for _, route in PAGES}


@pytest.mark.long_on_postgres
@pytest.mark.django_db
def test_each_page_answers_each_actor_as_the_table_says(world: World) -> None:  # SR-21
    wrong = list(differences(PAGES, world))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.long_on_postgres
@pytest.mark.django_db
def test_each_page_answers_each_capacity_as_its_table_says_or_as_the_member(world: World) -> None:  # SR-21
    wrong = []
    for (method, route), of_actors in PAGES.items():
        hers = dict.fromkeys(CAPACITIES, of_actors["member"])
        # Where no row says otherwise a page answers all alike, so one capacity stands for all; with CARDLINE_LONG=1
        # only on a colleague's pages.
        is_alike = written(route).startswith(COLLEAGUES) or not (LONG or (method, route) in ACTING_PAGES)
        capacities = ("power",) if is_alike else CAPACITIES
        for capacity in capacities:
            with undone():
                befalls(world, capacity)
                got = status(ask(world.acting[capacity], method, Address(written(route)), world))
            wanted = ACTING_PAGES.get((method, route), hers)[capacity]
            if got != wanted:
                wrong.append(f"{method} /{route} as {capacity}: {got}, and the table says {wanted}")
    assert wrong == [], "\n".join(wrong)
    assert ACTING_PAGES.keys() <= PAGES.keys()


def test_whoever_acts_for_another_freezes_and_writes_in_every_capacity_that_counts() -> None:  # SR-39
    counts = set(CAPACITIES) - {"early", "ended", "revoked"}
    for row in (("POST", "cards/<card>/freeze"), ("POST", "messages"), ("POST", "chat")):
        assert {c for c in CAPACITIES if ACTING_PAGES[row][c] == "302"} == counts


@pytest.mark.long_on_postgres
@pytest.mark.django_db
def test_what_is_in_no_row_is_no_method_of_that_page(world: World) -> None:
    taken = {(method, written(route)) for method, route in PAGES}
    others = [(m, page) for page in pages() for m in METHODS if (m, page.route) not in taken]
    for method, page in others:
        with undone():
            answer = ask(world.people["supervisor"], method, page, world)
        assert answer.status_code == 405, f"{method} /{page.route}: {answer.status_code}"


@pytest.mark.long_on_postgres
@pytest.mark.django_db
def test_a_key_of_the_api_opens_no_page(world: World) -> None:
    key = {"Authorization": f"Bearer {world.callers['issuer'].secret}"}
    for (method, route), expected in PAGES.items():
        with undone():
            got = status(ask(Client(), method, Address(written(route)), world, **key))
        assert got == expected["guest"], f"{method} /{route}"


# Other houses call these, and sign what they say; a page of ours has no form for them.
SIGNED_INSTEAD = {"hooks/texts/<name>"}


@pytest.mark.long_on_postgres
@pytest.mark.django_db
def test_every_form_needs_the_token_of_its_page(world: World) -> None:
    for method, route in PAGES:
        if method != "POST" or route in SIGNED_INSTEAD:
            continue
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = world.people["agent"].cookies
        with undone():
            answer = ask(browser, method, Address(written(route)), world)
        assert answer.status_code == 403, f"POST /{route}: {answer.status_code}"


# ----------------------------------------------------------------------------------------------------------- API


def test_every_operation_is_in_the_table() -> None:  # SR-21
    found = {(method.upper(), path.removeprefix(PREFIX)) for path, method in operations()}
    assert found == set(OPERATIONS)


@pytest.mark.django_db
def test_each_operation_answers_each_caller_as_the_table_says(world: World) -> None:  # SR-21
    wrong = []
    for (method, route), expected in OPERATIONS.items():
        for name, wanted in expected.items():
            caller, path = world.callers[name], "/" + route.format(**world.values())
            with undone():
                if method == "GET":
                    answer = caller.get(path)
                else:
                    answer = caller.post(path, BODIES[method.lower(), route](world))
            if status(answer) != wanted:
                wrong.append(f"{method} {path} as {name}: {status(answer)}, and the table says {wanted}")
    assert wrong == []


@pytest.mark.django_db
def test_nobody_reaches_the_api_with_a_browsers_session(world: World) -> None:
    for method, route in OPERATIONS:
        path = PREFIX + route.format(**world.values())
        for actor, browser in world.people.items():
            assert browser.generic(method, path).status_code == 401, f"{method} {path} as {actor}"


# ---------------------------------------------------------------------------------------------------------- demo


def test_every_page_of_the_demo_is_in_its_table() -> None:
    real = {page.route for page in pages()}
    with DEMO:
        assert {page.route for page in pages()} - real == {route for _, route in DEMO_PAGES}


@pytest.mark.django_db
def test_the_demo_is_everybodys_in_demo_mode(world: World) -> None:
    with DEMO:
        assert list(differences(DEMO_PAGES, world)) == []


@pytest.mark.django_db
def test_the_demo_is_not_there_outside_demo_mode(world: World) -> None:  # SR-50: nobody signs in by a press
    for method, route in DEMO_PAGES:
        for browser in world.people.values():
            assert ask(browser, method, Address(route), world).status_code == 404
