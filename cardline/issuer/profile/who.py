"""Who the issuer is: its name, its cards, its places and its colours."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.profile.contrast import luminance
from cardline.issuer.profile.reading import Table
from cardline.issuer.profile.text import EMPTY, Text

NETWORKS = ("amex", "visa", "mastercard", "discover", "none")
PRODUCTS = ("credit", "charge", "debit", "prepaid")


@dataclass(frozen=True, slots=True)
class CardNumberFormat:
    """How the issuer's card numbers look, to recognise and mask them. Nobody is asked for one."""

    prefixes: tuple[str, ...]
    length: int
    grouping: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SecurityCode:
    """The short code on the card: explained to members, never asked for and never kept."""

    name: str
    digits: int
    location: Text
    explanation: Text


@dataclass(frozen=True, slots=True)
class Region:
    """Where a person may be calling from. `countries` are ISO 3166 codes; empty means everywhere else."""

    id: str
    label: Text
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardType:
    """A kind of card that decides which lines to call. `products` decide, later, which law applies."""

    id: str
    label: Text
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shade:
    """One colour as #rrggbb, in the light and in the dark theme."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Brand:
    """The only colours an issuer chooses; each readable pair is checked to have a contrast of 4.5 to 1."""

    name: Text
    brand: Shade
    brand_strong: Shade
    on_brand: Shade
    brand_wash: Shade


def read_card_number(table: Table) -> CardNumberFormat:
    """The [profile.card_number] table."""
    format_ = CardNumberFormat(
        prefixes=table.strings("prefixes", None),
        length=table.integer("length"),
        grouping=table.integers("grouping"),
    )
    if sum(format_.grouping) != format_.length:
        table.problem(
            "grouping", f"The groups do not add up to {format_.length} digits.", "Correct one of the two."
        )
    table.finish()
    return format_


def read_security_code(table: Table) -> SecurityCode:
    """The [profile.security_code] table."""
    code = SecurityCode(
        name=table.string("name"),
        digits=table.integer("digits"),
        location=table.text("location"),
        explanation=table.text("explanation"),
    )
    table.finish()
    return code


def read_region(table: Table) -> Region:
    """One [[regions]] entry."""
    region = Region(id=table.string("id"), label=table.text("label"), countries=table.strings("countries"))
    for country in region.countries:
        if not (len(country) == 2 and country.isascii() and country.isupper()):
            table.problem(
                "countries", f"{country!r} is no country code.", "Use two capitals of ISO 3166, such as US."
            )
    table.finish()
    return region


def read_card_type(table: Table) -> CardType:
    """One [[card_types]] entry."""
    products = table.strings("products", None)
    for product in products:
        if product not in PRODUCTS:
            table.problem("products", f"{product!r} is no kind of product.", f"Use {', '.join(PRODUCTS)}.")
    card_type = CardType(id=table.string("id"), label=table.text("label"), products=products)
    table.finish()
    return card_type


def read_brand(table: Table) -> Brand:
    """The [brand] table."""
    brand = Brand(
        name=table.name("name", EMPTY),
        brand=_read_shade(table.table("brand")),
        brand_strong=_read_shade(table.table("brand_strong")),
        on_brand=_read_shade(table.table("on_brand")),
        brand_wash=_read_shade(table.table("brand_wash")),
    )
    table.finish()
    return brand


def _read_shade(table: Table) -> Shade:
    shade = Shade(light=table.string("light"), dark=table.string("dark"))
    for theme in ("light", "dark"):
        table.parsed(theme, luminance, 0.0)
    table.finish()
    return shade
