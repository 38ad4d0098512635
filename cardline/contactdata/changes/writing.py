"""Doing a change and taking it back, inside commands. Each is a conditional update: of two, one comes second."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.contactdata.refusals import ChangedMeanwhile
from cardline.kit.commands import executing
from cardline.members.models import ContactChange, ContactPoint, FormerName, Member

Kind, State, What = ContactChange.Kind, ContactChange.State, ContactChange.What

Snapshot = dict[str, Any]


def snapshot_of(point: ContactPoint, member: Member) -> Snapshot:
    """Everything a point is put back with. Of an address, also what the member's own row says of it."""
    kept: Snapshot = {
        "value": point.value,
        "since": point.since.isoformat(),
        "preferred": point.preferred,
        "takes_texts": point.takes_texts,
    }
    if point.kind == ContactPoint.Kind.POST:
        kept |= {"postal_code": member.postal_code, "country": member.country}
    return kept


def carry_out(change: ContactChange, now: datetime) -> bool:
    """Do what waits. False: it was done, refused or taken back meanwhile. Raises ChangedMeanwhile."""
    executing()
    waiting = ContactChange.objects.filter(pk=change.pk, state=State.WAITING)
    if not waiting.update(state=State.DONE, done_at=now, due_at=None):
        return False
    _DO[What(change.what)](change, now) if change.kind != Kind.NAME else _rename(change, now)
    change.refresh_from_db()
    return True


def take_back(change: ContactChange, now: datetime) -> bool:
    """What was there before stands again, as old as it was. One that still waits is not done. False: it is over."""
    executing()
    row = ContactChange.objects.filter(pk=change.pk, state__in=(State.WAITING, State.DONE))
    was_done = change.state == State.DONE
    if not row.filter(state=change.state).update(state=State.TAKEN_BACK, ended_at=now, due_at=None):
        return False
    if was_done:
        _undo(change, now)
    change.refresh_from_db()
    return True


def do_again(change: ContactChange, now: datetime) -> bool:
    """It was the member after all: what was taken back is done once more, as fresh as any change. False: it is over."""
    executing()
    taken_back = ContactChange.objects.filter(pk=change.pk, state=State.TAKEN_BACK)
    if not taken_back.update(state=State.WAITING, why_waits="", ended_at=None):
        return False
    return carry_out(change, now)


def _add(change: ContactChange, now: datetime) -> None:
    is_first = not ContactPoint.objects.filter(member=change.member_id, preferred=True).exists()
    point = _create(change, {**change.new, "since": now.isoformat(), "preferred": is_first})
    ContactChange.objects.filter(pk=change.pk).update(point=point)
    _move(change, change.new)


def _change(change: ContactChange, now: datetime) -> None:
    found = ContactPoint.objects.filter(
        pk=change.point_id or 0, member=change.member_id, value=change.old["value"]
    )
    if not found.update(value=change.new["value"], takes_texts=change.new["takes_texts"], since=now):
        raise ChangedMeanwhile()
    _move(change, change.new)


def _remove(change: ContactChange, now: datetime) -> None:
    found = ContactPoint.objects.filter(
        pk=change.point_id or 0, member=change.member_id, value=change.old["value"]
    )
    if not found.delete()[0]:
        raise ChangedMeanwhile()
    _prefer_another(change)


_DO = {What.ADDED: _add, What.CHANGED: _change, What.REMOVED: _remove}


def _rename(change: ContactChange, now: datetime) -> None:
    old, new = change.old, change.new
    named = Member.objects.filter(
        pk=change.member_id, given_name=old["given_name"], family_name=old["family_name"]
    )
    # What was to be on the card bore the old name; the next card carries the new one until they say otherwise.
    if not named.update(given_name=new["given_name"], family_name=new["family_name"], embossed_name=""):
        raise ChangedMeanwhile()
    FormerName.objects.create(
        member_id=change.member_id, given_name=old["given_name"], family_name=old["family_name"], until=now
    )


def _undo(change: ContactChange, now: datetime) -> None:
    if change.kind == Kind.NAME:
        names = {name: change.old[name] for name in ("given_name", "family_name", "embossed_name")}
        Member.objects.filter(pk=change.member_id).update(**names)
        FormerName.objects.filter(member=change.member_id, until=change.done_at or now).delete()
        return
    new_one = ContactPoint.objects.filter(
        pk=change.point_id or 0, member=change.member_id, value=change.new.get("value")
    )
    if change.what == What.ADDED:
        new_one.delete()
    elif not (change.what == What.CHANGED and new_one.update(**_fields(change.old))):
        restored = _create(change, change.old)
        ContactChange.objects.filter(pk=change.pk).update(point=restored)
    _move(change, change.old)


def _create(change: ContactChange, kept: Snapshot) -> ContactPoint:
    return ContactPoint.objects.create(member_id=change.member_id, kind=change.kind, **_fields(kept))


def _fields(kept: Snapshot) -> dict[str, Any]:
    return {
        "value": kept["value"],
        "since": datetime.fromisoformat(kept["since"]),
        "preferred": kept["preferred"],
        "takes_texts": kept["takes_texts"],
    }


def _move(change: ContactChange, to: Snapshot) -> None:
    """The country and postal code of the member follow their address."""
    if change.kind == Kind.POST and to.get("country"):
        Member.objects.filter(pk=change.member_id).update(
            postal_code=to["postal_code"], country=to["country"]
        )


def _prefer_another(change: ContactChange) -> None:
    """Without the one we tried first, the oldest of its kind is tried first, else the oldest of all."""
    left = ContactPoint.objects.filter(member=change.member_id)
    if change.old["preferred"] and not left.filter(preferred=True).exists():
        by_age = left.order_by("since", "pk")
        oldest = by_age.filter(kind=change.kind).first() or by_age.first()
        if oldest is not None:
            ContactPoint.objects.filter(pk=oldest.pk).update(preferred=True)
