"""A chat begins: live when somebody is there, else at once as a message with a promised answer time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.cases import timeline
from cardline.contact.commands import open_contact, send_message
from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, clean, is_blank
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise
from cardline.routing.queries import somebody_answers

SUBJECT_WORDS = 12


@command("chat.start", by=[Kind.MEMBER, Kind.GUEST, Kind.API], about="need:{need}", scope="contacts:write")
def start_chat(
    *,
    by: Standing,
    now: datetime,
    need: str,
    text: Clean,
    language: str,
    plan: dict[str, Any],
    case_id: int | None = None,
) -> dict[str, Any]:
    """Start a conversation about a need, with the member's first words.

    Nobody on duty: it becomes a message with a promised answer time, never a waiting screen.
    Returns {"contact_id", "case_id", "ref", "number", "channel"}.
    """
    live = somebody_answers(need, now)
    return _begin(
        by,
        now,
        Contact.Channel.CHAT if live else Contact.Channel.MESSAGE,
        need,
        text,
        language,
        plan,
        case_id,
    )


@command("message.start", by=[Kind.MEMBER, Kind.GUEST, Kind.API], about="need:{need}", scope="contacts:write")
def start_message(
    *,
    by: Standing,
    now: datetime,
    need: str,
    text: Clean,
    language: str,
    plan: dict[str, Any],
    case_id: int | None = None,
) -> dict[str, Any]:
    """Leave a message, by choice: answered by a promised time. Returns the same as start_chat."""
    return _begin(by, now, Contact.Channel.MESSAGE, need, text, language, plan, case_id)


@command("chat.become_message", by=[Kind.SYSTEM], about="contact:{contact_id}")
def turn_into_message(*, by: Standing, now: datetime, contact_id: int) -> bool:
    """A chat that waits while everybody has left the desk becomes a message with a promised answer time.

    False when somebody took it meanwhile, or it is a message already.
    """
    waiting = Contact.objects.filter(pk=contact_id, state=Contact.State.WAITING, channel=Contact.Channel.CHAT)
    if not waiting.update(channel=Contact.Channel.MESSAGE):
        return False
    contact = Contact.objects.get(pk=contact_id)
    timeline.append(contact.home_case_id, "contact.became_message", contact_id=contact_id)
    _promise_an_answer(by, now, contact.case_id, contact_id, contact.queue, contact.language)
    return True


def _begin(
    by: Standing,
    now: datetime,
    channel: str,
    need: str,
    text: Clean,
    language: str,
    plan: dict[str, Any],
    case_id: int | None,
) -> dict[str, Any]:
    began = open_contact(
        by=by,
        now=now,
        channel=channel,
        need=need,
        subject=subject_of(need, text, language),
        language=language,
        plan=plan,
        case_id=case_id,
    )
    if not is_blank(text):
        send_message(by=by, now=now, contact_id=began["contact_id"], text=text)
    if channel == Contact.Channel.MESSAGE:
        queue = current_profile().need_family(need).queue
        _promise_an_answer(by, now, began["case_id"], began["contact_id"], queue, language)
    return {**began, "channel": channel}


def _promise_an_answer(
    by: Standing, now: datetime, case_id: int, contact_id: int, queue: str, language: str
) -> None:
    profile = current_profile()
    make_promise(
        by=by,
        now=now,
        case_id=case_id,
        contact_id=contact_id,
        text=clean(ANSWER_YOU.get(language, ANSWER_YOU["en"])),
        due_at=profile.answer_by(queue, now),
        due_zone=profile.time_zone,
        source=Promise.Source.ROUTING,
        queue=queue,
    )


# Kept in the row in the member's language, like every promise: it is what we said to them.
ANSWER_YOU = {"en": "Answer your message", "es": "Responder a su mensaje"}


def subject_of(need: str, text: str, language: str) -> Clean:
    """What the case is called: the member's first words, else the family's name."""
    words = text.split()
    if not words:
        return clean(current_profile().need_family(need).label.in_(language))
    short = " ".join(words[:SUBJECT_WORDS])
    return clean(short[:100] + ("…" if len(words) > SUBJECT_WORDS or len(short) > 100 else ""))
