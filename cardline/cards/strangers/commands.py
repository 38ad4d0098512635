"""A stranger says that a card is gone, or that they found one (docs/decisions/0030).

What they say is kept first and looked up afterwards, in the lane of freezes: so the answer they get cannot depend on
whether there is such a card, neither by its words nor by its time (SR-34).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from cardline.cards import freeze_lane
from cardline.cards.commands import unfreeze_for
from cardline.cards.models import Report, StrangersWord
from cardline.cards.reports.commands import report_of
from cardline.cards.reports.telling import tell_everywhere
from cardline.cards.reports.writing import BAR_RAISED, FALSE_ALARM, FOUND_AT, going_on, keep, say
from cardline.cards.strangers.finding import Meant, card_meant
from cardline.cards.strangers.rules import (
    FROM_ONE_PLACE,
    IN_A_DAY,
    REMEMBERED,
    bar_is_raised,
    is_too_often,
)
from cardline.cards.writing import REPORT_NEED
from cardline.cases import timeline
from cardline.cases.commands import open_case, set_attention
from cardline.cases.models import Case
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import count
from cardline.kit.redact import Clean, clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere, Refusal, TooMany
from cardline.kit.visibility import visible
from cardline.members.models import Member

LOOKED = "word.looked"
AT_ONCE = 20
PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=1)
Came = StrangersWord.Came


@command("word.say", by=[Kind.GUEST, Kind.AGENT], about="card")
def hear_word(
    *,
    by: Standing,
    now: datetime,
    kind: str,
    name: Clean,
    facts: Clean,
    where: Clean,
    subject: Clean,
    source: str,
    first_word_at: datetime,
    case_id: int | None = None,
) -> dict[str, Any]:
    """Keep what a stranger says, in a case of theirs, and have it looked up at once. kind: a word of
    StrangersWord.Kind.

    where: where a found card is. source: a keyed hash of where they come from; too many from there are kept all the
    same, and looked up by a person. Returns {"case_id", "ref"}, whatever there is. Raises NotThere for another's case.
    """
    if case_id is None:
        opened = open_case(by=by, now=now, need=REPORT_NEED, subject=subject)
        case_id = int(opened["case_id"])
    case = visible(Case, by.actor).filter(pk=case_id).first()
    if case is None:
        raise NotThere()
    StrangersWord.objects.create(
        case=case,
        kind=kind,
        source=source[:64],
        name=name[:200],
        facts=facts[:400],
        place=where[:400],
        said_at=first_word_at,
        held_back=_is_flooding(source),
        next_try_at=clock.machine_now(),
    )
    set_attention(case.pk, now, now)
    transaction.on_commit(freeze_lane.wake)
    return {"case_id": case.pk, "ref": case.ref}


@command("word.look", by=[Kind.SYSTEM], about="word:{word_id}")
def look_up(*, by: Standing, now: datetime, word_id: int) -> str:
    """Whose card a stranger means: freeze it, report it, and tell its member everywhere. Returns what came of it, ""
    when somebody was quicker. Raises CoreSilent: nothing happened, and it is tried again.
    """
    waiting = StrangersWord.objects.filter(pk=word_id, looked_at=None)
    word = waiting.select_related("case").first()
    if word is None or not waiting.update(looked_at=now, name="", facts="", place=""):
        return ""
    meant = None if word.held_back else card_meant(word.name, word.facts)
    came, report = (Came.HELD_BACK if word.held_back else Came.NOBODY), None
    if meant is not None:
        came, report = _act_on(word, meant, now)
    StrangersWord.objects.filter(pk=word.pk).update(
        came=came, report=report, member=meant.member if meant else None
    )
    _tell_the_desk(word, came, report, now)
    return str(came)


@command("word.wait", by=[Kind.SYSTEM], housekeeping=True)
def wait_with(*, by: Standing, now: datetime, word_id: int, at: datetime) -> None:
    """The core did not say: the word is looked up again soon. at: machine time."""
    word = StrangersWord.objects.filter(pk=word_id, looked_at=None).first()
    if word is None:
        return
    pause = min(PAUSE * 2**word.tries, LONGEST_PAUSE) if word.tries < 8 else LONGEST_PAUSE
    StrangersWord.objects.filter(pk=word_id).update(tries=F("tries") + 1, next_try_at=at + pause)


@command("word.freeze", by=[Kind.SYSTEM], about="card:{card}")
def freeze_for_stranger(
    *, by: Standing, now: datetime, card: str, source: str, first_word_at: datetime
) -> dict[str, Any]:
    """The system, on behalf of a member: their card is frozen and reported, because a stranger said that it is gone."""
    member = Member.objects.get(pk=by.party)
    return report_of(by, now, member, card, source=source, level=0, first_word_at=first_word_at)


@command("card.say_false_alarm", by=[Kind.MEMBER], level="lost_stolen:unfreeze", about="report:{report_id}")
def say_false_alarm(*, by: Standing, now: datetime, report_id: int) -> bool:
    """The member's one press: it was not me. Their card is given back into use, and the stranger's word counts as
    false: after two of them a detail points to nobody any more without the name.

    False: it was said before. Raises NotThere, CoreSilent, and what unfreezing refuses.
    """
    report = visible(Report, by.actor).select_related("member", "case").filter(pk=report_id).first()
    words = StrangersWord.objects.filter(report=report_id)
    if report is None or not words.exists():
        raise NotThere()
    if not words.filter(false_at=None).update(false_at=now):
        return False
    say(report, FALSE_ALARM)
    if report.state in (Report.State.REPORTED, Report.State.FROZEN, Report.State.RECOVERED):
        unfreeze_for(by, now, report.member, report.card)
    keep(report.reach, now, "They said themselves that it was not them.")
    if bar_is_raised(_false_ones(report.member_id, now)):
        say(report, BAR_RAISED, visible=False)
        set_attention(report.case_id, now, now)
    return True


def words_to_look_up(at: datetime, most: int = AT_ONCE) -> list[int]:
    """At machine time, the oldest first."""
    due = StrangersWord.objects.filter(looked_at=None, next_try_at__lte=at)
    return list(due.order_by("next_try_at", "id").values_list("pk", flat=True)[:most])


def work_through_words() -> int:
    """Look up everything that waits, one after the other. Returns how many were settled."""
    return sum(look_up_one(word_id) for word_id in words_to_look_up(clock.machine_now()))


def look_up_one(word_id: int) -> bool:
    """False: the core did not say, or would not freeze just now, and it is tried again: a word is never dropped."""
    try:
        return bool(look_up(by=SYSTEM, now=clock.now(), word_id=word_id))
    except Refusal:
        wait_with(by=SYSTEM, now=clock.now(), word_id=word_id, at=clock.machine_now())
        return False


# ------------------------------------------------------------------------------------------ inside a command


def _is_flooding(source: str) -> bool:
    try:
        count(FROM_ONE_PLACE, source)
    except TooMany:
        return True
    return False


def _act_on(word: StrangersWord, meant: Meant, now: datetime) -> tuple[Came, Report | None]:
    known = going_on(meant.card.token)
    if known is None and (refused := _why_not(word, meant, now)):
        return refused, None
    source = Report.Source.FINDER if word.kind == StrangersWord.Kind.FOUND else Report.Source.STRANGER
    acting = _system_for(meant.member)
    freeze_for_stranger(by=acting, now=now, card=meant.card.token, source=source, first_word_at=word.said_at)
    report = going_on(meant.card.token)
    assert report is not None
    if known is None:
        tell_everywhere(report, now)
    if word.kind == StrangersWord.Kind.FOUND:
        _say_where(report, word)
    return Came.FROZEN, report


def _why_not(word: StrangersWord, meant: Meant, now: datetime) -> Came | None:
    """A card that strangers freeze again and again is frozen by a person, who calls its member (DOMAIN 8)."""
    lately = StrangersWord.objects.filter(
        member=meant.member, came=Came.FROZEN, said_at__gt=now - IN_A_DAY
    ).count()
    if is_too_often(lately):
        return Came.TOO_OFTEN
    if not bar_is_raised(_false_ones(meant.member.pk, now)):
        return None
    again = card_meant(word.name, word.facts, name_must_fit=True)
    return None if again is not None and again.card.token == meant.card.token else Came.TOO_OFTEN


def _false_ones(member_id: int, now: datetime) -> int:
    rows = StrangersWord.objects.filter(member=member_id, false_at__gt=now - REMEMBERED)
    return rows.values("report").distinct().count()


def _say_where(report: Report, word: StrangersWord) -> None:
    """In the words of whoever found it, for its member to read."""
    timeline.append(
        report.case_id, FOUND_AT, clean(word.place), data={"card": report.card, "last4": report.last4}
    )


def _tell_the_desk(word: StrangersWord, came: str, report: Report | None, now: datetime) -> None:
    ref = show_reference(report.case.ref) if report else ""
    timeline.append(word.case_id, LOOKED, visible=False, data={"came": str(came), "case": ref})
    set_attention(word.case_id, now, now)


def _system_for(member: Member) -> Actor:
    return replace(SYSTEM, on_behalf_of=member.pk)
