"""What an issuer decides about needs: who answers, how soon, where, and how sure it must be of whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from cardline.issuer.profile.levels import MATRIX, Level
from cardline.issuer.profile.problems import Misread, did_you_mean
from cardline.issuer.profile.reading import Table
from cardline.issuer.profile.text import Text

HELD = ("card", "identity", "transaction", "reference", "address", "country")
LEVELS = ("V0", "V1", "V2", "V3")


@dataclass(frozen=True, slots=True)
class Detail:
    """Something to have ready.

    held_by:   which fact we may hold already, so that nobody is asked for it again ("" for none)
    optional:  useful only if there is one
    asked:     False for what people think they need and we never ask for (security code, PIN)
    desk_rule: the rule for our own people, in words a member can read
    """

    id: str
    label: Text
    text: Text
    desk_rule: Text
    held_by: str
    optional: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class FirstPromise:
    """What is promised as soon as such a case opens. `rule` is the id of the legal clock behind it, or ""."""

    what: Text
    within: timedelta
    rule: str


@dataclass(frozen=True, slots=True)
class NeedFamily:
    """The issuer's decisions for a family of needs, or for one need where it differs.

    id:             a family ("dispute") or one need ("complaint.feedback")
    priority:       1 is the most urgent
    channels:       in the order they are offered
    never_channels: where this must not be handled
    always_open:    whether it is answered day and night whatever the hours of its queue
    levels:         what the issuer decided for single actions; ask Profile.level_for, which knows the
    defaults too
    details:        ids of details to have ready
    """

    id: str
    label: Text
    line: Text
    queue: str
    priority: int
    priority_if_unauthorised: int
    channels: tuple[str, ...]
    never_channels: tuple[str, ...]
    always_open: bool
    levels: tuple[tuple[str, Level], ...]
    details: tuple[str, ...]
    first_promise: FirstPromise | None
    tips: tuple[Text, ...]

    @property
    def family(self) -> str:
        """The family part of the id."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a contact ended, chosen at wrap-up. `needs` are need ids or families; empty means any."""

    id: str
    label: Text
    needs: tuple[str, ...]


def read_detail(table: Table) -> Detail:
    """One [[details]] entry."""
    detail = Detail(
        id=table.string("id"),
        label=table.text("label"),
        text=table.text("text"),
        desk_rule=table.text("desk_rule"),
        held_by=table.choice("held_by", HELD) if table.has("held_by") else "",
        optional=table.boolean("optional", False),
        asked=table.boolean("asked", True),
    )
    table.finish()
    return detail


def read_need_family(table: Table, families: dict[str, NeedFamily]) -> NeedFamily:
    """One [[needs]] entry. An entry for a single need starts from its family, read before it."""
    need_id = table.string("id")
    base = families.get(need_id.partition(".")[0]) if "." in need_id else None
    priority = table.integer("priority", base.priority if base else None)
    family = NeedFamily(
        id=need_id,
        label=table.text("label", base.label if base else None),
        line=table.text("line", base.line if base else None),
        queue=table.reference("queue", "queue", base.queue if base else None),
        priority=priority,
        priority_if_unauthorised=table.integer(
            "priority_if_unauthorised", base.priority_if_unauthorised if base else priority
        ),
        channels=table.references("channels", "channel", base.channels if base else None),
        never_channels=table.references("never_channels", "channel", base.never_channels if base else ()),
        always_open=table.boolean("always_open", base.always_open if base else False),
        levels=(base.levels if base else ()) + _read_levels(table.table("verify", required=False), need_id),
        details=table.references("details", "detail", base.details if base else ()),
        first_promise=_read_first_promise(table.table("first_promise"))
        if table.has("first_promise")
        else (base.first_promise if base else None),
        tips=table.texts("tips") or (base.tips if base else ()),
    )
    if not 1 <= family.priority <= 6:
        table.problem("priority", f"{family.priority} is no priority.", "Use 1 (most urgent) to 6.")
    for channel in set(family.channels) & set(family.never_channels):
        table.problem(
            "never_channels", f"{channel!r} is offered in channels too.", "Take it out of one of the two."
        )
    table.finish()
    return family


def _read_levels(table: Table, need_id: str) -> tuple[tuple[str, Level], ...]:
    """Levels by action, each a known one and not below the floor of the matrix."""
    rules = MATRIX.get(need_id.partition(".")[0], {})
    levels: list[tuple[str, Level]] = []
    for action in table.written():
        level = table.choice(action, LEVELS)
        if action not in rules:
            table.problem(action, "This action is not known for this need.", did_you_mean(action, rules))
        elif level < rules[action].floor:
            table.problem(
                action, f"{level} is below the floor {rules[action].floor} of this action.",
                f"Raise it to {rules[action].floor} or more: {rules[action].why}",
            )  # fmt: skip
        levels.append((action, level))
    return tuple(levels)


def _read_first_promise(table: Table) -> FirstPromise:
    promise = FirstPromise(
        what=table.text("what"),
        within=table.parsed("within", duration, timedelta(days=1)),
        rule=table.string("rule", ""),
    )
    table.finish()
    return promise


def read_outcome(table: Table) -> Outcome:
    """One [[outcomes]] entry."""
    outcome = Outcome(
        id=table.string("id"), label=table.text("label"), needs=table.references("needs", "need")
    )
    table.finish()
    return outcome


def duration(written: str) -> timedelta:
    """An ISO 8601 duration of days, hours and minutes ("PT2M", "P30D"). Raises Misread."""
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", written)
    parts = [int(part or 0) for part in match.groups()] if match else [0]
    if not any(parts):
        raise Misread(f"{written!r} is not a duration.", "Write it as PT2M, PT4H or P30D.")
    days, hours, minutes = parts
    return timedelta(days=days, hours=hours, minutes=minutes)
