"""Another legal name, and what stands on the next card.

A legal name changes with a document and a person who looks at it; however surely the member is known, nothing is done
by itself (DOMAIN 8). What stands on the card is theirs to say, as far as it is their name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.contactdata.changes.commands import ask_for_name_of
from cardline.contactdata.people import asking
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean
from cardline.kit.refusals import Malformed
from cardline.members.commands import NotAName
from cardline.members.contactdata.names import embossed, is_theirs
from cardline.members.models import Member
from cardline.members.rules import can_be_called, tidy_name

ASKERS = [Kind.MEMBER, Kind.AGENT]
NAMES_ON_CARDS = Limit("names_on_cards", 10, 3_600)


class NotALegalName(Malformed):
    code = "not_a_legal_name"
    sentence = _("Write the name as it stands on the document: letters of any script, at most 80 of them.")


class NotForACard(Malformed):
    code = "not_for_a_card"
    sentence = _(
        "A card can carry your own name: 26 letters at most, with your family name, and initials for the rest."
    )


@command("contact_data.name", by=ASKERS, level="info:name", about="member")
def change_name(
    *, by: Standing, now: datetime, given_name: Clean, family_name: Clean, contact_id: int | None = None
) -> dict[str, Any]:
    """Ask for another legal name, by somebody known strongly. It waits until a person saw a document that shows it.

    Returns {"change", "state", "why"}. Raises NotALegalName, SamePoint, WaitsAlready, NotThere, TooMany.
    """
    return _ask(by, now, given_name, family_name, contact_id, strongly=True)


@command("contact_data.name_by_document", by=ASKERS, level="info:by_document", about="member")
def ask_for_name(
    *, by: Standing, now: datetime, given_name: Clean, family_name: Clean, contact_id: int | None = None
) -> dict[str, Any]:
    """The same by somebody who is not known strongly; whoever decides reads that."""
    return _ask(by, now, given_name, family_name, contact_id, strongly=False)


@command("contact_data.called", by=[Kind.AGENT], level="info:preferences", about="contact:{contact_id}")
def note_preferred_name(*, by: Standing, now: datetime, contact_id: int, name: Clean) -> bool:
    """How the member an agent speaks with wants to be called; "" goes back to their given name. Letters of law keep the
    legal name. False: it was so already. Raises NotThere, NotYours, ContactEnded, NotAName.
    """
    member = asking(by, now, contact_id).member
    wanted = tidy_name(name)
    if wanted and not can_be_called(wanted):
        raise NotAName(field="name")
    changed = Member.objects.filter(pk=member.pk).exclude(preferred_name=wanted)
    return bool(changed.update(preferred_name=wanted))


@command("contact_data.emboss", by=ASKERS, level="info:preferences", about="member")
def choose_embossed_name(*, by: Standing, now: datetime, name: Clean, contact_id: int | None = None) -> bool:
    """What their next card carries; "" goes back to the legal name. contact_id: the conversation an agent acts in.
    False: it was so already. Raises NotForACard, NotThere, TooMany.
    """
    member = asking(by, now, contact_id).member
    wanted = embossed(name)
    is_own = is_theirs(wanted, member.given_name, member.family_name, member.preferred_name)
    if name.strip() and not (wanted and is_own):
        raise NotForACard(field="embossed")
    count(NAMES_ON_CARDS, f"member:{member.pk}")
    changed = Member.objects.filter(pk=member.pk).exclude(embossed_name=wanted)
    return bool(changed.update(embossed_name=wanted))


def _ask(
    by: Standing, now: datetime, given: str, family: str, contact_id: int | None, *, strongly: bool
) -> dict[str, Any]:
    names = {"given_name": _name(given, "given_name"), "family_name": _name(family, "family_name")}
    return ask_for_name_of(asking(by, now, contact_id), {**names, "strongly": strongly})


def _name(typed: str, field: str) -> str:
    name = tidy_name(typed)
    if not can_be_called(name):
        raise NotALegalName(field=field)
    return name
