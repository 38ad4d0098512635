"""What happens to a file: it is given, checked, opened; and now and then its bytes are lost."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Sum

from cardline.cases import timeline
from cardline.cases.models import Case
from cardline.files.kinds import MIB
from cardline.files.models import StoredFile
from cardline.files.refusals import CaseIsClosed, NotHandedOut, ShelfIsFull
from cardline.files.rules import LEASE, next_try
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible

UPLOADS = Limit("uploads", 30, 3_600)
UPLOADS_BY_ADDRESS = Limit("uploads_by_address", 90, 3_600)
UPLOADS_IN_ALL = Limit("uploads_in_all", 3_000, 3_600)
UPLOADS_OF_A_GUEST = Limit("uploads_of_a_guest", 5, 3_600)
MOST_IN_A_CASE = 100
MOST_BYTES_OF_A_MEMBER = 1_024 * MIB
# Whoever it is, we do not know them and give nothing back: enough for a police report and a photo or two.
MOST_OF_A_GUEST = 10
MOST_BYTES_OF_A_GUEST = 50 * MIB

State = StoredFile.State
CARD_NUMBER, HARMFUL, LOST, DAMAGED = "card_number", "harmful", "lost", "damaged"


@command("file.add", by=[Kind.MEMBER, Kind.GUEST, Kind.AGENT], about="case:{case_id}")
def add_file(
    *,
    by: Standing,
    now: datetime,
    case_id: int,
    token: str,
    sha256: str,
    size_bytes: int,
    kind: str,
    name: Clean,
    contact_id: int | None = None,
) -> int:
    """A member adds a file to their open case, a guest to the one they began, or an agent what came for it, by post for
    one: it is its member's all the same. Its bytes already lie on the shelf under `token`. What is in nobody's name
    only colleagues open: it proves nothing about anybody.

    It waits for its check, which begins at once. kind: of files/kinds.py. Returns the file's id; a repeat with the same
    key gets the first one's. Raises NotThere, CaseIsClosed, ShelfIsFull, TooMany.
    """
    case = visible(Case, by.actor).filter(pk=case_id).first()
    if case is None:
        raise NotThere()
    if case.state != Case.State.OPEN:
        raise CaseIsClosed()
    _count(by)
    owner = case.member_id if by.actor.is_staff else by.party or None
    _make_room(owner, case, size_bytes)
    file = StoredFile.objects.create(
        token=token,
        sha256=sha256,
        size_bytes=size_bytes,
        type=kind,
        name=name,
        member_id=owner,
        case=case,
        contact=contact_id,
        given_by=by.actor.key,
        given_by_name=by.actor.name,
        given_at=now,
        check_at=clock.machine_now(),
    )
    details = {"file": file.pk, "type": kind, "size_bytes": size_bytes}
    if by.actor.is_staff:
        details["by"] = by.actor.name
    timeline.append(case.pk, "file.added", name, contact_id=contact_id, data=details)
    return file.pk


def _count(by: Standing) -> None:
    count(UPLOADS_OF_A_GUEST if by.actor.kind == Kind.GUEST else UPLOADS, by.actor.key)
    count(UPLOADS_IN_ALL, "all")


def _make_room(owner: int | None, case: Case, size_bytes: int) -> None:
    """owner: the member whose it is; None in a guest's case, which has little room of its own."""
    in_case = StoredFile.objects.filter(case=case)
    if in_case.count() >= (MOST_IN_A_CASE if owner else MOST_OF_A_GUEST):
        raise ShelfIsFull()
    kept = StoredFile.objects.filter(member=owner) if owner else in_case
    theirs = kept.exclude(state=State.DELETED).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    if theirs + size_bytes > (MOST_BYTES_OF_A_MEMBER if owner else MOST_BYTES_OF_A_GUEST):
        raise ShelfIsFull()


@command("file.open", by=[Kind.MEMBER, Kind.AGENT], about="file:{file_id}")
def open_file(*, by: Standing, now: datetime, file_id: int) -> str:
    """Somebody who may see it opens a checked file; the look is recorded (SR-25). Returns its token.

    Raises NotThere, NotHandedOut.
    """
    file = visible(StoredFile, by.actor).filter(pk=file_id).first()
    if file is None:
        raise NotThere()
    if file.state != State.CLEAN:
        raise NotHandedOut()
    return file.token


# -------------------------------------------------------------------------------------------------- checking


@command("file.take_up", by=[Kind.SYSTEM], housekeeping=True)
def take_up_check(*, by: Standing, now: datetime, file_id: int) -> int:
    """Take a waiting file in hand for a while. Returns the lease's number; 0 when somebody else has it, or had."""
    at = clock.machine_now()
    due = StoredFile.objects.filter(pk=file_id, state=State.WAITING, check_at__lte=at)
    if not due.update(check_at=at + LEASE, lease=F("lease") + 1, tries=F("tries") + 1):
        return 0
    return StoredFile.objects.values_list("lease", flat=True).get(pk=file_id)


@command("file.put_off", by=[Kind.SYSTEM], housekeeping=True)
def put_off_check(*, by: Standing, now: datetime, file_id: int, lease: int) -> bool:
    """The scanner gave no answer: the file waits on, and everything else goes on (SR-57). False: no longer ours."""
    ours = StoredFile.objects.filter(pk=file_id, state=State.WAITING, lease=lease)
    tries = ours.values_list("tries", flat=True).first()
    return tries is not None and bool(ours.update(check_at=clock.machine_now() + next_try(tries)))


@command("file.pass", by=[Kind.SYSTEM], about="file:{file_id}")
def pass_file(*, by: Standing, now: datetime, file_id: int, lease: int, scanner: str, unread: bool) -> bool:
    """Nothing was found in it: it may be opened. scanner: who looked, "" for nobody. False: no longer ours."""
    return _settle(file_id, lease, now, State.CLEAN, scanner=scanner, unread=unread)


@command("file.hold_back", by=[Kind.SYSTEM], about="file:{file_id}")
def hold_back_file(*, by: Standing, now: datetime, file_id: int, lease: int, why: str, scanner: str) -> bool:
    """It may be harmful, or holds a card number: nobody opens it. The member reads so on their case."""
    return _settle(file_id, lease, now, State.QUARANTINED, why=why, scanner=scanner)


@command("file.lose", by=[Kind.SYSTEM], about="file:{file_id}")
def lose_file(*, by: Standing, now: datetime, file_id: int, why: str) -> bool:
    """Its bytes are gone (`lost`) or not those we took (`damaged`): it is never handed out again. False: known."""
    there = StoredFile.objects.filter(pk=file_id).exclude(state__in=StoredFile.GONE)
    if not there.update(state=State.REFUSED, why=why, settled_at=now, check_at=None):
        return False
    _tell(StoredFile.objects.get(pk=file_id), "file.lost")
    return True


def _settle(
    file_id: int,
    lease: int,
    now: datetime,
    state: State,
    *,
    why: str = "",
    scanner: str,
    unread: bool = False,
) -> bool:
    ours = StoredFile.objects.filter(pk=file_id, state=State.WAITING, lease=lease)
    if not ours.update(state=state, why=why, scanner=scanner, unread=unread, settled_at=now, check_at=None):
        return False
    file = StoredFile.objects.get(pk=file_id)
    _tell(file, "file.held_back" if state == State.QUARANTINED else "file.passed")
    return True


def _tell(file: StoredFile, kind: str) -> None:
    """In the case's timeline, for the member too: they may have another copy to send."""
    if file.case_id is not None:
        details = {"file": file.pk, "why": file.why}
        timeline.append(file.case_id, kind, clean(file.name), contact_id=file.contact, data=details)
