"""A member opened a letter of theirs: it has arrived, whatever became of the e-mail."""

from __future__ import annotations

from datetime import datetime

from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.visibility import visible
from cardline.notify.letters.models import Letter


@command("letter.read", by=[Kind.MEMBER], about="letter:{letter_id}")
def note_read(*, by: Standing, now: datetime, letter_id: int) -> bool:
    """The first time counts. False: it was read before, or is not theirs."""
    return bool(visible(Letter, by.actor).filter(pk=letter_id, read_at=None).update(read_at=now))
