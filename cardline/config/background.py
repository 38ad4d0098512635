"""What runs beside the pages: sweeps and outside work, once a second, in one thread.

Whatever it does is a command, so it shares commits with everybody else; whatever fails is logged and tried again at
the next round. `cardline worker` runs the same in a process of its own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType

from django.db import close_old_connections

from cardline.cards import sweeps as cards
from cardline.contactdata import sweeps as contactdata
from cardline.flows import sweeps as flows
from cardline.fraud import sweeps as fraud
from cardline.issuer.embedded.commands import DAYS_AT_ONCE, end_of_days
from cardline.kit import clock, worker
from cardline.kit.actors import SYSTEM
from cardline.notify import sweeps as notify
from cardline.payments import sweeps as payments
from cardline.promises import sweeps as promises
from cardline.routing import sweeps as routing
from cardline.staff.sweeps import end_silent_sessions

log = logging.getLogger("cardline.background")

ROUND_SECONDS = 0.5
SESSIONS_SECONDS = 30
DAYS_SECONDS = 60
FREEZES_SECONDS = 60
HOUSEKEEPING_SECONDS = 3_600


class Background:
    """Start it once a process. `last_round` (monotonic seconds) says whether it is moving, for /healthz."""

    current: Background | None = None

    def __init__(self) -> None:
        self.last_round = time.monotonic()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._kept_house_at = float("-inf")
        self._ended_sessions_at = float("-inf")
        self._ended_days_at = float("-inf")
        self._ended_freezes_at = float("-inf")

    def start(self, *, only_clock: bool = False) -> None:
        Background.current = self
        target = self._run_clock if only_clock else self.run
        self._thread = threading.Thread(target=target, name="background", daemon=True)
        self._thread.start()

    def stop_soon(self) -> None:
        """End after the running round; safe in a signal handler."""
        self._stop.set()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)

    def run(self) -> None:
        while not self._stop.is_set():
            busy = self.one_round()
            self.last_round = time.monotonic()
            self._stop.wait(0.02 if busy else ROUND_SECONDS)
        close_old_connections()

    def one_round(self) -> bool:
        """One look at everything that is due. True when there was much to do and more may wait."""
        done = 0
        works: tuple[Callable[[], int | None], ...] = (
            _read_demo_clock,
            *(partial(_sweep, of) for of in (contactdata, promises, routing, flows, fraud, payments, notify)),
            worker.work_through_outbox,
            self._end_sessions,
            self._end_days,
            self._end_freezes,
            self._keep_house,
        )
        for work in works:
            close_old_connections()
            try:
                done += work() or 0
            except Exception:
                log.exception("background.failed")
        return done >= 50

    def _run_clock(self) -> None:
        while not self._stop.wait(ROUND_SECONDS):
            try:
                close_old_connections()
                _read_demo_clock()
            except Exception:
                log.exception("background.failed")
            self.last_round = time.monotonic()

    def _end_sessions(self) -> int:
        if time.monotonic() - self._ended_sessions_at > SESSIONS_SECONDS:
            self._ended_sessions_at = time.monotonic()
            end_silent_sessions(clock.machine_now())
        return 0

    def _end_days(self) -> int:
        """Days of the issuer's calendar that are over, in the embedded core; a few a round while many wait."""
        if time.monotonic() - self._ended_days_at > DAYS_SECONDS:
            self._ended_days_at = time.monotonic()
            if end_of_days(by=SYSTEM, now=clock.now()) == DAYS_AT_ONCE:
                self._ended_days_at = float("-inf")
        return 0

    def _end_freezes(self) -> int:
        """Freezes whose end has come, and those that no core has confirmed for minutes."""
        if time.monotonic() - self._ended_freezes_at > FREEZES_SECONDS:
            self._ended_freezes_at = time.monotonic()
            cards.sweep(clock.now())
        return 0

    def _keep_house(self) -> int:
        """Small steps, one a round, until nothing old is left; then again in an hour."""
        if time.monotonic() - self._kept_house_at < HOUSEKEEPING_SECONDS:
            return 0
        now, at = clock.now(), clock.machine_now()
        dropped = worker.forget_old_keys(by=SYSTEM, now=now, at=at)
        dropped += worker.forget_done_work(by=SYSTEM, now=now, at=at)
        if not dropped:
            self._kept_house_at = time.monotonic()
        return 0


def _sweep(of: ModuleType) -> int:
    """What time alone makes happen in one app. Each is a work of its own: one that stumbles holds up no other."""
    swept: int = of.sweep(clock.now())
    return swept


def _read_demo_clock() -> int:
    from django.conf import settings

    if settings.CARDLINE_DEMO:
        from cardline.demo.time import read_offset

        clock.set_offset(read_offset())
    return 0
