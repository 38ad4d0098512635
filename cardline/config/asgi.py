"""The process: pages, live socket, health, and what runs beside them from start to stop."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")

import asyncio
import contextlib
import logging
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from starlette.websockets import WebSocket  # noqa: E402

from cardline.config import file_door, health  # noqa: E402
from cardline.config.background import Background  # noqa: E402
from cardline.config.doors import ProductDoors, read_backlog  # noqa: E402
from cardline.config.file_lane import FileLane  # noqa: E402
from cardline.config.lane import FreezeLane  # noqa: E402
from cardline.config.pages import Pages, answer  # noqa: E402
from cardline.kit import bridge, news, writer  # noqa: E402
from cardline.live import endpoint  # noqa: E402
from cardline.live.hub import Hub  # noqa: E402

log = logging.getLogger("cardline.process")

hub = Hub(read_backlog)
doors = ProductDoors()
pages = Pages()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    kind = scope["type"]
    if kind == "lifespan":
        await _lifespan(receive, send)
    elif file_door.is_files_origin(scope):
        if kind == "websocket":
            await WebSocket(scope, receive, send).close(4404)
        else:
            await file_door.hand_out(scope, receive, send)
    elif kind == "websocket":
        if scope["path"] == "/live":
            await endpoint.serve(WebSocket(scope, receive, send), hub, doors)
        else:
            await WebSocket(scope, receive, send).close(4404)
    elif scope["path"] == "/readyz":
        ready = await bridge.in_pool(health.can_write)
        if ready:
            await answer(send, 200, b"ready\n")
        else:
            await answer(send, 503, b"cannot write\n", (b"retry-after", b"2"))
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    """Writer, hub and sweeps start here, never at import: a second process that only imports this starts nothing."""
    await receive()
    loop = asyncio.get_running_loop()
    hub.attach(loop)
    listener: asyncio.Task[None] | None = None
    if settings.CARDLINE_REDIS_URL:
        from cardline.live import redis

        news.use_publisher(redis.RedisPublisher(settings.CARDLINE_REDIS_URL))
        listener = loop.create_task(redis.listen(settings.CARDLINE_REDIS_URL, hub))
    else:
        news.use_publisher(hub.publish_from_thread)
    writer.start_writer(int(os.environ.get("CARDLINE_MAX_BATCH") or writer.MAX_BATCH))
    background, lane, files = Background(), FreezeLane(), FileLane()
    if os.environ.get("CARDLINE_ROLE", "serve") == "serve":
        background.start()
        lane.start()
        files.start()
    elif settings.CARDLINE_DEMO:
        background.start(only_clock=True)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await loop.run_in_executor(None, lane.stop)
    await loop.run_in_executor(None, files.stop)
    await loop.run_in_executor(None, background.stop)
    drained = await loop.run_in_executor(None, writer.stop_writer)
    log.info("process.stopped", extra={"drained": drained})
    if listener is not None:
        listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listener
    news.use_publisher(None)
    await send({"type": "lifespan.shutdown.complete"})
