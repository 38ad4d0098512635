"""Questions about alerts. What happened and which events somebody asked for is the card core's to say; by what way
they are told of it, and what became of that, is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cardline.issuer.core import (
    Account,
    Alert,
    AlertEvent,
    AlertRule,
    CoreNotFound,
    CoreRefused,
    Page,
    Part,
    current_core,
)
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.contactdata.queries import safe_points
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import BouncedPlace, Channel, Delivery, Outgoing, Preference, QuietHours
from cardline.notify.rules import Quiet
from cardline.notify.visibility import member_told
from cardline.trust.queries import code_of
from cardline.trust.rules import shown

# The part of a core without which an event never happens.
PARTS = {
    AlertEvent.STATEMENT_READY: Part.STATEMENTS,
    AlertEvent.PAYMENT_DUE: Part.STATEMENTS,
    AlertEvent.PAYMENT_POSTED: Part.PAYMENTS,
    AlertEvent.PAYMENT_FAILED: Part.PAYMENTS,
}

PARKED_SHOWN = timedelta(
    days=2
)  # then whoever watches the machine has seen it, and its member's page still says so


@dataclass(frozen=True, slots=True)
class AccountAlerts:
    """An account with one rule for each event that can happen, and the events its holder who asks is e-mailed about."""

    account: Account
    rules: tuple[AlertRule, ...]
    by_mail: frozenset[str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a member chose. address: where their e-mail goes, "" where we have none. quiet: None without quiet hours."""

    accounts: tuple[AccountAlerts, ...]
    address: str
    zone: ZoneInfo
    quiet: Quiet | None


def choices_of(actor: Actor) -> Choices:
    """No accounts for an additional card member, who holds none. Raises NotThere, also where the core has no alerts."""
    member, core = member_told(actor), current_core()
    if Part.ALERTS not in core.offers:
        raise NotThere()
    wanted = visible(Preference, actor).filter(channel=Channel.EMAIL)
    by_mail = set(wanted.values_list("account", "event"))
    accounts = core.accounts(member.core_customer)
    return Choices(
        accounts=tuple(
            AccountAlerts(
                account,
                tuple(filter(_can_happen, core.alert_rules(member.core_customer, account.token))),
                frozenset(event for token, event in by_mail if token == account.token),
            )
            for account in accounts
        ),
        address=address_of(member),
        zone=ZoneInfo(member.zone),
        quiet=quiet_of(member),
    )


def alerts_of(actor: Actor, *, after: str = "", most: int = 10) -> Page[Alert]:
    """What happened of what they asked for, newest first. after: what the page before said in `next`.

    Raises NotThere, also for an `after` that this list never gave out.
    """
    member = member_told(actor)
    try:
        return current_core().alerts(member.core_customer, after=after, most=most)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreRefused as no:
        if no.reason == "bad_page":
            raise NotThere() from no
        raise


def mailed(actor: Actor, alerts: Iterable[Alert]) -> Mapping[str, Delivery]:
    """What became of the e-mail about these alerts, by the alert's token; nothing for those that needed none."""
    tokens = [alert.token for alert in alerts]
    rows = visible(Delivery, actor).filter(alert__in=tokens, channel=Channel.EMAIL)
    return {row.alert: row for row in rows}


def _can_happen(rule: AlertRule) -> bool:
    needed = PARTS.get(rule.event)
    return needed is None or needed in current_core().offers


def mail_goes_out() -> bool:
    """Whether there is a mail server. Without one, mails are written into the data folder (docs/howto/configure.md)."""
    return bool(settings.CARDLINE_MAIL_URL)


def address_of(member: Member) -> str:
    """Where a member's e-mail goes: the address they prefer, else the newest; "" without one that can be written to, or
    where no e-mail is safe for them or none arrives."""
    points = member.points.filter(kind=ContactPoint.Kind.EMAIL).order_by("-preferred", "-since", "-pk")
    safe = safe_points(member.pk, list(points))
    bounced = BouncedPlace.objects.filter(place__in=[one.value.lower() for one in safe], right_at=None)
    lost = set(bounced.values_list("place", flat=True)) if safe else set()
    address = next((point.value for point in safe if point.value.lower() not in lost), "")
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def quiet_of(member: Member) -> Quiet | None:
    row = QuietHours.objects.filter(member=member).first()
    return Quiet(row.starts, row.ends, ZoneInfo(member.zone), row.urgent_passes) if row else None


def receiver_of(member_id: int) -> tuple[str, str]:
    """(address, language) of a mail that is about to go."""
    member = Member.objects.get(pk=member_id)
    return address_of(member), member.language


@dataclass(frozen=True, slots=True)
class Went:
    """What became of a message. gone: the other side took it, and did not say that it was lost. over: it will not go by
    this door any more; another_way is the one it took instead, "" when there is none.
    """

    gone: bool
    over: bool
    another_way: str


def how_it_went(outgoing_id: int) -> Went:
    """For the code that had it sent, so that its page can offer another way. Raises Outgoing.DoesNotExist."""
    row = Outgoing.objects.get(pk=outgoing_id)
    otherwise = Outgoing.objects.filter(instead_of=row).first()
    gone = row.state == Outgoing.State.SENT and row.receipt != Outgoing.Receipt.LOST
    over = not gone and row.state in Outgoing.FINAL
    return Went(gone, over, otherwise.channel if otherwise else "")


@dataclass(frozen=True, slots=True)
class Written:
    """A message in hand, as its row has it. receiver: the legal name, for the address of a letter. theirs: what the
    provider calls the others that went to the same place since, so that none of them is taken for this one. proof: the
    code by which its reader checks us, as it is printed; "" for none.
    """

    name: str
    template: str
    channel: str
    language: str
    to: str
    values: Mapping[str, str] = field(repr=False)
    secret: bool
    receiver: str
    asked_at: datetime
    made_at: datetime
    theirs: frozenset[str]
    proof: str = field(default="", repr=False)


def to_be_carried(outgoing_id: int) -> Written:
    """For the worker that has it in hand. Raises Outgoing.DoesNotExist."""
    row = Outgoing.objects.select_related("member", "proves_us").get(pk=outgoing_id)
    others = Outgoing.objects.filter(channel=row.channel, to=row.to).exclude(provider_id="")
    return Written(
        row.name,
        row.template,
        row.channel,
        row.language,
        row.to,
        row.values,
        row.secret,
        row.member.name,
        row.asked_at,
        row.made_at,
        frozenset(others.order_by("-pk").values_list("provider_id", flat=True)[:50]),
        proof_in(row),
    )


def proof_in(row: Outgoing) -> str:
    """The code a message carries, as it is printed; "" before it first goes, and where it carries none."""
    return shown(code_of(row.proves_us.salt)) if row.proves_us else ""


def messages_parked() -> int:
    """How many messages of the last two days were given up on after their last try; ten thousand at most."""
    lately = clock.machine_now() - PARKED_SHOWN
    return Outgoing.objects.filter(state=Outgoing.State.PARKED, made_at__gte=lately)[:10_000].count()
