"""Which places are told of a change. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cardline.members.contactdata.rules import EMAIL, NAME, PHONE, POST, same_point

DOORS: Mapping[str, str] = {PHONE: "text", EMAIL: "email", POST: "letter"}


@dataclass(frozen=True, slots=True)
class Known:
    """A contact point as it is now. is_safe: they said nothing against it. proves: we have had it for long, and nobody
    else has it, so that an answer from there says something (SR-32).
    """

    kind: str
    value: str
    takes_texts: bool
    is_safe: bool
    proves: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a notice goes. to_old: we had it long before the change, and nobody else has it."""

    kind: str
    value: str
    to_old: bool

    @property
    def channel(self) -> str:
        return DOORS[self.kind]


def places_to_tell(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], now: Iterable[Known]
) -> list[Place]:
    """The place that goes, every other one a message reaches, and the new one; each once, none that is not safe.

    Letters are slow and are for the old and the new address, for a name, and for whoever can be told in no other way.
    """
    known = [one for one in now if one.is_safe]
    others = [one for one in known if not _is(kind, new, one) and not _is(kind, old, one)]
    found = [Place(kind, old["value"], bool(old.get("proves")))] if _reaches(kind, old) else []
    found += [
        Place(one.kind, one.value, one.proves) for one in others if one.kind != POST and _can_be_told(one)
    ]
    letters = [Place(one.kind, one.value, one.proves) for one in others if one.kind == POST]
    if kind == NAME or not found:
        found += letters
    if _reaches(kind, new):
        found.append(Place(kind, new["value"], False))
    return found


def counts_as_me(channel: str, *, to_old: bool) -> bool:
    """Whether "this was me" from there makes us sure: a phone or an address we had before, and never a mailbox, which
    others can read (DOMAIN 8)."""
    return to_old and channel in ("text", "letter")


def _reaches(kind: str, kept: Mapping[str, Any]) -> bool:
    return (
        bool(kept.get("value"))
        and (kind != PHONE or kept.get("takes_texts", True))
        and kept.get("is_safe", True)
    )


def _can_be_told(one: Known) -> bool:
    return one.kind != PHONE or one.takes_texts


def _is(kind: str, kept: Mapping[str, Any], one: Known) -> bool:
    return bool(kept.get("value")) and one.kind == kind and same_point(kind, kept["value"], one.value)
