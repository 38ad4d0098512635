"""A member's passkeys: asked for, used, made, named and taken away.

A passkey is nothing one could guess: no counter counts them, and no lock of guessing stops them (SR-31).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_encode

from cardline.identity.arrivals import user_of
from cardline.identity.codes.commands import Place, add_evidence
from cardline.identity.models import PasskeyChallenge, PasskeyOffer, SignInChange
from cardline.identity.notices import tell_of_change
from cardline.identity.passkeys.ceremony import NotTaken, what_was_made, who_used
from cardline.identity.passkeys.rules import CHALLENGE_LASTS, MAKING_LASTS, MOST_PASSKEYS, new_challenge, tidy
from cardline.identity.rules import Proof
from cardline.identity.ways import WAYS_IN, refuse_last
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import PASSKEY
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command, executing
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean
from cardline.kit.refusals import NotThere, Refusal
from cardline.members.models import Member

PASSKEYS_ADDED = Limit("passkeys_added", 10, 3_600)

Purpose = PasskeyChallenge.Purpose


class NoPasskeys(Refusal):
    code = "no_passkeys"
    sentence = _("Passkeys are not among the ways to sign in here. Choose another one.")


class EnoughPasskeys(Refusal):
    code = "enough_passkeys"
    sentence = _("You have as many passkeys as we keep. Remove one that you no longer use first.")


class PasskeyNotTaken(Refusal):
    status = 422
    code = "passkey_not_taken"
    sentence = _(
        "That passkey was not taken. Begin again; what was asked of your device counts a few minutes."
    )


@command("passkey.ask_sign_in", by=[Kind.SYSTEM], housekeeping=True)
def ask_for_any(*, by: Standing, now: datetime, session: str) -> str:
    """A challenge for whoever is in this session, whose hash it is; an earlier one is worth nothing any more."""
    _refuse_where_none()
    return _put(Purpose.SIGN_IN, session, CHALLENGE_LASTS)


@command("passkey.ask_approval", by=[Kind.MEMBER], housekeeping=True)
def ask_for_approval(*, by: Standing, now: datetime, action: str) -> str:
    """A challenge that approves this one action, in the member's session."""
    return _put(Purpose.APPROVE, by.actor.session, CHALLENGE_LASTS, by.party, action)


@command("passkey.begin", by=[Kind.MEMBER], level=WAYS_IN, about="member")
def begin_passkey(*, by: Standing, now: datetime) -> str:
    """The member may make a passkey in this session now: strongly known, so that it grants nothing they had not.

    Returns the challenge. Raises NoPasskeys, EnoughPasskeys, TooMany.
    """
    return let_make_one(by.party, by.actor.session)


def let_make_one(member_id: int, session: str) -> str:
    """Inside a command that knows why. Raises NoPasskeys, EnoughPasskeys, TooMany."""
    executing()
    _refuse_where_none()
    count(PASSKEYS_ADDED, f"member:{member_id}")
    if _passkeys(member_id).count() >= MOST_PASSKEYS:
        raise EnoughPasskeys()
    return _put(Purpose.ADD, session, MAKING_LASTS, member_id)


@command("passkey.sign_in", by=[Kind.SYSTEM], about="session:{session:.12}")
def use_to_sign_in(*, by: Standing, now: datetime, session: str, host: str, answer: Any) -> dict[str, int]:
    """Whose passkey answered what this session was asked. Returns {"member", "user"}, zeros for nobody's.

    Asked once: a second answer is nobody's, and so is a colleague's passkey and a member's whose sign-in is locked.
    """
    nobody = {"member": 0, "user": 0}
    asked = _take(Purpose.SIGN_IN, session)
    if asked is None:
        return nobody
    try:
        shown = who_used(host, asked.challenge, answer)
    except NotTaken:
        return nobody
    member = Member.objects.filter(user=shown.user_id, locked_at=None).first()
    if member is None:
        return nobody
    _note_used(shown.passkey_id)
    return {"member": member.pk, "user": shown.user_id}


@command("passkey.approve", by=[Kind.MEMBER], about="member")
def use_to_approve(*, by: Standing, now: datetime, action: str, host: str, answer: Any) -> bool:
    """The member approves this action with a passkey of theirs: strong evidence for it, and for nothing else.

    False: no answer to what was asked here for this action, too late, or answered before.
    """
    asked = _take(Purpose.APPROVE, by.actor.session, by.party, action)
    if asked is None:
        return False
    try:
        shown = who_used(host, asked.challenge, answer)
    except NotTaken:
        return False
    if not Member.objects.filter(pk=by.party, user=shown.user_id).exists():
        return False
    _note_used(shown.passkey_id)
    add_evidence(Place(by.party, session=by.actor.session, action=action), Proof.PASSKEY, clock.machine_now())
    return True


@command("passkey.add", by=[Kind.MEMBER], about="member")
def add_passkey(*, by: Standing, now: datetime, host: str, answer: Any, name: Clean) -> int:
    """Keep what the member's device made, after `begin_passkey` in the same session. Every contact point is told.

    Returns its number. Raises PasskeyNotTaken; the permission to make one lasts on.
    """
    asked = _open(Purpose.ADD, by.actor.session, by.party).first()
    if asked is None:
        raise PasskeyNotTaken()
    try:
        made = what_was_made(host, asked.challenge, answer)
    except NotTaken as no:
        raise PasskeyNotTaken() from no
    if not _use(asked):
        raise PasskeyNotTaken()
    row = WebAuthn.add(user_of(by.party), tidy(name), made).instance
    tell_of_change(by.party, SignInChange.Kind.PASSKEY_ADDED, now, passkey=int(row.pk))
    return int(row.pk)


@command("passkey.name", by=[Kind.MEMBER], about="passkey:{passkey_id}")
def name_passkey(*, by: Standing, now: datetime, passkey_id: int, name: Clean) -> None:
    """What the member calls it. Raises NotThere."""
    row = _passkeys(by.party).filter(pk=passkey_id).first()
    if row is None:
        raise NotThere()
    row.wrap().name = tidy(name)
    row.save(update_fields=["data"])


@command("passkey.remove", by=[Kind.MEMBER], level=WAYS_IN, about="passkey:{passkey_id}")
def remove_passkey(*, by: Standing, now: datetime, passkey_id: int) -> None:
    """It signs nobody in any more. Every contact point is told. Raises NotThere, LastWayIn."""
    row = _passkeys(by.party).select_for_update().filter(pk=passkey_id).first()
    if row is None:
        raise NotThere()
    refuse_last(by.party, now, without_passkey=passkey_id)
    row.delete()
    tell_of_change(by.party, SignInChange.Kind.PASSKEY_REMOVED, now)


@command("passkey.close_offer", by=[Kind.MEMBER], about="member")
def close_offer(*, by: Standing, now: datetime) -> None:
    """The member does not want to be offered one on their first page. Twice is once."""
    PasskeyOffer.objects.get_or_create(member_id=by.party, defaults={"closed_at": clock.machine_now()})


def _refuse_where_none() -> None:
    if PASSKEY not in current_profile().sign_in.ways:
        raise NoPasskeys()


def _put(
    purpose: Purpose, session: str, lasts: timedelta, member_id: int | None = None, action: str = ""
) -> str:
    """One that counts for each place and purpose; those that ran out are forgotten."""
    at = clock.machine_now()
    PasskeyChallenge.objects.filter(expires_at__lte=at).delete()
    PasskeyChallenge.objects.filter(session=session, purpose=purpose, used_at=None).update(used_at=at)
    made = websafe_encode(new_challenge())
    PasskeyChallenge.objects.create(
        member_id=member_id,
        purpose=purpose,
        session=session,
        action=action,
        challenge=made,
        expires_at=at + lasts,
    )
    return made


def _open(purpose: Purpose, session: str, member_id: int | None = None, action: str = "") -> Any:
    there = PasskeyChallenge.objects.filter(purpose=purpose, session=session, member=member_id, action=action)
    return there.filter(used_at=None, expires_at__gt=clock.machine_now()).order_by("-pk")


def _take(
    purpose: Purpose, session: str, member_id: int | None = None, action: str = ""
) -> PasskeyChallenge | None:
    """Used from here on, whatever the answer is worth. None: none counts here, or somebody was quicker."""
    asked: PasskeyChallenge | None = _open(purpose, session, member_id, action).first()
    return asked if asked is not None and _use(asked) else None


def _use(asked: PasskeyChallenge) -> bool:
    return PasskeyChallenge.objects.filter(pk=asked.pk, used_at=None).update(used_at=clock.machine_now()) == 1


def _passkeys(member_id: int) -> Any:
    return Authenticator.objects.filter(user__member=member_id, type=Authenticator.Type.WEBAUTHN)


def _note_used(passkey_id: int) -> None:
    Authenticator.objects.filter(pk=passkey_id).update(last_used_at=clock.machine_now())
