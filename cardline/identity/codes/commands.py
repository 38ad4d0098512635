"""A code to a member's phone: asked for, and entered (SR-35).

The halves that do the work are functions for commands of upper folders too: at the desk a code belongs to a contact,
and who may ask for one there is decided there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cardline.identity.codes.phones import has_changed_hands, phone_that_counts
from cardline.identity.codes.rules import CODE_LASTS, code_hash, is_code, new_code
from cardline.identity.guesses.commands import begin_guess, count_wrong, forgive
from cardline.identity.guesses.rules import is_locked, tries_left
from cardline.identity.models import Challenge, Evidence
from cardline.identity.rules import WORTH, Proof
from cardline.kit import clock, plugs
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command, executing
from cardline.kit.limits import Limit, count
from cardline.kit.plugs import CodeFor
from cardline.kit.redact import Clean
from cardline.kit.secret import Secret

CODES = Limit("codes", 5, 600)
CODES_FROM_ONE_ADDRESS = Limit("codes_from_one_address", 20, 600)
CODES_IN_ALL = Limit("codes_in_all", 600, 60)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code is asked for and entered, and for what: in a session, or in a contact."""

    member_id: int
    session: str = ""
    contact_id: int | None = None
    action: str = ""


@command("identity.ask_code", by=[Kind.MEMBER], about="member")
def ask_code(
    *, by: Standing, now: datetime, action: str, shown: Clean, point_id: int, word: str = ""
) -> None:
    """Send a code to one of the member's own phones, for one action. shown: what it approves, in words.

    word: the same as the level matrix calls it ("redeem"), for messages that say no more.

    An earlier code for the same is worth nothing any more. Nothing is answered: a locked account, a phone that does not
    count and one that does look alike (SR-34). Raises TooMany.
    """
    send_code(Place(by.party, session=by.actor.session, action=action), shown, point_id, now, word)


@command("identity.enter_code", by=[Kind.MEMBER], about="member")
def enter_code(*, by: Standing, now: datetime, action: str, code: Secret) -> dict[str, Any]:
    """Show the code that was sent for this action in this session. Returns the same as `try_code`."""
    return try_code(by, now, Place(by.party, session=by.actor.session, action=action), code)


def send_code(place: Place, shown: Clean, point_id: int, now: datetime, word: str = "") -> None:
    """Inside a command. Raises TooMany, counted before anything is looked up."""
    executing()
    count(CODES, f"member:{place.member_id}")
    count(CODES_IN_ALL, "all")
    at = clock.machine_now()
    point = phone_that_counts(place.member_id, point_id, now)
    if (
        point is None
        or not point.takes_texts
        or not plugs.codes.is_there
        or is_locked(begin_guess(place.member_id), at)
    ):
        return
    if place.session and has_changed_hands(
        point, now
    ):  # it is asked for as a second factor, and would be none
        return
    code, salt = new_code(), secrets.token_hex(16)
    _asked_at(place).filter(used_at=None).update(used_at=at)
    Challenge.objects.create(
        member_id=place.member_id,
        point=point,
        session=place.session,
        contact=place.contact_id,
        action=place.action,
        salt=salt,
        hash=code_hash(code, salt),
        asked_at=at,
        expires_at=at + CODE_LASTS,
    )
    plugs.codes.send(
        member_id=place.member_id,
        to=point.value,
        now=now,
        code=code,
        code_for=CodeFor(point.member.language, str(shown), word, spoken=place.contact_id is not None),
    )


def try_code(by: Standing, now: datetime, place: Place, code: Secret) -> dict[str, Any]:
    """Inside a command. Returns {"matched", "left"}: whether it was the code, and how many tries are left.

    Run out, used before, somebody else's, for another action, never sent, locked: not matched, all alike and all
    counted. It is an answer and no refusal, because a refusal would take the count back. A phone whose number changed
    hands meanwhile, or that is on file no more, says who they are and verifies nobody.
    """
    at = clock.machine_now()
    tally = begin_guess(place.member_id)
    sent = (
        _asked_at(place)
        .filter(used_at=None, expires_at__gt=at)
        .select_related("point")
        .order_by("-pk")
        .first()
    )
    right = is_code(code, sent.salt if sent else "", sent.hash if sent else "")
    if is_locked(tally, at) or not right or sent is None or not _use(sent, at):
        left = count_wrong(by=by, now=now, member_id=place.member_id, proof=Proof.PHONE_CODE)
        return {"matched": False, "left": left}
    if sent.point is None or has_changed_hands(sent.point, now):
        add_evidence(place, Proof.CHANGED_NUMBER, at)
        return {"matched": True, "left": tries_left(tally, at)}
    forgive(place.member_id)
    add_evidence(place, Proof.PHONE_CODE, at)
    return {"matched": True, "left": 0}


def add_evidence(place: Place, proof: Proof, at: datetime) -> None:
    """Inside a command: what was shown counts from now on, in its session or contact."""
    executing()
    Evidence.objects.create(
        member_id=place.member_id,
        kind=proof,
        action=place.action,
        session=place.session,
        contact=place.contact_id,
        at=at,
        expires_at=at + WORTH[proof].lasts,
    )


def _asked_at(place: Place) -> Any:
    return Challenge.objects.filter(
        member=place.member_id, session=place.session, contact=place.contact_id, action=place.action
    )


def _use(sent: Challenge, at: datetime) -> bool:
    """Once: of two who enter it at the same moment one is too late."""
    return Challenge.objects.filter(pk=sent.pk, used_at=None).update(used_at=at) == 1
