"""Somebody else's answers as what is not there: status, body, headers, and the work it takes (SR-22).

Time is measured by what it is spent on: the number of questions to the database. Two answers after the same
questions differ by noise; one more question would show in any stopwatch.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cardline.api.openapi import PREFIX
from tests.security.addresses import Address
from tests.security.test_endpoints_by_actor import OPERATIONS, PAGES, nothing, written
from tests.security.world import BODIES, FORMS, World, undone

pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db]

# Each answer has its own of these.
ITS_OWN = [
    (re.compile(r'nonce="[^"]+"|\'nonce-[^\']+\''), "NONCE"),
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "TOKEN"),
    (re.compile(r'name="key" value="[^"]+"'), "KEY"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"), "TIME"),
]
DENIED = ("401", "403", "404", "in")


def rows() -> list[tuple[str, str, str]]:
    """(method, route, actor) for whatever names a thing that is not this actor's."""
    return [
        (method, route, actor)
        for (method, route), expected in PAGES.items()
        for actor, status in expected.items()
        if "<" in route and status in DENIED
    ]


def test_pages_answer_for_somebody_elses_as_for_nothing(world: World) -> None:  # SR-22
    different = []
    for method, route, actor in rows():
        theirs, missing = pair(world, method, route, actor)
        if (
            theirs != missing
        ):  # a session is marked as in use every few seconds: that may fall between the two
            theirs, missing = pair(world, method, route, actor)
        if theirs != missing:
            different.append(
                (
                    method,
                    route,
                    actor,
                    [two for two in zip(theirs, missing, strict=True) if two[0] != two[1]],
                )
            )
    assert different == []
    assert len(rows()) > 100


def pair(world: World, method: str, route: str, actor: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    theirs = look(world, method, route, actor, world.values())
    return theirs, look(world, method, route, actor, world.nowhere())


def test_the_api_answers_for_another_members_as_for_nothing(world: World) -> None:  # SR-22
    caller = world.callers["other"]
    looked_at = 0
    for (method, route), expected in OPERATIONS.items():
        if "{" not in route or expected["other"] != "404":
            continue
        looked_at += 1
        seen = []
        for values in (world.values(), world.nowhere()):
            path = "/" + route.format(**values)
            with undone(), CaptureQueriesContext(connection) as asked:
                if method == "GET":
                    answer = caller.get(path)
                else:
                    answer = caller.post(path, BODIES[method.lower(), route](world), key="the-same-key")
            seen.append(everything(answer, path, asked))
        assert seen[0] == seen[1], f"{method} {PREFIX}{route}"
    assert looked_at >= 5


def look(world: World, method: str, route: str, actor: str, values: dict[str, Any]) -> tuple[Any, ...]:
    address = Address(written(route))
    url = address.filled(values)
    browser = world.people[actor]
    with undone(), CaptureQueriesContext(connection) as asked:
        if method == "GET":
            answer = browser.get(url)
        else:
            answer = browser.post(url, {"key": "form-key-0001", **FORMS.get(address.route, nothing)(world)})
    return everything(answer, url, asked)


def everything(answer: Any, url: str, asked: CaptureQueriesContext) -> tuple[Any, ...]:
    """What somebody can see of an answer, without the address they typed themselves."""
    request_id = answer.headers["X-Request-Id"]
    headers = sorted((name, plain(value, url, request_id)) for name, value in answer.headers.items())
    body = plain(answer.content.decode(), url, request_id)
    return answer.status_code, headers, body, len(asked)


def plain(text: str, url: str, request_id: str) -> str:
    text = text.replace(request_id, "ID").replace(url, "ADDRESS").replace(url.replace("/", "%2F"), "ADDRESS")
    for own, name in ITS_OWN:
        text = own.sub(name, text)
    # A longer address makes a longer page; what is left of its length says nothing else.
    return "" if text.isdigit() else text
