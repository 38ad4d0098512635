"""When something is due, in the few words and the colour of a list's right edge (DESIGN 3, conversation row)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language, gettext

from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_date, say_left, say_time, say_wait
from cardline.kit.languages import locale_of

SOON = timedelta(minutes=30)
LONG_WAIT = timedelta(minutes=2)
A_WEEK = timedelta(days=6)

CHANNEL_ICONS = {"chat": "chat", "secure_message": "message", "self_service": "details"}


@dataclass(frozen=True, slots=True)
class Due:
    """tone: "" (nothing due), now, soon, promise-due or late; the words say it too."""

    words: str
    tone: str = ""


def of_promise(due_at: datetime, now: datetime, act_by_at: datetime | None = None) -> Due:
    """ "12 min late" in red, "18 min" in amber, then "by 9 pm", "Mon", "Dec 4" in iris.

    act_by_at: when it has to be worked on, where that is before the due instant. That is the time a list shows until it
    has passed; late is only what is past its due instant.
    """
    language, zone = get_language() or "en", current_profile().zone
    if act_by_at is not None and act_by_at < due_at:
        if now <= act_by_at:
            return of_promise(act_by_at, now)
        if now <= due_at:
            return Due(_short(due_at, now, zone, language), "soon")
    if now > due_at:
        return Due(say_left(due_at, now, language), "late")
    if due_at - now <= SOON:
        return Due(say_left(due_at, now, language), "soon")
    return Due(_short(due_at, now, zone, language), "promise-due")


def of_waiting(contact: Any, now: datetime) -> Due:
    """How long somebody has waited; for a message until when we promised to answer. Waiting is never red."""
    if contact.channel == Contact.Channel.MESSAGE and contact.promise_due_at:
        return of_promise(contact.promise_due_at, now)
    return _waited(contact.started_at, now)


def of_case(case: Any, now: datetime) -> Due:
    """What comes first of a case: a broken promise, then whoever waits or writes now, then the next promise."""
    promise = of_promise(case.promise_due_at, now) if case.promise_due_at else Due("")
    if promise.tone == "late" or case.contact_state is None:
        return promise
    if case.contact_state == Contact.State.WAITING:
        return (
            promise
            if case.channel == Contact.Channel.MESSAGE and promise.words
            else _waited(case.waits_since, now)
        )
    if case.contact_state == Contact.State.PROPOSED:
        return Due(gettext("wrap-up"), "now")
    if case.member_spoke_at and (case.staff_spoke_at is None or case.member_spoke_at > case.staff_spoke_at):
        return _waited(case.member_spoke_at, now)
    return Due(gettext("on chat") if case.channel == Contact.Channel.CHAT else gettext("open"), "now")


def _waited(since: datetime, now: datetime) -> Due:
    waited = max(now - since, timedelta())
    words = gettext("waits %(wait)s") % {
        "wait": say_wait(max(waited.total_seconds(), 1), get_language() or "en")
    }
    return Due(words, "soon" if waited >= LONG_WAIT else "now")


def _short(due_at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    there, today = due_at.astimezone(zone), now.astimezone(zone).date()
    if there.date() == today:
        return gettext("by %(when)s") % {"when": say_time(there, language)}
    if there.date() - today <= A_WEEK:
        return str(format_date(there.date(), "EEE", locale_of(language)))
    return say_date(there.date(), language, now)
