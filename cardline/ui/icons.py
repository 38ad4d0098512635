"""The product's words for its icons, drawn by the outline set of the `lucide` package (24 grid, stroke 1.75).

Templates and the issuer profile say "freeze" or "callback"; which drawing that is, is decided here alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

import lucide as icon_set
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide as draw

DRAWINGS = {
    "alert": "triangle-alert",
    "alerts": "bell",
    "approve": "shield-check",
    "away": "moon",
    "back": "chevron-left",
    "benefit": "star",
    "book": "book-open",
    "calendar": "calendar-plus",
    "callback": "phone-incoming",
    "card": "credit-card",
    "chart": "chart-column",
    "chat": "message-square-text",
    "check": "check",
    "chevron": "chevron-right",
    "clip": "paperclip",
    "clock": "clock",
    "close": "x",
    "complaint": "flag",
    "copy": "copy",
    "details": "user",
    "email": "at-sign",
    "escalate": "arrow-up-from-line",
    "file": "file-text",
    "freeze": "snowflake",
    "globe": "globe",
    "help": "life-buoy",
    "home": "house",
    "inbox": "inbox",
    "key": "keyboard",
    "link": "link",
    "list": "receipt-text",
    "lock": "lock",
    "mail": "mail",
    "members": "users",
    "message": "lock",
    "note": "sticky-note",
    "pay": "banknote",
    "pencil": "pencil",
    "person": "user",
    "phone": "phone",
    "place": "map-pin",
    "print": "printer",
    "promise": "clock",
    "reward": "gift",
    "save": "download",
    "search": "search",
    "send": "send",
    "shield": "shield-check",
    "signin": "log-in",
    "signout": "log-out",
    "social": "megaphone",
    "theme": "sun-moon",
    "tip": "lightbulb",
    "transfer": "arrow-left-right",
    "undo": "undo-2",
    "wrap": "circle-check",
}

# Size, colour and stroke are the style sheet's; carrying them in every icon would only make pages longer.
_BY_STYLE_SHEET = re.compile(r' (?:width|height|fill|stroke[a-z-]*)="[^"]*"')


@lru_cache(maxsize=256)
def icon(name: str, css_class: str = "") -> SafeString:
    """The drawing as inline SVG, hidden from screen readers: a word always stands beside it.

    name: a word of ours, or a drawing's own name. One that is neither draws nothing: a profile may name an
    icon the installed set does not have, and a missing picture must not take a page down.
    """
    try:
        svg = draw(DRAWINGS.get(name, name), size=None, **{"class": f"i {css_class}".strip()})
    except icon_set.IconDoesNotExist:
        return SafeString("")
    head, shapes = re.sub(r"\s*\n\s*", "", svg).split(">", 1)
    return mark_safe(f'{_BY_STYLE_SHEET.sub("", head)} aria-hidden="true">{shapes}')  # noqa: S308 - made by the icon set
