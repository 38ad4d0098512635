"""`cardline member import`."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from cardline.kit.own_database import open_database

DONE, SOME_REFUSED, CANNOT_TELL = 0, 1, 2


def member(arguments: Sequence[str]) -> int:
    """The issuer's members, from a table of its own. 0 all entered, 1 some lines were refused, 2 wrong use."""
    chosen = _options().parse_args(list(arguments))
    try:
        with (
            sys.stdin if chosen.file == "-" else open(chosen.file, encoding="utf-8-sig", newline="") as table
        ):
            return _enter(table)
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        print(f"cardline: {chosen.file} cannot be read: {trouble}", file=sys.stderr)
        return CANNOT_TELL


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="cardline member", description=member.__doc__)
    verbs = options.add_subparsers(dest="verb", required=True)
    entering = verbs.add_parser(
        "import", help="enter the members of a CSV file; who is here already stays as they are"
    )
    entering.add_argument("file", help="UTF-8, with a line of names on top; - for standard input")
    return options


def _enter(table: TextIO) -> int:
    from cardline.members.rules import NEEDED, OPTIONAL

    rows = csv.DictReader(table, strict=True)
    columns = tuple(rows.fieldnames or ())
    missing = [name for name in NEEDED if name not in columns]
    unknown = [name for name in columns if name not in (*NEEDED, *OPTIONAL)]
    if missing or unknown:
        _say_columns(missing, unknown, (*NEEDED, *OPTIONAL))
        return CANNOT_TELL
    open_database()
    refused = False
    for answer in _answers(rows):
        refused |= "error" in answer
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return SOME_REFUSED if refused else DONE


def _say_columns(missing: list[str], unknown: list[str], all_of_them: tuple[str, ...]) -> None:
    if missing:
        print(f"cardline: these columns are missing: {', '.join(missing)}", file=sys.stderr)
    if unknown:
        print(f"cardline: no such columns: {', '.join(unknown)}", file=sys.stderr)
    print(f"cardline: the columns are {', '.join(all_of_them)}", file=sys.stderr)


def _answers(rows: csv.DictReader[str]) -> Iterator[dict[str, Any]]:
    """One for each record, in order. line: where the record ends in the file."""
    from cardline.kit import clock
    from cardline.kit.refusals import Malformed
    from cardline.members.intake import enter

    for row in rows:
        if None in row or None in row.values():
            yield {"error": "as many fields as columns are wanted", "line": rows.line_num}
            continue
        try:
            number, is_new = enter(row, clock.now())
        except Malformed as wrong:
            yield {"error": f"{wrong.field} cannot be used", "line": rows.line_num}
        else:
            yield {"core_customer": row["core_customer"].strip(), "member": number, "new": is_new}
