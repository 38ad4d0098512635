"""The live socket's doors into the product: sessions, who may follow what, the command a message runs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY

from cardline.cases.models import Case
from cardline.cases.queries import backlog
from cardline.contact.commands import send_message
from cardline.contact.queries import contacts_of_case, is_talking
from cardline.desk.looking import ReasonNeeded, look_at
from cardline.identity.commands import mark_seen as mark_in_use
from cardline.identity.queries import ACTING_SESSION_KEY, GUEST_SESSION_KEY, actor_of_session, sessions_of
from cardline.identity.rules import SEEN_EVERY
from cardline.kit import bridge, clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.news import News, publish
from cardline.kit.now_and_then import NowAndThen
from cardline.kit.redact import Clean
from cardline.kit.visibility import visible
from cardline.live.hub import PAGE, Line
from cardline.members.authorities.queries import scopes_to_act
from cardline.staff.commands import mark_gone, mark_seen
from cardline.staff.sessions import keep_open

# How often an open page is asked about: each does so every 25 seconds.
looked_lately = NowAndThen(SEEN_EVERY)

_engine = import_module(settings.SESSION_ENGINE)


class ProductDoors:
    def who(self, cookies: dict[str, str]) -> tuple[Actor, float] | None:
        """From the session cookie alone. A visitor without a session has nothing to follow."""
        session_key = cookies.get(settings.SESSION_COOKIE_NAME)
        if not session_key:
            return None
        session = _engine.SessionStore(session_key)
        user_id, guest = session.get(SESSION_KEY), session.get(GUEST_SESSION_KEY, "")
        if user_id is None and not guest:
            return None
        acting = session.get(ACTING_SESSION_KEY, "")
        actor = actor_of_session(int(user_id) if user_id is not None else None, session_key, guest, acting)
        if actor.id == "nobody":  # signed in as somebody who may not be here any more
            return None
        return actor, session.get_expiry_date().timestamp()

    def newest(self, actor: Actor, topic: str) -> int | None:
        kind, _, number = topic.partition(":")
        if topic == "desk":
            return 0 if actor.is_staff else None
        case = _case(actor, number) if kind == "case" else None
        if case is None or (actor.is_staff and not _may_read(actor, case)):
            return None
        return case.last_entry

    def is_numbered(self, topic: str) -> bool:
        return topic.startswith("case:")

    async def send(self, actor: Actor, contact_id: int, text: Clean, key: str) -> dict[str, Any]:
        if actor.is_staff:
            await bridge.in_pool(lambda: keep_open(actor))  # writing by socket is doing something, too
        return await send_message.soon(by=actor, key=key, now=clock.now(), contact_id=contact_id, text=text)

    async def typing(self, actor: Actor, topic: str) -> None:
        kind, _, number = topic.partition(":")
        if kind == "case" and await bridge.in_pool(lambda: _case(actor, number)) is not None:
            side = "agent" if actor.is_staff else "member"
            await bridge.in_pool(lambda: publish([_typing(topic, side)]))

    async def came(self, actor: Actor) -> None:
        await self.seen(actor)

    async def seen(self, actor: Actor, topics: Collection[str] = ()) -> bool:
        if actor.kind == Kind.AGENT:
            await mark_seen.soon(by=actor, now=clock.now())
        elif actor.kind == Kind.MEMBER and looked_lately.is_due(actor.session):
            return await bridge.in_pool(lambda: _is_in_use(actor, topics) and _may_act(actor))
        elif actor.acting_for:
            return await bridge.in_pool(lambda: _may_act(actor))
        return True

    async def went(self, actor: Actor, closed_at: datetime) -> None:
        if actor.kind == Kind.AGENT:
            await mark_gone.soon(by=actor, now=clock.now(), closed_at=closed_at)


def _case(actor: Actor, number: str) -> Case | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    return visible(Case, actor).filter(pk=int(number)).first()


def _may_read(actor: Actor, case: Case) -> bool:
    """Following a case is reading it: an open one, or with a reason, and it is written down (SR-25)."""
    try:
        look_at(actor, case, contacts_of_case(actor, case.pk), "live", clock.now())
    except ReasonNeeded:
        return False
    return True


def _is_in_use(actor: Actor, topics: Collection[str]) -> bool:
    """Whether a member's session goes on. An open chat is use of it, although nobody turns a page (SR-37)."""
    if is_talking(actor, [int(topic.partition(":")[2]) for topic in topics if topic.startswith("case:")]):
        mark_in_use(by=actor, now=clock.now())
    return any(one.session == actor.session for one in sessions_of(actor))


def _may_act(actor: Actor) -> bool:
    """Whether the authority this page was opened with is valid still. One that has run out closes its screens, too."""
    if not actor.acting_for:
        return True
    scopes = scopes_to_act(actor.person_id, actor.acting_for, actor.capacity, clock.now())
    return scopes is not None and actor.scopes <= scopes


def _typing(topic: str, side: str) -> News:
    import json

    return News(topic, None, json.dumps({"topic": topic, "news": "typing", "data": {"side": side}}))


async def read_backlog(topic: str, after: int) -> list[Line]:
    """The numbered lines of a topic after a number, for the hub."""
    case_id = int(topic.partition(":")[2])
    rows = await bridge.in_pool(lambda: backlog(case_id, after, PAGE))
    return [Line(n, text, audience) for n, text, audience in rows]
