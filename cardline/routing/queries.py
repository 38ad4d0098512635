"""Who could answer now, and how long it takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from cardline.contact.models import Contact
from cardline.issuer.hours import is_open
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.staff.queries import free, on_duty, teams_on_duty

RECENT = timedelta(hours=1)
JUST_RELOADING = timedelta(seconds=30)
ENOUGH = 3  # below that, a guess would be no more than a guess


def chats_left_alone(now: datetime, most: int = 100) -> list[int]:
    """Waiting chats that nobody will answer: everybody has been gone from the desk for longer than a reload takes."""
    waiting = Contact.objects.filter(state=Contact.State.WAITING, channel=Contact.Channel.CHAT)
    answered: dict[str, bool] = {}
    alone = []
    for contact_id, need in waiting.order_by("started_at").values_list("pk", "need")[:most]:
        if need not in answered:
            answered[need] = somebody_answers(need, now, seen_since=clock.machine_now() - JUST_RELOADING)
        if not answered[need]:
            alone.append(contact_id)
    return alone


def somebody_answers(need: str, now: datetime, seen_since: datetime | None = None) -> bool:
    """Whether a live conversation about this need would be answered: its queue is open and somebody is at the desk.

    A need that is always open (lost or stolen) does not ask for the hours. seen_since: look at the desk as it was at
    that moment of machine time, to be patient with screens that reload.
    """
    return _is_open(need, now) and on_duty(current_profile().need_family(need).queue, seen_since) > 0


def anything_is_answered(now: datetime) -> bool:
    """Whether a live conversation about any need at all would be answered. One statement."""
    profile = current_profile()
    open_now = {
        profile.queue(family.queue).team for need, family in profile.needs.items() if _is_open(need, now)
    }
    return not open_now.isdisjoint(teams_on_duty())


def _is_open(need: str, now: datetime) -> bool:
    family = current_profile().need_family(need)
    return family.always_open or bool(is_open(current_profile().queue(family.queue).hours, now))


def chat_wait_seconds(queue: str, now: datetime) -> int | None:
    """The wait for a chat now, in seconds: none when somebody is free and nobody waits, else the middle of the last
    hour's waits, else None ("—"): an estimate without data is never a zero.
    """
    waiting = Contact.objects.filter(
        queue=queue, state=Contact.State.WAITING, channel=Contact.Channel.CHAT
    ).count()
    if not waiting and free(queue):
        return 0
    if not on_duty(queue):
        return None
    waits = [
        (answered - started).total_seconds()  # type: ignore[operator]  # the filter leaves no null
        for started, answered in Contact.objects.filter(
            queue=queue, channel=Contact.Channel.CHAT, answered_at__gte=now - RECENT, answered_at__lte=now
        )
        .order_by("-answered_at")
        .values_list("started_at", "answered_at")[:20]
    ]
    return round(median(waits)) if len(waits) >= ENOUGH else None


def place_in_line(contact_id: int) -> int | None:
    """1 for the next to be answered; None when the contact does not wait any more."""
    contact = Contact.objects.filter(pk=contact_id, state=Contact.State.WAITING).first()
    if contact is None:
        return None
    ahead = Contact.objects.filter(
        queue=contact.queue,
        state=Contact.State.WAITING,
        channel=contact.channel,
        started_at__lt=contact.started_at,
    )
    return ahead.count() + 1
