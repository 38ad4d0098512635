"""The promise maker's fields, read and checked: what we will do, by when on the issuer's clock, and who owns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language, gettext

from cardline.cases.models import Case
from cardline.cases.visibility import queues_of
from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Refusal
from cardline.promises.commands import PromiseInThePast, PromiseTooFar, PromiseWithoutWords

ME = "me"


@dataclass(slots=True)
class PromiseForm:
    """What was typed, as it was typed, and what is wrong with it, by field."""

    text: str = ""
    due: str = ""
    owner: str = ME
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A promise that can be asked for: owner_id or queue says who owns it."""

    text: Clean
    due_at: datetime
    owner_id: int | None
    queue: str


def blank(now: datetime) -> PromiseForm:
    """The maker as it opens: due when this issuer's promises are due, so that mostly only the words are missing."""
    profile = current_profile()
    day = add_business_days(local_date(now, profile.zone), profile.promises.business_days, profile.calendar)
    return PromiseForm(due=f"{day.isoformat()}T{profile.promises.due_time:%H:%M}")


def owners(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Who may own a promise made here: oneself, the case's queue, the queues of one's team."""
    profile, language = current_profile(), get_language() or "en"
    queues = dict.fromkeys([case.queue, *queues_of(actor)])
    return [
        (ME, gettext("Me")),
        *((f"queue:{queue}", profile.queue(queue).label.in_(language)) for queue in queues),
    ]


def read(posted: Mapping[str, str], actor: Actor, case: Case) -> tuple[PromiseForm, Wanted | None]:
    """The form as it was typed, and the promise it asks for; None when a field cannot be read."""
    form = PromiseForm(posted.get("text", ""), posted.get("due", ""), posted.get("owner", ME))
    due_at = read_due(form.due)
    if due_at is None:
        form.errors["due"] = gettext("Choose a day and a time.")
    if form.owner not in dict(owners(actor, case)):
        form.errors["owner"] = gettext("Choose an owner from the list.")
    if due_at is None or form.errors:
        return form, None
    is_mine = form.owner == ME
    queue = case.queue if is_mine else form.owner.removeprefix("queue:")
    return form, Wanted(clean(form.text), due_at, actor.agent_id if is_mine else None, queue)


def read_due(written: str) -> datetime | None:
    """The instant of a local date and time on the issuer's clock ("2026-11-24T17:00"); None when it is none."""
    try:
        wall = datetime.fromisoformat(written)
    except ValueError:
        return None
    if wall.tzinfo is not None:
        return None
    try:
        return instant_of(wall.date(), wall.time().replace(microsecond=0), current_profile().zone)
    except OverflowError:  # the year 1 or 9999, where a zone's offset leaves the calendar
        return None


def put_beside_its_field(form: PromiseForm, refusal: Refusal) -> PromiseForm:
    """Show a command's no where it can be mended. Raises the refusal again when it is about no field."""
    if isinstance(refusal, PromiseInThePast | PromiseTooFar):
        form.errors["due"] = str(refusal)
    elif isinstance(refusal, PromiseWithoutWords):
        form.errors["text"] = str(refusal)
    else:
        raise refusal
    return form
