"""When a card should come, and by when we have looked after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.core import ShippingEvent
from cardline.issuer.profile import Profile

# They complete "We will …". Kept in the row in the member's language, like every promise.
LOOK_AFTER = {
    "en": "See whether your new card has come, and send another if it has not",
    "es": "Comprobar si ha llegado su tarjeta nueva y enviar otra si no ha llegado",
}
CAME = {
    "delivered": {"en": "The carrier delivered it.", "es": "El transportista la entregó."},
    "activated": {"en": "You activated it.", "es": "Usted la activó."},
    "sent_again": {"en": "Another card was sent in its place.", "es": "Se envió otra tarjeta en su lugar."},
}


def expected_day(events: Sequence[ShippingEvent], sent_at: datetime, profile: Profile) -> date:
    """As the newest word of the carrier has it; else as long as a card usually takes."""
    told = next((event.expected for event in reversed(events) if event.expected), None)
    usual = profile.delivery.usual
    return told or add_business_days(local_date(sent_at, profile.zone), usual, profile.calendar)


def look_by(expected: date, now: datetime, profile: Profile) -> datetime:
    """So many business days after the expected day, at the issuer's due time; never a moment that is over."""
    from_day = max(expected, local_date(now, profile.zone))
    day = add_business_days(from_day, profile.delivery.look_after, profile.calendar)
    return instant_of(day, profile.promises.due_time, profile.zone)
