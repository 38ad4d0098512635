"""A letter is sent: written whole, kept as it is, and put on its way.

    send_letter(by=by, now=now, member_id=…, case_id=…, kind="lost.summary", law="z",
                facts={"reference": case.ref, "reported_at": moment.isoformat(), …})

docs/howto/add-a-letter.md has the whole example.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from cardline.clocks.local import local_date
from cardline.issuer.profile import current_profile
from cardline.kit import plugs
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command, executing
from cardline.kit.events import happened
from cardline.kit.reference import parse_reference
from cardline.kit.refusals import NotThere
from cardline.members.models import Member
from cardline.members.restrictions.commands import hold_message
from cardline.members.restrictions.rules import Allow
from cardline.notify.letters import rules
from cardline.notify.letters.delivery import may_leave, notice_route, paper_route, route
from cardline.notify.letters.models import Letter
from cardline.notify.letters.rules import HELD_LOOK, Route, act_by, look_at_shown
from cardline.notify.letters.table import NOTICE, REFERENCE, UnknownLetter, letter_kind
from cardline.notify.letters.writing import seal_of, write
from cardline.notify.outgoing import send
from cardline.trust.commands import make_code
from cardline.trust.rules import About
from cardline.trust.rules import Kind as Proven

WRITERS = (Kind.AGENT, Kind.SYSTEM, Kind.API, Kind.MEMBER)
READY = "letter_ready"  # texts/letter_ready.toml
PAGE = "/profile/paper"

# What upper apps answer to (promises/letters): each with letter_id, case_id, reference, kind, name, now.
SENT, TO_PAPER, HELD, FREED = "letter.sent", "letter.to_paper", "letter.held", "letter.freed"

State, Way = Letter.State, Letter.Way


@command("letter.send", by=WRITERS, about="case:{case_id}")
def send_letter(
    *,
    by: Standing,
    now: datetime,
    member_id: int,
    case_id: int,
    kind: str,
    facts: Mapping[str, Any],
    law: str = "",
    due_on: date | None = None,
) -> dict[str, Any]:
    """Write a letter and put it on its way: on the member's pages, or among those that are printed today.

    facts: what `kinds/<kind>.toml` asks for, as letters/facts.py takes them; `reference` is the case's. law: the word
    under which it is written ("z", "e", "b"), where its kind knows laws. due_on: the law's last day, by the issuer's
    zone, where a clock gave one. Returns {"letter_id", "way"}: "paper", "electronic", or "held" where it must wait.

    Raises LetterLacksPart, which names each part that is missing; NotThere for a member or case that is none of the
    actor's; UnknownLetter and WrongFact for a mistake in the code that called.
    """
    member = Member.objects.filter(pk=member_id).first()
    if member is None or not _may_write_to(by, member_id):
        raise NotThere()
    of, profile = letter_kind(kind), current_profile()
    if of.is_notice:
        raise UnknownLetter(f"{kind} goes by notify.outgoing.send, to the place it is about")
    content = write(of, facts, member, profile, law=law, now=now).content()
    way = route(member, law, now, of=of)
    row = Letter(
        member=member,
        case=case_id,
        kind=kind,
        version=of.version(member.language, profile.jurisdiction, law),
        language=member.language,
        country=profile.jurisdiction,
        law=law,
        reference=parse_reference(facts[REFERENCE]),
        content=content,
        seal=seal_of(content),
        due_on=due_on,
        act_by=act_by(local_date(now, profile.zone), of.days, due_on, profile.calendar),
    )
    put_on_its_way(row, way, now)
    return {"letter_id": row.pk, "way": "held" if row.state == State.HELD else row.way}


def put_on_its_way(row: Letter, way: Route, now: datetime, *, name: str = "") -> None:
    """Write a row that is new, in the running command, with what follows from its way. name: where it has one."""
    executing()
    row.name, row.made_at, row.way, row.why = name or uuid4().hex, now, way.way, way.why
    if way.way == "electronic":
        row.state = State.SHOWN
        values = {"link": PAGE}
        row.announced_id = send(row.member_id, READY, values, channel="email", to=way.place, now=now)
        row.look_at = look_at_shown(now, row.act_by, current_profile().zone)
    elif way.is_held:
        row.state, row.look_at, row.to = State.HELD, now + HELD_LOOK, way.place
    else:
        row.state, row.to = State.TO_PRINT, way.place
    row.save(force_insert=True)
    tell_of(SENT, row, now)
    if row.state == State.HELD:
        _tell_that_it_is_held(row, now)
    elif row.state == State.TO_PRINT:
        _is_to_be_printed(TO_PAPER, row, now)


def fall_to_paper(row: Letter, why: str, now: datetime) -> bool:
    """A letter on their pages goes on paper after all. why: a word of rules.py. False: somebody was quicker."""
    executing()
    way = paper_route(row.member, now, of=letter_kind(row.kind))
    state = State.HELD if way.is_held else State.TO_PRINT
    moved = Letter.objects.filter(pk=row.pk, state=State.SHOWN).update(
        way=Way.PAPER,
        state=state,
        why=way.why if way.is_held else why,
        to=way.place,
        look_at=now + HELD_LOOK if way.is_held else None,
    )
    if moved:
        row.refresh_from_db()
        if state == State.HELD:
            _tell_that_it_is_held(row, now)
        else:
            _is_to_be_printed(TO_PAPER, row, now)
    return bool(moved)


def hold(row: Letter, why: str, now: datetime) -> bool:
    """A letter that is to be printed must not leave now; a person is told. False: somebody was quicker."""
    executing()
    held, place = Letter.objects.filter(pk=row.pk, state=State.TO_PRINT), row.to if is_notice(row) else ""
    if not held.update(state=State.HELD, why=why, to=place, look_at=now + HELD_LOOK):
        return False
    row.refresh_from_db()
    _tell_that_it_is_held(row, now)
    return True


def free(row: Letter, way: Route, now: datetime) -> bool:
    """A letter that was held can go, and is to be printed. False: somebody was quicker."""
    executing()
    held = Letter.objects.filter(pk=row.pk, state=State.HELD)
    if not held.update(state=State.TO_PRINT, why=way.why, to=way.place, look_at=None):
        return False
    row.refresh_from_db()
    _is_to_be_printed(FREED, row, now)
    return True


def is_notice(row: Letter) -> bool:
    """Also of a kind that is no more."""
    return row.kind.startswith(NOTICE)


def way_on_paper(row: Letter, now: datetime) -> Route:
    """Where a letter on paper can go now: a notice to its own place alone."""
    of = letter_kind(row.kind)
    if of.is_notice:
        return notice_route(row.member, row.to, now, of=of)
    return paper_route(row.member, now, of=of)


def tell_of(event: str, row: Letter, now: datetime) -> None:
    happened(
        event,
        letter_id=row.pk,
        member_id=row.member_id,
        case_id=row.case,
        kind=row.kind,
        state=row.state,
        why=row.why,
        act_by=row.act_by,
        now=now,
    )


def _is_to_be_printed(event: str, row: Letter, now: datetime) -> None:
    """With a code for /verify-us: whoever holds the sheet can check that it is ours."""
    if row.proves_us_id is None:
        by = executing().by
        row.proves_us_id = make_code(
            by=by, now=now, member_id=row.member_id, kind=Proven.LETTER, about=About.CASE
        )
        Letter.objects.filter(pk=row.pk).update(proves_us=row.proves_us_id)
    tell_of(event, row, now)


def _tell_that_it_is_held(row: Letter, now: datetime) -> None:
    if row.why == rules.RESTRICTED:
        of = letter_kind(row.kind)
        decision = may_leave(row.member_id, of, now)
        if not isinstance(decision, Allow):
            hold_message(row.member_id, of.leaves_as, f"letter:{row.pk}", decision, now)
    tell_of(HELD, row, now)


def _may_write_to(by: Standing, member_id: int) -> bool:
    if by.actor.kind == Kind.SYSTEM:
        return True
    if by.actor.is_staff:
        return plugs.sight.may_open(by.actor, member_id)
    return by.actor.member_id in (member_id, 0) and (by.actor.kind == Kind.API or by.actor.member_id > 0)
