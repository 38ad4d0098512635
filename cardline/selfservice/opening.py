"""Whether somebody is there now, in words: open, closed until, or not published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cardline.issuer.hours import Hours, closes_at, is_open, opens_at
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_when


@dataclass(frozen=True, slots=True)
class Opening:
    """state: open, closed, or "" where the issuer publishes no hours; then words says so."""

    state: str
    words: str


def opening_of(hours: Hours, now: datetime, language: str, *, always: bool = False) -> Opening:
    """always: for what is answered day and night whatever the hours say (a lost card)."""
    zone = current_profile().zone
    if always or hours.kind == "always":
        return Opening("open", _("Open day and night"))
    if hours.kind == "unstated":
        return Opening("", _("No hours published"))
    if is_open(hours, now):
        closes = closes_at(hours, now)
        if closes is None:
            return Opening("open", _("Open now"))
        return Opening("open", _("Open until %(when)s") % {"when": say_when(closes, zone, language, now)})
    opens = opens_at(hours, now)
    return Opening(
        "closed", _("Opens %(when)s") % {"when": say_when(opens, zone, language, now) if opens else ""}
    )
