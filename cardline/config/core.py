"""Which card core the installation has: CARDLINE_CORE. A mistake stops the start with the variable's name."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cardline.config.keyfile import key_in
from cardline.issuer.core import CardCore
from cardline.issuer.distant import at_a_distance
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.profile import current_profile

CORES = ("embedded", "lithic")


def card_core() -> CardCore:
    """Raises ImproperlyConfigured, whose text never holds a key."""
    if settings.CARDLINE_CORE not in CORES:
        raise ImproperlyConfigured(
            f"CARDLINE_CORE is {settings.CARDLINE_CORE!r}; it can be {' or '.join(CORES)}"
        )
    return _lithic() if settings.CARDLINE_CORE == "lithic" else EmbeddedCore()


def _lithic() -> CardCore:
    from cardline.issuer.lithic.core import LithicCore
    from cardline.issuer.lithic.wire import BadKey, Wire
    from cardline.kit.outward import BadAddress

    key = key_in("CARDLINE_LITHIC_KEY_FILE", settings.CARDLINE_LITHIC_KEY_FILE)
    try:
        wire = Wire(settings.CARDLINE_LITHIC_URL, key)
    except BadAddress as problem:
        raise ImproperlyConfigured(f"CARDLINE_LITHIC_URL: {problem}") from problem
    except BadKey as problem:
        raise ImproperlyConfigured(f"CARDLINE_LITHIC_KEY_FILE: {problem}") from problem
    return at_a_distance(LithicCore(wire, current_profile().currency))
