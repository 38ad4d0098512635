"""The filled world of the demo: people, cards, charges, and a past."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cardline.demo.authorities import tell_authorities
from cardline.demo.folder import MARK
from cardline.demo.people import settle_cast
from cardline.demo.signin import enrol_colleagues
from cardline.demo.stories import tell_stories
from cardline.demo.time import read_offset
from cardline.issuer.profile import current_profile
from cardline.kit import clock

HISTORY_MONTHS = 24


def fill_world(say: Callable[[str], None], *, months: int = HISTORY_MONTHS) -> None:
    """Bring in whatever of the demo's world is missing; doing it twice changes nothing.

    say: told what happens, a sentence at a time. months: as settle_cast says.

    Raises ImproperlyConfigured when this data folder holds the world of another issuer: one installation serves one.
    """
    _keep_to_one_issuer()
    clock.set_offset(read_offset())
    now = clock.now()
    came = settle_cast(now, months=months)
    enrol_colleagues()
    told = tell_stories(now)
    tell_authorities(now)
    say(
        f"filled the demo's world: {came} people, {told} cases"
        if came or told
        else "the demo's world is there already"
    )


def _keep_to_one_issuer() -> None:
    note = Path(settings.DATA) / MARK
    wanted = current_profile().id
    if not note.exists():
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        note.write_text(wanted + "\n")
        return
    there = note.read_text().strip()
    if there != wanted:
        raise ImproperlyConfigured(
            f"CARDLINE_DATA holds the demo of {there}; give {wanted} a folder of its own,"
            f" for example CARDLINE_DATA=var/demo-{wanted}"
        )
