"""What colleagues ask a member just now, in words: by whom, for what exactly, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cardline.contact.asks.queries import contacts_that_wait_for_a_code
from cardline.contact.models import Contact
from cardline.identity.asks.models import Ask
from cardline.identity.asks.queries import asked_of
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import is_locked
from cardline.issuer.core import CoreUnknown
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Asked, Refusal
from cardline.selfservice.confirm.approvals import asked_by_colleague
from cardline.selfservice.talking import team_name
from cardline.staff.models import Agent
from cardline.ui.shapes import Fact

Kind = Literal["approval", "passcode", "code"]


@dataclass(frozen=True, slots=True)
class Question:
    """id: of the question, or of the contact where a code is expected. title, facts: what it is for; title "" for the
    conversation as such. until: machine time, None where the code itself runs out. wrong: why an answer was not taken.
    """

    kind: Kind
    id: int
    name: str
    team: str
    ref: str
    title: str = ""
    facts: tuple[Fact, ...] = ()
    until: datetime | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that was not taken, and why."""

    kind: Kind
    id: int
    words: str


@dataclass(frozen=True, slots=True)
class ApprovePage:
    """locked_until: machine time, while no code and no passcode is compared."""

    questions: tuple[Question, ...]
    locked_until: datetime | None


def approve_page(actor: Actor, wrong: Wrong | None = None) -> ApprovePage:
    asked = [_question(actor, ask, wrong) for ask in asked_of(actor)]
    codes = [_code(contact, wrong) for contact in contacts_that_wait_for_a_code(actor)]
    tally = tally_of(actor.person_id)
    locked = tally.locked_until if is_locked(tally, clock.machine_now()) else None
    return ApprovePage(tuple(one for one in (*asked, *codes) if one is not None), locked)


def _question(actor: Actor, ask: Ask, wrong: Wrong | None) -> Question | None:
    """None for what no page could say exactly: nobody approves what they cannot read."""
    title: str = ""
    facts: tuple[Fact, ...] = ()
    if ask.command:
        try:
            approval = asked_by_colleague(actor, Asked(ask.command, ask.action, ask.arguments))
        except (Refusal, CoreUnknown):
            return None
        if approval is None:
            return None
        title, facts = approval.title, approval.facts
    kind: Kind = "approval" if ask.kind == Ask.Kind.APPROVAL else "passcode"
    words = _wrong_of(kind, ask.pk, wrong)
    return Question(kind, ask.pk, *_who(ask.agent), ask.ref, title, facts, ask.expires_at, words)


def _code(contact: Contact, wrong: Wrong | None) -> Question | None:
    if contact.agent is None:
        return None
    ref = show_reference(contact.home_case.ref)
    return Question("code", contact.pk, *_who(contact.agent), ref, wrong=_wrong_of("code", contact.pk, wrong))


def _who(agent: Agent) -> tuple[str, str]:
    return agent.given_name, team_name(agent)


def _wrong_of(kind: Kind, of: int, wrong: Wrong | None) -> str:
    return wrong.words if wrong is not None and (wrong.kind, wrong.id) == (kind, of) else ""
