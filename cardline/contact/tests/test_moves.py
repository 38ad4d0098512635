"""Contacts are attached to other cases, detached and put back in any order, and the history stays identical."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardline.cases.models import Case, Entry
from cardline.cases.queries import entries_of_contacts
from cardline.conftest import NEED, NOON, chat_of
from cardline.contact.commands import attach_contact, send_message, take_contact, undo_move
from cardline.contact.models import Contact, Move
from cardline.contact.queries import contacts_of_case, current_case_of
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere, Refusal
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise

pytestmark = pytest.mark.django_db


def history() -> list[tuple[Any, ...]]:
    """Everything that was ever said or happened in contacts, with its place."""
    rows = Entry.objects.exclude(kind__in=["contact.attached", "contact.detached"]).order_by("id")
    return list(rows.values_list("case_id", "contact", "at", "kind", "side", "author", "text", "data"))


def told(actor: Actor, case_id: int) -> list[str]:
    contacts = [c.pk for c in contacts_of_case(actor, case_id)]
    return [e.text for e in entries_of_contacts(actor, case_id, contacts) if e.kind == "message"]


def test_a_contact_brings_its_words_and_promises_along(maya: Actor, dana: Actor) -> None:
    first, second = chat_of(maya, dana, NOON, "one"), chat_of(maya, dana, NOON + timedelta(minutes=1), "two")
    take_contact(by=dana, now=NOON, contact_id=second["contact_id"])
    promise = make_promise(
        by=dana, now=NOON, case_id=second["case_id"], contact_id=second["contact_id"], text=clean("Write to you"),
        due_at=NOON + timedelta(days=1), due_zone="America/New_York", source="person", owner_id=dana.agent_id,
    )["promise_id"]  # fmt: skip
    before = history()
    move = attach_contact(by=dana, now=NOON, contact_id=second["contact_id"], to_case_id=first["case_id"])
    assert told(maya, first["case_id"]) == ["one", "two"] and told(maya, second["case_id"]) == []
    assert Promise.objects.get(pk=promise).case_id == first["case_id"]
    assert current_case_of(maya, second["case_id"]) == first["case_id"]
    send_message(by=maya, now=NOON, contact_id=second["contact_id"], text=clean("three"))
    assert told(maya, first["case_id"])[-1] in {"two", "three"} and len(told(maya, first["case_id"])) == 3
    assert undo_move(by=dana, now=NOON, move_id=move)
    assert undo_move(by=dana, now=NOON, move_id=move) is False
    assert told(maya, first["case_id"]) == ["one"] and sorted(told(maya, second["case_id"])) == [
        "three",
        "two",
    ]
    assert Promise.objects.get(pk=promise).case_id == second["case_id"]
    assert [row for row in history() if row[6] != "three"] == before


def test_another_members_case_is_out_of_reach(maya: Actor, hannah: Actor, dana: Actor, priya: Actor) -> None:
    hers, other = chat_of(maya, dana, NOON), chat_of(hannah, dana, NOON)
    with pytest.raises(Refusal, match="another member"):
        attach_contact(by=dana, now=NOON, contact_id=hers["contact_id"], to_case_id=other["case_id"])
    with pytest.raises(NotThere):
        attach_contact(by=priya, now=NOON, contact_id=hers["contact_id"], to_case_id=hers["case_id"])


def test_the_later_move_is_undone_first(maya: Actor, dana: Actor) -> None:
    a, b, c = (chat_of(maya, dana, NOON, word) for word in "abc")
    first = attach_contact(by=dana, now=NOON, contact_id=c["contact_id"], to_case_id=a["case_id"])
    second = attach_contact(by=dana, now=NOON, contact_id=c["contact_id"], to_case_id=b["case_id"])
    with pytest.raises(Refusal, match="later move"):
        undo_move(by=dana, now=NOON, move_id=first)
    undo_move(by=dana, now=NOON, move_id=second)
    undo_move(by=dana, now=NOON, move_id=first)
    assert Contact.objects.get(pk=c["contact_id"]).case_id == c["case_id"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=12))
def test_any_order_of_moves_and_undos_leaves_the_history_identical(
    maya: Actor, dana: Actor, steps: list[tuple[int, int]]
) -> None:
    Move.objects.all().delete()
    begun = [chat_of(maya, dana, NOON + timedelta(minutes=i), f"word {i}") for i in range(3)]
    before = history()
    moves: list[int] = []
    for contact, where in steps:
        if where == 3 and moves:
            try:
                undo_move(by=dana, now=NOON, move_id=moves[contact % len(moves)])
            except Refusal:
                continue
        elif where < 3:
            try:
                moves.append(
                    attach_contact(
                        by=dana,
                        now=NOON,
                        contact_id=begun[contact]["contact_id"],
                        to_case_id=begun[where]["case_id"],
                    )
                )
            except Refusal:
                continue
        assert history() == before
        cases = Contact.objects.filter(pk__in=[b["contact_id"] for b in begun]).values_list(
            "case_id", flat=True
        )
        shown = sorted(text for case in set(cases) for text in told(maya, case))
        assert shown == ["word 0", "word 1", "word 2"]
    for move in reversed(moves):
        undo_move(by=dana, now=NOON, move_id=move)
    for start in begun:
        assert Contact.objects.get(pk=start["contact_id"]).case_id == start["case_id"]
        numbers = list(Entry.objects.filter(case=start["case_id"]).order_by("n").values_list("n", flat=True))
        assert numbers == list(range(1, Case.objects.get(pk=start["case_id"]).last_entry + 1))
    assert history() == before


def test_needs_stay_as_they_were_said(maya: Actor, dana: Actor) -> None:
    began = chat_of(maya, dana, NOON)
    assert Contact.objects.get(pk=began["contact_id"]).need == NEED
