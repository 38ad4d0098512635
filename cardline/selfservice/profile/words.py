"""Words of the profile: time zones, countries and devices as people call them."""

from __future__ import annotations

from functools import lru_cache

from babel.dates import get_timezone_location, get_timezone_name
from django.utils.translation import gettext as _

from cardline.identity.rules import Way
from cardline.kit.languages import country_name, locale_of
from cardline.members.rules import ZONES_AT_HOME, ZONES_ELSEWHERE
from cardline.ui.entries import capital

POCKET_DEVICES = ("iPhone", "Android", "iPad")
POINT_ICONS = {"phone": "phone", "email": "email", "post": "place"}


@lru_cache(maxsize=8)
def zone_choices(language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The zones to choose from in two groups: by name at home, by place elsewhere, each group as one looks it up."""
    at_home = tuple(
        (zone, f"{_time_of(zone, language)}, {place_of(zone, language)}") for zone in ZONES_AT_HOME
    )
    elsewhere = sorted(((zone, place_of(zone, language)) for zone in ZONES_ELSEWHERE), key=lambda one: one[1])
    return (
        (country_name("US", language), at_home),
        (_("Elsewhere"), tuple(elsewhere)),
    )


def _time_of(zone: str, language: str) -> str:
    """ "Central Time", "Hora central" """
    locale = locale_of(language)
    return capital(get_timezone_name(zone, width="long", zone_variant="generic", locale=locale))


def place_of(zone: str, language: str) -> str:
    """ "Chicago", "Nueva York", "Buenos Aires" """
    return get_timezone_location(zone, locale_of(language), return_city=True).rpartition("/")[2]


def device_name(device: str) -> str:
    return device or _("A device we don’t know by name")


def signed_in_words(way: str) -> str:
    """ "signed in %(when)s", and by what where we know it."""
    words = {
        Way.PASSKEY: _("signed in %(when)s with a passkey"),
        Way.CODE: _("signed in %(when)s with a code"),
        Way.PASSWORD: _("signed in %(when)s with the password"),
        Way.PASSWORD_AND_CODE: _("signed in %(when)s with password and code"),
        Way.PROVIDER: _("signed in %(when)s on our website"),
        Way.RECOVERY: _("signed in %(when)s after a recovery"),
        Way.DEMO: _("signed in %(when)s by the demo’s door"),
    }
    return words[Way(way)] if way else _("signed in %(when)s")


def device_icon(device: str) -> str:
    return "smartphone" if device.endswith(POCKET_DEVICES) else "monitor"
