"""The thread that checks files. A slow scanner, or a file that is long to read, holds up no promise (SR-57)."""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections

from cardline.files.sweeps import check_waiting, tidy_up
from cardline.kit import clock

log = logging.getLogger("cardline.files")

LOOK_SECONDS = 1.0
TIDY_SECONDS = 3_600


class FileLane:
    """Start it once a process that runs sweeps."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._tidied_at = float("-inf")

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="files", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the file in hand. What is not checked by then is checked by the next process."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            close_old_connections()
            try:
                check_waiting(clock.now())
                self._tidy_up()
            except Exception:
                log.exception("files.failed")
        close_old_connections()

    def _tidy_up(self) -> None:
        if time.monotonic() - self._tidied_at > TIDY_SECONDS:
            self._tidied_at = time.monotonic()
            tidy_up(clock.now())
