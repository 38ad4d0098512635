"""A promise is made, kept, missed, escalated; it leaves `open` exactly once, whoever is quicker."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cardline.cases.models import Entry
from cardline.conftest import NOON, chat_of
from cardline.contact.commands import send_message, take_contact
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.promises import sweeps
from cardline.promises.commands import (
    EvidenceMissing,
    NoLongerOpen,
    PromiseInThePast,
    PromiseTooFar,
    PromiseWithoutWords,
    do_promise,
    make_promise,
    miss_promise,
    release_promise,
    replace_promise,
    step_promise,
    take_promise,
)
from cardline.promises.models import Escalation, Promise
from cardline.promises.queries import face_of, figures
from cardline.promises.sweeps import sweep

DUE = NOON + timedelta(days=2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(maya: Actor, dana: Actor, now: datetime) -> dict[str, Any]:
    began = chat_of(maya, dana, now)
    take_contact(by=dana, now=now, contact_id=began["contact_id"])
    return began


def promised(dana: Actor, chat: dict[str, Any], **other: Any) -> int:
    fields = {
        "now": NOON,
        "case_id": chat["case_id"],
        "contact_id": chat["contact_id"],
        "text": clean("Call you back"),
        "due_at": DUE,
        "due_zone": "America/New_York",
        "source": "person",
        "owner_id": dana.agent_id,
        **other,
    }
    return make_promise(by=dana, **fields)["promise_id"]


def kinds(case_id: int) -> list[str]:
    rows = Entry.objects.filter(case=case_id, kind__startswith="promise.").order_by("n")
    return list(rows.values_list("kind", flat=True))


def test_a_promise_without_words_time_or_a_known_zone_is_refused(dana: Actor, chat: dict[str, Any]) -> None:
    with pytest.raises(PromiseWithoutWords):
        promised(dana, chat, text=clean("  "))
    with pytest.raises(PromiseWithoutWords):
        promised(dana, chat, text=clean("x" * 241))
    with pytest.raises(PromiseInThePast):
        promised(dana, chat, due_at=NOON)
    with pytest.raises(PromiseTooFar):
        promised(dana, chat, due_at=NOON + timedelta(days=401))
    with pytest.raises(Malformed):
        promised(dana, chat, due_zone="Mars/Olympus")
    assert not Promise.objects.exists()


def test_members_make_none_and_other_teams_do_not_see_the_case(
    dana: Actor, maya: Actor, priya: Actor, chat: dict[str, Any]
) -> None:
    with pytest.raises(NotPermitted):
        promised(maya, chat, owner_id=None)
    with pytest.raises(NotThere):
        promised(priya, chat)


def test_done_in_time_is_kept_even_in_the_last_instant(dana: Actor, chat: dict[str, Any]) -> None:
    promise = promised(dana, chat)
    assert do_promise(by=dana, now=DUE, promise_id=promise, evidence=clean("Called at noon")) == "kept"
    assert sweep(DUE + timedelta(days=30)) == 0
    assert figures().kept == 1 and figures().missed == 0
    assert kinds(chat["case_id"]) == ["promise.made", "promise.kept"]


def test_evidence_is_needed(dana: Actor, chat: dict[str, Any]) -> None:
    with pytest.raises(EvidenceMissing):
        do_promise(by=dana, now=NOON, promise_id=promised(dana, chat), evidence=clean(" "))


def test_a_missed_promise_reaches_the_supervisors_once(dana: Actor, chat: dict[str, Any]) -> None:
    promise = promised(dana, chat)
    late = DUE + timedelta(minutes=1)
    for _ in range(3):
        sweep(late)
    row = Promise.objects.get(pk=promise)
    assert row.state == "missed" and row.owner is None and row.queue == f"supervisors:{dana.team}"
    assert kinds(chat["case_id"]).count("promise.missed") == 1
    assert Escalation.objects.filter(promise=promise, moment="due").count() == 1


def test_before_the_due_instant_its_owner_is_reminded_and_nothing_else(
    dana: Actor, chat: dict[str, Any]
) -> None:
    promise = promised(dana, chat)
    sweep(DUE)
    row = Promise.objects.get(pk=promise)
    assert row.state == "open" and row.owner_id == dana.agent_id
    reminders = list(Escalation.objects.filter(promise=promise).values_list("moment", "to"))
    assert reminders == [("50%", "owner"), ("80%", "owner")]


def test_a_business_day_later_the_head_of_service_hears_and_the_supervisors_keep_it(
    dana: Actor, chat: dict[str, Any]
) -> None:
    promise = promised(dana, chat)  # due Wednesday; Thursday is Thanksgiving
    sweep(DUE + timedelta(hours=25))
    assert Promise.objects.get(pk=promise).queue.startswith("supervisors:")
    sweep(DUE + timedelta(hours=49))
    told = Escalation.objects.get(promise=promise, to="head_of_service")
    assert told.moment == "due+1" and told.queue == "head_of_service"
    assert Promise.objects.get(pk=promise).queue.startswith("supervisors:")
    entry = Entry.objects.get(kind="promise.escalated")
    assert not entry.visible


def test_a_supervisor_who_took_it_keeps_it_when_the_next_rung_comes(
    dana: Actor, sam: Actor, chat: dict[str, Any]
) -> None:
    promise = promised(dana, chat)
    sweep(DUE + timedelta(hours=1))
    take_promise(by=sam, now=DUE + timedelta(hours=1), promise_id=promise)
    sweep(DUE + timedelta(hours=49))
    assert Promise.objects.get(pk=promise).owner_id == sam.agent_id


def test_doing_it_late_shows_both_and_stays_a_miss(
    dana: Actor, sam: Actor, maya: Actor, chat: dict[str, Any]
) -> None:
    promise = promised(dana, chat)
    late = DUE + timedelta(days=1)
    sweep(late)
    assert take_promise(by=sam, now=late, promise_id=promise)
    assert do_promise(by=sam, now=late, promise_id=promise, evidence=clean("Called Maya")) == "done_late"
    row = Promise.objects.get(pk=promise)
    assert row.state == "missed" and row.done_at == late
    assert face_of(row, late).state == "done_late"
    assert sweep(late + timedelta(days=30)) == 0
    counted = figures()
    assert (counted.kept, counted.missed, counted.late) == (0, 1, 0)
    with pytest.raises(NoLongerOpen):
        do_promise(by=sam, now=late, promise_id=promise, evidence=clean("again"))


def test_doing_it_after_due_before_the_sweep_came_is_late_all_the_same(
    dana: Actor, chat: dict[str, Any]
) -> None:
    promise = promised(dana, chat)
    done = do_promise(by=dana, now=DUE + timedelta(seconds=1), promise_id=promise, evidence=clean("Called"))
    assert done == "done_late"
    assert kinds(chat["case_id"]) == ["promise.made", "promise.missed", "promise.done_late"]


def test_the_members_words_move_or_drop_it_before_it_is_due(dana: Actor, chat: dict[str, Any]) -> None:
    promise = promised(dana, chat)
    later = DUE + timedelta(days=3)
    with pytest.raises(Malformed):
        replace_promise(by=dana, now=NOON, promise_id=promise, due_at=later, wish=clean(""))
    made = replace_promise(
        by=dana, now=NOON, promise_id=promise, due_at=later, wish=clean("Friday suits me better")
    )
    old, new = Promise.objects.get(pk=promise), Promise.objects.get(pk=made["promise_id"])
    assert old.state == "replaced" and old.replaced_by == new and new.due_at == later
    with pytest.raises(NoLongerOpen):
        release_promise(by=dana, now=NOON, promise_id=promise, wish=clean("never mind"))
    assert release_promise(by=dana, now=NOON, promise_id=new.pk, wish=clean("never mind"))
    assert sweep(later + timedelta(days=9)) == 0
    assert figures().missed == 0


def test_after_due_it_can_no_longer_be_moved_or_dropped(dana: Actor, chat: dict[str, Any]) -> None:
    promise = promised(dana, chat)
    with pytest.raises(NoLongerOpen):
        release_promise(by=dana, now=DUE + timedelta(seconds=1), promise_id=promise, wish=clean("never mind"))


def test_an_answer_keeps_the_promise_to_answer(maya: Actor, dana: Actor, now: datetime) -> None:
    began = chat_of(maya, None, now)
    assert began["channel"] == "secure_message"
    promise = Promise.objects.get(case=began["case_id"])
    assert promise.source == "routing" and promise.due_at > now
    take_contact(by=dana, now=now, contact_id=began["contact_id"])
    assert Promise.objects.get(pk=promise.pk).state == "open"
    send_message(
        by=dana,
        now=now + timedelta(minutes=5),
        contact_id=began["contact_id"],
        text=clean("I looked into it"),
    )
    promise.refresh_from_db()
    assert promise.state == "kept" and "Dana Whitfield" in promise.evidence


def test_a_row_that_raises_does_not_block_the_others(
    dana: Actor, chat: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = promised(dana, chat), promised(dana, chat, due_at=DUE + timedelta(minutes=1))
    late = DUE + timedelta(hours=1)

    def stumble(*, by: Actor, now: datetime, promise_id: int) -> str:
        if promise_id == bad:
            raise ZeroDivisionError
        return step_promise(by=by, now=now, promise_id=promise_id)

    monkeypatch.setattr(sweeps, "step_promise", stumble)
    sweep(late)
    assert Promise.objects.get(pk=good).state == "missed"
    row = Promise.objects.get(pk=bad)
    assert (
        row.state == "open" and row.stumbles >= 1 and row.next_step_at is not None and row.next_step_at > late
    )
    monkeypatch.undo()
    sweep(late + timedelta(minutes=6))
    assert Promise.objects.get(pk=bad).state == "missed"


def test_the_sweep_stands_on_its_partial_index() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL prefers a scan on a table this small")
    plan = Promise.objects.filter(next_step_at__lte=NOON).order_by("next_step_at", "id").explain()
    assert "promises_to_step" in plan and "TEMP B-TREE" not in plan


@pytest.mark.django_db(transaction=True)
def test_two_workers_escalate_once(maya: Actor, dana: Actor, now: datetime) -> None:  # SR-76
    began = chat_of(maya, dana, now)
    take_contact(by=dana, now=now, contact_id=began["contact_id"])
    promise_ids = [promised(dana, began, due_at=DUE + timedelta(seconds=i)) for i in range(12)]
    late = DUE + timedelta(days=9)
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            sweep(late)
        except BaseException as error:  # noqa: BLE001 - reported below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(late + timedelta(minutes=6))  # what one of them pushed aside on a locked row
    assert not errors
    assert kinds(began["case_id"]).count("promise.missed") == len(promise_ids)
    assert Escalation.objects.filter(moment="due").count() == len(promise_ids)
    assert not Promise.objects.filter(state="open").exists()


@pytest.mark.django_db(transaction=True)
def test_keeping_and_missing_at_once_ends_once(maya: Actor, dana: Actor, now: datetime) -> None:  # SR-76
    began = chat_of(maya, dana, now)
    take_contact(by=dana, now=now, contact_id=began["contact_id"])
    for _ in range(5):
        promise = promised(dana, began)
        results: list[str] = []

        def keep(promise: int = promise, results: list[str] = results) -> None:
            try:
                results.append(do_promise(by=dana, now=DUE, promise_id=promise, evidence=clean("done")))
            finally:
                connection.close()

        def miss(promise: int = promise) -> None:
            try:
                miss_promise(by=SYSTEM, now=DUE + timedelta(seconds=1), promise_id=promise)
            finally:
                connection.close()

        threads = [threading.Thread(target=keep), threading.Thread(target=miss)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        row = Promise.objects.get(pk=promise)
        assert (row.state, results) in ((("kept"), ["kept"]), ("missed", ["done_late"]))
        ends = Entry.objects.filter(
            kind__in=["promise.kept", "promise.missed"], data__contains=f'"promise":{promise},'
        )
        assert ends.count() == 1


def test_a_missed_promise_is_taken_on_by_a_supervisor_alone(
    dana: Actor, sam: Actor, chat: dict[str, Any]
) -> None:  # DOMAIN 13
    promise = promised(dana, chat)
    sweep(DUE + timedelta(hours=1))
    with pytest.raises(NotPermitted):
        take_promise(by=dana, now=DUE + timedelta(hours=2), promise_id=promise)
    assert Promise.objects.get(pk=promise).owner_id is None
    assert take_promise(by=sam, now=DUE + timedelta(hours=2), promise_id=promise)
