"""How a member is reached and named, as an agent takes it down: from a form to a command and its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cardline.contactdata.changes.commands import (
    ask_for_address,
    ask_for_email,
    ask_for_phone,
    change_address,
    change_email,
    change_phone,
    prefer_point,
    remove_email,
    remove_phone,
)
from cardline.contactdata.names.commands import (
    ask_for_name,
    change_name,
    choose_embossed_name,
    note_preferred_name,
)
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed
from cardline.kit.row_numbers import row_number

Sent = Mapping[str, str]
Arguments = dict[str, Any]

_LINES = ("street", "more", "town", "state", "postal_code")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Wish:
    """at_once: the command where the level allows it. to_wait: the one that waits for a document or a day, None for
    what cannot wait. arguments: of either, beside the conversation.
    """

    at_once: Any
    to_wait: Any
    arguments: Arguments


def read(sent: Sent) -> Wish:
    """Raises Malformed for a kind that is none."""
    if sent.get("kind") not in _KINDS:
        raise Malformed(field="kind")
    at_once, to_wait, arguments = _KINDS[sent["kind"]]
    return Wish(at_once, to_wait, arguments(sent))


def _phone(sent: Sent) -> Arguments:
    said = {"number": _typed(sent, "phone"), "takes_texts": "landline" not in sent}
    return {**said, "point_id": row_number(sent.get("point"))}


def _email(sent: Sent) -> Arguments:
    return {"email": _typed(sent, "email"), "point_id": row_number(sent.get("point"))}


def _address(sent: Sent) -> Arguments:
    lines = {name: _typed(sent, name) for name in _LINES}
    return {"country": sent.get("country", ""), **lines, "point_id": row_number(sent.get("point"))}


def _legal_name(sent: Sent) -> Arguments:
    return {name: _typed(sent, name) for name in ("given_name", "family_name")}


def _name(sent: Sent) -> Arguments:
    return {"name": _typed(sent, "name")}


def _point(sent: Sent) -> Arguments:
    return {"point_id": row_number(sent.get("point"))}


def _typed(sent: Sent, name: str) -> Clean:
    return clean(sent.get(name, "")[:_LONGEST].strip())


_KINDS: Mapping[str, tuple[Any, Any, Callable[[Sent], Arguments]]] = {
    "phone": (change_phone, ask_for_phone, _phone),
    "email": (change_email, ask_for_email, _email),
    "post": (change_address, ask_for_address, _address),
    "name": (change_name, ask_for_name, _legal_name),
    "called": (note_preferred_name, None, _name),
    "embossed": (choose_embossed_name, None, _name),
    "prefer": (prefer_point, None, _point),
    "remove_phone": (remove_phone, None, _point),
    "remove_email": (remove_email, None, _point),
}
