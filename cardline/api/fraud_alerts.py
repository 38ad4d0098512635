"""/fraud-alerts: a charge somebody who watches them thinks is not the member's, and what the member says."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from cardline.api.auth import Bearer, caller_of
from cardline.api.looking import note_read
from cardline.api.once import Key
from cardline.api.reading import Input, Instant
from cardline.api.shapes import Output
from cardline.fraud.commands import raise_alert
from cardline.fraud.models import FraudAlert
from cardline.fraud.queries import alert_for
from cardline.kit import clock
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference

router = Router(tags=["fraud alerts"])

Words = Annotated[str, Field(min_length=1, max_length=80)]
Token = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")]


class FraudAlertOut(Output):
    """state: "asked" while an answer is waited for, "silent" once a person is to call; then what the member said.
    blocked: the card core behind us declines purchases; where it cannot, false, and the block is yours to keep or lift.
    asked: the ways the question went. answered_by: "" while nobody answered.
    """

    id: str
    reference: str
    case: str
    member: str
    card: str
    state: Literal["asked", "answered_yes", "answered_no", "silent"]
    blocked: bool
    asked: list[str]
    raised_at: datetime
    answered_at: datetime | None
    answered_by: str


class NewFraudAlert(Input):
    """reference: yours for this suspicion; told again, it is the same alert. member, card: as the card core knows them.
    charged_at: when the charge was tried. Why you suspect it has no place here: the member is asked, not accused, and
    a thief must not read it.
    """

    reference: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[!-~]+$")]
    member: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[!-~]+$")]
    card: Token
    merchant: Words
    place: Annotated[str, Field(max_length=80)] = ""
    amount_minor: Annotated[int, Field(ge=1, le=10**12)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    charged_at: Instant


@router.post(
    "/fraud-alerts",
    auth=Bearer("fraud_alerts:write", member="refused"),
    response={201: FraudAlertOut},
)
def raise_fraud_alert(request: HttpRequest, key: Key, body: NewFraudAlert) -> Status[FraudAlertOut]:
    """Stop a card and ask whoever carries it whether a charge was theirs."""
    caller = caller_of(request)
    told = raise_alert(
        by=caller.actor,
        key=caller.once(key),
        now=clock.now(),
        outside=body.reference,
        customer=body.member,
        card=body.card,
        merchant=clean(body.merchant),
        place=clean(body.place),
        amount_minor=body.amount_minor,
        currency=body.currency,
        charged_at=body.charged_at,
    )
    return Status(201, _out(alert_for(caller.actor, told["alert"])))


@router.get(
    "/fraud-alerts/{alert}", auth=Bearer("fraud_alerts:read", member="refused"), response=FraudAlertOut
)
def read_fraud_alert(request: HttpRequest, alert: str) -> FraudAlertOut:
    """What became of one that this key told of. Ask until it is answered; then keep your own block, or lift it."""
    caller = caller_of(request)
    found = alert_for(caller.actor, alert)
    note_read(caller, [found.case], "fraud_alert")
    return _out(found)


def _out(row: FraudAlert) -> FraudAlertOut:
    return FraudAlertOut(
        id=row.token,
        reference=row.outside,
        case=show_reference(row.case.ref),
        member=row.member.core_customer,
        card=row.card,
        state=row.state,  # type: ignore[arg-type]
        blocked=row.blocked,
        asked=[ask.channel for ask in row.asks.all()],
        raised_at=row.raised_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
    )
