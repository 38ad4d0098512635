"""What is promised about a card that waits, and by when. Pure."""

from __future__ import annotations

from datetime import datetime

from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.profile import Profile

SURE_BUSINESS_DAYS = 5

# It completes "We will …". Kept in the row in the member's language, like every promise.
MAKE_SURE = {
    "en": "Make sure that your new address or name is really yours, and then send your card",
    "es": "Asegurarnos de que su nueva dirección o nombre es suyo, y después enviarle la tarjeta",
}


def sure_by(now: datetime, profile: Profile) -> datetime:
    """Until when a person has made sure: a business day of the issuer's, at its due time."""
    day = add_business_days(local_date(now, profile.zone), SURE_BUSINESS_DAYS, profile.calendar)
    return instant_of(day, profile.promises.due_time, profile.zone)
