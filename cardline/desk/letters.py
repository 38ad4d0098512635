"""Letters on the desk: what is printed today, what is held, what was posted; and those of one member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from cardline.audit.commands import note_looks
from cardline.audit.rules import Look, Why
from cardline.cases.models import Case
from cardline.clocks.local import local_date
from cardline.desk.looking import look_at
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.notify.letters.access import may_print
from cardline.notify.letters.models import BadAddress, Letter
from cardline.notify.letters.queries import (
    Figures,
    bad_address_of,
    consents_of,
    figures,
    held_letters,
    letter_named,
    letters_in,
    letters_of,
    posted_lately,
    to_print,
)
from cardline.notify.letters.rules import may_undo
from cardline.notify.letters.table import CLASSES
from cardline.notify.letters.words import WHY_HELD, say_state
from cardline.ui.letter_names import CLASSES as CLASS_NAMES
from cardline.ui.letter_names import letter_name


@dataclass(frozen=True, slots=True)
class LetterRow:
    """act_by: in words. sees_case: whether the reader may open its case. why: why it is held, "" else."""

    row: Letter
    name: str
    reference: str
    act_by: str
    is_late: bool
    state: str
    why: str
    sees_case: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class PrintPage:
    figures: Figures
    waiting: list[LetterRow]
    held: list[LetterRow]
    posted: list[LetterRow]


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A class of letters, and since when it is without paper, "" where it is on paper."""

    covers: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class MemberLetters:
    """case_id, reference: the member's newest case that the reader sees, to go back to."""

    member: Member
    case_id: int
    reference: str
    letters: list[LetterRow]
    consents: list[ConsentRow]
    bad: BadAddress | None

    @property
    def without_paper(self) -> bool:
        return any(one.since for one in self.consents)


def print_page(actor: Actor, now: datetime) -> PrintPage:
    waiting, held, posted = to_print(actor), held_letters(actor), posted_lately(actor, now)
    seen = _cases_seen(actor, [*waiting, *held, *posted])
    return PrintPage(
        figures=figures(actor, now),
        waiting=[_row(actor, one, now, seen) for one in waiting],
        held=[_row(actor, one, now, seen) for one in held],
        posted=[_row(actor, one, now, seen) for one in posted],
    )


def member_letters(actor: Actor, member_id: int, now: datetime) -> MemberLetters:
    """Raises NotThere for a member of whom the actor sees no case."""
    case = (
        visible(Case, actor)
        .select_related("member")
        .filter(member=member_id)
        .order_by("-opened_at", "-pk")
        .first()
    )
    if case is None or case.member is None:
        raise NotThere()
    language, zone = get_language() or "en", current_profile().zone
    agreed = consents_of(actor, member_id)
    rows = letters_of(actor, member_id)
    seen = _cases_seen(actor, rows)
    return MemberLetters(
        member=case.member,
        case_id=case.pk,
        reference=show_reference(case.ref),
        letters=[_row(actor, one, now, seen) for one in rows],
        consents=[
            ConsentRow(
                covers,
                str(CLASS_NAMES[covers]),
                say_date(local_date(agreed[covers].given_at, zone), language, now)
                if covers in agreed
                else "",
            )
            for covers in CLASSES
        ],
        bad=bad_address_of(actor, member_id),
    )


def letters_of_case(actor: Actor, case_id: int, now: datetime) -> list[LetterRow]:
    """For the page of a case that its reader has looked at."""
    return [_row(actor, one, now, {case_id}) for one in letters_in(actor, case_id)]


def letter_to_open(actor: Actor, name: str, now: datetime) -> Letter:
    """A letter for a colleague, who has looked when this returns (SR-25): by its case, or because they print it.

    Raises NotThere, ReasonNeeded.
    """
    letter = letter_named(actor, name)
    case = visible(Case, actor).filter(pk=letter.case).first()
    if letter.state == Letter.State.TO_PRINT and may_print(actor):
        ref = letter.reference
        note_looks(actor, [Look(letter.member_id, letter.case, ref, "letter", Why.CASE, ref)])
    elif case is None:
        raise NotThere()
    else:
        look_at(actor, case, [], "letter", now)
    return letter


def _cases_seen(actor: Actor, letters: Sequence[Letter]) -> set[int]:
    numbers = {letter.case for letter in letters}
    return set(visible(Case, actor).filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()


def _row(actor: Actor, letter: Letter, now: datetime, seen: set[int]) -> LetterRow:
    today: date = local_date(now, current_profile().zone)
    by_them = actor.is_supervisor or letter.posted_by == actor.key
    return LetterRow(
        row=letter,
        name=letter_name(letter.kind),
        reference=show_reference(letter.reference) if letter.reference else "",
        act_by=say_date(letter.act_by, get_language() or "en", now),
        is_late=letter.state == Letter.State.TO_PRINT and letter.act_by < today,
        state=say_state(letter),
        why=str(WHY_HELD.get(letter.why, "")) if letter.state == Letter.State.HELD else "",
        sees_case=letter.case in seen,
        can_undo=letter.posted_at is not None
        and letter.came_back_at is None
        and may_undo(letter.posted_at, now)
        and by_them,
    )
