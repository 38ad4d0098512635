"""Signing in by a code to a phone, by a password, or by both.

What happens for a number we know happens for one we do not (SR-34): the same statements, the same hashing, the same
answer. Whether a code leaves is found out afterwards, by the worker.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, override

from cardline.identity.arrivals import user_of
from cardline.identity.codes.commands import Place, send_code, try_code
from cardline.identity.codes.phones import phones_for_codes
from cardline.identity.guesses.commands import NOBODY, begin_guess, count_wrong
from cardline.identity.guesses.rules import is_locked
from cardline.identity.signing_in.lookup import Found, holder_of, known_by
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.outbox import handles, send_later
from cardline.kit.redact import clean
from cardline.kit.refusals import TooMany
from cardline.kit.secret import Secret
from cardline.members.models import Member

SEND = "identity.sign_in_code"  # the outbox's word
SIGN_IN, RECOVER = "sign_in", "recover"  # what a code is for; as texts/code.toml calls it
PASSWORD = "password"  # noqa: S105 - what was guessed at

CODES_TO_ONE_NUMBER = Limit("sign_in_codes_to_one_number", 5, 600)
PASSWORDS_FROM_ONE_ADDRESS = Limit("passwords_from_one_address", 20, 600)
PASSWORDS_FOR_ONE_NUMBER = Limit("passwords_for_one_number", 20, 600)


@command("identity.ask_sign_in_code", by=[Kind.SYSTEM], about="session:{session:.12}")
def ask_sign_in_code(
    *, by: Standing, now: datetime, typed: Secret, session: str, action: str = SIGN_IN
) -> int:
    """Send a code to the phone whose number was typed, if it is one that counts. action: SIGN_IN or RECOVER.

    session: the hash of the visitor's; only there the code counts. Returns the member it is about, NOBODY for none:
    for the visitor's session, never for a page. Raises TooMany, by what was typed alone.
    """
    count(CODES_TO_ONE_NUMBER, known_by(typed.reveal()))
    found = holder_of(typed.reveal())
    _send_later(found, session, action)
    return found.member_id


@command("identity.ask_second_code", by=[Kind.SYSTEM], about="member:{member_id}")
def ask_second_code(*, by: Standing, now: datetime, member_id: int, session: str) -> None:
    """After the right password: a code to the phone they prefer of those that count."""
    _send_later(Found(member_id), session, SIGN_IN)


@handles(SEND)
def send_asked(payload: dict[str, Any], now: datetime) -> None:
    if payload["member"] != NOBODY:
        send_sign_in_code(
            by=SYSTEM,
            now=now,
            member_id=payload["member"],
            point_id=payload["point"],
            session=payload["session"],
            action=payload["action"],
        )


@command("identity.send_sign_in_code", by=[Kind.SYSTEM], about="member:{member_id}")
def send_sign_in_code(
    *, by: Standing, now: datetime, member_id: int, point_id: int, session: str, action: str
) -> bool:
    """False: too many in a short time, a locked sign-in, or no phone that counts. The visitor is told none of it."""
    member = Member.objects.filter(pk=member_id, locked_at=None).first()
    phones = phones_for_codes(member_id, now)
    if member is None or not phones:
        return False
    with override(member.language):
        shown = gettext("sign in") if action == SIGN_IN else gettext("get back in")
    try:
        place = Place(member_id, session=session, action=action)
        send_code(place, clean(shown), point_id or phones[0].pk, now, action)
    except TooMany:
        return False
    return True


@command("identity.enter_sign_in_code", by=[Kind.SYSTEM], about="member:{member_id}")
def enter_sign_in_code(
    *, by: Standing, now: datetime, member_id: int, session: str, code: Secret
) -> dict[str, Any]:
    """Show the code that was sent to sign in, in the same session. Returns {"matched", "user"}; user: 0 for nobody."""
    place = Place(member_id, session=session, action=SIGN_IN)
    if not try_code(by, now, place, code)["matched"]:
        return {"matched": False, "user": 0}
    return {"matched": True, "user": user_of(member_id).pk}


@command("identity.judge_password", by=[Kind.SYSTEM], about="member:{member_id}")
def judge_password(*, by: Standing, now: datetime, member_id: int, is_right: bool) -> dict[str, Any]:
    """A password was compared, right or not: while the account is locked the right one is wrong, too (SR-31).

    Returns {"matched", "user"}.
    """
    locked = is_locked(begin_guess(member_id), clock.machine_now())
    can_sign_in = Member.objects.filter(pk=member_id, locked_at=None).exists()
    if not is_right or locked or not can_sign_in:
        count_wrong(by=by, now=now, member_id=member_id, proof=PASSWORD)
        return {"matched": False, "user": 0}
    return {"matched": True, "user": user_of(member_id).pk}


def _send_later(found: Found, session: str, action: str) -> None:
    """A row for nobody, too."""
    payload = {"member": found.member_id, "point": found.point_id, "session": session, "action": action}
    send_later(SEND, payload, clock.machine_now())
