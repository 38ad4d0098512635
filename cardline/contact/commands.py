"""What can happen in a contact: begun, answered, spoken in, summed up, ended; attached to another case and back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cardline.cases import timeline
from cardline.cases.commands import classify_case, open_case, reopen_case, set_attention
from cardline.cases.models import Case
from cardline.contact.asks.entries import CODE_HIDDEN
from cardline.contact.asks.pasted import may_hold_a_code, without_codes
from cardline.contact.models import Contact, Move
from cardline.identity.commands import bind_evidence_to_contact
from cardline.identity.queries import level_of
from cardline.issuer.profile import current_profile
from cardline.kit import clock, sql
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.news import tell
from cardline.kit.outbox import send_later
from cardline.kit.redact import Clean, is_blank
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.kit.visibility import visible

SPEAKERS = (Kind.MEMBER, Kind.GUEST, Kind.AGENT, Kind.API)
MAX_MESSAGE = 4_000
UNREAD_AFTER = timedelta(minutes=2)
BRIEF = 60  # characters: so few may be an answer to a guided conversation (flows/hearing.py)


class ContactEnded(Refusal):
    code = "contact_ended"
    sentence = _("This conversation has ended. Its record stays; start a new one about the same reference.")


class NotYours(Refusal):
    code = "not_yours"
    sentence = _("Somebody else has this conversation. Take it over first.")


class EmptyMessage(Malformed):
    code = "empty_message"
    sentence = _("There is nothing in this message yet. Write something first.")


class MessageTooLong(Malformed):
    code = "message_too_long"
    sentence = _("A message can have 4,000 characters. Shorten it, or send it in two.")


class WrapUpMissing(Refusal):
    code = "wrap_up_missing"
    sentence = _("Wrap up first: need, outcome, next step, and the lines for the member.")


@command("contact.open", by=SPEAKERS, about="need:{need}", scope="contacts:write")
def open_contact(
    *,
    by: Standing,
    now: datetime,
    channel: str,
    need: str,
    subject: Clean,
    language: str,
    plan: dict[str, Any],
    case_id: int | None = None,
) -> dict[str, Any]:
    """Begin a contact, in a case the actor sees or in a new one. plan: what they said before, our own words only.

    Returns {"contact_id", "case_id", "ref", "number"}.
    """
    if case_id is None:
        opened = open_case(by=by, now=now, need=need, subject=subject)
        case_id, ref = int(opened["case_id"]), str(opened["ref"])
    else:
        case = visible(Case, by.actor).filter(pk=case_id).first()
        if case is None:
            raise NotThere()
        ref = case.ref
        reopen_case(by=by, now=now, case_id=case_id)
    Case.objects.filter(pk=case_id).update(contacts=F("contacts") + 1)
    case = Case.objects.get(pk=case_id)
    contact = Contact.objects.create(
        case_id=case_id,
        home_case_id=case_id,
        number=case.contacts,
        channel=channel,
        state=Contact.State.WAITING,
        member_id=by.party or None,
        guest_key=by.actor.id if by.actor.kind == Kind.GUEST else "",
        queue=current_profile().need_family(need).queue,
        need=need,
        language=language,
        plan=json.dumps(plan, ensure_ascii=False),
        first_word_at=now,
        started_at=now,
    )
    if by.actor.kind == Kind.MEMBER:
        bind_evidence_to_contact(by=by, now=now, contact_id=contact.pk)
        Contact.objects.filter(pk=contact.pk).update(level=level_of(by.actor))
    timeline.append(
        case_id,
        "contact.started",
        contact_id=contact.pk,
        data={"channel": channel, "need": need, "plan": plan},
    )
    set_attention(case_id, now, now)
    return {"contact_id": contact.pk, "case_id": case_id, "ref": ref, "number": contact.number}


# One statement for the right to speak, the mark that somebody did and the watch over it: every message passes here.
_SPEAK_AS_MEMBER = (
    "UPDATE contact_contact SET last_member_at = %s,"
    " watched_until = CASE WHEN watched_until > %s THEN watched_until ELSE %s END"
    " WHERE id = %s AND member_id = %s RETURNING state, home_case_id, watched_until = %s"
)
_SPEAK_AS_GUEST = _SPEAK_AS_MEMBER.replace("member_id", "guest_key")
_SPEAK_AS_AGENT = (
    "UPDATE contact_contact SET last_staff_at = %s"
    " WHERE id = %s AND agent_id = %s RETURNING state, home_case_id, FALSE"
)


@command("message.send", by=SPEAKERS, about="contact:{contact_id}", scope="messages:write")
def send_message(*, by: Standing, now: datetime, contact_id: int, text: Clean) -> dict[str, int]:
    """Say something in a contact. text: 1 to 4,000 characters. Returns {"n"}, the entry's number in its case.

    What may be a one-time code of the member's is taken out while one is expected (asks/pasted.py).

    Raises NotThere (unknown or somebody else's), NotYours (an agent who does not have it), ContactEnded,
    EmptyMessage, MessageTooLong.
    """
    if is_blank(text):
        raise EmptyMessage()
    if len(text) > MAX_MESSAGE:
        raise MessageTooLong()
    actor = by.actor
    at = clock.machine_now()
    look = sql.moment(at + UNREAD_AFTER)
    if actor.kind == Kind.AGENT:
        row = sql.row(_SPEAK_AS_AGENT, [sql.moment(now), contact_id, actor.agent_id])
    else:
        statement, who = (_SPEAK_AS_MEMBER, by.party) if by.party else (_SPEAK_AS_GUEST, actor.id)
        row = sql.row(statement, [sql.moment(now), sql.moment(at), look, contact_id, who, look])
    if row is None or not (actor.may_see or visible(Contact, actor).filter(pk=contact_id).exists()):
        if actor.kind == Kind.AGENT and visible(Contact, actor).filter(pk=contact_id).exists():
            raise NotYours()
        raise NotThere()
    state, home_case_id, watch_begins = row
    if state == Contact.State.ENDED:
        raise ContactEnded()
    said = text
    if actor.kind == Kind.MEMBER and may_hold_a_code(text):
        said = without_codes(text, contact_id)
    n = timeline.append(home_case_id, "message", said, contact_id=contact_id)
    if said != text:
        timeline.append(home_case_id, CODE_HIDDEN, contact_id=contact_id)
    if actor.kind == Kind.AGENT:
        happened("contact.answered_in_words", contact_id=contact_id, name=actor.name, now=now)
    if watch_begins:
        send_later("message.unread", {"contact": contact_id}, at + UNREAD_AFTER)
    if state == Contact.State.WAITING and len(said) <= BRIEF and actor.kind in (Kind.MEMBER, Kind.GUEST):
        happened("contact.said_briefly", contact_id=contact_id, text=said, by=by, now=now)
    return {"n": n}


@command("contact.watch_on", by=[Kind.SYSTEM], housekeeping=True)
def watch_on(*, by: Standing, now: datetime, contact_id: int) -> bool:
    """After a look whether a contact's messages were read: again two minutes after the newest the member wrote since,
    else no more. True when there is a next look.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        return False
    since = now - contact.last_member_at if contact.last_member_at else UNREAD_AFTER
    next_look = clock.machine_now() + UNREAD_AFTER - since if since < UNREAD_AFTER else None
    Contact.objects.filter(pk=contact_id).update(watched_until=next_look)
    if next_look is not None:
        send_later("message.unread", {"contact": contact_id}, next_look)
    return next_look is not None


@command("contact.take", by=[Kind.AGENT], about="contact:{contact_id}")
def take_contact(*, by: Standing, now: datetime, contact_id: int) -> bool:
    """An agent takes a waiting contact. False: they have it already. Raises NotYours when a colleague was quicker."""
    contact = visible(Contact, by.actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    won = Contact.objects.filter(pk=contact_id, state=Contact.State.WAITING).update(
        state=Contact.State.ACTIVE, agent_id=by.actor.agent_id, answered_at=contact.answered_at or now
    )
    if not won:
        if contact.state == Contact.State.ENDED:
            raise ContactEnded()
        if contact.agent_id == by.actor.agent_id:
            return False
        raise NotYours()
    Case.objects.filter(pk=contact.case_id).update(owner_id=by.actor.agent_id)
    timeline.append(contact.home_case_id, "contact.answered", contact_id=contact_id)
    set_attention(contact.case_id, now, now)
    return True


@command("contact.take_over", by=[Kind.AGENT], about="contact:{contact_id}")
def take_over_contact(*, by: Standing, now: datetime, contact_id: int) -> bool:
    """Go on with a contact a colleague has: they are away, or a supervisor steps in. False when it is one's own."""
    contact = visible(Contact, by.actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    if contact.state == Contact.State.ENDED:
        raise ContactEnded()
    if contact.agent_id == by.actor.agent_id:
        return False
    state = Contact.State.ACTIVE if contact.state == Contact.State.WAITING else contact.state
    Contact.objects.filter(pk=contact_id).update(
        agent_id=by.actor.agent_id, state=state, answered_at=contact.answered_at or now
    )
    Case.objects.filter(pk=contact.case_id).update(owner_id=by.actor.agent_id)
    timeline.append(contact.home_case_id, "contact.taken_over", contact_id=contact_id)
    tell("desk", None, {"topic": "desk", "news": "inbox"}, audience="staff")
    return True


@command("contact.put_back", by=[Kind.SYSTEM, Kind.AGENT], about="contact:{contact_id}")
def put_back_contact(*, by: Standing, now: datetime, contact_id: int) -> bool:
    """Give a contact back to its queue: its agent's screen is gone and the member waits. False when it had moved on."""
    rows = Contact.objects.filter(pk=contact_id, state__in=[Contact.State.ACTIVE, Contact.State.PROPOSED])
    if by.actor.kind == Kind.AGENT:
        rows = rows.filter(agent=by.actor.agent_id)
    if not rows.update(state=Contact.State.WAITING, agent=None):
        return False
    contact = Contact.objects.get(pk=contact_id)
    timeline.append(contact.home_case_id, "contact.put_back", contact_id=contact_id)
    set_attention(contact.case_id, now, now)
    return True


@command("summary.propose", by=[Kind.AGENT], about="contact:{contact_id}")
def propose_summary(
    *,
    by: Standing,
    now: datetime,
    contact_id: int,
    need: str,
    outcome: str,
    next_step: Clean,
    did: Clean,
    you: Clean,
) -> int:
    """The wrap-up: need, outcome and next step for us, and the three lines for both sides (what we will do are the
    promises). The member says *right* or *not quite*. Returns how many times lines were put before them.

    Raises WrapUpMissing when a part is missing, Malformed for an outcome the profile does not know.
    """
    contact = _mine(by, contact_id)
    if not (need and outcome) or any(map(is_blank, (next_step, did, you))):
        raise WrapUpMissing()
    if outcome not in {known.id for known in current_profile().outcomes_for(need)}:
        raise Malformed(field="outcome")
    Contact.objects.filter(pk=contact_id).update(
        state=Contact.State.PROPOSED,
        need=need,
        outcome=outcome,
        next_step=next_step[:400],
        did=did[:400],
        you=you[:400],
        proposals=F("proposals") + 1,
        verdict="",
        verdict_text="",
    )
    classify_case(by=by, now=now, case_id=contact.case_id, need=need)
    timeline.append(
        contact.home_case_id, "summary.proposed", contact_id=contact_id, data={"round": contact.proposals + 1}
    )
    return contact.proposals + 1


@command("summary.answer", by=[Kind.MEMBER, Kind.GUEST], about="contact:{contact_id}")
def answer_summary(
    *, by: Standing, now: datetime, contact_id: int, round: int, right: bool, text: Clean
) -> bool:
    """The member says whether the three lines are right. round: the proposal they saw. False: it was answered already.

    Raises Refusal when the lines changed meanwhile, so that nobody agrees to what they did not read.
    """
    contact = visible(Contact, by.actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    if contact.proposals != round or not contact.proposals:
        raise Refusal(str(_("These lines have changed. Read the new ones first.")))
    verdict = Contact.Verdict.RIGHT if right else Contact.Verdict.NOT_QUITE
    won = Contact.objects.filter(pk=contact_id, proposals=round, verdict="").update(
        verdict=verdict, verdict_text=text[:400]
    )
    if not won:
        return False
    if contact.state == Contact.State.ENDED and not right:
        reopen_case(by=by, now=now, case_id=contact.case_id)
        set_attention(contact.case_id, now, now)
    timeline.append(
        contact.home_case_id,
        "summary.confirmed" if right else "summary.disputed",
        text,
        contact_id=contact_id,
        data={"round": round},
    )
    return True


@command("contact.end", by=[Kind.AGENT], about="contact:{contact_id}")
def end_contact(*, by: Standing, now: datetime, contact_id: int) -> bool:
    """End a contact that is wrapped up. False when it had ended. Raises WrapUpMissing before the lines were shown, and
    Refusal while the member's "not quite" stands unanswered.
    """
    contact = _mine(by, contact_id, ended_is_fine=True)
    if contact.state == Contact.State.ENDED:
        return False
    if contact.state != Contact.State.PROPOSED or not contact.outcome:
        raise WrapUpMissing()
    if contact.verdict == Contact.Verdict.NOT_QUITE:
        raise Refusal(str(_("The member says the lines are not quite right. Change them first.")))
    Contact.objects.filter(pk=contact_id).update(state=Contact.State.ENDED, ended_at=now)
    timeline.append(contact.home_case_id, "contact.ended", contact_id=contact_id)
    happened("contact.ended", contact_id=contact_id, case_id=contact.case_id, now=now)
    tell("desk", None, {"topic": "desk", "news": "inbox"}, audience="staff")
    return True


def _mine(by: Standing, contact_id: int, *, ended_is_fine: bool = False) -> Contact:
    contact = visible(Contact, by.actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    if contact.agent_id != by.actor.agent_id:
        raise NotYours()
    if contact.state == Contact.State.ENDED and not ended_is_fine:
        raise ContactEnded()
    return contact


@command("contact.attach", by=[Kind.AGENT], about="contact:{contact_id}")
def attach_contact(*, by: Standing, now: datetime, contact_id: int, to_case_id: int) -> int:
    """Let a contact belong to another case of the same member. Its entries stay as they were written, in the case it
    began in, and are shown where the contact is. Returns the move's id, with which it can be undone.
    """
    contact = visible(Contact, by.actor).filter(pk=contact_id).first()
    case = visible(Case, by.actor).filter(pk=to_case_id).first()
    if contact is None or case is None:
        raise NotThere()
    if contact.case_id == to_case_id:
        raise Refusal(str(_("It is in that case already.")))
    if (contact.member_id, contact.guest_key) != (case.member_id, case.guest_key):
        raise Refusal(str(_("That case is another member's. A contact stays with who made it.")))
    move = Move.objects.create(
        contact=contact, from_case_id=contact.case_id, to_case_id=to_case_id, at=now, by=by.actor.key
    )
    _move(contact, to_case_id, now)
    timeline.append(to_case_id, "contact.attached", visible=False, data={"contact": contact_id})
    timeline.append(move.from_case_id, "contact.detached", visible=False, data={"contact": contact_id})
    return move.pk


@command("contact.detach", by=[Kind.AGENT], about="move:{move_id}")
def undo_move(*, by: Standing, now: datetime, move_id: int) -> bool:
    """Put a contact back where it was before a move. False when it was undone already.

    Raises Refusal when the contact has been moved again since: undo the later move first.
    """
    seen = visible(Contact, by.actor)
    move = Move.objects.select_related("contact").filter(pk=move_id, contact__in=seen).first()
    if move is None:
        raise NotThere()
    later = Move.objects.filter(contact=move.contact_id, undone_at=None, pk__gt=move_id).exists()
    if later:
        raise Refusal(str(_("It was moved again since. Undo the later move first.")))
    if not Move.objects.filter(pk=move_id, undone_at=None).update(undone_at=now):
        return False
    _move(move.contact, move.from_case_id, now)
    timeline.append(move.from_case_id, "contact.attached", visible=False, data={"contact": move.contact_id})
    timeline.append(move.to_case_id, "contact.detached", visible=False, data={"contact": move.contact_id})
    return True


def _move(contact: Contact, to_case_id: int, now: datetime) -> None:
    Contact.objects.filter(pk=contact.pk).update(case_id=to_case_id)
    happened("contact.moved", contact_id=contact.pk, case_id=to_case_id, now=now)
