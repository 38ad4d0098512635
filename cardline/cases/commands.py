"""Changes to a case as a whole."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from cardline.cases import timeline
from cardline.cases.models import Case
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.redact import Clean
from cardline.kit.reference import new_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible

TRIES = 8  # 2³⁰ references: a collision at ten million cases is one in a hundred, eight in a row never
SUBJECT_LENGTH = 120


@command("case.open", about="need:{need}", scope="cases:write")
def open_case(*, by: Standing, now: datetime, need: str, subject: Clean) -> dict[str, str | int]:
    """Open a case for the party spoken for, or for a guest. subject: at most 120 characters are kept.

    Its reference exists from this moment on, before anybody is reached (profile, conflict C08).
    Returns {"case_id", "ref"}.
    """
    return begin_case(by, now, need=need, subject=subject, member_id=by.party)


def begin_case(
    by: Standing, now: datetime, *, need: str, subject: Clean, member_id: int
) -> dict[str, str | int]:
    """The same in the running command, which has decided whose case it is: a company's for its employee, say."""
    family = current_profile().need_family(need)
    fields = {
        "member_id": member_id or None,
        "guest_key": by.actor.id if by.actor.kind == Kind.GUEST else "",
        "need": need,
        "subject": subject[:SUBJECT_LENGTH],
        "queue": family.queue,
        "opened_at": now,
        "updated_at": now,
        "attention_at": now,
    }
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                case = Case.objects.create(ref=new_reference(), **fields)
                break
        except IntegrityError:
            continue
    else:
        raise RuntimeError("no free reference found")
    timeline.append(case.pk, "case.opened", data={"need": need})
    return {"case_id": case.pk, "ref": case.ref}


@command("case.classify", by=[Kind.AGENT], about="case:{case_id}")
def classify_case(*, by: Standing, now: datetime, case_id: int, need: str) -> bool:
    """An agent says what the case is really about. The queue stays: moving it is a transfer. False: it was so."""
    current_profile().need_family(need)
    case = visible(Case, by.actor).filter(pk=case_id).first()
    if case is None:
        raise NotThere()
    changed = Case.objects.filter(pk=case_id).exclude(need=need).update(need=need, updated_at=now)
    if changed:
        timeline.append(case_id, "case.classified", visible=False, data={"need": need, "was": case.need})
    return bool(changed)


def set_attention(case_id: int, at: datetime | None, now: datetime) -> None:
    """When the case must next be looked at; None puts it at the end of every list. Called inside commands of others."""
    Case.objects.filter(pk=case_id).update(attention_at=at or NEVER, updated_at=now)
    tell("desk", None, {"topic": "desk", "news": "inbox"}, audience="staff")


NEVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


@command("case.close", by=[Kind.AGENT, Kind.SYSTEM], about="case:{case_id}")
def close_case(*, by: Standing, now: datetime, case_id: int) -> bool:
    """Close what has nothing left to do; the callers above (promises) checked that. False: it was closed."""
    done = Case.objects.filter(pk=case_id, state=Case.State.OPEN).update(
        state=Case.State.CLOSED, closed_at=now, updated_at=now, attention_at=NEVER
    )
    if done:
        timeline.append(case_id, "case.closed")
    return bool(done)


@command("case.reopen", about="case:{case_id}")
def reopen_case(*, by: Standing, now: datetime, case_id: int) -> bool:
    """Open a closed case again: somebody wrote about it. False: it was open."""
    done = Case.objects.filter(pk=case_id, state=Case.State.CLOSED).update(
        state=Case.State.OPEN, closed_at=None, updated_at=now, attention_at=now
    )
    if done:
        timeline.append(case_id, "case.reopened")
    return bool(done)
