"""A double of /live and of its plain requests, for js/chat.js: it keeps one case and does as it is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

STATIC = Path(__file__).parents[2] / "static"
TOPIC, CONTACT = "case:12", "contact:34"


class ChatDouble:
    """One case. arrivals: the keys of what was sent, in order. joined_after: the numbers joins asked from.

    blocked: handshakes are refused. ended: the session is over. refusing: (status, words) for what is sent.
    deaf: takes what is sent and gives no answer.
    """

    def __init__(self, page: Callable[[], str]) -> None:
        self.page = page
        self.entries: list[dict[str, Any]] = []
        self.keys: dict[str, int] = {}
        self.arrivals: list[str] = []
        self.joined_after: list[int] = []
        self.blocked = self.ended = self.deaf = False
        self.refusing: tuple[int, str] | None = None
        self.sockets: set[WebSocket] = set()
        routes = [
            Route("/", self._page),
            Route("/poll", self._poll),
            Route("/send", self._post, methods=["POST"]),
            Route("/sign-in", lambda request: HTMLResponse("Sign in")),
            WebSocketRoute("/live", self._live),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        self.app = Starlette(routes=routes)

    # ------------------------------------------------------------------------------- what a test does to it

    def say(self, text: str, *, name: str = "Dana", kind: str = "message", says: str = "") -> None:
        """An entry from our side that everybody gets; what it `says` comes by polling alone."""
        entry = self._add(text, "agent", name, kind)
        live = dict(entry)
        entry["says"] = says  # before anybody hears of it: the page asks for the words at once
        self._everywhere(live)

    def cut(self) -> None:
        """Every line drops."""
        for socket in list(self.sockets):
            self._on_loop(socket.close(1012))

    def tell(self, news: dict[str, Any]) -> None:
        """News of the moment, for every open line."""
        self._everywhere(news)

    # --------------------------------------------------------------------------------------- what it answers

    async def _page(self, request: Request) -> Response:
        return HTMLResponse(self.page())

    async def _poll(self, request: Request) -> Response:
        if self.ended:
            return JSONResponse({"detail": "ended"}, 401)
        after = int(request.query_params["after"])
        return JSONResponse({"entries": self.entries[after:], "last": len(self.entries)})

    async def _post(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        n, refusal = self._take(form["key"], form["text"])
        if refusal:
            return JSONResponse({"detail": refusal[1]}, refusal[0])
        return JSONResponse({"n": n})

    async def _live(self, socket: WebSocket) -> None:
        if self.blocked:
            await socket.close()
            return
        await socket.accept()
        self.sockets.add(socket)
        try:
            while True:
                await self._answer(socket, await socket.receive_json())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.discard(socket)

    async def _answer(self, socket: WebSocket, frame: dict[str, Any]) -> None:
        if "join" in frame:
            if frame["join"] != TOPIC:
                await socket.send_json({"topic": frame["join"], "joined": True, "last": 0})
                return
            self.joined_after.append(frame["after"])
            for entry in self.entries[frame["after"] :]:
                await socket.send_json(entry)
            await socket.send_json({"topic": TOPIC, "joined": True, "last": len(self.entries)})
        elif "send" in frame:
            assert frame["send"] == CONTACT
            n, refusal = self._take(frame["key"], frame["text"])
            if self.deaf:
                return
            if refusal:
                await socket.send_json({"nack": frame["key"], "status": refusal[0], "detail": refusal[1]})
                return
            await socket.send_json(self.entries[n - 1])
            await socket.send_json({"ack": frame["key"], "n": n})

    def _take(self, key: str, text: str) -> tuple[int, tuple[int, str] | None]:
        """The same key is the same message, however often it arrives."""
        self.arrivals.append(key)
        if self.ended or self.refusing:
            return 0, self.refusing or (401, "Your session ended.")
        if key not in self.keys:
            self.keys[key] = int(self._add(text, "member", "Maya", "message")["n"])
        return self.keys[key], None

    def _add(self, text: str, side: str, name: str, kind: str) -> dict[str, Any]:
        at = datetime(2026, 11, 24, 19, 14, tzinfo=UTC) + timedelta(minutes=len(self.entries))
        entry = {
            "topic": TOPIC,
            "n": len(self.entries) + 1,
            "at": at.isoformat(),
            "kind": kind,
            "author": {"side": side, "name": name},
            "text": text,
            "data": {},
        }
        self.entries.append(entry)
        return entry

    def _everywhere(self, frame: dict[str, Any]) -> None:
        for socket in list(self.sockets):
            self._on_loop(socket.send_json(frame))

    def _on_loop(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(5)

    # ---------------------------------------------------------------------------------------------- running

    def start(self) -> None:
        """Serve on a free port of this machine; `address` says where."""
        config = uvicorn.Config(self.app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
        self.server = uvicorn.Server(config)
        ready = threading.Event()

        async def run() -> None:
            self.loop = asyncio.get_running_loop()
            serving = asyncio.create_task(self.server.serve())
            while not self.server.started:
                await asyncio.sleep(0.01)
            ready.set()
            await serving

        self.thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
        self.thread.start()
        assert ready.wait(10)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(10)
