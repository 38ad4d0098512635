"""A card core elsewhere, silent or slow: a freeze is kept and comes true, and nobody else waits (SR-77, SR-82)."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks import bench
from cardline.issuer.lithic.stand import KEY, LithicStand, lithic_stand
from cardline.ui.tests.browser import chromium

pytestmark = pytest.mark.fault
PORT = bench.free_port()
MESSAGES = 150
SLOW = 4.0  # seconds an answer takes; the adapter waits five


@pytest.fixture
def stand() -> Iterator[LithicStand]:
    with lithic_stand() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, stand: LithicStand) -> bench.World:
    """Two members in conversations, of whom the first has the card at the stand-in for Lithic."""
    made = bench.make_world(tmp_path, 2)
    with sqlite3.connect(tmp_path / "cardline.sqlite3") as database:
        database.execute(
            "UPDATE members_member SET core_customer = ? WHERE core_customer = 'bench-0'", [stand.customer]
        )
    key = tmp_path / "lithic.key"
    key.write_text(KEY)
    key.chmod(0o600)
    return made


@contextmanager
def served(world: bench.World, stand: LithicStand) -> Iterator[Browser]:
    elsewhere = {
        "CARDLINE_CORE": "lithic",
        "CARDLINE_LITHIC_URL": stand.address,
        "CARDLINE_LITHIC_KEY_FILE": str(world.folder / "lithic.key"),
        "CARDLINE_LIMIT_FACTOR": "100",
    }
    with bench.server(world, PORT, **elsewhere) as process:
        yield Browser(world, stand.card, process.send_signal)


class Browser:
    """The first member, as a browser without scripts."""

    def __init__(self, world: bench.World, card: str, send_signal: Callable[[int], None]) -> None:
        self.cookie, self.card, self.send_signal = world.cookies[0], card, send_signal

    def get(self, path: str) -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": self.cookie})
        with urllib.request.urlopen(request, timeout=30) as answer:
            token = answer.headers.get("Set-Cookie", "")
            if (found := re.search(r"cardline_csrf=[^;]+", token)) and "cardline_csrf" not in self.cookie:
                self.cookie += f"; {found[0]}"
            page: str = answer.read().decode()
        return page

    def press(self, page: str, action: str) -> str:
        """The page that follows a press on the form that leads to `action`."""
        form = page.split(f'action="/cards/{self.card}/{action}"')[1].split("</form>")[0]
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        fields["csrfmiddlewaretoken"] = token[1]
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/cards/{self.card}/{action}",
            data=urllib.parse.urlencode(fields).encode(),
            headers={"Cookie": self.cookie, "Referer": f"http://127.0.0.1:{PORT}/cards"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            after: str = answer.read().decode()
        return after


def wait_for(true: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.1)


def state_of(world: bench.World) -> str:
    database = sqlite3.connect(world.folder / "cardline.sqlite3")
    row = database.execute("SELECT state FROM cards_freezewish").fetchone()
    database.close()
    return str(row[0]) if row else ""


def test_a_freeze_outlives_a_silent_core_and_a_killed_process(world: bench.World, stand: LithicStand) -> None:
    with served(world, stand) as maya:
        page = maya.get("/cards")
        assert "Card ending 4471" in page and "As of" not in page
        stand.cut()
        page = maya.press(page, "freeze")
        assert "Asked, not confirmed yet" in page and "Frozen since" not in page
        assert "As of" in page and "Card ending 4471" in page  # the last known state, with its time
        wait_for(lambda: state_of(world) == "unknown")
        maya.send_signal(signal.SIGKILL)
    before = stand.changes()
    with served(world, stand) as maya:
        assert state_of(world) == "unknown"
        stand.mend()
        wait_for(lambda: state_of(world) == "confirmed", 70)
        assert "Frozen since" in maya.get("/cards")
    assert stand.changes() - before == 1
    assert stand.double.cards[stand.card]["state"] == "PAUSED"


@pytest.mark.browser
def test_the_page_moves_on_by_itself_once_the_core_confirms_it(
    world: bench.World, stand: LithicStand
) -> None:
    with served(world, stand), chromium() as browser:
        context = browser.new_context()
        name, _, value = world.cookies[0].partition("=")
        address = f"http://127.0.0.1:{PORT}"
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page, card, home = context.new_page(), context.new_page(), context.new_page()
        page.goto(f"{address}/cards")
        stand.cut()
        page.get_by_role("button", name="Freeze card 4471").click()
        expect(page.get_by_text("Asked, not confirmed yet")).to_be_visible()
        wait_for(lambda: state_of(world) == "unknown")
        home.goto(address)
        expect(home.locator(".urgent")).to_contain_text("not confirmed yet")
        stand.mend()
        expect(page.get_by_text("Frozen since")).to_be_visible(timeout=70_000)
        expect(home.locator(".urgent")).to_contain_text("frozen at", timeout=20_000)
        card.goto(f"{address}/cards/{stand.card}")
        expect(card.locator(".uses .stopped")).not_to_have_count(0)


def test_an_answer_lost_after_the_core_did_it_freezes_once(world: bench.World, stand: LithicStand) -> None:
    with served(world, stand) as maya:
        page = maya.get("/cards")
        stand.lose_answers()  # the adapter waits five seconds for it
        page = maya.press(page, "freeze")
        wait_for(lambda: state_of(world) == "unknown")
        assert stand.double.cards[stand.card]["state"] == "PAUSED"
        stand.mend()
        wait_for(lambda: state_of(world) == "confirmed", 70)
    assert stand.changes() == 1


def test_messages_go_on_at_their_usual_speed_while_the_core_takes_its_time(
    world: bench.World, stand: LithicStand, record_property: Callable[[str, object], None]
) -> None:
    """With presses that need the core's answer under way all the time: one of them held the writer for every one."""
    with served(world, stand) as maya:
        page = maya.get("/cards")
        maya.press(page, "freeze")
        wait_for(lambda: state_of(world) == "confirmed", 5)
        page = maya.get("/cards")
        calm = asyncio.run(acknowledged(world))
        stand.seconds = SLOW
        under_way = [threading.Thread(target=_press_and_give_up, args=(maya, page)) for _ in range(4)]
        for thread in under_way:
            thread.start()
        time.sleep(0.5)
        slow = asyncio.run(acknowledged(world))
        assert any(thread.is_alive() for thread in under_way), "the core was not slow while messages went"
        stand.seconds = 0.0
        for thread in under_way:
            thread.join(60)
        assert stand.double.cards[stand.card]["state"] == "OPEN"  # and what was pressed was done
    record_property("slowest_ms_calm", round(max(calm) * 1e3))
    record_property("slowest_ms_while_the_core_is_slow", round(max(slow) * 1e3))
    assert len(slow) == MESSAGES
    # A busy machine may stop anybody for a moment; a held writer stops everybody for seconds.
    assert max(slow) < SLOW / 2
    assert sorted(slow)[len(slow) // 2] < 5 * sorted(calm)[len(calm) // 2] + 0.02


def _press_and_give_up(maya: Browser, page: str) -> None:
    try:
        maya.press(page, "unfreeze")
    except urllib.error.HTTPError:
        return  # 503 "asked, not confirmed yet" is an answer, too


async def acknowledged(world: bench.World) -> list[float]:
    """The second member writes, message by message: seconds until each is acknowledged."""
    member = await bench.Socket.open(PORT, world.cookies[1])
    took = []
    for number in range(MESSAGES):
        began, key = time.perf_counter(), f"{time.time_ns()}-{number}"
        member.send({"send": f"contact:{world.contacts[1]}", "key": key, "text": f"message {number}"})
        while (await asyncio.wait_for(member.receive(), 30)).get("ack") != key:
            pass
        took.append(time.perf_counter() - began)
    member.close()
    return took
