"""What is said about an application: where it stands, what comes next, and what to do. Never reasons or scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from babel.dates import format_date
from django.utils.translation import gettext as _

from cardline.clocks.local import local_date
from cardline.issuer.core import Application
from cardline.issuer.core import ApplicationState as State
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_date, say_full_date
from cardline.kit.languages import locale_of
from cardline.ui.shapes import Step

ASK_FOR_REASONS = timedelta(
    days=60
)  # rule b.reasons (DOMAIN 2): asked for within 60 days, answered within 30
BROKEN_OFF = (State.EXPIRED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """headline: where it stands. lines: what that means and what to do, a sentence each."""

    headline: str
    lines: tuple[str, ...]


def standing_of(found: Application, now: datetime, language: str) -> Standing:
    """Where it stands, in words. A day is said with its year: this page is printed and kept."""
    zone = current_profile().zone
    until = say_full_date(found.next_on, language) if found.next_on else ""
    match found.state:
        case State.SUBMITTED:
            nothing_to_do = _("We check whether everything is there. You need not do anything now.")
            return Standing(_("We have your application."), (nothing_to_do,))
        case State.INCOMPLETE:
            return Standing(_("Something is missing."), _what_is_missing(until))
        case State.COMPLETE:
            return Standing(
                _("Everything is here, and we are deciding."), (_("You need not do anything now."),)
            )
        case State.APPROVED:
            sent = _("We order your card and send it to you by mail.")
            return Standing(_("Your application is approved."), (sent,))
        case State.DECLINED:
            asked_until = local_date(found.state_since, zone) + ASK_FOR_REASONS
            return Standing(
                _("We could not approve your application."),
                _how_to_hear_why(asked_until, local_date(now, zone), language),
            )
        case State.COUNTEROFFER:
            return Standing(_("We made you another offer."), _how_to_take_it(until))
        case State.CARD_ORDERED:
            return Standing(_("Your card is ordered."), (_when_it_comes(until, is_over(found, now)),))
        case State.EXPIRED:
            again = _("What was missing did not come in time. You can apply again whenever you like.")
            return Standing(_("Your application has ended."), (again,))
        case State.WITHDRAWN:
            again = _("You can apply again whenever you like.")
            return Standing(_("You withdrew your application."), (again,))


def our_promise(state: State) -> str:
    """What we do next, as a whole sentence; "" where the next step is not ours."""
    return {
        State.SUBMITTED: _("We will tell you our decision, or what is missing"),
        State.COMPLETE: _("We will tell you our decision"),
        State.APPROVED: _("We will order your card"),
    }.get(state, "")


def steps_of(found: Application, now: datetime, language: str) -> tuple[Step, ...]:
    """The way of an application as labelled bars; none for one that ended on the way."""
    if found.state in BROKEN_OFF:
        return ()
    labels = [_("Sent"), _("Everything here"), _("Decided"), _("Card on its way")]
    at = {
        State.SUBMITTED: 1,
        State.INCOMPLETE: 1,
        State.COMPLETE: 2,
        State.COUNTEROFFER: 2,
        State.APPROVED: 3,
        State.CARD_ORDERED: 3,
    }.get(found.state, 3)
    if found.state == State.DECLINED:
        labels = labels[:3]
    sent_on = say_date(local_date(found.submitted_at, current_profile().zone), language, now)
    ahead = found.next_on if found.next_on and not is_over(found, now) else None
    by = _("by %(when)s") % {"when": say_date(ahead, language, now)} if ahead else ""
    return tuple(
        Step(label, sent_on if n == 0 else by if n == at else "", _stage(n, at))
        for n, label in enumerate(labels)
    )


def is_over(found: Application, now: datetime) -> bool:
    """Whether the day of the next step has passed."""
    return found.next_on is not None and found.next_on < local_date(now, current_profile().zone)


def say_birthday(born: date, language: str) -> str:
    """ "May 17, 1990": nobody says the weekday."""
    return str(format_date(born, "long", locale_of(language)))


def _stage(n: int, at: int) -> Literal["done", "current", "next"]:
    return "done" if n < at else "current" if n == at else "next"


def _what_is_missing(until: str) -> tuple[str, ...]:
    """Which paper it is stands in a notice; the core does not tell it here."""
    which = _("The notice we sent you says which paper. Without it we cannot decide.")
    if not until:
        return (which,)
    last_day = _("It has to be here by %(day)s. After that day the application ends by itself.")
    return which, last_day % {"day": until}


def _how_to_hear_why(asked_until: date, today: date, language: str) -> tuple[str, ...]:
    why = _("The notice we sent you tells you why, or how to ask for the reasons.")
    if today > asked_until:
        return (why,)
    said = {"day": say_full_date(asked_until, language)}
    return why, _("You can ask for them until %(day)s; we answer within 30 days.") % said


def _how_to_take_it(until: str) -> tuple[str, ...]:
    what = _("The notice we sent you says what it is, and how to take it.")
    if not until:
        return (what,)
    last_day = _("It is open until %(day)s. Without an answer the application ends then.")
    return what, last_day % {"day": until}


def _when_it_comes(until: str, is_late: bool) -> str:
    if not until:
        return _("It comes by mail.")
    if is_late:
        return _("It should have come by %(day)s. If it has not, call us and we look for it.") % {
            "day": until
        }
    return _("It should come by mail by %(day)s. If it has not come by then, call us.") % {"day": until}
