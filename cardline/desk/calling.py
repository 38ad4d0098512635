"""The call a colleague makes to a member: the code they read out, which the member's own pages show too (DOMAIN 8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_when
from cardline.kit.reference import spell_reference
from cardline.trust.queries import call_that_runs, code_of
from cardline.trust.rules import shown


@dataclass(frozen=True, slots=True)
class Calling:
    """A call that runs. colleague: who makes it, "" when it is oneself, and only then there is a code to read out."""

    colleague: str
    code: str
    spelled: str
    until: str


def calling_of(actor: Actor, member_id: int) -> Calling | None:
    """The call that one of us makes to a member whose page the actor has open."""
    call = call_that_runs(actor, member_id=member_id)
    if call is None:
        return None
    language = get_language() or "en"
    until = say_when(call.until, current_profile().zone, language, clock.machine_now())
    if call.agent_id != actor.agent_id:
        return Calling(call.agent.name, "", "", until)
    code = code_of(call.code.salt)
    return Calling("", shown(code), spell_reference(code, language), until)
