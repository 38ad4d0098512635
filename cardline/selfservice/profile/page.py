"""A member's profile: how we speak to them, in which language, what to mind, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.details import PaidWith, devices_that_pay
from cardline.identity.models import MemberSession
from cardline.identity.queries import sessions_of
from cardline.issuer.core import CoreError
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date, say_time, say_when
from cardline.kit.languages import country_name
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.authorities.door import check_oneself
from cardline.members.models import AccessNeeds, ContactPoint, Member
from cardline.members.rules import AccessNeed, masked
from cardline.members.words import TO_TICK
from cardline.selfservice.card_words import card_name, wallet_words
from cardline.selfservice.profile.forms import AccessForm, NameForm, ZoneForm
from cardline.selfservice.profile.words import (
    POINT_ICONS,
    device_icon,
    device_name,
    place_of,
    signed_in_words,
)
from cardline.ui.shapes import NeedRow


@dataclass(frozen=True, slots=True)
class Point:
    """A way we reach them, masked. preferred: the one we try first."""

    icon: str
    masked: str
    since: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A browser they are signed in with. here: this very one."""

    id: int
    icon: str
    name: str
    since: str
    seen: str
    here: bool


@dataclass(frozen=True, slots=True)
class Wallet:
    """A phone or watch that pays with a card of theirs."""

    device: str
    state: str
    card: str
    url: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language this issuer writes. mine: the one they chose, or else the one we write to them in."""

    code: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """called: how we speak to them now. their_place, their_time: where they are, and what the clock says there;
    our_place: whose days ours are. asked: what we mind when we speak with them, as they ticked and wrote it.
    safety: the pages that keep the account theirs. wallets: None while the card core is silent. saved: the section
    that was saved just now.
    """

    called: str
    has_preferred: bool
    legal_name: str
    given_name: str
    name: NameForm
    tongues: tuple[Tongue, ...]
    zone: ZoneForm
    their_place: str
    their_time: str
    our_place: str
    country: str
    needs: AccessForm
    asked: tuple[str, ...]
    points: tuple[Point, ...]
    safety: tuple[NeedRow, ...]
    devices: tuple[Device, ...]
    has_others: bool
    wallets: tuple[Wallet, ...] | None
    saved: str

    @property
    def wrong(self) -> NameForm | ZoneForm | AccessForm | None:
        """The form in which something is to be mended."""
        return next((form for form in (self.name, self.zone, self.needs) if form.errors), None)


@dataclass(frozen=True, slots=True)
class Forms:
    """What was typed; a form that is not sent begins with what we hold."""

    name: NameForm
    zone: ZoneForm
    needs: AccessForm


def own_record(actor: Actor) -> tuple[Member, AccessNeeds | None]:
    """The member themselves and what they asked us to mind. Raises NotThere for anybody else, and CapacityMissing for
    whoever acts for them: it is theirs alone.
    """
    check_oneself(actor)
    member = visible(Member, actor).filter(pk=actor.member_id).first()
    if member is None:
        raise NotThere()
    return member, visible(AccessNeeds, actor).filter(member=member).first()


def safety_pages() -> tuple[NeedRow, ...]:
    """Each named as the page it leads to."""
    return (
        NeedRow("lock", _("How you sign in"), _("Passkeys and the other ways"), reverse("profile_sign_in")),
        NeedRow(
            "phone",
            _("Passcode and emergency contact"),
            _("For when you call us, or have lost everything"),
            reverse("profile_safety"),
        ),
        NeedRow(
            "mail", _("Letters and paper"), _("Read them here, on paper or without"), reverse("profile_paper")
        ),
        NeedRow("members", _("For whom do you act?"), _("And who may act for you"), reverse("acting")),
        NeedRow(
            "shield",
            _("Who looked at my data"),
            _("Each of us who opened it, when and what for"),
            reverse("profile_views"),
        ),
    )


def forms_of(member: Member, told: AccessNeeds | None) -> Forms:
    return Forms(NameForm(member), ZoneForm(member), AccessForm(told))


def profile_page(
    actor: Actor, member: Member, forms: Forms, now: datetime, language: str, saved: str = ""
) -> ProfilePage:
    """`saved`: say at this section that it was saved."""
    devices = tuple(_device(one, actor, language) for one in sessions_of(actor))
    profile = current_profile()
    points = visible(ContactPoint, actor).filter(member=member).order_by("-preferred", "kind", "pk")
    mine = member.chosen_language or member.language
    return ProfilePage(
        called=member.called,
        has_preferred=bool(member.preferred_name),
        legal_name=member.name,
        given_name=member.given_name,
        name=forms.name,
        tongues=tuple(Tongue(code, code == mine) for code in profile.languages),
        zone=forms.zone,
        their_place=place_of(member.zone, language),
        their_time=say_time(now.astimezone(ZoneInfo(member.zone)), language),
        our_place=place_of(profile.zone.key, language),
        country=country_name(member.country, language),
        needs=forms.needs,
        asked=_asked(forms.needs.told),
        points=tuple(_point(point, profile.zone, language) for point in points),
        safety=safety_pages(),
        devices=devices,
        has_others=any(not device.here for device in devices),
        wallets=_wallets(actor),
        saved=saved,
    )


def _asked(told: AccessNeeds | None) -> tuple[str, ...]:
    if told is None:
        return ()
    lines = [str(TO_TICK[AccessNeed(need)]) for need in told.needs if need != AccessNeed.INTERPRETER]
    if told.interpreter:
        lines.append(_("I need an interpreter: %(language)s") % {"language": told.interpreter})
    return (*lines, *([f"“{told.note}”"] if told.note else []))


def _point(point: ContactPoint, zone: ZoneInfo, language: str) -> Point:
    since = say_full_date(point.since.astimezone(zone).date(), language)
    return Point(
        icon=POINT_ICONS[point.kind],
        masked=masked(point.kind, point.value),
        since=_("since %(day)s") % {"day": since},
        preferred=point.preferred,
    )


def _device(session: MemberSession, actor: Actor, language: str) -> Device:
    """Told by the machine's clock, which sessions live by."""
    zone, at = current_profile().zone, clock.machine_now()
    return Device(
        id=session.pk,
        icon=device_icon(session.device),
        name=device_name(session.device),
        since=signed_in_words(session.way) % {"when": say_when(session.since, zone, language, at)},
        seen=_("last used %(when)s") % {"when": say_when(session.seen_at, zone, language, at)},
        here=session.session == actor.session,
    )


def _wallets(actor: Actor) -> tuple[Wallet, ...] | None:
    try:
        return tuple(_wallet(one) for one in devices_that_pay(actor))
    except CoreError:
        return None


def _wallet(one: PaidWith) -> Wallet:
    return Wallet(
        device=one.wallet.device,
        state=wallet_words(one.wallet.state),
        card=card_name(one.last4),
        url=reverse("card", args=[one.card]),
    )
