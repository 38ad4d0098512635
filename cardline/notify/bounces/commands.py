"""A mail of ours came back. What it said still has to reach its member: by another door, a letter on paper."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from cardline.clocks.local import end_of_day
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.notify.letters.commands import fall_to_paper
from cardline.notify.letters.models import Letter
from cardline.notify.letters.rules import BOUNCED
from cardline.notify.models import BouncedPlace, Door, Outgoing
from cardline.notify.sending.commands import OPEN, go_another_way, note_taken

log = logging.getLogger("cardline.notify")

CAME_BACK = "letter.mail_came_back"  # with letter_id, case_id, kind, then, now

# What became of the letter that the mail announced: words of ours (ui/letter_entries.py says them).
ON_PAPER, ON_PAPER_LATE, PAPER_ALREADY, READ_ALREADY = (
    "on_paper",
    "on_paper_late",
    "paper_already",
    "read_already",
)


@command("notify.bounce", by=[Kind.SYSTEM], about="message:{name}")
def note_bounce(*, by: Standing, now: datetime, name: str, places: Sequence[str], is_hard: bool) -> bool:
    """A mail was not delivered. places: the addresses the report says were not reached, in lower case. is_hard: they
    take nothing for good; then no mail goes there until its member shows that it is theirs again.

    The letter it announced goes on paper, where nobody has read it; any other message goes another way of the member's,
    but never a code. False: there is no such mail, or that was known.
    """
    row = Outgoing.objects.select_related("member").filter(name=name, channel=Door.EMAIL).first()
    if row is None:
        return False
    if row.state in OPEN:  # nobody heard the server's yes; this is it
        note_taken(by=by, now=now, outgoing_id=row.pk, provider_id="")
    sent = Outgoing.objects.filter(pk=row.pk, state=Outgoing.State.SENT, receipt="")
    if not sent.update(receipt=Outgoing.Receipt.LOST, receipt_at=now):
        return False
    if is_hard and row.to.lower() in places:
        BouncedPlace.objects.get_or_create(place=row.to.lower(), right_at=None, defaults={"since": now})
    letter = Letter.objects.select_related("member").filter(announced=row).first()
    if letter is not None:
        _settle(letter, now)
    elif not row.secret:
        go_another_way(row, now)
    return True


def place_is_right(place: str, now: datetime) -> None:
    """Inside a command: somebody pressed the link that went there, so mail arrives."""
    BouncedPlace.objects.filter(place=place.lower(), right_at=None).update(right_at=now)


def _settle(letter: Letter, now: datetime) -> None:
    then = PAPER_ALREADY
    if letter.read_at is not None:
        then = READ_ALREADY
    elif fall_to_paper(letter, BOUNCED, now):
        is_late = now > end_of_day(letter.act_by, current_profile().zone)
        then = ON_PAPER_LATE if is_late else ON_PAPER
    happened(CAME_BACK, letter_id=letter.pk, case_id=letter.case, kind=letter.kind, then=then, now=now)
