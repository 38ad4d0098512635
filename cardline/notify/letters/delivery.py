"""By which way a letter goes to a member: on their pages where they agreed to that, else on paper; or not now.

Asked when it is sent, and once more before somebody prints it: a restriction, an unsafe place or a bad address may
have come in between.
"""

from __future__ import annotations

from datetime import datetime

from cardline.members.contactdata.rules import POST, same_point
from cardline.members.models import ContactPoint, Member
from cardline.members.restrictions.queries import may_send
from cardline.members.restrictions.rules import Allow, Decision
from cardline.notify.doors import can_leave_by
from cardline.notify.letters import rules
from cardline.notify.letters.disclosure import current_disclosure
from cardline.notify.letters.models import BadAddress, PaperConsent
from cardline.notify.letters.rules import Route
from cardline.notify.letters.table import LetterKind
from cardline.notify.reach import is_safe, ways_to


def route(member: Member, law: str, now: datetime, *, of: LetterKind) -> Route:
    """law: under which it is written, "" where none demands writing.

    Electronic takes a dated consent that covers the class; where a law demands writing, one given after reading what
    we say of it today (15 USC 7001(c)(1)(D)). Then the e-mail that announces it needs a place, too.
    """
    if not isinstance(may_leave(member.pk, of, now), Allow):
        return Route("paper", rules.RESTRICTED, "")
    why = _why_not_electronic(member, law, of.covers)
    if not why:
        return Route("electronic", rules.CONSENT, _email(member))
    return _on_paper(member, why)


def paper_route(member: Member, now: datetime, *, of: LetterKind) -> Route:
    """The same for a letter that has to be on paper, or that waits for a place to go to."""
    if not isinstance(may_leave(member.pk, of, now), Allow):
        return Route("paper", rules.RESTRICTED, "")
    return _on_paper(member, rules.NO_CONSENT)


def notice_route(member: Member, place: str, now: datetime, *, of: LetterKind) -> Route:
    """For a notice, which goes to that place or nowhere."""
    if not isinstance(may_leave(member.pk, of, now), Allow):
        return Route("paper", rules.RESTRICTED, place)
    if not is_safe(member.pk, "letter", place):
        return Route("paper", rules.NOT_SAFE, place)
    return Route("paper", rules.BAD_ADDRESS if address_is_bad(member.pk, place) else rules.THAT_PLACE, place)


def may_leave(member_id: int, of: LetterKind, now: datetime) -> Decision:
    """What the restrictions say of such a letter."""
    return may_send(member_id, of.leaves_as, now)


def why_not_there(member: Member, place: str) -> str:
    """Why no letter goes to a place, a word of rules.py; "" where it may."""
    if address_is_bad(member.pk, place):
        return rules.BAD_ADDRESS
    return "" if place in _postal_places(member) else rules.NOT_SAFE


def address_is_bad(member_id: int, place: str) -> bool:
    """Whether a letter came back from there, and nobody has said since that it is right."""
    bad = BadAddress.objects.filter(member=member_id, right_at=None).values_list("place", flat=True)
    return any(same_point(POST, one, place) for one in bad)


def _why_not_electronic(member: Member, law: str, covers: str) -> str:
    consent = PaperConsent.objects.filter(member=member, covers=covers, withdrawn_at=None).first()
    if consent is None:
        return rules.NO_CONSENT
    if law and consent.disclosure != current_disclosure().version:
        return rules.OLD_DISCLOSURE
    return "" if _email(member) and can_leave_by("email") else rules.NO_EMAIL


def _on_paper(member: Member, why: str) -> Route:
    places = _postal_places(member)
    if not places:
        has_one = member.points.filter(kind=ContactPoint.Kind.POST).exists()
        return Route("paper", rules.NOT_SAFE if has_one else rules.NO_ADDRESS, "")
    good = next((place for place in places if not address_is_bad(member.pk, place)), "")
    return Route("paper", why if good else rules.BAD_ADDRESS, good)


def _postal_places(member: Member) -> list[str]:
    return [place for _channel, place in ways_to(member, ("letter",))]


def _email(member: Member) -> str:
    return next((place for _channel, place in ways_to(member, ("email",))), "")
