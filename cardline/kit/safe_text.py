"""Text on its way into a place with rules of its own: a header, a log line, a cell, a file name (SR-48)."""

from __future__ import annotations

import re
import unicodedata

# Control characters of both kinds, the separators Unicode counts as line ends, halves of surrogate pairs.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# What a spreadsheet takes for the begin of a formula, full-width forms with it.
_FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
_STEERS_OR_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_AROUND_NAMES = re.compile(r"^[\s.]+|[\s.]+$")  # spaces of every kind: a no-break space is one, too
_TAKEN_BY_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_LONGEST_NAME = 120  # bytes; file systems allow 255, and stores add to it
_LONGEST_ENDING = 16


def one_line(text: str) -> str:
    """`text` as one line: each line break and control character, or several in a row, becomes one space."""
    return _BREAKS.sub(" ", text).strip()


def csv_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet calculates: what begins like a formula gets an apostrophe.

    For text from people. Amounts of our own are written as numbers, beside this. The file is to be written
    with every cell in quotes (`csv.QUOTE_ALL`), or a reader that parts at semicolons makes new cells of the
    inside.
    """
    text = text.replace("\x00", "")
    begins = text.lstrip()[:1]
    return "'" + text if begins in _FORMULA_SIGNS or text[:1] in ("\t", "\r", "\n") else text


def file_name(text: str, otherwise: str = "file") -> str:
    """`text` as the name of a file: no folder, nothing unseen, at most 120 bytes, allowed on every system.

    otherwise: the name when nothing of `text` remains. The ending is kept.
    """
    last = re.split(r"[/\\]", _STEERS_OR_UNSEEN.sub("", one_line(text)))[-1]
    name = _AROUND_NAMES.sub("", _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", last)))
    if not name:
        return otherwise
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    if _TAKEN_BY_WINDOWS.fullmatch(stem.partition(".")[0].strip()):
        stem = "_" + stem
    room = _LONGEST_NAME - len((dot + ending).encode())
    stem = _AROUND_NAMES.sub("", stem.encode()[:room].decode(errors="ignore"))
    return stem + dot + ending
