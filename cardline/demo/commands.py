"""How the cast comes into the world, one person or account at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cardline.clocks.local import local_date
from cardline.demo import company
from cardline.demo.cast import (
    CHECKING,
    EMPLOYEES,
    MEMBERS,
    NOT_ACTIVATED,
    AccountSketch,
    AgentSketch,
    MemberSketch,
)
from cardline.demo.charges import Charge, charges_of
from cardline.issuer import core
from cardline.issuer.embedded.opening import (
    Movement,
    issue_card,
    open_account,
    record_movements,
    record_transactions,
)
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import clean
from cardline.members.authorities.commands import Paper, confirm_authority, record_authority
from cardline.members.authorities.table import TABLE, AuthorityKind
from cardline.members.models import ContactPoint, Member
from cardline.members.programs.commands import enrol, open_program
from cardline.staff.models import Agent

YEAR = timedelta(days=365)
CUSTOMER = "demo-"
KNOWN_SINCE = timedelta(days=900)
POINTS_RATE = 100  # one for each whole unit spent
TOWNS = {sketch.key: sketch.town for sketch in (*MEMBERS, *EMPLOYEES)}


def customer_number(key: str) -> str:
    """The number of one of the cast in the card core."""
    return CUSTOMER + key


@command("demo.settle_member", by=[Kind.SYSTEM], about="demo")
def settle_member(*, by: Standing, now: datetime, user_id: int | None, sketch: MemberSketch) -> int:
    """A member with a phone number, an e-mail and a postal address. user_id: None for one who never signs in. Returns
    their id.
    """
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


@command("demo.settle_company", by=[Kind.SYSTEM], about="demo")
def settle_company(*, by: Standing, now: datetime) -> int:
    """The company's account, a card for each employee with what they bought of late, its program, and who administers
    it. Returns the program's number.
    """
    profile, number = current_profile(), customer_number(company.COMPANY)
    program = open_program(
        by=by,
        now=now,
        core_customer=number,
        name=clean(company.NAME),
        address=clean(company.ADDRESS),
    )
    opened_at = now - 4 * YEAR
    account = open_account(
        holders={number: company.NAME},
        product=company.PRODUCT,
        currency=profile.currency,
        credit_limit_minor=company.LIMIT * 100,
        opened_at=opened_at,
        closing_day=min((now - timedelta(days=company.CLOSED_DAYS_AGO)).day, 28),
    )
    people = Member.objects.in_bulk(
        [customer_number(one.key) for one in company.PROGRAM], field_name="core_customer"
    )
    movements: list[tuple[str, Movement]] = []
    for sketch in company.PROGRAM:
        member = people[customer_number(sketch.key)]
        card = issue_card(
            account=account,
            customer=member.core_customer,
            name=member.name,
            bin=profile.card_number.prefixes[0].ljust(6, "0")[:6],
            last4=sketch.last4,
            activated_at=None if sketch.not_activated else opened_at,
            limit_minor=None if sketch.limit is None else sketch.limit * 100,
        )
        movements += ((card, movement_of(one)) for one in company.charges_of_employee(sketch, now))
        enrol(by=by, now=opened_at, program_id=program, member_id=member.pk)
    record_movements(movements)
    _appoint(by, now, people[customer_number(company.ADMINISTRATOR)], number)
    return program


def _appoint(by: Standing, now: datetime, person: Member, company_number: str) -> None:
    """By the company's letter, as a supervisor confirmed it before the demo begins."""
    principal = Member.objects.get(core_customer=company_number)
    kind = AuthorityKind.PROGRAM_ADMINISTRATOR
    since = now - timedelta(days=200)
    appointed = record_authority(
        by=by,
        now=since,
        member_id=principal.pk,
        number=person.core_customer,
        name=clean(person.name),
        kind=kind,
        scopes=sorted(TABLE.kinds[kind].may),
        paper=Paper(clean(f"{person.name} for {principal.name}"), clean("Letter of appointment")),
    )
    confirm_authority(by=Actor(Kind.SYSTEM, "records", name="Records"), now=since, authority_id=appointed)


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
