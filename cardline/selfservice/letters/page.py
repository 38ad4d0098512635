"""A member's letters, and whether they want them on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cardline.clocks.local import local_date
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date
from cardline.kit.reference import show_reference
from cardline.notify.letters.disclosure import current_disclosure
from cardline.notify.letters.models import Letter
from cardline.notify.letters.queries import bad_address_of, consents_of, letters_of
from cardline.notify.letters.table import CLASSES
from cardline.notify.letters.words import say_to_member
from cardline.ui.letter_names import CLASSES as CLASS_NAMES
from cardline.ui.letter_names import letter_name


@dataclass(frozen=True, slots=True)
class LetterLine:
    """name: of its address. title: what it is called. ref: of its case, as shown."""

    name: str
    title: str
    day: str
    state: str
    ref: str


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of letters. since: when the member agreed to have it without paper, "" where it is on paper."""

    covers: str
    title: str
    since: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """terms: what is read before agreeing; version goes back with the form. came_back: a letter came back from their
    address. saved: what was pressed just now.
    """

    letters: tuple[LetterLine, ...]
    on_paper: tuple[ClassLine, ...]
    without: tuple[ClassLine, ...]
    terms: tuple[str, ...]
    version: str
    came_back: bool
    saved: str
    wrong: str


def paper_page(actor: Actor, language: str, saved: str = "", wrong: str = "") -> PaperPage:
    agreed, zone = consents_of(actor, actor.member_id), current_profile().zone
    classes = [
        ClassLine(
            covers,
            str(CLASS_NAMES[covers]),
            say_full_date(local_date(agreed[covers].given_at, zone), language) if covers in agreed else "",
        )
        for covers in CLASSES
    ]
    terms = current_disclosure()
    return PaperPage(
        letters=letter_lines(letters_of(actor, actor.member_id), language),
        on_paper=tuple(one for one in classes if not one.since),
        without=tuple(one for one in classes if one.since),
        terms=terms.in_(language),
        version=terms.version,
        came_back=bad_address_of(actor, actor.member_id) is not None,
        saved=saved,
        wrong=wrong,
    )


def letter_lines(letters: Sequence[Letter], language: str) -> tuple[LetterLine, ...]:
    return tuple(
        LetterLine(
            name=one.name,
            title=letter_name(one.kind),
            day=_day(one.made_at, language),
            state=say_to_member(one),
            ref=show_reference(one.reference),
        )
        for one in letters
    )


def _day(at: datetime, language: str) -> str:
    return say_full_date(local_date(at, current_profile().zone), language)
