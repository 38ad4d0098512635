"""`cardline colleague add|start-anew`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from cardline.kit.own_database import open_database

ROLES = ("agent", "supervisor", "administrator")


def colleague(arguments: Sequence[str]) -> int:
    """Who may sign in at the desk. 0 done, 1 taken or not there, 2 wrong use."""
    chosen = _options().parse_args(list(arguments))
    open_database()
    return {"add": _add, "start-anew": _start_anew}[chosen.verb](chosen)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="cardline colleague", description=colleague.__doc__)
    verbs = options.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="a new colleague; their first password is shown once")
    add.add_argument("username")
    add.add_argument("--given-name", required=True)
    add.add_argument("--family-name", required=True)
    add.add_argument("--role", choices=ROLES, default="agent")
    add.add_argument("--team", required=True, help="an id of the issuer's profile")
    add.add_argument("--json", action="store_true")
    anew = verbs.add_parser(
        "start-anew", help="for whoever lost password or second factor: a first password again, all else gone"
    )
    anew.add_argument("username")
    anew.add_argument("--json", action="store_true")
    return options


def _add(chosen: argparse.Namespace) -> int:
    from cardline.issuer.profile import current_profile
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.redact import clean
    from cardline.kit.refusals import Malformed
    from cardline.staff.hiring import add_agent

    teams = current_profile().teams
    if chosen.team not in teams:
        print(f"cardline: no team {chosen.team!r}; the teams are: {', '.join(teams)}", file=sys.stderr)
        return 2
    try:
        made = add_agent(
            by=SYSTEM,
            now=clock.now(),
            username=chosen.username,
            given_name=clean(chosen.given_name),
            family_name=clean(chosen.family_name),
            role=chosen.role,
            team=chosen.team,
        )
    except Malformed:
        print(f"cardline: somebody signs in as {chosen.username} already", file=sys.stderr)
        return 1
    return _show(made, chosen)


def _start_anew(chosen: argparse.Namespace) -> int:
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.refusals import NotThere
    from cardline.staff.hiring import start_anew

    try:
        return _show(start_anew(by=SYSTEM, now=clock.now(), username=chosen.username), chosen)
    except NotThere:
        print(f"cardline: no colleague signs in as {chosen.username}", file=sys.stderr)
        return 1


def _show(made: dict[str, Any], chosen: argparse.Namespace) -> int:
    if chosen.json:
        print(json.dumps({"id": made["id"], "username": chosen.username, "password": made["password"]}))
        return 0
    print(made["password"])
    print(
        f"cardline: the first password of {chosen.username}, shown only now; they set up a second factor with it",
        file=sys.stderr,
    )
    return 0
