"""What stands in the case of a suspected charge."""

from __future__ import annotations

from typing import Any

from cardline.cases import timeline
from cardline.fraud.models import FraudAlert
from cardline.kit.redact import Clean

NEED = "lost_stolen.card_compromised"

SUSPECTED, ASKED, SILENT = "fraud.suspected", "fraud.asked", "fraud.silent"
CONFIRMED, DENIED, WROTE = "fraud.confirmed", "fraud.denied", "fraud.wrote"

# What the case is called. Kept in the row in the member's language, like every subject.
STOPPED = {
    "en": "A purchase we stopped, card ending {last4}",
    "es": "Una compra que detuvimos, tarjeta terminada en {last4}",
}


def enter(
    alert: FraudAlert, kind: str, contact_id: int | None = None, *, text: Clean = timeline.EMPTY, **facts: Any
) -> None:
    data = {"alert": alert.token, "card": alert.card, "last4": alert.last4, **facts}
    timeline.append(alert.case_id, kind, text, data=data)


def facts_of(alert: FraudAlert) -> dict[str, Any]:
    """What its sentence is made of (ui/fraud_entries.py)."""
    return {"merchant": alert.merchant, "amount_minor": alert.amount_minor, "currency": alert.currency}
