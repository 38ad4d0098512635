"""The payment a review page put before them, done: on the account's own page, and for somebody who runs an errand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from cardline.kit import clock
from cardline.payments.commands import pay_bill


def pay_as_agreed(request: HttpRequest, agreed: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What `AgreedForm` holds, paid once for this key. Raises what `pay_bill` raises."""
    return pay_bill(
        by=request.actor,  # type: ignore[attr-defined]
        key=key,
        now=clock.now(),
        account=agreed["account"],
        source=agreed["source"],
        amount_minor=agreed["amount"],
        on=agreed["on"],
        counts_on=agreed["counts_on"],
        wish=key,
    )
