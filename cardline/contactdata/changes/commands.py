"""Asking for another phone, e-mail or address, preferring one, removing one, and what a member does about a wish.

Each of the three that change something has two roads: strongly known (the action's own level), and it is done at once;
or by a sign-in, and it waits until the old places were told or a person looked (`by_document`). What a sign-in alone
may do needs no message back to a phone, so that nobody is left out who has a landline and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cardline.cards.queries import replacement_asked_since
from cardline.clocks.days import add_days
from cardline.clocks.local import local_date, start_of_day
from cardline.contactdata.changes.filing import (
    DONE,
    WITHDRAWN,
    due_of,
    file_done,
    file_waiting,
    settle,
)
from cardline.contactdata.changes.writing import Snapshot, carry_out, snapshot_of
from cardline.contactdata.notices.writing import ASKED, CHANGED, announce, send_link
from cardline.contactdata.people import Asking, asking
from cardline.contactdata.refusals import (
    AddressStays,
    ChangedMeanwhile,
    LastWayToReachYou,
    NotWaiting,
    SafeOneStays,
    SamePoint,
    TooManyPoints,
    WaitsAlready,
)
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.kit.visibility import visible
from cardline.members.contactdata.queries import is_disputed
from cardline.members.contactdata.rules import (
    EMAIL,
    LINK_LASTS,
    NAME,
    PHONE,
    POST,
    address_of,
    email_of,
    in_doubt_days,
    phone_of,
    same_point,
)
from cardline.members.contactdata.tokens import EMAIL_LINK, number_in
from cardline.members.models import ContactChange, ContactPoint, Member, SafeContact
from cardline.notify.bounces.commands import place_is_right

CONTACT_CHANGES = Limit("contact_changes", 10, 3_600)
MOST_OF_A_KIND = 10
STUMBLE_PAUSE = timedelta(minutes=5)
ASKERS = [Kind.MEMBER, Kind.AGENT]

State, What, Why = ContactChange.State, ContactChange.What, ContactChange.Why
PREFERENCES, BY_DOCUMENT = "info:preferences", "info:by_document"


@command("contact_data.phone", by=ASKERS, level="info:phone", about="member")
def change_phone(
    *,
    by: Standing,
    now: datetime,
    number: Clean,
    takes_texts: bool = True,
    point_id: int = 0,
    seen: int = 0,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """Add a phone, or put another number in the place of one (point_id), by somebody known strongly.

    takes_texts: false for a landline. seen: the mark of what they saw (seen_mark), 0 where nothing was shown.
    contact_id: the conversation an agent acts in. Returns {"change", "state", "why"}. Raises NotAPhone, SamePoint,
    TooManyPoints, WaitsAlready, ChangedMeanwhile, NotThere, TooMany.
    """
    asked = asking(by, now, contact_id)
    new = _phone(asked, number, takes_texts)
    return _ask(asked, PHONE, point_id, seen, new)


@command("contact_data.phone_by_document", by=ASKERS, level=BY_DOCUMENT, about="member")
def ask_for_phone(
    *,
    by: Standing,
    now: datetime,
    number: Clean,
    takes_texts: bool = True,
    point_id: int = 0,
    seen: int = 0,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """The same by somebody who is not known strongly: a person looks at a document first."""
    asked = asking(by, now, contact_id)
    return _ask(asked, PHONE, point_id, seen, _phone(asked, number, takes_texts), why=Why.PAPER)


@command("contact_data.email", by=ASKERS, level="info:email", about="member")
def change_email(
    *,
    by: Standing,
    now: datetime,
    email: Clean,
    point_id: int = 0,
    seen: int = 0,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """Add an e-mail address, or put another in the place of one. It counts once the link that goes there was pressed.

    Returns and raises as change_phone does, and NotAnEmail.
    """
    return _ask(asking(by, now, contact_id), EMAIL, point_id, seen, {"value": email_of(email)}, why=Why.LINK)


@command("contact_data.email_by_document", by=ASKERS, level=BY_DOCUMENT, about="member")
def ask_for_email(
    *,
    by: Standing,
    now: datetime,
    email: Clean,
    point_id: int = 0,
    seen: int = 0,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """The same by somebody who is not known strongly: a person looks at a document first."""
    return _ask(asking(by, now, contact_id), EMAIL, point_id, seen, {"value": email_of(email)}, why=Why.PAPER)


@command("contact_data.address", by=ASKERS, level="info:address", about="member")
def change_address(
    *,
    by: Standing,
    now: datetime,
    country: str,
    street: Clean,
    more: Clean,
    town: Clean,
    state: Clean,
    postal_code: Clean,
    point_id: int = 0,
    seen: int = 0,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """Where cards and letters go from now on, by somebody known strongly. It waits where a card was just asked for.

    Returns and raises as change_phone does, and NotAnAddress, NotAPostalCode, NotAState.
    """
    new = _address(country, street, more, town, state, postal_code)
    return _ask(asking(by, now, contact_id), POST, point_id, seen, new)


@command("contact_data.address_by_document", by=ASKERS, level=BY_DOCUMENT, about="member")
def ask_for_address(
    *,
    by: Standing,
    now: datetime,
    country: str,
    street: Clean,
    more: Clean,
    town: Clean,
    state: Clean,
    postal_code: Clean,
    point_id: int = 0,
    seen: int = 0,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """The same by somebody who is not known strongly: it is done on a day that is promised, unless somebody says no,
    or earlier once a person saw a document."""
    new = _address(country, street, more, town, state, postal_code)
    return _ask(asking(by, now, contact_id), POST, point_id, seen, new, why=Why.DELAY)


@command("contact_data.remove_phone", by=ASKERS, level="info:phone", about="point:{point_id}")
def remove_phone(
    *, by: Standing, now: datetime, point_id: int, contact_id: int | None = None
) -> dict[str, Any]:
    """Take a phone off the record. Raises LastWayToReachYou, SafeOneStays, WaitsAlready, NotThere, TooMany."""
    return _remove(asking(by, now, contact_id), PHONE, point_id)


@command("contact_data.remove_email", by=ASKERS, level="info:email", about="point:{point_id}")
def remove_email(
    *, by: Standing, now: datetime, point_id: int, contact_id: int | None = None
) -> dict[str, Any]:
    """The same for an e-mail address."""
    return _remove(asking(by, now, contact_id), EMAIL, point_id)


@command("contact_data.prefer", by=ASKERS, level=PREFERENCES, about="point:{point_id}")
def prefer_point(*, by: Standing, now: datetime, point_id: int, contact_id: int | None = None) -> bool:
    """Try this one first from now on. It was theirs before, so nobody has to be told. False: it was so already.

    Raises NotThere, TooMany.
    """
    asked = asking(by, now, contact_id)
    point = _point(asked.member, point_id)
    _count(asked)
    if point.preferred:
        return False
    ContactPoint.objects.filter(member=asked.member, preferred=True).update(preferred=False)
    ContactPoint.objects.filter(pk=point.pk).update(preferred=True)
    return True


@command("contact_data.confirm_email", by=[Kind.MEMBER], level=PREFERENCES, about="member")
def confirm_email(*, by: Standing, now: datetime, token: Secret) -> bool:
    """The link that went to a new e-mail address was pressed, by the member who is signed in.

    False: it was pressed before. Raises NotThere: not ours, not theirs, too old, or taken back meanwhile.
    """
    change = link_of(by.actor, token.reveal(), now)
    if change.state == State.DONE:
        return False
    place_is_right(change.new["value"], now)
    asked = asking(by, now, None)
    if is_disputed(asked.member.pk):
        _wait(asked, change, Why.DOUBT)
        return True
    _do(asked, change)
    return True


@command("contact_data.withdraw", by=[Kind.MEMBER], about="contact_change:{change_id}")
def withdraw_change(*, by: Standing, now: datetime, change_id: int) -> bool:
    """The member takes back what waits. No level is asked for: nothing changes. False: it does not wait any more.

    Raises NotThere.
    """
    change = visible(ContactChange, by.actor).filter(pk=change_id).first()
    if change is None:
        raise NotThere()
    waiting = ContactChange.objects.filter(pk=change.pk, state=State.WAITING)
    if not waiting.update(state=State.WITHDRAWN, ended_at=now, due_at=None):
        return False
    settle(change, WITHDRAWN, "Taken back by the member", now)
    return True


@command("contact_data.do_due", by=[Kind.SYSTEM], about="contact_change:{change_id}")
def do_due_change(*, by: Standing, now: datetime, change_id: int) -> bool:
    """Nobody said no up to the promised day: the change is made. False: it was decided meanwhile, or is not due.

    Where what it stood on has changed since, a person decides instead.
    """
    due = ContactChange.objects.filter(pk=change_id, state=State.WAITING, due_at__lte=now)
    change = due.first()
    if change is None:
        return False
    if is_disputed(change.member_id) or _stands_on_nothing(change):
        due.update(why_waits=Why.DOUBT, due_at=None)
        return False
    return finish(change, now)


@command("contact_data.put_off", by=[Kind.SYSTEM], housekeeping=True)
def put_off_change(*, by: Standing, now: datetime, change_id: int) -> None:
    """One that stumbled holds up no other; what was promised escalates by itself."""
    ContactChange.objects.filter(pk=change_id, state=State.WAITING).update(due_at=now + STUMBLE_PAUSE)


def finish(change: ContactChange, now: datetime) -> bool:
    """Inside a command: do what waited, tell everybody, and settle its case. False: it was decided meanwhile."""
    if not carry_out(change, now):
        return False
    announce(change, CHANGED, now)
    settle(change, DONE, "Done as asked", now)
    return True


def seen_mark(point: ContactPoint) -> int:
    """Tells whether somebody still looks at what is there: a form carries it, and another device may be quicker."""
    return int(point.since.timestamp())


def link_of(actor: Actor, token: str, now: datetime) -> ContactChange:
    """The wish a link of ours belongs to, of the member who is signed in. Raises NotThere."""
    number = number_in(EMAIL_LINK, token)
    rows = visible(ContactChange, actor).filter(kind=EMAIL, asked_at__gt=now - LINK_LASTS)
    # Asked for a number that is none, too, so that both answers take the same work (SR-22).
    change = rows.filter(pk=number or 0, state__in=(State.WAITING, State.DONE)).first()
    if change is None or change.why_waits != Why.LINK:
        raise NotThere()
    return change


def _ask(asked: Asking, kind: str, point_id: int, seen: int, new: Snapshot, why: str = "") -> dict[str, Any]:
    """Write the wish down, and do it or let it wait. why: the road it came by; what happened before may weigh more."""
    member = asked.member
    point = _point(member, point_id, kind) if point_id else None
    if point is None and kind == POST:
        point = ContactPoint.objects.filter(member=member, kind=POST).order_by("-since", "-pk").first()
    _count(asked)
    if point and seen and seen != seen_mark(point):
        raise ChangedMeanwhile()
    _check_new(member, kind, point, new["value"], asked.now)
    old = snapshot_of(point, member) if point else _where(member, kind)
    change = _write(
        asked, kind, What.CHANGED if point else What.ADDED, point, old, {"takes_texts": True, **new}
    )
    return _go_on(asked, change, _why(asked, kind, why))


def ask_for_name_of(asked: Asking, new: Snapshot) -> dict[str, Any]:
    """Inside a command: another legal name, which waits for a document. Raises SamePoint, WaitsAlready, TooMany."""
    member = asked.member
    old = {name: getattr(member, name) for name in ("given_name", "family_name", "embossed_name")}
    _count(asked)
    if all(old[name] == new[name] for name in ("given_name", "family_name")):
        raise SamePoint(field="given_name")
    _check_none_waits(member, NAME, None, asked.now)
    change = _write(asked, NAME, What.CHANGED, None, old, new)
    return _go_on(asked, change, Why.PAPER)


def _remove(asked: Asking, kind: str, point_id: int) -> dict[str, Any]:
    member = asked.member
    point = _point(member, point_id)
    if point.kind == POST:
        raise AddressStays()
    if point.kind != kind:
        raise NotThere()
    _count(asked)
    points = ContactPoint.objects.filter(member=member).exclude(pk=point.pk)
    if not points.exclude(kind=POST).exists():
        raise LastWayToReachYou()
    if SafeContact.objects.filter(member=member, only=point).exists():
        raise SafeOneStays()
    _check_none_waits(member, kind, point, asked.now)
    change = _write(asked, kind, What.REMOVED, point, snapshot_of(point, member), {})
    return _go_on(asked, change, Why.DOUBT if is_disputed(member.pk) else "")


def _go_on(asked: Asking, change: ContactChange, why: str) -> dict[str, Any]:
    if why == Why.LINK:
        ContactChange.objects.filter(pk=change.pk).update(why_waits=why)
        send_link(change, asked.now)
    elif why:
        _wait(asked, change, why)
    else:
        _do(asked, change)
    change.refresh_from_db()
    return {"change": change.pk, "state": change.state, "why": change.why_waits}


def _why(asked: Asking, kind: str, road: str) -> str:
    """What it waits for, the weightiest first; "" for nothing."""
    if road == Why.PAPER:
        return road
    if is_disputed(asked.member.pk) and road != Why.LINK:
        return Why.DOUBT
    if kind == POST and _asked_for_a_card(asked):
        return Why.CARD
    return road


def _asked_for_a_card(asked: Asking) -> bool:
    """Whether a card was asked for in the 30 days before (SR-33, the other way round)."""
    zone = current_profile().zone
    since = start_of_day(add_days(local_date(asked.now, zone), -in_doubt_days()), zone)
    return replacement_asked_since(asked.member.pk, since)


def _wait(asked: Asking, change: ContactChange, why: str) -> None:
    """With a promise. A delay that no old place can be told of is no safeguard: then a person decides."""
    change.why_waits = why
    told = announce(change, ASKED, asked.now)
    if why == Why.DELAY and not told:
        change.why_waits = why = Why.PAPER
    due_at = due_of(why, asked.now)
    ContactChange.objects.filter(pk=change.pk).update(
        why_waits=why, due_at=due_at if why == Why.DELAY else None
    )
    file_waiting(asked, change, due_at)


def _stands_on_nothing(change: ContactChange) -> bool:
    """The point it would change is another one by now."""
    if change.what == What.ADDED or change.kind == NAME:
        return False
    theirs = ContactPoint.objects.filter(pk=change.point_id or 0, member=change.member_id)
    return not theirs.filter(value=change.old["value"]).exists()


def _do(asked: Asking, change: ContactChange) -> None:
    if not carry_out(change, asked.now):
        raise NotWaiting()
    announce(change, CHANGED, asked.now)
    file_done(asked, change)


def _write(
    asked: Asking, kind: str, what: str, point: ContactPoint | None, old: Snapshot, new: Snapshot
) -> ContactChange:
    return ContactChange.objects.create(
        member=asked.member,
        kind=kind,
        what=what,
        point=point,
        old=old,
        new=new,
        asked_at=asked.now,
        asked_by=asked.by.actor.key,
        asked_by_name=asked.by.actor.name,
    )


def _check_new(member: Member, kind: str, point: ContactPoint | None, value: str, now: datetime) -> None:
    # Held until the command ends: of two devices one comes second, and sees what the first one left.
    Member.objects.select_for_update().get(pk=member.pk)
    theirs = list(ContactPoint.objects.filter(member=member, kind=kind))
    if any(same_point(kind, one.value, value) for one in theirs):
        raise SamePoint(field={PHONE: "phone", EMAIL: "email", POST: "street"}[kind])
    if point is None and len(theirs) >= MOST_OF_A_KIND:
        raise TooManyPoints()
    _check_none_waits(member, kind, point, now)


def _check_none_waits(member: Member, kind: str, point: ContactPoint | None, now: datetime) -> None:
    waiting = ContactChange.objects.filter(member=member, kind=kind, state=State.WAITING)
    # A link nobody pressed stands in nobody's way: the newest wish counts.
    waiting.filter(why_waits=Why.LINK).update(state=State.WITHDRAWN, ended_at=now)
    if waiting.filter(point=point).exists():
        raise WaitsAlready()


def _point(member: Member, point_id: int, kind: str = "") -> ContactPoint:
    rows = ContactPoint.objects.filter(pk=point_id, member=member)
    point = (rows.filter(kind=kind) if kind else rows).first()
    if point is None:
        raise NotThere()
    return point


def _phone(asked: Asking, number: str, takes_texts: bool) -> Snapshot:
    return {"value": phone_of(number, asked.member.country), "takes_texts": takes_texts}


def _address(country: str, street: str, more: str, town: str, state: str, postal_code: str) -> Snapshot:
    address = address_of(
        country=country, street=street, more=more, town=town, state=state, postal_code=postal_code
    )
    return {"value": address.line, "postal_code": address.postal_code, "country": address.country}


def _where(member: Member, kind: str) -> Snapshot:
    """What an address that is new is taken back with, where there was none before."""
    return {"postal_code": member.postal_code, "country": member.country} if kind == POST else {}


def _count(asked: Asking) -> None:
    count(CONTACT_CHANGES, f"member:{asked.member.pk}")
