"""What a merchant gave back of a purchase, told from the keys of its postings."""

from __future__ import annotations

from django.db.models import Sum

from cardline.issuer.embedded import models as rows


def refunds_of(purchase: rows.Transaction) -> str:
    """How the keys of all postings begin that give back some of this purchase."""
    return f"refund:{purchase.token}:"


def refunded_minor(purchase: rows.Transaction) -> int:
    """All of it so far, in minor units; asked for under the account's lock before more is given."""
    given = rows.Transaction.objects.filter(
        account=purchase.account, at__gte=purchase.at, posting__key__startswith=refunds_of(purchase)
    )
    return -int(given.aggregate(total=Sum("amount_minor", default=0))["total"])
