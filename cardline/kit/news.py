"""News: what open screens are told, after the commit and never before.

A piece of news rides on Django's on_commit list as a callable of its own class, so that a rolled-back savepoint drops
it by Django's own rule, and the writer can take the news of a whole batch out in commit order in one hop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from cardline.kit.sql import to_json

Publish = Callable[[Sequence["News"]], None]

_publish: Publish | None = None


class News:
    """One message for everybody who follows a topic.

    topic: "case:12", "desk", "actor:agent:3". n: the entry's number in its case, or None for news that is only of the
    moment (somebody is typing, a list changed). text: the JSON sent as it stands. audience: "" for everybody on the
    topic, "staff" for colleagues only; a member's socket counts a staff entry's number but is not sent it.
    """

    __slots__ = ("audience", "n", "text", "topic")

    def __init__(self, topic: str, n: int | None, text: str, audience: str = "") -> None:
        self.topic, self.n, self.text, self.audience = topic, n, text, audience

    def __call__(self) -> None:
        publish([self])


def tell(topic: str, n: int | None, message: dict[str, Any], audience: str = "") -> None:
    """Tell a topic once this transaction is committed; tell nobody when it is not."""
    transaction.on_commit(News(topic, n, to_json(message), audience))


def publish(news: Sequence[News]) -> None:
    """Hand committed news to the hub of this process. Losing it loses nothing: screens read the rows again."""
    if _publish is not None:
        _publish(news)


def use_publisher(publisher: Publish | None) -> None:
    """`config` plugs the hub in here; None takes it out (tests, command line)."""
    global _publish
    _publish = publisher
