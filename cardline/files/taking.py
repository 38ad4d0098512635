"""From a file that arrived with a form to a row: looked at, put on the shelf, written down.

The bytes go first. If everything stops in between, they lie there without a row, were acknowledged to nobody, and the
sweep takes them away; a row never stands there without its bytes.
"""

from __future__ import annotations

from datetime import datetime

from cardline.files import shelf
from cardline.files.commands import add_file
from cardline.files.examine import examine
from cardline.files.incoming import ArrivedFile
from cardline.files.kinds import LARGEST, Unfit, with_ending
from cardline.files.refusals import FileRefused, FileTooLarge, refusal_of
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import Unavailable
from cardline.kit.safe_text import file_name


def take_file(
    actor: Actor,
    case_id: int,
    arrived: object,
    *,
    key: str | None,
    now: datetime,
    contact_id: int | None = None,
) -> int:
    """Take what came in a form's file field for a case the actor may see. Returns the file's id.

    Raises FileRefused, whatever add_file raises, and Unavailable when the disk does not take it.
    """
    if not isinstance(arrived, ArrivedFile):
        raise FileRefused("none")
    if (arrived.size or 0) > LARGEST:
        raise FileTooLarge()
    try:
        with arrived.path.open("rb") as file:
            kind = examine(file)
    except Unfit as problem:
        raise refusal_of(problem) from problem
    token = shelf.new_token(actor.key, key, arrived.sha256)
    try:
        shelf.keep(arrived.path, token)
    except OSError as problem:
        raise Unavailable() from problem
    return add_file(
        by=actor,
        key=key,
        now=now,
        case_id=case_id,
        token=token,
        sha256=arrived.sha256,
        size_bytes=arrived.size or 0,
        kind=kind.value,
        name=clean(with_ending(clean(file_name(arrived.name or "")), kind)),
        contact_id=contact_id,
    )
