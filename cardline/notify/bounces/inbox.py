"""The folder a mail server puts what comes back into (CARDLINE_MAIL_BACK): a Maildir, or a plain folder of mails.

A report that was understood is taken away once its command has committed; killed in between it is read again, and
changes nothing. Whatever else lies there is set aside, never thrown away: it may be a person's answer.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from cardline.kit.actors import SYSTEM
from cardline.notify.bounces.commands import note_bounce
from cardline.notify.bounces.report import NotAReport, read_bounce

log = logging.getLogger("cardline.notify")

MOST_BYTES = 1 << 20  # a report with the whole of one of our mails in it has a few thousand
AT_ONCE = 20  # the thread that reads them also watches promises
ASIDE = "set-aside"


def sweep(now: datetime) -> int:
    """Read what has arrived. Returns how many messages turned out to be lost."""
    if not settings.CARDLINE_MAIL_BACK:
        return 0
    folder, lost = Path(settings.CARDLINE_MAIL_BACK), 0
    for file in _arrived(folder):
        try:
            lost += _take(file, folder, now)
        except OSError as broken:  # taken by another worker, or a disk in trouble: the next round sees
            log.warning("mail_back.not_read", extra={"what": type(broken).__name__})
    return lost


def _arrived(folder: Path) -> Iterator[Path]:
    inside = folder / "new" if (folder / "new").is_dir() else folder
    if not inside.is_dir():
        return
    files = (one for one in inside.iterdir() if not one.name.startswith(".") and not one.is_symlink())
    for _number, file in zip(range(AT_ONCE), (one for one in files if one.is_file()), strict=False):
        yield file


def _take(file: Path, folder: Path, now: datetime) -> bool:
    if file.stat().st_size > MOST_BYTES:
        return _set_aside(file, folder, "too_large")
    try:
        bounce = read_bounce(file.read_bytes())
    except NotAReport as no:
        return _set_aside(file, folder, str(no))
    is_new = bounce is not None and note_bounce(
        by=SYSTEM, now=now, name=bounce.name, places=sorted(bounce.places), is_hard=bounce.is_hard
    )
    file.unlink(missing_ok=True)
    return is_new


def _set_aside(file: Path, folder: Path, why: str) -> bool:
    """Where a person finds it. The log says why, and nothing that stands in it."""
    aside = folder / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    place = aside / file.name
    if place.exists():  # nobody has read that one yet
        place = aside / f"{file.name}.{uuid4().hex}"
    file.rename(place)
    log.warning("mail_back.set_aside", extra={"why": why})
    return False
