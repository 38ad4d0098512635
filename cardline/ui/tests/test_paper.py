"""Papers: nothing is fetched for them, the same content is the same file, and few may wait."""

from __future__ import annotations

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.utils import translation

from cardline.ui import paper
from cardline.ui.paper import MOST_AT_ONCE, OUR_FACE, PressBusy, can_make_paper, pdf_of

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(
    not can_make_paper(), reason="Pango or HarfBuzz lacks; bin/setup installs them"
)


def made(foot: str = "Everyday Card ending 4471") -> bytes:
    return pdf_of("paper.html", {"foot": foot})


def words_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_the_same_content_is_the_same_file() -> None:
    assert made() == made()
    assert made() != made("Travel Card ending 9038")


def test_the_foot_is_in_the_language_of_the_page() -> None:
    assert "Everyday Card ending 4471 Page 1 of 1" in words_of(made())
    with translation.override("es"):
        assert "Página 1 de 1" in words_of(made())


def test_what_stands_at_the_foot_cannot_leave_its_place() -> None:
    hostile = 'x"; } body { display: none } @import url("http://example.com/a.css"); \\'
    words = words_of(made(hostile))
    assert hostile in words and "American Express (unofficial sample)" in words


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/",
        "https://example.com/a.png",
        "data:text/plain,x",
        f"{OUR_FACE}401",
        f"{OUR_FACE}../400",
    ],
)
def test_no_address_but_that_of_our_typeface_is_answered(address: str) -> None:
    with pytest.raises(ValueError, match="fetches nothing"):
        paper._fetcher().fetch(address)


def test_nothing_is_fetched_whatever_a_template_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way in which HTML and CSS can ask for something is asked of our fetcher, and refused."""
    asked: list[str] = []
    refuses = type(paper._fetcher()).fetch

    def noted(self: Any, url: str, headers: Any = None) -> Any:
        asked.append(url)
        return refuses(self, url, headers)

    monkeypatch.setattr(type(paper._fetcher()), "fetch", noted)
    page = (
        '<link rel="stylesheet" href="http://example.com/a.css"><img src="file:///etc/hostname">'
        '<object data="file:///etc/passwd"></object><svg><image href="http://example.com/b.png"/></svg>'
        '<link rel="attachment" href="file:///etc/passwd"><p style="background: url(http://example.com/c)">x</p>'
    )
    monkeypatch.setattr(paper, "render_to_string", lambda template, context: page)
    pdf = made()
    assert {"http://example.com/a.css", "file:///etc/hostname", "file:///etc/passwd"} <= set(asked)
    assert b"root:" not in pdf and not pypdf.PdfReader(io.BytesIO(pdf)).attachments


def test_who_would_wait_too_long_is_asked_to_come_back() -> None:
    with ExitStack() as waiting:
        for _ in range(MOST_AT_ONCE):
            waiting.enter_context(paper._room)
        with pytest.raises(PressBusy) as refused:
            made()
        assert (refused.value.status, refused.value.retry_after) == (503, 5)
    assert made()


def test_one_is_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    together, at_once = threading.Barrier(2, timeout=0.2), []

    def meets(html: str, foot: str) -> bytes:
        with suppress(threading.BrokenBarrierError):
            together.wait()
            at_once.append(True)
        return b""

    monkeypatch.setattr(paper, "_print", meets)
    with ThreadPoolExecutor(2) as threads:
        assert [*threads.map(lambda foot: made(foot), "ab")] == [b"", b""]
    assert not at_once


def test_a_paper_that_fails_leaves_the_press_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(paper, "_print", lambda html, foot: 1 / 0)
        for _ in range(MOST_AT_ONCE + 1):
            with pytest.raises(ZeroDivisionError):
                made()
    assert made()


def test_papers_are_in_our_typeface() -> None:
    page: Any = pypdf.PdfReader(io.BytesIO(made())).pages[0]
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]
    assert fonts and (not paper._faces() or all("+Figtree" in font for font in fonts)), fonts


def test_set_up_installs_what_papers_need() -> None:
    setup = (ROOT / "bin" / "setup").read_text()
    installed = set(re.findall(r"^need \S+ opens (\S+)$", setup, re.MULTILINE))
    # GLib, fontconfig and HarfBuzz itself come along with these.
    assert installed and installed < set(paper.LIBRARIES)


def test_without_a_library_none_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "LIBRARIES", (*paper.LIBRARIES, "libnothing-of-the-kind.so.0"))
    can_make_paper.cache_clear()
    assert can_make_paper() is False
    can_make_paper.cache_clear()
