"""Browser journeys: a served demo world, headless Chromium, and the gate every page must pass.

The same journeys run on SQLite and, for those marked `postgres_journey`, on PostgreSQL and Redis: the server takes the
engine from CARDLINE_DATABASE_URL and CARDLINE_REDIS_URL, a database of its own each.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from benchmarks import bench
from tests.journeys.filled import drop_database, filled_copy, shared_folder
from tests.journeys.gate import DESKTOP, PHONE, gate

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)


PATIENCE = 15_000  # ms: what takes a moment here may take ten on a busy machine
expect.set_options(timeout=PATIENCE)

Look = Callable[[Page, str], None]


@dataclass
class World:
    """A served demo. `pass_time("+2d")` runs the command line beside the server, as an operator would."""

    address: str
    env: dict[str, str]
    log: Path

    def cardline(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cardline.config.cli", *words],
            env=self.env, cwd=bench.ROOT, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def pass_time(self, span: str) -> None:
        done = self.cardline("demo-time", span)
        assert done.returncode == 0, done.stderr


Served = Callable[..., Iterator[World]]


@pytest.fixture(scope="session")
def serve_world(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """`yield from serve_world("fernhill")` in a fixture: that issuer's demo served, and stopped in the end.

    static: files as they lie in the tree, or as set-up collected them: hashed, compressed, kept by browsers.
    """

    def serve(
        profile: str = "american-express", static: Literal["source", "collected"] = "source"
    ) -> Iterator[World]:
        root = Path(tempfile.mkdtemp(prefix="cardline-journey-"))
        copy = filled_copy(profile, root / "data", shared_folder(tmp_path_factory))
        port = bench.free_port()
        env = {
            **os.environ,
            "CARDLINE_DATA": str(copy.folder),
            "CARDLINE_DATABASE_URL": copy.database_url,
            "CARDLINE_DEMO": "1",
            "CARDLINE_PROFILE": profile,
            "CARDLINE_STATIC": static,
            "CARDLINE_LIMIT_FACTOR": "100",
        }
        log = root / "server.log"
        process = subprocess.Popen(
            [sys.executable, "-m", "cardline.config.cli", "demo", "--history", "0", "--port", str(port)],
            env=env, cwd=bench.ROOT, stderr=log.open("wb"),
        )  # fmt: skip
        try:
            bench.wait_ready(port, process, 60)
            yield World(f"http://localhost:{port}", env, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            if copy.database_url:
                drop_database(copy.database_url)
            broken = [line for line in log.read_text().splitlines() if '"trace"' in line]
            shutil.rmtree(root, ignore_errors=True)
            assert not broken, broken[0][:2000]

    return serve


@pytest.fixture(scope="session")
def world(serve_world: Served) -> Iterator[World]:
    """The one most journeys share. Those that let time pass, or need an empty desk, have a `world` of their own."""
    yield from serve_world()


def chromium_path() -> str:
    found = subprocess.run(
        [bench.ROOT / "bin" / "find", "chromium"], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM)
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at a screen of their own."""

    page: Page
    world: World
    context: BrowserContext
    language: str = "en"  # of ISO 639

    def open(self, path: str) -> Page:
        self.page.goto(self.world.address + path)
        return self.page

    def sign_in(self, name: str) -> Page:
        """One press on the demo's cast page; in the language of this browser, whichever an earlier journey chose."""
        self.open("/demo")
        self.page.get_by_role("button", name=f"Be {name}", exact=True).click()
        self.page.wait_for_load_state()
        other = self.page.locator(f'form[action="/language"] button[value="{self.language}"]')
        if other.count():
            other.click()
            self.page.wait_for_load_state()
        return self.page


@dataclass
class People:
    browser: Browser
    world: World
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __call__(
        self, *, phone: bool = False, dark: bool = False, language: str = "en-US", **more: Any
    ) -> Person:
        context = self.browser.new_context(
            viewport=dict(zip(("width", "height"), PHONE if phone else DESKTOP, strict=True)),  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",  # so that a picture is never one of a colour on its way
            **more,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.errors.append(f"{page.url}: {said.text}") if "Content Security" in said.text else None
            ),
        )
        return Person(page, self.world, context, language.partition("-")[0])


@pytest.fixture
def people(chromium: Browser, world: World) -> Iterator[People]:
    made = People(chromium, world)
    yield made
    for context in made.contexts:
        context.close()
    assert made.errors == []


@pytest.fixture
def look() -> Look:
    """Check the gate on this page as it is now; keep a picture of it when CARDLINE_SHOTS names a folder."""

    def looked(page: Page, name: str) -> None:
        shots = os.environ.get("CARDLINE_SHOTS")
        if shots:
            Path(shots).mkdir(parents=True, exist_ok=True)
            # Hiding the caret would write style attributes, which our policy refuses.
            page.screenshot(path=Path(shots) / f"{name}.png", full_page=True, caret="initial")
        gate(page, name)

    return looked
