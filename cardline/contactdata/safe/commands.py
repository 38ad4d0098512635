"""How a member may safely be reached: it overrides every notice, letter, call and reminder (DOMAIN 8).

Nobody can be silenced by it: a member names a phone alone that we have had for long, so the owner still hears of what
is done. A fresh number is noted by a person, who has spoken with them.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.contactdata.people import asking
from cardline.identity.codes.rules import is_bound
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.refusals import Malformed, NotThere
from cardline.members.models import ContactPoint, SafeContact

SAFE_CHANGES = Limit("safe_changes", 10, 3_600)


class TooFresh(Malformed):
    code = "too_fresh"
    sentence = _("We have had this number for less than 30 days. Call us from it, and we note it with you.")


class NobodyLeft(Malformed):
    code = "nobody_left"
    sentence = _("Without letters we need a phone or an email of yours. Add one first.")


@command("contact_data.say_safe", by=[Kind.MEMBER, Kind.AGENT], level="info:safe_contact", about="member")
def say_safe_contact(
    *,
    by: Standing,
    now: datetime,
    only_id: int = 0,
    no_voicemail: bool = False,
    no_post: bool = False,
    contact_id: int | None = None,
) -> bool:
    """How the member may be reached from now on; nothing of it takes back what they said before.

    only_id: the one phone to use, 0 for any. contact_id: the conversation an agent acts in. False: it was so already.
    Raises NotThere, TooFresh, NobodyLeft, TooMany.
    """
    asked = asking(by, now, contact_id)
    count(SAFE_CHANGES, f"member:{asked.member.pk}")
    points = ContactPoint.objects.filter(member=asked.member)
    only = points.filter(pk=only_id, kind=ContactPoint.Kind.PHONE).first() if only_id else None
    if only_id and only is None:
        raise NotThere()
    if only and not by.actor.is_staff and not is_bound(only.since, asked.member.since, now):
        raise TooFresh(field="only")
    if no_post and not points.exclude(kind=ContactPoint.Kind.POST).exists():
        raise NobodyLeft(field="no_post")
    said = {"only_id": only.pk if only else None, "no_voicemail": no_voicemail, "no_post": no_post}
    nothing = {"only_id": None, "no_voicemail": False, "no_post": False}
    before = SafeContact.objects.filter(member=asked.member).values(*said).first() or nothing
    if said == before:
        return False
    if said == nothing:
        SafeContact.objects.filter(member=asked.member).delete()
    else:
        SafeContact.objects.update_or_create(
            member=asked.member, defaults={**said, "since": now, "set_by": by.actor.key}
        )
    return True
