"""What lets a colleague read a member's data (SR-25): an open conversation or case, or a reason in words.

Every page, fragment and socket of the desk that shows what one member said, holds or was promised asks `look_at` first,
which also has the look written down. The lists of what waits name members of open cases and no more than a subject;
they are how work is found, and no look. That somebody may see the case at all has been asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.audit.commands import note_looks
from cardline.audit.queries import reason_that_lasts
from cardline.audit.rules import Look, Why, is_open
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.desk.commands import note_view
from cardline.kit.actors import Actor
from cardline.kit.refusals import Refusal
from cardline.kit.visibility import visible


class ReasonNeeded(Refusal):
    """Nothing of this member's is open. `case` is the one that was asked for."""

    status = 403
    code = "reason_needed"
    sentence = _("This case is closed, and nothing else of this member’s is open. Open it anew and say why.")

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case


def look_at(actor: Actor, case: Case, contacts: Sequence[Contact], page: str, now: datetime) -> None:
    """Let a colleague read a case they may see, and write down that they did. contacts: those that belong to it now.

    page: our word for what is shown. Raises ReasonNeeded.
    """
    if case.member_id is None:
        note_view(actor, case.pk, contacts[0].pk if contacts else None, now)
        return
    look = _look(actor, case, contacts, page, now)
    if look is None:
        raise ReasonNeeded(case)
    note_looks(actor, [look])


def _look(actor: Actor, case: Case, contacts: Sequence[Contact], page: str, now: datetime) -> Look | None:
    """The look with what allows it; None when nothing does. Without a query while the case is open."""
    assert case.member_id is not None
    talking = next((one for one in contacts if one.state != Contact.State.ENDED), None)
    if talking is not None:
        since = talking.started_at
        return Look(
            case.member_id, case.pk, case.ref, page, Why.CONTACT, case.ref, talking.channel, since=since
        )
    if is_open(case.state == Case.State.CLOSED, case.closed_at, now):
        return Look(case.member_id, case.pk, case.ref, page, Why.CASE, case.ref)
    return _by_another(actor, case, page) or _by_reason(actor, case, page)


def _by_another(actor: Actor, case: Case, page: str) -> Look | None:
    """Whoever helps a member now reads what was said before, so that nobody has to say it twice."""
    theirs = visible(Case, actor).filter(member=case.member_id, state=Case.State.OPEN)
    open_one = theirs.order_by("-opened_at", "-id").first()
    if open_one is None or case.member_id is None:
        return None
    return Look(case.member_id, case.pk, case.ref, page, Why.CASE, open_one.ref)


def _by_reason(actor: Actor, case: Case, page: str) -> Look | None:
    if case.member_id is None:
        return None
    given = reason_that_lasts(actor, case.member_id)
    if given is None:
        return None
    return Look(case.member_id, case.pk, case.ref, page, Why.REASON, case.ref, reason=given.text)
