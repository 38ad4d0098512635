"""A provider of text messages on this machine, in the shapes of Twilio's Messages resource (API of 2010-04-01).

The fields are those its public documentation shows for a message that was created, a list of them, and an error; the
names and numbers are invented.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cardline.kit.outward import Outward

ACCOUNT, KEY, SENDER = "AC" + "0" * 32, "a-key-of-nobody", "+12125550100"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@dataclass
class Provider:
    """status, error: what it answers, 201 takes the message. falls_silent: it takes one and says nothing."""

    status: int = 201
    error: int = 0
    falls_silent: bool = False
    redirect: str = ""
    answer: bytes | None = None
    age: timedelta = timedelta(0)
    taken: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def create(self, form: dict[str, str]) -> dict[str, Any]:
        row = {
            "sid": f"SM{len(self.taken):032x}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "num_segments": "1",
            "date_created": format_datetime(datetime.now(UTC) - self.age),
            "error_code": None,
            "error_message": None,
        }
        self.taken.append(row)
        return row


class ThisMachine(Outward):
    """The way there without TLS and on this machine, which the real one refuses."""

    def __init__(self, port: int, seconds: float) -> None:
        super().__init__("https://texts.example", seconds=seconds)
        self._there = port

    def _connection(self, seconds: float) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self._there, timeout=seconds)


@contextmanager
def running(provider: Provider, seconds: float = 0.5) -> Iterator[Outward]:
    class Conversation(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            typed = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._hear()
            if provider.status != 201:
                self._say(
                    provider.status, {"code": provider.error, "message": typed, "status": provider.status}
                )
                return
            row = provider.create({name: words[0] for name, words in parse_qs(typed).items()})
            if not provider.falls_silent:
                self._say(201, row)

        def do_GET(self) -> None:
            self._hear()
            wanted = parse_qs(urlsplit(self.path).query)["To"][0]
            rows = [row for row in reversed(provider.taken) if row["to"] == wanted]
            self._say(200, {"messages": rows, "page": 0, "page_size": 50, "next_page_uri": None})

        def _hear(self) -> None:
            provider.heard.append(f"{self.command} {self.path}")
            expected = b64encode(f"{ACCOUNT}:{KEY}".encode()).decode()
            assert self.headers["Authorization"] == f"Basic {expected}"

        def _say(self, status: int, answer: object) -> None:
            self.send_response(status)
            if provider.redirect:
                self.send_header("Location", provider.redirect)
            body = provider.answer if provider.answer is not None else json.dumps(answer).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Conversation) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield ThisMachine(server.server_address[1], seconds)
        server.shutdown()
