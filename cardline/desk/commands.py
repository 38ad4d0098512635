"""What only the desk does: notes for each other, the mark that somebody looked, calling, closing what is finished."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.audit.queries import reason_that_lasts
from cardline.audit.rules import is_open
from cardline.cases.commands import close_case
from cardline.cases.models import Case
from cardline.cases.timeline import topic
from cardline.contact.models import Contact
from cardline.desk.models import Note
from cardline.kit import marks
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.redact import Clean, is_blank
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED
from cardline.trust.commands import begin_call

MAX_NOTE = 4_000
LOOKED_AGAIN_AFTER = timedelta(minutes=10)  # until then one colleague's looks at one case are one look


class EmptyNote(Malformed):
    code = "empty_note"
    sentence = _("There is nothing in this note yet. Write something first.")


class NoteTooLong(Malformed):
    code = "note_too_long"
    sentence = _("A note can have 4,000 characters. Shorten it, or save it as two.")


class NotFinished(Refusal):
    code = "not_finished"
    sentence = _("Something is still open in this case: a conversation or a promise. Finish it first.")


@command("note.add", by=[Kind.AGENT], about="case:{case_id}")
def add_note(*, by: Standing, now: datetime, case_id: int, text: Clean, contact_id: int | None = None) -> int:
    """Write something down for colleagues. text: 1 to 4,000 characters. Returns the note's id.

    Screens are told that there is a note, never what it says: they read it where they may (SR-20).
    """
    if is_blank(text):
        raise EmptyNote()
    if len(text) > MAX_NOTE:
        raise NoteTooLong()
    if not visible(Case, by.actor).filter(pk=case_id).exists():
        raise NotThere()
    if contact_id is not None and not visible(Contact, by.actor).filter(pk=contact_id, case=case_id).exists():
        raise NotThere()
    note = Note.objects.create(
        case_id=case_id, contact_id=contact_id, agent_id=by.actor.agent_id, at=now, text=text
    )
    tell(topic(case_id), None, {"topic": topic(case_id), "news": "note"}, audience="staff")
    return note.pk


@command("case.viewed", by=[Kind.AGENT], about="case:{case_id}")
def view_case(*, by: Standing, now: datetime, case_id: int, contact_id: int | None) -> None:
    """A colleague looked at the case of a guest, whom we do not know: nothing changes but the audit log (SR-93)."""
    if not visible(Case, by.actor).filter(pk=case_id).exists():
        raise NotThere()


def note_view(actor: Actor, case_id: int, contact_id: int | None, now: datetime) -> None:
    """Record a look, once in ten minutes for each colleague and contact. A lost mark records one more look, no less:
    it is made when the look stands.
    """
    looked = f"viewed:{actor.key}:{case_id}:{contact_id}"
    if not marks.is_set(looked):
        view_case(by=actor, now=now, case_id=case_id, contact_id=contact_id)
        marks.mark(looked, LOOKED_AGAIN_AFTER)


@command("case.finish", by=[Kind.AGENT], about="case:{case_id}")
def finish_case(*, by: Standing, now: datetime, case_id: int) -> bool:
    """Close a case in which nothing is left to do. False: it was closed already.

    Raises NotThere, NotFinished while a conversation or a promise is open in it.
    """
    if not visible(Case, by.actor).filter(pk=case_id).exists():
        raise NotThere()
    if Contact.objects.filter(case=case_id).exclude(state=Contact.State.ENDED).exists():
        raise NotFinished()
    if Promise.objects.filter(UNFINISHED, case=case_id).exists():
        raise NotFinished()
    return close_case(by=by, now=now, case_id=case_id)


@command("case.call", by=[Kind.AGENT], about="case:{case_id}")
def call_member(*, by: Standing, now: datetime, case_id: int) -> dict[str, Any]:
    """This colleague calls the case's member now. Pressed again, the call that runs is the answer.

    Returns {"call"}. Raises NotThere for a case they may not see or read, or of a guest; CalledAlready; TooMany.
    """
    case = visible(Case, by.actor).filter(pk=case_id).first()
    if case is None or case.member_id is None:
        raise NotThere()
    readable = is_open(case.state == Case.State.CLOSED, case.closed_at, now)
    if not readable and reason_that_lasts(by.actor, case.member_id) is None:
        raise NotThere()
    return begin_call(by=by, now=now, case_id=case.pk, member_id=case.member_id)
