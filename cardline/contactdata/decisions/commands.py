"""What a person on the desk settles: a change that waits, one nobody is sure of, one that was said not to be theirs.

Never by whoever took the wish down. The reason stands in the row; the member reads that it was refused and why.
"""

from __future__ import annotations

from datetime import datetime

from cardline.cases.models import Case
from cardline.contactdata.changes.commands import finish
from cardline.contactdata.changes.filing import REFUSED, SURE, settle
from cardline.contactdata.changes.writing import do_again
from cardline.contactdata.decisions.rules import Reason
from cardline.contactdata.decisions.writing import LONGEST_HOW, be_sure
from cardline.contactdata.notices.writing import CHANGED, announce
from cardline.contactdata.refusals import NoDocument, NotWaiting, NotYourOwn, SayHow
from cardline.files.models import StoredFile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, is_blank
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.visibility import visible
from cardline.members.models import ContactChange
from cardline.notify.outgoing import tell

State, Why, ChangeKind = ContactChange.State, ContactChange.Why, ContactChange.Kind


@command("contact_data.approve", by=[Kind.AGENT], about="contact_change:{change_id}")
def approve_change(
    *, by: Standing, now: datetime, change_id: int, how: Clean, file_id: int | None = None
) -> bool:
    """Make a change that waits, because somebody is sure of it now. how: how they know. file_id: the document that
    shows it, one of the case; a name needs one, or the letter named in `how`.

    False: it was decided meanwhile. Raises NotThere (also a document of somebody else), NotYourOwn, SayHow, NoDocument,
    ChangedMeanwhile, CoreSilent.
    """
    change = _seen(by, change_id)
    _check(by, change, how)
    if change.why_waits == Why.LINK:
        raise NotWaiting()
    document = _document(by, change, file_id)
    if change.kind == ChangeKind.NAME and document is None and len(how) < 12:
        raise NoDocument(field="file")
    if not finish(change, now):
        return False
    be_sure(change, by.actor.key, how, now)
    _decided(by, change, str(how))
    return True


@command("contact_data.refuse", by=[Kind.AGENT], about="contact_change:{change_id}")
def refuse_change(*, by: Standing, now: datetime, change_id: int, reason: str, note: Clean) -> bool:
    """Do not make a change that waits. reason: a `Reason`, told to the member. note: for colleagues.

    False: it was decided meanwhile. Raises NotThere, NotYourOwn, Malformed.
    """
    if reason not in set(Reason):
        raise Malformed(field="reason")
    change = _seen(by, change_id)
    _check_not_own(by, change)
    waiting = ContactChange.objects.filter(pk=change.pk, state=State.WAITING)
    if not waiting.update(state=State.REFUSED, ended_at=now, due_at=None):
        return False
    _decided(by, change, f"{reason}: {note}" if note else reason)
    settle(change, REFUSED, f"Refused: {reason}", now)
    tell(change.member_id, "news", {"link": "/profile/contact"}, now=now)
    return True


@command("contact_data.be_sure", by=[Kind.AGENT], about="contact_change:{change_id}")
def be_sure_of_change(*, by: Standing, now: datetime, change_id: int, how: Clean) -> bool:
    """A person has made sure that the member wanted what was done; cards that were held because of it are sent.

    False: we were sure before. Raises NotThere, NotYourOwn, SayHow, NotWaiting (it was not done), CoreSilent.
    """
    change = _seen(by, change_id)
    _check(by, change, how)
    if change.state != State.DONE:
        raise NotWaiting()
    return be_sure(change, by.actor.key, how, now)


@command("contact_data.settle_dispute", by=[Kind.AGENT], about="contact_change:{change_id}")
def settle_dispute(*, by: Standing, now: datetime, change_id: int, was_member: bool, how: Clean) -> bool:
    """Somebody said "not me", and a person found out who it was. was_member: the change is made again, and told again;
    else what stood before stays, and later changes wait for nobody any more.

    False: it was settled before. Raises NotThere, NotYourOwn, SayHow, NotWaiting, ChangedMeanwhile, CoreSilent.
    """
    change = _seen(by, change_id)
    _check(by, change, how)
    if change.validated_at is not None:
        return False
    if change.state != State.TAKEN_BACK:
        raise NotWaiting()
    if was_member:
        do_again(change, now)
        announce(change, CHANGED, now)
    be_sure(change, by.actor.key, how, now)
    _decided(by, change, str(how))
    settle(change, SURE, "Found out who changed it", now)
    return True


def _seen(by: Standing, change_id: int) -> ContactChange:
    """A colleague comes to it through a case of the member's (SR-25). Raises NotThere."""
    theirs = visible(Case, by.actor).values("member")
    change = ContactChange.objects.filter(pk=change_id, member__in=theirs).first()
    if change is None:
        raise NotThere()
    return change


def _check(by: Standing, change: ContactChange, how: Clean) -> None:
    _check_not_own(by, change)
    if is_blank(how):
        raise SayHow(field="how")
    if len(how) > LONGEST_HOW:
        raise Malformed(field="how")


def _check_not_own(by: Standing, change: ContactChange) -> None:
    if change.asked_by == by.actor.key:
        raise NotYourOwn()


def _document(by: Standing, change: ContactChange, file_id: int | None) -> StoredFile | None:
    """A checked file of this very case that this very member gave. Raises NotThere for any other."""
    if file_id is None:
        return None
    files = visible(StoredFile, by.actor).filter(pk=file_id, state=StoredFile.State.CLEAN)
    document = files.filter(case=change.case, member=change.member_id).first()
    if document is None:
        raise NotThere()
    return document


def _decided(by: Standing, change: ContactChange, decided: str) -> None:
    ContactChange.objects.filter(pk=change.pk).update(
        decided_by=by.actor.key, decided_by_name=by.actor.name, decided=decided[:LONGEST_HOW]
    )
