"""Changes to a member's own record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.news import tell
from cardline.kit.redact import Clean
from cardline.kit.refusals import Malformed, NotThere
from cardline.members.models import AccessNeeds, Member
from cardline.members.rules import (
    LONGEST_NOTE,
    LONGEST_TONGUE,
    ZONES,
    AccessNeed,
    can_be_called,
    tidy_name,
)

PROFILE_CHANGES = Limit("profile_changes", 30, 3_600)
PREFERENCES = "info:preferences"
ACCESS_NEEDS_SAID = "member.access_needs_said"


class NotAName(Malformed):
    code = "not_a_name"
    sentence = _("Write the name as we should say it: letters of any script, at most 80 of them.")


@command("member.lock_sign_in", by=[Kind.SYSTEM], about="member:{member_id}")
def lock_sign_in(*, by: Standing, now: datetime, member_id: int, locked: bool) -> None:
    """Lock or open a member's sign-in. Counts at their next request; their open screens close at once (SR-24).

    A lock stops guessing. It never stops protection: freezing a card, calling, writing as a guest (SR-31).
    """
    if not Member.objects.filter(pk=member_id).update(locked_at=clock.machine_now() if locked else None):
        raise NotThere()
    tell(f"revoked:member:{member_id}", None, {})


@command("member.prefer_name", by=[Kind.MEMBER], level=PREFERENCES, about="member")
def prefer_name(*, by: Standing, now: datetime, name: Clean) -> bool:
    """How the member wants to be called from now on; "" goes back to their given name.

    Letters of law keep the legal name. False: it was so already. Raises NotAName, TooMany.
    """
    wanted = tidy_name(name)
    if wanted and not can_be_called(wanted):
        raise NotAName(field="name")
    _count(by)
    return _change(by, preferred_name=wanted)


@command("member.choose_language", by=[Kind.MEMBER], about="member")
def choose_language(*, by: Standing, now: datetime, language: str) -> bool:
    """The language of the member's pages on every device, and of what we write to them. Counts at the next request.

    It tells nothing and is undone by one press, so that no level is asked for. False: it was so already. Raises
    Malformed for a language this issuer does not write, and TooMany.
    """
    if language not in current_profile().languages:
        raise Malformed(field="language")
    _count(by)
    return _change(by, chosen_language=language, language=language)


@command("member.choose_zone", by=[Kind.MEMBER], level=PREFERENCES, about="member")
def choose_zone(*, by: Standing, now: datetime, zone: str) -> bool:
    """Where the member is by the clock, one of ZONES. False: it was so already. Raises Malformed, TooMany."""
    if Member.objects.filter(pk=by.party, zone=zone).exists():
        return False
    if zone not in ZONES:
        raise Malformed(field="zone")
    _count(by)
    return _change(by, zone=zone)


@command("member.say_access_needs", by=[Kind.MEMBER], level=PREFERENCES, about="member")
def say_access_needs(
    *, by: Standing, now: datetime, needs: Sequence[str], interpreter: Clean, note: Clean
) -> bool:
    """What we should mind when we speak or write with the member, instead of what they said before; nothing takes it
    all back. An agent in an open contact hears of it at once.

    needs: values of AccessNeed. interpreter: the language, kept only with that need. False: it was so already.
    Raises Malformed (an unknown need, an interpreter of no language, a text too long), TooMany.
    """
    wanted = _in_order(needs)
    tongue = tidy_name(interpreter) if AccessNeed.INTERPRETER in wanted else ""
    line = " ".join(note.split())
    if (AccessNeed.INTERPRETER in wanted and not tongue) or len(tongue) > LONGEST_TONGUE:
        raise Malformed(field="interpreter")
    if len(line) > LONGEST_NOTE:
        raise Malformed(field="note")
    _count(by)
    said = {"needs": wanted, "interpreter": tongue, "note": line}
    before = AccessNeeds.objects.filter(member=by.party).values(*said).first()
    if said == (before or {"needs": [], "interpreter": "", "note": ""}):
        return False
    if wanted or line:
        AccessNeeds.objects.update_or_create(member_id=by.party, defaults={**said, "since": now})
    else:
        AccessNeeds.objects.filter(member=by.party).delete()
    happened(ACCESS_NEEDS_SAID, member_id=by.party)
    return True


def _in_order(needs: Sequence[str]) -> list[str]:
    """Each once, in our order, so that the same wish is always the same row."""
    if not set(needs) <= set(AccessNeed):
        raise Malformed(field="needs")
    return [need.value for need in AccessNeed if need in needs]


def _change(by: Standing, **fields: str) -> bool:
    return Member.objects.filter(pk=by.party).exclude(**fields).update(**fields) > 0


def _count(by: Standing) -> None:
    count(PROFILE_CHANGES, f"member:{by.party}")
