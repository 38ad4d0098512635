"""Grown, with Redis killed, the outbox full of what cannot be done and mail refused: a card that is gone is frozen all
the same, on the web, in a chat and by a stranger's word (SR-77). What came late is the news of it, which leaves by
itself once things are back.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks import bench
from cardline.notify.tests.test_smtp import MailServer
from tests.faults.test_database_down import wait_for
from tests.faults.test_processes import Grown, database_url  # noqa: F401 - a fixture used by name

pytestmark = pytest.mark.postgres
PORT = bench.free_port()
POISON = 1_000  # items that were due before anything of this story
AT_ONCE = 5.0  # seconds in which a press is answered, although everything else is down
REFUSES, TAKES = "450 not now", "250 ok"

# Maya and Luis with their cards, and a session of each as their sign-in would leave it.
_FILL = """
import django, json; django.setup()
from cardline.demo.people import member_of, settle_cast
from cardline.kit import clock
settle_cast(clock.now())
def sign_in(member):
    from django.test import Client
    from cardline.identity.commands import record_sign_in
    from cardline.identity.queries import session_hash
    from cardline.kit.actors import SYSTEM
    browser = Client()
    browser.force_login(member.user, backend="cardline.identity.backend.SignInBackend")
    key = browser.session.session_key
    record_sign_in(by=SYSTEM, now=clock.now(), member_id=member.pk, session=session_hash(key))
    return key
print(json.dumps([sign_in(member_of(who)) for who in ("maya", "luis")]))
"""


class Redis:
    """A broker of this test's own, so that nobody else's dies with it."""

    def __init__(self) -> None:
        self.port = bench.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        found = subprocess.run([bench.ROOT / "bin" / "find", "redis-server"], capture_output=True, text=True)
        self.program = found.stdout.strip()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                self.program,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Browser:
    """Somebody's browser without scripts: opens addresses, fills forms, presses their buttons."""

    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    at: str = ""

    def open(self, path: str, form: list[tuple[str, str]] | None = None) -> str:
        """The page it ends on. Fails where one answer takes longer than AT_ONCE."""
        line = http.client.HTTPConnection("localhost", PORT, timeout=AT_ONCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("POST" if body is not None else "GET", path, body, headers)
        answer = line.getresponse()
        said = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        if answer.status == 302:
            return self.open(answer.headers["Location"])
        assert answer.status == 200, (path, answer.status, said[:500])
        self.page, self.at = said, path
        return said

    def press(self, button: str, **typed: str) -> str:
        """Send the form that holds this piece of markup, which ends in a button's name and value."""
        form = next(one for one in re.findall(r"<form.*?</form>", self.page, re.S) if button in one)
        where = re.search(r'action="([^"]+)"', form)
        sent = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        pressed = re.findall(r'name="([^"]+)" value="([^"]*)"', button)
        return self.open(where[1] if where else self.at, [*sent, *pressed, *typed.items()])


@dataclass
class Ruins:
    """The product grown, and what is broken around it."""

    grown: Grown
    redis: Redis
    mail: MailServer
    database: psycopg.Connection
    sessions: list[str]

    def ask(self, query: str) -> Any:
        row = self.database.execute(query).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None

    def break_everything(self) -> None:
        self.redis.kill()
        self.mail.answer = REFUSES
        self.database.execute(
            "INSERT INTO kit_outboxitem (kind, payload, due_at, tries, lease, error)"
            " SELECT 'poison', '{}', now() - interval '1 day', 0, 0, '' FROM generate_series(1, %s)",
            [POISON],
        )

    def mend_everything(self) -> None:
        self.redis.start()
        self.mail.answer = TAKES


@pytest.fixture
def ruins(tmp_path: Path, database_url: str) -> Iterator[Ruins]:  # noqa: F811 - the fixture above
    redis, grown = Redis(), Grown(tmp_path, database_url)
    with MailServer() as mail, psycopg.connect(database_url, autocommit=True) as database:
        threading.Thread(target=mail.serve_forever, args=(0.01,), daemon=True).start()
        grown.env |= {
            "CARDLINE_REDIS_URL": redis.url,
            "CARDLINE_MAIL_URL": f"smtp://127.0.0.1:{mail.server_address[1]}",
            "CARDLINE_MAIL_FROM": "alerts@issuer.example",
        }
        try:
            grown.web(PORT)
            filled = subprocess.run(
                [sys.executable, "-c", _FILL], env=grown.env | {"DJANGO_SETTINGS_MODULE": "cardline.config.settings"},
                cwd=bench.ROOT, check=True, capture_output=True, text=True,
            )  # fmt: skip
            grown.start("worker")
            yield Ruins(grown, redis, mail, database, json.loads(filled.stdout.splitlines()[-1]))
        finally:
            grown.stop()
            redis.kill()
            mail.shutdown()


def test_a_card_that_is_gone_is_frozen_while_nothing_else_works(ruins: Ruins) -> None:  # SR-77
    maya, luis = (Browser({"cardline_session": session}) for session in ruins.sessions)
    ruins.break_everything()

    maya.open("/lost-card")
    maya.press(f'name="answer" value="{card_in(maya.page)}"')
    assert "Card ending 4471 is frozen. Nobody can buy with it." in maya.page

    luis.open("/get-help/lost_stolen.report")
    luis.press('name="need" value="lost_stolen.report"', text="My wallet is gone")
    assert luis.at.startswith("/chat/")
    luis.press('name="flow" value="lost_stolen.report"')
    luis.press(f'name="answer" value="{card_in(luis.page)}"')
    assert "Card ending 2206 is frozen. Nobody can buy with it." in luis.page

    neighbour = Browser()
    neighbour.open("/lost-card")
    neighbour.press('name="steps"', answer="Nils Lindqvist")
    neighbour.press('name="steps"', answer="it ends in 3408")
    assert "If this points to one card of ours, it is frozen now" in neighbour.page
    wait_for(lambda: ruins.ask("SELECT count(*) FROM embedded_core_card WHERE frozen_at IS NOT NULL") == 3)

    somebody = Browser()
    somebody.open("/get-help/lost_stolen.report")
    somebody.press('name="need" value="lost_stolen.report"', text="Nobody answers the phone")
    assert somebody.at.startswith("/chat/") and "Nobody answers the phone" in somebody.page

    assert ruins.ask("SELECT count(*) FROM kit_outboxitem WHERE done_at IS NULL") > POISON
    assert not ruins.mail.taken, "the news of it left although no mail was taken"
    ruins.mend_everything()
    wait_for(lambda: b"nils.lindqvist" in arrived(ruins.mail))  # what a stranger said of his card


def card_in(page: str) -> str:
    """The only card that is offered."""
    found = re.findall(r'name="answer" value="(card_[^"]+)"', page)
    assert len(found) == 1, found
    return str(found[0])


def arrived(mail: MailServer) -> set[bytes]:
    """What stands before the @ of each address that mail came to."""
    return {name for letter in mail.taken for name in re.findall(rb"^To: ([\w.]+)@", letter, re.M)}
