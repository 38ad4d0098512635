"""What people read of a message on its way: by which door, and how that stands."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy

from cardline.notify.models import Outgoing

State = Outgoing.State

ICONS = {"text": "chat", "email": "email", "letter": "mail"}
DOORS = {
    "text": pgettext_lazy("a door", "Text message"),
    "email": pgettext_lazy("a door", "Email"),
    "letter": pgettext_lazy("a door", "Letter"),
}
TONES = {State.SENT: "good", State.REFUSED: "warn", State.PARKED: "warn"}


def say_state(row: Outgoing) -> str:
    """How it stands, in a word or two. "Sent" says that the other side took it, not that it arrived."""
    if row.state == State.REFUSED:
        return _why_refused(row.problem)
    return {
        State.WAITING: gettext("Waits for the end of quiet hours"),
        State.QUEUED: gettext("On its way"),
        State.FAILED: gettext("Not sent yet, is tried again"),
        State.SENT: gettext("Sent"),
        State.PARKED: gettext("Not sent, given up"),
    }[State(row.state)]


def _why_refused(problem: str) -> str:
    if problem == "no_such_place":
        return gettext("Not sent, takes no messages")
    if problem == "too_late":
        return gettext("Not sent, would have come too late")
    return gettext("Not sent, refused")
