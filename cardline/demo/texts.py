"""The text messages of a demo: they reach no phone, are kept in memory, and can be read on /demo.

In memory, because a one-time code stands in no table of ours, not even here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, override

from cardline.kit.plugs import CodeFor
from cardline.kit.secret import Secret

MOST = 8

_newest: deque[Text] = deque(maxlen=MOST)


@dataclass(frozen=True, slots=True)
class Text:
    to: str
    text: str
    language: str


class DemoTexts:
    """The `CodeSender` plug of kit/plugs.py in demo mode."""

    is_there = True

    def send(self, *, member_id: int, to: str, now: datetime, code: Secret, code_for: CodeFor) -> None:
        with override(code_for.language):
            text = _spoken() if code_for.spoken else _typed()
        text %= {"code": code.reveal(), "action": code_for.shown}
        _newest.appendleft(Text(to, text, code_for.language))


def _typed() -> str:
    return gettext(
        "%(code)s is your code to %(action)s. Type it on our page only; nobody of ours asks for it."
    )


def _spoken() -> str:
    return gettext(
        "%(code)s is your code to %(action)s. Tell it only in a conversation that you began yourself."
    )


def newest_texts() -> list[Text]:
    return list(_newest)


def forget() -> None:
    """None was sent; for tests."""
    _newest.clear()
