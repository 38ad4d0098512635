"""A card refused at a till, a suspicious purchase, a card in the post: on the cast's own cards, and through every end
of the process.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cardline.cards.commands import freeze_card, replace_card
from cardline.cards.delivery.models import Shipment
from cardline.cards.queries import cards_of
from cardline.cases.models import Case, Entry
from cardline.flows import commands as running
from cardline.flows.doing import do as really_do
from cardline.flows.models import FlowRun
from cardline.flows.script import Script
from cardline.fraud.models import FraudAlert
from cardline.issuer.core import CardState, Decline, current_core
from cardline.issuer.embedded import models as core_rows
from cardline.issuer.embedded import network
from cardline.issuer.hours import Interval
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.commands import command
from cardline.payments.tests.scene import bank
from cardline.promises.models import Promise
from cardline.rewards.tests.points import give

NINE_TO_FIVE: dict[str, Any] = {"kind": "weekly", "week": ((Interval.parse("09:00-17:00"),),) * 7}
DECLINED, ALERT, DELIVERY = "card_access.declined", "fraud.alert", "card_access.delivery"


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def card(maya: Actor) -> str:
    return next(card.token for card in cards_of(maya) if card.mine)


@command("test.till", by=[SYSTEM.kind])
def at_a_till(*, by: Any, now: Any, card: str, amount: int, looks_wrong: bool, nth: int) -> str:
    return network.authorise(
        card, merchant="Corner Shop", place="New York NY", phone="", amount_minor=amount, channel="chip", at=now,
        key=f"till-{nth}", looks_wrong=looks_wrong,
    ).token  # fmt: skip


@pytest.fixture
def till(cast: Any, card: str) -> Callable[..., str]:
    """till(): Maya pays 12.00 with her card; says how that went."""

    def pay(amount: int = 12_00, *, wrong: bool = False, token: str = "") -> str:
        nth = core_rows.Authorisation.objects.count()
        made = at_a_till(
            by=SYSTEM, now=cast.now, card=token or card, amount=amount, looks_wrong=wrong, nth=nth
        )
        row = core_rows.Authorisation.objects.get(token=made)
        return row.decline or row.outcome

    return pay


def play(maya: Actor, cast: Any, flow: str, **answers: str) -> Script:
    script = Script(maya, cast.now, answers)
    ended = script.play(flow)
    assert ended.end is not None, f"stopped at {ended.step}: {script.said}"
    return script


def core_card(cast: Any, token: str) -> Any:
    return current_core().card(cast.maya.core_customer, token)


# ------------------------------------------------------------------------------------------------ declined at a till


def test_frozen_it_is_unfrozen_and_the_till_takes_it(cast: Any, maya: Actor, card: str, till: Any) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    assert till() == Decline.FROZEN
    script = play(maya, cast, DECLINED, unfreeze="yes")
    assert script.said[-1] == "Card ending 4471 works again. Try again now."
    assert till() == "approved"


def test_suspected_it_was_me_lifts_the_block(cast: Any, maya: Actor, card: str, till: Any) -> None:
    assert till(wrong=True) == Decline.SUSPECTED_FRAUD
    alert = FraudAlert.objects.get()
    script = play(maya, cast, DECLINED, yours=f"mine-{alert.token[:12]}")
    assert "works again" in script.said[-1] and till() == "approved"


def test_over_the_limit_some_of_the_bill_is_paid(cast: Any, maya: Actor, card: str, till: Any) -> None:
    bank(maya, cast.now, "000555010175")
    assert till(90_000_00) == Decline.OVER_LIMIT
    script = play(maya, cast, DECLINED, limit="pay", how_much="other", amount="25", when="today", sure="yes")
    assert "$25.00" in script.said[-1] and "is on its way" in script.said[-1]
    (paid,) = core_rows.Payment.objects.filter(
        account__holders__customer__number=cast.maya.core_customer
    ).order_by("-pk")[:1]
    assert paid.amount_minor == 25_00


def test_run_out_a_new_one_is_sent(cast: Any, maya: Actor, card: str, till: Any) -> None:
    core_rows.Card.objects.filter(token=card).update(expires=cast.now.date() - timedelta(days=1))
    assert till() == Decline.EXPIRED
    script = play(maya, cast, DECLINED)
    assert script.said[-1].startswith("A new one goes to the address we have")
    assert core_card(cast, card).replaced_by


def test_not_in_use_yet_it_is_activated(cast: Any, maya: Actor, card: str, till: Any) -> None:
    new = replace_card(by=maya, now=cast.now, card=card)["card"]
    assert till(token=new) == Decline.INACTIVE
    play(maya, cast, DECLINED, in_hand="yes")
    assert core_card(cast, new).state == CardState.ACTIVE and till(token=new) == "approved"


def test_of_several_one_is_chosen(cast: Any, maya: Actor, card: str, till: Any) -> None:
    till(90_000_00)
    freeze_card(by=maya, now=cast.now, card=card)
    till()
    chosen = core_rows.Authorisation.objects.get(decline="frozen").token
    script = play(maya, cast, DECLINED, which=chosen, unfreeze="no")
    assert script.said[-1] == "It stays frozen. Nothing was changed."


def test_with_nothing_declined_a_person_is_there(cast: Any, maya: Actor) -> None:
    play(maya, cast, DECLINED, again="help")
    assert FlowRun.objects.get().state == FlowRun.State.HANDED_OVER


@pytest.mark.parametrize("reason", list(Decline))
def test_no_reason_is_told_in_the_words_of_a_machine(
    cast: Any, maya: Actor, card: str, till: Any, reason: Decline
) -> None:
    till(90_000_00)
    core_rows.Authorisation.objects.update(decline=reason)
    script = Script(maya, cast.now, {}, language="es")
    script.play(DECLINED)
    assert not any(word in " ".join(script.said).casefold() for word in (*Decline, "score", "rule", "fraud"))


# -------------------------------------------------------------------------------------------- a suspicious purchase


def test_no_then_yes_leaves_the_freeze_to_them(cast: Any, maya: Actor, card: str, till: Any) -> None:
    till(wrong=True)
    alert = FraudAlert.objects.get()
    play(maya, cast, ALERT, yours=f"not-mine-{alert.token[:12]}", in_hand="yes", next="call")
    assert core_card(cast, card).state == CardState.FROZEN
    script = play(maya, cast, ALERT, still="mine", use="yes")
    assert script.said[-1] == "Card ending 4471 works again: try the purchase once more."
    assert till() == "approved"


def test_a_press_on_an_old_page_answers_for_no_other_purchase(
    cast: Any, maya: Actor, card: str, till: Any
) -> None:
    till(wrong=True)
    with pytest.raises(Exception, match="Choose one"):
        Script(maya, cast.now, {"yours": "mine-000000000000"}).play(ALERT)
    assert FraudAlert.objects.get().state in FraudAlert.OPEN


def test_with_nothing_waiting_it_says_so(cast: Any, maya: Actor) -> None:
    assert play(maya, cast, ALERT).said == ["No purchase waits for your word."]


# ------------------------------------------------------------------------------------------------ a card in the post


def test_lost_on_its_way_it_is_closed_and_another_is_sent(cast: Any, maya: Actor, card: str) -> None:
    new = replace_card(by=maya, now=cast.now, card=card)["card"]
    script = play(maya, cast, DELIVERY, has_it="opened", home="yes")
    assert "The old card is closed." in script.said[-3] and core_card(cast, new).state == CardState.CLOSED
    assert Shipment.objects.filter(settled="").count() == 1


def test_who_can_wait_hears_our_promise_and_not_the_carriers(cast: Any, maya: Actor, card: str) -> None:
    replace_card(by=maya, now=cast.now, card=card)
    script = play(maya, cast, DELIVERY, has_it="wait")
    assert script.said[-1].startswith("By ") and "That is our promise." in script.said[-1]
    assert Promise.objects.count() == 1  # it was made when the card was sent


def test_a_second_request_shows_the_first(cast: Any, maya: Actor, card: str) -> None:
    first, second = (
        play(maya, cast, "card_access.replace_damaged", card=card, where="mine", to="home") for _ in range(2)
    )
    already = "A new card is on its way already, so no second one is sent."
    assert already not in first.said and already in second.said
    assert len(cards_of(maya)) == 2


def test_elsewhere_only_for_somebody_known_surely(cast: Any, maya: Actor, card: str) -> None:
    script = play(
        maya, cast, "card_access.replace_damaged",
        card=card, where="mine", to="abroad", surely="rather not", home_then="no",
    )  # fmt: skip
    assert script.said[-1].startswith("Nothing was done.") and len(cards_of(maya)) == 1


# ------------------------------------------------------------------------------------------- others of their family


def test_a_complaint_has_its_reference_and_a_promised_answer(cast: Any, maya: Actor) -> None:
    play(maya, cast, "complaint.formal", what="Nobody called me back.", wish="")
    case = Case.objects.get()
    assert case.need == "complaint.formal" and Promise.objects.get(case=case).text.startswith("Answer")
    assert Entry.objects.filter(case=case, text="Nobody called me back.").exists()


def test_a_call_back_is_promised_by_a_time(cast: Any, maya: Actor) -> None:
    script = play(maya, cast, "contact.call_back", number="2125550142", about="", when="tomorrow")
    assert script.said[-1].startswith("We call you by ") and Promise.objects.count() == 1


def test_a_call_back_on_a_chosen_day_is_said_back_with_its_zone_and_due_then(cast: Any, maya: Actor) -> None:
    given = {"number": "2125550142", "about": "", "when": "day", "day": "2026-11-25", "part": "time"}
    script = play(maya, cast, "contact.call_back", **given, time="10:30")
    assert script.said[-1] == "We call you at this time: Wed, Nov 25, 10:30 am New York time."
    due = Promise.objects.get()
    assert due.due_at == datetime(2026, 11, 25, 15, 30, tzinfo=UTC) and "New York time" in due.text


def test_a_call_back_in_a_part_of_a_day_names_its_bounds(cast: Any, maya: Actor) -> None:
    given = {"number": "2125550142", "about": "", "when": "day", "day": "2026-11-25", "part": "afternoon"}
    script = play(maya, cast, "contact.call_back", **given)
    bounds = "not before Wed, Nov 25, noon New York time and by Wed, Nov 25, 6 pm New York time."
    assert script.said[-1] == f"We call you {bounds}"
    assert Promise.objects.get().due_at == datetime(2026, 11, 25, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "promises", "state"), [("yes", 1, "done"), ("leave", 0, "done"), ("other", 0, "handed_over")]
)
def test_a_time_nobody_is_there_gets_the_nearest(
    cast: Any, maya: Actor, then: str, promises: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = replace(current_profile().queue_for("contact.call_back").hours, **NINE_TO_FIVE)
    monkeypatch.setattr("cardline.flows.actions.calls._hours", lambda: offices)
    given = {"number": "2125550142", "about": "", "when": "day", "day": "2026-11-25", "part": "time"}
    script = play(maya, cast, "contact.call_back", **given, time="6 am", then=then)
    assert "Nobody is here to call you then." in script.said
    assert "The nearest possible is Wed, Nov 25, 9 am New York time. Shall we call you then?" in script.said
    calls = Promise.objects.filter(text__startswith="Call you")
    assert calls.count() == promises and FlowRun.objects.get().state == state
    assert not promises or calls[0].due_at == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def test_a_time_nobody_can_read_is_asked_for_again(cast: Any, maya: Actor) -> None:
    given = {"number": "2125550142", "about": "", "when": "day", "day": "2026-11-25", "part": "time"}
    script = play(maya, cast, "contact.call_back", **given, time="noonish")
    assert script.said.count("At which time?") == 2 and script.said[-1] == "A person finds a time with you."


def test_a_follow_up_says_state_and_date(cast: Any, maya: Actor) -> None:
    play(maya, cast, "contact.call_back", number="2125550142", about="", when="soon")
    script = play(maya, cast, "contact.reference_followup", fine="yes")
    assert any(
        line.startswith("We promised: Call you at the number you gave us, by ") for line in script.said
    )


def test_the_numbers_to_call_are_those_for_where_one_is(cast: Any, maya: Actor) -> None:
    home = play(maya, cast, "contact.how_to_reach", where="home", how="call").said
    abroad = play(maya, cast, "contact.from_abroad", how="call").said
    assert any(character.isdigit() for line in home for character in line)
    assert set(home) != set(abroad)


def test_points_are_told(cast: Any, maya: Actor) -> None:
    assert any("points" in line for line in play(maya, cast, "rewards.balance").said)


def test_autopay_is_set_and_stopped(cast: Any, maya: Actor) -> None:
    bank(maya, cast.now, "000555010175")
    play(maya, cast, "payment.autopay", mode="full", sure="yes")
    assert core_rows.Autopay.objects.get().mode == "full"
    play(maya, cast, "payment.autopay", change="stop")
    assert not core_rows.Autopay.objects.exists()


def test_points_become_money_on_the_account_after_a_plain_yes(cast: Any, maya: Actor) -> None:
    give(cast.maya, 20_000, cast.now)
    kept = play(maya, cast, "rewards.redeem", points="5000", sure="no")
    assert kept.said[-1].startswith("Nothing was done.") and not Case.objects.exists()
    used = play(maya, cast, "rewards.redeem", points="5000", sure="yes")
    assert used.said[-1] == "Done. It stands on your next statement."
    assert Case.objects.get().need == "rewards.redeem"


def test_what_a_card_includes_is_told_in_the_issuers_words(cast: Any, maya: Actor) -> None:
    script = Script(maya, cast.now, {"clear": "yes"})
    standing = script.play("benefit.insurance_lounge")
    if standing.ask is not None:
        script.answers = {**script.answers, "which": standing.choices[0].id}
        standing = script.go_on(FlowRun.objects.get().token)
    assert standing.end is not None and any(": " in line for line in script.said)


def test_a_name_is_changed_with_a_person(cast: Any, maya: Actor) -> None:
    play(maya, cast, "info.contact_details", what="name")
    assert FlowRun.objects.filter(state=FlowRun.State.HANDED_OVER).count() == 1


# ------------------------------------------------------------------------------------- an end of the process, anywhere


class Killed(BaseException):
    """The process ends here: nothing catches it."""


STORIES = {
    "frozen": (DECLINED, {"unfreeze": "yes"}),
    "suspected": (DECLINED, {"yours": "mine"}),
    "denied": (ALERT, {"yours": "not-mine", "in_hand": "yes", "next": "call"}),
    "in the post": (DELIVERY, {"has_it": "here"}),
    "never came": (DELIVERY, {"has_it": "opened", "home": "yes"}),
    "damaged": ("card_access.replace_damaged", {"card": "card", "where": "mine", "to": "home"}),
    "complaint": ("complaint.formal", {"what": "It took weeks.", "wish": ""}),
    "call back": ("contact.call_back", {"number": "2125550142", "about": "", "when": "soon"}),
    "payment": ("payment.make", {"how_much": "other", "amount": "25", "when": "today", "sure": "yes"}),
}


def set_up(story: str, cast: Any, maya: Actor, card: str, till: Any) -> dict[str, str]:
    flow, answers = STORIES[story]
    if story == "frozen":
        freeze_card(by=maya, now=cast.now, card=card)
        till()
    if story in ("suspected", "denied"):
        till(wrong=True)
        word = FraudAlert.objects.get().token[:12]
        answers = {**answers, "yours": f"{answers['yours']}-{word}"}
    if flow == DELIVERY:
        replace_card(by=maya, now=cast.now, card=card)
    if story == "payment":
        bank(maya, cast.now, "000555010175")
    return {step: card if given == "card" else given for step, given in answers.items()}


def what_stands(cast: Any) -> dict[str, Any]:
    """Everything the story can have changed, without numbers and tokens."""
    return {
        "cases": sorted(Case.objects.values_list("need", "state")),
        "entries": sorted(Entry.objects.values_list("kind", "text")),
        "promises": sorted(Promise.objects.values_list("text", "state")),
        "cards": sorted(
            (c.state, c.last4, bool(c.blocked_at)) for c in current_core().cards(cast.maya.core_customer)
        ),
        "alerts": sorted(FraudAlert.objects.values_list("state", "answered_by")),
        "payments": sorted(core_rows.Payment.objects.values_list("amount_minor", "state")),
        "runs": sorted(FlowRun.objects.values_list("state", "outcome", "steps")),
    }


@pytest.mark.parametrize("after", [False, True], ids=["before the work", "after the work"])
@pytest.mark.parametrize("story", list(STORIES))
def test_a_process_that_ends_at_any_step_leaves_the_same_end(
    cast: Any, maya: Actor, card: str, till: Any, monkeypatch: pytest.MonkeyPatch, story: str, after: bool
) -> None:
    """Killed once at every answer and in every command, and gone on with each time: nothing is done twice."""
    answers = set_up(story, cast, maya, card, till)
    flow = STORIES[story][0]
    before = transaction.savepoint()
    play(maya, cast, flow, **answers)
    undisturbed = what_stands(cast)
    transaction.savepoint_rollback(before)
    killed: set[str] = set()

    def dies_once(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def dying(*args: Any, **kwargs: Any) -> Any:
            at = f"{name} {FlowRun.objects.values_list('steps', flat=True).first()}"
            first = at not in killed
            killed.add(at)
            if first and not after:
                raise Killed
            told = work(*args, **kwargs)
            if first:
                raise Killed
            return told

        return dying

    monkeypatch.setattr(running, "do", dies_once("do", really_do))
    monkeypatch.setattr(running, "_keep", dies_once("keep", running._keep))
    ended = None
    for _ in range(40):
        with suppress(Killed):
            script = Script(maya, cast.now, answers)
            run = FlowRun.objects.first()
            ended = script.go_on(run.token) if run else script.play(flow)
            if ended.end is not None:
                break
    assert ended is not None and ended.end is not None and len(killed) > 1
    assert what_stands(cast) == undisturbed
