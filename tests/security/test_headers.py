"""What stands around every answer: policies and cookies, by class of answer (SR-40, SR-41)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.migrated import migrated_database
from tests.security.addresses import Address
from tests.security.test_endpoints_by_actor import PAGES, ask, written
from tests.security.world import World, undone

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' NONCE",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# On every answer Django makes. Nothing else is, but what ANSWERS adds for its class.
ALWAYS = {
    "Content-Security-Policy",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Request-Id",
    "Cache-Control",
}
VALUES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
# class → (who, address, status, type, what it has besides)
ANSWERS: dict[str, tuple[str, str, int, str, set[str]]] = {
    "page of a visitor": ("guest", "/", 200, "text/html; charset=utf-8", set()),
    "page of a member": ("member", "/contacts", 200, "text/html; charset=utf-8", set()),
    "page of a colleague": ("agent", "/desk", 200, "text/html; charset=utf-8", set()),
    "fragment": ("agent", "/desk/items", 200, "text/html; charset=utf-8", set()),
    "nothing there": ("guest", "/nothing", 404, "text/html; charset=utf-8", set()),
    "not permitted": ("agent", "/floor", 403, "text/html; charset=utf-8", set()),
    "sign in first": ("guest", "/contacts", 401, "text/html; charset=utf-8", set()),
    "sent elsewhere": ("guest", "/desk", 302, "text/html; charset=utf-8", {"Location"}),
    "wrong method": ("guest", "/sign-out", 405, "text/html; charset=utf-8", {"Allow"}),
    "health": ("guest", "/healthz", 200, "application/json", set()),
    "figures": ("guest", "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", set()),
    "schema": ("guest", "/api/v1/openapi.json", 200, "application/json", set()),
    "problem": ("guest", "/api/v1/cases", 401, "application/problem+json", {"WWW-Authenticate"}),
}


def policy(response: Any) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return dict(re.sub(r"'nonce-[^']+'", "NONCE", part).split(" ", 1) for part in parts)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ANSWERS)
def test_the_headers_of_each_class_of_answer_are_these(kind: str, world: World) -> None:  # SR-40, SR-41
    who, url, status, content_type, besides = ANSWERS[kind]
    answer = world.people[who].get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert set(answer.headers) == ALWAYS | besides
    assert {name: answer.headers[name] for name in VALUES} == VALUES
    found = policy(answer)
    # Where no page with a script was made there is no nonce to give.
    assert found["script-src"] in ("'self'", "'self' NONCE")
    assert found | {"script-src": POLICY["script-src"]} == POLICY


@pytest.mark.django_db
def test_what_the_api_says_of_a_member_is_not_kept(world: World) -> None:
    answer = world.callers["issuer"].get(f"/cases/{world.scene.ref}")
    assert set(answer.headers) == ALWAYS
    assert {name: answer.headers[name] for name in VALUES} == VALUES


@pytest.mark.django_db
def test_a_sheet_without_anybody_in_it_may_be_kept(world: World) -> None:
    answer = world.people["member"].get("/look.css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert set(answer.headers) == ALWAYS - {"Permissions-Policy"}  # no document
    assert str(world.cast.rosa.given_name) not in answer.content.decode()


class Finder(HTMLParser):
    """Everything in a page that a policy without unsafe-inline has to allow by name, or would break."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.nonces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.nonces.append(given.get("nonce") or "")
        for name, value in attrs:
            runs = (
                name.startswith("on")
                or name == "style"
                or (value or "").strip().lower().startswith("javascript:")
            )
            if runs or (name.startswith("hx-on") or name.startswith("hx-vals") and "js:" in (value or "")):
                self.inline.append(f"<{tag} {name}>")


@pytest.mark.django_db
def test_no_page_needs_what_the_policy_forbids(world: World) -> None:  # SR-40
    seen = 0
    for (method, route), expected in PAGES.items():
        # One of those who get the same kind of answer stands for them.
        for actor in {status: actor for actor, status in expected.items() if status != "in"}.values():
            if method != "GET":
                continue
            with undone():
                answer = ask(world.people[actor], "GET", Address(written(route)), world)
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            seen += 1
            finder = Finder()
            finder.feed(answer.content.decode())
            assert finder.inline == [], f"/{route} as {actor}"
            given = answer.headers["Content-Security-Policy"]
            assert all(nonce and f"'nonce-{nonce}'" in given for nonce in finder.nonces), (
                f"/{route} as {actor}"
            )
    assert seen > 40


@pytest.mark.django_db
def test_each_answer_has_a_nonce_of_its_own(world: World) -> None:  # SR-40
    given = {world.people["guest"].get("/").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(given) == 5


# ------------------------------------------------------------------------------------------------------- cookies

COOKIES = """
import json, sys
import django
django.setup()
from django.test import Client
secure = sys.argv[1] == "1"
client = Client(SERVER_NAME="localhost")
client.get("/", secure=secure)
client.post("/language", {"language": "es"}, secure=secure)
client.post("/theme", {"theme": "dark"}, secure=secure)
client.post("/messages", {"need": "payment.make", "text": "Hello", "key": "form-key-0001"}, secure=secure)
name = {"given_name": "Nora", "family_name": "Lindqvist"}
client.post("/apply/everyday/name", name, secure=secure)
page = client.get("/", secure=secure)
flags = {c.key: {k: v for k, v in c.items() if v and k not in ("expires", "max-age")} for c in client.cookies.values()}
print(json.dumps({"cookies": flags, "hsts": page.headers.get("Strict-Transport-Security", "")}))
"""


def cookies(tmp_path: Path, tls: bool) -> dict[str, Any]:
    shutil.copyfile(migrated_database(), tmp_path / "cardline.sqlite3")
    environment = {
        k: v for k, v in os.environ.items() if k not in ("CARDLINE_DATABASE_URL", "CARDLINE_REDIS_URL")
    }
    environment |= {
        "CARDLINE_DATA": str(tmp_path),
        "CARDLINE_TLS": "1" if tls else "",
        "DJANGO_SETTINGS_MODULE": "cardline.config.settings",
    }
    run = subprocess.run(
        [sys.executable, "-c", COOKIES, "1" if tls else "0"],
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


CLOSED = {"path": "/", "httponly": True, "samesite": "Lax"}
NAMES = (
    "cardline_session",
    "cardline_csrf",
    "cardline_language",
    "cardline_theme",
    "cardline_application",
)


def test_over_tls_cookies_are_bound_to_the_host_and_sent_encrypted_only(tmp_path: Path) -> None:  # SR-41
    found = cookies(tmp_path, tls=True)
    assert found["cookies"] == {f"__Host-{name}": {**CLOSED, "secure": True} for name in NAMES}
    assert found["hsts"] == "max-age=31536000"


def test_on_loopback_cookies_lose_prefix_and_secure_and_nothing_else(tmp_path: Path) -> None:  # SR-41
    found = cookies(tmp_path, tls=False)
    assert found["cookies"] == dict.fromkeys(NAMES, CLOSED)
    assert found["hsts"] == ""
