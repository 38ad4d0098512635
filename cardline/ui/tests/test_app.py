"""The pages as an app: what a browser is told, and what its service worker is told to keep."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.ui.app import manifest
from cardline.ui.app.worker import offline_page, session_mark, worker


def told() -> dict[str, Any]:
    """What stands in front of the worker."""
    first = worker("").split(";\n", 1)[0]
    found: dict[str, Any] = json.loads(first.removeprefix("const APP = "))
    return found


def test_the_manifest_is_the_issuer_s() -> None:
    said = json.loads(manifest.manifest())
    profile = current_profile()
    assert (said["name"], said["lang"]) == (profile.display_name.in_("en"), "en")
    assert said["theme_color"] == profile.brand.brand.light
    assert (said["start_url"], said["scope"], said["display"]) == ("/home", "/", "standalone")


def test_the_manifest_speaks_the_language_that_is_spoken() -> None:
    english = manifest.manifest_address()
    with translation.override("es"):
        assert json.loads(manifest.manifest())["shortcuts"][0]["name"] == "Tarjetas"
        assert manifest.manifest_address() != english


def test_every_icon_of_the_manifest_is_there(db: None) -> None:
    icons = json.loads(manifest.manifest())["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    for icon in icons:
        answer = Client().get(icon["src"])
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(icon["type"])
    assert current_profile().brand.brand.light in Client().get("/icon.svg").content.decode()
    assert Client().get("/icon-193.png").status_code == 404


def test_the_picture_is_the_mark_on_the_issuer_s_colour_to_the_edges() -> None:
    size, pixels = read_png(manifest.picture(192))
    brand = current_profile().brand
    ground, line = (bytes.fromhex(shade.light[1:]) for shade in (brand.brand, brand.on_brand))
    assert size == 192
    assert {pixels(0, 0), pixels(191, 0), pixels(0, 191), pixels(191, 191)} == {ground}
    assert pixels(16 * 6, 14 * 6) == line  # the card's stripe, six pixels to a unit of the drawing
    assert pixels(16 * 6, 18 * 6) == ground  # inside the bubble
    assert pixels(11 * 6 + 3, 23 * 6) == line  # its tail


def read_png(content: bytes) -> tuple[int, Callable[[int, int], bytes]]:
    """The side of a square picture, and pixels(x, y) for the colour at a place."""
    assert content.startswith(b"\x89PNG")
    chunks, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind], at = body, at + 12 + length
    (size,) = struct.unpack(">I", chunks[b"IHDR"][:4])
    rows, palette = zlib.decompress(chunks[b"IDAT"]), chunks[b"PLTE"]

    def colour(x: int, y: int) -> bytes:
        place = rows[y * (size + 1) + 1 + x] * 3
        return palette[place : place + 3]

    return size, colour


def test_the_worker_keeps_the_offline_page_and_what_that_page_is_made_of() -> None:
    page, kept = offline_page(""), told()
    used = set(re.findall(r'<link[^>]+href="([^"]+)"', page))
    assert used == set(kept["files"]) and any("tokens" in file for file in used)
    assert kept["page"] == "/offline" and kept["contacts"] == "/contacts"


def test_no_address_of_a_member_s_own_but_their_contacts_is_named_to_the_worker() -> None:
    own = ("/home", "/cards", "/transactions", "/chat")
    assert [word for word in worker("").split('"') if word.startswith(own)] == []


def test_another_language_or_theme_is_another_shell() -> None:
    before = told()["shell"]
    with translation.override("es"):
        assert told()["shell"] != before
    assert 'data-theme="dark"' in offline_page("dark") and worker("dark") != worker("")


def test_the_offline_page_has_the_numbers_and_knows_nobody(db: None) -> None:
    answer = Client().get("/offline")
    page = answer.content.decode()
    for line in current_profile().lines.values():
        assert not line.e164 or f'href="tel:{line.e164}"' in page
    assert "csrf" not in page and "<form" not in page and "<script" not in page


@pytest.mark.parametrize("path", ["/manifest.webmanifest", "/service-worker.js", "/offline", "/icon.svg"])
def test_what_a_browser_asks_for_by_itself_sets_no_cookie(path: str, db: None) -> None:
    assert not Client().get(path).cookies


def test_a_session_s_mark_differs_by_session_and_does_not_show_it() -> None:
    one, other = (Actor(Kind.MEMBER, "1", session=session) for session in ("abc" * 10, "abd" * 10))
    assert session_mark(one) != session_mark(other) and "abc" not in session_mark(one)


def test_a_page_says_its_session_to_the_script_and_an_error_page_says_none(
    cast: Any, member_client: Any
) -> None:
    client = member_client(cast.maya)
    assert re.search(r'<body data-session="[0-9a-f]{16}">', client.get("/contacts").content.decode())
    assert '<body data-session="">' in Client().get("/").content.decode()
    assert "<body>" in client.get("/nothing-here").content.decode()


def test_only_a_member_s_list_of_contacts_is_marked_to_be_kept(cast: Any, member_client: Any) -> None:
    client = member_client(cast.maya)
    assert "<!--kept " in client.get("/contacts").content.decode()
    for path in ("/", "/home", "/cards", "/transactions", "/contact"):
        assert "<!--kept" not in client.get(path).content.decode()


def test_signing_out_tells_the_browser_to_forget(cast: Any, member_client: Any) -> None:
    answer = member_client(cast.maya).post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
