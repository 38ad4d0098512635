"""What happened before anybody looked: three cases told by the product's own commands, at past times."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date

from cardline.cases.models import Case
from cardline.clocks.local import instant_of, local_date
from cardline.contact.commands import answer_summary, end_contact, propose_summary, send_message, take_contact
from cardline.demo.cast import AGENTS
from cardline.demo.people import actor_of, agent_of, member_of
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.members.restrictions.commands import Source, Speaker, place_restriction
from cardline.members.restrictions.table import RestrictionKind
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.models import Promise
from cardline.routing.commands import start_message


def tell_stories(now: datetime) -> int:
    """Fill the past. What is told already is not told again. Returns how many cases were told."""
    return _waived_fee(now) + _call_back(now) + _represented(now)


def _waived_fee(now: datetime) -> int:
    """Maya's late fee was waived as promised, a day early."""
    need = "payment.fee_or_interest"
    maya, agent = actor_of(member_of("maya")), _answering(need)
    if Case.objects.filter(member=maya.member_id).exists():
        return 0
    began = now - timedelta(days=36)
    month = format_date(now - timedelta(days=38), "MMMM", "en")
    told = _ask(maya, began, need, f"My payment was one day late. Could you waive the {month} late fee?")
    contact_id, case_id = told["contact_id"], told["case_id"]
    answered = began + timedelta(minutes=25)
    due_at = _end_of_day(answered + timedelta(days=3))
    take_contact(by=agent, now=answered, contact_id=contact_id)
    _say(
        agent,
        answered,
        contact_id,
        "Yes, gladly. You have paid on time for years, so I will take the fee off.",
    )
    made = make_promise(
        by=agent,
        now=answered + timedelta(minutes=1),
        case_id=case_id,
        contact_id=contact_id,
        text=clean(f"Waive {month} late fee"),
        due_at=due_at,
        due_zone=current_profile().time_zone,
        source=Promise.Source.PERSON,
        owner_id=agent.agent_id,
    )
    _wrap_up(
        agent,
        maya,
        answered + timedelta(minutes=3),
        contact_id,
        need=need,
        did="We looked at the fee and agreed to take it off.",
        you="Nothing.",
    )
    do_promise(
        by=agent,
        now=due_at - timedelta(days=1),
        promise_id=made["promise_id"],
        evidence=clean("$39.00 credited to the card ending 4471; it is on the statement."),
    )
    return 1


def _call_back(now: datetime) -> int:
    """Tomasz waits for a call back that is promised for the day after tomorrow."""
    need = "rewards.missing"
    tomasz, agent = actor_of(member_of("tomasz")), _answering(need)
    if Case.objects.filter(member=tomasz.member_id).exists():
        return 0
    began = now - timedelta(days=1)
    told = _ask(tomasz, began, need, "The points for our hotel stay in Boston have not arrived.")
    contact_id, case_id = told["contact_id"], told["case_id"]
    answered = began + timedelta(minutes=40)
    due_at = _end_of_day(now + timedelta(days=2))
    take_contact(by=agent, now=answered, contact_id=contact_id)
    _say(
        agent,
        answered,
        contact_id,
        "I see the stay. I am asking the rewards desk and will call you with the answer.",
    )
    make_promise(
        by=agent,
        now=answered + timedelta(minutes=1),
        case_id=case_id,
        contact_id=contact_id,
        text=clean("Call you about the points for your hotel stay"),
        due_at=due_at,
        due_zone=current_profile().time_zone,
        source=Promise.Source.PERSON,
        owner_id=agent.agent_id,
    )
    _wrap_up(
        agent,
        tomasz,
        answered + timedelta(minutes=2),
        contact_id,
        need=need,
        did="We found the stay and asked why its points are missing.",
        you="Keep the hotel's receipt until the points are there.",
    )
    return 1


def _represented(now: datetime) -> int:
    """An attorney speaks for Owen about what he owes, so alerts and talk of paying later go through her."""
    need = "payment.bankruptcy"
    owen, agent = actor_of(member_of("owen")), _answering(need)
    if Case.objects.filter(member=owen.member_id).exists():
        return 0
    began = now - timedelta(days=12)
    told = _ask(owen, began, need, "An attorney acts for me now. Please settle the bill with her.")
    contact_id = told["contact_id"]
    answered = began + timedelta(minutes=30)
    take_contact(by=agent, now=answered, contact_id=contact_id)
    place_restriction(
        by=agent,
        now=answered,
        member_id=owen.member_id,
        kind=RestrictionKind.REPRESENTED,
        source=Source(
            clean("Owen Achterberg"), clean("His message"), local_date(began, current_profile().zone)
        ),
        speaker=Speaker(
            clean("Ruth Adeyemi"),
            clean("Adeyemi & Cole"),
            clean("3 Court Square, Seattle, WA 98101"),
            clean("+1 206 555 0190"),
        ),
        why=clean("She settles the bill for him and asked us to write to her."),
    )
    _say(agent, answered, contact_id, "We noted it. From now on we settle the bill with Ruth Adeyemi.")
    _wrap_up(
        agent,
        owen,
        answered + timedelta(minutes=2),
        contact_id,
        need=need,
        did="We wrote down who acts for you.",
        you="Nothing.",
        next_step="Settle the bill with the attorney.",
    )
    return 1


def _answering(need: str) -> Actor:
    """A colleague of the team that answers a need; the supervisor, who sees everything, where the cast has none."""
    team = current_profile().queue_for(need).team
    agents = [agent_of(sketch.key) for sketch in AGENTS if sketch.role == "agent"]
    return actor_of(next((agent for agent in agents if agent.team == team), agent_of("ines")))


def _end_of_day(at: datetime) -> datetime:
    """When promises of that day are due at this issuer."""
    profile = current_profile()
    return instant_of(local_date(at, profile.zone), profile.promises.due_time, profile.zone)


def _ask(member: Actor, at: datetime, need: str, text: str) -> dict[str, int]:
    return start_message(by=member, now=at, need=need, text=clean(text), language="en", plan={})


def _say(who: Actor, at: datetime, contact_id: int, text: str) -> None:
    send_message(by=who, now=at, contact_id=contact_id, text=clean(text))


def _wrap_up(
    agent: Actor,
    member: Actor,
    at: datetime,
    contact_id: int,
    *,
    need: str,
    did: str,
    you: str,
    next_step: str = "See the promise.",
) -> None:
    """The three lines, the member's yes, the end."""
    known = [outcome.id for outcome in current_profile().outcomes_for(need)]
    shown = propose_summary(
        by=agent,
        now=at,
        contact_id=contact_id,
        need=need,
        outcome="promised" if "promised" in known else known[0],
        next_step=clean(next_step),
        did=clean(did),
        you=clean(you),
    )
    answer_summary(
        by=member,
        now=at + timedelta(minutes=1),
        contact_id=contact_id,
        round=shown,
        right=True,
        text=clean(""),
    )
    end_contact(by=agent, now=at + timedelta(minutes=2), contact_id=contact_id)
