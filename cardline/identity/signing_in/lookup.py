"""Whose phone number was typed. The answer leaves this machine for nobody; the same work is done for every number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Value
from django.utils.crypto import salted_hmac

from cardline.identity.guesses.commands import NOBODY
from cardline.members.models import ContactPoint

MOST_TYPED = 40
DIGITS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The member with this number, and which contact point it is; zeros for nobody's, and for one of two members."""

    member_id: int = NOBODY
    point_id: int = 0


def holder_of(typed: str) -> Found:
    """One statement, whatever was typed."""
    tail = _digits(typed)[-DIGITS:]
    rows = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, tail=Value(tail)).order_by("pk")
    found = list(rows.values_list("member_id", "pk")[:2])
    alone = len({member_id for member_id, _ in found}) == 1 and len(tail) == DIGITS
    return Found(*found[0]) if alone else Found()


def known_by(typed: str) -> str:
    """The number as limits count it: nobody reads it out of that again."""
    return salted_hmac("cardline.sign_in", _digits(typed)[-DIGITS:], algorithm="sha256").hexdigest()[:24]


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed[:MOST_TYPED] if sign.isascii() and sign.isdigit())
