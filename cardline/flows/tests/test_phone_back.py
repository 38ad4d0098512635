"""A phone that was gone and is back: exactly that is undone, by a proof that does not rest on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.models import Report
from cardline.cards.queries import cards_of
from cardline.cards.reports.commands import say_else_gone, say_gone, say_phone_back
from cardline.cases.models import Entry
from cardline.flows.models import FlowRun
from cardline.flows.script import Script
from cardline.identity.authority import action_of
from cardline.identity.codes.phones import phones_for_codes
from cardline.identity.models import Evidence
from cardline.identity.rules import Proof
from cardline.issuer.core import CardState
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.refusals import LevelTooLow, NotPermitted
from cardline.notify.models import Outgoing

FLOW = "lost_stolen.phone_back"


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def gone(cast: Any, maya: Actor) -> Report:
    card = next(card.token for card in cards_of(maya) if card.mine)
    say_gone(by=maya, now=cast.now, card=card)
    say_else_gone(by=maya, now=cast.now, card=card, phone=True, papers=True)
    return Report.objects.get()


def shown(maya: Actor, proof: Proof = Proof.PASSKEY) -> None:
    at = clock.machine_now()
    Evidence.objects.create(
        member_id=maya.member_id, kind=proof, action=action_of(say_phone_back.name, {}),
        session=maya.session, at=at, expires_at=at + timedelta(hours=1),
    )  # fmt: skip


def play(maya: Actor, cast: Any, **answers: str) -> Script:
    script = Script(maya, cast.now, answers)
    assert script.play(FLOW).end is not None, script.said
    return script


def test_codes_go_there_again_and_nothing_else_is_undone(cast: Any, maya: Actor, gone: Report) -> None:
    assert phones_for_codes(cast.maya.pk, cast.now) == []
    shown(maya)
    script = play(maya, cast, where="mine", sure="yes")
    assert script.said[-1] == "Codes go to your phone again, and count as they did before."
    assert phones_for_codes(cast.maya.pk, cast.now)
    gone.refresh_from_db()
    assert (gone.gone_phone, gone.gone_papers) == (False, True)
    assert next(card for card in cards_of(maya) if card.mine).state == CardState.FROZEN
    assert Entry.objects.filter(kind="report.phone_back", case=gone.case_id, visible=True).count() == 1
    assert Outgoing.objects.filter(template="receipt", member=cast.maya).count() == 1


def test_a_sign_in_alone_is_not_enough(cast: Any, maya: Actor, gone: Report) -> None:
    """It may be open on that very phone."""
    with pytest.raises(LevelTooLow) as no:
        Script(maya, cast.now, {"where": "mine", "sure": "yes"}).play(FLOW)
    assert no.value.asked is not None and no.value.asked.command == "card.say_phone_back"
    assert phones_for_codes(cast.maya.pk, cast.now) == []


def test_a_code_to_that_number_is_no_proof(cast: Any, maya: Actor, gone: Report) -> None:
    shown(maya, Proof.CHANGED_NUMBER)  # what a code to a phone that is said to be gone is kept as
    with pytest.raises(LevelTooLow):
        say_phone_back(by=maya, now=cast.now)


def test_said_again_it_is_the_same(cast: Any, maya: Actor, gone: Report) -> None:
    shown(maya)
    assert say_phone_back(by=maya, now=cast.now)["changed"]
    assert say_phone_back(by=maya, now=cast.now) == {"changed": False, "case_id": None, "ref": None}
    assert Entry.objects.filter(kind="report.phone_back").count() == 1
    assert play(maya, cast).said == ["No phone of yours is said to be gone. Codes go to it as always."]


@pytest.mark.parametrize(("where", "sure", "outcome"), [("number", "yes", "led"), ("others", "no", "kept")])
def test_who_is_not_sure_leaves_it(
    cast: Any, maya: Actor, gone: Report, where: str, sure: str, outcome: str
) -> None:
    play(maya, cast, where=where, sure=sure)
    assert FlowRun.objects.get().outcome == outcome and phones_for_codes(cast.maya.pk, cast.now) == []


def test_a_colleague_and_another_member_take_nothing_back(
    cast: Any, gone: Report, as_agent: Any, as_member: Any
) -> None:
    with pytest.raises(NotPermitted):
        say_phone_back(by=as_agent(cast.dana), now=cast.now)
    luis = as_member(cast.luis)
    shown(luis)
    assert not say_phone_back(by=luis, now=cast.now)["changed"]
    assert phones_for_codes(cast.maya.pk, cast.now) == []
