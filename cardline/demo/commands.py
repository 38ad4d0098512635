"""How the cast comes into the world, one person or account at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cardline.clocks.local import local_date
from cardline.demo.cast import CHECKING, MEMBERS, NOT_ACTIVATED, AccountSketch, AgentSketch, MemberSketch
from cardline.demo.charges import Charge, charges_of
from cardline.issuer import core
from cardline.issuer.embedded.opening import Movement, issue_card, open_account, record_transactions
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import clean
from cardline.members.models import ContactPoint, Member
from cardline.staff.models import Agent

YEAR = timedelta(days=365)
CUSTOMER = "demo-"
KNOWN_SINCE = timedelta(days=900)
POINTS_RATE = 100  # one for each whole unit spent
TOWNS = {sketch.key: sketch.town for sketch in MEMBERS}


def customer_number(key: str) -> str:
    """The number of one of the cast in the card core."""
    return CUSTOMER + key


@command("demo.settle_member", by=[Kind.SYSTEM], about="demo")
def settle_member(*, by: Standing, now: datetime, user_id: int, sketch: MemberSketch) -> int:
    """A member with a phone number, an e-mail and a postal address. Returns their id."""
    member = Member.objects.create(
        user_id=user_id,
        core_customer=customer_number(sketch.key),
        given_name=sketch.given_name,
        family_name=sketch.family_name,
        language=sketch.language,
        zone=sketch.zone,
        card_type=_card_type(sketch),
        postal_code=sketch.postal_code,
        since=local_date(now - 6 * YEAR, ZoneInfo(sketch.zone)),
        locked_at=now - timedelta(minutes=12) if sketch.locked else None,
    )
    points = {
        ContactPoint.Kind.PHONE: sketch.phone,
        ContactPoint.Kind.EMAIL: f"{sketch.username}@example.com",
        ContactPoint.Kind.POST: f"{sketch.street}, {sketch.town} {sketch.postal_code}",
    }
    for kind, value in points.items():
        preferred = kind == ContactPoint.Kind.PHONE
        ContactPoint.objects.create(
            member=member, kind=kind, value=value, since=now - KNOWN_SINCE, preferred=preferred
        )
    return member.pk


@command("demo.open_account", by=[Kind.SYSTEM], about="demo")
def settle_account(*, by: Standing, now: datetime, sketch: AccountSketch, charges: bool) -> int:
    """An account with its cards, and two months of charges where wanted. Returns how many cards there are."""
    people = {
        key: Member.objects.get(core_customer=customer_number(key))
        for key in (*sketch.holders, *sketch.additional)
    }
    profile = current_profile()
    opened_at = now - sketch.opened_years_ago * YEAR
    debit = people[sketch.holders[0]].card_type == "debit"
    account = open_account(
        holders={customer_number(key): people[key].name for key in sketch.holders},
        product=CHECKING if debit else sketch.product,
        currency=profile.currency,
        credit_limit_minor=None if debit or sketch.limit is None else sketch.limit * 100,
        opened_at=opened_at,
        closing_day=sketch.closing_day(now),
        points_rate=0 if debit else POINTS_RATE,
    )
    for (key, member), last4 in zip(people.items(), sketch.last4, strict=True):
        card = issue_card(
            account=account,
            customer=customer_number(key),
            name=member.name,
            bin=profile.card_number.prefixes[0].ljust(6, "0")[:6],
            last4=last4,
            activated_at=None if key in NOT_ACTIVATED else opened_at,
        )
        if charges:
            made = charges_of(key, now, town=TOWNS[key], debit=debit)
            record_transactions(card=card, movements=map(movement_of, made))
    return len(people)


@command("demo.settle_agent", by=[Kind.SYSTEM], about="demo")
def settle_agent(*, by: Standing, now: datetime, user_id: int, sketch: AgentSketch) -> int:
    """A colleague in the team that answers their kind of need. Returns their id."""
    return Agent.objects.create(
        user_id=user_id,
        given_name=sketch.given_name,
        family_name=sketch.family_name,
        role=sketch.role,
        team=current_profile().queue_for(sketch.team_of).team,
        languages=list(sketch.languages),
    ).pk


def movement_of(charge: Charge) -> Movement:
    """As the card core takes it."""
    return Movement(
        merchant=clean(charge.merchant),
        place=clean(charge.place),
        amount_minor=charge.amount_minor,
        channel=charge.channel,
        at=charge.at,
        posted_at=charge.posted_at,
        kind=_kind(charge),
        recurring_since=charge.recurring_since,
    )


def _kind(charge: Charge) -> core.Kind:
    if charge.channel == "payment":
        return core.Kind.PAYMENT
    if charge.channel == "fee":
        return core.Kind.FEE if charge.amount_minor > 0 else core.Kind.CREDIT
    return core.Kind.PURCHASE


def _card_type(sketch: MemberSketch) -> str:
    """The kind of card they hold at this issuer."""
    kinds = tuple(current_profile().card_types)
    return next((kind for kind in sketch.card_types if kind in kinds), kinds[0])
