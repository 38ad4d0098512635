"""Contact data changed in a conversation: by the commands' own roads, and nothing of it left in the conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cardline.cases.models import Entry
from cardline.contactdata.changes.commands import change_address, change_email, change_phone, seen_mark
from cardline.contactdata.tests.scene import points
from cardline.flows import sweeps
from cardline.flows.commands import AnsweredMeanwhile, answer_flow, forget_told, hand_over, start_flow
from cardline.flows.models import FlowRun
from cardline.flows.queries import run_of, standing_of
from cardline.flows.script import Script
from cardline.flows.transcript import ANSWERED
from cardline.identity.authority import action_of
from cardline.identity.models import Evidence
from cardline.identity.rules import Proof
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow
from cardline.members.models import ContactChange, ContactPoint
from cardline.routing.commands import start_chat

FLOW = "info.contact_details"
NUMBER, EMAIL = "212 555 0177", "maya.new@example.org"
ADDRESS = {"street": "9 Alder Row", "more": "Apt 4", "town": "Troy", "state": "NY", "postal_code": "12180"}


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


def old(maya: Actor, kind: str) -> ContactPoint:
    return ContactPoint.objects.filter(member=maya.member_id, kind=kind).order_by("pk")[0]


def shown_for(maya: Actor, command: Any, **arguments: Any) -> None:
    """A second proof, for exactly this."""
    at = clock.machine_now()
    Evidence.objects.create(
        member_id=maya.member_id, kind=Proof.PASSKEY, action=action_of(command.name, arguments),
        session=maya.session, at=at, expires_at=at + timedelta(hours=1),
    )  # fmt: skip


def play(maya: Actor, cast: Any, **answers: str) -> Script:
    script = Script(maya, cast.now, answers)
    standing = script.play(FLOW)
    assert standing.end is not None, f"stopped at {standing.step}: {script.said}"
    return script


def nothing_of_it_is_kept(*values: str) -> None:
    kept = [*FlowRun.objects.values_list("answers", flat=True)]
    kept += [text for row in Entry.objects.values_list("text", "data") for text in row]
    assert not [value for value in values if any(value in text for text in kept)]


def test_a_number_shown_strongly_is_changed_at_once(cast: Any, maya: Actor) -> None:
    point = old(maya, "phone")
    shown_for(
        maya, change_phone, number=clean(NUMBER), takes_texts=True, point_id=point.pk, seen=seen_mark(point)
    )
    script = play(maya, cast, what="phone", which=str(point.pk), number=NUMBER, texts="yes", road="now")
    assert script.said[-1].startswith("It is changed.")
    assert (
        points(maya, "phone")[0].endswith("2125550177") and ContactChange.objects.get().notices.count() >= 2
    )
    nothing_of_it_is_kept(NUMBER, "5550177")


def test_without_the_proof_the_answer_is_not_kept_and_it_is_asked_for(cast: Any, maya: Actor) -> None:
    point = old(maya, "phone")
    answers = {"what": "phone", "which": str(point.pk), "number": NUMBER, "texts": "yes", "road": "now"}
    with pytest.raises(LevelTooLow) as no:
        Script(maya, cast.now, answers).play(FLOW)
    assert no.value.asked is not None and no.value.asked.command == "contact_data.phone"
    run = FlowRun.objects.get()
    assert "road" not in run.answers and not ContactChange.objects.exists()

    script = Script(maya, cast.now, {**answers, "road": "later"})
    script.go_on(run.token)
    assert "a person has seen a document" in script.said[-1]
    nothing_of_it_is_kept(NUMBER, "5550177")


def test_what_nobody_went_on_with_is_forgotten_and_asked_for_again(cast: Any, maya: Actor) -> None:
    point = old(maya, "phone")
    answers = {"what": "phone", "which": str(point.pk), "number": NUMBER, "texts": "yes", "road": "now"}
    with pytest.raises(LevelTooLow):
        Script(maya, cast.now, answers).play(FLOW)
    run = FlowRun.objects.get()
    sweeps.sweep(cast.now + sweeps.FORGET_AFTER - timedelta(seconds=1))
    assert NUMBER in FlowRun.objects.get().answers
    sweeps.sweep(cast.now + sweeps.FORGET_AFTER)
    nothing_of_it_is_kept(NUMBER, "5550177")
    assert sweeps.sweep(cast.now + timedelta(days=1)) == 0

    with pytest.raises(AnsweredMeanwhile):
        answer_flow(by=maya, now=cast.now, token=run.token, steps=run.steps, answer=[clean("later")])
    standing = standing_of(maya, run_of(maya, run.token), cast.now)
    assert standing.step is not None and standing.step.step == "number"
    script = Script(maya, cast.now, {**answers, "road": "later"})
    script.go_on(run.token)
    assert "a person has seen a document" in script.said[-1]
    nothing_of_it_is_kept(NUMBER, "5550177")


def test_what_was_forgotten_and_told_again_is_written_down_again(cast: Any, maya: Actor) -> None:
    began = start_chat(by=maya, now=cast.now, need=FLOW, text=clean("A new number"), language="en", plan={})
    answers = {"what": "phone", "which": "new", "number": NUMBER}
    Script(maya, cast.now, answers).play(FLOW, began["contact_id"])
    lines = Entry.objects.filter(kind=ANSWERED)
    told = lines.count()
    assert forget_told(by=SYSTEM, now=cast.now, run_id=FlowRun.objects.get().pk)
    Script(maya, cast.now, answers).go_on(FlowRun.objects.get().token)
    assert lines.count() == told + 1


def test_an_email_counts_once_its_link_was_pressed(cast: Any, maya: Actor) -> None:
    point = old(maya, "email")
    shown_for(maya, change_email, email=clean(EMAIL), point_id=point.pk, seen=seen_mark(point))
    before = points(maya, "email")
    script = play(maya, cast, what="email", which=str(point.pk), email=EMAIL, road="now")
    assert (
        "We sent a link to the new address." in script.said[-1]
        and "can’t be pressed from here" in script.said[-1]
    )
    assert points(maya, "email") == before
    nothing_of_it_is_kept(EMAIL)


def test_an_address_is_changed_line_by_line(cast: Any, maya: Actor) -> None:
    shown_for(maya, change_address, country="US", **{name: clean(value) for name, value in ADDRESS.items()})
    play(maya, cast, what="address", country="yes", road="now", **ADDRESS)
    assert points(maya, "post") == ["9 Alder Row, Apt 4, Troy, NY 12180"]
    nothing_of_it_is_kept("Alder", "12180")


def test_an_address_elsewhere_has_a_form_on_its_page(cast: Any, maya: Actor) -> None:
    script = play(maya, cast, what="address", country="no")
    assert script.said[-1].startswith("Each country writes addresses in its own way")


def test_what_was_mistyped_is_said_and_asked_again(cast: Any, maya: Actor) -> None:
    script = play(maya, cast, what="email", which="new", email="no address", road="later")
    assert script.said.count("What is the new email address?") == 2
    assert script.said[-1].startswith("Nothing was changed.") and not ContactChange.objects.exists()


def test_once_a_command_had_it_it_is_forgotten_though_the_questions_go_on(cast: Any, maya: Actor) -> None:
    token = start_flow(by=maya, now=cast.now, flow=FLOW, language="en")["token"]
    for steps, given in ((0, "email"), (2, "new"), (3, "nobody@@example"), (4, "later")):
        answer_flow(by=maya, now=cast.now, token=token, steps=steps, answer=[clean(given)])
    run = FlowRun.objects.get()
    assert run.state == FlowRun.State.OPEN and "nobody@@example" not in run.answers


def test_handed_to_a_person_it_is_not_told(cast: Any, maya: Actor) -> None:
    script = Script(maya, cast.now, {"what": "phone", "which": "new", "number": NUMBER})
    script.play(FLOW)
    token = FlowRun.objects.get().token
    assert NUMBER in run_of(maya, token).answers  # until a command has it
    hand_over(by=maya, now=cast.now, token=token)
    nothing_of_it_is_kept(NUMBER)


def test_whoever_acts_for_another_changes_none_of_it(cast: Any, maya: Actor) -> None:
    from cardline.flows.actions.contactdata import points as look
    from cardline.flows.here import here_of_actor

    here = here_of_actor(maya, cast.now, "en")
    assert look(here, kind="phone")["own"]
    other = replace(here, by=replace(maya, acting_for=maya.member_id))
    assert look(other, kind="phone") == {"own": False, "points": [], "country": "US", "many": False}


def test_masked_alone_are_they_shown(cast: Any, maya: Actor) -> None:
    script = Script(maya, cast.now, {"what": "phone"})
    standing = script.play(FLOW)
    shown = [str(one.words.values["masked"]) for one in standing.choices if one.words.values]
    assert shown and not any(value[-7:] in text for value in points(maya, "phone") for text in shown)
