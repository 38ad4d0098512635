"""A member's contact data on the desk: masked, with what waits for a decision and what cards wait for.

A new value is shown in full to nobody who has not reached level 2 with the member in a conversation, but where a person
compares it with a document: it is what somebody claims, and the look is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cardline.cards.models import Hold
from cardline.cards.queries import waiting_holds
from cardline.cards.visibility import member_seen_by
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.contactdata.changes.filing import NAME_NEED
from cardline.contactdata.decisions.rules import Reason
from cardline.contactdata.queries import (
    changes_of,
    former_names_of_member,
    notices_of,
    safe_contact_of_member,
)
from cardline.desk.member import Reach, reach_of
from cardline.files.models import StoredFile
from cardline.identity.asks.queries import can_be_asked
from cardline.identity.queries import level_of
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.members.contactdata.names import on_the_card
from cardline.members.models import ChangeNotice, ContactChange, Member, SafeContact
from cardline.members.rules import masked

Kind, State, Why, What = ContactChange.Kind, ContactChange.State, ContactChange.Why, ContactChange.What
ENOUGH = 2

KINDS: Mapping[str, LazyText] = {
    Kind.PHONE: _("Phone number"),
    Kind.EMAIL: _("Email address"),
    Kind.POST: _("Postal address"),
    Kind.NAME: _("Legal name"),
}
WHAT: Mapping[str, LazyText] = {
    What.ADDED: _("added"),
    What.CHANGED: _("changed"),
    What.REMOVED: _("removed"),
}
WAITS: Mapping[str, LazyText] = {
    Why.LINK: _("The link to the new address was not pressed yet."),
    Why.DELAY: _("It is made by itself on the promised day, unless somebody says no."),
    Why.PAPER: _("Compare the document, then decide."),
    Why.CARD: _("A card was asked for within the last 30 days. Make sure that it is the member."),
    Why.DOUBT: _("An earlier change was said not to be theirs. Settle that one first."),
}
REASONS: Mapping[str, LazyText] = {
    Reason.WRONG_PERSON: _("The document is somebody else’s"),
    Reason.NOT_SHOWN: _("The document does not show it"),
    Reason.UNREADABLE: _("The document can’t be read"),
    Reason.RUN_OUT: _("The document has run out"),
    Reason.NOT_THEM: _("The member did not ask for it"),
    Reason.NO_ANSWER: _("The member could not be reached"),
}
STATES: Mapping[str, LazyText] = {
    State.WAITING: _("waits"),
    State.DONE: _("made"),
    State.REFUSED: _("refused"),
    State.WITHDRAWN: _("taken back by the member"),
    State.TAKEN_BACK: _("taken back after “not me”"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point by its number, masked. since: in words."""

    id: int
    kind: str
    reach: Reach
    since: str
    landline: bool

    @property
    def value(self) -> str:
        """As a form sends it."""
        return str(self.id)

    @property
    def removal(self) -> str:
        """What taking it away is called in a form."""
        return f"remove_{self.kind}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that could show it. token: to open it by; "" while it is being checked."""

    id: int
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Names:
    """The four names a person can have with us, each apart. carries: what the next card does; chosen: what they chose
    for it, "" for their legal name. former: legal ones they had, with the day each ended, in words.
    """

    legal: str
    called: str
    carries: str
    chosen: str
    former: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in words. new: as much of the new value as the reader may see. told: where notices went, and what was
    answered. can_decide, can_be_sure, can_settle: what the reader may do with it now. takes_papers: a document for it
    may still be added to its case.
    """

    row: ContactChange
    title: str
    state: str
    waits: str
    new: str
    told: tuple[str, ...]
    documents: tuple[Document, ...]
    reference: str
    can_decide: bool
    can_be_sure: bool
    can_settle: bool
    is_own: bool
    takes_papers: bool


@dataclass(frozen=True, slots=True)
class ContactDataPage:
    """case: the member's newest that the reader sees, to go back to. contact: the conversation the reader has with
    them, None without one; level: what was reached in it; can_ask: a question on the member's own page is seen there.
    post_to: where documents are posted.
    """

    member: Member
    names: Names
    case_id: int
    reference: str
    points: tuple[Point, ...]
    open: tuple[ChangeRow, ...]
    earlier: tuple[ChangeRow, ...]
    held: tuple[Hold, ...]
    safe: SafeContact | None
    contact: Contact | None
    level: int
    can_ask: bool
    reasons: tuple[tuple[str, str], ...]
    post_to: tuple[str, ...]

    @property
    def phones(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.kind == Kind.PHONE)

    @property
    def emails(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.kind == Kind.EMAIL)

    @property
    def may_ask(self) -> bool:
        return self.contact is not None and self.level >= ENOUGH


def contact_data_page(actor: Actor, member_id: int, now: datetime) -> ContactDataPage:
    """Of a member of whom the actor sees a case. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    # "open" before "closed": in the order of the words, backwards.
    case = visible(Case, actor).filter(member=member).order_by("-state", "-opened_at", "-pk")[0]
    talking = visible(Contact, actor).filter(member=member, agent=actor.agent_id)
    contact = talking.exclude(state=Contact.State.ENDED).order_by("-started_at").first()
    level = level_of(actor, contact.pk) if contact else 0
    rows = [_row(actor, one, level) for one in changes_of(actor, member)]
    return ContactDataPage(
        member=member,
        names=_names(actor, member),
        case_id=case.pk,
        reference=show_reference(case.ref),
        points=_points(member),
        open=tuple(one for one in rows if one.can_decide or one.can_be_sure or one.can_settle or one.waits),
        earlier=tuple(
            one for one in rows if not (one.can_decide or one.can_be_sure or one.can_settle or one.waits)
        ),
        held=tuple(waiting_holds(actor, member.pk)),
        safe=safe_contact_of_member(actor, member),
        contact=contact,
        level=level,
        can_ask=contact is not None and can_be_asked(member.pk),
        reasons=tuple((reason.value, str(REASONS[reason])) for reason in Reason),
        post_to=next((address.lines for address in current_profile().addresses_for(NAME_NEED)), ()),
    )


def _names(actor: Actor, member: Member) -> Names:
    former = former_names_of_member(actor, member)
    return Names(
        legal=member.name,
        called=member.preferred_name,
        carries=on_the_card(member.given_name, member.family_name, member.embossed_name),
        chosen=member.embossed_name,
        former=tuple((f"{one.given_name} {one.family_name}", _day(one.until)) for one in former),
    )


def _day(at: datetime) -> str:
    """Full, by the issuer's clock."""
    return say_full_date(at.astimezone(current_profile().zone).date(), get_language() or "en")


def _points(member: Member) -> tuple[Point, ...]:
    return tuple(
        Point(
            point.pk,
            point.kind,
            reach_of(point),
            gettext("since %(day)s") % {"day": _day(point.since)},
            not point.takes_texts,
        )
        for point in member.points.order_by("-preferred", "kind", "pk")
    )


def _row(actor: Actor, change: ContactChange, level: int) -> ChangeRow:
    waits = change.state == State.WAITING
    is_done = change.state == State.DONE and change.validated_at is None
    disputed = change.state == State.TAKEN_BACK and change.validated_at is None
    case = visible(Case, actor).filter(pk=change.case).first() if change.case else None
    return ChangeRow(
        row=change,
        title=f"{KINDS[change.kind]}, {WHAT[change.what]}",
        state=str(STATES[change.state]),
        waits=str(WAITS[change.why_waits]) if waits else "",
        new=_new_value(change, level) if waits else "",
        told=tuple(_told(one) for one in notices_of(actor, change)),
        documents=_documents(actor, change) if waits else (),
        reference=show_reference(case.ref) if case else "",
        can_decide=waits and change.why_waits != Why.LINK,
        can_be_sure=is_done and change.kind in (Kind.POST, Kind.NAME),
        can_settle=disputed,
        is_own=change.asked_by == actor.key,
        takes_papers=waits
        and change.why_waits != Why.LINK
        and case is not None
        and case.state == Case.State.OPEN,
    )


def _new_value(change: ContactChange, level: int) -> str:
    if change.kind == Kind.NAME:
        name = f"{change.new['given_name']} {change.new['family_name']}"
        return name if change.new["strongly"] else gettext("%(name)s (asked without a code)") % {"name": name}
    value = change.new.get("value", "")
    if not value:
        return ""
    compares = change.why_waits == Why.PAPER
    return value if level >= ENOUGH or compares else masked(change.kind, value)


def _told(notice: ChangeNotice) -> str:
    """Where one notice went, and what was answered from there."""
    doors = {"text": gettext("text message"), "email": gettext("email"), "letter": gettext("letter")}
    place = gettext("an old place") if notice.to_old else gettext("a fresh place")
    said = {"door": doors[notice.channel], "place": place}
    if notice.answer == ChangeNotice.Answer.ME:
        return gettext("%(door)s to %(place)s: answered “it was me”") % said
    if notice.answer == ChangeNotice.Answer.NOT_ME:
        return gettext("%(door)s to %(place)s: answered “not me”") % said
    return gettext("%(door)s to %(place)s") % said


def _documents(actor: Actor, change: ContactChange) -> tuple[Document, ...]:
    """Files of its case that are this member's, checked or being checked."""
    if not change.case:
        return ()
    files = visible(StoredFile, actor).filter(case=change.case, member=change.member_id)
    clean, waiting = StoredFile.State.CLEAN, StoredFile.State.WAITING
    return tuple(
        Document(file.pk, file.name, file.token if file.state == clean else "")
        for file in files.filter(state__in=(clean, waiting)).order_by("-pk")
    )
