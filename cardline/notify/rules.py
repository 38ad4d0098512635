"""When something may be sent. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cardline.clocks.local import instant_of, local_date
from cardline.issuer.core import AlertEvent

URGENT = (AlertEvent.DECLINED, AlertEvent.PAYMENT_FAILED)
FRESH = timedelta(minutes=30)  # later than that, somebody who sleeps can sleep on
CALM = timedelta(minutes=5)  # between two mails to one member: they all say the same, "there is news"
TOO_OLD = timedelta(days=3)  # what comes out of a standstill stands on the page; it is no news any more
NO_TEXTS = (time(21), time(8))  # where the member is, unless it is urgent (DOMAIN 12)
CODE_LASTS = timedelta(minutes=10)  # SR-35: a code that arrives later only confuses

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the wall clock to the next other one, over midnight where the second is the earlier."""

    starts: time
    ends: time
    zone: ZoneInfo
    urgent_passes: bool = False


def quiet_until(at: datetime, quiet: Quiet) -> datetime | None:
    """The instant the quiet hours end that `at` lies in, None outside them.

    A beginning or end on the night the clocks change is the instant at which the wall clock passes it: what spring
    skips happens at the jump, what autumn shows twice begins at the first and ends at the first.
    """
    today = local_date(at, quiet.zone)
    for day in (today - _DAY, today):
        last_day = day if quiet.starts < quiet.ends else day + _DAY
        starts = instant_of(day, quiet.starts, quiet.zone)
        ends = instant_of(last_day, quiet.ends, quiet.zone)
        if starts <= at < ends:
            return ends
    return None


def waits_until(
    event: AlertEvent, raised_at: datetime, now: datetime, quiet: Quiet | None
) -> datetime | None:
    """Until when an alert waits because its member wants quiet; None when it may go now."""
    if quiet is None:
        return None
    if quiet.urgent_passes and event in URGENT and now - raised_at <= FRESH:
        return None
    return quiet_until(now, quiet)


def calm_until(last_mail: datetime | None, now: datetime) -> datetime | None:
    """Until when the next mail to the same member waits, so that what comes meanwhile goes with it."""
    if last_mail is None or last_mail + CALM <= now:
        return None
    return last_mail + CALM


def out_waits_until(
    channel: str, now: datetime, zone: ZoneInfo, quiet: Quiet | None, *, at_once: bool
) -> datetime | None:
    """Until when what we send waits; None when it may go now. at_once: urgent, or asked for this minute, as a code is.

    A letter wakes nobody. A text waits for the morning where the member is, whatever they chose besides.
    """
    if at_once or channel == "letter":
        return None
    hours = [quiet] if quiet else []
    if channel == "text":
        hours.append(Quiet(*NO_TEXTS, zone))
    until = now
    # One kind of hours can end inside the other.
    while later := [end for one in hours if (end := quiet_until(until, one)) is not None]:
        if max(later) - now > _DAY:
            break  # their hours and ours leave no gap at all; a day is the longest anything waits
        until = max(later)
    return until if until > now else None


class Wish(StrEnum):
    """What a text message wishes about text messages."""

    STOP = "stop"
    START = "start"
    NOTHING = "nothing"


# Any reasonable word ends texts (47 CFR 64.1200(a)(10)); Spanish ones as members write them.
_STOP = frozenset(
    {
        "stop", "stopall", "quit", "end", "revoke", "optout", "opt out", "cancel", "unsubscribe",
        "alto", "parar", "pare", "baja", "cancelar", "fin", "detener",
    }
)  # fmt: skip
_START = frozenset({"start", "unstop", "empezar", "alta"})


def words_of(text: str) -> str:
    """A message of a word or two, without what stands around them: "STOP!!" is "stop"."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))


def wish_in(text: str) -> Wish:
    said = words_of(text)
    if said in _STOP:
        return Wish.STOP
    return Wish.START if said in _START else Wish.NOTHING
