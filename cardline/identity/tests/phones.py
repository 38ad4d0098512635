"""Phones for tests: what was texted to them, and numbers on file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cardline.kit.actors import Actor
from cardline.kit.plugs import CodeFor
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint

NUMBER = "+1 212 555 0142"
OLD = timedelta(days=400)


@dataclass
class Texts:
    """Stands for the way to phones (kit.plugs.CodeSender) and remembers what went there."""

    is_there = True
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, *, member_id: int, to: str, now: datetime, code: Secret, code_for: CodeFor) -> None:
        self.sent.append((to, code.reveal(), code_for.shown))

    @property
    def code(self) -> Secret:
        """The one in the newest text."""
        return Secret(self.sent[-1][1])


def phone_of(member: Actor, now: datetime, number: str = NUMBER, age: timedelta = OLD) -> ContactPoint:
    return ContactPoint.objects.create(
        member_id=member.member_id, kind=ContactPoint.Kind.PHONE, value=number, since=now - age
    )


def another(code: Secret) -> Secret:
    """A code that is not this one."""
    return Secret(f"{(int(code.reveal()) + 1) % 1_000_000:06}")
