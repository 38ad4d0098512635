"""A reply by text to the question whether a charge was theirs.

It comes from a number, which is worth as much as a code sent there: enough to say no, and enough to say yes only where
the number is a bound factor of the member's (DOMAIN 8).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from cardline.cases.commands import set_attention
from cardline.contactdata.people import system_for
from cardline.fraud.asking import QUESTION
from cardline.fraud.commands import confirm_charge, deny_charge
from cardline.fraud.models import FraudAlert
from cardline.fraud.promising import is_promised, promise_an_answer
from cardline.fraud.rules import Effect, Word, read_word
from cardline.fraud.writing import WROTE, enter
from cardline.identity.codes.phones import phones_for_codes
from cardline.issuer.asking import CoreSilent
from cardline.kit.events import reacts_to
from cardline.kit.redact import Clean
from cardline.kit.refusals import Refusal
from cardline.notify.inbound import RECEIVED, STOPPED
from cardline.notify.outgoing import send
from cardline.notify.reach import takes, tidy_place

ANSWER = "fraud_answer"  # the message
HEARD_WITHIN = timedelta(days=30)  # a word that comes later is about something else
MOST = 20

# What is written back to a yes: words of texts/fraud_answer.toml.
_TELLS = {Effect.LIFT: "yes", Effect.SAME: "yes_again", Effect.AGAINST: "after_no", Effect.LATE: "late"}


@reacts_to(RECEIVED)
def hear_reply(*, number: str, text: Clean, now: datetime) -> None:
    """Nothing where nobody was asked there. Raises CoreSilent: the worker reads it again then."""
    asked = _asked_at(number, now)
    if not asked:
        return
    word = read_word(text)
    try:
        if word == Word.NO:
            kind = _no(asked, now)
        elif word == Word.YES:
            kind = _yes(asked, number, now)
        else:
            kind = _to_a_person(asked[0], text, now)
    except CoreSilent:
        raise
    except (
        Refusal
    ):  # a restriction stands in the way, or it was tried too often: nobody is left without an answer
        kind = _to_a_person(asked[0], text, now)
    if kind and takes("text", number):
        send(asked[0].member_id, ANSWER, {"kind": kind}, channel="text", to=number, now=now, urgent=True)


@reacts_to(STOPPED)
def ask_another_way(*, number: str, now: datetime) -> None:
    """They want no texts: what was asked there is asked by the next way, at the next look."""
    waiting = [alert.pk for alert in _asked_at(number, now) if alert.state == FraudAlert.State.ASKED]
    FraudAlert.objects.filter(pk__in=waiting, next_step_at__isnull=False).update(next_step_at=now)


def _no(asked: list[FraudAlert], now: datetime) -> str:
    """Of several that wait, all: freezing once too often can be undone."""
    waiting = [alert for alert in asked if alert.state in FraudAlert.OPEN] or asked[:1]
    effects = [_answer(deny_charge, alert, now)["effect"] for alert in waiting]
    return "no" if Effect.FREEZE in effects else "no_again"


def _yes(asked: list[FraudAlert], number: str, now: datetime) -> str:
    """Of several that wait, none: a word does not say which."""
    waiting = [alert for alert in asked if alert.state in FraudAlert.OPEN]
    if len(waiting) > 1:
        return "many"
    alert = waiting[0] if waiting else asked[0]
    if not _is_bound(alert, number, now):
        return "sign_in"
    answered = _answer(confirm_charge, alert, now)
    effect = Effect(answered["effect"])
    if effect == Effect.LIFT and answered["more"]:
        return "many"
    if effect == Effect.LIFT and answered["blocked"]:  # another purchase with the card was not theirs
        return _TELLS[Effect.AGAINST]
    return _TELLS[effect]


def _to_a_person(alert: FraudAlert, text: Clean, now: datetime) -> str:
    """Their words stand in the case, and one answer is promised, however many they send. "": that was said before."""
    is_new = not is_promised(alert)
    enter(alert, WROTE, text=text)
    promise_an_answer(alert, now)
    set_attention(alert.case_id, now, now)
    return "person" if is_new else ""


def _answer(command: Any, alert: FraudAlert, now: datetime) -> dict[str, Any]:
    told: dict[str, Any] = command(by=system_for(alert.member_id), now=now, alert=alert.token, way="text")
    return told


def _is_bound(alert: FraudAlert, number: str, now: datetime) -> bool:
    return any(tidy_place("text", point.value) == number for point in phones_for_codes(alert.member_id, now))


def _asked_at(number: str, now: datetime) -> list[FraudAlert]:
    """What was asked by text at this number, newest first; also where a text took the place of an e-mail."""
    texted = Q(asks__outgoing__channel="text", asks__outgoing__to=number)
    instead = Q(asks__outgoing__otherwise__channel="text", asks__outgoing__otherwise__to=number)
    rows = FraudAlert.objects.filter(texted | instead, asks__outgoing__template=QUESTION)
    fresh = rows.filter(raised_at__gt=now - HEARD_WITHIN).select_related("member", "case").distinct()
    return list(fresh.order_by("-raised_at", "-pk")[:MOST])
