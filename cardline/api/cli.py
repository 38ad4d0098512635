"""`cardline api-key create|list|revoke`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from cardline.api.scopes import SCOPES, unknown_scopes
from cardline.kit.own_database import open_database


def api_key(arguments: Sequence[str]) -> int:
    """Keys for the issuer's own systems. 0 done, 1 there is no such key, 2 wrong use."""
    chosen = _options().parse_args(list(arguments))
    if chosen.verb == "create" and (unknown := unknown_scopes(chosen.scope)):
        print(f"cardline: no scope {unknown[0]!r}; the scopes are: {', '.join(SCOPES)}", file=sys.stderr)
        return 2
    open_database()
    return {"create": _create, "list": _list, "revoke": _revoke}[chosen.verb](chosen)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="cardline api-key", description=api_key.__doc__)
    verbs = options.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make a key; it is shown once")
    create.add_argument(
        "--scope", nargs="+", action="extend", required=True, metavar="S", help=", ".join(SCOPES)
    )
    create.add_argument("--name", default="", help="which system it is for")
    create.add_argument("--json", action="store_true")
    listing = verbs.add_parser("list", help="all keys, without the keys themselves")
    listing.add_argument("--json", action="store_true")
    revoke = verbs.add_parser("revoke", help="end a key from its next call on")
    revoke.add_argument("id", type=int)
    return options


def _create(chosen: argparse.Namespace) -> int:
    from cardline.api.commands import create_key
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.redact import clean

    scopes = sorted(set(chosen.scope))
    made = create_key(by=SYSTEM, now=clock.now(), name=clean(chosen.name), scopes=scopes)
    if chosen.json:
        print(json.dumps({"id": made["id"], "key": made["key"], "scopes": scopes}))
    else:
        print(made["key"])
        print(f"cardline: key {made['id']}, shown only now; keep it where secrets are kept", file=sys.stderr)
    return 0


def _list(chosen: argparse.Namespace) -> int:
    from cardline.api.queries import all_keys

    keys = all_keys()
    if chosen.json:
        print(json.dumps([_row(key) for key in keys], ensure_ascii=False))
        return 0
    for key in keys:
        state = "revoked" if key.revoked_at else f"last used {key.last_used_on or 'never'}"
        print(f"{key.pk}  {key.prefix}…  {key.name}  {' '.join(key.scopes)}  {state}")
    if not keys:
        print("none", file=sys.stderr)
    return 0


def _revoke(chosen: argparse.Namespace) -> int:
    from cardline.api.commands import revoke_key
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.refusals import NotThere

    try:
        ended = revoke_key(by=SYSTEM, now=clock.now(), key_id=chosen.id)
    except NotThere:
        print(f"cardline: there is no key {chosen.id}; cardline api-key list shows them", file=sys.stderr)
        return 1
    print(f"cardline: key {chosen.id} {'is revoked' if ended else 'was revoked before'}", file=sys.stderr)
    return 0


def _row(key: Any) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "created_at": key.created_at.isoformat(),
        "last_used_on": key.last_used_on.isoformat() if key.last_used_on else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
