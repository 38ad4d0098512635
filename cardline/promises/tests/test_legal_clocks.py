"""Legal clocks: started by what happened, warned about, breached, corrected with history, never silently later."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from cardline.cases.models import Case, Entry
from cardline.clocks.compute import compute
from cardline.clocks.events import event_called, event_ids
from cardline.conftest import NOON, chat_of
from cardline.contact.commands import take_contact
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.commands import registry
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.promises.commands import (
    LegalDateStands,
    NoLongerOpen,
    do_promise,
    make_promise,
    release_promise,
    replace_promise,
)
from cardline.promises.legal.commands import recompute_clock, start_clocks
from cardline.promises.legal.refusals import (
    CannotTellDate,
    LaterNeedsAPerson,
    NotHappenedYet,
    WindowNeverShortened,
)
from cardline.promises.models import ClockChange, Escalation, LegalClock, Promise
from cardline.promises.queries import figures
from cardline.promises.sweeps import sweep

NEW_YORK = ZoneInfo("America/New_York")
NOTHING_SAID = clean("")
CLOSINGS = ["2026-12-10", "2027-01-10", "2027-02-10", "2027-03-10"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def case_id(maya: Actor, dana: Actor, now: datetime) -> int:
    began = chat_of(maya, dana, now)
    take_contact(by=dana, now=now, contact_id=began["contact_id"])
    Promise.objects.all().delete()
    return int(began["case_id"])


def start(by: Actor, case_id: int, event: str = "application_received", **other: Any) -> LegalClock:
    fields = {"now": NOON, "case_id": case_id, "event": event, "started_at": NOON, **other}
    return LegalClock.objects.get(pk=start_clocks(by=by, **fields)["clocks"][0])


def the_promise(clock: LegalClock) -> Promise:
    """As it stands now."""
    return Promise.objects.get(clock=clock)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def moments(clock: LegalClock) -> list[str]:
    rows = Escalation.objects.filter(promise__clock=clock).order_by("step")
    return list(rows.values_list("moment", flat=True))


def kinds(case_id: int) -> list[str]:
    rows = Entry.objects.filter(case=case_id).order_by("n")
    return [kind for kind in rows.values_list("kind", flat=True) if kind.startswith(("clock.", "promise."))]


# ------------------------------------------------------------------------------------------------ starting


def test_a_legal_clock_is_a_promise_with_its_rule(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    promise = the_promise(clock)
    assert promise.source == "law" and promise.rule == clock.rule == "b.application"
    assert promise.text == "Decide on your application and tell you" and promise.audience == "member"
    assert (clock.due_on, clock.act_by) == (date(2026, 12, 23), date(2026, 12, 23))
    assert promise.due_at == local("2026-12-23T23:59:59") == promise.act_by_at
    assert clock.started_at == NOON and clock.params == {} and clock.opened_by_name == dana.name
    assert kinds(case_id) == ["promise.made"]


def test_it_is_said_in_the_members_language(maya: Actor, dana: Actor, case_id: int) -> None:
    Member.objects.filter(pk=maya.member_id).update(language="es")
    promise = the_promise(start(dana, case_id))
    assert promise.text == "Decidir sobre su solicitud y avisarle"


def test_two_clocks_of_one_notice_and_the_act_by_before_a_sunday(dana: Actor, case_id: int) -> None:
    made = start_clocks(
        by=dana, now=NOON, case_id=case_id, event="credit_error_noticed", started_at=local("2026-11-20T20:15:00"),
        params={"closings": CLOSINGS},
    )["clocks"]  # fmt: skip
    rows = list(LegalClock.objects.filter(pk__in=made).order_by("pk").values_list("rule", "due_on", "act_by"))
    assert rows == [
        ("z.acknowledge", date(2026, 12, 20), date(2026, 12, 18)),  # a Sunday, on which it stays
        ("z.resolve", date(2027, 2, 10), date(2027, 2, 10)),
    ]
    first = Promise.objects.get(rule="z.acknowledge")
    assert first.act_by_at == local("2026-12-18T23:59:59") < first.due_at == local("2026-12-20T23:59:59")
    assert Case.objects.get(pk=case_id).attention_at == first.act_by_at  # lists of work go by act-by


def test_starting_again_gives_the_same_clock(dana: Actor, case_id: int) -> None:
    assert start(dana, case_id) == start(dana, case_id)
    assert Promise.objects.count() == LegalClock.objects.count() == 1


def test_the_date_is_met_until_the_last_second_over_daylight_saving(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, started_at=local("2026-02-10T12:00:00"), now=local("2026-02-10T12:00:00"))
    promise = the_promise(clock)
    assert promise.due_at == datetime(2026, 3, 13, 3, 59, 59, tzinfo=UTC)  # UTC-4 by then
    assert do_promise(by=dana, now=promise.due_at, promise_id=promise.pk, evidence=clean("Sent")) == "kept"


def test_a_letter_that_was_found_late_is_late_and_nothing_else(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, started_at=NOON - timedelta(days=40))
    assert clock.due_on < NOON.date()
    sweep(NOON)
    assert the_promise(clock).state == "missed"
    assert moments(clock) == ["50%", "80%", "act_by-2", "due", "due+1"]


def test_what_cannot_start_says_why(dana: Actor, priya: Actor, case_id: int) -> None:
    with pytest.raises(CannotTellDate, match="needs the parameter closings"):
        start(dana, case_id, "credit_error_noticed")
    with pytest.raises(CannotTellDate, match="unknown parameter"):
        start(dana, case_id, params={"colour": "red"})
    with pytest.raises(CannotTellDate, match="closings"):
        start(dana, case_id, "credit_error_noticed", params={"closings": ["2026-02-30"]})
    with pytest.raises(NotHappenedYet):
        start(dana, case_id, started_at=NOON + timedelta(hours=1))
    with pytest.raises(Malformed):
        start(dana, case_id, "moon_landed")
    with pytest.raises(NotThere):
        start(priya, case_id)
    with pytest.raises(CannotTellDate, match="covers 2024"):
        start(dana, case_id, started_at=local("2035-12-20T12:00:00"), now=local("2035-12-20T12:00:00"))
    assert not LegalClock.objects.exists() and not Promise.objects.exists()


def test_members_start_none_and_nobody_makes_one_by_hand(maya: Actor, dana: Actor, case_id: int) -> None:
    with pytest.raises(NotPermitted):
        start(maya, case_id)
    with pytest.raises(NotPermitted):
        make_promise(
            by=dana, now=NOON, case_id=case_id, text=clean("Decide"), due_at=NOON + timedelta(days=90),
            due_zone="America/New_York", source="law", rule="b.application",
        )  # fmt: skip


def test_every_clock_an_event_starts_here_can_be_kept_with_a_case(dana: Actor, case_id: int) -> None:
    """The dates in the rows are those of the computation, for every event and rule."""
    facts = {"closings": CLOSINGS, "payment_period_days": 25}
    for event in event_ids():
        made = start_clocks(by=dana, now=NOON, case_id=case_id, event=event, started_at=NOON, params=facts)
        assert len(made["clocks"]) == len(event_called(event).rules["US"])
    for clock in LegalClock.objects.all():
        due = compute(clock.rule, NOON, current_profile().calendar, NEW_YORK, facts)
        assert (clock.due_on, clock.act_by, clock.is_window) == (due.due, due.act_by, due.act_by is None)


# ------------------------------------------------------------------------------------------------ windows


def test_a_window_is_no_promise_of_ours(maya: Actor, dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, "address_changed")
    assert clock.is_window and clock.act_by is None and clock.due_on == date(2026, 12, 23)
    assert not Promise.objects.exists() and kinds(case_id) == ["clock.window"]
    assert not visible(Entry, maya).filter(kind="clock.window").exists()
    sweep(NOON + timedelta(days=90))
    assert not Escalation.objects.exists()


def test_a_window_is_never_shortened_and_longer_only_with_a_reason(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, "address_changed")
    earlier, later = NOON - timedelta(days=1), NOON + timedelta(days=1)
    with pytest.raises(WindowNeverShortened):
        correct(dana, clock, started_at=earlier, reason=clean("It was Sunday"))
    with pytest.raises(LaterNeedsAPerson):
        correct(dana, clock, started_at=later, now=later)
    assert correct(dana, clock, started_at=later, now=later, reason=clean("It was Tuesday")) == "later"


# ------------------------------------------------------------------------------------------------ warnings and breach


def test_it_warns_three_times_and_is_breached_the_second_after(dana: Actor, sam: Actor, case_id: int) -> None:
    clock = start(dana, case_id)  # from 23 November, noon, to 23 December
    seen: list[tuple[str, list[str]]] = []
    for at in (
        "2026-12-08T17:59:00", "2026-12-08T18:01:00",  # half of it
        "2026-12-17T21:30:00", "2026-12-17T21:40:00",  # four fifths
        "2026-12-20T23:59:59", "2026-12-21T00:00:00",  # two business days before the act-by date
        "2026-12-23T23:59:59", "2026-12-24T00:00:00",  # due, and the second after
    ):  # fmt: skip
        sweep(local(at))
        sweep(local(at))
        seen.append((at[5:16], moments(clock)))
    steps = ["50%", "80%", "act_by-2", "due"]
    assert [found for _, found in seen] == [steps[: n // 2] for n in range(1, 9)]
    promise = the_promise(clock)
    assert promise.state == "missed" and promise.queue.startswith("supervisors:")
    assert kinds(case_id).count("clock.due_soon") == 3 and kinds(case_id).count("promise.missed") == 1
    sweep(local("2026-12-28T23:59:59"))
    assert moments(clock)[-1] == "due+1" and len(moments(clock)) == 5
    assert Escalation.objects.get(promise=promise, moment="due").to == "supervisor"


def test_members_do_not_read_our_warnings(maya: Actor, dana: Actor, case_id: int) -> None:
    start(dana, case_id)
    sweep(NOON + timedelta(days=29))
    assert not visible(Entry, maya).filter(kind="clock.due_soon").exists()
    assert visible(Entry, dana).filter(kind="clock.due_soon").count() == 3


def test_a_worker_that_was_down_for_days_gives_each_signal_once(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    for _ in range(3):
        sweep(NOON + timedelta(days=60))
    assert moments(clock) == ["50%", "80%", "act_by-2", "due", "due+1"]
    assert kinds(case_id) == ["promise.made", *["clock.due_soon"] * 3, "promise.missed", "promise.escalated"]


def test_what_was_kept_warns_no_more(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    do_promise(by=dana, now=NOON, promise_id=the_promise(clock).pk, evidence=clean("Letter of 23 November"))
    assert sweep(NOON + timedelta(days=60)) == 0 and moments(clock) == []
    assert figures().kept == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_warn_once(maya: Actor, dana: Actor, now: datetime) -> None:  # SR-76
    began = chat_of(maya, dana, now)
    clocks = [start(dana, began["case_id"], about=f"application:{n}") for n in range(6)]
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            sweep(NOON + timedelta(days=60))
        except BaseException as error:  # noqa: BLE001 - reported below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(NOON + timedelta(days=60, minutes=6))  # what one of them pushed aside on a locked row
    assert not errors
    assert all(moments(clock) == ["50%", "80%", "act_by-2", "due", "due+1"] for clock in clocks)


# ------------------------------------------------------------------------------------------------ corrections


def correct(by: Actor, clock: LegalClock, **changes: Any) -> str:
    return recompute_clock(by=by, **{"now": NOON, "clock_id": clock.pk, "reason": NOTHING_SAID, **changes})


def test_a_reason_is_kept_as_far_as_it_is_read(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    correct(dana, clock, started_at=NOON - timedelta(days=4), reason=clean("why " * 200))
    assert len(ClockChange.objects.get().reason) == 400


def test_an_earlier_date_counts_at_once_and_the_old_one_stays_in_the_history(
    dana: Actor, case_id: int
) -> None:
    clock = start(dana, case_id)
    assert correct(SYSTEM, clock, started_at=NOON - timedelta(days=4)) == "earlier"
    clock.refresh_from_db()
    promise = the_promise(clock)
    assert clock.due_on == date(2026, 12, 19) and clock.act_by == date(2026, 12, 18)
    assert promise.due_at == local("2026-12-19T23:59:59") and promise.act_by_at == local(
        "2026-12-18T23:59:59"
    )
    before = ClockChange.objects.get(clock=clock)
    assert (before.due_on, before.act_by, before.started_at) == (date(2026, 12, 23), date(2026, 12, 23), NOON)
    assert kinds(case_id) == ["promise.made", "clock.moved"]


def test_a_later_date_needs_a_named_person_and_a_reason(maya: Actor, dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, started_at=NOON - timedelta(days=3))
    for by, reason in ((dana, NOTHING_SAID), (dana, clean("  ")), (SYSTEM, clean("The core says so"))):
        with pytest.raises(LaterNeedsAPerson):
            correct(by, clock, started_at=NOON, reason=reason)
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 12, 20) and not ClockChange.objects.exists()
    assert correct(dana, clock, started_at=NOON, reason=clean("The date stamp says the 23rd")) == "later"
    row = ClockChange.objects.get()
    assert (row.by_name, row.reason, row.due_on) == (
        dana.name,
        "The date stamp says the 23rd",
        date(2026, 12, 20),
    )
    entry = visible(Entry, maya).get(kind="clock.moved")  # never silently, to the member either
    assert "stamp" not in str(entry.data) and "2026-12-20" in str(entry.data)


def test_a_closing_date_that_shifts_moves_the_date_with_it(dana: Actor, case_id: int) -> None:
    made = start_clocks(
        by=dana, now=NOON, case_id=case_id, event="credit_error_noticed", started_at=NOON, params={"closings": CLOSINGS}
    )["clocks"]  # fmt: skip
    resolve = LegalClock.objects.get(pk=made[1])
    shifted = {"closings": ["2026-12-10", "2027-01-12", "2027-02-08", "2027-03-10"]}
    assert correct(SYSTEM, resolve, params=shifted) == "earlier"
    resolve.refresh_from_db()
    assert resolve.due_on == date(2027, 2, 8) and resolve.params == shifted


def test_another_product_brings_another_rule(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, "debit_error_noticed")  # ten business days over Thanksgiving
    assert clock.due_on == date(2026, 12, 8)
    reason = clean("Opened three weeks ago")
    assert correct(dana, clock, params={"new_account": True}, reason=reason) == "later"
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 12, 22)
    assert correct(dana, clock, rule="z.acknowledge", reason=clean("It is a credit card")) == "later"
    promise = the_promise(clock)
    assert promise.rule == "z.acknowledge" and promise.text.startswith("Confirm in writing")
    assert list(clock.changes.order_by("id").values_list("rule", "due_on")) == [
        ("e.investigate", date(2026, 12, 8)), ("e.investigate", date(2026, 12, 22)),
    ]  # fmt: skip
    with pytest.raises(CannotTellDate, match="not the same kind"):
        correct(dana, clock, rule="z.notice_window", reason=clean("x"))
    with pytest.raises(CannotTellDate, match="unknown rule"):
        correct(dana, clock, rule="z.nothing", reason=clean("x"))


def test_the_same_date_from_other_facts_is_history_too(maya: Actor, dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    assert correct(SYSTEM, clock, started_at=NOON - timedelta(hours=1)) == "same"
    assert ClockChange.objects.count() == 1 and kinds(case_id)[-1] == "clock.corrected"
    assert not visible(Entry, maya).filter(kind="clock.corrected").exists()


def test_no_signal_comes_twice_after_the_date_moved(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id, started_at=NOON - timedelta(days=16))
    sweep(NOON)
    assert moments(clock) == ["50%"]
    assert correct(dana, clock, started_at=NOON, reason=clean("Stamped today")) == "later"
    sweep(NOON + timedelta(days=16))
    assert moments(clock) == ["50%"]
    sweep(NOON + timedelta(days=25))
    assert moments(clock) == ["50%", "80%"]
    assert (
        correct(SYSTEM, clock, now=NOON + timedelta(days=25), started_at=NOON - timedelta(days=16))
        == "earlier"
    )
    sweep(NOON + timedelta(days=25))
    assert moments(clock) == ["50%", "80%", "act_by-2", "due", "due+1"]


def test_what_is_over_is_not_worked_out_again(dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    after = local("2026-12-24T00:00:00")  # due the second before, and no sweep came by yet
    for _ in range(2):
        with pytest.raises(NoLongerOpen):
            correct(
                dana,
                clock,
                now=after,
                started_at=NOON + timedelta(days=1),
                reason=clean("The stamp was wrong"),
            )
        sweep(after)
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 12, 23) and not ClockChange.objects.exists()
    assert the_promise(clock).state == "missed"


def resolved(dana: Actor, case_id: int, notices: int) -> list[tuple[str, str]]:
    """So many notices of billing errors in a case, the last of them resolved: rule and state of all."""
    for days in range(notices):
        start_clocks(
            by=dana, now=NOON, case_id=case_id, event="credit_error_noticed", started_at=NOON - timedelta(days=days),
            params={"closings": CLOSINGS},
        )  # fmt: skip
    promise = Promise.objects.filter(rule="z.resolve").latest("id")
    do_promise(by=dana, now=NOON, promise_id=promise.pk, evidence=clean("Credited, notice of 23 November"))
    return list(Promise.objects.order_by("id").values_list("rule", "state"))


def test_what_is_resolved_needs_no_acknowledgement(dana: Actor, case_id: int) -> None:
    assert resolved(dana, case_id, 1) == [("z.acknowledge", "kept"), ("z.resolve", "kept")]


def test_of_two_notices_a_person_says_which_needs_none(dana: Actor, case_id: int) -> None:
    states = [state for _, state in resolved(dana, case_id, 2)]
    assert states == ["open", "open", "open", "kept"]


def test_an_acknowledgement_resolves_nothing(dana: Actor, case_id: int) -> None:
    start(dana, case_id, "credit_error_noticed", params={"closings": CLOSINGS})
    promise = Promise.objects.get(rule="z.acknowledge")
    do_promise(by=dana, now=NOON, promise_id=promise.pk, evidence=clean("Letter sent"))
    assert Promise.objects.get(rule="z.resolve").state == "open"


def test_nobody_agrees_to_another_date_or_to_none(dana: Actor, case_id: int) -> None:
    promise_id = the_promise(start(dana, case_id)).pk
    with pytest.raises(LegalDateStands):
        replace_promise(
            by=dana, now=NOON, promise_id=promise_id, due_at=NOON + timedelta(days=60), wish=clean("Later")
        )
    with pytest.raises(LegalDateStands):
        release_promise(by=dana, now=NOON, promise_id=promise_id, wish=clean("Never mind"))
    assert Promise.objects.get(pk=promise_id).state == "open"


def test_no_clock_pauses() -> None:
    """DOMAIN 1.12: waiting for the member stops none of them, so there is nothing to stop one with."""
    assert not [name for name in registry if "pause" in name or "suspend" in name]


def test_strangers_correct_nothing(priya: Actor, maya: Actor, dana: Actor, case_id: int) -> None:
    clock = start(dana, case_id)
    with pytest.raises(NotThere):
        correct(priya, clock, started_at=NOON - timedelta(days=1))
    with pytest.raises(NotPermitted):
        correct(maya, clock, started_at=NOON - timedelta(days=1))


def test_members_see_their_clocks_and_not_who_changed_them(
    maya: Actor, hannah: Actor, dana: Actor, case_id: int
) -> None:
    clock = start(dana, case_id)
    correct(dana, clock, started_at=NOON - timedelta(days=1), reason=clean("The stamp"))
    assert visible(LegalClock, maya).get() == clock and not visible(LegalClock, hannah).exists()
    assert not visible(ClockChange, maya).exists() and visible(ClockChange, dana).count() == 1
    Promise.objects.filter(pk=the_promise(clock).pk).update(audience="staff")
    assert not visible(LegalClock, maya).exists()


def test_a_clock_is_promised_by_the_issuers_own_shorter_time(
    case_id: int, dana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = start(dana, case_id).due_on
    own = replace(current_profile(), own_clocks={"b.application": 12})
    monkeypatch.setattr("cardline.promises.legal.commands.current_profile", lambda: own)
    clock = start(dana, case_id, about="another")
    assert clock.due_on == NOON.astimezone(NEW_YORK).date() + timedelta(days=12) < law
