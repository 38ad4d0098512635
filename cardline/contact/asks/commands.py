"""An agent asks the member on the member's own pages, and the member answers there: is this you, your passcode, the
code we texted.

Whoever is signed in as the member answers, and nobody else: what is asked in a conversation never has to be typed into
it. A question is for one contact, and for one action where it names one; it is answered once, within five minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.cases import timeline
from cardline.cases.commands import open_case, set_attention
from cardline.contact.asks.entries import ANSWERED, ASKED, DENIED
from cardline.contact.commands import ContactEnded
from cardline.contact.models import Contact
from cardline.contact.proofs.commands import speaker_in_hand
from cardline.identity.asks.models import Ask
from cardline.identity.asks.news import tell_open_pages
from cardline.identity.asks.queries import can_be_asked
from cardline.identity.asks.rules import ASK_LASTS
from cardline.identity.codes.commands import Place, add_evidence, try_code
from cardline.identity.guesses.commands import count_wrong, forgive
from cardline.identity.models import Challenge, Evidence
from cardline.identity.passcodes.commands import try_passcode
from cardline.identity.passcodes.queries import has_passcode
from cardline.identity.queries import level_of
from cardline.identity.rules import Proof
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command, fingerprint, registry
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean, clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import LevelTooLow, NotThere, Refusal
from cardline.kit.secret import Secret
from cardline.kit.visibility import visible
from cardline.members.models import Member

ASKS = Limit("asks", 10, 600)  # of one member: somebody who is asked all day says yes in the end
SECURITY = "lost_stolen.scam_now"
SPOKEN_FOR = {
    "en": "Somebody may be speaking in your name",
    "es": "Puede que alguien hable en su nombre",
}
SIGNED_IN = 2


class NotSignedIn(Refusal):
    code = "not_signed_in"
    sentence = _("They are signed in nowhere just now, so nobody could answer. Use another way.")


class NoPasscode(Refusal):
    code = "no_passcode"
    sentence = _("They have set no telephone passcode. Use another way.")


@command("contact.ask_in_app", by=[Kind.AGENT], about="contact:{contact_id}")
def ask_in_app(
    *,
    by: Standing,
    now: datetime,
    contact_id: int,
    wanted: str = "",
    arguments: Mapping[str, Any] | None = None,
) -> int:
    """Ask the member on their open pages whether this is them. wanted: the command this is for, with its arguments
    beside the contact; "" for the contact as such. A question before it waits no longer.

    Returns the question's number. Raises NotThere (also for a command no agent runs by level), NotYours, ContactEnded,
    NotSignedIn, TooMany.
    """
    contact, member = speaker_in_hand(by, contact_id)
    if wanted and not _takes_a_level(wanted):
        raise NotThere()
    exactly = {**(arguments or {}), "contact_id": contact_id} if wanted else {}
    return _ask(by, contact, member, Ask.Kind.APPROVAL, wanted, exactly)


@command("contact.ask_passcode", by=[Kind.AGENT], about="contact:{contact_id}")
def ask_passcode(*, by: Standing, now: datetime, contact_id: int) -> int:
    """Ask the member to key in their telephone passcode on their own page; whether it matched is all that comes back.

    Raises NotThere, NotYours, ContactEnded, NotSignedIn, NoPasscode, TooMany.
    """
    contact, member = speaker_in_hand(by, contact_id)
    if not has_passcode(member.pk):
        raise NoPasscode()
    return _ask(by, contact, member, Ask.Kind.PASSCODE)


@command("contact.answer_ask", by=[Kind.MEMBER], about="ask:{ask_id}")
def answer_ask(*, by: Standing, now: datetime, ask_id: int, approved: bool) -> dict[str, Any]:
    """The member says on their own page: it is me, or it is not. Of two devices the first one counts.

    "Not me" ends every proof of that contact, counts as a failed check, and opens a case for the member that somebody
    looks at now. Returns {"answer", "won", "ref"}: what counts in the end ("" when it ran out), whether it is this
    press, and that case's reference. Raises NotThere, LevelTooLow.
    """
    ask = _asked(by, ask_id, Ask.Kind.APPROVAL)
    said = Ask.Answer.APPROVED if approved else Ask.Answer.DENIED
    if not _settle(ask, said):
        ask.refresh_from_db()
        return {"answer": ask.answer, "won": False, "ref": ""}
    if not approved:
        return {"answer": said.value, "won": True, "ref": _not_them(by, now, ask)}
    forgive(ask.member_id)
    add_evidence(_place(by, ask), Proof.IN_APP, clock.machine_now())
    _enter(ask, ANSWERED, proof=Proof.IN_APP, matched=True)
    return {"answer": said.value, "won": True, "ref": ""}


@command("contact.answer_passcode", by=[Kind.MEMBER], about="ask:{ask_id}")
def answer_passcode(*, by: Standing, now: datetime, ask_id: int, passcode: Secret) -> dict[str, Any]:
    """The member keys in their passcode because an agent asked for it. Returns {"matched", "left"}; one that did not
    match may be tried again while the question waits. Raises NotThere (also when it waits no longer), LevelTooLow.
    """
    ask = _asked(by, ask_id, Ask.Kind.PASSCODE)
    if ask.settled_at is not None or ask.expires_at <= clock.machine_now():
        raise NotThere()
    answer = try_passcode(by, now, _place(by, ask), passcode)
    if answer["matched"]:
        _settle(ask, Ask.Answer.APPROVED)
    _enter(ask, ANSWERED, proof=Proof.PASSCODE, matched=answer["matched"])
    return answer


@command("contact.check_passcode", by=[Kind.SYSTEM], about="contact:{contact_id}")
def check_passcode(*, by: Standing, now: datetime, contact_id: int, passcode: Secret) -> dict[str, Any]:
    """What a caller keyed in on their telephone, in the contact of that call. Returns {"matched", "left"}.

    Raises NotThere for a contact with nobody's record, ContactEnded.
    """
    contact = _spoken_in(visible(Contact, by.actor).filter(pk=contact_id).first())
    place = Place(contact.member_id or 0, contact_id=contact.pk)
    answer = try_passcode(by, now, place, passcode)
    _write(contact, ANSWERED, proof=Proof.PASSCODE, matched=answer["matched"])
    return answer


@command("contact.enter_own_code", by=[Kind.MEMBER], about="contact:{contact_id}")
def enter_own_code(*, by: Standing, now: datetime, contact_id: int, code: Secret) -> dict[str, Any]:
    """The member types on their own page the code an agent had texted to them. Returns {"matched", "left"}, and the
    agent sees the first. Raises NotThere, ContactEnded, LevelTooLow.
    """
    _check_signed_in(by)
    found = visible(Contact, by.actor).filter(pk=contact_id, member=by.party).first()
    contact = _spoken_in(found)
    answer = try_code(by, now, Place(by.party, contact_id=contact.pk), code)
    _write(contact, ANSWERED, proof=Proof.PHONE_CODE, matched=answer["matched"])
    tell_open_pages(by.party)
    return answer


def _ask(
    by: Standing,
    contact: Contact,
    member: Member,
    kind: str,
    wanted: str = "",
    exactly: Mapping[str, Any] | None = None,
) -> int:
    count(ASKS, f"member:{member.pk}")
    if not can_be_asked(member.pk):
        raise NotSignedIn()
    at = clock.machine_now()
    before = Ask.objects.filter(contact=contact.pk, kind=kind, settled_at=None)
    before.update(settled_at=at, answer=Ask.Answer.REPLACED)
    ask = Ask.objects.create(
        member=member,
        contact=contact.pk,
        kind=kind,
        agent_id=by.actor.agent_id,
        ref=show_reference(contact.home_case.ref),
        command=wanted,
        arguments=dict(exactly or {}),
        action=fingerprint(wanted, dict(exactly or {})) if wanted else "",
        asked_at=at,
        expires_at=at + ASK_LASTS,
    )
    _write(contact, ASKED, what=kind)
    tell_open_pages(member.pk)
    return ask.pk


def _takes_a_level(wanted: str) -> bool:
    known = registry.get(wanted)
    return known is not None and bool(known.level) and Kind.AGENT in known.kinds


def _asked(by: Standing, ask_id: int, kind: str) -> Ask:
    """The question, of the member who answers it in a session that counts."""
    ask = visible(Ask, by.actor).filter(pk=ask_id, kind=kind).first()
    if ask is None:
        raise NotThere()
    _check_signed_in(by)
    return ask


def _check_signed_in(by: Standing) -> None:
    """A session whose own proof has run out says nothing for anybody."""
    reached = level_of(by.actor)
    if reached < SIGNED_IN:
        raise LevelTooLow(SIGNED_IN, reached)


def _settle(ask: Ask, answer: str) -> bool:
    at = clock.machine_now()
    waiting = Ask.objects.filter(pk=ask.pk, settled_at=None, expires_at__gt=at)
    won = waiting.update(settled_at=at, answer=answer) == 1
    if won:
        tell_open_pages(ask.member_id)
    return won


def _not_them(by: Standing, now: datetime, ask: Ask) -> str:
    """Nobody in that contact counts as the member any more, and a person looks into it. Returns its reference."""
    at = clock.machine_now()
    Evidence.objects.filter(contact=ask.contact, revoked_at=None).update(revoked_at=at)
    Challenge.objects.filter(contact=ask.contact, used_at=None).update(used_at=at)
    Ask.objects.filter(contact=ask.contact, settled_at=None).update(settled_at=at, answer=Ask.Answer.DENIED)
    count_wrong(by=by, now=now, member_id=ask.member_id, proof=Proof.IN_APP)
    _enter(ask, DENIED)
    opened = open_case(by=by, now=now, need=SECURITY, subject=_subject(ask.member_id))
    case_id, ref = int(opened["case_id"]), str(opened["ref"])
    timeline.append(case_id, DENIED, data={"ref": ask.ref})
    happened("contact.denied", case_id=case_id, now=now)
    set_attention(case_id, now, now)
    return ref


def _subject(member_id: int) -> Clean:
    language = Member.objects.values_list("language", flat=True).get(pk=member_id)
    return clean(SPOKEN_FOR.get(language, SPOKEN_FOR["en"]))


def _place(by: Standing, ask: Ask) -> Place:
    """It counts in that contact, for what it was asked for, and as long as the browser it was answered in is theirs."""
    return Place(ask.member_id, session=by.actor.session, contact_id=ask.contact, action=ask.action)


def _spoken_in(contact: Contact | None) -> Contact:
    if contact is None or contact.member_id is None:
        raise NotThere()
    if contact.state == Contact.State.ENDED:
        raise ContactEnded()
    return contact


def _enter(ask: Ask, kind: str, **said: Any) -> None:
    _write(Contact.objects.get(pk=ask.contact), kind, **said)


def _write(contact: Contact, kind: str, **said: Any) -> None:
    """For the desk alone: whoever speaks in the contact may be somebody else, and learns nothing of it."""
    timeline.append(contact.home_case_id, kind, contact_id=contact.pk, visible=False, data=said)
