"""The system's Chromium, and pages that exist only in memory."""

from __future__ import annotations

import mimetypes
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

AS_IN_THE_TREE = "django.contrib.staticfiles.storage.StaticFilesStorage"
ROOT = Path(__file__).parents[3]
STATIC = ROOT / "cardline" / "static"
SITE = "http://localhost"  # to a browser as good as TLS, so that clipboards exist


@contextmanager
def chromium() -> Iterator[Browser]:
    found = subprocess.run([ROOT / "bin" / "find", "chromium"], capture_output=True, text=True, check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=["--no-sandbox"])
        yield browser
        browser.close()


class Site:
    """Answers a page's requests from memory: `pages` by path, our own static files, nothing else.

    sent: what was posted. failing: posts end in the page /failed, else in /done. offline: nothing is answered.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: dict[str, str] = {}
        self.sent: list[str] = []
        self.failing = self.offline = False
        page.route("**/*", self._answer)

    def serve(self, path: str, body: str, *controllers: str) -> None:
        scripts = "".join(f'<script type="module" src="/static/js/{one}.js"></script>' for one in controllers)
        head = f"<meta charset=utf-8><title>{path}</title>{scripts}"
        self.pages[path] = f"<!doctype html><html lang=en><head>{head}</head><body>{body}"

    def open(self, path: str) -> None:
        self.page.goto(SITE + path)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if self.offline:
            route.abort()
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            if not file.is_file():
                return route.fulfill(status=404, body="")
            route.fulfill(body=file.read_text(), content_type=mimetypes.guess_type(file.name)[0] or "")
        elif route.request.method == "POST":
            self.sent.append(route.request.post_data or "")
            # Answered at once: a redirect's second request now and then goes to the network, past this answerer.
            status, after = (503, "/failed") if self.failing else (200, "/done")
            route.fulfill(status=status, body=self.pages[after], content_type="text/html; charset=utf-8")
        elif path in self.pages:
            kind = mimetypes.guess_type(path)[0] or "text/html"
            route.fulfill(body=self.pages[path], content_type=f"{kind}; charset=utf-8")
        else:
            route.fulfill(status=404, body="")
