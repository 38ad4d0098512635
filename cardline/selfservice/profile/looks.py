"""Who looked at a member's data, in that member's words: by day, who of us, and what for.

Nothing of anybody else stands in it, no colleague's family name and no words colleagues wrote for each other; alarms
are for supervisors (audit/visibility.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from cardline.audit.models import View
from cardline.audit.queries import Which, page_of_views, views_which
from cardline.audit.rules import Why
from cardline.issuer.profile import NotInProfile, current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.reference import show_reference

PAGE = 100


@dataclass(frozen=True, slots=True)
class LookRow:
    """who: "Dana, Card protection". ref: the case to read on in, as shown, "" with none."""

    who: str
    why: str
    ref: str


@dataclass(frozen=True, slots=True)
class LookDay:
    """A day with each person once for each thing they looked for; the day's latest first."""

    day: str
    rows: tuple[LookRow, ...]


@dataclass(frozen=True, slots=True)
class LooksPage:
    days: tuple[LookDay, ...]
    next_cursor: str | None


def looks_page(actor: Actor, cursor: str | None, language: str) -> LooksPage:
    """Newest first. Told by the machine's clock, as the log is. Raises BadCursor."""
    zone, now = current_profile().zone, clock.machine_now()
    page = page_of_views(views_which(actor, Which(member=actor.member_id), zone), cursor, PAGE)
    days = groupby(page.items, key=lambda view: view.at.astimezone(zone).date())
    return LooksPage(
        tuple(LookDay(say_date(day, language, now), _rows(views, language)) for day, views in days),
        page.next_cursor,
    )


def _rows(views: Iterable[View], language: str) -> tuple[LookRow, ...]:
    """A long conversation is many looks in the log, and one line here."""
    return tuple(dict.fromkeys(_row(view, language) for view in views))


def _row(view: View, language: str) -> LookRow:
    has_case = view.why in (Why.CONTACT, Why.CASE)
    return LookRow(
        _who(view, language), _why(view, language), show_reference(view.from_ref) if has_case else ""
    )


def _who(view: View, language: str) -> str:
    if view.agent is None:
        return _("One of our systems")
    said = {"name": view.agent.given_name, "team": _team(view.agent.team, language)}
    return _("%(name)s, %(team)s") % said


def _team(team: str, language: str) -> str:
    """A team may be gone from the profile by the time somebody reads this."""
    try:
        return current_profile().team(team).label.in_(language)
    except NotInProfile:
        return current_profile().short_name.in_(language)


def _why(view: View, language: str) -> str:
    if view.why == Why.CONTACT and view.since:
        day = say_date(view.since.astimezone(current_profile().zone).date(), language, clock.now())
        said = {"day": day}
        if view.channel == "chat":
            return _("For your chat of %(day)s") % said
        if view.channel == "secure_message":
            return _("For your message of %(day)s") % said
        return _("For your request of %(day)s") % said
    if view.why == Why.CASE:
        return _("For your case %(ref)s") % {"ref": show_reference(view.from_ref)}
    if view.why == Why.REASON:
        return _("No case of yours was open. They had to write down why, and a supervisor can read it.")
    return _("To do its work for you")
