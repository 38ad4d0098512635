"""Which card somebody means who is not signed in (DOMAIN 8: one detail that points to exactly one card still freezes).

It finds and verifies nobody: no guess is counted and no lock is looked at, because a freeze protects whoever it hits
(SR-31), and nobody is told what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Q

from cardline.issuer.asking import ask
from cardline.issuer.core import Card, CardState, current_core
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import is_their_name, plain

TAIL = 10  # digits that tell two phone numbers apart (ContactPoint.tail)
SHORTEST_PHONE = 7
MOST_OF_A_NAME = 400  # people looked through who share a part of a name
MOST_MEANT = 20

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_HIDDEN_CARD = re.compile(r"\[card ••(\d{4})\]")  # a whole number, as the redactor left it
_PHONE = re.compile(r"\+?\d[\d ().\u00a0-]{5,}\d")
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody typed, by what it can be. postal: every word of it, since codes look different everywhere."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    last4: tuple[str, ...] = ()
    postal: tuple[str, ...] = ()


def details_in(facts: str) -> Details:
    """A sentence may hold several: "4471, and my ZIP is 12207"."""
    emails = tuple(found.rstrip(".,;") for found in _EMAIL.findall(facts))
    hidden = tuple(_HIDDEN_CARD.findall(facts))
    bare = _EMAIL.sub(" ", _HIDDEN_CARD.sub(" ", facts))
    phones = tuple(
        digits[-TAIL:] for found in _PHONE.findall(bare) if len(digits := _digits(found)) >= SHORTEST_PHONE
    )
    words = plain(bare).split()
    pairs = [" ".join(pair) for pair in zip(words, words[1:], strict=False)]  # "SW1A 1AA"
    return Details(phones, emails, hidden + tuple(_FOUR.findall(bare)), (*words, *pairs))


@dataclass(frozen=True, slots=True)
class Meant:
    """A card and whose it is."""

    member: Member
    card: Card


def card_meant(name: str, facts: str, *, name_must_fit: bool = False) -> Meant | None:
    """The one card that everything typed points to; None for none and for several.

    A phone number and an e-mail address point by themselves, the last four digits and a postal code only with the name.
    name_must_fit: the bar is raised for whoever is meant: nothing points without the name. Raises CoreSilent.
    """
    said = details_in(facts)
    named = list(_called(name))
    pointed = [
        *(list(_with_point(ContactPoint.Kind.PHONE, tail)) for tail in said.phones),
        *(list(_with_point(ContactPoint.Kind.EMAIL, address)) for address in said.emails),
    ]
    if name_must_fit:
        pointed = [[one for one in people if one in named] for people in pointed]
    at_code = [one for one in named if _fits_code(one, said.postal)]
    sets = [_cards(people) for people in (*pointed, at_code)]
    sets.append([one for one in _cards(named) if one.card.last4 in said.last4])
    return _only_one([found for found in sets if found])


def _only_one(sets: list[list[Meant]]) -> Meant | None:
    if not sets:
        return None
    tokens = set.intersection(*({one.card.token for one in found} for found in sets))
    meant = [one for one in sets[0] if one.card.token in tokens]
    return meant[0] if len(meant) == 1 else None


def _with_point(kind: str, value: str) -> Iterator[Member]:
    same = Q(tail=value) if kind == ContactPoint.Kind.PHONE else Q(value__iexact=value)
    people = ContactPoint.objects.filter(same, kind=kind).values("member")
    yield from Member.objects.filter(pk__in=people).order_by("pk")[:MOST_MEANT]


def _called(name: str) -> Iterator[Member]:
    """Everybody whose whole name is in what was typed, in any order and however accents were written."""
    words = [word for word in name.split()[:8] if len(word) > 1]
    if not words:
        return
    like = Q()
    for word in words:
        like |= Q(family_name__icontains=word) | Q(given_name__icontains=word)
    for member in Member.objects.filter(like).order_by("pk")[:MOST_OF_A_NAME]:
        if is_their_name(name, member.given_name, member.family_name):
            yield member


def _fits_code(member: Member, typed: tuple[str, ...]) -> bool:
    return bool(member.postal_code) and plain(member.postal_code).strip() in typed


def _cards(people: Iterable[Member]) -> list[Meant]:
    """Their own open cards."""
    return [
        Meant(member, card)
        for member in people
        for card in ask(partial(current_core().cards, member.core_customer))
        if card.customer == member.core_customer and card.state != CardState.CLOSED
    ]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())
