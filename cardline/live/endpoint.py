"""/live: the socket of every open page.

Origin and session are checked when it connects, membership at each topic it joins and with each message it sends
(SR-43). The protocol is in docs/live.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from cardline.kit import bridge, clock, limits
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotThere, Refusal, TooMany, Unavailable
from cardline.kit.sql import to_json
from cardline.live.doors import Doors
from cardline.live.hub import Hub, Sock

log = logging.getLogger("cardline.live")

_leaving: set[asyncio.Task[None]] = set()

MAX_FRAME = 64 << 10
MAX_TOPICS = 16
MAX_PENDING = 64
BETWEEN_PAGES = 5.0  # seconds
CLOSED_BY_US, NOT_ALLOWED, TOO_LARGE = 4401, 4403, 1009


async def serve(socket: WebSocket, hub: Hub, doors: Doors) -> None:
    """One socket, from handshake to goodbye."""
    if not same_origin(socket):
        await socket.close(NOT_ALLOWED)
        return
    signed_in = await bridge.in_pool(lambda: doors.who(socket.cookies))
    if signed_in is None:
        await socket.close(NOT_ALLOWED)
        return
    actor, valid_until = signed_in
    await socket.accept()
    sock = Sock(socket.send_text, actor.key)
    sock.session, sock.valid_until = actor.session, valid_until
    hub.add(sock)
    await doors.came(actor)
    conversation = Conversation(sock, hub, doors, actor)
    reader = asyncio.create_task(_read(socket, conversation))
    closer = asyncio.create_task(sock.closed.wait())
    try:
        await asyncio.wait({reader, closer}, return_when=asyncio.FIRST_COMPLETED)
        if not reader.done():
            await socket.close(CLOSED_BY_US)
    except Exception:  # noqa: BLE001 - the other end may vanish in any way
        log.info("live.closed_badly")
    finally:
        for task in (reader, closer):
            task.cancel()
        conversation.end()
        hub.remove(sock)
        leaving = asyncio.create_task(_goodbye(hub, doors, actor))
        _leaving.add(leaving)
        leaving.add_done_callback(_leaving.discard)


async def _goodbye(hub: Hub, doors: Doors, actor: Actor, pause: float = BETWEEN_PAGES) -> None:
    """Say that somebody went once they stay away: whoever turns a page opens their next socket within a moment."""
    closed_at = clock.machine_now()
    await asyncio.sleep(pause)
    if not hub.is_here(actor.key):
        await doors.went(actor, closed_at)


def same_origin(socket: WebSocket) -> bool:
    """A page of ours, or no page at all (a program, which has no ambient cookies to be misused)."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def _read(socket: WebSocket, conversation: Conversation) -> None:
    try:
        while True:
            text = await socket.receive_text()
            if len(text) > MAX_FRAME:
                await socket.close(TOO_LARGE)
                return
            conversation.take(text)
    except WebSocketDisconnect:
        return


class Conversation:
    """What one socket asks for, frame by frame. Sends run side by side, so that they can share a commit."""

    def __init__(self, sock: Sock, hub: Hub, doors: Doors, actor: Actor) -> None:
        self.sock, self.hub, self.doors, self.actor = sock, hub, doors, actor
        self.tasks: set[asyncio.Task[None]] = set()

    def take(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            frame = None
        if not isinstance(frame, dict):
            self.say({"error": "malformed"})
        elif len(self.tasks) >= MAX_PENDING:
            # One page asks for a few things at once; whoever asks for more waits for the first answers.
            self._nack(frame, TooMany())
        elif "ping" in frame:
            self.say({"pong": frame["ping"]})
            self._start(self._seen())
        elif "send" in frame:
            self._start(self._send(frame))
        elif "join" in frame:
            self._start(self._join(frame))
        elif "leave" in frame:
            self.hub.leave(self.sock, str(frame["leave"]))
        elif "typing" in frame:
            self._start(self.doors.typing(self.actor, str(frame["typing"])))
        else:
            self.say({"error": "malformed"})

    def say(self, message: dict[str, Any]) -> None:
        self.sock.put(to_json(message))

    def end(self) -> None:
        for task in self.tasks:
            task.cancel()

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("live.broke", exc_info=error)
            self.sock.closed.set()  # the page reconnects and resumes by number: nothing is lost

    async def _seen(self) -> None:
        if not await self.doors.seen(self.actor, tuple(self.sock.following)):
            self.sock.closed.set()

    async def _join(self, frame: dict[str, Any]) -> None:
        topic, after = str(frame["join"]), frame.get("after", 0)
        if not isinstance(after, int) or isinstance(after, bool) or len(self.sock.following) >= MAX_TOPICS:
            self.say({"topic": topic, "refused": 422})
            return
        newest = await bridge.in_pool(lambda: self.doors.newest(self.actor, topic))
        if newest is None:
            self.say({"topic": topic, "refused": 404})
            return
        if self.doors.is_numbered(topic):
            # A page that claims to have more than there is would wait for ever.
            known = min(max(after, 0), newest)
            last = await self.hub.join(self.sock, topic, known, staff=self.actor.is_staff)
        else:
            self.hub.follow(self.sock, topic, staff=self.actor.is_staff)
            last = 0
        self.say({"topic": topic, "joined": True, "last": last})

    async def _send(self, frame: dict[str, Any]) -> None:
        try:
            if clock.machine_now().timestamp() > self.sock.valid_until:
                raise SessionEnded()
            key, text, contact = frame.get("key"), frame.get("text"), str(frame["send"])
            if not (isinstance(key, str) and 8 <= len(key) <= 64 and isinstance(text, str)):
                raise Malformed()
            if not contact.startswith("contact:") or not contact[8:].isdecimal():
                raise NotThere()
            limits.count(limits.MESSAGES, self.actor.key)
            answer = await self.doors.send(self.actor, int(contact[8:]), clean(text), key)
        except Refusal as refusal:
            self._nack(frame, refusal)
        except Exception:
            log.exception("live.send_failed")
            self._nack(frame, Unavailable())
        else:
            self.say({"ack": key, "n": answer["n"]})

    def _nack(self, frame: dict[str, Any], refusal: Refusal) -> None:
        message: dict[str, Any] = {
            "nack": frame.get("key"),
            "status": refusal.status,
            "code": refusal.code,
            "detail": str(refusal),
        }
        if refusal.retry_after:
            message["retry_after"] = refusal.retry_after
        self.say(message)


class SessionEnded(Refusal):
    status = 401
    code = "session_ended"
