"""The address block as the post reads it, from the one line an address is kept in. Pure."""

from __future__ import annotations

import re

# "NY 10001" or "NY 10001-1234": the last part of an address in the US, whose town stands before it.
_STATE_AND_ZIP = re.compile(r"[A-Z]{2} [0-9]{5}(-[0-9]{4})?")
_COUNTRY = re.compile(r"[A-Z]{2}")
# As the post of the sending country wants the last line: the country's name in English capitals (UPU S42).
_COUNTRIES = {
    "US": "UNITED STATES",
    "GB": "UNITED KINGDOM",
    "DE": "GERMANY",
    "CA": "CANADA",
    "AU": "AUSTRALIA",
}
_PUNCTUATION = re.compile(r"[.,;:]")


def address_block(receiver: str, place: str, home: str) -> tuple[str, ...]:
    """Recipient, delivery lines, and the town with its code; the country where it is another than `home`.

    place: as contactdata keeps it, "1 Elm St, New York, NY 10001" or "1 High St, Leeds LS1 4AP, GB". An address in
    the US stands in capitals without punctuation, as its post prefers (DOMAIN 12); others as their country writes them.
    """
    parts = [" ".join(part.split()) for part in place.split(",")]
    parts = [part for part in parts if part]
    country = parts.pop() if len(parts) > 1 and _COUNTRY.fullmatch(parts[-1]) else "US"
    if country == "US":
        if len(parts) > 1 and _STATE_AND_ZIP.fullmatch(parts[-1]):
            parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
        block = [_PUNCTUATION.sub("", part).upper() for part in (receiver, *parts)]
    else:
        block = [receiver, *parts]
    return tuple(block if country == home else [*block, _COUNTRIES.get(country, country)])
