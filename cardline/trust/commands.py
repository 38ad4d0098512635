"""Making codes, and saying that one calls.

A code proves us, not the member: it opens nothing and names nobody. What must not happen is that somebody else's call
borrows it. So it is bound to the one thing it came with, which the page says back ("a letter of ours, sent on Monday"),
it runs out, and a code of a call ends with the call. It is worked out from a salt and the installation's key, so that
the rows alone tell nobody a code that holds, and the member's own page can show the one an agent is reading out.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cardline.kit import clock, limits
from cardline.kit.actors import Kind as Who
from cardline.kit.actors import Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit
from cardline.kit.news import tell
from cardline.kit.refusals import Malformed, Refusal
from cardline.trust.models import Call, Code
from cardline.trust.queries import code_of
from cardline.trust.rules import CALL_LASTS, LASTS, About, Kind, hash_of

CALLS = Limit("calls_begun", 60, 3_600)


class CalledAlready(Refusal):
    code = "called_already"
    sentence = _("A colleague is calling this member right now. Reload the page to see who.")


@command("trust.make_code", by=[Who.SYSTEM, Who.AGENT, Who.MEMBER], about="member:{member_id}")
def make_code(
    *,
    by: Standing,
    now: datetime,
    member_id: int,
    kind: str,
    about: str = About.CASE,
) -> int:
    """A code for one message or call of ours to a member. Returns its number; queries.code_of gives the letters.

    kind: a word of rules.Kind, which says how long it holds; about: of rules.About. The letters are no answer of the
    command, because answers are kept. Raises Malformed for an unknown word.
    """
    if kind not in list(Kind) or about not in list(About):
        raise Malformed()
    at, salt = clock.machine_now(), secrets.token_hex(16)
    row = Code.objects.create(
        hash=hash_of(code_of(salt)),
        salt=salt,
        kind=kind,
        about=about,
        member_id=member_id,
        at=at,
        until=at + LASTS[Kind(kind)],
    )
    return row.pk


@command("call.begin", by=[Who.AGENT], about="case:{case_id}")
def begin_call(*, by: Standing, now: datetime, case_id: int, member_id: int) -> dict[str, Any]:
    """This colleague calls a member now, about a case the caller of this has looked up for them (desk/calling.py).

    Their own other call ends. Pressed again for the same case, the call that runs is the answer. It ends by itself
    after 30 minutes. Returns {"call"}. Raises CalledAlready while a colleague is on the line, TooMany.
    """
    at = clock.machine_now()
    _end_what_ran_out(at)
    mine = Call.objects.filter(agent=by.actor.agent_id, ended_at=None)
    running = mine.filter(case_id=case_id, member=member_id).first()
    if running:
        return {"call": running.pk}
    limits.count(CALLS, by.actor.key)
    _end(mine, at)
    code_id = make_code(by=by, now=now, member_id=member_id, kind=Kind.CALL)
    try:
        with transaction.atomic():
            call = Call.objects.create(
                agent_id=by.actor.agent_id,
                member_id=member_id,
                case_id=case_id,
                code_id=code_id,
                at=at,
                until=at + CALL_LASTS,
            )
    except IntegrityError as taken:
        raise CalledAlready() from taken
    tell("desk", None, {"topic": "desk", "news": "call"}, audience="staff")
    return {"call": call.pk}


@command("call.end", by=[Who.AGENT], about="agent")
def end_call(*, by: Standing, now: datetime) -> bool:
    """This colleague's call is over, and with it its code. False: there was none any more."""
    ended = _end(Call.objects.filter(agent=by.actor.agent_id, ended_at=None), clock.machine_now())
    if ended:
        tell("desk", None, {"topic": "desk", "news": "call"}, audience="staff")
    return bool(ended)


def _end_what_ran_out(at: datetime) -> None:
    """Calls nobody ended: they have been over for everybody since `until`, and now make room for the next."""
    Call.objects.filter(ended_at=None, until__lte=at).update(ended_at=at)


def _end(calls: Any, at: datetime) -> int:
    codes = list(calls.values_list("code", flat=True))
    Code.objects.filter(pk__in=codes, until__gt=at).update(until=at)
    ended: int = calls.update(ended_at=at)
    return ended
