"""What a member is told when a way into their account comes or goes: at every contact point, never with the details."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from cardline.kit.commands import executing
from cardline.members.models import Member
from cardline.notify.outgoing import Channel, send
from cardline.notify.reach import ways_to

CHANGED, RECOVERY = "sign_in_changed", "recovery"
QUICK = ("text", "email")
ALL = ("text", "email", "letter")


def tell_of_change(member_id: int, kind: str, now: datetime) -> None:
    """Inside a command. kind: a word of texts/sign_in_changed.toml."""
    _tell(member_id, CHANGED, {"kind": kind, "link": "/profile/sign-in"}, QUICK, now)


def tell_of_recovery(member_id: int, link: str, now: datetime) -> None:
    """Inside a command. link: the page of ours that stops it with one press."""
    _tell(member_id, RECOVERY, {"link": link}, ALL, now)


def _tell(
    member_id: int, template: str, values: dict[str, str], doors: tuple[str, ...], now: datetime
) -> None:
    """To each place once. It is urgent: whoever did not do it has little time."""
    executing()
    for channel, place in dict.fromkeys(ways_to(Member.objects.get(pk=member_id), doors)):
        send(member_id, template, values, channel=cast(Channel, channel), to=place, now=now, urgent=True)
