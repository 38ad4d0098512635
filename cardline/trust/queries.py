"""Questions about codes and calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.limits import Limit
from cardline.kit.visibility import visible
from cardline.trust.models import Call, Code
from cardline.trust.rules import hash_of, letters_from, read

# Whoever looks up counts both (SR-44): by address, and all together. A guess hits one of a million codes that hold
# once in ten million tries, and then says no more than that there is one.
CHECKS = Limit("verify_checks", 10, 600)
CHECKS_IN_ALL = Limit("verify_checks_in_all", 600, 60)


@dataclass(frozen=True, slots=True)
class Ours:
    """What a code belongs to. is_theirs: the member who asks is the one it was meant for."""

    kind: str
    about: str
    at: datetime
    is_theirs: bool


def code_of(salt: str) -> str:
    """The letters a salt stands for in this installation."""
    return letters_from(salted_hmac("cardline.trust.code", salt, algorithm="sha256").digest())


def code_numbered(code_id: int) -> str:
    """The letters of a code, for whoever writes the message it goes into."""
    return code_of(Code.objects.get(pk=code_id).salt)


def look_up(typed: str, actor: Actor) -> Ours | None:
    """What a code as somebody typed it belongs to; None when it is not ours, or not any more: the two look alike."""
    code = read(typed)
    found = Code.objects.filter(hash=hash_of(code or typed), until__gt=clock.machine_now()).first()
    if found is None:
        return None
    return Ours(
        found.kind, found.about, found.at, bool(actor.member_id) and found.member_id == actor.member_id
    )


def call_that_runs(actor: Actor, *, member_id: int) -> Call | None:
    """The call one of us makes to a member right now, of those the actor may know of."""
    running = visible(Call, actor).filter(member=member_id, ended_at=None, until__gt=clock.machine_now())
    return running.select_related("agent", "code").first()
