"""A case as its page shows it: header, conversation, member, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import get_language

from cardline.cases.models import Case
from cardline.cases.queries import case_by_reference
from cardline.contact.models import Contact, Move
from cardline.contact.queries import contacts_of_case, contacts_visible_to
from cardline.desk.calling import Calling, calling_of
from cardline.desk.dues import CHANNEL_ICONS
from cardline.desk.guided import Guided, guided_for
from cardline.desk.looking import look_at
from cardline.desk.member import Panel, panel_of
from cardline.desk.plan import Told, told_in
from cardline.desk.promise_rows import PromiseRow, rows_of
from cardline.desk.talk import Line, talk_of, topics_of
from cardline.desk.verification import Checks, Voice, checks_of, proof_of, voice_in
from cardline.desk.wrap_up import WrapUp, three_lines, will_do, wrap_up_of
from cardline.files.lines import FileLine, lines_of
from cardline.files.queries import files_of_case
from cardline.kit.actors import Actor
from cardline.kit.reference import show_reference, spell_reference
from cardline.kit.visibility import visible
from cardline.promises.models import Promise
from cardline.promises.queries import promises_of_case
from cardline.ui.shapes import ThreeLines, Verification

OTHER_CASES = 20


@dataclass(frozen=True, slots=True)
class OtherCase:
    """A case of the same member that a contact could belong to."""

    id: int
    reference: str
    subject: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The newest way a contact came here or left, which can be undone. is_here: it came."""

    id: int
    is_here: bool
    reference: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """contact: the conversation to act in: the open one, else the newest. Its state says who may do what:
    is_mine, is_waiting, or somebody else's (colleague names them).
    """

    case: Case
    reference: str
    spelled: str
    contact: Contact | None
    contacts: list[Contact]
    icon: str
    is_mine: bool
    is_waiting: bool
    is_ended: bool
    colleague: str
    lines: list[Line]
    has_more: bool
    topics: str
    told: Told | None
    proof: Verification | None
    checks: Checks | None
    voice: Voice | None
    panel: Panel | None
    calling: Calling | None
    promises: list[PromiseRow]
    will: tuple[str, ...]
    wrap: WrapUp | None
    summary: ThreeLines | None
    moved: Moved | None
    others: list[OtherCase]
    files: list[FileLine]
    decide_at: str
    is_finished: bool
    guided: Guided | None


def case_page(
    actor: Actor, typed: str, now: datetime, *, whole: bool = False, failed: bool = False
) -> CasePage:
    """The page of a reference as somebody typed it. Whoever gets it has looked (SR-25).

    failed: a check of who speaks went wrong. Raises NotThere, ReasonNeeded.
    """
    case = case_by_reference(actor, typed)
    contacts = contacts_of_case(actor, case.pk)
    look_at(actor, case, contacts, "case", now)
    contact = acting_contact(contacts)
    promises = promises_of_case(actor, case.pk)
    for promise in promises:
        promise.case = case
    lines, has_more = talk_of(actor, case, contacts, by_number(promises), now, whole=whole)
    rows = rows_of(actor, promises, now)
    is_ended = contact is None or contact.state == Contact.State.ENDED
    voice = voice_in(contact, now) if contact and contact.member_id else None
    return CasePage(
        case=case,
        reference=show_reference(case.ref),
        spelled=spell_reference(case.ref, get_language() or "en"),
        contact=contact,
        contacts=contacts,
        icon=CHANNEL_ICONS.get(contact.channel, "chat") if contact else "inbox",
        is_mine=contact is not None and contact.agent_id == actor.agent_id,
        is_waiting=contact is not None and contact.state == Contact.State.WAITING,
        is_ended=is_ended,
        colleague=contact.agent.name
        if contact and contact.agent and contact.agent_id != actor.agent_id
        else "",
        lines=lines,
        has_more=has_more,
        topics=" ".join(topics_of(case, contacts)),
        told=told_in(contact) if contact else None,
        proof=proof_of(actor, contact, voice, failed=failed) if contact and voice and not is_ended else None,
        checks=checks_of(contact, voice, now) if contact and voice and not is_ended else None,
        voice=voice,
        panel=panel_of(actor, None if is_ended else contact, case.member, now, voice)
        if case.member
        else None,
        calling=calling_of(actor, case.member_id) if case.member_id else None,
        promises=rows,
        will=will_do(contact, promises, now) if contact else (),
        wrap=wrap_up_of(contact, promises) if contact else None,
        summary=three_lines(contact, promises, now) if contact and contact.proposals else None,
        moved=_moved(actor, case),
        others=_others(actor, case) if contact else [],
        files=lines_of(files_of_case(actor, case.pk, [one.pk for one in contacts]), now, to_staff=True),
        decide_at="desk_held_file" if actor.is_supervisor else "",
        is_finished=case.state == Case.State.OPEN and is_ended and not any(row.is_unfinished for row in rows),
        guided=guided_for(actor, contact, now)
        if contact and contact.member_id and not is_ended and contact.agent_id == actor.agent_id
        else None,
    )


def acting_contact(contacts: Sequence[Contact]) -> Contact | None:
    """The one to act in, of a case's contacts with the newest first: the open one, else the newest."""
    return next(
        (one for one in contacts if one.state != Contact.State.ENDED), contacts[0] if contacts else None
    )


def by_number(promises: Sequence[Promise]) -> dict[int, Promise]:
    return {promise.pk: promise for promise in promises}


def _moved(actor: Actor, case: Case) -> Moved | None:
    """The newest move of a contact into or out of this case that stands."""
    of_this_case = Move.objects.filter(Q(to_case=case.pk) | Q(from_case=case.pk), undone_at=None)
    newest = of_this_case.order_by("-id").first()
    if newest is None or not contacts_visible_to(actor).filter(pk=newest.contact_id).exists():
        return None
    is_here = newest.to_case_id == case.pk
    other = visible(Case, actor).filter(pk=newest.from_case_id if is_here else newest.to_case_id).first()
    return Moved(newest.pk, is_here, show_reference(other.ref)) if other else None


def _others(actor: Actor, case: Case) -> list[OtherCase]:
    """The member's other open cases, newest first; a guest's by their token."""
    theirs = visible(Case, actor).filter(state=Case.State.OPEN).exclude(pk=case.pk)
    theirs = (
        theirs.filter(member=case.member_id) if case.member_id else theirs.filter(guest_key=case.guest_key)
    )
    newest = theirs.order_by("-opened_at", "-id")[:OTHER_CASES]
    return [OtherCase(other.pk, show_reference(other.ref), other.subject) for other in newest]
