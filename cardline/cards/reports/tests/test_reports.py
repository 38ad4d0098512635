"""A card that is gone: frozen first, one report whoever says it, and nothing ended by time alone (DOMAIN 10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from cardline.cards.commands import (
    CardClosed,
    activate_card,
    freeze_card,
    replace_lost_card,
    unfreeze_card,
)
from cardline.cards.freeze_lane import work_through_lane
from cardline.cards.models import Freeze, Report, ReportItem
from cardline.cards.queries import cards_of, transactions_of
from cardline.cards.reports import sweeps
from cardline.cards.reports.commands import (
    review_charges,
    say_else_gone,
    say_gone,
    say_when_noticed,
    sum_up,
)
from cardline.cards.reports.items import look_again
from cardline.cards.reports.queries import liability_of, phone_said_gone, view_of
from cardline.cards.strangers.commands import _system_for, freeze_for_stranger
from cardline.cards.sweeps import sweep as sweep_cards
from cardline.cards.tests.distance import Far, far_away
from cardline.cases.models import Case, Entry
from cardline.contact.models import Contact
from cardline.identity.models import Evidence
from cardline.issuer.core import CardState, ShippingStep, Which
from cardline.issuer.embedded.issuing import advance_shipping
from cardline.issuer.embedded.models import Card as CardRow
from cardline.issuer.embedded.wallets import add_to_wallet, remove_wallets
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command, registry
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, Malformed, NotPermitted, NotThere
from cardline.members.models import ContactPoint
from cardline.notify.models import Outgoing
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED
from cardline.routing.commands import start_chat

State = Report.State
NEED = "lost_stolen.report"


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    return as_member(cast.maya)


@pytest.fixture
def card(cast: Any, maya: Any) -> str:
    return next(card.token for card in cards_of(maya) if card.mine)


def state_of(actor: Any, token: str) -> CardState:
    return next(card.state for card in cards_of(actor) if card.token == token)


def as_core(cast: Any, function: Any) -> None:
    """The printer, the post or a device's maker told the core something."""

    @command("test.core_told", by=[Kind.SYSTEM])
    def tell(*, by: Standing, now: Any) -> None:
        function()

    try:
        tell(by=SYSTEM, now=cast.now)
    finally:
        registry.pop("test.core_told")


def kinds(case_id: int) -> list[str]:
    return list(Entry.objects.filter(case=case_id).order_by("n").values_list("kind", flat=True))


def test_a_report_freezes_first_and_keeps_the_first_word(cast: Any, maya: Any, card: str) -> None:
    word = cast.now - timedelta(minutes=20)
    done = say_gone(by=maya, now=cast.now, card=card, first_word_at=word)
    report = Report.objects.get()
    assert state_of(maya, card) == CardState.FROZEN and report.state == State.FROZEN
    assert (report.first_word_at, report.reported_at) == (word, cast.now)
    assert done["ref"] == Case.objects.get().ref and done["frozen_at"]
    assert [step.state for step in report.steps.order_by("pk")] == ["reported", "frozen"]
    assert kinds(done["case_id"]) == ["case.opened", "card.frozen", "report.opened"]


def test_said_again_it_is_the_same_report_and_the_earlier_word_counts(
    cast: Any, maya: Any, card: str
) -> None:
    first = say_gone(by=maya, now=cast.now, card=card)
    again = say_gone(
        by=maya, now=cast.now + timedelta(hours=1), card=card, first_word_at=cast.now - timedelta(hours=1)
    )
    assert first["report"] == again["report"] and Report.objects.count() == 1 and Case.objects.count() == 1
    assert Report.objects.get().first_word_at == cast.now - timedelta(hours=1)


def test_a_card_frozen_before_is_reported_in_the_same_case(cast: Any, maya: Any, card: str) -> None:
    frozen = freeze_card(by=maya, now=cast.now, card=card)
    assert say_gone(by=maya, now=cast.now, card=card)["case_id"] == frozen["case_id"]
    assert Report.objects.get().state == State.FROZEN


def test_a_freeze_that_would_end_by_itself_does_not_any_more(cast: Any, maya: Any, card: str) -> None:
    freeze_card(by=maya, now=cast.now, card=card, until=cast.now + timedelta(days=1))
    say_gone(by=maya, now=cast.now, card=card)
    later = cast.now + timedelta(days=2)
    assert sweep_cards(later) == 0
    assert state_of(maya, card) == CardState.FROZEN and Freeze.objects.get(unfrozen_at=None).until is None


def test_no_time_alone_ends_a_report(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    for days in (1, 30, 365):
        sweep_cards(cast.now + timedelta(days=days))
    assert Report.objects.get().state == State.FROZEN and state_of(maya, card) == CardState.FROZEN
    assert Case.objects.get().state == Case.State.OPEN


def test_a_closed_card_is_not_reported_again(cast: Any, maya: Any, card: str) -> None:
    replace_lost_card(by=maya, now=cast.now, card=card)
    with pytest.raises(CardClosed):
        say_gone(by=maya, now=cast.now, card=card)


def test_somebody_elses_card_is_not_there(cast: Any, maya: Any, card: str, as_member: Any) -> None:
    hannah = as_member(cast.hannah)
    with pytest.raises(NotThere):
        say_gone(by=hannah, now=cast.now, card=card)
    say_gone(by=maya, now=cast.now, card=card)
    for act in (
        lambda: review_charges(by=hannah, now=cast.now, card=card, not_mine=[]),
        lambda: say_else_gone(by=hannah, now=cast.now, card=card, phone=True, papers=True),
        lambda: sum_up(by=hannah, now=cast.now, card=card),
    ):
        with pytest.raises(NotThere):
            act()


# ------------------------------------------------------------------------------------------------- charges, items


def test_charges_that_are_not_theirs_are_listed_with_one_promise(cast: Any, maya: Any, card: str) -> None:
    done = say_gone(by=maya, now=cast.now, card=card)
    charges = [one.token for one in transactions_of(maya, Which(card=card), most=3).items]
    told = review_charges(by=maya, now=cast.now, card=card, not_mine=charges[:2])
    assert told == {"listed": 2, "case_id": done["case_id"]}
    review_charges(by=maya, now=cast.now, card=card, not_mine=charges[1:3])
    report = Report.objects.get()
    assert report.charges.count() == 3 and report.charges_reviewed_at == cast.now
    assert kinds(done["case_id"]).count("report.not_mine") == 3
    owed = Promise.objects.get(rule="card.charges_not_mine")
    assert owed.case_id == done["case_id"] and owed.text.startswith("Look into the charges")


def test_a_charge_of_somebody_else_is_not_there(cast: Any, maya: Any, card: str, as_member: Any) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    hannahs = transactions_of(as_member(cast.hannah), most=1).items[0].token
    with pytest.raises(NotThere):
        review_charges(by=maya, now=cast.now, card=card, not_mine=[hannahs])
    with pytest.raises(Malformed):
        review_charges(by=maya, now=cast.now, card=card, not_mine=["x"] * 21)
    assert not Promise.objects.exists()


def test_all_charges_theirs_is_an_answer(cast: Any, maya: Any, card: str) -> None:
    done = say_gone(by=maya, now=cast.now, card=card)
    for _ in range(2):
        assert review_charges(by=maya, now=cast.now, card=card, not_mine=[])["listed"] == 0
    assert kinds(done["case_id"]).count("report.all_mine") == 1 and not Promise.objects.exists()


def test_wallets_and_merchants_are_asked_and_then_confirmed(cast: Any, maya: Any, card: str) -> None:
    row = CardRow.objects.get(token=card)
    as_core(cast, lambda: add_to_wallet(row, device="Maya's watch", at=cast.now))
    done = say_gone(by=maya, now=cast.now, card=card)
    asked = list(ReportItem.objects.values_list("name", "result"))
    assert ("Maya's watch", "asked") in asked and all(result == "asked" for _name, result in asked)
    replace_lost_card(by=maya, now=cast.now, card=card)
    assert set(ReportItem.objects.values_list("result", flat=True)) == {"confirmed"}
    assert kinds(done["case_id"]).count("report.item") == len(asked)


def test_a_later_word_by_somebody_less_sure_takes_nothing_back(cast: Any, maya: Any, card: str) -> None:
    """The first word is the boundary of liability, and how surely we know them only rises."""
    say_gone(by=maya, now=cast.now, card=card)
    before = Report.objects.get()
    later = cast.now + timedelta(hours=1)
    freeze_for_stranger(
        by=_system_for(cast.maya), now=later, card=card, source=Report.Source.STRANGER, first_word_at=later
    )
    after = Report.objects.get()
    assert (after.level, after.first_word_at) == (before.level, before.first_word_at) == (2, cast.now)


def test_whoever_closes_the_card_needs_no_call_to_make_sure_of_them(cast: Any, maya: Any, card: str) -> None:
    freeze_for_stranger(
        by=_system_for(cast.maya), now=cast.now, card=card, source=Report.Source.STRANGER, first_word_at=cast.now
    )  # fmt: skip
    reach = Promise.objects.get(pk=Report.objects.get().reach)
    assert reach.state == "open"
    replace_lost_card(by=maya, now=cast.now, card=card)
    reach.refresh_from_db()
    assert reach.state == "kept"


def test_nothing_is_confirmed_before_the_card_is_closed(cast: Any, maya: Any, card: str) -> None:
    """A wallet that is gone today may be back tomorrow, as long as the number is good."""
    row = CardRow.objects.get(token=card)
    as_core(cast, lambda: add_to_wallet(row, device="Maya's watch", at=cast.now))
    say_gone(by=maya, now=cast.now, card=card)
    as_core(cast, lambda: remove_wallets(row))
    assert look_again(Report.objects.get(), cast.now) > 0
    assert set(ReportItem.objects.values_list("result", flat=True)) == {"asked"}


def test_what_was_removed_before_the_loss_is_not_asked(cast: Any, maya: Any, card: str) -> None:
    row = CardRow.objects.get(token=card)
    as_core(cast, lambda: add_to_wallet(row, device="An old phone", at=cast.now))
    as_core(cast, lambda: remove_wallets(row))
    say_gone(by=maya, now=cast.now, card=card)
    assert not ReportItem.objects.filter(name="An old phone").exists()


def test_a_new_card_without_news_is_asked_for_in_an_hour(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    replace_lost_card(by=maya, now=cast.now, card=card)
    sweeps.sweep(cast.now)
    assert Report.objects.get().look_at == cast.now + timedelta(hours=1)


# ------------------------------------------------------------------------------------------------ to the new card


def test_from_closed_to_the_new_card_in_use(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    new = replace_lost_card(by=maya, now=cast.now, card=card, stolen=True)["card"]
    report = Report.objects.get()
    assert (report.state, report.new) == (State.REPLACEMENT_ORDERED, new)
    assert sweeps.sweep(cast.now) == 0
    for hours, step, state in (
        (2, ShippingStep.SENT, State.SHIPPED),
        (4, ShippingStep.DELIVERED, State.DELIVERED),
    ):
        at = cast.now + timedelta(hours=hours)
        as_core(cast, lambda: advance_shipping(new, step, at=at, carrier="Post", tracking="XY1"))  # noqa: B023
        assert sweeps.sweep(at) == 1 and sweeps.sweep(at) == 0
        report.refresh_from_db()
        assert report.state == state
    activate_card(by=maya, now=cast.now + timedelta(hours=5), card=new)
    report.refresh_from_db()
    assert report.state == State.ACTIVATED and report.look_at is None
    said = [step.state for step in report.steps.order_by("pk")]
    assert said == [
        "reported", "frozen", "closed_stolen", "replacement_ordered", "shipped", "delivered", "activated",
    ]  # fmt: skip
    assert Case.objects.get().state == Case.State.CLOSED
    view = view_of(report)
    assert (view.carrier, view.tracking, view.is_false) == ("Post", "XY1", False)


def test_the_page_of_a_card_makes_a_report_too(cast: Any, maya: Any, card: str) -> None:
    replace_lost_card(by=maya, now=cast.now, card=card)
    assert Report.objects.get().state == State.REPLACEMENT_ORDERED


def test_a_card_found_again_ends_the_report(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    unfreeze_card(by=maya, now=cast.now, card=card)
    report = Report.objects.get()
    assert [step.state for step in report.steps.order_by("pk")] == [
        "reported",
        "frozen",
        "recovered",
        "unfrozen",
    ]
    assert report.state == State.UNFROZEN and Case.objects.get().state == Case.State.CLOSED
    again = say_gone(by=maya, now=cast.now + timedelta(days=1), card=card)
    assert again["report"] != report.pk


def test_the_summary_is_made_once(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    assert sum_up(by=maya, now=cast.now, card=card)["changed"]
    assert not sum_up(by=maya, now=cast.now, card=card)["changed"]
    sent = Outgoing.objects.get(template="receipt")
    assert sent.values["link"] == f"/lost-card/reports/{Report.objects.get().pk}"


# ------------------------------------------------------------------------------------------------ by a colleague


@pytest.fixture
def talk(cast: Any, maya: Any, as_agent: Any) -> Any:
    """Maya in a conversation with Dana, who does not know yet who she is."""
    dana = as_agent(cast.dana)
    began = start_chat(
        by=maya, now=cast.now, need=NEED, text=clean("My card is gone"), language="en", plan={}
    )
    Contact.objects.filter(pk=began["contact_id"]).update(agent=dana.agent_id, state=Contact.State.ACTIVE)
    return dana, began


def forget_proofs(level_one: bool, contact_id: int, member: Any, now: Any) -> None:
    Evidence.objects.filter(contact=contact_id).delete()
    if level_one:
        Evidence.objects.create(
            member=member,
            kind="identification_facts",
            contact=contact_id,
            at=now,
            expires_at=now + timedelta(hours=9),
        )


def test_a_colleague_reports_in_the_case_of_the_conversation(cast: Any, talk: Any, card: str) -> None:
    dana, began = talk
    done = say_gone(by=dana, now=cast.now, card=card, contact_id=began["contact_id"], first_word_at=cast.now)
    assert done["case_id"] == began["case_id"] and Report.objects.get().source == "agent"
    replace_lost_card(by=dana, now=cast.now, card=card, contact_id=began["contact_id"])
    assert Report.objects.get().state == State.REPLACEMENT_ORDERED and Case.objects.count() == 1


def test_below_level_two_the_card_stays_frozen_with_a_promise(cast: Any, talk: Any, card: str) -> None:
    """DOMAIN 8: freeze at once and keep frozen until V2, with a promise to reach the member on two contact points."""
    dana, began = talk
    forget_proofs(True, began["contact_id"], cast.maya, clock.machine_now())
    contact = began["contact_id"]
    say_gone(by=dana, now=cast.now, card=card, contact_id=contact)
    report = Report.objects.get()
    owed = Promise.objects.get(pk=report.reach)
    assert (report.level, report.state) == (1, State.FROZEN) and "two of the ways" in owed.text
    with pytest.raises(LevelTooLow):
        replace_lost_card(by=dana, now=cast.now, card=card, contact_id=contact)
    with pytest.raises(LevelTooLow):
        unfreeze_card(by=dana, now=cast.now, card=card, contact_id=contact)
    assert Report.objects.get().state == State.FROZEN


def test_once_they_are_known_nobody_looks_for_them(cast: Any, talk: Any, card: str, maya: Any) -> None:
    dana, began = talk
    forget_proofs(True, began["contact_id"], cast.maya, clock.machine_now())
    say_gone(by=dana, now=cast.now, card=card, contact_id=began["contact_id"])
    say_gone(by=maya, now=cast.now + timedelta(minutes=5), card=card)
    assert not Promise.objects.filter(UNFINISHED).exclude(source="routing").exists()
    assert Report.objects.get().level == 2


def test_a_member_nobody_can_reach_is_looked_for_by_a_person(cast: Any, talk: Any, card: str) -> None:
    dana, began = talk
    ContactPoint.objects.filter(member=cast.maya).delete()
    forget_proofs(True, began["contact_id"], cast.maya, clock.machine_now())
    say_gone(by=dana, now=cast.now, card=card, contact_id=began["contact_id"])
    assert "Find a way to reach you" in Promise.objects.get(pk=Report.objects.get().reach).text


def test_nobody_known_reports_nothing_and_a_colleague_needs_a_conversation(
    cast: Any, talk: Any, card: str
) -> None:
    dana, began = talk
    forget_proofs(False, began["contact_id"], cast.maya, cast.now)
    with pytest.raises(LevelTooLow):
        say_gone(by=dana, now=cast.now, card=card, contact_id=began["contact_id"])
    with pytest.raises((NotPermitted, LevelTooLow)):
        say_gone(by=dana, now=cast.now, card=card)


# ---------------------------------------------------------------------------------------------- what else, an


def test_a_phone_that_is_gone_proves_nothing_any_more(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    assert phone_said_gone("2125550142") is None
    assert say_else_gone(by=maya, now=cast.now, card=card, phone=True, papers=False)["changed"]
    assert not say_else_gone(by=maya, now=cast.now, card=card, phone=True, papers=False)["changed"]
    assert phone_said_gone("2125550142") == cast.now and phone_said_gone("3055550117") is None


@pytest.mark.parametrize(
    ("learned", "most", "until"),
    [
        (None, 50_00, None),
        (date(2026, 11, 23), 50_00, date(2026, 11, 25)),
        (
            date(2026, 11, 20),
            50_00,
            date(2026, 11, 24),
        ),  # Friday: two business days end on the day they told us
        (date(2026, 11, 19), 500_00, date(2026, 11, 23)),
    ],
)
def test_a_debit_card_is_answered_for_by_the_day_it_was_noticed(
    cast: Any, maya: Any, card: str, learned: Any, most: int, until: Any
) -> None:
    """12 CFR 1005.6(b)(1) and (2); the first word was on Tuesday, November 24."""
    say_gone(by=maya, now=cast.now, card=card)
    CardRow.objects.get(token=card).account.__class__.objects.filter(cards__token=card).update(
        product="Unknown"
    )
    cast.maya.__class__.objects.filter(pk=cast.maya.pk).update(card_type="debit")
    if learned:
        say_when_noticed(by=maya, now=cast.now, card=card, on=learned.isoformat())
    with debit_profile():
        found = liability_of(Report.objects.select_related("member").get())
    assert (found.regime, found.most_minor, found.in_time_until) == ("E", most, until)


def debit_profile() -> Any:
    """An issuer with debit cards, whichever profile the tests run with."""

    @contextmanager
    def held() -> Iterator[None]:
        first = next(iter(current_profile().card_types.values()))
        types = {**current_profile().card_types, "debit": replace(first, id="debit", products=("debit",))}
        profile = replace(current_profile(), card_types=types)
        with mock.patch("cardline.cards.reports.queries.current_profile", lambda: profile):
            yield

    return held()


def test_a_day_that_is_none_or_still_to_come_is_refused(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    for day in ("2026-02-30", "2026-12-24", "yesterday"):
        with pytest.raises(Malformed):
            say_when_noticed(by=maya, now=cast.now, card=card, on=day)


def test_a_credit_card_costs_nothing_as_the_profile_has_it(cast: Any, maya: Any, card: str) -> None:
    say_gone(by=maya, now=cast.now, card=card)
    found = liability_of(Report.objects.get())
    assert (found.regime, found.most_minor, found.is_nothing) == ("Z", 0, True)


# ------------------------------------------------------------------------------------------ a core that is elsewhere


@pytest.fixture
def far(cast: Any) -> Iterator[Far]:
    with far_away() as core:
        yield core


def test_with_a_silent_core_the_report_stands_and_is_frozen_once_it_answers(
    cast: Any, maya: Any, far: Far
) -> None:
    card = next(card.token for card in cards_of(maya) if card.mine)
    far.cut = True
    done = say_gone(by=maya, now=cast.now, card=card)
    assert done["frozen_at"] is None and done["asked_at"] and done["ref"]
    assert Report.objects.get().state == State.REPORTED
    far.cut = False
    work_through_lane()
    assert Report.objects.get().state == State.FROZEN
    assert json.loads(Entry.objects.get(kind="report.opened").data)["last4"] == "4471"


def test_a_freeze_elsewhere_that_ends_by_itself_is_asked_for_again(cast: Any, maya: Any, far: Far) -> None:
    card = next(card.token for card in cards_of(maya) if card.mine)
    until = cast.now + timedelta(hours=1)
    freeze_card(by=maya, now=cast.now, card=card, until=until)
    work_through_lane()
    say_gone(by=maya, now=cast.now, card=card)
    work_through_lane()
    clock.set_offset(until + timedelta(minutes=1) - clock.machine_now())
    sweep_cards(until + timedelta(minutes=1))
    work_through_lane()
    assert state_of(maya, card) == CardState.FROZEN and Report.objects.get().state == State.FROZEN


def test_taking_the_freeze_back_before_anybody_asked_for_it_ends_the_report(
    cast: Any, maya: Any, far: Far
) -> None:
    card = next(card.token for card in cards_of(maya) if card.mine)
    say_gone(by=maya, now=cast.now, card=card)
    unfreeze_card(by=maya, now=cast.now, card=card)
    assert Report.objects.get().state == State.UNFROZEN


def test_a_stranger_gets_no_page(client: Client, cast: Any, maya: Any, card: str) -> None:
    done = say_gone(by=maya, now=cast.now, card=card)
    assert client.get(f"/lost-card/reports/{done['report']}").status_code == 401
