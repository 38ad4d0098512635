"""What is said about benefits: since and until when, what changed, and where they are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardline.benefits.rules import Ended
from cardline.clocks.local import local_date
from cardline.issuer.profile import Benefit, current_profile
from cardline.kit.dates import say_date
from cardline.selfservice.cards_page import Call
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


def terms_words(benefit: Benefit, language: str) -> str:
    said = {"name": benefit.name.in_(language), "version": benefit.version}
    return _("%(name)s, terms %(version)s") % said


def claim_facts(benefit: Benefit, call: Call | None, language: str) -> tuple[Fact, ...]:
    """Where it is claimed and by when; none for a benefit that needs no claim. call: the number for it."""
    facts = []
    if benefit.channel:
        where = current_profile().channel(benefit.channel).label.in_(language)
        facts.append(Fact(_("Where"), f"{where}, {call.number}" if call else where))
    if benefit.within:
        facts.append(Fact(_("Time limit"), benefit.within.in_(language)))
    return tuple(facts)


def way_to_claim(benefit: Benefit, call: Call | None) -> Link | None:
    """The button that begins a claim."""
    if call is not None:
        return Link(_("Call %(number)s") % {"number": call.number}, call.url, "phone")
    if benefit.channel in WRITTEN:
        return Link(_("Write to us"), f"{reverse('plan', args=[ASK])}#chat", "chat")
    return None
