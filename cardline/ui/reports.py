"""A report of a card that is gone, in words: its steps, what it came to, and what its member answers for.

Told from plain values, the same to its member and at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cardline.kit.dates import say_date, say_full_date
from cardline.kit.money import Money, format_money
from cardline.ui.shapes import Step

FOUND = ("recovered", "unfrozen")
CLOSED = ("closed_lost", "closed_stolen", "replacement_ordered", "shipped", "delivered", "activated")


def state_words(state: str) -> str:
    words = {
        "reported": _("Reported, and the freeze is asked for"),
        "frozen": _("Frozen"),
        "recovered": _("Found again"),
        "unfrozen": _("Found again, and in use"),
        "closed_lost": _("Closed for good: lost"),
        "closed_stolen": _("Closed for good: stolen"),
        "replacement_ordered": _("New card ordered"),
        "shipped": _("New card on its way"),
        "delivered": _("New card delivered"),
        "activated": _("New card in use"),
    }
    return words[state]


def steps_of(
    state: str,
    reached: Mapping[str, datetime],
    *,
    zone: ZoneInfo,
    language: str,
    now: datetime,
    expected: date | None = None,
) -> tuple[Step, ...]:
    """Four stages: reported, frozen, then found again, or closed with a new card until it is in use."""

    def day(of: str) -> str:
        at = reached.get(of)
        return say_date(at.astimezone(zone).date(), language, now) if at else ""

    told = Step(_("You told us"), day("reported"), "done")
    frozen_at = day("frozen") or day("closed_lost") or day("closed_stolen")
    frozen = Step(_("Frozen"), frozen_at, "done" if state != "reported" else "current")
    if state in FOUND:
        return (
            told,
            frozen,
            Step(_("Found again"), day("recovered"), "done"),
            Step(_("In use"), day("unfrozen"), "done"),
        )
    if state not in CLOSED:
        waits: Literal["current", "next"] = "current" if state == "frozen" else "next"
        return told, frozen, Step(_("Found, or closed"), "", waits), Step(_("A card in your hand"))
    by = _("by %(when)s") % {"when": say_date(expected, language, now)} if expected else ""
    if state in ("closed_lost", "closed_stolen"):
        return told, frozen, Step(_("New card"), "", "current"), Step(_("In use"))
    way = {
        "replacement_ordered": Step(_("New card ordered"), day("replacement_ordered"), "done"),
        "shipped": Step(_("New card sent"), day("shipped"), "done"),
        "delivered": Step(_("New card delivered"), day("delivered"), "done"),
        "activated": Step(_("New card"), day("delivered") or day("replacement_ordered"), "done"),
    }[state]
    if state == "activated":
        return told, frozen, way, Step(_("In use"), day("activated"), "done")
    return told, frozen, way, Step(_("In your hand"), "" if state == "delivered" else by, "current")


class Owed(Protocol):
    """What a member answers for, as cards/reports/rules.py works it out."""

    @property
    def most_minor(self) -> int | None: ...
    @property
    def in_time_until(self) -> date | None: ...
    @property
    def statement_days(self) -> int | None: ...
    @property
    def not_if_unnoticed(self) -> bool: ...


def liability_words(owed: Owed, currency: str, language: str) -> str:
    """What a member answers for, with each limit of the law's that bears on it."""
    if owed.most_minor is None:
        return _(
            "We do not know yet what you answer for. Nothing is asked of you until we told you in writing."
        )
    if not owed.most_minor:
        return _("Nothing: you answer for nothing that others bought with it.")
    return " ".join(_limits(owed, format_money(Money(owed.most_minor, currency), language), language))


def _limits(owed: Owed, most: str, language: str) -> Iterator[str]:
    if owed.in_time_until is None:
        yield _("At most %(most)s of what others bought before you told us, and nothing after.") % {
            "most": most
        }
    else:
        said = {"most": most, "until": say_full_date(owed.in_time_until, language)}
        yield (
            _("At most %(most)s. The last day in time was %(until)s, two business days after you noticed.")
            % said
        )
    if owed.not_if_unnoticed:
        yield _("Nothing, if you could not notice the loss before the card was used.")
    if owed.statement_days is not None:
        said = {"days": str(owed.statement_days)}
        yield (
            _(
                "Tell us of each wrong charge within %(days)s days after we sent the statement it stands on. "
                "For charges that follow after those days no limit holds."
            )
            % said
        )


def result_words(kind: str, *, confirmed: bool) -> str:
    if kind == "wallet":
        return _("Confirmed: it does not pay any more") if confirmed else _("Asked: not confirmed yet")
    return (
        _("Confirmed: declined from now on; give it the new number")
        if confirmed
        else _("Asked: not confirmed yet")
    )
