"""The scanner's door against ClamAV's own daemon, with one signature: the standard test string's. Source: SR-57.

Nothing is fetched for it. Where the daemon is not installed these are passed over; elsewhere `fake_clamd` stands in.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cardline.files import scanner
from cardline.files.doctor import check_files
from cardline.files.held import check_again
from cardline.files.models import StoredFile
from cardline.files.probe import hardest_file
from cardline.files.scanner import Clamd, ScannerDown
from cardline.files.sweeps import check_waiting
from cardline.files.tests import made
from cardline.files.tests.conftest import Give
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean

PROGRAM = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.long_on_postgres,
    pytest.mark.skipif(not PROGRAM, reason="ClamAV's daemon (clamav-daemon) is not installed here"),
]

GUIDE = Path("docs/howto/configure.md")
DEBIANS_OWN = "StreamMaxLength 25M\nMaxFileSize 25M\nMaxScanSize 100M\n"  # of its package's clamd.conf
SIGNATURE = f"Standard-Test:0:0:{made.EICAR.hex()}\n"
ANOTHER = f"Another-Test:0:0:{b'Nothing we would send.'.hex()}\n"


class Daemon:
    """One of our own, on a socket in a folder of its own. A socket's path is short, so that it is not pytest's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.address = f"unix:{folder}/socket"

    def start(self, limits: str = "", signature: str = SIGNATURE) -> None:
        (self.folder / "db").mkdir(exist_ok=True)
        (self.folder / "db" / "test.ndb").write_text(signature)
        places = f"DatabaseDirectory {self.folder}/db\nLocalSocket {self.folder}/socket\n"
        places += f"TemporaryDirectory {self.folder}\nForeground yes\n"
        (self.folder / "conf").write_text(places + limits)
        self.process = subprocess.Popen(
            [str(PROGRAM), "--config-file", f"{self.folder}/conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 30
        while not Clamd(self.address).answers():
            assert self.process.poll() is None and time.monotonic() < until, "clamd did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def send(self, sign: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(sign)


@pytest.fixture
def daemon(settings: Any, db: None) -> Iterator[Daemon]:
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        one = Daemon(Path(folder))
        settings.CARDLINE_SCANNER = one.address
        yield one
        one.stop()


def state(file: StoredFile) -> tuple[str, str, str]:
    file.refresh_from_db()
    return file.state, file.why, file.scanner


def check_now(now: datetime) -> int:
    StoredFile.objects.filter(check_at__isnull=False).update(check_at=clock.machine_now())
    return check_waiting(now)


def documented_limits() -> str:
    """The lines of clamd.conf that our own guide asks for."""
    found = re.search(r"```\n(StreamMaxLength.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def test_a_clean_file_is_let_go_and_the_test_string_is_held_back_however_it_is_packed(
    daemon: Daemon, give: Give, now: datetime
) -> None:
    daemon.start()
    good = [
        give(made.PDF),
        give(made.picture(), "a.jpg"),
        give(made.TABLE, "a.csv"),
        give(made.MAIL, "a.eml"),
    ]
    harmful = [
        give(made.EICAR, "a.txt"),
        give(made.archive({"a.txt": made.EICAR}), "a.zip"),
        give(made.archive({"in.zip": made.archive({"b.txt": made.EICAR})}), "b.zip"),
        give(made.document("Hello", **{"word/media/a.txt": made.EICAR}), "a.docx"),
    ]
    assert check_waiting(now) == len(good) + len(harmful)
    assert {state(file) for file in good} == {("clean", "", "clamd")}
    assert {state(file) for file in harmful} == {("quarantined", "harmful", "clamd")}


def test_while_it_is_stopped_files_wait_and_are_checked_once_it_is_back(
    daemon: Daemon, give: Give, now: datetime
) -> None:
    daemon.start()
    daemon.stop()
    good, harmful = give(made.PDF), give(made.EICAR, "a.txt")
    assert check_waiting(now) == 0
    assert state(good) == state(harmful) == ("waiting", "", "")
    assert any("does not answer" in problem for problem in check_files())
    daemon.start()
    assert check_now(now) == 2
    assert (state(good)[0], state(harmful)[0]) == ("clean", "quarantined")


def test_while_it_hangs_files_wait_too(
    daemon: Daemon, give: Give, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine takes the connection for it, and nobody ever answers."""
    monkeypatch.setattr(scanner, "TIMEOUT_SECONDS", 0.3)
    daemon.start()
    file = give(made.PDF)
    daemon.send(signal.SIGSTOP)
    try:
        assert check_waiting(now) == 0 and state(file)[0] == "waiting"
    finally:
        daemon.send(signal.SIGCONT)
    monkeypatch.undo()
    assert check_now(now) == 1 and state(file)[0] == "clean"


def test_what_it_called_harmful_passes_a_second_look_once_its_signatures_are_mended(
    daemon: Daemon, give: Give, now: datetime, as_agent: Callable[..., Actor], cast: Any
) -> None:
    daemon.start()
    file = give(made.EICAR, "a.txt")
    check_waiting(now)
    said: dict[str, Any] = {
        "by": as_agent(cast.ines),
        "now": now,
        "why": clean("The shop says it is a receipt"),
    }
    check_again(**said, file_id=file.pk)
    assert check_now(now) == 1 and state(file)[0] == "quarantined"
    daemon.stop()
    daemon.start(signature=ANOTHER)
    check_again(**said, file_id=file.pk)
    assert check_now(now) == 1 and state(file) == ("clean", "", "clamd")


def test_with_the_limits_we_ask_for_it_reads_all_of_the_hardest_file(daemon: Daemon) -> None:
    daemon.start(documented_limits())
    assert check_files() == []


@pytest.mark.parametrize(
    ("limits", "signature"),
    [
        (DEBIANS_OWN, SIGNATURE),
        (DEBIANS_OWN.replace("100M", "150M").replace("FileSize 25M", "FileSize 20M"), SIGNATURE),
        ("StreamMaxLength 20M\n", SIGNATURE),
        ("", ANOTHER),
    ],
    ids=["adds up too little", "reads too little of a file", "takes too little", "knows nothing"],
)
def test_a_daemon_that_would_miss_something_is_told(daemon: Daemon, limits: str, signature: str) -> None:
    """It calls what it did not look into clean; nothing but a try shows it."""
    daemon.start(limits, signature)
    assert any("misses the standard test string" in problem for problem in check_files())


def test_a_file_larger_than_it_takes_waits_and_the_log_says_why(daemon: Daemon) -> None:
    daemon.start("StreamMaxLength 1M\n")
    with hardest_file() as file, pytest.raises(ScannerDown, match="size limit exceeded"):
        Clamd(daemon.address).is_harmful(file)
