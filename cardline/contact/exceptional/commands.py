"""Exceptional verification of a stranded member, from its beginning to its end (DOMAIN 8, VX).

One colleague begins it in their conversation and records at least two independent proofs; a supervisor who had no hand
in it looks and confirms. For 24 hours it lets exactly the actions pass that the issuer lists, in that conversation
alone, and raises no level: nothing about the account is told.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.cases import timeline
from cardline.cases.commands import set_attention
from cardline.contact.commands import NotYours
from cardline.contact.exceptional.finding import member_found
from cardline.contact.exceptional.refusals import (
    NoEmergencyContact,
    NoSuchDocument,
    NotByOneself,
    NotNeeded,
    NotOfferedHere,
    ProofsMissing,
    ReasonMissing,
)
from cardline.contact.in_hand import in_hand
from cardline.contact.models import Contact
from cardline.files.kinds import PICTURES
from cardline.files.kinds import Kind as FileKind
from cardline.files.models import StoredFile
from cardline.identity.exceptional.queries import emergency_contact_on_file, stands
from cardline.identity.exceptional.rules import is_enough, may_decide
from cardline.identity.models import Evidence, Exceptional, ExceptionalProof
from cardline.identity.queries import level_of
from cardline.identity.rules import EXCEPTION_LASTS, Proof
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import LOOK_UPS, count
from cardline.kit.news import tell
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.kit.secret import Secret
from cardline.kit.visibility import visible

State = Exceptional.State
VERIFIED = 2
LONGEST_WHY, LONGEST_NOTE = 400, 200
DOCUMENTS = (*PICTURES, FileKind.PDF)
NOBODY = clean("")


@command("exceptional.begin", by=[Kind.AGENT], about="contact:{contact_id}")
def begin_exception(
    *,
    by: Standing,
    now: datetime,
    contact_id: int,
    why: Clean,
    name: Clean = NOBODY,
    fact: Secret | None = None,
) -> int | None:
    """Somebody in this agent's conversation is stranded and can show nothing. why: what they lost, and where they are.

    name, fact: in a visitor's conversation, whom they say they are: the legal name, and a phone number on file or the
    reference of an open case. Returns its number; None when that points to nobody, which is all that is told. Raises
    NotOfferedHere, NotThere, NotYours, ContactEnded, NotNeeded, ReasonMissing, TooMany, Malformed when one stands.
    """
    if not current_profile().exceptional.actions:
        raise NotOfferedHere()
    contact = in_hand(by.actor, contact_id)
    if is_blank(why) or len(why) > LONGEST_WHY:
        raise ReasonMissing(field="why")
    if level_of(by.actor, contact_id) >= VERIFIED:
        raise NotNeeded()
    _close_what_ran_out(contact_id, now)
    if Exceptional.objects.filter(contact=contact_id, state__in=[State.ASKED, State.GRANTED]).exists():
        raise Malformed(str(_("One was begun in this conversation already. Reload the page to see it.")))
    member_id = contact.member_id or _found(by, now, name, fact)
    if member_id is None:
        return None
    one = Exceptional.objects.create(
        member_id=member_id,
        contact=contact_id,
        case_id=contact.home_case_id,
        why=why,
        asked_by_id=by.actor.agent_id,
        asked_at=now,
    )
    _enter(one, "exceptional.asked")
    return one.pk


@command("exceptional.prove", by=[Kind.AGENT], about="exceptional:{exceptional_id}")
def record_exceptional_proof(
    *, by: Standing, now: datetime, exceptional_id: int, proof: str, note: Clean, file_id: int | None = None
) -> bool:
    """One way in which the member was recognised. proof: a word of ExceptionalProof.Kind, each once.

    The emergency contact must have stood on file for 30 days; a document is a picture or PDF that was given in this
    case since the conversation began, checked, and compared with a live picture; the passport is looked at by whoever
    hands the card over, and `note` says who and where. False: it was recorded already. Raises NotThere, NotYours,
    ContactEnded, NoEmergencyContact, NoSuchDocument, Malformed.
    """
    one = _waiting(exceptional_id)
    contact = in_hand(by.actor, one.contact)
    if proof not in ExceptionalProof.Kind.values or len(note) > LONGEST_NOTE:
        raise Malformed(field="proof")
    if (
        proof == ExceptionalProof.Kind.EMERGENCY_CONTACT
        and emergency_contact_on_file(one.member_id, now) is None
    ):
        raise NoEmergencyContact()
    if proof == ExceptionalProof.Kind.DOCUMENT and not _is_fresh_document(by, contact, file_id):
        raise NoSuchDocument(field="file")
    if proof == ExceptionalProof.Kind.PASSPORT and is_blank(note):
        raise ReasonMissing(str(_("Say who looks at the passport, and where.")), field="note")
    _row, is_new = ExceptionalProof.objects.get_or_create(
        exceptional=one,
        kind=proof,
        defaults={"by_id": by.actor.agent_id, "at": now, "file": file_id, "note": note},
    )
    if is_new:
        _enter(one, "exceptional.proved", proof=proof)
        set_attention(one.case_id, now, now)
    return is_new


@command("exceptional.decide", by=[Kind.AGENT], about="exceptional:{exceptional_id}")
def decide_exception(
    *, by: Standing, now: datetime, exceptional_id: int, granted: bool, why: Clean = NOBODY
) -> bool:
    """A supervisor who had no hand in it confirms or refuses; a refusal says why. From a confirmation on it lasts 24
    hours by the machine's clock. False: somebody was quicker.

    Raises NotPermitted for anybody else, NotThere, NotByOneself, ProofsMissing, ReasonMissing.
    """
    if not by.actor.is_supervisor:
        raise NotPermitted()
    one = Exceptional.objects.filter(pk=exceptional_id).prefetch_related("proofs").first()
    if one is None:
        raise NotThere()
    proofs = list(one.proofs.all())
    if not may_decide(by.actor.agent_id, one.asked_by_id, [proof.by_id for proof in proofs]):
        raise NotByOneself()
    if granted and not is_enough([proof.kind for proof in proofs]):
        raise ProofsMissing()
    if not granted and (is_blank(why) or len(why) > LONGEST_WHY):
        raise ReasonMissing(field="why")
    at = clock.machine_now()
    decided = {"decided_by_id": by.actor.agent_id, "decided_at": now}
    if granted:
        decided |= {"state": State.GRANTED, "until": at + EXCEPTION_LASTS}
    else:
        decided |= {
            "state": State.REFUSED,
            "closed_by_id": by.actor.agent_id,
            "closed_at": now,
            "closed_why": why,
        }
    if not Exceptional.objects.filter(pk=exceptional_id, state=State.ASKED).update(**decided):
        return False
    if granted:
        Evidence.objects.create(
            member_id=one.member_id,
            kind=Proof.EXCEPTIONAL,
            contact=one.contact,
            at=at,
            expires_at=at + EXCEPTION_LASTS,
        )
    _enter(one, "exceptional.decided", granted=granted)
    set_attention(one.case_id, now, now)
    return True


@command("exceptional.revoke", by=[Kind.AGENT], about="exceptional:{exceptional_id}")
def revoke_exception(*, by: Standing, now: datetime, exceptional_id: int, why: Clean) -> bool:
    """End it before its time, or take back one that waits: whoever has the conversation, or any supervisor.

    False: it had ended. Raises NotThere, NotYours, ReasonMissing.
    """
    one = Exceptional.objects.filter(pk=exceptional_id).first()
    contact = visible(Contact, by.actor).filter(pk=one.contact).first() if one else None
    if one is None or contact is None:
        raise NotThere()
    if contact.agent_id != by.actor.agent_id and not by.actor.is_supervisor:
        raise NotYours()
    if is_blank(why) or len(why) > LONGEST_WHY:
        raise ReasonMissing(field="why")
    open_still = Exceptional.objects.filter(pk=exceptional_id, state__in=[State.ASKED, State.GRANTED])
    closed = {"closed_by_id": by.actor.agent_id, "closed_at": now, "closed_why": why}
    if not open_still.update(state=State.REVOKED, **closed):
        return False
    given = Evidence.objects.filter(contact=one.contact, kind=Proof.EXCEPTIONAL, revoked_at=None)
    given.update(revoked_at=clock.machine_now())
    _enter(one, "exceptional.revoked")
    return True


def _found(by: Standing, now: datetime, name: Clean, fact: Secret | None) -> int | None:
    """Whose record a visitor's name and fact point to. Each look is counted for the colleague."""
    count(LOOK_UPS, by.actor.key)
    return member_found(by, now, str(name), fact.reveal() if fact else "")


def _waiting(exceptional_id: int) -> Exceptional:
    one = Exceptional.objects.filter(pk=exceptional_id, state=State.ASKED).first()
    if one is None:
        raise NotThere()
    return one


def _is_fresh_document(by: Standing, contact: Contact, file_id: int | None) -> bool:
    given = visible(StoredFile, by.actor).filter(pk=file_id or 0, case=contact.home_case_id)
    checked = given.filter(state=StoredFile.State.CLEAN, type__in=DOCUMENTS)
    return checked.filter(given_at__gte=contact.started_at).exists()


def _close_what_ran_out(contact_id: int, now: datetime) -> None:
    for one in Exceptional.objects.filter(contact=contact_id, state=State.GRANTED):
        if not stands(one):
            Exceptional.objects.filter(pk=one.pk).update(state=State.OVER, closed_at=now)


def _enter(one: Exceptional, kind: str, **said: object) -> None:
    """For the desk alone: whoever speaks may not be the member."""
    timeline.append(one.case_id, kind, contact_id=one.contact, visible=False, data=dict(said))
    tell("desk", None, {"topic": "desk", "news": "inbox"}, audience="staff")
