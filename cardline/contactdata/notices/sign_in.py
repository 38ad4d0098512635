"""The link of a notice that a way to sign in was changed: "it was not me" (SR-32; as notices/commands.py has it).

Whoever holds the link only protects with it. There is no "it was me" here: nothing waits for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.contactdata.protecting.calling import protect, take_back_all, unsure_since
from cardline.contactdata.protecting.freezing import cards_wait_in
from cardline.identity.models import SignInChange
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.members.contactdata.rules import NOT_ME_LASTS
from cardline.members.contactdata.tokens import SIGN_IN, number_in


@dataclass(frozen=True, slots=True)
class PressedSignIn:
    """What a link is about, as far as its page may say. cards_wait: they are not frozen yet, the core being silent."""

    kind: str
    is_over: bool
    cards_wait: bool


def sign_in_change_behind(token: str, now: datetime) -> PressedSignIn | None:
    """None for a link that we did not make and for one that is too old: both alike (SR-34)."""
    change = _change(token, now)
    if change is None:
        return None
    return PressedSignIn(change.kind, change.taken_back_at is not None, cards_wait_in(change.case))


@command("sign_in.not_me", by=[Kind.SYSTEM], about="sign_in")
def sign_in_was_not_me(*, by: Standing, now: datetime, token: Secret) -> bool:
    """Somebody with the link says that the member did not change how they sign in.

    What came from then on signs nobody in any more, a passkey, a password or a recovery; everybody is signed out;
    changes of contact data since then are taken back; the cards are frozen, and an urgent case calls a person. False:
    it was pressed before, by this link or one of an earlier change. Raises NotThere.
    """
    change = _change(token.reveal(), now)
    if change is None:
        raise NotThere()
    if change.taken_back_at is not None:
        return False
    taken_back = take_back_all(unsure_since(change.member_id, change.at), now)
    protect(change.member_id, change.at, taken_back, {"about": "sign_in"}, now)
    return True


def _change(token: str, now: datetime) -> SignInChange | None:
    number = number_in(SIGN_IN, token)
    if number is None:
        return None
    return SignInChange.objects.filter(pk=number, at__gt=now - NOT_ME_LASTS).first()
