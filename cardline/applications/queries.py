"""Questions about applications. Nobody signs in for them: the reference and the day of birth are asked for (V1)."""

from __future__ import annotations

from datetime import date

from cardline.issuer.core import Application, CoreNotFound, CoreRefused, Part, current_core
from cardline.issuer.profile import Product, current_profile
from cardline.kit.refusals import NotThere


def are_taken_here() -> bool:
    """Whether this installation's card core takes applications at all."""
    return Part.APPLICATIONS in current_core().offers


def open_products() -> list[Product]:
    """What anybody may apply for, in the profile's order."""
    return [product for product in current_profile().products.values() if product.is_open]


def open_product(product_id: str) -> Product:
    """One of them. Raises NotThere."""
    product = current_profile().products.get(product_id)
    if product is None or not product.is_open:
        raise NotThere()
    return product


def application_of(reference: str, born: date) -> Application:
    """Where an application stands. reference: as stored. One question to the core for both facts, so that a wrong one
    of them looks and takes the same, whichever it is (SR-34). Raises NotThere, CoreUnknown.
    """
    try:
        return current_core().application(reference, born)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreRefused as no:
        if no.reason == "not_offered":
            raise NotThere() from no
        raise
