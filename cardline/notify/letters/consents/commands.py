"""Members agree to letters on our pages instead of on paper, and take that back at any time (15 USC 7001(c))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.kit import plugs
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.members.models import Member
from cardline.notify.letters import rules
from cardline.notify.letters.commands import fall_to_paper
from cardline.notify.letters.disclosure import current_disclosure
from cardline.notify.letters.models import Letter, PaperConsent
from cardline.notify.letters.table import CLASSES, letter_kind
from cardline.notify.reach import ways_to

CONSENTS = Limit("paper_consents", 20, 3_600)


class NothingChosen(Malformed):
    code = "nothing_chosen"
    sentence = _("Tick at least one kind of letter.")


class OtherTerms(Refusal):
    code = "other_terms"
    sentence = _("What we say about letters without paper changed just now. Read it again, then agree.")


class NoEmail(Refusal):
    status = 422
    code = "no_email"
    sentence = _(
        "We need an email address of yours to tell you of a letter. Add one under Contact details first."
    )


@command("letter.consent", by=[Kind.MEMBER], level="info:preferences", about="member")
def give_paper_consent(*, by: Standing, now: datetime, covers: Sequence[str], disclosure: str) -> list[str]:
    """The member wants these classes of letters on their pages from now on. disclosure: the version they had before
    their eyes; it was shown in the form in which letters will be, which is what makes it count.

    Agreeing again renews the date and the version. Returns the classes that are agreed to by it. Raises NothingChosen,
    Malformed for a class there is not, OtherTerms, NoEmail, TooMany.
    """
    if not covers:
        raise NothingChosen(field="covers")
    if not set(covers) <= set(CLASSES):
        raise Malformed(field="covers")
    if disclosure != current_disclosure().version:
        raise OtherTerms()
    count(CONSENTS, f"member:{by.party}")
    member = Member.objects.get(pk=by.party)
    if not ways_to(member, ("email",)):
        raise NoEmail()
    chosen = [one for one in CLASSES if one in covers]
    live = PaperConsent.objects.filter(member=member, withdrawn_at=None)
    live.filter(covers__in=chosen).exclude(disclosure=disclosure).update(
        withdrawn_at=now, withdrawn_by=by.actor.key
    )
    agreed = set(live.values_list("covers", flat=True))
    PaperConsent.objects.bulk_create(
        PaperConsent(member=member, covers=one, disclosure=disclosure, given_at=now)
        for one in chosen
        if one not in agreed
    )
    return chosen


@command("letter.withdraw_consent", by=[Kind.MEMBER, Kind.AGENT], about="member:{member_id}")
def withdraw_paper_consent(*, by: Standing, now: datetime, member_id: int, covers: Sequence[str]) -> int:
    """Back to paper, for these classes; by the member, or by a colleague to whom they said so. No level is asked for:
    paper is their right, and it goes nowhere but to the address on file.

    What is on their pages unread, and can still be in time, is printed. Returns how many consents ended. Raises
    NotThere, NothingChosen, Malformed.
    """
    theirs = by.actor.member_id == member_id
    if not (plugs.sight.may_open(by.actor, member_id) if by.actor.is_staff else theirs):
        raise NotThere()
    if not covers:
        raise NothingChosen(field="covers")
    if not set(covers) <= set(CLASSES):
        raise Malformed(field="covers")
    ended = PaperConsent.objects.filter(member=member_id, covers__in=covers, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=by.actor.key
    )
    if ended:
        _print_what_is_unread(member_id, set(covers), now)
    return ended


def _print_what_is_unread(member_id: int, covers: set[str], now: datetime) -> None:
    rows = Letter.objects.filter(
        member=member_id, state=Letter.State.SHOWN, read_at=None, look_at__isnull=False
    )
    for row in rows.select_related("member"):
        if letter_kind(row.kind).covers in covers:
            fall_to_paper(row, rules.WITHDRAWN, now)
