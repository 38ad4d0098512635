"""What a member is told when a way into their account comes or goes: at every contact point, never with the details.

Each change is a row, and the message has a link that takes it back with one press (contactdata/notices/sign_in.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from cardline.identity.models import SignInChange
from cardline.kit.commands import executing
from cardline.members.contactdata.tokens import SIGN_IN, token_of
from cardline.members.models import Member
from cardline.notify.outgoing import Channel, send
from cardline.notify.reach import ways_to

CHANGED, RECOVERY = "sign_in_changed", "recovery"
QUICK = ("text", "email")
ALL = ("text", "email", "letter")


def tell_of_change(member_id: int, kind: SignInChange.Kind, now: datetime, *, passkey: int = 0) -> None:
    """Inside a command. passkey: the number of the one that came."""
    change = SignInChange.objects.create(member_id=member_id, kind=kind, passkey=passkey, at=now)
    link = f"/not-me/sign-in/{token_of(SIGN_IN, change.pk)}"
    _tell(member_id, CHANGED, {"kind": kind.value, "link": link}, QUICK, now)


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
