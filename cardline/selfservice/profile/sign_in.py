"""A member's ways to sign in: their passkeys, the phones a code goes to, a password where the issuer has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cardline.identity.codes.phones import phones_for_codes
from cardline.identity.passkeys.queries import passkeys_of
from cardline.identity.recovery.queries import running
from cardline.identity.ways import has_password, ways_offered
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import CODE, PASSKEY, PASSWORD, PROVIDER
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date, say_when
from cardline.members.rules import masked
from cardline.staff.factors import Factor


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: int
    name: str
    added: str
    used: str


@dataclass(frozen=True, slots=True)
class RunningRecovery:
    """is_open: it can be used now; else from due_at on."""

    due_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class SignInPage:
    """phones: masked, that a code goes to; none while no code can leave or none counts. takes_passkeys, takes_codes,
    takes_passwords, takes_provider: what this issuer offers here.
    """

    passkeys: tuple[PasskeyRow, ...]
    phones: tuple[str, ...]
    has_password: bool
    takes_passkeys: bool
    takes_codes: bool
    takes_passwords: bool
    takes_provider: bool
    recovery: RunningRecovery | None
    saved: str


def sign_in_page(actor: Actor, now: datetime, language: str, saved: str = "") -> SignInPage:
    offered = ways_offered()
    phones = phones_for_codes(actor.member_id, now) if CODE in offered else []
    found = running(actor, now)
    return SignInPage(
        passkeys=tuple(_row(one, language) for one in passkeys_of(actor)),
        phones=tuple(masked(phone.kind, phone.value) for phone in phones),
        has_password=PASSWORD in offered and has_password(actor.member_id),
        takes_passkeys=PASSKEY in offered,
        takes_codes=CODE in offered,
        takes_passwords=PASSWORD in offered,
        takes_provider=PROVIDER in offered,
        recovery=RunningRecovery(found.due_at, now >= found.due_at) if found else None,
        saved=saved,
    )


def _row(one: Factor, language: str) -> PasskeyRow:
    """Told by the machine's clock, which sign-ins live by."""
    zone, at = current_profile().zone, clock.machine_now()
    used = (
        _("last used %(when)s") % {"when": say_when(one.used_at, zone, language, at)}
        if one.used_at
        else _("not used yet")
    )
    added = say_full_date(one.added_at.astimezone(zone).date(), language)
    return PasskeyRow(one.id, one.name, _("added %(day)s") % {"day": added}, used)
