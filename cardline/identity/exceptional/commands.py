"""A member names whom we may call when they have lost everything."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.identity.models import EmergencyContact
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed
from cardline.members.models import ContactPoint
from cardline.members.rules import can_be_called, tidy_name

CHANGES = Limit("emergency_contact_changes", 10, 3_600)
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # ITU-T E.164


class NotTheirNumber(Malformed):
    code = "own_number"
    sentence = _("That is a number of yours. Give us one that somebody else answers when your phone is gone.")


@command("member.name_emergency_contact", by=[Kind.MEMBER], level="info:emergency_contact", about="member")
def name_emergency_contact(*, by: Standing, now: datetime, name: Clean, phone: Clean) -> bool:
    """Whom we may call when the member is stranded; instead of whoever was named before. All their contact points hear
    that it was changed. False: it was so already. Raises Malformed, NotTheirNumber, TooMany.
    """
    count(CHANGES, f"member:{by.party}")
    wanted, number = tidy_name(name), " ".join(phone.split())
    if not can_be_called(wanted):
        raise Malformed(field="name")
    if not FEWEST_DIGITS <= len(_digits(number)) <= MOST_DIGITS or len(number) > 40:
        raise Malformed(field="phone")
    own = ContactPoint.objects.filter(member=by.party, kind=ContactPoint.Kind.PHONE).values_list(
        "tail", flat=True
    )
    if _digits(number)[-10:] in set(own):
        raise NotTheirNumber(field="phone")
    if EmergencyContact.objects.filter(member=by.party, name=wanted, phone=number).exists():
        return False
    EmergencyContact.objects.update_or_create(
        member_id=by.party, defaults={"name": clean(wanted), "phone": clean(number), "since": now}
    )
    happened("safety.changed", member_id=by.party, kind="emergency_contact", now=now)
    return True


@command("member.forget_emergency_contact", by=[Kind.MEMBER], level="info:emergency_contact", about="member")
def forget_emergency_contact(*, by: Standing, now: datetime) -> bool:
    """Nobody is to be called any more. False: nobody was named."""
    deleted, _rows = EmergencyContact.objects.filter(member=by.party).delete()
    if deleted:
        happened("safety.changed", member_id=by.party, kind="emergency_contact", now=now)
    return bool(deleted)


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isascii() and sign.isdecimal())
