"""`cardline clock compute|explain|rules`: legal dates from the command line (cardline/clocks)."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cardline.clocks.calendars import Calendar, CalendarEnds, UnknownCalendar, load_calendar
from cardline.clocks.compute import CLOSINGS, ClockRefused, Due, compute
from cardline.clocks.explain import steps_of
from cardline.clocks.local import start_of_day
from cardline.clocks.rules import UnknownRule, rule_ids, rule_named
from cardline.clocks.signals import signals_of
from cardline.config.cli import parser

COLUMNS = ("rule", "calendar", "issuer_tz", "start", "params")
REFUSED = (ClockRefused, UnknownRule, UnknownCalendar, CalendarEnds)
LONGEST_FIELD = 1 << 20  # characters: decades of closing dates
LONGEST_ID = 80  # of a row that cannot be read; the others' come back as they are
LONGEST_REASON = 300  # characters; a reason quotes what was wrong, and that may be as long as a field


def clock(arguments: Sequence[str]) -> int:
    """0 every date was told, 1 some rows were refused (their `error` says why), 2 wrong use."""
    options = parser("clock", "Legal dates: from a rule and a start to the day it is due.")
    commands = options.add_subparsers(dest="command", required=True)
    rows = commands.add_parser("compute", help="rows in, dates out: id,due_date,act_by,error")
    rows.add_argument(
        "--csv", required=True, metavar="FILE", help=f"columns id,{','.join(COLUMNS)}; - is stdin"
    )
    one = commands.add_parser("explain", help="one date, step by step")
    one.add_argument("rule")
    one.add_argument(
        "--start", required=True, metavar="TIME", help="2026-03-02, or 2026-03-02T20:15:00-05:00"
    )
    one.add_argument("--param", action="append", default=[], metavar="K=V")
    one.add_argument("--calendar", help="default: the issuer's, with its own days")
    one.add_argument("--tz", help="default: the issuer's zone")
    commands.add_parser("rules", help="every rule there is")
    chosen = options.parse_args(list(arguments))
    if chosen.command == "compute":
        return _compute_file(chosen.csv)
    return _explain(chosen) if chosen.command == "explain" else _list_rules()


# ------------------------------------------------------------------------------------------------- rows


def _compute_file(name: str) -> int:
    try:
        with _opened(name) as file:
            return _compute_rows(file)
    except OSError as error:
        print(f"cardline: {name} cannot be read: {error.strerror}", file=sys.stderr)
        return 2


def _opened(name: str) -> IO[str]:
    """As UTF-8 whatever the machine's locale says; bytes that are none harm their own line alone."""
    source = sys.stdin.fileno() if name == "-" else Path(name)
    return open(source, encoding="utf-8-sig", errors="replace", newline="", closefd=name != "-")


def _compute_rows(file: IO[str]) -> int:
    """A line in gives exactly one line out, in order, flushed: an open quote takes no other row along."""
    csv.field_size_limit(LONGEST_FIELD)
    lines = iter(file)
    columns = _columns_of(next(lines, ""))
    missing = [name for name in ("id", *COLUMNS) if name not in columns]
    if missing:
        print(f"cardline: the first line lacks {', '.join(missing)}", file=sys.stderr)
        return 2
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("id", "due_date", "act_by", "error"))
    refused = False
    for line in _but_the_last_empty_ones(lines):
        row = _row_of(line, columns)
        try:
            due = computed(row)
            out.writerow((row["id"], due.due, due.act_by or "", ""))
        except REFUSED as error:
            refused = True
            out.writerow((row["id"], "", "", _one_line(error)))
    return int(refused)


def _columns_of(line: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], strict=True), [])]
    except csv.Error:
        return []


def _but_the_last_empty_ones(lines: Iterator[str]) -> Iterator[str]:
    """An empty line between rows is a row with nothing in it; those at the end are how the file ends."""
    empty = 0
    for line in lines:
        if not line.strip("\r\n"):
            empty += 1
            continue
        yield from [""] * empty
        empty = 0
        yield line


def _row_of(line: str, columns: list[str]) -> dict[str, Any]:
    """The row of a line; one that the reader stumbles over as a row that says so, with its id where that stands."""
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        before = line.partition(",")[0]
        row_id = before if columns[0] == "id" and len(before) <= LONGEST_ID and '"' not in before else ""
        return {"id": row_id, "unreadable": str(error)}
    row: dict[str, Any] = dict(zip(columns, cells, strict=False))
    row.setdefault("id", "")
    if len(cells) > len(columns):
        row["beyond"] = True
    return row


def computed(row: dict[str, Any]) -> Due:
    """The date of one row. Raises one of REFUSED."""
    if "unreadable" in row:
        raise ClockRefused(f"this row cannot be read: {row['unreadable']}")
    if "beyond" in row:
        raise ClockRefused("this row has more columns than the first line; put params in quotes")
    told = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in COLUMNS[:-1]:
        if not told[name]:
            raise ClockRefused(f"{name} is missing")
    return compute(
        told["rule"], start_of(told["start"]), load_calendar(told["calendar"]), zone_of(told["issuer_tz"]),
        _params_of(told["params"]),
    )  # fmt: skip


def _params_of(text: str) -> dict[str, Any]:
    if text in ("", "{}"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ClockRefused(f"params are no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ClockRefused("params are an object: {} where there are none")
    return found


def start_of(text: str) -> date | datetime:
    """A date, or an instant. Raises ClockRefused."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockRefused(f"start {text!r} is no date and no instant: {error}") from error


@cache
def zone_of(name: str) -> ZoneInfo:
    """Raises ClockRefused."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ClockRefused(f"unknown time zone {name!r}") from error


def _one_line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 1] + "…"


# ------------------------------------------------------------------------------------------------- one, in words


def _explain(chosen: Any) -> int:
    try:
        calendar, zone = _calendar_and_zone(chosen.calendar, chosen.tz)
        start = start_of(chosen.start)
        due = compute(chosen.rule, start, calendar, zone, dict(map(_param, chosen.param)))
        started = start if isinstance(start, datetime) else start_of_day(start, zone)
        signals = signals_of(due, started, calendar, zone)
    except REFUSED as error:
        print(f"cardline: {_one_line(error)}", file=sys.stderr)
        return 2
    for number, step in enumerate(steps_of(due, calendar, zone), 1):
        print(f"{number}. {step}")
    for signal in signals:
        print(f"{signal.at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}  {signal.name}  {signal.why}")
    return 0


def _calendar_and_zone(calendar: str | None, zone: str | None) -> tuple[Calendar, ZoneInfo]:
    if calendar and zone:
        return load_calendar(calendar), zone_of(zone)
    import django

    django.setup()
    from cardline.issuer.profile import current_profile

    issuer = current_profile()
    return load_calendar(calendar) if calendar else issuer.calendar, zone_of(zone) if zone else issuer.zone


def _param(text: str) -> tuple[str, Any]:
    """k=v; closings as dates with commas between."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ClockRefused(f"--param {text!r} is not of the form name=value")
    if name == CLOSINGS:
        return name, value.split(",")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _list_rules() -> int:
    for rule_id in rule_ids():
        rule = rule_named(rule_id)
        print(f"{rule_id:<28}{rule.duty:<10}{rule.does}  ({rule.source})")
    return 0
