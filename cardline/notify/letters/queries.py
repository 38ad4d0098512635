"""Questions about letters. Each starts from what the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from cardline.clocks.local import local_date
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.notify.letters.models import BadAddress, Letter, PaperConsent
from cardline.notify.letters.rules import SHOWN_POSTED
from cardline.notify.letters.table import NOTICE

State = Letter.State

MOST = 100  # on one page


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits to be printed, how much of it is late, what waits for a place or a restriction, what left today."""

    to_print: int
    late: int
    held: int
    posted_today: int


def letter_named(actor: Actor, name: str) -> Letter:
    """The letter of an address. Raises NotThere for a wrong or somebody else's one."""
    letter = visible(Letter, actor).select_related("member").filter(name=name).first()
    if letter is None:
        raise NotThere()
    return letter


def letters_of(actor: Actor, member_id: int) -> list[Letter]:
    """A member's letters, newest first; no notices, which are messages (notify/letters/notices.py)."""
    theirs = visible(Letter, actor).filter(member=member_id).exclude(kind__startswith=NOTICE)
    return list(theirs.order_by("-pk")[:MOST])


def letters_in(actor: Actor, case_id: int) -> list[Letter]:
    """The letters of a case, newest first."""
    return list(visible(Letter, actor).filter(case=case_id).order_by("-pk")[:MOST])


def to_print(actor: Actor) -> list[Letter]:
    """What is to be printed and posted, the soonest last day first."""
    return list(_on_paper(actor, State.TO_PRINT).order_by("act_by", "pk")[:MOST])


def held_letters(actor: Actor) -> list[Letter]:
    return list(_on_paper(actor, State.HELD).order_by("act_by", "pk")[:MOST])


def posted_lately(actor: Actor, now: datetime) -> list[Letter]:
    """What was posted in the last days, the newest first: it may come back."""
    rows = _on_paper(actor, State.POSTED).filter(posted_at__gt=now - SHOWN_POSTED)
    return list(rows.order_by("-posted_at", "-pk")[:MOST])


def figures(actor: Actor, now: datetime) -> Figures:
    today = local_date(now, current_profile().zone)
    waiting = _on_paper(actor, State.TO_PRINT)
    posted = _on_paper(actor, State.POSTED).filter(posted_at__gt=now - SHOWN_POSTED)
    return Figures(
        to_print=waiting.count(),
        late=waiting.filter(act_by__lt=today).count(),
        held=_on_paper(actor, State.HELD).count(),
        posted_today=sum(_day(at) == today for at in posted.values_list("posted_at", flat=True) if at),
    )


def consents_of(actor: Actor, member_id: int) -> dict[str, PaperConsent]:
    """The consents that stand, by the class of letters they cover."""
    rows = visible(PaperConsent, actor).filter(member=member_id, withdrawn_at=None)
    return {row.covers: row for row in rows}


def bad_address_of(actor: Actor, member_id: int) -> BadAddress | None:
    """The address from which a letter came back, while nobody has said that it is right."""
    return visible(BadAddress, actor).filter(member=member_id, right_at=None).order_by("-pk").first()


def _on_paper(actor: Actor, state: Letter.State) -> QuerySet[Letter]:
    return visible(Letter, actor).select_related("member").filter(state=state)


def _day(at: datetime) -> date:
    return local_date(at, current_profile().zone)
