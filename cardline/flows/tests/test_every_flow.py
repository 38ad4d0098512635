"""What holds for every flow there is, whoever adds one: an end of the process at any step, and Spanish in, Spanish out.

A driver answers whatever is asked, so that a new flow is tested as soon as it is declared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from cardline.cards.commands import replace_card
from cardline.cards.models import Report
from cardline.cards.queries import cards_of
from cardline.cards.reports.commands import say_else_gone, say_gone, say_phone_back
from cardline.cases.models import Case, Entry
from cardline.flows import commands as running
from cardline.flows.check import walks_of
from cardline.flows.commands import answer_flow, rather_not, start_flow
from cardline.flows.doing import do as really_do
from cardline.flows.engine import replay
from cardline.flows.models import FlowRun
from cardline.flows.queries import Standing, run_of, standing_of
from cardline.flows.registry import Flow, flows
from cardline.flows.verbs import Ask, Kind, Promise, Verify
from cardline.identity.authority import action_of
from cardline.identity.models import Evidence
from cardline.identity.rules import Proof
from cardline.issuer.core import current_core
from cardline.issuer.embedded import models as core_rows
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.words import Reader, Words, say
from cardline.members.models import ContactChange, ContactPoint
from cardline.payments.tests.scene import bank
from cardline.promises.models import Promise as PromiseRow
from cardline.rewards.tests.points import give

# What a form would bring, by the name of the question, where anything at all will not do.
TYPED = {
    "points": "5000", "last4": "4471", "facts": "4471", "road": "later", "also": "phone", "number": "2125550177",
    "state": "NY", "postal_code": "12180", "email": "new@example.org", "time": "10:30", "hands": "no",
}  # fmt: skip
MOST_ANSWERS = 25


class Killed(BaseException):
    """The process ends here: nothing catches it."""


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    """With something of everything: a bill and a bank account, points, a card that runs out, a second proof."""
    actor: Actor = as_member(cast.maya)
    bank(actor, cast.now, "000555010175")
    give(cast.maya, 20_000, cast.now)
    core_rows.Card.objects.filter(account__holders__customer__number=cast.maya.core_customer).update(
        expires=cast.now.date() + timedelta(days=10)
    )
    at = clock.machine_now()
    Evidence.objects.create(
        member=cast.maya, kind=Proof.PASSKEY, action=action_of(say_phone_back.name, {}),
        session=actor.session, at=at, expires_at=at + timedelta(hours=1),
    )  # fmt: skip
    return actor


def set_the_scene(flow: str, maya: Actor, now: Any) -> None:
    card = next(card.token for card in cards_of(maya) if card.mine)
    if flow in ("lost_stolen.phone_back", "lost_stolen.found_again", "lost_stolen.unfreeze"):
        say_gone(by=maya, now=now, card=card)
        say_else_gone(by=maya, now=now, card=card, phone=True, papers=False)
    if flow in ("card_access.delivery", "contact.reference_followup"):
        replace_card(by=maya, now=now, card=card)


def answer_to(ask: Ask, standing: Standing, now: Any) -> list[str]:
    if ask.step in TYPED and (
        not standing.choices or TYPED[ask.step] in [one.id for one in standing.choices]
    ):
        return [TYPED[ask.step]]
    if standing.choices and ask.kind != Kind.CHARGES:
        return [standing.choices[0].id]
    match ask.kind:
        case Kind.DIGITS:
            return ["1" * ask.least]
        case Kind.MONEY:
            return ["25"]
        case Kind.DATE:
            return [now.date().isoformat()]
        case Kind.TEXT:
            return ["In few words"]
    return []


def drive(by: Actor, now: Any, flow: str, language: str = "en") -> Standing:
    """From where it stands, each time from its row, to its end."""
    run = FlowRun.objects.filter(flow=flow).first()
    if run is None:
        start_flow(by=by, now=now, flow=flow, language=language, channel="script")
    token = FlowRun.objects.get(flow=flow).token
    for _ in range(MOST_ANSWERS):
        standing = standing_of(by, run_of(by, token), now)
        told = {"by": by, "now": now, "token": token, "steps": standing.steps}
        if standing.end is not None:
            return standing
        if isinstance(standing.step, Verify):
            rather_not(**told)
        else:
            assert standing.ask is not None, standing.step
            given = answer_to(standing.ask, standing, now)
            answer_flow(**told, answer=[clean(one) for one in given])
    raise AssertionError(f"{flow} goes on for more than {MOST_ANSWERS} answers")


def what_stands(cast: Any) -> dict[str, Any]:
    """Everything a flow can have changed, without numbers and tokens."""
    customer = cast.maya.core_customer
    return {
        "cases": sorted(Case.objects.values_list("need", "state")),
        "entries": sorted(Entry.objects.values_list("kind", "text")),
        "promises": sorted(PromiseRow.objects.values_list("text", "state", "due_at")),
        "cards": sorted((c.state, c.last4) for c in current_core().cards(customer)),
        "payments": sorted(core_rows.Payment.objects.values_list("amount_minor", "state")),
        "autopay": sorted(core_rows.Autopay.objects.values_list("mode")),
        "points": sorted(core_rows.RewardsEntry.objects.values_list("points", "kind")),
        "reports": sorted(Report.objects.values_list("state", "gone_phone")),
        "points of contact": sorted(ContactPoint.objects.values_list("kind", "value")),
        "changes": sorted(ContactChange.objects.values_list("kind", "state", "why_waits")),
        "runs": sorted(FlowRun.objects.values_list("state", "outcome", "steps")),
    }


@pytest.mark.parametrize("flow", sorted(flows))
def test_a_process_that_ends_at_any_step_of_any_flow_leaves_the_same_end(
    cast: Any, maya: Actor, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    """Killed before and after each command and each time an answer is kept, and gone on with from the row."""
    set_the_scene(flow, maya, cast.now)
    before = transaction.savepoint()
    drive(maya, cast.now, flow)
    undisturbed = what_stands(cast)
    transaction.savepoint_rollback(before)
    killed: set[str] = set()

    def dies(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def dying(*args: Any, **kwargs: Any) -> Any:
            at = f"{name} {FlowRun.objects.values_list('steps', flat=True).first()}"
            _die_once(killed, f"before {at}")
            told = work(*args, **kwargs)
            _die_once(killed, f"after {at}")
            return told

        return dying

    monkeypatch.setattr(running, "do", dies("do", really_do))
    monkeypatch.setattr(running, "_keep", dies("keep", running._keep))
    ended = None
    while ended is None and len(killed) < 200:
        with suppress(Killed):
            ended = drive(maya, cast.now, flow)
    assert ended is not None and len(killed) >= 2
    assert what_stands(cast) == undisturbed


def _die_once(killed: set[str], at: str) -> None:
    if at not in killed:
        killed.add(at)
        raise Killed


# ------------------------------------------------------------------------------------------ Spanish in, Spanish out


@pytest.mark.parametrize("flow", list(flows.values()), ids=lambda one: one.name)
def test_no_sentence_of_any_flow_is_left_in_english(flow: Flow) -> None:
    """On every way through it: what is said, asked, offered, hinted, promised, and how it ends."""
    with translation.override("es"):
        english = {
            words.text
            for words in _all_words(flow)
            if _has_letters(words.text) and gettext(words.text) == words.text
        }
    assert not english


@pytest.mark.parametrize("flow", sorted(flows))
def test_a_spanish_speaker_hears_nothing_an_english_one_hears(cast: Any, maya: Actor, flow: str) -> None:
    set_the_scene(flow, maya, cast.now)
    before = transaction.savepoint()
    heard = {}
    for language in ("en", "es"):
        standing = drive(maya, cast.now, flow, language)
        assert standing.run is not None
        heard[language] = set(_heard(standing, maya, cast.now, language))
        transaction.savepoint_rollback(before)
        before = transaction.savepoint()
    assert heard["en"] and not heard["en"] & heard["es"]


def _heard(standing: Standing, by: Actor, now: Any, language: str) -> Iterator[str]:
    """Each sentence from the beginning, as somebody read it; values alone, as the issuer writes them, left out."""
    assert standing.run is not None and standing.flow is not None
    reader = Reader(language, current_profile().zone, now)
    answers = [(row[0], row[1]) for row in json.loads(standing.run.answers)]
    for n in range(len(answers) + 1):
        position = replay(standing.flow, answers[:n])
        ask = position.step.words if isinstance(position.step, Ask | Verify | Promise) else None
        for words in (*position.said, ask, position.end.words if position.end else None):
            if words is not None and _has_letters(words.text):
                yield say(words, reader)


def _all_words(flow: Flow) -> Iterator[Words]:
    yield Words(flow.title)
    seen: set[str] = set()
    for walk in walks_of(flow):
        for n in range(len(walk.answers) + 1):
            if (there := repr(walk.answers[:n])) in seen:
                continue
            seen.add(there)
            position = replay(flow, walk.answers[:n])
            yield from position.said
            if position.end is not None:
                yield position.end.words
            step = position.step
            if isinstance(step, Ask | Verify | Promise):
                yield step.words
            if isinstance(step, Ask):
                yield from (words for words in (step.hint, step.spoken) if words)
                yield from (words for one in step.options for words in (one.words, one.hint) if words)


def _has_letters(text: str) -> bool:
    """Whether anything is left of it without the places for values."""
    without = text
    while (start := without.find("%(")) >= 0:
        without = without[:start] + without[without.index(")s", start) + 2 :]
    return any(sign.isalpha() for sign in without)
