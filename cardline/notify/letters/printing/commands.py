"""Until a print house does it, a person prints a letter, posts it, and says so; and says what came back.

Whoever may: the team of the queue that the profile names for letters, and supervisors.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cardline.clocks.local import local_date
from cardline.issuer.profile import current_profile
from cardline.kit import plugs
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.contactdata.rules import POST, same_point
from cardline.members.models import ContactPoint, Member
from cardline.members.restrictions.rules import Allow
from cardline.notify.letters import rules
from cardline.notify.letters.access import may_print
from cardline.notify.letters.commands import hold, is_notice, put_on_its_way, tell_of, way_on_paper
from cardline.notify.letters.delivery import may_leave, why_not_there
from cardline.notify.letters.models import BadAddress, Letter
from cardline.notify.letters.rules import Route, act_by, may_undo
from cardline.notify.letters.table import letter_kind

LONGEST_NUMBER = 40
POSTED, UNPOSTED, CAME_BACK = "letter.posted", "letter.unposted", "letter.came_back"

State = Letter.State


class NotInPrint(Refusal):
    code = "not_in_print"
    sentence = _("This letter is not to be printed any more. Reload the page to see what became of it.")


class TooLateToUndo(Refusal):
    code = "too_late_to_undo"
    sentence = _("It was posted more than half an hour ago. If it comes back, say so instead.")


class NotACertifiedNumber(Malformed):
    code = "not_a_certified_number"
    sentence = _("The number of certified mail has at most 40 letters and digits. Read it from the receipt.")


@command("letter.post", by=[Kind.AGENT], about="letter:{letter_id}")
def post_letter(*, by: Standing, now: datetime, letter_id: int, certified: Clean) -> str:
    """Printed, and given to the post, by whoever says so. certified: the number of certified mail, "" for ordinary.

    Returns "posted"; "held" where it must not leave any more: then it was not to be posted, and is told to a person.
    Raises NotPermitted, NotThere, NotInPrint, NotACertifiedNumber.
    """
    number = "".join(certified.split())
    if len(number) > LONGEST_NUMBER or (number and not (number.isascii() and number.isalnum())):
        raise NotACertifiedNumber(field="certified")
    row = _in_print(by, letter_id)
    if why := _why_not_now(row, now):
        return "held" if hold(row, why, now) else _is_over()
    moved = Letter.objects.filter(pk=letter_id, state=State.TO_PRINT).update(
        state=State.POSTED,
        posted_at=now,
        posted_by=by.actor.key,
        posted_by_name=by.actor.name,
        certified=number,
    )
    if not moved:
        _is_over()
    row.refresh_from_db()
    tell_of(POSTED, row, now)
    return "posted"


@command("letter.spoil", by=[Kind.AGENT], about="letter:{letter_id}")
def spoil_letter(*, by: Standing, now: datetime, letter_id: int) -> int:
    """The sheet was spoiled and destroyed; it is printed again. Returns how many were by now.

    Raises NotPermitted, NotThere, NotInPrint.
    """
    row = _in_print(by, letter_id)
    Letter.objects.filter(pk=letter_id).update(spoiled=F("spoiled") + 1)
    return row.spoiled + 1


@command("letter.undo_posting", by=[Kind.AGENT], about="letter:{letter_id}")
def undo_posting(*, by: Standing, now: datetime, letter_id: int) -> None:
    """It was not posted after all. By whoever said so, or a supervisor, within half an hour.

    Raises NotPermitted, NotThere, TooLateToUndo, NotInPrint.
    """
    row = _seen(by, letter_id)
    if row.posted_at is None or row.came_back_at is not None:
        _is_over()
    elif not may_undo(row.posted_at, now):
        raise TooLateToUndo()
    if row.posted_by != by.actor.key and not by.actor.is_supervisor:
        raise NotPermitted()
    moved = Letter.objects.filter(pk=letter_id, state=State.POSTED, came_back_at=None).update(
        state=State.TO_PRINT, posted_at=None, posted_by="", posted_by_name="", certified=""
    )
    if not moved:
        _is_over()
    row.refresh_from_db()
    tell_of(UNPOSTED, row, now)


@command("letter.come_back", by=[Kind.AGENT], about="letter:{letter_id}")
def note_come_back(*, by: Standing, now: datetime, letter_id: int) -> int:
    """The post returned it: the address is bad until somebody says what is right, and nothing more goes there. What it
    says still has to reach the member, so the same letter waits for a place. Returns the number of that one, 0 for a
    notice: it was for that place, and the others were told themselves.

    Raises NotPermitted, NotThere, NotInPrint.
    """
    row = _seen(by, letter_id)
    back = Letter.objects.filter(pk=letter_id, state=State.POSTED, came_back_at=None)
    if not back.update(came_back_at=now):
        _is_over()
    if _is_theirs(row):
        BadAddress.objects.get_or_create(
            member=row.member, place=row.to, right_at=None, defaults={"letter": row, "since": now}
        )
    tell_of(CAME_BACK, row, now)
    for other in Letter.objects.filter(member=row.member, state=State.TO_PRINT):
        if same_point(POST, other.to, row.to):
            hold(other, rules.BAD_ADDRESS, now)
    return 0 if is_notice(row) else _again(row, now).pk


@command("letter.address_right", by=[Kind.MEMBER], level="info:preferences", about="member")
def say_address_right(*, by: Standing, now: datetime) -> bool:
    """The member says that their address on file is right, though a letter came back from it. What waited for it goes
    at the next look. False: no address was bad.
    """
    return _is_right(by, by.party, now)


@command("letter.address_right_told", by=[Kind.AGENT], about="member:{member_id}")
def note_address_right(*, by: Standing, now: datetime, member_id: int) -> bool:
    """The same by a supervisor, whom the member told so. Raises NotPermitted, NotThere."""
    if not by.actor.is_supervisor:
        raise NotPermitted()
    if not plugs.sight.may_open(by.actor, member_id):
        raise NotThere()
    return _is_right(by, member_id, now)


def _is_right(by: Standing, member_id: int, now: datetime) -> bool:
    bad = BadAddress.objects.filter(member=member_id, right_at=None)
    if not bad.update(right_at=now, right_by=by.actor.key):
        return False
    Letter.objects.filter(member=member_id, state=State.HELD, why=rules.BAD_ADDRESS).update(look_at=now)
    return True


def _again(row: Letter, now: datetime) -> Letter:
    """The same words once more, to wherever the member can be reached by then."""
    profile = current_profile()
    same = (
        "member_id",
        "case",
        "kind",
        "version",
        "language",
        "country",
        "law",
        "reference",
        "content",
        "seal",
    )
    again = Letter(**{name: getattr(row, name) for name in (*same, "due_on")})
    again.act_by = act_by(
        local_date(now, profile.zone), letter_kind(row.kind).days, row.due_on, profile.calendar
    )
    put_on_its_way(again, Route("paper", rules.BAD_ADDRESS, ""), now)
    return again


def _is_theirs(row: Letter) -> bool:
    """Whether it went to an address that we still have of them: a notice also goes to one that was."""
    points = ContactPoint.objects.filter(member=row.member, kind=ContactPoint.Kind.POST)
    return any(same_point(POST, point.value, row.to) for point in points)


def _why_not_now(row: Letter, now: datetime) -> str:
    if is_notice(row):
        way = way_on_paper(row, now)
        return way.why if way.is_held else ""
    if not isinstance(may_leave(row.member_id, letter_kind(row.kind), now), Allow):
        return rules.RESTRICTED
    return why_not_there(Member.objects.get(pk=row.member_id), row.to)


def _in_print(by: Standing, letter_id: int) -> Letter:
    row = _seen(by, letter_id)
    if row.state != State.TO_PRINT:
        _is_over()
    return row


def _seen(by: Standing, letter_id: int) -> Letter:
    if not may_print(by.actor):
        raise NotPermitted()
    row = visible(Letter, by.actor).select_related("member").filter(pk=letter_id).first()
    if row is None:
        raise NotThere()
    return row


def _is_over() -> str:
    raise NotInPrint()
