"""How somebody is reached: what there is, masked, and another one in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cardline.contactdata.changes.commands import (
    ask_for_address,
    ask_for_email,
    ask_for_phone,
    change_address,
    change_email,
    change_phone,
    seen_mark,
)
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.kit.redact import clean
from cardline.kit.visibility import visible
from cardline.members.models import ContactPoint
from cardline.members.rules import masked

Json = Any
NOW = "now"  # the road of whoever shows right then that it is them; the other waits
MOST_POINTS = 4  # with "one more" five choices
_POINT = {"id": 1, "masked": "(•••) •••-0142", "seen": 1}
_THEIRS = {"own": True, "points": [_POINT], "country": "US", "many": False}
_DONE = {"change": 1, "state": "done", "why": ""}
_RESULTS = [
    _DONE,
    *({**_DONE, "state": "waiting", "why": why} for why in ("delay", "paper", "doubt", "card")),
]
_REFUSALS = [
    "same_point",
    "too_many_points",
    "waits_already",
    "changed_meanwhile",
    "too_many",
    "capacity_missing",
]


@finds(
    "contactdata.points",
    samples=[
        _THEIRS,
        {**_THEIRS, "own": False, "points": []},
        {**_THEIRS, "points": [], "country": "DE"},
        {**_THEIRS, "many": True},
    ],
)
def points(here: Here, *, kind: str) -> Json:
    """own: they sit there themselves. A colleague changes contact data on its own page, signed in once more (SR-36)."""
    country = here.member.country if here.member else ""
    if here.member is None or not here.is_own:
        return {"own": False, "points": [], "country": country, "many": False}
    rows = visible(ContactPoint, here.actor).filter(member=here.member, kind=kind).order_by("pk")
    found = [{"id": one.pk, "masked": masked(kind, one.value), "seen": seen_mark(one)} for one in rows]
    return {"own": True, "points": found[:MOST_POINTS], "country": country, "many": len(found) > MOST_POINTS}


@does("contactdata.phone", results=_RESULTS, refusals=[*_REFUSALS, "not_a_phone"])
def phone(here: Here, *, road: str, number: str, texts: bool, point: int, seen: int) -> Mapping[str, Json]:
    ask: Callable[..., Mapping[str, Json]] = change_phone if road == NOW else ask_for_phone
    return ask(by=here.by, now=here.now, number=clean(number), takes_texts=texts, point_id=point, seen=seen)


@does(
    "contactdata.email",
    results=[{**_DONE, "state": "waiting", "why": "link"}, *_RESULTS[2:4]],
    refusals=[*_REFUSALS, "not_an_email"],
)
def email(here: Here, *, road: str, email: str, point: int, seen: int) -> Mapping[str, Json]:
    ask: Callable[..., Mapping[str, Json]] = change_email if road == NOW else ask_for_email
    return ask(by=here.by, now=here.now, email=clean(email), point_id=point, seen=seen)


@does(
    "contactdata.address",
    results=_RESULTS,
    refusals=[*_REFUSALS, "not_an_address", "not_a_postal_code", "not_a_state"],
)
def address(
    here: Here, *, road: str, country: str, street: str, more: str, town: str, state: str, postal_code: str
) -> Mapping[str, Json]:
    ask: Callable[..., Mapping[str, Json]] = change_address if road == NOW else ask_for_address
    return ask(
        by=here.by, now=here.now, country=country, street=clean(street), more=clean(more), town=clean(town),
        state=clean(state), postal_code=clean(postal_code),
    )  # fmt: skip
