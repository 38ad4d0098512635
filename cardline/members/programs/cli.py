"""`cardline program`: a company gets a program, and members come into it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from cardline.kit.own_database import open_database

DONE, SOME_UNKNOWN, WRONG_USE = 0, 1, 2
LONGEST_NUMBER, LONGEST_NAME, LONGEST_ADDRESS = 32, 80, 200


def program(arguments: Sequence[str]) -> int:
    """0 done, 1 somebody is not a member here, 2 wrong use. Each verb may come again."""
    chosen = _options().parse_args(list(arguments))
    open_database()
    return _add(chosen) if chosen.verb == "add" else _enrol(chosen)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="cardline program", description=program.__doc__)
    verbs = options.add_subparsers(dest="verb", required=True)
    adding = verbs.add_parser("add", help="a program for a company that holds an account")
    adding.add_argument("company", help="its number in the card core")
    adding.add_argument("--name", required=True, help="as it is registered")
    adding.add_argument("--address", required=True, help="where it gets its post, in one line")
    enrolling = verbs.add_parser("enrol", help="members whose cards are on the company's account")
    enrolling.add_argument("company", help="its number in the card core")
    enrolling.add_argument("members", nargs="+", help="their numbers in the card core")
    return options


def _add(chosen: argparse.Namespace) -> int:
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.redact import clean
    from cardline.members.programs.commands import open_program

    given = (
        (chosen.company, LONGEST_NUMBER), (chosen.name, LONGEST_NAME), (chosen.address, LONGEST_ADDRESS)
    )  # fmt: skip
    if not all(text.strip() and text.isprintable() and len(text) <= most for text, most in given):
        print(
            "cardline: number, name and address are lines of 1 to 32, 80 and 200 characters", file=sys.stderr
        )
        return WRONG_USE
    number = open_program(
        by=SYSTEM,
        now=clock.now(),
        core_customer=chosen.company,
        name=clean(chosen.name),
        address=clean(chosen.address),
    )
    print(json.dumps({"company": chosen.company, "program": number}))
    return DONE


def _enrol(chosen: argparse.Namespace) -> int:
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.refusals import NotThere
    from cardline.members.programs.commands import enrol
    from cardline.members.programs.queries import program_by_company
    from cardline.members.queries import member_by_number

    number = program_by_company(chosen.company)
    if number is None:
        print("cardline: this company has no program; see cardline program add", file=sys.stderr)
        return WRONG_USE
    unknown = False
    for core_customer in chosen.members:
        member = member_by_number(core_customer)
        try:
            if member is None:
                raise NotThere()
            is_new = enrol(by=SYSTEM, now=clock.now(), program_id=number, member_id=member.pk)
        except NotThere:
            unknown = True
            print(json.dumps({"core_customer": core_customer, "error": "no member who could be in it"}))
        else:
            print(json.dumps({"core_customer": core_customer, "new": is_new}))
    return SOME_UNKNOWN if unknown else DONE
