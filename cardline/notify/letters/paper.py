"""A kept letter as a PDF: the same words, and the same file, whenever it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, override

from cardline.kit.refusals import Refusal
from cardline.notify.letters.address import address_block
from cardline.notify.letters.models import Letter
from cardline.notify.letters.writing import seal_of
from cardline.notify.wording import how_to_check
from cardline.trust.queries import code_of
from cardline.trust.rules import shown
from cardline.ui.paper import can_make_paper, pdf_of

TEMPLATE = "notify/sent_letter.html"
USUAL = "10"
# Large print is 16 points and more (UK Association for Accessible Formats), on the letterhead and at the foot, too.
LARGE = """@page { font-size: 12pt; }
html { font-size: 16pt; }
h1 { font-size: 20pt; }
.note { font-size: 12pt; }
p.paragraph { max-width: none; }
"""
MARGIN_LEFT, MARGIN_TOP = 17, 18  # mm, of paper.css
GAP = 5  # mm between the window and what stands above and below it
PAGES = {"letter": "letter", "a4": "A4"}


class LetterAltered(Refusal):
    """What is kept is not what was sent."""

    code = "letter_altered"
    sentence = gettext_lazy(
        "This letter is not as it was sent, and is not shown. Tell whoever runs the installation."
    )


class NoPaper(Refusal):
    status = 503
    code = "no_paper"
    sentence = gettext_lazy(
        "No PDF can be made here now. Tell whoever runs the installation to run bin/setup."
    )


def pdf_of_letter(letter: Letter) -> bytes:
    """Raises LetterAltered, NoPaper, PressBusy. Never inside a command: it takes a tenth of a second."""
    if seal_of(letter.content) != letter.seal:
        raise LetterAltered()
    if not can_make_paper():
        raise NoPaper()
    with override(letter.language):
        return pdf_of(TEMPLATE, _context(letter))


def _context(letter: Letter) -> dict[str, Any]:
    kept: Mapping[str, Any] = letter.content
    foot = [gettext("Reference %(ref)s") % {"ref": kept["reference"]}] if kept["reference"] else []
    return {
        "letter": kept,
        "address": address_block(kept["receiver"], letter.to, letter.country)
        if letter.to
        else (kept["receiver"],),
        "paragraphs": [words for _part, words in kept["paragraphs"]],
        "check": _how_to_check(letter),
        "foot": " · ".join([*foot, kept["subject"]]),
        "sheet": _sheet(kept),
    }


def _how_to_check(letter: Letter) -> str:
    """On a printed letter alone: what stands behind the sign-in needs no proof."""
    if letter.proves_us is None:
        return ""
    return how_to_check("letter", letter.language).format(proof=shown(code_of(letter.proves_us.salt)))


def _sheet(kept: Mapping[str, Any]) -> str:
    """The address where the window of the envelope is, whatever stands above it; numbers of ours alone."""
    left, top, width, height = (int(number) for number in kept["window"])
    return (
        f"@page {{ size: {PAGES[kept['page']]}; }}\n"
        f"html {{ font-size: {USUAL}pt; }}\n"
        "h1 { font-size: 15pt; margin-top: 5mm; }\n"
        "p.paragraph { margin-top: 3mm; max-width: 165mm; }\n"
        f"header {{ height: {max(top - MARGIN_TOP - GAP, 8)}mm; overflow: hidden; padding: 0; border: 0; }}\n"
        f"address.window {{ position: absolute; left: {left - MARGIN_LEFT}mm; top: {top - MARGIN_TOP}mm; "
        f"width: {width}mm; height: {height}mm; margin: 0; min-height: 0; font-size: 11pt; line-height: 1.2; }}\n"
        f".below {{ margin-top: {GAP + height + GAP}mm; }}\n"
    ) + (LARGE if kept["large"] else "")
