"""What a member did by themselves, written down: a case with a reference number that has nothing left to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cardline.cases import timeline
from cardline.cases.commands import close_case, open_case, set_attention
from cardline.kit.actors import SYSTEM, Standing
from cardline.kit.redact import Clean


def write_down(
    *,
    by: Standing,
    now: datetime,
    need: str,
    subject: Clean,
    kind: str,
    data: Mapping[str, Any],
    close: bool = True,
) -> dict[str, Any]:
    """A case of its own with one entry, in the running command. close: nothing of it is still to come.

    Returns {"case_id", "ref"}; the reference is what the member quotes.
    """
    opened = open_case(by=by, now=now, need=need, subject=subject)
    case_id = int(opened["case_id"])
    set_attention(case_id, None, now)
    timeline.append(case_id, kind, data=dict(data))
    if close:
        close_case(by=SYSTEM, now=now, case_id=case_id)
    return {"case_id": case_id, "ref": opened["ref"]}
