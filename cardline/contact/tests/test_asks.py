"""What an agent asks on the member's own pages: answered once, by whoever is signed in, for one contact and action."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from cardline.cards.commands import unfreeze_card
from cardline.cases.models import Case, Entry
from cardline.contact.asks.commands import (
    ASKS,
    NoPasscode,
    NotSignedIn,
    answer_ask,
    answer_passcode,
    ask_in_app,
    ask_passcode,
    check_passcode,
    enter_own_code,
)
from cardline.contact.commands import ContactEnded, NotYours, send_message, take_contact
from cardline.contact.models import Contact
from cardline.contact.proofs.commands import send_code_to_member
from cardline.contact.tests.people import browser, known_as, later
from cardline.identity.asks.models import Ask
from cardline.identity.asks.queries import asked_of, can_be_asked
from cardline.identity.asks.rules import ASK_LASTS
from cardline.identity.authority import action_of
from cardline.identity.commands import record_sign_out
from cardline.identity.guesses.queries import tally_of
from cardline.identity.models import Evidence, Passcode
from cardline.identity.passcodes.rules import hash_of
from cardline.identity.queries import level_of
from cardline.identity.rules import IDLE_AFTER, Proof
from cardline.identity.tests.phones import Texts, another, phone_of
from cardline.kit import plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotPermitted, NotThere, TooMany
from cardline.kit.secret import Secret
from cardline.routing.commands import start_chat
from cardline.staff.commands import set_presence

pytestmark = pytest.mark.django_db
NEED = "lost_stolen.unfreeze"
DIGITS = "481592"


@pytest.fixture
def phone_browser(maya: Actor) -> Actor:
    """Maya on another device than the one she chats from, signed in there."""
    return browser(maya, "her phone")


@pytest.fixture
def contact(maya: Actor, dana: Actor, now: datetime) -> int:
    """Begun where nobody is signed in, and in Dana's hands."""
    return chat(maya, dana, now)


def chat(member: Actor, agent: Actor, now: datetime) -> int:
    set_presence(by=agent, now=now, state="available")
    told = start_chat(
        by=member, now=now, need="dispute.duplicate_charge", text=clean("It is me"), language="en", plan={}
    )
    take_contact(by=agent, now=now, contact_id=told["contact_id"])
    return int(told["contact_id"])


def kinds_of(contact: int) -> list[str]:
    return list(
        Entry.objects.filter(contact=contact, kind__startswith="proof.").values_list("kind", flat=True)
    )


# ------------------------------------------------------------------------------------------------- in the app


def test_a_yes_on_their_own_page_verifies_the_conversation(
    phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    assert level_of(dana, contact) == 0
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact)
    (ask,) = asked_of(phone_browser)
    assert (ask.pk, ask.agent.given_name, ask.action) == (ask_id, "Dana", "")
    answer = answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=True)
    assert answer == {"answer": "approved", "won": True, "ref": ""}
    assert level_of(dana, contact) == 2 and asked_of(phone_browser) == []
    assert kinds_of(contact) == ["proof.asked", "proof.answered"]
    assert not Entry.objects.filter(kind__startswith="proof.", visible=True).exists()


def test_who_is_signed_in_nowhere_cannot_be_asked(
    maya: Actor, dana: Actor, contact: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotSignedIn):
        ask_in_app(by=dana, now=now, contact_id=contact)
    there = browser(maya, "her phone")
    assert can_be_asked(maya.member_id)
    later(monkeypatch, IDLE_AFTER)
    assert not can_be_asked(maya.member_id)
    later(monkeypatch, timedelta())
    record_sign_out(by=SYSTEM, now=now, session=there.session)
    with pytest.raises(NotSignedIn):
        ask_in_app(by=dana, now=now, contact_id=contact)


def test_of_two_devices_the_first_counts_and_the_other_hears_it_is_done(
    maya: Actor, phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    laptop = browser(maya, "her laptop")
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact)
    assert answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=True)["won"]
    second = answer_ask(by=laptop, now=now, ask_id=ask_id, approved=False)
    assert second == {"answer": "approved", "won": False, "ref": ""}
    assert Evidence.objects.filter(contact=contact, revoked_at=None).count() == 1
    assert level_of(dana, contact) == 2 and tally_of(maya.member_id).wrong == 0


@pytest.mark.parametrize(
    ("passed", "counts"), [(ASK_LASTS - timedelta(microseconds=1), True), (ASK_LASTS, False)]
)
def test_it_waits_for_five_minutes_and_not_a_moment_longer(
    phone_browser: Actor,
    dana: Actor,
    contact: int,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    passed: timedelta,
    counts: bool,
) -> None:
    began = later(monkeypatch, timedelta())
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact)
    later(monkeypatch, passed, began)
    assert bool(asked_of(phone_browser)) == counts
    answer = answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=True)
    assert answer["won"] == counts and answer["answer"] == ("approved" if counts else "")
    assert level_of(dana, contact) == (2 if counts else 0)


def test_not_me_ends_every_proof_counts_and_has_somebody_look(
    maya: Actor, phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    known_as(maya, contact, Proof.FACTS)
    assert level_of(dana, contact) == 1
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact)
    answer = answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=False)
    assert answer["won"] and answer["answer"] == "denied"
    assert level_of(dana, contact) == 0 and tally_of(maya.member_id).wrong == 1
    case = Case.objects.get(ref=answer["ref"])
    assert (case.member_id, case.need) == (maya.member_id, "lost_stolen.scam_now")
    assert case.attention_at <= now
    assert "proof.denied" in kinds_of(contact)
    assert not answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=True)["won"]
    assert level_of(dana, contact) == 0


def test_a_newer_question_takes_the_place_of_the_one_before(
    phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    first = ask_in_app(by=dana, now=now, contact_id=contact)
    second = ask_in_app(by=dana, now=now, contact_id=contact)
    assert [ask.pk for ask in asked_of(phone_browser)] == [second]
    assert answer_ask(by=phone_browser, now=now, ask_id=first, approved=True)["answer"] == "replaced"
    assert level_of(dana, contact) == 0


def test_for_one_action_it_is_strong_with_a_session_of_another_browser_and_for_nothing_else(
    maya: Actor, phone_browser: Actor, dana: Actor, now: datetime
) -> None:
    laptop = browser(maya, "her laptop")
    contact = chat(laptop, dana, now)
    exactly = {"card": "card_1"}
    this = action_of("card.unfreeze", {**exactly, "contact_id": contact})
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact, wanted="card.unfreeze", arguments=exactly)
    answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=True)
    assert level_of(dana, contact, action=this) == 3
    another_card = action_of("card.unfreeze", {"card": "card_2", "contact_id": contact})
    assert level_of(dana, contact, action=another_card) == 2
    assert level_of(phone_browser, action=this) == 2  # it is the agent's conversation that it counts in


def test_the_browser_that_chats_is_no_second_factor_for_itself(
    maya: Actor, dana: Actor, now: datetime
) -> None:
    laptop = browser(maya, "her laptop")
    contact = chat(laptop, dana, now)
    ask_id = ask_in_app(
        by=dana, now=now, contact_id=contact, wanted="card.unfreeze", arguments={"card": "card_1"}
    )
    answer_ask(by=laptop, now=now, ask_id=ask_id, approved=True)
    this = action_of("card.unfreeze", {"card": "card_1", "contact_id": contact})
    assert level_of(dana, contact, action=this) == 2


def test_an_approval_ends_with_the_session_it_was_given_in(
    phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact)
    answer_ask(by=phone_browser, now=now, ask_id=ask_id, approved=True)
    record_sign_out(by=SYSTEM, now=now, session=phone_browser.session)
    assert level_of(dana, contact) == 0


def test_it_can_be_asked_for_what_an_agent_does_by_level_and_for_nothing_else(
    phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    for wanted in ("bank_account.add", "note.add", "nothing.at_all"):
        with pytest.raises(NotThere):
            ask_in_app(by=dana, now=now, contact_id=contact, wanted=wanted, arguments={})
    assert unfreeze_card.level  # the one above that can


def test_strangers_cannot_ask_and_cannot_answer(
    maya: Actor,
    hannah: Actor,
    phone_browser: Actor,
    dana: Actor,
    sam: Actor,
    priya: Actor,
    contact: int,
    now: datetime,
) -> None:
    with pytest.raises(NotYours):
        ask_in_app(by=sam, now=now, contact_id=contact)
    with pytest.raises(NotThere):
        ask_in_app(by=priya, now=now, contact_id=contact)
    with pytest.raises(NotPermitted):
        ask_in_app(by=phone_browser, now=now, contact_id=contact)
    ask_id = ask_in_app(by=dana, now=now, contact_id=contact)
    with pytest.raises(NotThere):
        answer_ask(by=browser(hannah, "hers"), now=now, ask_id=ask_id, approved=True)
    with pytest.raises(NotPermitted):
        answer_ask(by=dana, now=now, ask_id=ask_id, approved=True)
    with pytest.raises(LevelTooLow):
        answer_ask(by=maya, now=now, ask_id=ask_id, approved=True)  # her name, in a browser nobody signed in
    assert level_of(dana, contact) == 0


def test_nobody_is_asked_until_they_give_in(
    phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    for _ in range(ASKS.most):
        ask_in_app(by=dana, now=now, contact_id=contact)
    with pytest.raises(TooMany):
        ask_in_app(by=dana, now=now, contact_id=contact)


# ---------------------------------------------------------------------------------------------- the passcode


@pytest.fixture
def passcode(maya: Actor, now: datetime) -> Passcode:
    return Passcode.objects.create(member_id=maya.member_id, hash=hash_of(DIGITS), since=now)


def test_the_passcode_is_keyed_in_on_their_page_and_the_desk_hears_matched(
    phone_browser: Actor, dana: Actor, contact: int, passcode: Passcode, now: datetime
) -> None:
    ask_id = ask_passcode(by=dana, now=now, contact_id=contact)
    wrong = answer_passcode(by=phone_browser, now=now, ask_id=ask_id, passcode=Secret("481593"))
    assert wrong == {"matched": False, "left": 4} and level_of(dana, contact) == 0
    right = answer_passcode(by=phone_browser, now=now, ask_id=ask_id, passcode=Secret("481 592"))
    assert right["matched"] and level_of(dana, contact) == 2
    assert tally_of(phone_browser.member_id).wrong == 0
    with pytest.raises(NotThere):  # once
        answer_passcode(by=phone_browser, now=now, ask_id=ask_id, passcode=Secret(DIGITS))
    said = Entry.objects.filter(contact=contact, kind="proof.answered").values_list("data", flat=True)
    assert not any(DIGITS in data for data in said)


def test_without_a_passcode_nobody_is_asked_for_one(
    phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    with pytest.raises(NoPasscode):
        ask_passcode(by=dana, now=now, contact_id=contact)


def test_a_question_for_a_yes_takes_no_passcode_and_the_other_way_round(
    phone_browser: Actor, dana: Actor, contact: int, passcode: Passcode, now: datetime
) -> None:
    yes, digits = (
        ask_in_app(by=dana, now=now, contact_id=contact),
        ask_passcode(by=dana, now=now, contact_id=contact),
    )
    with pytest.raises(NotThere):
        answer_ask(by=phone_browser, now=now, ask_id=digits, approved=True)
    with pytest.raises(NotThere):
        answer_passcode(by=phone_browser, now=now, ask_id=yes, passcode=Secret(DIGITS))
    assert level_of(dana, contact) == 0


def test_a_callers_keypad_is_compared_on_the_one_counter(
    maya: Actor, dana: Actor, contact: int, passcode: Passcode, now: datetime
) -> None:
    for left in (4, 3, 2, 1, 0):
        told = check_passcode(by=SYSTEM, now=now, contact_id=contact, passcode=Secret("111222"))
        assert told == {"matched": False, "left": left}
    locked = check_passcode(by=SYSTEM, now=now, contact_id=contact, passcode=Secret(DIGITS))
    assert locked == {"matched": False, "left": 0} and level_of(dana, contact) == 0
    with pytest.raises(NotPermitted):
        check_passcode(by=dana, now=now, contact_id=contact, passcode=Secret(DIGITS))


def test_a_keypad_verifies_the_contact_of_the_call(
    dana: Actor, contact: int, passcode: Passcode, now: datetime
) -> None:
    assert check_passcode(by=SYSTEM, now=now, contact_id=contact, passcode=Secret(DIGITS))["matched"]
    assert level_of(dana, contact) == 2
    Contact.objects.filter(pk=contact).update(state="ended", ended_at=now)
    with pytest.raises(ContactEnded):
        check_passcode(by=SYSTEM, now=now, contact_id=contact, passcode=Secret(DIGITS))


# ------------------------------------------------------------------------------------------ the desk's code


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Texts]:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    yield texts


def test_the_member_enters_the_desks_code_themselves(
    maya: Actor, phone_browser: Actor, dana: Actor, contact: int, texts: Texts, now: datetime
) -> None:
    phone = phone_of(maya, now)
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    wrong = enter_own_code(by=phone_browser, now=now, contact_id=contact, code=another(texts.code))
    assert not wrong["matched"] and level_of(dana, contact) == 0
    assert enter_own_code(by=phone_browser, now=now, contact_id=contact, code=texts.code)["matched"]
    assert level_of(dana, contact) == 2
    again = enter_own_code(by=phone_browser, now=now, contact_id=contact, code=texts.code)
    assert not again["matched"]


def test_a_code_for_one_conversation_is_worth_nothing_in_another(
    maya: Actor, hannah: Actor, phone_browser: Actor, dana: Actor, contact: int, texts: Texts, now: datetime
) -> None:
    phone = phone_of(maya, now)
    elsewhere = chat(phone_browser, dana, now)
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    assert not enter_own_code(by=phone_browser, now=now, contact_id=elsewhere, code=texts.code)["matched"]
    with pytest.raises(NotThere):
        enter_own_code(by=browser(hannah, "hers"), now=now, contact_id=contact, code=texts.code)


@pytest.mark.parametrize("typed", ["{code}", "my code is {code}.", "{spaced}", "{dashed}, ok?"])
def test_a_code_pasted_into_the_conversation_is_taken_out_and_does_not_count(
    maya: Actor, dana: Actor, contact: int, texts: Texts, now: datetime, typed: str
) -> None:
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone_of(maya, now).pk)
    code = texts.code.reveal()
    shapes = {"code": code, "spaced": f"{code[:3]} {code[3:]}", "dashed": "-".join(code)}
    told = send_message(by=maya, now=now, contact_id=contact, text=clean(typed.format(**shapes)))
    entry = Entry.objects.get(contact=contact, n=told["n"])
    assert "[code]" in entry.text and not any(shape in entry.text for shape in shapes.values())
    hint = Entry.objects.get(contact=contact, kind="proof.code_hidden")
    assert hint.visible and hint.n == told["n"] + 1
    assert level_of(dana, contact) == 0


def test_a_wrong_code_is_taken_out_just_the_same(
    maya: Actor, dana: Actor, contact: int, texts: Texts, now: datetime
) -> None:
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone_of(maya, now).pk)
    typed = clean(another(texts.code).reveal())
    told = send_message(by=maya, now=now, contact_id=contact, text=typed)
    assert Entry.objects.get(contact=contact, n=told["n"]).text == "[code]"


@pytest.mark.parametrize("words", ["Order 123456", "I paid 1,204.50 on 11/24", "call 212 555 0142"])
def test_while_no_code_is_expected_numbers_stay(
    maya: Actor, contact: int, texts: Texts, now: datetime, words: str
) -> None:
    told = send_message(by=maya, now=now, contact_id=contact, text=clean(words))
    assert Entry.objects.get(contact=contact, n=told["n"]).text == words


@pytest.mark.parametrize(
    "words", ["1,204.50", "12345", "212 555 0142", "ref 7K4-29QM", "3714 496353 98431"[:4]]
)
def test_while_one_is_expected_other_numbers_stay_too(
    maya: Actor, dana: Actor, contact: int, texts: Texts, now: datetime, words: str
) -> None:
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone_of(maya, now).pk)
    told = send_message(by=maya, now=now, contact_id=contact, text=clean(words))
    assert Entry.objects.get(contact=contact, n=told["n"]).text == words


def test_a_passcode_pasted_into_the_conversation_is_taken_out(
    maya: Actor, phone_browser: Actor, dana: Actor, contact: int, passcode: Passcode, now: datetime
) -> None:
    ask_passcode(by=dana, now=now, contact_id=contact)
    told = send_message(by=maya, now=now, contact_id=contact, text=clean(f"it is {DIGITS}"))
    assert Entry.objects.get(contact=contact, n=told["n"]).text == "it is [code]"


def test_open_questions_are_seen_by_their_member_alone(
    maya: Actor, hannah: Actor, phone_browser: Actor, dana: Actor, contact: int, now: datetime
) -> None:
    ask_in_app(by=dana, now=now, contact_id=contact)
    assert len(asked_of(phone_browser)) == 1
    for stranger in (browser(hannah, "hers"), dana):
        assert asked_of(stranger) == []
    assert Ask.objects.count() == 1
