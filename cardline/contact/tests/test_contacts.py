"""A contact from first word to receipt: who may speak, what is refused, and that nothing is skipped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cases.models import Case, Entry
from cardline.cases.queries import case_by_reference, entries_after
from cardline.conftest import NEED, NOON, chat_of, new_agent
from cardline.contact.commands import (
    ContactEnded,
    EmptyMessage,
    MessageTooLong,
    NotYours,
    WrapUpMissing,
    answer_summary,
    end_contact,
    propose_summary,
    put_back_contact,
    send_message,
    take_contact,
    take_over_contact,
    watch_on,
)
from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.models import OutboxItem
from cardline.kit.redact import clean
from cardline.kit.reference import parse_reference, show_reference
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.promises.models import Promise
from cardline.routing.commands import start_chat
from cardline.routing.queries import chat_wait_seconds, place_in_line, somebody_answers
from cardline.staff.commands import mark_gone, set_presence
from cardline.staff.queries import presence_for

pytestmark = pytest.mark.django_db
WRAP_UP: dict[str, Any] = {
    "need": NEED,
    "next_step": clean("Wait for the bakery"),
    "did": clean("Opened a dispute"),
    "you": clean("Nothing"),
}


def outcome() -> str:
    return current_profile().outcomes_for(NEED)[0].id


@pytest.fixture
def chat(maya: Actor, dana: Actor, now: datetime) -> dict[str, Any]:
    return chat_of(maya, dana, now)


@pytest.fixture
def taken(chat: dict[str, Any], dana: Actor, now: datetime) -> int:
    take_contact(by=dana, now=now, contact_id=chat["contact_id"])
    return int(chat["contact_id"])


def test_the_reference_exists_from_the_first_word(maya: Actor, chat: dict[str, Any]) -> None:
    assert parse_reference(show_reference(chat["ref"])) == chat["ref"]
    assert case_by_reference(maya, show_reference(chat["ref"]).lower()).pk == chat["case_id"]


def test_starting_twice_with_one_key_is_one_contact(maya: Actor, dana: Actor, now: datetime) -> None:  # SR-65
    again: dict[str, Any] = {
        "by": maya,
        "key": "key-12345678",
        "need": NEED,
        "text": clean("twice"),
        "language": "en",
        "plan": {},
    }
    assert start_chat(**again, now=now) == start_chat(**again, now=now + timedelta(seconds=9))
    assert Contact.objects.count() == 1 and Case.objects.count() == 1


def test_nobody_on_duty_becomes_a_message_with_a_promised_answer(maya: Actor, now: datetime) -> None:
    assert not somebody_answers(NEED, now)
    began = chat_of(maya, None, now)
    assert began["channel"] == "secure_message"
    promise = Promise.objects.get(case=began["case_id"])
    assert promise.due_at == current_profile().answer_by(current_profile().queue_for(NEED).id, now)


def test_an_agent_whose_screen_is_gone_is_not_on_duty(maya: Actor, dana: Actor, now: datetime) -> None:
    set_presence(by=dana, now=now, state="available")
    assert somebody_answers(NEED, now)
    mark_gone(by=dana, now=now, closed_at=clock.machine_now())
    assert presence_for(dana.agent_id) == "lost" and not somebody_answers(NEED, now)


def test_card_numbers_never_reach_the_timeline(
    maya: Actor, dana: Actor, taken: int, now: datetime
) -> None:  # SR-3
    send_message(by=maya, now=now, contact_id=taken, text=clean("it is 3782 822463 10005, code CVV 1234"))
    said = Entry.objects.filter(kind="message").order_by("-n")[0].text
    assert "822463" not in said and "1234" not in said and "••0005" in said


@pytest.mark.parametrize("words", ["", "   ", " \r\n\t", "\x00\x07", "\u200b\u2060 \ufeff"])
def test_an_empty_message_is_refused(maya: Actor, taken: int, words: str) -> None:
    with pytest.raises(EmptyMessage):
        send_message(by=maya, now=NOON, contact_id=taken, text=clean(words))


def test_a_megabyte_is_refused_and_4000_are_not(maya: Actor, taken: int) -> None:
    with pytest.raises(MessageTooLong):
        send_message(by=maya, now=NOON, contact_id=taken, text=clean("x" * 1_000_000))
    send_message(by=maya, now=NOON, contact_id=taken, text=clean("x" * 4_000))


def test_right_to_left_and_script_come_through_as_text(maya: Actor, taken: int) -> None:
    for words in ("مرحبا، بطاقتي ضاعت", "<script>alert(1)</script>", "\u202eabc"):
        n = send_message(by=maya, now=NOON, contact_id=taken, text=clean(words))["n"]
        assert Entry.objects.get(n=n).text == words


def test_strangers_guests_and_other_teams_speak_into_nothing(
    hannah: Actor, visitor: Actor, priya: Actor, taken: int
) -> None:
    for who in (hannah, visitor, priya):
        with pytest.raises(NotThere):
            send_message(by=who, now=NOON, contact_id=taken, text=clean("hello"))
    with pytest.raises(NotThere):
        send_message(by=hannah, now=NOON, contact_id=999_999, text=clean("hello"))


def test_a_colleague_of_the_team_takes_it_over_before_speaking(dana: Actor, maya: Actor, taken: int) -> None:
    lee = new_agent("Lee", "Stone", dana.team)
    with pytest.raises(NotYours):
        send_message(by=lee, now=NOON, contact_id=taken, text=clean("hello"))
    assert take_over_contact(by=lee, now=NOON, contact_id=taken)
    send_message(by=lee, now=NOON, contact_id=taken, text=clean("hello"))
    with pytest.raises(NotYours):
        send_message(by=dana, now=NOON, contact_id=taken, text=clean("me too"))


def test_the_quicker_agent_has_it(dana: Actor, chat: dict[str, Any]) -> None:
    lee = new_agent("Lee", "Stone", dana.team)
    assert take_contact(by=lee, now=NOON, contact_id=chat["contact_id"])
    with pytest.raises(NotYours):
        take_contact(by=dana, now=NOON, contact_id=chat["contact_id"])
    assert take_contact(by=lee, now=NOON, contact_id=chat["contact_id"]) is False


def test_a_guests_chat_is_theirs_by_their_token_alone(visitor: Actor, dana: Actor, now: datetime) -> None:
    began = chat_of(visitor, dana, now)
    send_message(by=visitor, now=now, contact_id=began["contact_id"], text=clean("still me"))
    assert Case.objects.get(pk=began["case_id"]).member_id is None
    assert case_by_reference(visitor, began["ref"]).pk == began["case_id"]


def test_wrap_up_cannot_be_skipped(dana: Actor, taken: int) -> None:
    with pytest.raises(WrapUpMissing):
        end_contact(by=dana, now=NOON, contact_id=taken)
    for missing in ("next_step", "did", "you"):
        with pytest.raises(WrapUpMissing):
            propose_summary(
                by=dana, now=NOON, contact_id=taken, outcome=outcome(), **{**WRAP_UP, missing: clean(" ")}
            )
    with pytest.raises(WrapUpMissing):
        propose_summary(by=dana, now=NOON, contact_id=taken, outcome="", **WRAP_UP)
    with pytest.raises(Malformed):
        propose_summary(by=dana, now=NOON, contact_id=taken, outcome="made_up", **WRAP_UP)


def test_not_quite_must_be_mended_before_the_end(dana: Actor, maya: Actor, taken: int) -> None:
    first = propose_summary(by=dana, now=NOON, contact_id=taken, outcome=outcome(), **WRAP_UP)
    assert answer_summary(
        by=maya, now=NOON, contact_id=taken, round=first, right=False, text=clean("it was two cards")
    )
    with pytest.raises(Refusal, match="not quite"):
        end_contact(by=dana, now=NOON, contact_id=taken)
    second = propose_summary(by=dana, now=NOON, contact_id=taken, outcome=outcome(), **WRAP_UP)
    with pytest.raises(Refusal, match="changed"):
        answer_summary(by=maya, now=NOON, contact_id=taken, round=first, right=True, text=clean(""))
    assert answer_summary(by=maya, now=NOON, contact_id=taken, round=second, right=True, text=clean(""))
    assert (
        answer_summary(by=maya, now=NOON, contact_id=taken, round=second, right=True, text=clean("")) is False
    )
    assert end_contact(by=dana, now=NOON, contact_id=taken)
    assert end_contact(by=dana, now=NOON, contact_id=taken) is False
    with pytest.raises(ContactEnded):
        send_message(by=maya, now=NOON, contact_id=taken, text=clean("one more thing"))


def test_only_the_member_says_whether_it_is_right(dana: Actor, hannah: Actor, taken: int) -> None:
    shown = propose_summary(by=dana, now=NOON, contact_id=taken, outcome=outcome(), **WRAP_UP)
    with pytest.raises(NotThere):
        answer_summary(by=hannah, now=NOON, contact_id=taken, round=shown, right=True, text=clean(""))


def test_a_lost_agents_chat_goes_back_to_its_queue(
    dana: Actor, maya: Actor, taken: int, now: datetime
) -> None:
    from cardline.kit.outbox import Claim, carry_out

    send_message(by=maya, now=now + timedelta(seconds=1), contact_id=taken, text=clean("are you there?"))
    unread = Claim(1, "message.unread", {"contact": taken, "n": 1}, 1, 1)
    assert carry_out(unread, now) == "" and Contact.objects.get(pk=taken).state == "active"
    mark_gone(by=dana, now=now, closed_at=clock.machine_now())
    assert carry_out(unread, now) == ""
    contact = Contact.objects.get(pk=taken)
    assert contact.state == "waiting" and contact.agent_id is None
    assert put_back_contact(by=SYSTEM, now=now, contact_id=taken) is False


def looks() -> list[datetime]:
    rows = OutboxItem.objects.filter(kind="message.unread").order_by("id")
    return list(rows.values_list("due_at", flat=True))


def test_one_look_is_queued_however_much_a_member_writes(maya: Actor, dana: Actor, taken: int) -> None:
    at = clock.now()
    for seconds in (1, 2, 3):
        send_message(by=maya, now=at + timedelta(seconds=seconds), contact_id=taken, text=clean("hello?"))
    send_message(by=dana, now=at + timedelta(seconds=4), contact_id=taken, text=clean("Here I am."))
    assert looks() == [Contact.objects.get(pk=taken).watched_until]


def test_the_next_look_comes_two_minutes_after_the_newest_message(maya: Actor, taken: int) -> None:
    at = clock.now()
    send_message(by=maya, now=at, contact_id=taken, text=clean("hello?"))
    assert watch_on(by=SYSTEM, now=at + timedelta(seconds=50), contact_id=taken) is True
    first, second = looks()
    assert abs(first - second - timedelta(seconds=50)) < timedelta(seconds=5)  # so much of its time is gone
    assert Contact.objects.get(pk=taken).watched_until == second
    assert watch_on(by=SYSTEM, now=at + timedelta(minutes=2), contact_id=taken) is False
    assert Contact.objects.get(pk=taken).watched_until is None and len(looks()) == 2
    send_message(by=maya, now=at + timedelta(minutes=3), contact_id=taken, text=clean("hello?"))
    assert len(looks()) == 3


def test_a_look_that_is_long_past_does_not_stand_in_the_way_of_the_next(maya: Actor, taken: int) -> None:
    Contact.objects.filter(pk=taken).update(watched_until=clock.machine_now() - timedelta(hours=1))
    before = len(looks())
    send_message(by=maya, now=clock.now(), contact_id=taken, text=clean("hello?"))
    assert len(looks()) == before + 1


def test_the_wait_is_unknown_rather_than_zero(maya: Actor, hannah: Actor, dana: Actor, now: datetime) -> None:
    queue = current_profile().queue_for(NEED).id
    assert chat_wait_seconds(queue, now) is None
    set_presence(by=dana, now=now, state="available")
    assert chat_wait_seconds(queue, now) == 0
    set_presence(by=dana, now=now, state="busy")
    assert chat_wait_seconds(queue, now) is None
    for minutes in (2, 4, 9):
        began = chat_of(maya, None, now)
        take_contact(by=dana, now=now + timedelta(minutes=minutes), contact_id=began["contact_id"])
    assert chat_wait_seconds(queue, now + timedelta(minutes=10)) == 240
    first, second = chat_of(maya, None, now), chat_of(hannah, None, now + timedelta(seconds=1))
    assert (place_in_line(first["contact_id"]), place_in_line(second["contact_id"])) == (1, 2)


def test_a_member_sees_no_entry_that_is_for_staff(
    maya: Actor, dana: Actor, taken: int, chat: dict[str, Any]
) -> None:
    propose_summary(
        by=dana,
        now=NOON,
        contact_id=taken,
        outcome=current_profile().outcomes_for("rewards.balance")[0].id,
        **{**WRAP_UP, "need": "rewards.balance"},
    )
    assert "case.classified" in {e.kind for e in entries_after(dana, chat["case_id"], 0)}
    assert "case.classified" not in {e.kind for e in entries_after(maya, chat["case_id"], 0)}
