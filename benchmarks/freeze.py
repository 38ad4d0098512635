"""From the tap on "Freeze" to the page that says "Frozen since", in headless Chromium: alone, and beside a busy chat.

With the embedded core, through a running server: the press, its command and commit, the redirect, the page that follows
and its drawing. The same by a bare client (POST, redirect, GET) is the part of it that is ours.
Usage: python -m benchmarks.freeze [PRESSES] [TAPS]
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from benchmarks import bench

PORT = bench.free_port()
RATE = 100  # messages a second of the busy chat
REACH_MS = 300
CARD = "card_of_bench"
FROZEN = re.compile(r"Frozen since")


def issue_card() -> None:
    """A card for the first member. Runs in a process whose CARDLINE_DATA is the benchmark's folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    import django

    django.setup()
    from cardline.issuer.embedded import models as rows
    from cardline.kit import clock

    now = clock.now()
    customer = rows.Customer.objects.create(number="bench-0", name="Member 0")
    account = rows.Account.objects.create(
        token="acc_of_bench", product="Everyday Card", currency="USD", opened_at=now
    )
    rows.Holder.objects.create(account=account, customer=customer, role="basic")
    rows.Card.objects.create(
        token=CARD,
        account=account,
        customer=customer,
        role="basic",
        bin="370000",
        last4="1001",
        activated_at=now,
    )


def by_browser(world: bench.World, presses: int, *, scripts: bool = True) -> list[float]:
    """Milliseconds of each freeze; the undoing between them is not counted. Without scripts a whole page follows."""
    chromium = subprocess.run(
        [bench.ROOT / "bin" / "find", "chromium"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(java_script_enabled=scripts)
        name, _, value = world.cookies[0].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{PORT}"}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{PORT}/cards")
        took = [_tap(page) for _ in range(presses)]
        browser.close()
    return took


def _tap(page: Page) -> float:
    freeze = page.get_by_role("button", name=re.compile("^Freeze card"))
    freeze.wait_for()
    began = time.perf_counter()
    freeze.click(no_wait_after=True)
    page.get_by_text(FROZEN).first.wait_for()
    took = time.perf_counter() - began
    page.get_by_role("button", name=re.compile("^Undo")).click()
    return took * 1e3


def by_client(world: bench.World, presses: int) -> list[float]:
    """The same without a browser: POST, redirect, GET, on one connection."""
    line = HTTPConnection("127.0.0.1", PORT)
    cookie, _ = world.cookies[0], line.connect()

    def ask(method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        body = urlencode(form) if form else None
        headers = {"Cookie": cookie, "Referer": f"http://127.0.0.1:{PORT}/cards"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("Set-Cookie", "")

    _, page, set_cookie = ask("GET", "/cards")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    kept = re.search(r"cardline_csrf=[^;]+", set_cookie)
    if token is None or kept is None:
        raise SystemExit("the cards page has no form to post")
    cookie = f"{cookie}; {kept[0]}"

    def press(action: str) -> str:
        form = {"csrfmiddlewaretoken": token[1], "key": uuid.uuid4().hex}
        status, _, _ = ask("POST", f"/cards/{CARD}/{action}", form)
        if status != 302:
            raise SystemExit(f"{action}: {status}")
        return ask("GET", "/cards")[1]

    took = []
    for _ in range(presses):
        began = time.perf_counter()
        page = press("freeze")
        took.append((time.perf_counter() - began) * 1e3)
        if not FROZEN.search(page):
            raise SystemExit("the page does not say that the card is frozen")
        press("unfreeze")
    line.close()
    return took


@contextmanager
def busy_chat(world: bench.World) -> Iterator[None]:
    """The other members write, a hundred messages a second together, until the block ends."""
    stop = threading.Event()

    async def write() -> None:
        sockets = [await bench.Socket.open(PORT, cookie) for cookie in world.cookies[1:]]
        readers = [asyncio.ensure_future(_read(socket)) for socket in sockets]
        began, sent = time.perf_counter(), 0
        while not stop.is_set():
            await asyncio.sleep(max(0.0, began + sent / RATE - time.perf_counter()))
            place = 1 + sent % len(sockets)
            text = f"{bench.TEXT} {sent}"
            sockets[place - 1].send(
                {"send": f"contact:{world.contacts[place]}", "key": uuid.uuid4().hex, "text": text}
            )
            sent += 1
        for reader in readers:
            reader.cancel()

    thread = threading.Thread(target=lambda: asyncio.run(write()))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


async def _read(socket: bench.Socket) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            await socket.receive()


def main(presses: int = 100, taps: int = 20) -> None:
    """taps: presses by the browser, which is several processes and needs every core it can get: nothing is pinned."""
    rows: list[tuple[object, ...]] = [("how", "chat", "p50 ms", "p95 ms", "slowest ms")]
    ways: dict[str, tuple[Callable[[bench.World, int], list[float]], int]] = {
        "POST, redirect, GET": (by_client, presses),
        "tap in Chromium": (by_browser, taps),
        "tap in Chromium, no scripts": (partial(by_browser, scripts=False), taps),
    }
    with bench.folder() as folder:
        world = bench.make_world(folder, 33)
        env = {**os.environ, **bench.EMBEDDED, "CARDLINE_DATA": str(folder)}
        subprocess.run(
            [sys.executable, "-m", "benchmarks.freeze", "issue"], env=env, check=True, cwd=bench.ROOT
        )
        with bench.server(world, PORT, CARDLINE_LIMIT_FACTOR="1000"):
            for name, (way, times) in ways.items():
                if times:
                    way(world, 5)
                    rows.append((name, "quiet", *_figures(way(world, times))))
                    with busy_chat(world):
                        rows.append((name, f"{RATE} messages/s", *_figures(way(world, times))))
    bench.report(f"From the tap to “Frozen since”, embedded core (reach: p95 {REACH_MS} ms)", rows)


def _figures(took: list[float]) -> tuple[str, str, str]:
    return (
        f"{bench.percentile(took, 0.5):.0f}",
        f"{bench.percentile(took, 0.95):.0f}",
        f"{max(took):.0f}",
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["issue"]:
        issue_card()
    else:
        main(*map(int, sys.argv[1:]))
