"""Words the member's pages share: what a contact is called, and how a promise reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.promises.models import Promise
from cardline.ui.entries import capital, place_name, uncapital
from cardline.ui.promise import PromiseLook, promise_look, say_due

CHANNEL_ICONS = {
    Contact.Channel.CHAT: "chat",
    Contact.Channel.MESSAGE: "message",
    Contact.Channel.SELF_SERVICE: "check",
}


def channel_name(channel: str) -> str:
    """How they reached us, as it stands on a receipt."""
    return {
        Contact.Channel.CHAT.value: _("Chat"),
        Contact.Channel.MESSAGE.value: _("Secure message"),
        Contact.Channel.SELF_SERVICE.value: _("On these pages"),
    }.get(channel, channel)


def contact_title(contact: Contact) -> str:
    """A contact by its channel and who answered: "Chat with Dana Whitfield"."""
    if contact.agent is None:
        return channel_name(contact.channel)
    said = {"channel": channel_name(contact.channel), "name": contact.agent.name}
    return _("%(channel)s with %(name)s") % said


def is_unfinished(promise: Promise) -> bool:
    """Still to be done: open, or missed and not done yet."""
    return promise.state == Promise.State.OPEN or (
        promise.state == Promise.State.MISSED and promise.done_at is None
    )


def look_of(promise: Promise, now: datetime, *, as_sentence: bool = False) -> PromiseLook:
    """A promise as it stands now. as_sentence: "We will call you back", where no heading says that we promised it.

    What was done comes with its evidence; what was dropped with the words of who agreed to that; what is late with the
    date it was due and who has it.
    """
    words = (
        _("We will %(what)s") % {"what": uncapital(promise.text)} if as_sentence else capital(promise.text)
    )
    let_go = promise.state in (Promise.State.RELEASED, Promise.State.REPLACED)
    is_late = is_unfinished(promise) and promise.due_at < now
    look = promise_look(
        sentence=words,
        made_at=promise.made_at,
        due_at=promise.due_at,
        now=now,
        zone=ZoneInfo(promise.due_zone),
        done_at=promise.done_at,
        released_at=promise.left_open_at if let_go else None,
        line=_let_go(promise) if let_go else _late(promise, now) if is_late else "",
    )
    return replace(look, line=f"{look.line} {promise.evidence}") if promise.done_at else look


def _late(promise: Promise, now: datetime) -> str:
    language = get_language() or "en"
    due = _("It was due %(when)s.") % {
        "when": say_due(promise.due_at, ZoneInfo(promise.due_zone), language, now)
    }
    if promise.state != Promise.State.MISSED:
        return due
    who = promise.owner.name if promise.owner else place_name(promise.queue, current_profile(), language)
    return f"{due} {_('With: %(who)s.') % {'who': who}}"


def _let_go(promise: Promise) -> str:
    said = {"wish": promise.release_reason}
    if promise.state == Promise.State.REPLACED:
        return _("A new date, as you wished: “%(wish)s”") % said
    return _("You agreed to drop it: “%(wish)s”") % said
