"""Papers: PDFs made of our own templates and one style sheet, paper.css (docs/decisions/0017-papers-from-html.md).

A template extends paper.html. What it is filled with is escaped like every page; nothing in it is fetched: the only
address that leads anywhere is that of our own typeface, and that is answered from memory.
"""

from __future__ import annotations

import atexit
import ctypes
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit.refusals import Overloaded
from cardline.ui.assets import WEIGHTS, still_faces
from cardline.ui.look import FONT_PATH

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

# Of the system, and opened by WeasyPrint when it is imported. bin/setup installs them.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libfontconfig.so.1",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
)
FORM = "pdf/ua-1"  # tagged, with title and language, as screen readers want it (ISO 14289-1)
SHEET = "css/paper.css"
OUR_FACE = "cardline-face:"

# Making one keeps a core busy, and the fonts are not made for two at a time. Who waits holds one of the 16 threads that
# serve all pages, so only a few may.
MOST_AT_ONCE = 4  # the one that is being made with them
_room = BoundedSemaphore(MOST_AT_ONCE)
_press = Lock()


class PressBusy(Overloaded):
    sentence = _("Several papers are being made right now. Try again in a few seconds.")


@lru_cache(maxsize=1)
def can_make_paper() -> bool:
    """Whether PDFs can be made here: the package and the libraries it calls are there. Else pages are printed."""
    return find_spec("weasyprint") is not None and all(map(_opens, LIBRARIES))


def pdf_of(template: str, context: Mapping[str, Any]) -> bytes:
    """The PDF of a template, in the language that is active; the same for the same content, byte for byte.

    context: with `foot`, what stands at the foot of each page beside its number, and `sheet`, rules of ours for this
    paper alone. Takes a tenth of a second and more of one core: never inside a command. Raises PressBusy.
    """
    html = render_to_string(template, {**context, "profile": current_profile()})
    foot = _foot(str(context.get("foot", "")), _brand()) + str(context.get("sheet", ""))
    with _one_at_a_time():
        return _print(html, foot)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise PressBusy()
    try:
        with _press:
            yield
    finally:
        _room.release()


def _print(html: str, foot: str) -> bytes:
    # Imported at the first paper: it takes a third of a second, and memory that a process without papers need not have.
    from weasyprint import CSS, HTML

    fonts, sheet = _fonts_and_sheet()
    paper = HTML(string=html, url_fetcher=_fetcher())
    pages = [sheet, CSS(string=foot, font_config=fonts, url_fetcher=_fetcher())]
    made: bytes = paper.write_pdf(font_config=fonts, stylesheets=pages, pdf_variant=FORM)
    return made


@lru_cache(maxsize=1)
def _fonts_and_sheet() -> tuple[FontConfiguration, CSS]:
    """Read once: they take longer than a short paper does."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    # It keeps the faces in a temporary folder, and can no longer remove that when the interpreter is half gone.
    atexit.register(_fonts_and_sheet.cache_clear)
    css = "".join(map(_face, _faces())) + Path(_found(SHEET)).read_text(encoding="utf-8")
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=_fetcher())


def _face(weight: int) -> str:
    # Figures of one width are asked of the face itself, which costs less than asking for them at each text.
    return (
        f'@font-face {{ font-family: "Figtree Paper"; font-weight: {weight}; '
        f'src: url("{OUR_FACE}{weight}"); font-feature-settings: "tnum"; }}\n'
    )


@lru_cache(maxsize=1)
def _faces() -> dict[int, bytes]:
    """The typeface in the weights of paper.css; none where set-up made none, and the system's serves."""
    found = finders.find(FONT_PATH)
    return still_faces(Path(found)) if isinstance(found, str) else {}


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """Answers for our own faces, and for nothing else whatever its address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OursAlone(URLFetcher):
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            weight = url.removeprefix(OUR_FACE)
            if weight != url and weight.isdecimal() and int(weight) in WEIGHTS:
                return URLFetcherResponse(url, _faces()[int(weight)])
            raise ValueError(f"a paper fetches nothing, and {url[:80]} was asked for")

    return OursAlone()


def _foot(words: str, brand: str) -> str:
    """What differs between papers: the issuer's colour, and the lines at the foot of each page."""
    page = gettext("Page {page} of {pages}")
    parts = re.split(r"(\{pages?\})", page)
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    numbered = " ".join(counters.get(part) or _quoted(part) for part in parts if part)
    return (
        f":root {{ --brand: {brand}; }}\n"
        f"@page {{ @bottom-left {{ content: {_quoted(words)}; }} @bottom-right {{ content: {numbered}; }} }}\n"
    )


def _quoted(text: str) -> str:
    """`text` as a string of CSS: whatever could end it is written by its number."""
    return '"' + re.sub(r'["\\\x00-\x1f\x7f<>]', lambda found: f"\\{ord(found[0]):06x}", text) + '"'


def _brand() -> str:
    return current_profile().brand.brand.light


def _found(path: str) -> str:
    found = finders.find(path)
    assert isinstance(found, str), f"{path} is a file of this tree"
    return found


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
