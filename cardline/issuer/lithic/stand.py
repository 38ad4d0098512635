"""The adapter and the stand-in for Lithic together, for the suite of checks and the tests."""

from __future__ import annotations

import http.server
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import sleep

from cardline.issuer.conformance.stand import Spoil, Transport
from cardline.issuer.core import CardCore
from cardline.issuer.lithic.core import LithicCore
from cardline.issuer.lithic.double import Double
from cardline.issuer.lithic.wire import Wire

KEY = "a-key-of-the-stand-in"
_PATIENCE = 1.0  # seconds until an answer counts as lost; the double is on this machine
START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class LithicStand:
    """Two people with a card each at a stand-in for Lithic. Is its own transport: see conformance.stand."""

    def __init__(self, double: Double, core: CardCore) -> None:
        self.double = double
        self.core: CardCore = core
        self.transport: Transport | None = self
        self.address = ""
        self._at = START
        opened = START - timedelta(days=400)
        self.customer = double.open_account("Maya", "Okafor", opened)
        self.card = double.issue_card(self.customer, "4471", opened)
        self.stranger = double.open_account("Luis", "Vega", opened)
        self.strangers_card = double.issue_card(self.stranger, "0026", opened)
        self.is_cut = Event()
        self.seconds = 0.0  # each answer takes

    def now(self) -> datetime:
        self._at += timedelta(minutes=1)
        return self._at

    def purchase(self, merchant: str, amount_minor: int) -> None:
        self.double.purchase(self.card, merchant, amount_minor, self.now())

    def lose_answers(self) -> None:
        self.double.loses_answers = True

    def cut(self) -> None:
        self.is_cut.set()

    def spoil(self, how: Spoil) -> None:
        self.double.spoil = how

    def mend(self) -> None:
        self.double.loses_answers, self.double.spoil = False, None
        self.is_cut.clear()

    def changes(self) -> int:
        return self.double.changes


@contextmanager
def lithic_stand() -> Iterator[LithicStand]:
    """Serves until the block ends, on a port of this machine that the system picks."""
    double = Double(KEY)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    server.daemon_threads = True
    core = LithicCore(Wire(f"http://127.0.0.1:{server.server_port}", KEY, seconds=_PATIENCE), "USD")
    stand = LithicStand(double, core)
    stand.address = f"http://127.0.0.1:{server.server_port}"
    server.RequestHandlerClass = _handler(stand)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="lithic-double")
    thread.start()
    try:
        yield stand
    finally:
        double.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(stand: LithicStand) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_PATCH(self) -> None:
            self._serve()

        def _serve(self) -> None:
            if stand.is_cut.is_set():
                self.close_connection = True
                return
            sleep(stand.seconds)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = self.headers.get("Authorization") or ""
            answer = stand.double.answer(self.command, self.path, key, body)
            if answer is None:
                self.close_connection = True
                return
            status, written = answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:  # the other side stopped waiting, which is what some checks are about
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: standard error is for whoever runs the checks."""

    return Handler
