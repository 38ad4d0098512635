"""What a member can do alone a colleague can lead, in the conversation they have, as surely as the need asks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.cards.commands import renew_card, replace_card
from cardline.cards.queries import cards_of
from cardline.cases.models import Case, Entry
from cardline.contact.commands import ContactEnded, NotYours
from cardline.contact.models import Contact
from cardline.flows.models import FlowRun
from cardline.flows.script import Script
from cardline.identity.models import Evidence
from cardline.identity.rules import Proof
from cardline.issuer.embedded import models as core_rows
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotPermitted
from cardline.notify.models import Outgoing
from cardline.payments.autopay import set_autopay
from cardline.payments.tests.scene import bank
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise
from cardline.rewards.commands import redeem_points
from cardline.rewards.tests.points import give
from cardline.routing.commands import start_chat

PAYING = {"how_much": "other", "amount": "25", "when": "today", "sure": "yes"}


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def dana(cast: Any, as_agent: Any) -> Actor:
    actor: Actor = as_agent(cast.dana)
    return actor


@pytest.fixture
def card(maya: Actor) -> str:
    return next(card.token for card in cards_of(maya) if card.mine)


@pytest.fixture
def contact(cast: Any, maya: Actor, dana: Actor) -> Contact:
    """Dana speaks with Maya, whose signed-in session speaks for her."""
    began = start_chat(
        by=maya, now=cast.now, need="lost_stolen.report", text=clean("I want to pay"), language="en", plan={}
    )
    Contact.objects.filter(pk=began["contact_id"]).update(agent=dana.agent_id, state=Contact.State.ACTIVE)
    return Contact.objects.get(pk=began["contact_id"])


def known_by(contact: Contact, *proofs: Proof) -> None:
    """What was shown in the conversation, and nothing else."""
    assert contact.member_id is not None
    Evidence.objects.filter(contact=contact.pk).delete()
    at = clock.machine_now()
    for proof in proofs:
        Evidence.objects.create(
            contact=contact.pk,
            member_id=contact.member_id,
            kind=proof,
            at=at,
            expires_at=at + timedelta(hours=1),
        )


def lead(dana: Actor, cast: Any, contact: Contact, flow: str, **answers: str) -> Script:
    script = Script(dana, cast.now, answers)
    ended = script.play(flow, contact.pk)
    assert ended.end is not None, f"stopped at {ended.step}: {script.said}"
    assert FlowRun.objects.get(flow=flow).state == FlowRun.State.DONE, script.said
    return script


def told_in(contact: Contact, kind: str) -> Entry:
    return Entry.objects.get(case=contact.case_id, contact=contact.pk, kind=kind, visible=True)


def audited(what: str) -> set[str]:
    return set(AuditEvent.objects.filter(name=what).values_list("actor", flat=True))


def test_a_payment_is_read_back_made_and_told(cast: Any, maya: Actor, dana: Actor, contact: Contact) -> None:
    bank(maya, cast.now, "000555010175")
    script = lead(dana, cast, contact, "payment.make", **PAYING)
    (read_out,) = [line for line in script.said if line.startswith("Maya Okafor pays it.")]
    assert any(figure.isdigit() for figure in read_out) and "A notice of it is sent." in read_out
    assert core_rows.Payment.objects.filter(amount_minor=25_00).count() == 1
    entry = told_in(contact, "payment.made")
    assert (entry.author, entry.side) == (dana.key, "agent")
    assert audited("payment.make") == {dana.key}
    (notice,) = Outgoing.objects.filter(template="receipt")
    assert notice.member_id == cast.maya.pk and Case.objects.count() == 1


def test_autopay_is_set_and_stopped(cast: Any, maya: Actor, dana: Actor, contact: Contact) -> None:
    bank(maya, cast.now, "000555010175")
    lead(dana, cast, contact, "payment.autopay", mode="full", sure="yes")
    assert core_rows.Autopay.objects.get().mode == "full"
    assert told_in(contact, "autopay.set").author == dana.key
    FlowRun.objects.all().delete()
    lead(dana, cast, contact, "payment.autopay", change="stop")
    assert not core_rows.Autopay.objects.exists() and audited("autopay.stop") == {dana.key}


def test_points_are_told_and_become_money_on_the_account(
    cast: Any, maya: Actor, dana: Actor, contact: Contact
) -> None:
    give(cast.maya, 20_000, cast.now)
    assert any("points" in line for line in lead(dana, cast, contact, "rewards.balance").said)
    lead(dana, cast, contact, "rewards.redeem", points="5000", sure="yes")
    assert json.loads(told_in(contact, "points.redeemed").data)["points"] == 5000
    assert audited("points.redeem") == {dana.key} and Outgoing.objects.filter(template="receipt").exists()


def test_a_damaged_card_is_replaced(cast: Any, maya: Actor, dana: Actor, contact: Contact, card: str) -> None:
    lead(dana, cast, contact, "card_access.replace_damaged", card=card, where="mine", to="home")
    assert len(cards_of(maya)) == 2 and told_in(contact, "card.replaced").author == dana.key


def test_a_card_that_runs_out_is_renewed(
    cast: Any, maya: Actor, dana: Actor, contact: Contact, card: str
) -> None:
    core_rows.Card.objects.filter(token=card).update(expires=cast.now.date() + timedelta(days=10))
    lead(dana, cast, contact, "card_access.expiring", to="home")
    assert len(cards_of(maya)) == 2 and audited("card.renew") == {dana.key}


@pytest.mark.parametrize("flow", ["payment.make", "payment.autopay", "rewards.balance", "rewards.redeem"])
def test_whoever_is_identified_and_no_more_hears_no_amounts(
    cast: Any, dana: Actor, contact: Contact, flow: str
) -> None:
    known_by(contact, Proof.FACTS)
    with pytest.raises(LevelTooLow):
        Script(dana, cast.now, {}).play(flow, contact.pk)


def every_command(dana: Actor, cast: Any, card: str, contact_id: int | None) -> list[Any]:
    told: dict[str, Any] = {"by": dana, "now": cast.now, "contact_id": contact_id}
    return [
        lambda: replace_card(**told, card=card),
        lambda: renew_card(**told, card=card),
        lambda: set_autopay(**told, account="acc", source="bank", mode="full", wish="w"),
        lambda: redeem_points(**told, account="acc", option="statement_credit", points=1000, wish="w"),
    ]


def test_a_colleague_without_the_conversation_does_nothing(
    cast: Any, as_agent: Any, dana: Actor, contact: Contact, card: str
) -> None:
    """One of the same team sees it, and does not have it."""
    Contact.objects.filter(pk=contact.pk).update(agent=cast.ines.pk)
    for asked in every_command(dana, cast, card, contact.pk):
        with pytest.raises(NotYours):
            asked()


def test_after_its_end_nothing_is_done_in_it(cast: Any, dana: Actor, contact: Contact, card: str) -> None:
    Contact.objects.filter(pk=contact.pk).update(state=Contact.State.ENDED, ended_at=cast.now)
    for asked in every_command(dana, cast, card, contact.pk):
        with pytest.raises(ContactEnded):
            asked()


def test_without_a_conversation_nobody_is_spoken_for(cast: Any, dana: Actor, card: str) -> None:
    for asked in every_command(dana, cast, card, None):
        with pytest.raises((NotPermitted, LevelTooLow)):
            asked()


def test_points_leave_the_account_by_the_members_own_hand_alone(
    cast: Any, dana: Actor, contact: Contact
) -> None:
    give(cast.maya, 20_000, cast.now)
    account = current_account(cast)
    with pytest.raises(NotPermitted):
        redeem_points(
            by=dana, now=cast.now, account=account, option="gift_card", points=5000, wish="w",
            contact_id=contact.pk,
        )  # fmt: skip


def current_account(cast: Any) -> str:
    return str(core_rows.Account.objects.filter(holders__customer__number=cast.maya.core_customer)[0].token)


def test_a_request_is_followed_up_in_state_and_date_alone_where_they_are_only_identified(
    cast: Any, maya: Actor, dana: Actor, contact: Contact
) -> None:
    Case.objects.filter(pk=contact.case_id).update(subject="A refund of $1,250.00 from Corner Shop")
    make_promise(
        by=dana, now=cast.now, case_id=contact.case_id, text=clean("Give you back $1,250.00"), queue="",
        due_at=cast.now + timedelta(days=1), due_zone="America/New_York", source=Promise.Source.PERSON,
    )  # fmt: skip
    known_by(contact, Proof.FACTS)
    script = lead(dana, cast, contact, "contact.reference_followup", fine="yes")
    said = " ".join(script.said)
    assert "It is open. The next step is due by " in said
    assert not any(word in said for word in ("$", "1,250", "refund", "Corner Shop"))

    FlowRun.objects.all().delete()
    known_by(contact, Proof.SESSION)
    knows_all = " ".join(lead(dana, cast, contact, "contact.reference_followup", fine="yes").said)
    assert "A refund of $1,250.00 from Corner Shop" in knows_all and "Give you back $1,250.00" in knows_all
