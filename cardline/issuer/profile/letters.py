"""How the issuer's letters are laid out, and who prints them."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.profile.reading import Table

PAGES = ("letter", "a4")
# The countries that write on US Letter; everybody else has A4.
ON_US_LETTER = ("US", "CA")
SIZE_MM = {"letter": (216, 279), "a4": (210, 297)}


@dataclass(frozen=True, slots=True)
class Window:
    """Where the envelope's window shows the address, in millimetres from the upper left corner of the sheet."""

    left: int
    top: int
    width: int
    height: int


# Folded in three: a number 10 envelope in the US, a DL one elsewhere.
WINDOWS = {"letter": Window(22, 51, 100, 27), "a4": Window(20, 50, 90, 30)}


@dataclass(frozen=True, slots=True)
class LetterRules:
    """page: "letter" or "a4". queue: whose team prints and posts letters until a print house does; "" where the profile
    names none, and then the supervisors do.
    """

    page: str
    window: Window
    queue: str


def read_letters(table: Table, jurisdiction: str) -> LetterRules:
    """The optional [letters] table. Without it a letter looks as letters of that country do."""
    usual = "letter" if jurisdiction in ON_US_LETTER else "a4"
    page = table.choice("page", PAGES, usual)
    page = page if page in PAGES else usual
    window = WINDOWS[page]
    given = Window(
        table.integer("window_left_mm", window.left),
        table.integer("window_top_mm", window.top),
        table.integer("window_width_mm", window.width),
        table.integer("window_height_mm", window.height),
    )
    width, height = SIZE_MM[page]
    fits = given.left + given.width <= width and given.top + given.height <= height // 2
    if min(given.left, given.top) < 0 or given.width < 60 or given.height < 20 or not fits:
        remedy = "Measure it from the upper left corner of the sheet; it lies in the upper half, 60 by 20 mm at least."
        table.problem("window_left_mm", "No address can be read through a window there.", remedy)
        given = window
    queue = table.reference("queue", "queue", "")
    table.finish()
    return LetterRules(page, given, queue)
