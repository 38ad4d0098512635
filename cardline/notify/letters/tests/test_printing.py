"""Until a print house does it: a person prints and posts, spoils, undoes, and says what came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.cases.models import Entry
from cardline.conftest import NOON
from cardline.kit import plugs
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.members.models import ContactPoint, Member
from cardline.members.restrictions.tests.scene import place
from cardline.notify.letters.access import may_print
from cardline.notify.letters.models import BadAddress, Letter
from cardline.notify.letters.printing.commands import (
    NotACertifiedNumber,
    NotInPrint,
    TooLateToUndo,
    note_address_right,
    note_come_back,
    post_letter,
    say_address_right,
    spoil_letter,
    undo_posting,
)
from cardline.notify.letters.queries import figures, held_letters, posted_lately, to_print
from cardline.notify.letters.tests.conftest import HOME
from cardline.notify.sweeps import sweep
from cardline.promises.models import Promise
from cardline.promises.sweeps import sweep as let_ladders_act

pytestmark = pytest.mark.django_db
Write = Callable[..., Letter]
ORDINARY = clean("")


def post(by: Actor, letter: Letter, certified: str = "", minutes: int = 0) -> str:
    said = post_letter(
        by=by, now=NOON + timedelta(minutes=minutes), letter_id=letter.pk, certified=clean(certified)
    )
    letter.refresh_from_db()
    return said


def promises() -> dict[str, str]:
    return dict(Promise.objects.order_by("pk").values_list("rule", "state"))


def test_posting_is_noted_with_who_did_it_and_keeps_the_promise(written: Write, printer: Actor) -> None:
    letter = written()
    assert post(printer, letter, "9407 1118 9956 0000 0001 27") == "posted"
    assert (letter.state, letter.posted_at, letter.posted_by_name) == ("posted", NOON, "Pat Moreno")
    assert letter.certified == "9407111899560000000127"
    assert promises() == {f"letter.print:{letter.pk}": "kept"}
    assert Entry.objects.filter(kind="letter.posted", visible=True).count() == 1
    with pytest.raises(NotInPrint):
        post(printer, letter)


def test_a_certified_number_may_have_forty_signs(written: Write, printer: Actor) -> None:
    letter = written()
    assert post(printer, letter, "9" * 40) == "posted" and letter.certified == "9" * 40


@pytest.mark.parametrize("number", ["9" * 41, "94/07", "nº 5", "٣"])
def test_a_certified_number_is_one(written: Write, printer: Actor, number: str) -> None:
    with pytest.raises(NotACertifiedNumber):
        post(printer, written(), number)


def test_supervisors_print_too_and_nobody_else(
    written: Write, printer: Actor, sam: Actor, dana: Actor
) -> None:
    letter = written()
    assert (may_print(printer), may_print(sam), may_print(dana)) == (True, True, False)
    acts: tuple[Any, ...] = (post_letter, spoil_letter, undo_posting, note_come_back)
    for act in acts:
        more: dict[str, Any] = {"certified": ORDINARY} if act is post_letter else {}
        with pytest.raises(NotPermitted):
            act(by=dana, now=NOON, letter_id=letter.pk, **more)
        with pytest.raises(NotThere):
            act(by=printer, now=NOON, letter_id=2**40, **more)
    assert post(sam, letter) == "posted"


def test_a_spoiled_sheet_is_counted_and_the_letter_stays(written: Write, printer: Actor) -> None:
    letter = written()
    assert [spoil_letter(by=printer, now=NOON, letter_id=letter.pk) for _ in range(2)] == [1, 2]
    letter.refresh_from_db()
    assert (letter.state, letter.spoiled) == ("to_print", 2)
    post(printer, letter)
    with pytest.raises(NotInPrint):
        spoil_letter(by=printer, now=NOON, letter_id=letter.pk)


def test_undo_brings_it_back_with_a_promise_of_its_own(written: Write, printer: Actor) -> None:
    letter = written()
    with pytest.raises(NotInPrint):
        undo_posting(by=printer, now=NOON, letter_id=letter.pk)
    post(printer, letter, "123")
    undo_posting(by=printer, now=NOON + timedelta(minutes=30), letter_id=letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.posted_at, letter.posted_by, letter.certified) == ("to_print", None, "", "")
    kept, again = Promise.objects.order_by("pk")
    assert (kept.state, again.state, again.due_at) == ("kept", "open", kept.due_at)
    assert post(printer, letter, minutes=31) == "posted"


def test_undone_after_its_last_day_it_is_still_promised(written: Write, printer: Actor) -> None:
    letter = written()  # its last day ends at 11:59 pm on Wednesday
    post(printer, letter, minutes=60 * 59 + 50)
    undone = NOON + timedelta(hours=60, minutes=5)
    undo_posting(by=printer, now=undone, letter_id=letter.pk)
    promise = Promise.objects.order_by("-pk")[0]
    assert promise.state == "open" and promise.due_at > undone


def test_undo_is_for_half_an_hour_and_for_whoever_posted(
    written: Write, printer: Actor, sam: Actor, dana: Actor
) -> None:
    letter = written()
    post(sam, letter)
    with pytest.raises(NotPermitted):
        undo_posting(by=printer, now=NOON, letter_id=letter.pk)
    with pytest.raises(TooLateToUndo):
        undo_posting(by=sam, now=NOON + timedelta(minutes=31), letter_id=letter.pk)
    undo_posting(by=sam, now=NOON, letter_id=letter.pk)
    post(printer, letter)
    undo_posting(by=sam, now=NOON, letter_id=letter.pk)  # a supervisor, whoever it was


def test_one_that_is_not_printed_in_time_climbs_the_ladder(written: Write) -> None:
    letter = written()
    let_ladders_act(NOON + timedelta(days=2))  # Wednesday noon: its last day
    assert promises() == {f"letter.print:{letter.pk}": "open"}
    let_ladders_act(NOON + timedelta(days=3))
    promise = Promise.objects.get()
    assert promise.state == "missed" and promise.queue.startswith("supervisors:")
    assert promise.escalations.exists()


def test_whoever_prints_is_stopped_by_what_came_in_between(
    written: Write, printer: Actor, member: Member
) -> None:
    letter = written()
    place(member.pk, "deceased", NOON)
    assert post(printer, letter) == "held"
    assert (letter.state, letter.why, letter.posted_at) == ("held", "restricted", None)
    assert promises() == {f"letter.print:{letter.pk}": "kept", f"letter.find_out:{letter.pk}": "open"}


def test_a_place_that_is_no_longer_theirs_gets_nothing(
    written: Write, printer: Actor, member: Member
) -> None:
    letter = written()
    ContactPoint.objects.filter(member=member, value=HOME).update(value="2 Oak St, Austin, TX 73301")
    assert post(printer, letter) == "held"
    assert letter.why == "not_safe"
    sweep(NOON + timedelta(minutes=15))
    letter.refresh_from_db()
    assert (letter.state, letter.to) == ("to_print", "2 Oak St, Austin, TX 73301")


def test_one_that_came_back_marks_the_address_and_waits_for_a_better_one(
    written: Write, printer: Actor, member: Member
) -> None:
    posted, other = written(), written("card.replacement", "")
    post(printer, posted)
    again_id = note_come_back(by=printer, now=NOON + timedelta(days=3), letter_id=posted.pk)
    posted.refresh_from_db()
    other.refresh_from_db()
    again = Letter.objects.get(pk=again_id)
    assert posted.came_back_at and BadAddress.objects.get().place == HOME
    assert ContactPoint.objects.get(kind="post").value == HOME  # never changed from the sticker
    assert (other.state, other.why) == (again.state, again.why) == ("held", "bad_address")
    assert (again.content, again.seal, again.version) == (posted.content, posted.seal, posted.version)
    assert again.name != posted.name
    assert written().why == "bad_address"  # a new one does not go there either
    with pytest.raises(NotInPrint):
        note_come_back(by=printer, now=NOON, letter_id=posted.pk)
    with pytest.raises(NotInPrint):
        undo_posting(by=printer, now=NOON, letter_id=posted.pk)


def test_what_goes_to_another_address_is_not_held(written: Write, printer: Actor, member: Member) -> None:
    posted, elsewhere = written(), written("card.replacement", "")
    Letter.objects.filter(pk=elsewhere.pk).update(to="2 Oak St, Austin, TX 73301")
    post(printer, posted)
    note_come_back(by=printer, now=NOON, letter_id=posted.pk)
    elsewhere.refresh_from_db()
    assert elsewhere.state == "to_print"


def test_a_supervisor_says_it_only_of_whom_they_may_open(
    written: Write, member: Member, sam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed:
        def may_open(self, actor: Actor, member_id: int) -> bool:
            return False

    BadAddress.objects.create(member=member, place=HOME, letter=written(), since=NOON)
    monkeypatch.setattr(plugs, "sight", Closed())
    with pytest.raises(NotThere):
        note_address_right(by=sam, now=NOON, member_id=member.pk)
    assert BadAddress.objects.get().right_at is None


def test_another_address_lets_it_go(written: Write, printer: Actor, member: Member) -> None:
    letter = written()
    post(printer, letter)
    again = Letter.objects.get(pk=note_come_back(by=printer, now=NOON, letter_id=letter.pk))
    ContactPoint.objects.create(
        member=member, kind="post", value="2 Oak St, Austin, TX 73301", since=NOON, preferred=True
    )
    sweep(NOON + timedelta(minutes=15))
    again.refresh_from_db()
    assert (again.state, again.to) == ("to_print", "2 Oak St, Austin, TX 73301")


def test_an_address_that_is_right_frees_nothing_that_is_held_for_another_reason(
    written: Write, printer: Actor, member: Member, as_member: Callable[..., Actor]
) -> None:
    home, letter, other = as_member(member), written(), written("card.replacement", "")
    later = NOON + timedelta(days=9)
    Letter.objects.filter(pk=other.pk).update(state="held", why="restricted", to="", look_at=later)
    post(printer, letter)
    note_come_back(by=printer, now=NOON, letter_id=letter.pk)
    assert say_address_right(by=home, now=NOON) is True
    other.refresh_from_db()
    assert other.look_at == later


def test_the_member_or_a_supervisor_says_that_the_address_is_right(
    written: Write, printer: Actor, member: Member, as_member: Callable[..., Actor], sam: Actor, dana: Actor
) -> None:
    home = as_member(member)
    letter = written()
    post(printer, letter)
    again = Letter.objects.get(pk=note_come_back(by=printer, now=NOON, letter_id=letter.pk))
    with pytest.raises(NotPermitted):
        note_address_right(by=dana, now=NOON, member_id=member.pk)
    assert say_address_right(by=home, now=NOON) is True
    assert say_address_right(by=home, now=NOON) is False
    assert BadAddress.objects.get().right_by == home.key
    sweep(NOON)
    again.refresh_from_db()
    assert (again.state, again.to) == ("to_print", HOME)
    post(printer, again)
    note_come_back(by=printer, now=NOON, letter_id=again.pk)
    assert note_address_right(by=sam, now=NOON, member_id=member.pk) is True


def test_the_lists_and_their_figures(written: Write, printer: Actor, dana: Actor, member: Member) -> None:
    late, soon, posted = written(), written(due_on=(NOON + timedelta(days=1)).date()), written()
    post(printer, posted)
    later = NOON + timedelta(days=2, hours=12)  # past midnight: the 26th
    assert to_print(printer) == [soon, late]
    assert posted_lately(printer, later) == [posted]
    assert not posted_lately(printer, NOON + timedelta(days=8))
    found = figures(printer, later)
    assert (found.to_print, found.late, found.held, found.posted_today) == (2, 2, 0, 0)
    assert figures(printer, NOON).posted_today == 1 and figures(printer, NOON).late == 0
    Letter.objects.filter(pk=late.pk).update(state="held")
    assert held_letters(printer) == [late]
