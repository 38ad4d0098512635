"""What a person will do, when nobody answers or the answer is no: promised as it happens, kept as it is settled."""

from __future__ import annotations

from datetime import datetime

from cardline.fraud.models import FraudAlert
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import clean
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.ladder import answer_by
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

# They complete "We will …". Kept in the row in the member's language, like every promise.
REACH_YOU = {
    "en": "Reach you about a purchase we stopped",
    "es": "Hablar con usted sobre una compra que detuvimos",
}
GO_THROUGH = {
    "en": "Go through your last charges with you and see that you get a new card",
    "es": "Repasar con usted sus últimos cargos y ocuparnos de que reciba una tarjeta nueva",
}
ANSWER = {"en": "Answer your text message", "es": "Responder a su mensaje de texto"}
SAID = {"en": "You answered.", "es": "Usted respondió."}


def promise_to_reach(alert: FraudAlert, now: datetime) -> None:
    _promise(alert, REACH_YOU, now)


def promise_a_report(alert: FraudAlert, now: datetime) -> None:
    _promise(alert, GO_THROUGH, now)


def promise_an_answer(alert: FraudAlert, now: datetime) -> None:
    """They wrote something no machine reads. One promise at a time: the person who keeps it reads all of it."""
    if not is_promised(alert):
        _promise(alert, ANSWER, now)


def is_promised(alert: FraudAlert) -> bool:
    """Whether a person has something of it to do."""
    return Promise.objects.filter(UNFINISHED, pk=alert.promise).exists()


def keep(alert: FraudAlert, now: datetime) -> None:
    """They answered: what was promised about asking them is done."""
    if is_promised(alert):
        evidence = clean(_in_their_words(alert, SAID))
        do_promise(by=SYSTEM, now=now, promise_id=alert.promise, evidence=evidence)


def _promise(alert: FraudAlert, words: dict[str, str], now: datetime) -> None:
    made = make_promise(
        by=SYSTEM,
        now=now,
        case_id=alert.case_id,
        text=clean(_in_their_words(alert, words)),
        due_at=answer_by(alert.case.queue, now),
        due_zone=current_profile().time_zone,
        source=Promise.Source.FLOW,
        rule="fraud.alert",
    )
    FraudAlert.objects.filter(pk=alert.pk).update(promise=made["promise_id"])
    alert.promise = made["promise_id"]


def _in_their_words(alert: FraudAlert, words: dict[str, str]) -> str:
    return words.get(alert.member.language, words["en"])
