"""What is said about benefits: since and until when, what changed, and where they are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardline.benefits.rules import Ended
from cardline.clocks.local import local_date
from cardline.issuer.profile import Benefit, PhoneLine, current_profile
from cardline.kit.dates import say_date
from cardline.ui.shapes import Fact, Link

ASK = "benefit.limits_terms"
WRITTEN = ("chat", "secure_message")


def cards_words(last4s: Sequence[str]) -> str:
    """ "card ending 4471"; "cards ending 3390, 3408" """
    words = ngettext("card ending %(last4)s", "cards ending %(last4)s", len(last4s))
    return words % {"last4": ", ".join(last4s)}


def when_words(benefit: Benefit, now: datetime, language: str) -> str:
    """From when, until when, or since when not any more; "" where it always counts."""
    today = local_date(now, current_profile().zone)
    if benefit.valid_until and benefit.valid_until < today:
        return ended_words(Ended(benefit, benefit.valid_until), now, language)
    if benefit.valid_from and benefit.valid_from > today:
        return _("From %(day)s.") % {"day": say_date(benefit.valid_from, language, now)}
    if benefit.valid_until:
        return _("Until %(day)s.") % {"day": say_date(benefit.valid_until, language, now)}
    return ""


def ended_words(ended: Ended, now: datetime, language: str) -> str:
    said = {"day": say_date(ended.last_day, language, now)}
    return _("It counted until %(day)s. What happened by then can still be claimed in time.") % said


def changed_words(on: date, changes: str, now: datetime, language: str) -> str:
    said = {"day": say_date(on, language, now), "changes": changes}
    return _("Since %(day)s: %(changes)s") % said


def claim_facts(benefit: Benefit, language: str) -> tuple[Fact, ...]:
    """Where it is claimed and by when; none for a benefit that needs no claim."""
    facts = []
    if benefit.channel:
        where = current_profile().channel(benefit.channel).label.in_(language)
        line = _line(benefit)
        facts.append(Fact(_("Where"), f"{where}, {line.display}" if line else where))
    if benefit.within:
        facts.append(Fact(_("Time limit"), benefit.within.in_(language)))
    return tuple(facts)


def way_to_claim(benefit: Benefit, language: str) -> Link | None:
    """The button that begins a claim."""
    line = _line(benefit)
    if line is not None:
        return Link(_("Call %(number)s") % {"number": line.display}, f"tel:{line.e164}", "phone")
    if benefit.channel in WRITTEN:
        return Link(_("Write to us"), f"{reverse('plan', args=[ASK])}#chat", "chat")
    return None


def _line(benefit: Benefit) -> PhoneLine | None:
    """The number it is claimed at: its own, else that of the first kind of card."""
    profile = current_profile()
    if benefit.channel != "phone":
        return None
    if benefit.phone_line:
        return profile.line(benefit.phone_line)
    return next((line for line in profile.lines_for() if line.e164), None)
