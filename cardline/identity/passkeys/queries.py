"""Which passkeys a member has, and whether they are to be offered one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from cardline.identity.models import PasskeyChallenge, PasskeyOffer, User
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import PASSKEY
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible
from cardline.staff.factors import Factor, factors_of


def passkeys_of(actor: Actor) -> list[Factor]:
    """The member's own, the oldest first."""
    user_id = User.objects.filter(member=actor.person_id).values_list("pk", flat=True).first()
    return factors_of(user_id).passkeys if user_id is not None else []


def has_passkey(actor: Actor) -> bool:
    return Authenticator.objects.filter(
        user__member=actor.person_id, type=Authenticator.Type.WEBAUTHN
    ).exists()


def is_to_be_offered(actor: Actor) -> bool:
    """On their first page, while they have none and have not said that they want none."""
    if not actor.person_id or PASSKEY not in current_profile().sign_in.ways:
        return False
    closed = visible(PasskeyOffer, actor).exists()
    return not closed and not has_passkey(actor)


def challenge_to_make(actor: Actor) -> str:
    """What a device is to sign that makes a passkey in this session; "" while nobody may."""
    asked = visible(PasskeyChallenge, actor).filter(purpose=PasskeyChallenge.Purpose.ADD)
    open_ones = asked.filter(used_at=None, expires_at__gt=clock.machine_now())
    return open_ones.order_by("-pk").values_list("challenge", flat=True).first() or ""
