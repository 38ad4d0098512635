"""The embedded core as if it were elsewhere: its answers can be lost, and it can take its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache

from cardline.issuer import core, last_known
from cardline.issuer.core import CoreUnknown
from cardline.issuer.distant import DistantCore, at_a_distance


class Far:
    """lost: what is asked arrives and is done, and the answer never comes. cut: nothing arrives. seconds: each takes.

    keys: of the changes that arrived.
    """

    def __init__(self, near: core.CardCore) -> None:
        self.near = near
        self.cut = False
        self.lost: set[str] = set()
        self.seconds = 0.0
        self.keys: list[str] = []
        self.asked: list[str] = []

    @property
    def offers(self) -> frozenset[core.Part]:
        return self.near.offers

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.near, name)

        def asked(*args: Any, **kwargs: Any) -> Any:
            self.asked.append(name)
            time.sleep(self.seconds)
            if self.cut:
                raise CoreUnknown("nothing arrived")
            if "key" in kwargs:
                self.keys.append(kwargs["key"])
            answer = function(*args, **kwargs)
            if name in self.lost:
                raise CoreUnknown("the answer is lost")
            return answer

        return asked


@contextmanager
def far_away() -> Iterator[Far]:
    """The core of this installation, until the block ends."""
    near = core.current_core()
    far: Any = Far(near)
    core.use_core(at_a_distance(far))
    cache.clear()
    last_known.begin_page()
    try:
        yield far
    finally:
        core.use_core(near)
        cache.clear()
        last_known.begin_page()


def well_again() -> None:
    """Time for another question has come: the pause after a silence is over."""
    distant: Any = core.current_core()
    assert isinstance(distant, DistantCore)
    distant._silent_until = distant._slow_until = 0.0
