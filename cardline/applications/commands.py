"""Applying for a card. The application lives in the card core and has its own reference there; anybody may send one.

A member's is written down in a case as well, so that whoever they talk to sees it; a guest's is nowhere but in the
core, which asks for nothing that a case could add.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.applications.rules import RECEIVED, about, is_old_enough
from cardline.cards.visibility import member_spoken_for
from cardline.cases.done import write_down
from cardline.clocks.local import local_date
from cardline.issuer.asking import ask
from cardline.issuer.core import Applicant, Application, current_core
from cardline.issuer.profile import Product, current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed, Refusal
from cardline.members.models import Member
from cardline.promises.legal.commands import start_clocks

NEED = "apply.new_card"
SENT = "application.sent"

# What the case is called. Kept in the row in the member's language, like every subject.
SUBJECT = {"en": "Application sent: {product}", "es": "Solicitud enviada: {product}"}


NOT_AGREED = _("Every line has to be ticked before we can take the application.")


class UnknownProduct(Refusal):
    code = "unknown_product"
    sentence = _(
        "Nobody can apply for this card here now. Choose another one, or call us and we tell you more."
    )


class TooYoung(Refusal):
    code = "too_young"
    sentence = _("You are too young to apply yet. If the day of birth is wrong, go back and correct it.")


class SentAlready(Refusal):
    code = "sent_already"
    sentence = _(
        "An application was sent from this form already. Look up where it stands, or start a new one."
    )


# What the core's reasons mean here.
REFUSALS: Mapping[str, type[Refusal]] = {
    "unknown_product": UnknownProduct,
    "too_young": TooYoung,
    "key_reused": SentAlready,
}


@command("application.send", by=[Kind.MEMBER, Kind.GUEST], level="apply:apply", about="product:{product}")
def send_application(
    *,
    by: Standing,
    now: datetime,
    wish: str,
    product: str,
    given_name: Clean,
    family_name: Clean,
    born: date,
    agreed: str,
) -> dict[str, Any]:
    """Apply for a product. product: its id in the profile. agreed: ids of the consents that were ticked, with commas;
    the audit event keeps them with the time. wish: by which the core knows this application again (at most 100
    characters), so that asking after a silence does not apply twice. A member applies under the name we have.

    Returns {"application" (its reference), "case_id", "ref"}; the last two are None for a guest. Raises Malformed,
    UnknownProduct, TooYoung, SentAlready, CoreSilent.
    """
    sold = _open_product(product)
    member = member_spoken_for(by) if by.actor.kind == Kind.MEMBER else None
    if set(current_profile().consents) - set(agreed.split(",")):
        raise Malformed(str(NOT_AGREED), field="agreed")
    if not is_old_enough(born, current_profile().offer.least_age, local_date(now, current_profile().zone)):
        raise TooYoung()
    applicant = Applicant(
        product=sold.name,
        given_name=member.given_name if member else given_name,
        family_name=member.family_name if member else family_name,
        born=born,
        customer=member.core_customer if member else "",
    )
    made = ask(partial(current_core().apply, applicant, at=now, key=f"apply:{wish}"), REFUSALS)
    case = _write_down(by, now, member, made, sold) if member else {"case_id": None, "ref": None}
    return {"application": made.reference, **case}


def _open_product(product_id: str) -> Product:
    product = current_profile().products.get(product_id)
    if product is None or not product.is_open:
        raise UnknownProduct()
    return product


def _write_down(
    by: Standing, now: datetime, member: Member, made: Application, product: Product
) -> dict[str, Any]:
    """Open, because the decision is still to come: the law says by when, and that is promised."""
    subject = SUBJECT.get(member.language, SUBJECT["en"]).format(product=product.name)
    data = {"application": made.reference, "product": product.name}
    case = write_down(by=by, now=now, need=NEED, subject=clean(subject), kind=SENT, data=data, close=False)
    start_clocks(
        by=SYSTEM,
        now=now,
        case_id=case["case_id"],
        event=RECEIVED,
        started_at=now,
        about=about(made.reference),
    )
    return case
