"""What the larger components are filled with. A query's own dataclass with the same names serves as well."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

# How the redactor marks the place of a card number; static/js/chat.js looks for the same.
CARD_HIDDEN = "[card ••"


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a one-press button. icon: a word of icons.py. post: pressing it changes something."""

    label: str
    url: str
    icon: str = ""
    post: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value, as on a receipt; the value may have several lines. aside: a word on it that is true only
    now ("19 hours left"), for the screen and not for paper.
    """

    name: str
    value: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class FreezeRow:
    """A card in the urgent band. frozen_when: the time in words once it is frozen; asked_when: since when that is asked
    and not confirmed; undo_url then.
    """

    last4: str
    freeze_url: str = ""
    frozen_when: str = ""
    undo_url: str = ""
    asked_when: str = ""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A reason to get in touch; the whole row is the link."""

    icon: str
    title: str
    line: str
    url: str


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A way to reach us. wait: words ready to show ("2 min", "by 6 pm today"), "" when nobody knows.

    wait_word: what the wait is ("wait", "we reply", "slowest"). No url: said, not pressed.
    """

    icon: str
    name: str
    line: str
    wait: str = ""
    wait_word: str = ""
    url: str = ""
    state: Literal["open", "busy", "closed"] = "open"


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """Something to have at hand; held: we have it already."""

    name: str
    line: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a case. when: its date, or "by" its date when it is still ahead."""

    label: str
    when: str = ""
    state: Literal["done", "current", "next"] = "next"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact in the thread. said: what was written; agreed: the lines of what was agreed.

    line: place and length ("6 min 20 s", "In the app"). when: words, at: the instant for machines.
    """

    icon: str
    title: str
    when: str
    at: datetime
    line: str = ""
    ref: str = ""
    said: str = ""
    agreed: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A line of the desk's list. tone: how the due words are coloured; the words say it too."""

    icon: str
    name: str
    subject: str
    due: str
    url: str
    tone: Literal["", "promise-due", "soon", "late", "now"] = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """How surely we know who is speaking. level 0 to 3; failed: a check went wrong in this contact.

    speaker: for whom they speak and what they may, "" for themselves; beyond: what is not in their capacity.
    """

    level: int
    allows: str
    lacks: str = ""
    speaker: str = ""
    beyond: str = ""
    ends_in: str = ""
    failed: bool = False
    next_step: Link | None = None

    @property
    def state(self) -> str:
        return "failed" if self.failed else "none" if self.level == 0 else "level"


@dataclass(frozen=True, slots=True)
class ChatLine:
    """An entry of a conversation. side: "me", "other" or "system", as seen by whoever reads the page.

    kind: how it is drawn. text: what was written, or the sentence of entries.py. icon: for an event.
    """

    n: int
    at: datetime
    when: str
    kind: Literal["message", "note", "promise", "event"]
    side: Literal["me", "other", "system"]
    name: str
    text: str
    icon: str = "clock"


@dataclass(frozen=True, slots=True)
class ChatBox:
    """A live conversation on a page.

    topic: the case's ("case:12"). contact: where what is sent belongs ("contact:34"). side: whose page it is.
    me: the agent's own name, to tell colleagues' words from theirs; so of a member who acts for another, as `capacity`.
    zone: for the time of new entries.
    poll_url: GET ?after=N gives {"entries": […], "last": N}, the words of an entry in `text`, or in
    `says` where the server words it. sign_in_url: where an ended session sends to.
    """

    topic: str
    contact: str
    side: Literal["member", "agent"]
    zone: str
    poll_url: str
    send_url: str
    sign_in_url: str
    lines: tuple[ChatLine, ...] = ()
    me: str = ""
    capacity: str = ""

    @property
    def last(self) -> int:
        return max((line.n for line in self.lines), default=0)

    @property
    def hid_a_number(self) -> bool:
        """Whether a card number was taken out of what the reader wrote."""
        return any(
            line.kind == "message" and line.side == "me" and CARD_HIDDEN in line.text for line in self.lines
        )

    @property
    def surface(self) -> str:
        return "desk" if self.side == "agent" else "member"


@dataclass(frozen=True, slots=True)
class ThreeLines:
    """What both sides see before the end. will: one line for each promise, with its date."""

    did: str
    will: tuple[str, ...] = field(default=())
    you: str = ""
