"""The thread of the freeze's lane: wishes for a core that is elsewhere, and what strangers say of cards that are gone.
Nothing else runs in it, so that nothing else can hold it up (SR-77).
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import close_old_connections

from cardline.cards import freeze_lane
from cardline.cards.strangers.commands import look_up_one, words_to_look_up
from cardline.issuer.core import current_core
from cardline.kit import clock

log = logging.getLogger("cardline.freezes")

# A wish of this process wakes the lane at once; this is for those of others, and for the next try.
LOOK_SECONDS = 0.5
THREADS = 8


class FreezeLane:
    """Start it once a process that runs sweeps. With a core that answers at once there are no wishes, only words."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._words: dict[int, Future[None]] = {}  # those that are looked up just now

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="freezes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after what is being asked now. What is not answered by then is asked again by the next process."""
        self._stop.set()
        freeze_lane.wake()
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        under_way: set[Future[None]] = set()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="freeze") as threads:
            while not self._stop.is_set():
                close_old_connections()
                under_way = {one for one in under_way if not one.done()}
                try:
                    if len(under_way) < THREADS and not current_core().answers_at_once:
                        under_way |= freeze_lane.set_to_work(threads, THREADS - len(under_way))
                    self._look_up_words(threads)
                except Exception:
                    log.exception("lane.failed")
                freeze_lane.wait(LOOK_SECONDS)

    def _look_up_words(self, threads: ThreadPoolExecutor) -> None:
        """Each on a thread of its own, because the core may be asked whose card it is."""
        self._words = {word: one for word, one in self._words.items() if not one.done()}
        for word in words_to_look_up(clock.machine_now()):
            if word not in self._words and len(self._words) < THREADS:
                self._words[word] = threads.submit(_look_up, word)


def _look_up(word: int) -> None:
    close_old_connections()
    try:
        look_up_one(word)
    except Exception:
        log.exception("word.stumbled", extra={"word": word})  # it waits still, and is looked up again
    finally:
        close_old_connections()
