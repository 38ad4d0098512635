"""A charge is stopped, its member is asked, and says yes, no, both or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import activate_card, replace_card, replace_lost_card
from cardline.cards.models import FreezeWish, Report
from cardline.cards.queries import card_of
from cardline.cards.tests.distance import far_away
from cardline.cases.models import Case, Entry
from cardline.contact.commands import take_contact
from cardline.fraud import commands as answering
from cardline.fraud import sweeps
from cardline.fraud.asking import QUESTION
from cardline.fraud.commands import confirm_charge, deny_charge, raise_alert
from cardline.fraud.models import FraudAlert, FraudAsk
from cardline.fraud.queries import alert_about, alert_settled_last, open_alerts
from cardline.fraud.tests.conftest import live_at
from cardline.fraud.texts import ANSWER
from cardline.fraud.writing import NEED
from cardline.identity.models import Evidence
from cardline.identity.rules import Proof
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import CardState, Decline, Outcome, current_core
from cardline.issuer.embedded import network
from cardline.issuer.embedded.models import Authorisation
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.commands import command
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere, TooMany
from cardline.members.contactdata.models import SafeContact
from cardline.notify.models import Outgoing
from cardline.notify.wording import Words, how_to_check, template, written
from cardline.promises.models import Promise
from cardline.routing.commands import start_chat

Suspect = Callable[..., FraudAlert]


@command("test.try_card", by=[SYSTEM.kind])
def try_card(*, by: Any, now: Any, card: str, nth: int, looks_wrong: bool = False) -> str:
    return network.authorise(
        card, merchant="Corner Shop", place="New York NY", phone="", amount_minor=12_00, channel="chip", at=now,
        key=f"try-{nth}", looks_wrong=looks_wrong,
    ).token  # fmt: skip


def tried(card: str, now: Any, nth: int, *, looks_wrong: bool = False) -> str:
    made = try_card(by=SYSTEM, now=now, card=card, nth=nth, looks_wrong=looks_wrong)
    row = Authorisation.objects.get(token=made)
    return row.decline or row.outcome


def blocked_at(cast: Any, card: str) -> Any:
    return current_core().card(cast.maya.core_customer, card).blocked_at


def kinds(alert: FraudAlert) -> list[str]:
    return list(Entry.objects.filter(case=alert.case_id).order_by("n").values_list("kind", flat=True))


# ------------------------------------------------------------------------------------------------------ it begins


def test_a_suspicion_blocks_the_card_and_asks_its_member(cast: Any, card: str, suspect: Suspect) -> None:
    alert = suspect()
    assert (alert.state, alert.blocked, alert.member_id) == ("asked", True, cast.maya.pk)
    assert blocked_at(cast, card) == cast.now and tried(card, cast.now, 1) == Decline.SUSPECTED_FRAUD
    ways = current_profile().fraud_alerts.ways
    assert [ask.channel for ask in FraudAsk.objects.all()] == [ways[0].channel]
    assert alert.next_step_at == cast.now + ways[0].wait
    assert kinds(alert) == ["case.opened", "fraud.suspected", "fraud.asked"]
    assert Case.objects.get(pk=alert.case_id).need == "lost_stolen.card_compromised"


def test_told_again_it_is_the_same_alert(cast: Any, suspect: Suspect) -> None:
    assert suspect().pk == suspect().pk
    assert Case.objects.count() == FraudAlert.objects.count() == FraudAsk.objects.count() == 1


def test_the_core_itself_can_suspect_a_charge(cast: Any, maya: Actor, card: str) -> None:
    assert tried(card, cast.now, 1, looks_wrong=True) == Decline.SUSPECTED_FRAUD
    alert = FraudAlert.objects.get()
    made = Authorisation.objects.get(token=alert.outside)
    assert (alert.merchant, alert.amount_minor, made.card.token) == ("Corner Shop", 12_00, card)
    assert tried(card, cast.now, 2, looks_wrong=True) == Decline.SUSPECTED_FRAUD
    assert FraudAlert.objects.count() == 1  # the card is blocked already: one question is enough


def test_an_unknown_card_and_somebody_elses_are_alike(cast: Any, card: str, suspect: Suspect) -> None:
    for customer, token in ((cast.maya.core_customer, "card_none"), (cast.hannah.core_customer, card)):
        with pytest.raises(NotThere):
            raise_alert(
                by=SYSTEM, now=cast.now, outside="x", customer=customer, card=token, merchant=clean("M"),
                place=clean(""), amount_minor=1, currency="USD", charged_at=cast.now,
            )  # fmt: skip
    assert not Case.objects.exists()


ADDRESS = re.compile(r"https?:|www\.|[\w-]+\.(com|es|net|org|example)\b|/\w")
SECRET = re.compile(r"\b(codes?|códigos?|claves?|passwords?|contraseñas?|PIN|number|número)\b", re.IGNORECASE)
REFUSAL = re.compile(r"\b(never|nunca|cannot|no se puede)\b", re.IGNORECASE)


def every_text(language: str) -> Iterator[Words]:
    """All we ever write about a suspected charge, by each way it goes."""
    for of in (QUESTION, ANSWER):
        wording = template(of).in_(language)
        for channel in template(of).channels:
            for kind in wording.choices.get("kind", {"": ""}):
                yield written(of, channel, language, {"kind": kind} if kind else {}, proof="BCDF-GHJK")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_message_leads_anywhere_or_asks_for_a_code(language: str) -> None:  # SR-61
    texts = list(every_text(language))
    assert len(texts) == 11  # the question by two ways, nine answers by text
    for said in texts:
        words = f"{said.subject}\n{said.body}"
        assert not ADDRESS.search(words), words
        assert "Electronics" not in words and "$" not in words
        ours = words.replace(how_to_check("text", language).format(proof="BCDF-GHJK"), "")
        ours = ours.replace(how_to_check("email", language).format(proof="BCDF-GHJK"), "")
        for sentence in re.split(r"[.?!\n]", ours):
            assert not SECRET.search(sentence) or REFUSAL.search(sentence), sentence


# ---------------------------------------------------------------------------------------------------- its answers


def test_yes_lifts_the_block_and_the_purchase_goes_through(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    alert = suspect()
    told = confirm_charge(by=maya, now=cast.now, alert=alert.token)
    assert not told["blocked"] and told["effect"] == "lift" and not told["more"]
    assert blocked_at(cast, card) is None and tried(card, cast.now, 1) == Outcome.APPROVED
    alert.refresh_from_db()
    assert (alert.state, alert.answered_by, alert.next_step_at) == ("answered_yes", "page", None)
    assert Case.objects.get(pk=alert.case_id).state == "closed"


def test_no_freezes_the_card_and_begins_the_report(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    alert = suspect()
    told = deny_charge(by=maya, now=cast.now, alert=alert.token)
    assert told["frozen"] and card_of(maya, card).state == CardState.FROZEN
    assert blocked_at(cast, card) is not None
    case = Case.objects.get(pk=alert.case_id)
    assert case.state == "open" and case.attention_at == cast.now
    assert "card.frozen" in kinds(alert)
    report = Report.objects.get()
    assert (report.case_id, report.level, report.state, report.reach) == (case.pk, 2, "frozen", 0)
    assert [promise.text for promise in Promise.objects.filter(case=case, state="open")] == [
        "Go through your last charges with you and see that you get a new card"
    ]


@pytest.mark.parametrize("answer", [confirm_charge, deny_charge])
def test_an_answer_twice_is_one(cast: Any, maya: Actor, suspect: Suspect, answer: Any) -> None:
    alert = suspect()
    answer(by=maya, now=cast.now, alert=alert.token)
    entries, promises = Entry.objects.count(), Promise.objects.count()
    again = answer(by=maya, now=cast.now + timedelta(minutes=1), alert=alert.token)
    assert again["effect"] == "same"
    assert (Entry.objects.count(), Promise.objects.count()) == (entries, promises)


def test_a_no_after_a_yes_freezes(cast: Any, maya: Actor, card: str, suspect: Suspect) -> None:
    alert = suspect()
    confirm_charge(by=maya, now=cast.now, alert=alert.token)
    told = deny_charge(by=maya, now=cast.now, alert=alert.token)
    assert told["effect"] == "freeze" and card_of(maya, card).state == CardState.FROZEN
    assert Case.objects.get(pk=alert.case_id).state == "open"


def test_a_yes_after_a_no_lifts_the_block_and_leaves_the_freeze_to_them(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    alert = suspect()
    deny_charge(by=maya, now=cast.now, alert=alert.token)
    told = confirm_charge(by=maya, now=cast.now, alert=alert.token)
    assert not told["blocked"] and told["frozen"]
    assert blocked_at(cast, card) is None and card_of(maya, card).state == CardState.FROZEN
    assert Promise.objects.get(case=alert.case_id).state == "kept"


def test_a_block_stays_while_another_charge_waits(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    first, second = suspect("one"), suspect("two")
    told = confirm_charge(by=maya, now=cast.now, alert=first.token)
    assert told["blocked"] and told["more"] == 1 and blocked_at(cast, card) is not None
    assert not confirm_charge(by=maya, now=cast.now, alert=second.token)["blocked"]
    assert blocked_at(cast, card) is None


def test_a_card_closed_in_between_is_no_fault(cast: Any, maya: Actor, card: str, suspect: Suspect) -> None:
    yes, no = suspect("one"), suspect("two")
    replace_lost_card(by=maya, now=cast.now, card=card)
    assert confirm_charge(by=maya, now=cast.now, alert=yes.token)["closed"]
    assert deny_charge(by=maya, now=cast.now, alert=no.token)["closed"]


def test_yes_takes_more_than_no(cast: Any, maya: Actor, suspect: Suspect) -> None:  # SR-39
    alert = suspect()
    Evidence.objects.update(kind=Proof.FACTS)  # V1: a fact that points to them, and no secret
    with pytest.raises(LevelTooLow):
        confirm_charge(by=maya, now=cast.now, alert=alert.token)
    assert deny_charge(by=maya, now=cast.now, alert=alert.token)["frozen"]


def test_nobody_answers_for_somebody_else(cast: Any, as_member: Any, as_agent: Any, suspect: Suspect) -> None:
    alert = suspect()
    for actor in (as_member(cast.hannah),):
        for answer in (confirm_charge, deny_charge):
            with pytest.raises(NotThere):
                answer(by=actor, now=cast.now, alert=alert.token)
    assert open_alerts(as_member(cast.hannah)) == []


# --------------------------------------------------------------------------------------------------------- silence


def test_silence_asks_by_each_way_in_the_profiles_order_and_then_a_person(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    alert = suspect()
    first, second = current_profile().fraud_alerts.ways
    assert sweeps.sweep(cast.now + first.wait - timedelta(seconds=1)) == 0
    later = cast.now + first.wait
    assert (sweeps.sweep(later), sweeps.sweep(later)) == (1, 0)
    assert list(FraudAsk.objects.values_list("channel", flat=True)) == [first.channel, second.channel]
    last = later + second.wait
    assert sweeps.sweep(last) == 1
    alert.refresh_from_db()
    assert (alert.state, alert.next_step_at) == ("silent", None) and blocked_at(cast, card) is not None
    (promise,) = Promise.objects.filter(case=alert.case_id)
    assert promise.text == "Reach you about a purchase we stopped" and promise.pk == alert.promise
    assert Case.objects.get(pk=alert.case_id).attention_at == last
    confirm_charge(by=maya, now=last, alert=alert.token)
    promise.refresh_from_db()
    assert promise.state == "kept"


def test_whoever_cannot_be_reached_is_a_persons_at_once(cast: Any, card: str, suspect: Suspect) -> None:
    live_at(cast.maya)
    alert = suspect()
    assert alert.state == "silent" and Promise.objects.filter(case=alert.case_id).exists()
    assert not Outgoing.objects.filter(template="fraud_alert").exists()


def test_a_way_without_a_door_is_passed_over(cast: Any, settings: Any, maya: Actor, suspect: Suspect) -> None:
    settings.CARDLINE_DEMO, settings.CARDLINE_MAIL_URL, settings.CARDLINE_TEXT_ACCOUNT = False, "smtp://m", ""
    suspect()
    assert [ask.channel for ask in FraudAsk.objects.all()] == ["email"]


def test_only_safe_places_are_asked_at(cast: Any, maya: Actor, suspect: Suspect) -> None:
    only = cast.maya.points.get(kind="phone")
    SafeContact.objects.create(member=cast.maya, only=only, since=cast.now)
    alert = suspect()
    for _ in range(3):
        sweeps.sweep(cast.now + timedelta(days=1))
    assert {ask.channel for ask in FraudAsk.objects.all()} == {"text"}
    alert.refresh_from_db()
    assert alert.state == "silent"


def test_night_does_not_hold_the_question_back(cast: Any, maya: Actor, suspect: Suspect) -> None:  # DOMAIN 12
    suspect(now=cast.now.replace(hour=8))  # three in the morning in New York
    assert Outgoing.objects.get(template="fraud_alert").state == "queued"


def test_what_keeps_a_card_is_found_by_the_card(cast: Any, maya: Actor, card: str, suspect: Suspect) -> None:
    assert alert_about(maya, card) is None
    alert = suspect()
    assert alert_about(maya, card) == alert
    deny_charge(by=maya, now=cast.now, alert=alert.token)
    assert alert_about(maya, card) == alert
    confirm_charge(by=maya, now=cast.now, alert=alert.token)
    assert alert_about(maya, card) is None


def test_a_block_stays_while_another_charge_of_the_card_was_not_theirs(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    denied, theirs = suspect("one"), suspect("two")
    deny_charge(by=maya, now=cast.now, alert=denied.token)
    told = confirm_charge(by=maya, now=cast.now, alert=theirs.token)
    assert told["blocked"] and not told["more"] and blocked_at(cast, card) is not None


def test_a_no_may_have_been_a_mistake_for_a_week(cast: Any, maya: Actor, card: str, suspect: Suspect) -> None:
    alert = suspect()
    deny_charge(by=maya, now=cast.now, alert=alert.token)
    week = cast.now + timedelta(days=7)
    assert alert_settled_last(maya, cast.maya.pk, week) == alert
    assert alert_settled_last(maya, cast.maya.pk, week + timedelta(minutes=1)) is None


def test_a_colleague_answers_in_a_conversation_with_that_member_only(
    cast: Any, as_member: Any, as_agent: Any, suspect: Suspect
) -> None:
    alert, dana, luis = suspect(), as_agent(cast.dana), as_member(cast.luis)
    began = start_chat(by=luis, now=cast.now, need=NEED, text=clean("Hi"), language="en", plan={})
    take_contact(by=dana, now=cast.now, contact_id=began["contact_id"])
    with pytest.raises(NotThere):
        deny_charge(by=dana, now=cast.now, alert=alert.token, contact_id=began["contact_id"])
    alert.refresh_from_db()
    assert alert.state == "asked"


def test_yes_is_counted_like_every_change_of_a_card(
    cast: Any, maya: Actor, card: str, suspect: Suspect, settings: Any
) -> None:
    alert = suspect()
    settings.CARDLINE_LIMIT_FACTOR = 0
    with pytest.raises(TooMany):
        confirm_charge(by=maya, now=cast.now, alert=alert.token)
    assert blocked_at(cast, card) is not None


def test_a_no_waits_for_no_core(cast: Any, maya: Actor, card: str, suspect: Suspect) -> None:  # SR-77
    alert = suspect()
    with far_away() as far:
        far.cut = True
        told = deny_charge(by=maya, now=cast.now, alert=alert.token)
        assert told["effect"] == "freeze" and not told["frozen"] and not told["closed"]
        with pytest.raises(CoreSilent):
            confirm_charge(by=maya, now=cast.now, alert=alert.token)
    assert FreezeWish.objects.get(card=card).settled_at is None
    alert.refresh_from_db()
    assert alert.state == "answered_no"


def test_whoever_answers_second_is_weighed_against_the_first(
    cast: Any, maya: Actor, card: str, suspect: Suspect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A yes lands between the look and the write of a no: the no still counts."""
    alert = suspect()
    said: list[str] = []
    real = answering._seen

    def seen(*args: Any) -> FraudAlert:
        row = real(*args)
        if not said:
            said.append("yes")
            FraudAlert.objects.filter(pk=row.pk).update(
                state="answered_yes", answered_at=cast.now, next_step_at=None
            )
        return row

    monkeypatch.setattr(answering, "_seen", seen)
    assert deny_charge(by=maya, now=cast.now, alert=alert.token)["effect"] == "freeze"
    alert.refresh_from_db()
    assert alert.state == "answered_no" and card_of(maya, card).state == CardState.FROZEN


def test_a_copy_of_a_blocked_card_is_blocked_as_well(
    cast: Any, maya: Actor, card: str, suspect: Suspect
) -> None:
    alert = suspect()
    copy = str(replace_card(by=maya, now=cast.now, card=card)["card"])
    activate_card(by=maya, now=cast.now, card=copy)
    assert tried(copy, cast.now, 1) == Decline.SUSPECTED_FRAUD
    assert blocked_at(cast, copy) == alert.raised_at
