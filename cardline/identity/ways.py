"""The ways into an account: which the issuer offers here, and which a member really has."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cardline.identity.codes.phones import phones_for_codes
from cardline.identity.models import User
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import CODE, PASSKEY, PASSWORD, PROVIDER
from cardline.kit import plugs
from cardline.kit.refusals import Refusal

WAYS_IN = "info:ways_in"  # of the level matrix: adding or taking away one


class LastWayIn(Refusal):
    code = "last_way_in"
    sentence = _("This is your only way to sign in. Add another one first, then remove it.")


def ways_offered() -> tuple[str, ...]:
    """What the profile allows and this installation can do, in the profile's order.

    While no text can leave the house codes are not offered, nor a password that needs one: never something weaker.
    """
    decided = current_profile().sign_in
    texts = plugs.codes.is_there
    can = {
        PASSKEY: True,
        CODE: texts,
        PASSWORD: texts or not decided.password_needs_code,
        PROVIDER: settings.CARDLINE_OIDC is not None,
    }
    return tuple(way for way in decided.ways if can[way])


def ways_of(member_id: int, now: datetime, *, without_passkey: int = 0) -> set[str]:
    """Which of them this member could sign in by. without_passkey: as if that one were gone."""
    offered = ways_offered()
    passkeys = Authenticator.objects.filter(user__member=member_id, type=Authenticator.Type.WEBAUTHN)
    has = {
        PASSKEY: passkeys.exclude(pk=without_passkey).exists(),
        CODE: bool(phones_for_codes(member_id, now)),
        PASSWORD: has_password(member_id),
        PROVIDER: True,
    }
    return {way for way in offered if has[way]}


def has_password(member_id: int) -> bool:
    user = User.objects.filter(member=member_id).first()
    return user is not None and user.has_usable_password()


def refuse_last(
    member_id: int, now: datetime, *, without_passkey: int = 0, without_password: bool = False
) -> None:
    """Raises LastWayIn when nothing would be left."""
    left = ways_of(member_id, now, without_passkey=without_passkey)
    if not left - ({PASSWORD} if without_password else set()):
        raise LastWayIn()
