"""Who answers: teams, queues, answer times, and the ladders of a late promise and an unhappy member."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from cardline.issuer.hours import Hours
from cardline.issuer.profile.problems import Misread
from cardline.issuer.profile.reading import Table
from cardline.issuer.profile.text import Text

PEOPLE = ("owner", "supervisor", "head_of_service")
OFFICES = ("representative", "supervisor", "complaints", "ombudsman")


@dataclass(frozen=True, slots=True)
class Team:
    """People who work together. `supervisors` names those who take over ("the disputes supervisors")."""

    id: str
    label: Text
    supervisors: Text


@dataclass(frozen=True, slots=True)
class ReplyWithin:
    """How soon a message is answered: after so much open time of the queue, or so many business days."""

    open_time: timedelta | None
    business_days: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Where a kind of work waits for its team. `languages` are those somebody answers in."""

    id: str
    label: Text
    team: str
    hours: Hours
    reply_within: ReplyWithin
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in a promise's life: a share of its span, its act-by date, or its due time plus business days.

    anchor:        "span", "act_by" or "due"
    percent:       of the span from made to due; 100 unless the anchor is "span"
    business_days: after the anchor
    """

    anchor: Literal["span", "act_by", "due"]
    percent: int = 100
    business_days: int = 0


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Who is told of, or takes over, a promise, and at which moments."""

    to: str
    at: tuple[Moment, ...]
    label: Text


@dataclass(frozen=True, slots=True)
class MemberStep:
    """One step a member can take when an answer does not satisfy them."""

    to: str
    label: Text
    text: Text


@dataclass(frozen=True, slots=True)
class PromiseDefaults:
    """What a promise gets when nobody says otherwise.

    due_time:             local time of the due day
    business_days:        from today to the due day
    remind_before:        when the member is reminded
    """

    due_time: time
    business_days: int
    remind_before: timedelta


def read_team(table: Table) -> Team:
    """One [[teams]] entry."""
    team = Team(id=table.string("id"), label=table.text("label"), supervisors=table.text("supervisors"))
    table.finish()
    return team


def read_queue(table: Table, hours: dict[str, Hours], fallback: Hours, languages: tuple[str, ...]) -> Queue:
    """One [[queues]] entry."""
    queue = Queue(
        id=table.string("id"),
        label=table.text("label"),
        team=table.reference("team", "team"),
        hours=hours.get(table.reference("hours", "hours"), fallback),
        reply_within=_read_reply_within(table.table("reply_within")),
        languages=table.references("languages", "language", languages),
    )
    if queue.hours.kind == "unstated":
        table.problem(
            "hours", "A queue needs hours of its own: answer times are promised from them.",
            "Name hours that are stated, such as always.",
        )  # fmt: skip
    table.finish()
    return queue


def _read_reply_within(table: Table) -> ReplyWithin:
    hours, days = table.integer("open_hours", 0), table.integer("business_days", 0)
    if (hours > 0) == (days > 0):
        table.problem(
            "",
            "Say how soon a message is answered, in one way.",
            "Write open_hours = 4 or business_days = 1.",
        )
        days, hours = 1, 0
    table.finish()
    return ReplyWithin(timedelta(hours=hours) if hours else None, days or None)


def read_ladder_step(table: Table) -> LadderStep:
    """One [[promise_ladder]] entry."""
    to = table.choice("to", PEOPLE)
    moments: list[Moment] = []
    for written in table.strings("at", None):
        try:
            moments.append(moment(written))
        except Misread as error:
            table.problem("at", error.what, error.remedy)
    step = LadderStep(to=to, at=tuple(moments), label=table.text("label"))
    table.finish()
    return step


def moment(written: str) -> Moment:
    """Read "50%", "act_by", "due" or "due + 1 business day". Raises Misread."""
    if match := re.fullmatch(r"(\d{1,2})%", written):
        return Moment("span", percent=int(match[1]))
    if written == "act_by":
        return Moment("act_by")
    if match := re.fullmatch(r"due(?: \+ (\d+) business days?)?", written):
        return Moment("due", business_days=int(match[1] or 0))
    raise Misread(
        f"{written!r} is no moment of a promise.", 'Write "80%", "act_by", "due" or "due + 1 business day".'
    )


def read_member_step(table: Table) -> MemberStep:
    """One [[member_ladder]] entry."""
    step = MemberStep(to=table.choice("to", OFFICES), label=table.text("label"), text=table.text("text"))
    table.finish()
    return step


def read_promise_defaults(table: Table) -> PromiseDefaults:
    """The [promises] table."""
    defaults = PromiseDefaults(
        due_time=table.parsed("due_time", _time, time(17)),
        business_days=table.integer("business_days", 1),
        remind_before=timedelta(hours=table.integer("remind_hours_before", 24)),
    )
    table.finish()
    return defaults


def _time(written: str) -> time:
    try:
        return time.fromisoformat(written)
    except ValueError:
        raise Misread(f"{written!r} is no time of day.", "Write it as 17:00.") from None
