"""What supervisors decide about a file that was held back: let it go, have it checked again, or delete it.

Nobody opens it to decide: whoever gave it is asked what it is. Digits can look like a card number and be none, so a
person may let such a file go. What a scanner found no person can see, so that such a file is checked again, or deleted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cardline.cases import timeline
from cardline.files import shelf
from cardline.files.commands import HARMFUL
from cardline.files.models import StoredFile
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.outbox import handles, send_later
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.restrictions.door import refuse_what_is_restricted

LONGEST_REASON = 400
DROP = "file.drop"  # the outbox's word for taking bytes away; payload: {"file": id}

State = StoredFile.State


class NothingSaid(Malformed):
    sentence = _("Say why, in a few words. Whoever looks at this file later reads it.")


class NotHeldBack(Refusal):
    code = "file_not_held_back"
    sentence = _("This file is not held back any more. A colleague was quicker; reload the case to see.")


class ScannerFoundSomething(Refusal):
    code = "file_harmful"
    sentence = _("The virus scanner found something in it. Have it checked again, or delete it.")


@command("file.release", by=[Kind.AGENT], about="file:{file_id}")
def release_file(*, by: Standing, now: datetime, file_id: int, why: Clean) -> None:
    """A supervisor lets a file go that was held back for what looked like a card number. The member sees that it can be
    opened.

    Raises NotPermitted, NotThere, NothingSaid, ScannerFoundSomething, NotHeldBack.
    """
    file = _decided_about(by, file_id, why)
    if file.why == HARMFUL:
        raise ScannerFoundSomething()
    _decide(by, now, file, why, state=State.CLEAN, settled_at=now)
    _tell(file, "file.released")


@command("file.check_again", by=[Kind.AGENT], about="file:{file_id}")
def check_again(*, by: Standing, now: datetime, file_id: int, why: Clean) -> None:
    """A supervisor has the scanner look once more at what it called harmful: its signatures may have been mended.

    Raises NotPermitted, NotThere, NothingSaid, NotHeldBack.
    """
    file = _decided_about(by, file_id, why)
    waits = {"state": State.WAITING, "check_at": clock.machine_now(), "tries": 0, "lease": F("lease") + 1}
    _decide(by, now, file, why, **waits)
    _tell(file, "file.checked_again", visible=False)


@command("file.delete", by=[Kind.AGENT], about="file:{file_id}")
def delete_held_file(*, by: Standing, now: datetime, file_id: int, why: Clean) -> None:
    """A supervisor has the bytes of a file that is held back taken off the shelf, for good; its row stays.

    Raises NotPermitted, NotThere, NothingSaid, NotHeldBack, UnderRestriction (a legal hold).
    """
    file = _decided_about(by, file_id, why)
    if file.member_id is not None:
        refuse_what_is_restricted(by.actor, "delete", file.member_id, {}, now)
    _decide(by, now, file, why, state=State.DELETED)
    send_later(DROP, {"file": file.pk}, clock.machine_now())
    _tell(file, "file.deleted")


@handles(DROP)
def take_off_the_shelf(payload: dict[str, Any], now: datetime) -> None:
    """After the commit, because a disk keeps nothing it was told to give back."""
    file = StoredFile.objects.get(pk=int(payload["file"]))
    if file.state == State.DELETED:
        shelf.drop(file.token)


def _decided_about(by: Standing, file_id: int, why: Clean) -> StoredFile:
    if not by.actor.is_supervisor:
        raise NotPermitted()
    file = visible(StoredFile, by.actor).filter(pk=file_id).first()
    if file is None:
        raise NotThere()
    if not why.strip() or len(why) > LONGEST_REASON:
        raise NothingSaid(field="why")
    return file


def _decide(by: Standing, now: datetime, file: StoredFile, why: Clean, **becomes: Any) -> None:
    """Raises NotHeldBack: of two who decide at once one is too late."""
    decided = {
        "decided_by": by.actor.key,
        "decided_by_name": by.actor.name,
        "decided_at": now,
        "decided_why": why,
    }
    if not StoredFile.objects.filter(pk=file.pk, state=State.QUARANTINED).update(**decided, **becomes):
        raise NotHeldBack()


def _tell(file: StoredFile, kind: str, *, visible: bool = True) -> None:
    """The reason is no entry: it is for colleagues, and an entry of this kind is the member's, too."""
    if file.case_id is not None:
        details = {"file": file.pk, "why": file.why}
        timeline.append(
            file.case_id, kind, clean(file.name), contact_id=file.contact, data=details, visible=visible
        )
