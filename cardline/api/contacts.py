"""/contacts: conversations begun and carried on in a member's name."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from cardline.api.auth import Bearer, Caller, caller_of
from cardline.api.known import Language, NeedId, known_language, known_need
from cardline.api.looking import note_read
from cardline.api.once import Key
from cardline.api.queries import messages_after
from cardline.api.reading import EntryNumber, Input, PageSize, RowId
from cardline.api.shapes import ContactOut, EntryPage, SentOut, StartedOut, contact_out, entry_page
from cardline.cases.queries import case_by_reference
from cardline.contact.commands import MAX_MESSAGE, send_message
from cardline.contact.queries import contact_for
from cardline.kit import clock, limits
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference, show_reference
from cardline.routing.commands import start_chat, start_message

router = Router(tags=["contacts"])

Words = Annotated[str, Field(min_length=1, max_length=MAX_MESSAGE)]


class NewContact(Input):
    """kind: "chat" asks for a live conversation, "message" for an answer by a promised time. case: the reference of
    the member's case it belongs to; a new one begins when left out.
    """

    need: NeedId
    text: Words
    kind: Literal["chat", "message"] = "chat"
    language: Language | None = None
    case: Annotated[str, Field(min_length=1, max_length=20)] | None = None


@router.post("/contacts", auth=Bearer("contacts:write", member="required"), response={201: StartedOut})
def start_contact(request: HttpRequest, key: Key, body: NewContact) -> Status[StartedOut]:
    """Begin a conversation for a member, with their first words."""
    caller = caller_of(request)
    need, language = known_need(body.need), known_language(body.language)
    case = case_by_reference(caller.actor, body.case) if body.case else None
    limits.count(limits.CHAT_STARTS, _member(caller))
    start = start_chat if body.kind == "chat" else start_message
    began = start(
        by=caller.actor,
        key=caller.once(key),
        now=clock.now(),
        need=need,
        text=clean(body.text),
        language=language,
        plan={},
        case_id=case.pk if case else None,
    )
    started = StartedOut(
        id=began["contact_id"],
        ref=contact_reference(began["ref"], began["number"]),
        case=show_reference(began["ref"]),
        channel=began["channel"],
    )
    return Status(201, started)


@router.get("/contacts/{int:contact_id}", auth=Bearer("contacts:read"), response=ContactOut)
def read_contact(request: HttpRequest, contact_id: RowId) -> ContactOut:
    """One conversation: where it stands, who has it, and the lines it ended with."""
    caller = caller_of(request)
    contact = contact_for(caller.actor, contact_id)
    note_read(caller, [contact.case], "case")
    return contact_out(contact)


class NewMessage(Input):
    text: Words


@router.post(
    "/contacts/{int:contact_id}/messages",
    auth=Bearer("messages:write", member="required"),
    response={201: SentOut},
)
def say(request: HttpRequest, contact_id: RowId, key: Key, body: NewMessage) -> Status[SentOut]:
    """Say something in the member's conversation. Card numbers are taken out before anybody reads it."""
    caller = caller_of(request)
    limits.count(limits.MESSAGES, _member(caller))
    sent = send_message(
        by=caller.actor, key=caller.once(key), now=clock.now(), contact_id=contact_id, text=clean(body.text)
    )
    return Status(201, SentOut(n=sent["n"]))


@router.get(
    "/contacts/{int:contact_id}/messages",
    auth=Bearer("contacts:read", "messages:read"),
    response=EntryPage,
)
def list_messages(
    request: HttpRequest, contact_id: RowId, after: EntryNumber = 0, limit: PageSize = 100
) -> EntryPage:
    """What was said after an entry's number, oldest first."""
    caller = caller_of(request)
    contact = contact_for(caller.actor, contact_id)
    note_read(caller, [contact.case], "lines")
    return entry_page(messages_after(caller.actor, contact.pk, after, limit), after)


def _member(caller: Caller) -> str:
    """Whose limit is used up: the member's, however they come (SR-44)."""
    return f"member:{caller.actor.on_behalf_of}"
