"""In the transaction in which the card core stopped a charge: its member is asked."""

from __future__ import annotations

from datetime import datetime

from cardline.fraud.commands import raise_alert
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.events import reacts_to
from cardline.kit.redact import clean
from cardline.members.models import Member


@reacts_to("charge.suspected")
def ask_whose_it_was(
    *,
    authorisation: str,
    customer: str,
    card: str,
    merchant: str,
    place: str,
    amount_minor: int,
    currency: str,
    at: datetime,
) -> None:
    if not Member.objects.filter(core_customer=customer).exists():
        return  # a customer of the core who is none of ours
    raise_alert(
        by=SYSTEM,
        now=clock.now(),
        outside=authorisation,
        customer=customer,
        card=card,
        merchant=clean(merchant),
        place=clean(place),
        amount_minor=amount_minor,
        currency=currency,
        charged_at=at,
    )
