"""What a member chooses to be told, and each step of an alert's way to them.

A delivery waits, is queued with everything else that is due for its member, and goes out as one mail that says only
that there is news. Each step is a conditional update, so that two workers, or one that was killed in between, never
take it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from cardline.issuer.asking import ask
from cardline.issuer.core import AlertEvent, AlertRule, current_core
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.outbox import send_later
from cardline.kit.refusals import Refusal
from cardline.members.models import Member
from cardline.members.restrictions.commands import hold_message
from cardline.members.restrictions.queries import restrictions_touching
from cardline.members.restrictions.rules import Allow, Restricted, decide
from cardline.notify.models import Channel, Delivery, Preference, QuietHours
from cardline.notify.queries import address_of, quiet_of
from cardline.notify.rules import TOO_OLD, Quiet, calm_until, waits_until
from cardline.notify.visibility import member_told

ALERT_CHANGES = Limit("alert_changes", 30, 3_600)
MAIL = "notify.mail"  # the outbox's word for it; payload: {"member": id, "deliveries": [id, …]}
STUMBLE_PAUSE = timedelta(minutes=5)
HELD = timedelta(minutes=2)  # longer than any mail server may take, longer than the outbox's own lease
NOT_WANTED, NO_ADDRESS, OLD, RESTRICTED = "not_wanted", "no_address", "too_old", "restricted"

State = Delivery.State


class InHand(Exception):
    """Another worker is sending it right now, or was killed while it did. Look again later."""


class OtherCurrency(Refusal):
    code = "other_currency"
    sentence = _(
        "This account is kept in another currency, so we can’t take the amount here. Leave it empty, or call us."
    )


REFUSALS: Mapping[str, type[Refusal]] = {"wrong_currency": OtherCurrency}


# ------------------------------------------------------------------------------------------------- choosing


@command("alerts.choose", by=[Kind.MEMBER], level="info:alerts", about="alerts")
def choose_alerts(
    *,
    by: Standing,
    now: datetime,
    wish: str,
    rules: tuple[AlertRule, ...],
    by_mail: tuple[tuple[str, str], ...] | None = None,
    quiet: Quiet | None = None,
) -> int:
    """Which events of which accounts a member wants to hear of, by what way, and when not.

    wish: a word of this one wish, so that the core carries it out once however often it is asked. by_mail: (account,
    event) of what is e-mailed, too; what is off is not. With None e-mail and quiet hours stay as they are.

    Returns how many rules the core changed. Raises NotThere (an account that is not theirs), OtherCurrency, TooMany,
    CoreSilent.
    """
    member = member_told(by.actor)
    count(ALERT_CHANGES, f"member:{member.pk}")
    changed = _changed(member, rules)
    for rule in changed:
        key = _key(member, wish, rule)
        ask(partial(current_core().set_alert, member.core_customer, rule, at=now, key=key), REFUSALS)
    if by_mail is not None:
        on = {(rule.account, rule.event.value) for rule in rules if rule.on}
        _keep_ways(member, on & set(by_mail))
        _keep_quiet(member, quiet)
    return len(changed)


def _changed(member: Member, rules: Iterable[AlertRule]) -> list[AlertRule]:
    """Those that say something else than the core has. An account of somebody else is not there."""
    rules = list(rules)
    stand: set[AlertRule] = set()
    for account in {rule.account for rule in rules}:
        stand |= set(ask(partial(current_core().alert_rules, member.core_customer, account)))
    return [rule for rule in rules if rule not in stand]


def _key(member: Member, wish: str, rule: AlertRule) -> str:
    words = f"{member.pk} {wish} {rule.account} {rule.event}"
    return f"alert:{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def _keep_ways(member: Member, wanted: set[tuple[str, str]]) -> None:
    there = {
        (row.account, row.event): row.pk
        for row in Preference.objects.filter(member=member, channel=Channel.EMAIL)
    }
    Preference.objects.filter(pk__in=[pk for what, pk in there.items() if what not in wanted]).delete()
    for account, event in wanted - there.keys():
        Preference.objects.get_or_create(member=member, account=account, event=event, channel=Channel.EMAIL)


def _keep_quiet(member: Member, quiet: Quiet | None) -> None:
    if quiet is None:
        QuietHours.objects.filter(member=member).delete()
        return
    hours = {"starts": quiet.starts, "ends": quiet.ends, "urgent_passes": quiet.urgent_passes}
    QuietHours.objects.update_or_create(member=member, defaults=hours)


# -------------------------------------------------------------------------------------------------- sending


@command("notify.gather", by=[Kind.SYSTEM], housekeeping=True)
def gather_mail(*, by: Standing, now: datetime, member_id: int) -> int:
    """Put everything that is due for a member into the outbox as one mail, or let it wait on. Returns how many
    deliveries moved; 0 when somebody else was at them.
    """
    member = Member.objects.get(pk=member_id)
    due = list(Delivery.objects.filter(member=member, state=State.WAITING, due_at__lte=now).order_by("pk"))
    ready = _can_go(member, due, now)
    last = Delivery.objects.filter(member=member, queued_at__isnull=False).order_by("-queued_at").first()
    calm = calm_until(last.queued_at if last else None, now)
    if calm is not None:
        return len(due) - len(ready) + sum(_wait(one, calm) for one in ready)
    queued = [one.pk for one in ready if _move(one, State.QUEUED, queued_at=now)]
    if queued:
        send_later(MAIL, {"member": member.pk, "deliveries": queued}, clock.machine_now())
    return len(due) - len(ready) + len(queued)


@command("notify.address", by=[Kind.SYSTEM], housekeeping=True)
def address_mail(*, by: Standing, now: datetime, member_id: int, deliveries: list[int]) -> list[int]:
    """Take a queued mail in hand, a moment before it goes. Some tries come hours later, when it may be night, or
    unwanted: what has to wait is gathered again.

    Returns the deliveries it still carries, none when there is nothing to send. Raises InHand: a worker that was slow
    has lost its lease of the outbox, and would send it a second time.
    """
    at = clock.machine_now()
    unsent = list(_unsent(member_id, deliveries).select_related("member").order_by("pk"))
    if any(one.held_until and one.held_until > at for one in unsent):
        raise InHand()
    ready = _can_go(unsent[0].member, unsent, now) if unsent else []
    return [one.pk for one in ready if _move(one, State(one.state), held_until=at + HELD)]


@command("notify.sent", by=[Kind.SYSTEM], about="member:{member_id}")
def note_sent(*, by: Standing, now: datetime, member_id: int, deliveries: list[int]) -> int:
    """A mail server took the mail. Whether it arrives is not known (SR-82). Returns how many were not noted yet."""
    return _unsent(member_id, deliveries).update(
        state=State.SENT, sent_at=now, held_until=None, tries=F("tries") + 1, problem=""
    )


@command("notify.failed", by=[Kind.SYSTEM], about="member:{member_id}")
def note_failed(*, by: Standing, now: datetime, member_id: int, deliveries: list[int], problem: str) -> int:
    """It was not taken. problem: a word of ours. Returns how many it is about."""
    return _unsent(member_id, deliveries).update(
        state=State.FAILED, held_until=None, tries=F("tries") + 1, problem=problem[:20]
    )


@command("notify.stumble", by=[Kind.SYSTEM], about="member:{member_id}")
def push_aside(*, by: Standing, now: datetime, member_id: int) -> None:
    """What raised is looked at again later, so that it cannot hold up others."""
    due = Delivery.objects.filter(member=member_id, state=State.WAITING, due_at__lte=now)
    due.update(due_at=now + STUMBLE_PAUSE)


def _can_go(member: Member, deliveries: list[Delivery], now: datetime) -> list[Delivery]:
    """Those that may be sent now. The others are moved: left out for good, or waiting for the end of quiet hours."""
    wanted = set(
        Preference.objects.filter(member=member, channel=Channel.EMAIL).values_list("account", "event")
    )
    has_address, quiet = bool(address_of(member)), quiet_of(member)
    restricted = restrictions_touching(member.pk, now) if deliveries else []
    ready = []
    for one in deliveries:
        event = AlertEvent(one.event)
        if (one.account, one.event) not in wanted:
            _move(one, State.LEFT_OUT, problem=NOT_WANTED)
        elif not has_address:
            _move(one, State.LEFT_OUT, problem=NO_ADDRESS)
        elif one.raised_at + TOO_OLD < now:
            _move(one, State.LEFT_OUT, problem=OLD)
        elif _is_held(one, restricted, now):
            _move(one, State.LEFT_OUT, problem=RESTRICTED)
        elif until := waits_until(event, one.raised_at, now, quiet):
            _wait(one, until)
        else:
            ready.append(one)
    return ready


def _is_held(one: Delivery, restricted: list[Restricted], now: datetime) -> bool:
    """Whether a restriction stops it. It is then kept with the reason, where colleagues see it."""
    kind = f"alert:{one.event}"
    decision = decide(restricted, kind, now, one.account)
    if isinstance(decision, Allow):
        return False
    hold_message(one.member_id, kind, f"delivery:{one.pk}", decision, now)
    return True


def _wait(one: Delivery, until: datetime) -> bool:
    return _move(one, State.WAITING, due_at=until)


def _move(one: Delivery, state: State, **more: object) -> bool:
    """From the state it was read in, and from no other: False when somebody was quicker."""
    unchanged = Delivery.objects.filter(
        pk=one.pk, state=one.state, due_at=one.due_at, held_until=one.held_until
    )
    return bool(unchanged.update(**{"state": state, "due_at": None, **more}))


def _unsent(member_id: int, deliveries: list[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        pk__in=deliveries, member=member_id, state__in=(State.QUEUED, State.FAILED)
    )
