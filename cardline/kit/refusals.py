"""Refusals: everyday "no" answers. Each has a status for the web and a sentence that says what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A command said no. `status` is the HTTP status, `code` a constant word for machines.

    The sentence is for the person: it says what they can do next (STYLE 9). `retry_after` is in seconds.
    """

    status = 409
    code = "conflict"
    retry_after: int | None = None
    sentence = _("This can't be done as things stand. Reload the page to see what changed.")

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence if sentence is not None else self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class NotThere(Refusal):
    """Absent, or not yours: the two answer alike (SR-22)."""

    status = 404
    code = "not_found"
    sentence = _("We can't find that. Check the address, or start from the help page.")


class NotPermitted(Refusal):
    status = 403
    code = "not_permitted"
    sentence = _("Your role does not include this. Ask a supervisor.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for who is not known surely enough: the command, its arguments, and both in one word."""

    command: str
    action: str
    arguments: dict[str, Any]


class LevelTooLow(Refusal):
    """The speaker is not known surely enough. `needed` and `reached` are levels 0–3; asked: for what."""

    status = 403
    code = "level_too_low"
    sentence = _("We need to be surer that it is you. Sign in, and you continue where you were.")

    def __init__(self, needed: int, reached: int, asked: Asked | None = None) -> None:
        super().__init__()
        self.needed, self.reached, self.asked = needed, reached, asked


class Malformed(Refusal):
    """Input that cannot be taken. `field` names the input it is about."""

    status = 422
    code = "malformed"
    sentence = _("Something in what was sent can't be read. Check it and send it again.")

    def __init__(self, sentence: str | None = None, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class KeyReused(Refusal):
    """One idempotency key, two different requests (SR-65)."""

    code = "key_reused"
    sentence = _("This was already sent with other contents. Reload the page and send it again.")


class TooMany(Refusal):
    """A limit was reached (SR-44)."""

    status = 429
    code = "too_many"
    retry_after = 60
    sentence = _("That was too often in a short time. Wait a minute and try again.")


class Unavailable(Refusal):
    """Nothing was saved, and it was not the caller's fault. Try again with the same key."""

    status = 503
    code = "unavailable"
    retry_after = 2
    sentence = _("We couldn't save that. What you typed is still here. Try again in a moment.")


class Overloaded(Unavailable):
    code = "overloaded"
    retry_after = 5


class ShuttingDown(Unavailable):
    code = "shutting_down"


class CommitFailed(Unavailable):
    code = "commit_failed"
