"""Taking back how somebody signs in from here on, because it was not the member. Inside commands.

What was made since then signs nobody in any more. What was removed does not come back: its secret is gone, here too.
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from cardline.identity.models import Recovery, SignInChange, User
from cardline.kit.commands import executing

Kind = SignInChange.Kind


def take_back_since(member_id: int, since: datetime, now: datetime, case_id: int = 0) -> int:
    """Every passkey and password of the member that came since then, and a recovery that runs.

    case_id: where a person looks into it. Returns how many changes that stood were taken back.
    """
    executing()
    standing = SignInChange.objects.filter(member=member_id, at__gte=since, taken_back_at=None)
    made = list(standing)
    passkeys = [one.passkey for one in made if one.kind == Kind.PASSKEY_ADDED]
    Authenticator.objects.filter(user__member=member_id, pk__in=passkeys).delete()
    if any(one.kind == Kind.PASSWORD for one in made):
        User.objects.filter(member=member_id).update(password=make_password(None))
    Recovery.objects.filter(member=member_id, stopped_at=None, used_at=None).update(stopped_at=now)
    return standing.update(taken_back_at=now, case=case_id)
