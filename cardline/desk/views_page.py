"""Who looked at whose data, as supervisors read it: a page, a file, and what was unusual (SR-25, SR-27)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cardline.audit.models import Alarm, View
from cardline.audit.queries import Which, alarms_looked_into, alarms_to_look_into, page_of_views, views_which
from cardline.audit.rules import Why
from cardline.issuer.profile import NotInProfile, current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_fully, say_moment
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Refusal
from cardline.kit.safe_text import csv_cell

PAGE = 50
MOST_ROWS = 10_000
MOST_MEMBERS = 50  # a file of more takes two people (SR-26)
MARK = "\ufeff"  # tells a spreadsheet that the letters are UTF-8

PAGES: dict[str, LazyText] = {
    "case": _("The case"),
    "exceptional": _("Exceptional verification"),
    "clocks": _("The legal clocks"),
    "lines": _("The conversation"),
    "live": _("The conversation, live"),
    "cases": _("A list of cases"),
    "promises": _("Promises"),
}


class TooManyMembers(Refusal):
    status = 403
    code = "too_many_members"
    sentence = _("A file holds looks at 50 members at most. Choose a day, a colleague or a member.")


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A look in words. ref: the case that was opened, as shown; reason: the colleague's own words, "" without."""

    when: str
    who: str
    team: str
    whose: str
    ref: str
    page: str
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """mine: it is about whoever reads this, who therefore cannot settle it. day: ISO, to find its looks by."""

    id: int
    when: str
    words: str
    ref: str
    agent: int
    day: str
    mine: bool
    note: str = ""
    settled: str = ""


def rows_of(actor: Actor, which: Which, cursor: str | None) -> tuple[list[ViewRow], str | None]:
    """A page, newest first, and the cursor of the next. Raises BadCursor."""
    page = page_of_views(views_which(actor, which, current_profile().zone), cursor, PAGE)
    return [_row(view) for view in page.items], page.next_cursor


def file_of(actor: Actor, which: Which) -> tuple[str, int, int]:
    """(content, looks, members) as comma-separated values in which nothing calculates. Raises TooManyMembers."""
    found = views_which(actor, which, current_profile().zone).select_related("member", "agent")
    views = list(found.order_by("-at", "-id")[:MOST_ROWS])
    members = len({view.member_id for view in views})
    if members > MOST_MEMBERS:
        raise TooManyMembers()
    return _written(views), len(views), members


def open_alarms(actor: Actor) -> list[AlarmRow]:
    return [_alarm(alarm, actor) for alarm in alarms_to_look_into(actor)]


def settled_alarms(actor: Actor) -> list[AlarmRow]:
    return [_alarm(alarm, actor) for alarm in alarms_looked_into(actor)]


def read_day(written: str) -> date | None:
    """A day as a date field sends it; None for anything else."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _written(views: Sequence[View]) -> str:
    zone, language = current_profile().zone, get_language() or "en"
    written = io.StringIO(newline="")
    cells = csv.writer(written, quoting=csv.QUOTE_ALL)
    cells.writerow(
        [gettext("When"), gettext("Who"), gettext("Team"), gettext("Whose data"), gettext("Case")]
        + [gettext("What"), gettext("Why"), gettext("Reason")]
    )
    for view in views:
        row = _row(view)
        when = say_fully(view.at, zone, language)
        cells.writerow(
            [when, csv_cell(row.who), row.team, csv_cell(row.whose), row.ref, row.page, row.why]
            + [csv_cell(row.reason)]
        )
    return MARK + written.getvalue()


def _row(view: View) -> ViewRow:
    return ViewRow(
        when=_moment(view.at),
        who=view.agent.name
        if view.agent
        else gettext("A system of ours, key %(number)s") % {"number": _key(view)},
        team=_team(view.agent.team) if view.agent else "",
        whose=view.member.name,
        ref=show_reference(view.ref),
        page=str(PAGES.get(view.page, view.page)),
        why=_why(view),
        reason=view.reason,
    )


def _why(view: View) -> str:
    """The contact or case that was open, or that there was none."""
    ref = {"ref": show_reference(view.from_ref)}
    if view.why == Why.CONTACT:
        return gettext("In a conversation of %(ref)s") % ref
    if view.why == Why.CASE:
        return gettext("Case %(ref)s was open") % ref
    if view.why == Why.REASON:
        return gettext("Nothing open, a reason given")
    return gettext("For the member themselves") if view.why == Why.MEMBER else gettext("For the issuer")


def _alarm(alarm: Alarm, actor: Actor) -> AlarmRow:
    settled = ""
    if alarm.looked_at and alarm.looked_by:
        said = {"name": alarm.looked_by.name, "when": _moment(alarm.looked_at)}
        settled = gettext("%(name)s looked into it, %(when)s") % said
    return AlarmRow(
        id=alarm.pk,
        when=_moment(alarm.at),
        words=_oddity(alarm),
        ref=show_reference(alarm.ref),
        agent=alarm.agent_id,
        day=alarm.at.astimezone(current_profile().zone).date().isoformat(),
        mine=alarm.agent_id == actor.agent_id,
        note=alarm.note,
        settled=settled,
    )


def _oddity(alarm: Alarm) -> str:
    said = {"agent": alarm.agent.name, "member": alarm.member.name if alarm.member else ""}
    if alarm.kind == Alarm.Kind.MANY:
        return gettext("%(agent)s looked at more than 30 members in an hour without a conversation.") % said
    if alarm.kind == Alarm.Kind.NAME:
        return gettext("%(agent)s looked at a member with the same family name: %(member)s.") % said
    if alarm.kind == Alarm.Kind.HOME:
        return gettext("%(agent)s looked at a member who lives where they live: %(member)s.") % said
    return gettext("%(agent)s looked at a member who is watched: %(member)s.") % said


def _moment(at: datetime) -> str:
    return say_moment(at, current_profile().zone, get_language() or "en", clock.machine_now())


def _team(team: str) -> str:
    try:
        return current_profile().team(team).label.in_(get_language() or "en")
    except NotInProfile:
        return team


def _key(view: View) -> str:
    return view.actor.partition(":")[2]
