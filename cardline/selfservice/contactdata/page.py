"""How a member is reached, as their own page shows it: masked, with what waits and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import waiting_holds
from cardline.cases.models import Case
from cardline.contactdata.changes.filing import due_of
from cardline.contactdata.queries import safe_contact_of, settled_lately, waiting_of
from cardline.identity.codes.phones import phones_for_codes
from cardline.issuer.profile import current_profile
from cardline.kit import plugs
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_full_date
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.members.models import ContactChange, ContactPoint, SafeContact
from cardline.members.rules import masked
from cardline.promises.models import Promise
from cardline.selfservice.contactdata.words import became, said_done, title_of, waits_for

PHONE, EMAIL, POST = ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL, ContactPoint.Kind.POST
ICONS = {PHONE: "phone", EMAIL: "email", POST: "place"}
EDITS = {PHONE: "contact_phone", EMAIL: "contact_email", POST: "contact_address"}


@dataclass(frozen=True, slots=True)
class Point:
    """A way we reach them. notes: what is to be known of it. can_prefer, can_remove: what makes sense."""

    id: int
    icon: str
    masked: str
    since: str
    preferred: bool
    landline: bool
    change_url: str
    can_prefer: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class Group:
    """All of a kind. add_url: "" where no more can be added."""

    id: str
    title: str
    points: tuple[Point, ...]
    none: str
    add: str
    add_url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish that is not done. ref: of the case it stands in, "" with none."""

    id: int
    title: str
    words: str
    ref: str


@dataclass(frozen=True, slots=True)
class Ended:
    title: str
    words: str
    ref: str


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that waits. because: "post" or "name"."""

    last4: str
    because: str
    ref: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """done: what is said right after a press, "" for nothing. safe: how they may safely be reached, in sentences."""

    legal_name: str
    groups: tuple[Group, ...]
    waiting: tuple[Waiting, ...]
    ended: tuple[Ended, ...]
    held: tuple[HeldCard, ...]
    safe: tuple[str, ...]
    done: str
    can_be_texted: bool


def contact_page(actor: Actor, now: datetime, language: str, done: int = 0) -> ContactPage:
    """done: the change that was asked for just now, 0 for none. Raises NotThere."""
    points = list(visible(ContactPoint, actor).filter(member=actor.member_id).order_by("-preferred", "pk"))
    just = visible(ContactChange, actor).filter(pk=done).first() if done else None
    return ContactPage(
        legal_name=actor.name,
        groups=_groups(points, language),
        waiting=tuple(_waiting(change, actor, now, language) for change in waiting_of(actor, now)),
        ended=tuple(
            Ended(title_of(one), became(one), _ref(actor, one.case)) for one in settled_lately(actor, now)
        ),
        held=tuple(
            HeldCard(one.last4, one.because.kind, show_reference(one.case.ref))
            for one in waiting_holds(actor)
        ),
        safe=say_safe(safe_contact_of(actor)),
        done=said_done(just) if just else "",
        can_be_texted=can_be_texted(actor, now),
    )


def can_be_texted(actor: Actor, now: datetime) -> bool:
    """Whether they can show a second sign that it is them, so that a change is made at once."""
    return plugs.codes.is_there and bool(phones_for_codes(actor.member_id, now))


def say_safe(safe: SafeContact | None) -> tuple[str, ...]:
    if safe is None:
        return ()
    said = []
    if safe.only is not None:
        phone = masked(safe.only.kind, safe.only.value)
        said.append(_("Only by the phone %(phone)s, and in no other way.") % {"phone": phone})
    if safe.no_voicemail:
        said.append(_("No message on an answering machine."))
    if safe.no_post:
        said.append(_("Nothing by post."))
    return tuple(said)


def _groups(points: list[ContactPoint], language: str) -> tuple[Group, ...]:
    by_kind = {kind: [point for point in points if point.kind == kind] for kind in (PHONE, EMAIL, POST)}
    is_last = len(by_kind[PHONE]) + len(by_kind[EMAIL]) <= 1
    rows = {
        kind: tuple(_point(point, language, is_last=is_last) for point in of_kind)
        for kind, of_kind in by_kind.items()
    }
    none_post = not by_kind[POST]
    return (
        Group(
            "phones", _("Phones"), rows[PHONE], _("No phone yet."), _("Add a phone"), reverse("contact_phone")
        ),
        Group(
            "emails", _("Email"), rows[EMAIL], _("No email yet."), _("Add an email"), reverse("contact_email")
        ),
        Group(
            "post",
            _("Postal address"),
            rows[POST],
            _("No address yet."),
            _("Add the address"),
            reverse("contact_address") if none_post else "",
        ),
    )


def _point(point: ContactPoint, language: str, *, is_last: bool) -> Point:
    since = say_full_date(point.since.astimezone(current_profile().zone).date(), language)
    return Point(
        id=point.pk,
        icon=ICONS[ContactPoint.Kind(point.kind)],
        masked=masked(point.kind, point.value),
        since=_("since %(day)s") % {"day": since},
        preferred=point.preferred,
        landline=not point.takes_texts,
        change_url=f"{reverse(EDITS[ContactPoint.Kind(point.kind)])}?point={point.pk}",
        can_prefer=not point.preferred and point.kind != POST,
        can_remove=point.kind != POST and not is_last,
    )


def _waiting(change: ContactChange, actor: Actor, now: datetime, language: str) -> Waiting:
    promise = visible(Promise, actor).filter(pk=change.promise).first() if change.promise else None
    due = promise.due_at if promise else due_of(change.why_waits, change.asked_at)
    day = say_date(due.astimezone(current_profile().zone).date(), language, now)
    return Waiting(change.pk, title_of(change), waits_for(change, day), _ref(actor, change.case))


def _ref(actor: Actor, case_id: int) -> str:
    case = visible(Case, actor).filter(pk=case_id).first() if case_id else None
    return show_reference(case.ref) if case else ""
