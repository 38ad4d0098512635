"""What people read of a message on its way: by which door, and how that stands."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy

from cardline.notify.doors.door import KEPT
from cardline.notify.models import Outgoing

State, Receipt = Outgoing.State, Outgoing.Receipt

ICONS = {"text": "chat", "email": "email", "letter": "mail"}
DOORS = {
    "text": pgettext_lazy("a door", "Text message"),
    "email": pgettext_lazy("a door", "Email"),
    "letter": pgettext_lazy("a door", "Letter"),
}


def tone_of(row: Outgoing) -> str:
    """ "good" for what has left, "warn" for what will not, "" in between."""
    if row.state in (State.REFUSED, State.PARKED) or row.receipt == Receipt.LOST or _stayed_here(row):
        return "warn"
    return "good" if row.state == State.SENT else ""


def say_state(row: Outgoing) -> str:
    """How it stands, in a word or two. "Sent" says that the other side took it, "Arrived" that it said so."""
    if row.state == State.REFUSED:
        return _why_refused(row.problem)
    if row.state == State.SENT:
        return _how_sent(row)
    return {
        State.WAITING: gettext("Waits for the end of quiet hours"),
        State.QUEUED: gettext("On its way"),
        State.FAILED: gettext("Not sent yet, is tried again"),
        State.PARKED: gettext("Not sent, given up"),
    }[State(row.state)]


def _how_sent(row: Outgoing) -> str:
    if row.channel == "letter":
        return gettext("Written, printed from the desk")
    if row.receipt:
        return gettext("Arrived") if row.receipt == Receipt.ARRIVED else gettext("Sent, did not arrive")
    return gettext("Written here, sent to nobody") if _stayed_here(row) else gettext("Sent")


def _stayed_here(row: Outgoing) -> bool:
    """It became a file, and no demo shows it as if that were the phone."""
    return row.provider_id == KEPT and not settings.CARDLINE_DEMO


def _why_refused(problem: str) -> str:
    if problem == "no_such_place":
        return gettext("Not sent, takes no messages")
    if problem == "restricted":
        return gettext("Not sent, held back by a restriction")
    if problem == "not_safe":
        return gettext("Not sent, the member said not to use this way")
    if problem == "stopped":
        return gettext("Not sent, they want no text messages")
    if problem == "stale":
        return gettext("Not sent, held back until it was out of date")
    if problem == "too_late":
        return gettext("Not sent, would have come too late")
    return gettext("Not sent, refused")
