"""Why a change is refused, in words of ours. Pure."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    WRONG_PERSON = "wrong_person"  # the document is somebody else's
    NOT_SHOWN = "not_shown"  # it does not show the change
    UNREADABLE = "unreadable"
    RUN_OUT = "run_out"
    NOT_THEM = "not_them"  # the member says they did not ask
    NO_ANSWER = "no_answer"
