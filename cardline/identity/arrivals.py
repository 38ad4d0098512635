"""Members who come signed in from the issuer's own site."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password

from cardline.identity.models import User
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command, executing
from cardline.members.models import Member


class NotLetIn(Exception):
    """The issuer knows them, and they are not signed in here. is_locked: their sign-in is; else no member of ours."""

    def __init__(self, *, is_locked: bool) -> None:
        super().__init__("locked" if is_locked else "unknown")
        self.is_locked = is_locked


def user_arriving(core_customer: str, now: datetime) -> User:
    """Whose sign-in it is. core_customer: their number in the card core, vouched for. Raises NotLetIn."""
    member = Member.objects.filter(core_customer=core_customer).first()
    if member is None or member.locked_at is not None:
        raise NotLetIn(is_locked=member is not None)
    return User.objects.get(pk=arrive(by=SYSTEM, now=now, member_id=member.pk))


def user_of_record(member_id: int) -> User:
    """The user of a member who is signed in, so that there is one. Raises User.DoesNotExist."""
    return User.objects.get(member=member_id)


def user_of(member_id: int) -> User:
    """The member's user, inside a command that has to do with signing in: made when there is none yet."""
    executing()
    member = Member.objects.select_related("user").get(pk=member_id)
    if member.user is None:
        return _make_user(member)
    return member.user


@command("identity.arrive", by=[Kind.SYSTEM], about="member:{member_id}")
def arrive(*, by: Standing, now: datetime, member_id: int) -> int:
    """The number of the member's user, made without a password where there is none yet."""
    return user_of(member_id).pk


def _make_user(member: Member) -> User:
    user, _ = User.objects.get_or_create(
        username=f"member.{member.pk}", defaults={"password": make_password(None)}
    )
    Member.objects.filter(pk=member.pk, user=None).update(user=user)
    return user
