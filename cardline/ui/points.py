"""Points in words, and what they are used for: the same on the member's pages and in the timeline."""

from __future__ import annotations

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardline.kit.languages import locale_of

STATEMENT_CREDIT, GIFT_CARD = "statement_credit", "gift_card"
_MINUS = "\u2212"


def say_number(points: int, language: str) -> str:
    """With its groups: "12,500"; below nothing with a true minus."""
    number = format_decimal(abs(points), locale=locale_of(language))
    return _MINUS + number if points < 0 else number


def say_points(points: int, language: str) -> str:
    """ "12,500 points", "1 point"."""
    words = ngettext("%(n)s point", "%(n)s points", abs(points))
    return words % {"n": say_number(points, language)}


def option_name(option: str) -> str:
    """What somebody can have for points. A word of the core's that we do not know is shown as it is."""
    names = {STATEMENT_CREDIT: _("Credit on the account"), GIFT_CARD: _("Gift card")}
    return names.get(option, option.replace("_", " ").capitalize())
