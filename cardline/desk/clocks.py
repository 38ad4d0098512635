"""The legal clocks of a case as a colleague checks them: rule and source, dates, how they came about, what they were
before; and the two forms, to start one and to correct a fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cardline.cases.models import Case
from cardline.cases.queries import case_by_reference
from cardline.clocks.calendars import CalendarEnds
from cardline.clocks.compute import CLOSINGS, PAYMENT_PERIOD, ClockRefused, Due, compute
from cardline.clocks.events import event_called, event_ids
from cardline.clocks.explain import steps_of
from cardline.clocks.rules import Rule, rule_named
from cardline.contact.queries import contacts_of_case
from cardline.desk.looking import look_at
from cardline.desk.promise_forms import read_due
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date, say_fully
from cardline.kit.redact import Clean, clean
from cardline.kit.reference import show_reference
from cardline.promises.legal.queries import clocks_of_case
from cardline.promises.models import ClockChange, LegalClock, Promise
from cardline.promises.queries import is_open_at

FACTS = {
    "new_account": _("A new account: the transfer came within 30 days of the first deposit"),
    "foreign": _("Begun abroad"),
    "pos_debit": _("Paid by debit in a shop"),
    "exceptional": _("An exceptional case, and the holding reply was sent"),
    "added_facts": _("Facts were added later"),
}
DUTY = {
    "issuer": _("ours"),
    "member": _("the member’s"),
    "merchant": _("the merchant’s"),
    "estate": _("the estate’s"),
}
STATES = {
    Promise.State.OPEN.value: _("Runs"),
    Promise.State.KEPT.value: _("Kept"),
    Promise.State.MISSED.value: _("Missed"),
}


@dataclass(frozen=True, slots=True)
class Before:
    """What a clock said until it was worked out again."""

    due: str
    started: str
    when: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """steps: how its date came about, in English; today: the date the same facts give with the calendar of now, where
    that is another. started_at, closings, period, facts: as the form of a correction begins.
    """

    id: int
    text: str
    rule: Rule
    duty: str
    state: str
    due: str
    act_by: str
    started: str
    steps: Sequence[str]
    today: str
    before: Sequence[Before]
    can_correct: bool
    is_late: bool
    started_at: str
    closings: str
    period: str
    facts: frozenset[str]
    rules: Sequence[str]


@dataclass(frozen=True, slots=True)
class ClocksPage:
    case: Case
    reference: str
    clocks: list[ClockRow]
    events: list[tuple[str, str]]


@dataclass(slots=True)
class ClockForm:
    """What was typed. clock: the number of the one to correct, 0 for a new one. wrong: what is wrong, by field."""

    clock: int = 0
    event: str = ""
    started: str = ""
    closings: str = ""
    period: str = ""
    rule: str = ""
    reason: str = ""
    facts: frozenset[str] = frozenset()
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def started_at(self) -> datetime | None:
        return read_due(self.started)

    @property
    def why(self) -> Clean:
        return clean(self.reason.strip())

    @property
    def params(self) -> dict[str, Any]:
        closings = [day.strip() for day in self.closings.split(",") if day.strip()]
        period = self.period.strip()
        return {
            **({CLOSINGS: closings} if closings else {}),
            **({PAYMENT_PERIOD: int(period) if period.isdecimal() else period} if period else {}),
            **dict.fromkeys(sorted(self.facts), True),
        }


def clocks_page(actor: Actor, typed: str, now: datetime) -> ClocksPage:
    """The page of a reference as typed. Whoever gets it has looked (SR-25). Raises NotThere, ReasonNeeded."""
    case = case_by_reference(actor, typed)
    look_at(actor, case, contacts_of_case(actor, case.pk), "clocks", now)
    language = get_language() or "en"
    return ClocksPage(
        case=case,
        reference=show_reference(case.ref),
        clocks=[_row(clock, now, language) for clock in clocks_of_case(actor, case.pk)],
        events=[(event, event_called(event).happens[language]) for event in _events_here()],
    )


def read_form(posted: Mapping[str, Any], clock: int = 0) -> ClockForm:
    """The form as it was typed."""
    event, started, closings, period, rule, reason = (
        str(posted.get(name, "")) for name in ("event", "started", "closings", "period", "rule", "reason")
    )
    facts = frozenset(name for name in FACTS if posted.get(name))
    return ClockForm(clock, event, started, closings, period[:4], rule, reason, facts)


def _events_here() -> list[str]:
    """Those that start a clock under the issuer's law."""
    where = current_profile().jurisdiction
    return [event for event in event_ids() if event_called(event).rules.get(where)]


def _row(clock: LegalClock, now: datetime, language: str) -> ClockRow:
    rule, zone, promise = rule_named(clock.rule), ZoneInfo(clock.due_zone), clock.promise
    due = _worked_out(clock, zone)
    can_correct = promise is None or is_open_at(promise, now)
    return ClockRow(
        id=clock.pk,
        text=promise.text if promise else rule.does[:1].upper() + rule.does[1:],
        rule=rule,
        duty=str(DUTY[rule.duty]),
        state=str(STATES.get(promise.state, "")) if promise else gettext("Window"),
        due=say_full_date(clock.due_on, language),
        act_by=say_full_date(clock.act_by, language) if clock.act_by else "",
        started=say_fully(clock.started_at, zone, language),
        steps=steps_of(due, current_profile().calendar, zone) if due else (),
        today=say_full_date(due.due, language) if due and due.due != clock.due_on else "",
        before=[_before(change, zone, language) for change in clock.changes.all()],
        can_correct=can_correct,
        is_late=promise is not None and promise.state == Promise.State.MISSED,
        started_at=f"{clock.started_at.astimezone(zone):%Y-%m-%dT%H:%M:%S}",
        closings=", ".join(str(day) for day in clock.params.get(CLOSINGS, ())),
        period=str(clock.params.get(PAYMENT_PERIOD, "")),
        facts=frozenset(name for name in FACTS if clock.params.get(name)),
        rules=_rules_it_could_be(clock) if can_correct else (),
    )


def _rules_it_could_be(clock: LegalClock) -> list[str]:
    """Its own first; those of the same kind that this issuer's law knows, in case the product was another."""
    where = current_profile().jurisdiction
    known = [rule for event in _events_here() for rule in event_called(event).rules[where]]
    same = [rule for rule in known if rule_named(rule).has_act_by != clock.is_window]
    return list(dict.fromkeys([clock.rule, *same]))


def _before(change: ClockChange, zone: ZoneInfo, language: str) -> Before:
    return Before(
        due=say_full_date(change.due_on, language),
        started=say_fully(change.started_at, zone, language),
        when=say_fully(change.at, zone, language),
        who=change.by_name or gettext("By itself"),
        reason=change.reason,
    )


def _worked_out(clock: LegalClock, zone: ZoneInfo) -> Due | None:
    """The date with the calendar and the rules of now; None where they tell none any more."""
    try:
        profile = current_profile()
        return compute(clock.rule, clock.started_at, profile.calendar, zone, clock.params, profile.own_clocks)
    except (ClockRefused, CalendarEnds):
        return None
