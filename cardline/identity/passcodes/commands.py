"""A member sets, changes and removes their telephone passcode; and one that was keyed in is compared.

The hash is slow on purpose, so it is worked out where a question to a system elsewhere would be: outside the command,
which begins anew with it (kit/outside.py).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from cardline.identity.codes.commands import Place, add_evidence
from cardline.identity.guesses.commands import begin_guess, count_wrong, forgive
from cardline.identity.guesses.rules import is_locked
from cardline.identity.models import Passcode
from cardline.identity.passcodes.rules import Trouble, hash_of, is_passcode, tidy_passcode, trouble_with
from cardline.identity.rules import Proof
from cardline.kit import clock, outside
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command, executing
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.refusals import Malformed
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint

CHANGES = Limit("passcode_changes", 10, 3_600)

WHY_NOT: dict[Trouble, LazyText] = {
    Trouble.LENGTH: _("A telephone passcode has 6 to 8 digits."),
    Trouble.SEQUENCE: _("Those digits follow each other, so they are guessed first. Choose others."),
    Trouble.REPEATS: _("Those digits repeat, so they are guessed first. Choose others."),
    Trouble.DATE: _("That reads like a date, and dates are guessed first. Choose other digits."),
    Trouble.PHONE: _("Those digits are in a phone number of yours. Choose others."),
}


class EasyToGuess(Malformed):
    """A passcode somebody would try early."""

    code = "easy_to_guess"


@command("member.set_passcode", by=[Kind.MEMBER], level="info:passcode", about="member")
def set_passcode(*, by: Standing, now: datetime, passcode: Secret) -> None:
    """The digits the member keys in when they call, instead of any before. All their contact points hear of it.

    Raises EasyToGuess, TooMany.
    """
    count(CHANGES, f"member:{by.party}")
    digits = tidy_passcode(passcode.reveal())
    trouble = trouble_with(digits, _phones_of(by.party))
    if trouble is not None:
        raise EasyToGuess(str(WHY_NOT[trouble]), field="passcode")
    kept = outside.answer_to(("passcode.hash", str(passcode)), partial(hash_of, digits))
    Passcode.objects.update_or_create(member_id=by.party, defaults={"hash": kept, "since": now})
    happened("safety.changed", member_id=by.party, kind="passcode", now=now)


@command("member.remove_passcode", by=[Kind.MEMBER], level="info:passcode", about="member")
def remove_passcode(*, by: Standing, now: datetime) -> bool:
    """No passcode counts for them any more. False: there was none."""
    deleted, _rows = Passcode.objects.filter(member=by.party).delete()
    if deleted:
        happened("safety.changed", member_id=by.party, kind="passcode", now=now)
    return bool(deleted)


def try_passcode(by: Standing, now: datetime, place: Place, passcode: Secret) -> dict[str, Any]:
    """Inside a command. Returns {"matched", "left"}, as `codes.commands.try_code` does: none set, wrong and locked are
    alike, take the same work, and are counted on the one counter (SR-31).
    """
    executing()
    kept = Passcode.objects.filter(member=place.member_id).values_list("hash", flat=True).first() or ""
    compare = partial(is_passcode, tidy_passcode(passcode.reveal()), kept)
    right = outside.answer_to(("passcode.compare", str(passcode), kept), compare)
    at = clock.machine_now()
    if is_locked(begin_guess(place.member_id), at) or not right or not kept:
        left = count_wrong(by=by, now=now, member_id=place.member_id, proof=Proof.PASSCODE)
        return {"matched": False, "left": left}
    forgive(place.member_id)
    add_evidence(place, Proof.PASSCODE, at)
    return {"matched": True, "left": 0}


def _phones_of(member_id: int) -> list[str]:
    phones = ContactPoint.objects.filter(member=member_id, kind=ContactPoint.Kind.PHONE)
    return list(phones.values_list("value", flat=True))
