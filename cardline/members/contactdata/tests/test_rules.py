"""What a phone number, an e-mail and a postal address must look like, and how long a change is in doubt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cardline.members.contactdata.rules import (
    NotAnAddress,
    NotAnEmail,
    NotAPhone,
    NotAPostalCode,
    NotAState,
    address_of,
    doubt_ends,
    email_of,
    is_within_doubt,
    phone_of,
    postal_code_of,
    same_point,
)

NEW_YORK = ZoneInfo("America/New_York")
HERE = {
    "country": "US",
    "street": "9 Alder Row",
    "more": "",
    "town": "Troy",
    "state": "ny",
    "postal_code": "12180",
}


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("(212) 555-0142", "US", "+12125550142"),
        ("1 212 555 0142", "US", "+12125550142"),
        ("+1.212.555.0142", "DE", "+12125550142"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("0044 20 7946 0018", "US", "+442079460018"),
        ("030 901820", "DE", "+4930901820"),
        ("\u00a0212\u00a0555 0142 ", "US", "+12125550142"),
        ("２１２ ５５５ ０１４２", "US", "+12125550142"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, country: str, kept: str) -> None:
    assert phone_of(typed, country) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "555 0142",
        "212 555 CALL",
        "112 555 0142",
        "212 155 0142",
        "+0 212 555 0142",
        "+1 212 555 01424",
        "٢١٢٥٥٥٠١٤٢",
        "212\u202e5550142",
        "212\n555 0142\r\nX: y",
        "9" * 400,
        "+" + "9" * 16,
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotAPhone):
        phone_of(typed, "US")


def test_an_email_is_kept_with_its_domain_in_small_letters() -> None:
    assert email_of(" Maya.O+cards@EXAMPLE.Org ") == "Maya.O+cards@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "maya",
        "maya@",
        "maya@example.org\nBcc: a@b.example",
        "maya@example.org\r",
        "maya@example.org\x00",
        "má@example.org",
        "a@b",
        "x" * 200 + "@example.org",
        "maya@exam ple.org",
        "\u202emaya@example.org",
    ],
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(NotAnEmail):
        email_of(typed)


def test_an_address_is_written_as_its_country_does() -> None:
    assert address_of(**{**HERE, "more": " Apt  4 "}).line == "9 Alder Row, Apt 4, Troy, NY 12180"
    german = {**HERE, "country": "DE", "town": "Köln", "postal_code": "50667", "street": "Domstraße 1"}
    assert address_of(**german).line == "Domstraße 1, 50667 Köln, DE"
    british = {**HERE, "country": "GB", "town": "London", "postal_code": "sw1a1aa", "street": "10 Mall"}
    assert address_of(**british).line == "10 Mall, London SW1A 1AA, GB"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"street": ""}, NotAnAddress),
        ({"street": "   .,"}, NotAnAddress),
        ({"street": "x" * 81}, NotAnAddress),
        ({"street": "9 Alder\u202e Row"}, NotAnAddress),
        ({"street": "9 Alder\nRow\x07"}, NotAnAddress),
        ({"more": "card 4111111111111111"}, NotAnAddress),
        ({"more": "<b>"}, NotAnAddress),
        ({"town": ""}, NotAnAddress),
        ({"country": "XX"}, NotAnAddress),
        ({"state": "XX"}, NotAState),
        ({"state": ""}, NotAState),
        ({"postal_code": "1218"}, NotAPostalCode),
        ({"postal_code": "SW1A 1AA"}, NotAPostalCode),
        ({"country": "GB", "postal_code": "12180"}, NotAPostalCode),
        ({"country": "DE", "postal_code": "1218A"}, NotAPostalCode),
    ],
)
def test_what_is_no_address_is_refused(wrong: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        address_of(**{**HERE, **wrong})


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [("12180-1234", "US", "12180-1234"), ("ec1a 1bb", "GB", "EC1A 1BB"), ("m11ae", "GB", "M1 1AE")],
)
def test_a_postal_code_is_kept_as_its_country_writes_it(typed: str, country: str, kept: str) -> None:
    assert postal_code_of(typed, country) == kept


def test_one_place_however_it_is_written() -> None:
    assert same_point("phone", "+1 212 555 0142", "2125550142")
    assert same_point("email", "Maya@Example.org", "maya@example.org")
    assert same_point("post", "9 Alder Row, Troy, NY 12180", "9 ALDER ROW TROY NY 12180")
    assert not same_point("post", "1 11 Street", "11 1 Street")
    assert not same_point("email", "a.b@example.org", "ab@example.org")


def test_a_doubt_lasts_to_the_end_of_the_thirtieth_day_of_the_issuers_clock() -> None:
    """Over the night the clocks change, too: days are the issuer's, not 24 hours each."""
    changed = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)  # the evening of the 19th in New York
    ends = doubt_ends(changed, NEW_YORK)
    assert ends == datetime(2026, 11, 19, 4, 59, 59, tzinfo=UTC)
    assert is_within_doubt(changed, ends - timedelta(seconds=1), NEW_YORK)
    assert not is_within_doubt(changed, ends, NEW_YORK)
