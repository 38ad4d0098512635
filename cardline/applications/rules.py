"""Who may apply, by their age; and which legal clocks an application's steps start and settle. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cardline.clocks.days import add_months
from cardline.issuer.core import ApplicationState as State

OLDEST = 125  # years; nobody on record was older, and a year typed wrong is likelier


def of_age_on(born: date, least_age: int) -> date:
    """The day somebody reaches an age. Born on 29 February: the last day of that month where it has no 29th."""
    return add_months(born, least_age * 12)


def is_old_enough(born: date, least_age: int, today: date) -> bool:
    return of_age_on(born, least_age) <= today


def may_be_born_on(born: date, today: date) -> bool:
    """Whether somebody alive today can be born then."""
    return born <= today and born.year >= today.year - OLDEST


# ------------------------------------------------------------------------------------------------ legal clocks

RECEIVED, OFFERED = "application_received", "counteroffer_sent"  # events of clocks/events.toml


@dataclass(frozen=True, slots=True)
class Step:
    """What a step does to the clocks: it settles those of some events, as the evidence says, and may start others."""

    settles: tuple[str, ...] = ()
    starts: str = ""
    evidence: Mapping[str, str] | None = None


ASKED = {"en": "We said what is missing.", "es": "Dijimos qué falta."}
DECIDED = {"en": "The decision was made.", "es": "Se tomó la decisión."}
LAPSED = {
    "en": "What was missing did not come, or it was withdrawn.",
    "es": "No llegó lo que faltaba, o se retiró.",
}

STEPS: Mapping[State, Step] = {
    State.INCOMPLETE: Step((RECEIVED,), evidence=ASKED),
    # From the day on which nothing is missing any more the law counts anew; one that was whole runs on.
    State.COMPLETE: Step(starts=RECEIVED),
    State.APPROVED: Step((RECEIVED, OFFERED), evidence=DECIDED),
    State.DECLINED: Step((RECEIVED, OFFERED), evidence=DECIDED),
    State.COUNTEROFFER: Step((RECEIVED,), OFFERED, DECIDED),
    State.EXPIRED: Step((RECEIVED, OFFERED), evidence=LAPSED),
    State.WITHDRAWN: Step((RECEIVED, OFFERED), evidence=LAPSED),
    State.CARD_ORDERED: Step(),
}


def about(reference: str) -> str:
    """What an application's clocks are about, by its reference in the core."""
    return f"application:{reference}"
