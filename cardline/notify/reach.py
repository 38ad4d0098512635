"""Where a message can go: a number, an address, the lines of a letter, in the one form the doors take."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cardline.kit.safe_text import one_line
from cardline.members.contactdata.queries import may_be_reached, safe_points
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import BouncedPlace, StoppedNumber

KINDS = {"text": ContactPoint.Kind.PHONE, "email": ContactPoint.Kind.EMAIL, "letter": ContactPoint.Kind.POST}
LONGEST = 200

_BETWEEN = re.compile(r"[ ().\u00a0-]")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
_AT_HOME = re.compile(r"1?([2-9][0-9]{9})")  # without a plus: a number of North America


def tidy_place(channel: str, to: str) -> str:
    """`to` as the door takes it; "" for what is none, with a line break or anything else unseen in it (SR-48)."""
    if not to or len(to) > LONGEST or one_line(to) != to.strip():
        return ""
    if channel == "text":
        return _number(to)
    return _address(to.strip()) if channel == "email" else to.strip()


def ways_to(member: Member, channels: tuple[str, ...]) -> list[tuple[str, str]]:
    """(channel, place) for each door there is a place for: first what the member prefers, then in the order of the
    doors, of each the newest place first. None where they may not safely be reached, and no text to a landline or to a
    number that wants none.
    """
    points = safe_points(member.pk, list(member.points.order_by("-since", "-pk")))
    found = [
        (not point.preferred, channel, place)
        for channel in channels
        for point in points
        if point.kind == KINDS[channel]
        and (point.takes_texts or channel != "text")
        and (place := tidy_place(channel, point.value))
        and takes(channel, place)
    ]
    return [(channel, place) for _other, channel, place in sorted(found, key=lambda way: way[0])]


def takes(channel: str, place: str) -> bool:
    """Whether nobody there said that they want no text messages, and no mail server that it takes no mail."""
    if channel == "text":
        return not StoppedNumber.objects.filter(number=place, ended_at=None).exists()
    return channel != "email" or not BouncedPlace.objects.filter(place=place.lower(), right_at=None).exists()


def is_safe(member_id: int, channel: str, place: str) -> bool:
    """Whether the member may be reached there (SafeContact); asked once more when a message is about to leave."""
    return may_be_reached(member_id, KINDS[channel], place)


def _number(typed: str) -> str:
    digits = _BETWEEN.sub("", typed)
    if _ABROAD.fullmatch(digits):
        return digits
    at_home = _AT_HOME.fullmatch(digits)
    return f"+1{at_home[1]}" if at_home else ""


def _address(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError:
        return ""
    return typed
