"""A card that is gone, told in a guided conversation: by its member, a colleague, a stranger, a finder (DOMAIN 10)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from cardline.cards.commands import activate_card, replace_lost_card
from cardline.cards.freeze_lane import work_through_lane
from cardline.cards.models import Report, ReportCharge, StrangersWord
from cardline.cards.queries import cards_of, transactions_of
from cardline.cards.strangers.commands import work_through_words
from cardline.cards.tests.distance import Far, far_away, well_again
from cardline.cases.models import Case, Entry
from cardline.contact.commands import NotYours
from cardline.contact.models import Contact
from cardline.flows import commands as flow_commands
from cardline.flows import sweeps
from cardline.flows.commands import (
    AnsweredMeanwhile,
    answer_flow,
    claim_run,
    end_for_person,
    go_on,
    rather_not,
    start_flow,
)
from cardline.flows.models import FlowRun
from cardline.flows.queries import run_of, standing_of
from cardline.flows.script import RATHER_NOT, Script
from cardline.identity.models import Evidence
from cardline.identity.queries import guest
from cardline.issuer.core import CardState, Which
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.kit.secret import Secret
from cardline.kit.words import Reader, say
from cardline.members.models import ContactPoint
from cardline.notify.letters.models import Letter
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED
from cardline.routing.commands import start_chat

REPORT, FOUND_ONE, FOUND_AGAIN = "lost_stolen.report", "lost_stolen.found_one", "lost_stolen.found_again"
AUTOMATIC = dict.fromkeys(("sure",), "")


@pytest.fixture(autouse=True)
def at_the_time_of_the_cast(cast: Any) -> None:
    clock.set_offset(cast.now - clock.machine_now())


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def card(maya: Actor) -> str:
    return next(card.token for card in cards_of(maya) if card.mine)


@pytest.fixture
def charges(maya: Actor, card: str) -> list[str]:
    items = transactions_of(maya, Which(card=card), most=10).items
    return [one.token for one in items if one.amount.amount_minor > 0]


def state_of(actor: Actor, token: str) -> CardState:
    return next(card.state for card in cards_of(actor) if card.token == token)


# ------------------------------------------------------------------------------------------------ by its member


def test_a_lost_card_from_the_first_word_to_the_new_one(
    cast: Any, maya: Actor, card: str, charges: list[str]
) -> None:
    script = Script(maya, cast.now, {"card": card, "not_mine": charges[:1], "what": "lost"})
    ended = script.play(REPORT)
    report = Report.objects.get()
    assert (report.state, report.first_word_at) == ("replacement_ordered", cast.now)
    assert ended.run is not None and ended.run.outcome == "closed" and ended.run.case_id == report.case_id
    assert state_of(maya, card) == CardState.CLOSED
    assert ReportCharge.objects.get().charge == charges[0]
    said = " ".join(script.said)
    for sentence in (
        "Card ending 4471 is frozen. Nobody can buy with it.",
        "Your reference is",
        "We look into what you ticked.",
        "The card is closed for good. A new one goes to the address we have on file.",
        "You answer for nothing that others bought with it.",
    ):
        assert sentence in said
    assert Case.objects.count() == 1 and Report.objects.get().told_at == cast.now


def test_the_freeze_comes_with_the_first_answer(cast: Any, maya: Actor, card: str) -> None:
    """At most three presses from "lost my card" to a confirmed freeze: the band, the card. (Issue 5.4)"""
    told = start_flow(by=maya, now=cast.now, flow=REPORT, language="en", first=[clean(card)])
    assert state_of(maya, card) == CardState.FROZEN and told["case_id"]
    standing = standing_of(maya, run_of(maya, told["token"]), cast.now)
    reader = Reader("en", current_profile().zone, cast.now)
    assert [say(one, reader)[:32] for one in standing.said][0] == "Card ending 4471 is frozen. Nobo"
    assert standing.ask is not None and standing.ask.step == "not_mine"


def test_whoever_may_find_it_again_leaves_it_frozen(cast: Any, maya: Actor, card: str) -> None:
    Script(maya, cast.now, {"card": card, "not_mine": [], "what": "looking"}).play(REPORT)
    assert Report.objects.get().state == "frozen" and state_of(maya, card) == CardState.FROZEN
    Script(maya, cast.now, {"card": card, "hands": "no", "not_mine": []}).play(FOUND_AGAIN)
    assert Report.objects.get().state == "unfrozen" and state_of(maya, card) == CardState.ACTIVE


def test_found_again_after_others_had_it_can_be_closed(cast: Any, maya: Actor, card: str) -> None:
    Script(maya, cast.now, {"card": card, "not_mine": [], "what": "looking"}).play(REPORT)
    Script(maya, cast.now, {"card": card, "hands": "yes", "rather": "close"}).play(FOUND_AGAIN)
    assert Report.objects.get().state == "replacement_ordered"


def test_phone_and_papers_gone_too_and_away_from_home(cast: Any, maya: Actor, card: str) -> None:
    given = {"card": card, "not_mine": [], "what": "more", "also": "both", "stolen": "yes", "away": "yes"}
    script = Script(maya, cast.now, given)
    ended = script.play(REPORT)
    report = Report.objects.get()
    assert (report.gone_phone, report.gone_papers) == (True, True)
    assert [step.state for step in report.steps.order_by("pk")][2] == "closed_stolen"
    said = " ".join(script.said)
    assert "never a proof" in said and "fraud alert" in said
    assert ended.run is not None and ended.run.state == "handed_over"
    assert Contact.objects.get().case_id == report.case_id


def test_in_a_chat_it_is_the_same_case(cast: Any, maya: Actor, card: str) -> None:
    began = start_chat(by=maya, now=cast.now, need=REPORT, text=clean("Lost it"), language="en", plan={})
    later = cast.now + timedelta(minutes=9)
    Script(maya, later, {"card": card, "not_mine": [], "what": "lost"}).play(REPORT, began["contact_id"])
    report = Report.objects.get()
    assert (
        report.case_id == began["case_id"] and report.first_word_at == cast.now
    )  # the first word, not this one


def test_a_colleague_leads_through_it_in_their_conversation(
    cast: Any, maya: Actor, card: str, as_agent: Any
) -> None:
    began = start_chat(by=maya, now=cast.now, need=REPORT, text=clean("Lost it"), language="en", plan={})
    dana = as_agent(cast.dana)
    Contact.objects.filter(pk=began["contact_id"]).update(agent=dana.agent_id, state=Contact.State.ACTIVE)
    Script(dana, cast.now, {"card": card, "not_mine": [], "what": "stolen"}).play(REPORT, began["contact_id"])
    report = Report.objects.get()
    assert (report.source, report.state, report.case_id) == ("agent", "replacement_ordered", began["case_id"])


def test_not_known_for_sure_it_stays_frozen_and_is_never_closed_by_time(
    cast: Any, maya: Actor, card: str, as_agent: Any
) -> None:
    began = start_chat(by=maya, now=cast.now, need=REPORT, text=clean("Lost it"), language="en", plan={})
    dana, at = as_agent(cast.dana), clock.machine_now()
    Contact.objects.filter(pk=began["contact_id"]).update(agent=dana.agent_id, state=Contact.State.ACTIVE)
    Evidence.objects.filter(contact=began["contact_id"]).delete()
    Evidence.objects.create(
        member=cast.maya,
        kind="identification_facts",
        contact=began["contact_id"],
        at=at,
        expires_at=at + timedelta(hours=1),
    )
    given = {"card": card, "not_mine": [], "what": "lost", "sure": RATHER_NOT}
    ended = Script(dana, cast.now, given).play(REPORT, began["contact_id"])
    assert ended.run is not None and ended.run.outcome == "frozen_until_known"
    report = Report.objects.get()
    assert report.state == "frozen" and Promise.objects.filter(UNFINISHED, pk=report.reach).exists()


def test_in_spanish_it_is_spanish_to_the_end(cast: Any, as_member: Any) -> None:
    luis = as_member(cast.luis)
    card = next(one.token for one in cards_of(luis) if one.mine)
    script = Script(
        luis, cast.now, {"card": card, "not_mine": [], "what": "stolen", "when": ""}, language="es"
    )
    script.play(REPORT)
    english = Script(luis, cast.now, {}, language="en")
    assert script.said and not english.said
    for sentence in script.said:
        assert not any(word in f" {sentence.lower()} " for word in (" the ", " your ", " you ", " card ")), (
            sentence
        )


# ------------------------------------------------------------------------------------ broken off at every step


def end_state() -> dict[str, Any]:
    """What is left of it all, without numbers of rows and tokens of chance."""
    report = Report.objects.get()
    return {
        "report": (report.state, report.first_word_at, report.gone_phone, report.told_at),
        "steps": [step.state for step in report.steps.order_by("pk")],
        "charges": report.charges.count(),
        "items": sorted(report.items.values_list("kind", "name", "result")),
        "entries": list(Entry.objects.order_by("case", "n").values_list("kind", flat=True)),
        "promises": sorted(Promise.objects.values_list("text", "state")),
        "cases": Case.objects.count(),
        "run": FlowRun.objects.values_list("state", "outcome", "steps").get(),
    }


def play_through(maya: Actor, now: Any, given: dict[str, list[str]]) -> None:
    """As somebody does whose page fails now and then: looks where it stands, and answers again."""
    token = ""
    for _ in range(40):
        try:
            if not token:
                token = start_flow(by=maya, now=now, flow=REPORT, language="en")["token"]
            run = run_of(maya, token)
            if run.state != FlowRun.State.OPEN:
                return
            ask = standing_of(maya, run, now).ask
            if ask is None:
                go_on(by=maya, now=now, token=token, steps=run.steps)
            else:
                answer = [clean(one) for one in given[ask.step]]
                answer_flow(by=maya, now=now, token=token, steps=run.steps, answer=answer)
        except Killed:
            continue
    raise AssertionError("it never came to an end")


class Killed(Exception):
    """The process ended here."""


def killed_at(nth: int, do: Callable[..., Any]) -> Callable[..., Any]:
    """The nth thing that is done is done, and then the process ends before anything is committed."""
    calls = {"n": 0}

    def broken(*args: Any, **kwargs: Any) -> Any:
        result = do(*args, **kwargs)
        calls["n"] += 1
        if calls["n"] == nth:
            raise Killed()
        return result

    return broken


THINGS_DONE = 10  # who, report, about, review, else_gone, close, uses, liability, sum_up, and one to spare


@pytest.mark.parametrize("nth", range(THINGS_DONE + 1))
def test_killed_at_any_step_it_ends_the_same_and_nothing_twice(
    cast: Any, maya: Actor, card: str, charges: list[str], nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "card": [card], "not_mine": charges[:2], "what": ["more"], "also": ["phone"], "stolen": ["yes"], "away": ["no"],
    }  # fmt: skip
    killed = {"n": 0}

    def both(function: Callable[..., Any]) -> Callable[..., Any]:
        def broken(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            killed["n"] += 1
            if killed["n"] == nth:
                raise Killed()
            return result

        return broken

    monkeypatch.setattr(flow_commands, "do", both(flow_commands.do))
    monkeypatch.setattr(flow_commands, "find", both(flow_commands.find))
    play_through(maya, cast.now, given)
    end = end_state()
    assert end["steps"] == ["reported", "frozen", "closed_stolen", "replacement_ordered"]
    assert (end["charges"], end["cases"], end["report"][0]) == (2, 1, "replacement_ordered")
    # The charges that were not theirs, the new card on its way, the summary to print.
    assert len([text for text, _state in end["promises"]]) == 3 and end["run"][:2] == ("done", "closed")
    for kind in ("report.opened", "card.frozen", "card.replaced", "report.else_gone", "report.told"):
        assert end["entries"].count(kind) == 1, kind
    assert end["entries"].count("report.not_mine") == 2 and len(cards_of(maya)) == 2
    assert killed["n"] >= THINGS_DONE - 1


def test_two_people_at_once_in_one_conversation(cast: Any, maya: Actor, card: str, as_agent: Any) -> None:
    """The member and the colleague both answer: one wins, the other reads where it stands."""
    began = start_chat(by=maya, now=cast.now, need=REPORT, text=clean("Lost it"), language="en", plan={})
    dana = as_agent(cast.dana)
    Contact.objects.filter(pk=began["contact_id"]).update(agent=dana.agent_id, state=Contact.State.ACTIVE)
    told = start_flow(by=dana, now=cast.now, flow=REPORT, language="en", contact_id=began["contact_id"])
    steps = FlowRun.objects.get().steps
    answer_flow(by=maya, now=cast.now, token=told["token"], steps=steps, answer=[clean(card)])
    with pytest.raises(AnsweredMeanwhile):
        answer_flow(by=dana, now=cast.now, token=told["token"], steps=steps, answer=[clean(card)])
    assert Report.objects.count() == 1 and Entry.objects.filter(kind="card.frozen").count() == 1


def test_a_colleague_who_does_not_have_the_conversation_leads_nothing(
    cast: Any, maya: Actor, card: str, as_agent: Any
) -> None:
    began = start_chat(by=maya, now=cast.now, need=REPORT, text=clean("Lost it"), language="en", plan={})
    dana, other = as_agent(cast.dana), as_agent(cast.ines)
    mine = Contact.objects.filter(pk=began["contact_id"])
    mine.update(agent=other.agent_id, state=Contact.State.ACTIVE)
    with pytest.raises(NotYours):
        start_flow(by=dana, now=cast.now, flow=REPORT, language="en", contact_id=began["contact_id"])
    mine.update(agent=dana.agent_id)
    token = start_flow(by=dana, now=cast.now, flow=REPORT, language="en", contact_id=began["contact_id"])[
        "token"
    ]
    mine.update(agent=other.agent_id)  # given away in the middle
    steps = FlowRun.objects.get().steps
    for asked in (
        lambda: answer_flow(by=dana, now=cast.now, token=token, steps=steps, answer=[clean(card)]),
        lambda: end_for_person(by=dana, now=cast.now, token=token),
    ):
        with pytest.raises(NotYours):
            asked()
    assert not Report.objects.exists() and FlowRun.objects.get().state == FlowRun.State.OPEN
    answer_flow(by=other, now=cast.now, token=token, steps=steps, answer=[clean(card)])
    assert Report.objects.count() == 1


def test_a_card_closed_in_between_is_said_and_a_person_goes_on(cast: Any, maya: Actor, card: str) -> None:
    told = start_flow(by=maya, now=cast.now, flow=REPORT, language="en", first=[clean(card)])
    new = replace_lost_card(by=maya, now=cast.now, card=card)["card"]  # on another page
    activate_card(by=maya, now=cast.now, card=new)
    run = run_of(maya, told["token"])
    answer_flow(by=maya, now=cast.now, token=run.token, steps=run.steps, answer=[])
    run = run_of(maya, told["token"])
    answer_flow(by=maya, now=cast.now, token=run.token, steps=run.steps, answer=[clean("lost")])
    run.refresh_from_db()
    assert run.state in (FlowRun.State.DONE, FlowRun.State.HANDED_OVER) and len(cards_of(maya)) == 2


# --------------------------------------------------------------------------------------- a core that does not answer


@pytest.fixture
def far(cast: Any) -> Iterator[Far]:
    with far_away() as core:
        yield core


@pytest.mark.parametrize(
    "call", ["card", "cards", "transactions", "transaction", "replace_card", "still_works", "subscriptions"]
)
def test_a_time_out_of_any_call_is_said_and_settled_later(
    cast: Any, maya: Actor, far: Far, call: str
) -> None:
    """Asked, unknown, resolved: whichever call is lost, the freeze is kept, and the conversation comes to its end."""
    card = next(one.token for one in cards_of(maya) if one.mine)
    mine = [
        one.token
        for one in transactions_of(maya, Which(card=card), most=5).items
        if one.amount.amount_minor > 0
    ]
    far.lost = {call}
    given = {"card": [card], "not_mine": mine[:1], "what": ["lost"]}
    token = start_flow(by=maya, now=cast.now, flow=REPORT, language="en")["token"]
    was_silent = False
    for turn in range(20):
        run = run_of(maya, token)
        if run.state != FlowRun.State.OPEN:
            break
        if turn == 8:
            far.lost = set()
            cache.clear()
            well_again()
        try:
            ask = standing_of(maya, run, cast.now).ask
        except Exception:  # noqa: BLE001 - its page says that the card system is silent
            well_again()
            continue
        if ask is None:
            was_silent = was_silent or run.silent_since is not None
            go_on(by=maya, now=cast.now, token=token, steps=run.steps)
            continue
        try:
            answer_flow(
                by=maya,
                now=cast.now,
                token=token,
                steps=run.steps,
                answer=[clean(one) for one in given[ask.step]],
            )
        except Exception:  # noqa: BLE001 - silence while the choices are read
            well_again()
    far.lost = set()
    well_again()
    work_through_lane()
    assert run_of(maya, token).state == FlowRun.State.DONE
    assert Report.objects.get().state == "replacement_ordered" and len(cards_of(maya)) == 2
    assert was_silent or call != "replace_card"
    assert sum(key.startswith("replace:") for key in set(far.keys)) == 1


def test_what_stays_unconfirmed_a_person_looks_at(cast: Any, maya: Actor, far: Far) -> None:
    card = next(one.token for one in cards_of(maya) if one.mine)
    token = start_flow(by=maya, now=cast.now, flow=REPORT, language="en", first=[clean(card)])["token"]
    far.lost = {"replace_card"}
    for step in (["skip"], ["lost"]):
        run = run_of(maya, token)
        given = [] if step == ["skip"] else [clean(one) for one in step]
        answer_flow(by=maya, now=cast.now, token=token, steps=run.steps, answer=given)
    assert FlowRun.objects.get().silent_since == cast.now
    assert sweeps.sweep(cast.now + timedelta(minutes=3)) == 1


# ------------------------------------------------------------------------------------------------------ strangers


def as_stranger(cast: Any, token: str, **given: Any) -> tuple[Script, Any]:
    script = Script(guest(token), cast.now, {"sign_in": RATHER_NOT, **given})
    return script, script.play(REPORT)


KNOWN = {"name": "Maya Okafor", "facts": "4471", "phone": "2125550142"}
UNKNOWN = {"name": "Nobody Atall", "facts": "0000", "phone": "2125550142"}


def test_a_stranger_is_told_the_same_whether_there_is_such_a_card(cast: Any, maya: Actor) -> None:  # SR-34
    said = []
    for token, given in (("one", KNOWN), ("two", UNKNOWN)):
        script, ended = as_stranger(cast, token, **given)
        work_through_words()
        assert ended.run is not None
        ref = Case.objects.get(pk=ended.run.case_id or 0).ref
        said.append([one.replace(f"{ref[:3]}-{ref[3:]}", "REF") for one in script.said])
    assert said[0] == said[1]
    assert list(StrangersWord.objects.order_by("pk").values_list("came", flat=True)) == ["frozen", "nobody"]
    for case in Case.objects.filter(member=None):
        owed = Promise.objects.get(case=case)
        assert owed.text == "call you back about your card" and owed.due_at > cast.now


def test_a_stranger_without_a_phone_is_looked_for_too(cast: Any, maya: Actor) -> None:
    _script, ended = as_stranger(cast, "one", **{**UNKNOWN, "phone": ""})
    assert ended.run is not None and ended.run.outcome == "told"
    assert Promise.objects.get().text.startswith("look for your card")


def test_the_bench_is_open_to_a_stranger_however_often(cast: Any, maya: Actor) -> None:
    """Never locked: what too many say from one place is kept for a person."""
    for n in range(8):
        _script, ended = as_stranger(cast, str(n), **UNKNOWN)
        assert ended.run is not None and ended.run.outcome == "told"
    work_through_words()
    assert StrangersWord.objects.count() == 8


def test_a_stranger_who_signs_in_goes_on_in_the_same_run_and_case(cast: Any, maya: Actor, card: str) -> None:
    nobody = guest("the token in their browser")
    script = Script(nobody, cast.now, {"name": "Maya Okafor", "facts": "4471"})
    standing = script.play(REPORT)
    assert standing.run is not None and state_of(maya, card) == CardState.ACTIVE
    token, case_id = standing.run.token, standing.run.case_id
    with pytest.raises(LevelTooLow):
        go_on(by=nobody, now=cast.now, token=token, steps=standing.steps)
    work_through_words()
    assert state_of(maya, card) == CardState.FROZEN and Case.objects.count() == 2
    first_word = Report.objects.get().first_word_at

    assert claim_run(by=maya, now=cast.now, token=token, guest=Secret(nobody.id))
    assert not claim_run(by=maya, now=cast.now, token=token, guest=Secret(nobody.id))
    with pytest.raises(NotThere):
        run_of(nobody, token)
    given = {"sign_in": "", "card": card, "not_mine": [], "what": "stolen"}
    ended = Script(maya, cast.now, given).go_on(token)
    report = Report.objects.get()
    assert ended.run is not None and ended.run.outcome == "closed"
    assert (report.case_id, report.state, report.level) == (case_id, "replacement_ordered", 2)
    assert report.first_word_at == first_word == cast.now
    owed = sorted(one.rule.partition(":")[0] for one in Promise.objects.filter(UNFINISHED))
    assert owed == ["card.delivery", "letter.print"]
    summary = Letter.objects.get()
    assert (summary.kind, summary.member_id) == ("lost.summary", cast.maya.pk)
    assert {case.state for case in Case.objects.exclude(pk=case_id or 0)} == {"closed"}


def test_nobody_claims_what_another_browser_began(cast: Any, maya: Actor, as_member: Any) -> None:
    nobody = guest("a token")
    standing = Script(nobody, cast.now, {"name": "Maya Okafor", "facts": "4471"}).play(REPORT)
    assert standing.run is not None
    for key in (guest("another").id, "", "nobody"):
        with pytest.raises(NotThere):
            claim_run(by=as_member(cast.hannah), now=cast.now, token=standing.run.token, guest=Secret(key))
    assert FlowRun.objects.get().member_id is None


def test_two_actors_in_one_run_meet(cast: Any, maya: Actor) -> None:
    """The stranger presses "I can't" on a second device while the first has signed in: one of them counts."""
    nobody = guest("a token")
    standing = Script(nobody, cast.now, {"name": "Maya Okafor", "facts": "4471"}).play(REPORT)
    assert standing.run is not None
    claim_run(by=maya, now=cast.now, token=standing.run.token, guest=Secret(nobody.id))
    with pytest.raises(NotThere):
        rather_not(by=nobody, now=cast.now, token=standing.run.token, steps=standing.steps)
    go_on(by=maya, now=cast.now, token=standing.run.token, steps=standing.steps)
    with pytest.raises(AnsweredMeanwhile):
        rather_not(by=maya, now=cast.now, token=standing.run.token, steps=standing.steps)


def test_a_member_without_any_reachable_point_is_frozen_and_told_of_by_a_person(
    cast: Any, maya: Actor, card: str
) -> None:
    ContactPoint.objects.filter(member=cast.maya).delete()
    as_stranger(cast, "one", **KNOWN)
    work_through_words()
    assert state_of(maya, card) == CardState.FROZEN
    assert "Find a way to reach you" in Promise.objects.get(pk=Report.objects.get().reach).text


def test_whoever_finds_a_card_tells_four_digits_and_where_it_is(cast: Any, maya: Actor, card: str) -> None:
    script = Script(
        guest("finder"),
        cast.now,
        {"last4": "4471", "name": "Maya Okafor", "where": "At the bar of the Quince"},
    )
    ended = script.play(FOUND_ONE)
    work_through_words()
    assert ended.run is not None and ended.run.outcome == "found" and "Thank you." in script.said[-2]
    report = Report.objects.get()
    assert report.source == "finder" and state_of(maya, card) == CardState.FROZEN
    assert Entry.objects.get(kind="report.found_at").text == "At the bar of the Quince"
    kept = json.loads(FlowRun.objects.get().answers)
    assert all(value == "4471" for step, value, _words in kept if step == "last4")


def test_limits_of_others_hold_up_no_report(
    cast: Any, maya: Actor, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(limits.CHAT_STARTS.most + 5):
        limits.count(limits.LOOK_UPS_IN_ALL, "all")
    start_flow(by=maya, now=cast.now, flow=REPORT, language="en", first=[clean(card)])
    assert state_of(maya, card) == CardState.FROZEN
