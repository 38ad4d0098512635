"""A step's form as it was sent, for every screen that shows one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from cardline.flows.commands import (
    AnsweredMeanwhile,
    ConversationOver,
    QuestionsChanged,
    answer_flow,
    go_on,
    rather_not,
    step_back,
)
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed
from cardline.ui.form_key import form_key

PRESSES = {"again": go_on, "back": step_back, "rather_not": rather_not}
MOST_GIVEN = 20  # ticks of one form


def given_in(request: HttpRequest) -> list[Clean]:
    """What was answered; nothing where it was left out."""
    if request.POST.get("press") == "skip":
        return []
    return [clean(one) for one in request.POST.getlist("answer")[:MOST_GIVEN]]


def take_step(request: HttpRequest, by: Actor, token: str) -> None:
    """What the form's button means, done. That somebody else was quicker is no mistake: the screen says how it stands.

    Raises NotThere, Malformed (the question stays), LevelTooLow.
    """
    told: dict[str, Any] = {
        "by": by,
        "key": form_key(request),
        "now": clock.now(),
        "token": token,
        "steps": _steps(request),
    }
    press = PRESSES.get(request.POST.get("press", ""))
    try:
        if press is not None:
            press(**told)
        else:
            answer_flow(**told, answer=given_in(request))
    except (AnsweredMeanwhile, ConversationOver, QuestionsChanged):
        return


def _steps(request: HttpRequest) -> int:
    written = request.POST.get("steps", "")
    if not (written.isascii() and written.isdecimal() and len(written) < 5):
        raise Malformed()
    return int(written)
