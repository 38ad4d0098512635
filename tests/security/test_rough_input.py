"""Line breaks, zero bytes and other rough things, in every field of every page.

No header, no log line and no page breaks: SR-48 and, for pages, what SR-49 asks of the API.
"""

from __future__ import annotations

import json
import logging
import os
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.conf import settings

from cardline.kit.logs import LineFormatter
from tests.security.addresses import Address
from tests.security.test_endpoints_by_actor import LONG, PAGES, written
from tests.security.world import FORMS, QUERIES, World, undone

INJECTION = "x\r\nSet-Cookie: evil=1\r\nX-Evil: 1\r\n\r\n\x00<script>alert(1)</script>\u202e\u2028"
# Fields that any form may carry: where to go next is what ends in a header.
ANYWHERE = ("next", "back", "ref", "after", "q", "view", "older", "cursor")
ROUGH = [
    INJECTION,
    "\x00",
    "//evil.example/\r\nX-Evil: 1",
    "9" * 400,
    "\u0661\u0662%00../../etc/passwd",
    "😀" * 1_000,
]


# What an engine may refuse to hold where another does not; the others are stopped before they reach one.
HARD_TO_STORE = ("\x00", "9" * 400)


ADDRESSES = HARD_TO_STORE if os.environ.get("CARDLINE_DATABASE_URL") and not LONG else (*ROUGH, "0", "é")


def in_each_engine(rough: str) -> Any:
    return rough if rough in HARD_TO_STORE else pytest.param(rough, marks=pytest.mark.long_on_postgres)


def is_whole(answer: Any, where: str) -> None:
    assert answer.status_code < 500, f"{where}: {answer.status_code}"
    for name, value in answer.headers.items():
        assert not {"\r", "\n", "\x00"} & set(name + value), f"{where}: {name}"
    assert "X-Evil" not in answer.headers and "evil" not in answer.cookies, where
    assert is_ours(answer.headers.get("Location", "/")), f"{where}: {answer.headers['Location']}"
    assert b"<script>alert(1)</script>" not in answer.content, where


def is_ours(address: str) -> bool:
    """Whether a browser on one of our pages would stay with us; it takes a backslash for a slash."""
    parts = urlsplit(urljoin("http://ours/a/page", address.replace("\\", "/")))
    return parts.netloc in ("ours", urlsplit(settings.CARDLINE_FILES_ORIGIN).netloc)


def asker(world: World, route: str) -> Any:
    """Somebody who gets past the door of this page."""
    browser = world.people["agent" if route.startswith(("desk", "floor", "staff")) else "member"]
    browser.raise_request_exception = False
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("rough", [*map(in_each_engine, ROUGH)], ids=range(len(ROUGH)))
def test_rough_fields_break_nothing(world: World, rough: str) -> None:  # SR-48
    for method, route in PAGES:
        address, browser = Address(written(route)), asker(world, route)
        fields = {**FORMS.get(address.route, nothing)(world), **QUERIES.get(address.route, nothing)(world)}
        sent = dict.fromkeys((*fields, *ANYWHERE), rough)
        with undone():
            url = address.filled(world.values())
            answer = browser.get(url, sent) if method == "GET" else browser.post(url, sent)
        is_whole(answer, f"{method} /{route}")


@pytest.mark.long_on_postgres
@pytest.mark.django_db
def test_one_rough_field_among_good_ones_breaks_nothing(world: World) -> None:  # SR-48
    """So that what is checked first does not hide what is checked last."""
    for method, route in PAGES:
        address, browser = Address(written(route)), asker(world, route)
        good = (FORMS if method == "POST" else QUERIES).get(address.route, nothing)(world)
        for name in (*good, "back", "next"):
            with undone():
                url, sent = address.filled(world.values()), {**good, name: INJECTION}
                answer = browser.get(url, sent) if method == "GET" else browser.post(url, sent)
            is_whole(answer, f"{method} /{route}, {name}")


@pytest.mark.django_db
def test_rough_addresses_break_nothing(world: World) -> None:
    for method, route in PAGES:
        if "<" not in route:
            continue
        for rough in ADDRESSES:
            values = {name: quote(rough[:200], safe="") for name in world.values()}
            url = Address(written(route)).filled(values)
            with undone():
                answer = asker(world, route).generic(method, url)
            is_whole(answer, f"{method} {url[:80]}")


def test_an_event_is_one_line_whatever_is_in_it() -> None:  # SR-48
    record = logging.makeLogRecord(
        {"name": "x", "msg": "a\r\nb\x00", "levelname": "INFO", "said": 'c\n{"level": "forged"}\u2028'}
    )
    line = LineFormatter().format(record)
    assert not {"\r", "\n", "\x00"} & set(line)
    assert json.loads(line)["event"].startswith("a")


def nothing(world: World) -> dict[str, Any]:
    return {}
