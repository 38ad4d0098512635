"""How a member shows who they are beyond signing in: the passcode for calls, and who may vouch for them."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.identity.exceptional.queries import own_emergency_contact
from cardline.identity.passcodes.queries import passcode_of
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date
from cardline.kit.visibility import visible
from cardline.members.models import ContactPoint
from cardline.members.rules import PHONE, masked
from cardline.selfservice.safety.forms import EmergencyContactForm, PasscodeForm


@dataclass(frozen=True, slots=True)
class Vouching:
    """Whom we may call. phone: masked, as every number on these pages."""

    name: str
    phone: str
    since: str


@dataclass(frozen=True, slots=True)
class SafetyPage:
    """passcode_since: "" where none is set. saved: the part that was saved just now."""

    passcode_since: str
    passcode: PasscodeForm
    vouching: Vouching | None
    contact: EmergencyContactForm
    saved: str

    @property
    def wrong(self) -> PasscodeForm | EmergencyContactForm | None:
        return next((form for form in (self.passcode, self.contact) if form.errors), None)


def phones_of(actor: Actor) -> list[str]:
    points = visible(ContactPoint, actor).filter(kind=ContactPoint.Kind.PHONE)
    return list(points.values_list("value", flat=True))


def safety_page(
    actor: Actor, passcode: PasscodeForm, contact: EmergencyContactForm, language: str, saved: str = ""
) -> SafetyPage:
    kept, named, zone = passcode_of(actor), own_emergency_contact(actor), current_profile().zone
    return SafetyPage(
        passcode_since=say_full_date(kept.since.astimezone(zone).date(), language) if kept else "",
        passcode=passcode,
        vouching=Vouching(
            named.name,
            masked(PHONE, named.phone),
            say_full_date(named.since.astimezone(zone).date(), language),
        )
        if named
        else None,
        contact=contact,
        saved=saved,
    )
