"""Replies by text: one word is an answer, anything else is a person's, STOP is heard first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.models import Report
from cardline.cards.queries import card_of
from cardline.cases.models import Entry
from cardline.fraud import sweeps
from cardline.fraud.commands import confirm_charge, deny_charge
from cardline.fraud.models import FraudAlert, FraudAsk
from cardline.fraud.tests.conftest import EMAIL, PHONE, live_at, text
from cardline.issuer.core import CardState
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.members.models import ContactPoint
from cardline.members.restrictions.tests.scene import place
from cardline.notify.models import Outgoing, StoppedNumber
from cardline.notify.sending.commands import take_in_hand
from cardline.notify.words import say_state
from cardline.promises.models import Promise

Suspect = Callable[..., FraudAlert]


@pytest.fixture
def alert(cast: Any, suspect: Suspect) -> FraudAlert:
    """Asked a minute ago, by text."""
    live_at(cast.maya, phone=PHONE)
    return suspect(now=clock.now())


def answered() -> list[str]:
    rows = Outgoing.objects.filter(template="fraud_answer").order_by("pk")
    assert all(row.to == PHONE and row.urgent for row in rows)
    return [row.values["kind"] for row in rows]


def state(alert: FraudAlert) -> str:
    alert.refresh_from_db()
    return str(alert.state)


def frozen(maya: Actor, card: str) -> bool:
    return card_of(maya, card).state == CardState.FROZEN


@pytest.mark.parametrize("word", ["YES", "Sí", "si!"])
def test_yes_lifts_the_block_in_either_language(alert: FraudAlert, word: str) -> None:
    text(word)
    assert state(alert) == "answered_yes" and alert.answered_by == "text" and answered() == ["yes"]


def test_no_freezes(alert: FraudAlert, maya: Actor, card: str) -> None:
    text("No")
    assert state(alert) == "answered_no" and frozen(maya, card) and answered() == ["no"]


def test_a_no_by_text_reports_at_level_1_and_promises_to_reach_them(alert: FraudAlert) -> None:
    """A text proves a phone and no more: the card is frozen, and nothing is closed for good before we know them."""
    text("NO")
    report = Report.objects.get()
    assert (report.case_id, report.level, report.state) == (alert.case_id, 1, "frozen")
    reach = Promise.objects.get(pk=report.reach)
    assert (
        reach.state == "open"
        and reach.rule == "card.report_reach"
        and "Reach you in two of the ways" in reach.text
    )
    alert.refresh_from_db()
    open_now = set(Promise.objects.filter(case=alert.case_id, state="open").values_list("pk", flat=True))
    assert open_now == {report.reach, alert.promise}


def test_a_second_no_by_text_does_nothing_twice(alert: FraudAlert) -> None:
    text("NO")
    before = Report.objects.count(), Promise.objects.count(), Entry.objects.filter(case=alert.case_id).count()
    text("no!", message="2")
    assert answered() == ["no", "no_again"]
    assert before == (
        Report.objects.count(), Promise.objects.count(), Entry.objects.filter(case=alert.case_id).count()
    )  # fmt: skip


def test_a_no_on_the_page_after_one_by_text_is_the_same_no(alert: FraudAlert, maya: Actor) -> None:
    text("NO")
    before = Entry.objects.count(), Promise.objects.count()
    assert deny_charge(by=maya, now=clock.now(), alert=alert.token)["effect"] == "same"
    assert (Entry.objects.count(), Promise.objects.count(), Report.objects.count()) == (*before, 1)


def test_a_copy_of_a_message_is_the_same_message(alert: FraudAlert) -> None:  # SR-47
    text("NO")
    text("NO")
    assert answered() == ["no"]


def test_said_twice_it_is_told_so(alert: FraudAlert) -> None:
    text("YES")
    text("yes", message="2")
    assert answered() == ["yes", "yes_again"]


def test_a_no_after_a_yes_freezes(alert: FraudAlert, maya: Actor, card: str) -> None:
    text("YES")
    text("NO", message="2")
    assert state(alert) == "answered_no" and frozen(maya, card) and answered() == ["yes", "no"]


def test_a_yes_after_a_no_changes_nothing_and_says_what_to_do(
    alert: FraudAlert, maya: Actor, card: str
) -> None:
    text("NO")
    text("YES", message="2")
    assert state(alert) == "answered_no" and frozen(maya, card) and answered() == ["no", "after_no"]


def test_a_word_after_the_answer_on_the_pages_is_explained(alert: FraudAlert, maya: Actor, cast: Any) -> None:
    confirm_charge(by=maya, now=clock.now(), alert=alert.token)
    text("yes")
    assert answered() == ["yes_again"]


def test_a_late_yes_is_explained_and_a_late_no_still_protects(
    alert: FraudAlert, maya: Actor, card: str
) -> None:
    FraudAlert.objects.update(state="silent", next_step_at=None, raised_at=clock.now() - timedelta(days=2))
    text("YES")
    assert state(alert) == "silent" and answered() == ["late"]
    text("NO", message="2")
    assert state(alert) == "answered_no" and frozen(maya, card)


@pytest.mark.parametrize(("hours", "said"), [(23, "yes"), (25, "late")])
def test_a_yes_by_text_is_fresh_for_the_days_of_the_profile(alert: FraudAlert, hours: int, said: str) -> None:
    assert current_profile().fraud_alerts.answer_days == 1
    FraudAlert.objects.update(raised_at=clock.now() - timedelta(hours=hours))
    text("YES")
    assert answered() == [said]


def test_after_a_month_a_word_is_about_something_else(alert: FraudAlert) -> None:
    FraudAlert.objects.update(raised_at=clock.now() - timedelta(days=31))
    text("NO")
    assert state(alert) == "asked" and not answered()


def test_a_yes_does_not_say_that_the_card_works_while_another_no_keeps_it(
    alert: FraudAlert, suspect: Suspect, maya: Actor
) -> None:
    other = suspect("ref-2", now=clock.now())
    deny_charge(by=maya, now=clock.now(), alert=other.token)
    text("YES")
    assert state(alert) == "answered_yes" and answered() == ["after_no"]


def test_of_several_a_yes_answers_none_and_a_no_all(
    alert: FraudAlert, suspect: Suspect, maya: Actor, card: str
) -> None:
    other = suspect("ref-2", now=clock.now())
    text("YES")
    assert {state(alert), state(other)} == {"asked"} and answered() == ["many"]
    text("NO", message="2")
    assert {state(alert), state(other)} == {"answered_no"} and answered() == ["many", "no"]


def test_other_words_go_to_a_person_once(alert: FraudAlert) -> None:
    text("what purchase? my number is 4111 1111 1111 1111")
    text("hello??", message="2")
    words = list(Entry.objects.filter(kind="fraud.wrote").values_list("text", flat=True))
    assert len(words) == 2 and "4111" not in words[0]
    assert answered() == ["person"] and state(alert) == "asked"
    assert [promise.text for promise in Promise.objects.all()] == ["Answer your text message"]
    text("yes", message="3")
    assert Promise.objects.get().state == "kept"


def test_a_number_that_is_new_says_no_but_not_yes(alert: FraudAlert, maya: Actor, card: str) -> None:  # SR-32
    ContactPoint.objects.update(since=clock.now() - timedelta(days=3))
    text("YES")
    assert state(alert) == "asked" and answered() == ["sign_in"]
    text("NO", message="2")
    assert frozen(maya, card)


def test_a_number_of_two_members_says_no_but_not_yes(cast: Any, alert: FraudAlert) -> None:
    live_at(cast.hannah, phone=PHONE)
    text("YES")
    assert state(alert) == "asked" and answered() == ["sign_in"]


def test_another_number_is_not_heard(alert: FraudAlert) -> None:
    text("YES", number="+12125559999")
    assert state(alert) == "asked" and not answered()


def test_under_a_fraud_lock_a_yes_goes_to_a_person(cast: Any, alert: FraudAlert, as_agent: Any) -> None:
    place(cast.maya.pk, "fraud_lock")
    text("YES")
    assert state(alert) == "asked" and answered() == ["person"]


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "Baja", "opt-out"])
def test_stop_ends_texts_and_the_next_way_asks(cast: Any, suspect: Suspect, word: str) -> None:
    live_at(cast.maya, phone=PHONE, email=EMAIL)
    asked = suspect(now=clock.now())
    if FraudAsk.objects.get().channel != "text":
        sweeps.sweep(clock.now() + timedelta(days=1))
    text(word)
    assert StoppedNumber.objects.get().number == PHONE and not answered()
    sweeps.sweep(clock.now())
    assert "email" in {ask.channel for ask in asked.asks.all()}
    text("hello", message="9")
    assert not answered()
    text("START", message="10")
    assert StoppedNumber.objects.get().ended_at is not None


def test_after_a_stop_nothing_is_asked_there(cast: Any, suspect: Suspect) -> None:
    live_at(cast.maya, phone=PHONE)
    StoppedNumber.objects.create(number=PHONE, since=clock.now())
    alert = suspect(now=clock.now())
    assert alert.state == "silent" and not Outgoing.objects.filter(template="fraud_alert").exists()


def test_what_is_on_its_way_when_they_stop_does_not_leave(alert: FraudAlert) -> None:
    (asked,) = Outgoing.objects.filter(template="fraud_alert")
    StoppedNumber.objects.create(number=PHONE, since=clock.now())
    assert take_in_hand(by=SYSTEM, now=clock.now(), outgoing_id=asked.pk) is None
    asked.refresh_from_db()
    assert (asked.state, asked.problem) == ("refused", "stopped")
    assert say_state(asked) == "Not sent, they want no text messages"
