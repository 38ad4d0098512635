"""News between processes: published on one Redis channel, delivered by each process's own hub.

Redis may lose everything: a number that jumps is read from the table, and a page that reconnects resumes by number.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from cardline.kit.news import News
from cardline.live.hub import Hub

log = logging.getLogger("cardline.live")

CHANNEL = "cardline:news"


class RedisPublisher:
    """The publisher of kit/news.py for several processes. Called on any thread, after the commit."""

    def __init__(self, url: str) -> None:
        import redis

        self._redis = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._errors: Any = redis.RedisError

    def __call__(self, news: Sequence[News]) -> None:
        batch = json.dumps([[item.topic, item.n, item.text, item.audience] for item in news])
        try:
            self._redis.publish(CHANNEL, batch)
        except self._errors:
            log.warning("news.not_published")  # screens catch up by number, or by polling


async def listen(url: str, hub: Hub) -> None:
    """Deliver what all processes publish to this process's sockets, for as long as it runs."""
    import redis.asyncio

    pause = 0.1
    while True:
        client = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                pause = 0.1
                async for message in channel.listen():
                    if message["type"] == "message":
                        hub.deliver([News(*item) for item in json.loads(message["data"])])
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - whatever broke, listening goes on
            log.warning("news.redis_lost")
        finally:
            await client.aclose()
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5)
        hub.catch_up_all()
