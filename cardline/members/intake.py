"""Members as the issuer's own records know them, entered here: from a file of theirs (`cardline member import`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cardline.clocks.local import known_zones
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import NEEDED, OPTIONAL, can_be_called, tidy_name

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def enter(record: Mapping[str, str], now: datetime) -> tuple[int, bool]:
    """Their number here, and whether they are new. record: NEEDED and OPTIONAL by name, as text.

    Raises Malformed with the field that is wrong.
    """
    said = {name: record.get(name, "").strip() for name in (*NEEDED, *OPTIONAL)}
    done: tuple[int, bool] = enter_member(
        by=SYSTEM,
        now=now,
        core_customer=_number(said["core_customer"]),
        given_name=_name(said, "given_name"),
        family_name=_name(said, "family_name"),
        language=_one_of(said["language"], "language", current_profile().languages),
        country=_matching(said["country"] or "US", "country", _COUNTRY),
        zone=_zone(said["zone"]),
        card_type=_one_of(said["card_type"], "card_type", tuple(current_profile().card_types)),
        postal_code=_short(said["postal_code"], "postal_code", 16),
        since=_day(said["since"], now),
        phone=_matching(re.sub(r"[ ().-]", "", said["phone"]), "phone", _PHONE) if said["phone"] else "",
        email=_email(said["email"]),
        address=_short(said["address"], "address", 200),
    )
    return done


@command("member.enter", by=[Kind.SYSTEM], about="member")
def enter_member(
    *,
    by: Standing,
    now: datetime,
    core_customer: str,
    given_name: Clean,
    family_name: Clean,
    language: str,
    country: str,
    zone: str,
    card_type: str,
    postal_code: str,
    since: date,
    phone: str,
    email: str,
    address: str,
) -> tuple[int, bool]:
    """A member of the issuer, with the contact points it has of them since `since`: that day they were checked.

    One who is here already stays as they are: what they changed with us since is newer than the file. Returns their
    number and whether they are new.
    """
    here = Member.objects.filter(core_customer=core_customer).first()
    if here is not None:
        return here.pk, False
    member = Member.objects.create(
        core_customer=core_customer,
        given_name=given_name,
        family_name=family_name,
        language=language,
        country=country,
        zone=zone,
        card_type=card_type,
        postal_code=postal_code,
        since=since,
    )
    known = datetime.combine(since, time(), ZoneInfo(zone)).astimezone(UTC)
    points = {
        ContactPoint.Kind.PHONE: phone,
        ContactPoint.Kind.EMAIL: email,
        ContactPoint.Kind.POST: address,
    }
    for kind, value in points.items():
        if value:
            ContactPoint.objects.create(
                member=member,
                kind=kind,
                value=value,
                since=known,
                preferred=kind == ContactPoint.Kind.PHONE,
            )
    return member.pk, True


def _number(said: str) -> str:
    if not 1 <= len(said) <= 32 or not said.isprintable() or " " in said:
        raise Malformed(field="core_customer")
    return said


def _name(said: Mapping[str, str], field: str) -> Clean:
    name = tidy_name(said[field])
    if not can_be_called(name):
        raise Malformed(field=field)
    return clean(name)


def _one_of(said: str, field: str, known: tuple[str, ...]) -> str:
    """The first of them where nothing is said."""
    if said and said not in known:
        raise Malformed(field=field)
    return said or known[0]


def _matching(said: str, field: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(said):
        raise Malformed(field=field)
    return said


def _zone(said: str) -> str:
    zone = said or str(current_profile().zone)
    if zone not in known_zones():
        raise Malformed(field="zone")
    return zone


def _short(said: str, field: str, most: int) -> str:
    if len(said) > most or not said.isprintable():
        raise Malformed(field=field)
    return said


def _day(said: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Malformed(field="since") from None
    if not date(1900, 1, 1) <= day <= now.date():
        raise Malformed(field="since")
    return day


def _email(said: str) -> str:
    if not said:
        return ""
    try:
        validate_email(said)
    except ValidationError:
        raise Malformed(field="email") from None
    return _short(said, "email", 200)
