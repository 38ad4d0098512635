"""Characters that no person types, and line ends in one form.

Goes: NUL and the other control characters of ASCII (DEL with them), and halves of surrogate pairs, which no
encoding can carry. Stays: tab and line feed, and the characters that steer right-to-left text. Those belong
to the writing of Arabic and Hebrew; pages isolate them (`dir="auto"`), and `safe_text` removes them where
only one line or a name is wanted.
"""

from __future__ import annotations

import re

_UNTIDY = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))


def tidy(text: str) -> str:
    """The same text with CR and CRLF as line feeds and without the characters above."""
    if not _UNTIDY.search(text):
        return text
    if _SURROGATE.search(text):
        # Joins what is a pair after all (some JSON writers send one), drops what is half.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def kept_places(text: str) -> list[int]:
    """For each character of `tidy(text)`, the place in `text` it comes from."""
    return [
        place
        for place, sign in enumerate(text)
        if not (
            ord(sign) in _CONTROLS
            or (sign == "\r" and text[place + 1 : place + 2] == "\n")
            or ("\ud800" <= sign <= "\udfff" and not _is_high_of_pair(text, place))
        )
    ]


def _is_high_of_pair(text: str, place: int) -> bool:
    return text[place] <= "\udbff" and "\udc00" <= text[place + 1 : place + 2] <= "\udfff"
