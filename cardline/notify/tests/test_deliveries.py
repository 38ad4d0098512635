"""From an alert to a mail, once: what waits, what is left out, and what happens when something breaks on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cardline.audit.models import AuditEvent
from cardline.issuer.core import AlertEvent
from cardline.issuer.embedded.tests.house import NOW, House, in_command
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.events import happened
from cardline.kit.models import OutboxItem
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.notify import commands, mail, sweeps
from cardline.notify.models import Delivery, Preference
from cardline.notify.rules import CALM
from cardline.notify.tests.conftest import ADDRESS, NEW_YORK, Alerts, new_holder

pytestmark = pytest.mark.django_db

DECLINED, REFUND = AlertEvent.DECLINED, AlertEvent.REFUND


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], int]:
    """at(moment): the sweep and the outbox do what is due then. Returns how many deliveries moved."""

    def one_round(now: datetime) -> int:
        clock.set_offset(now - clock.machine_now())
        OutboxItem.objects.filter(done_at=None, parked_at=None).update(due_at=clock.machine_now())
        moved = sweeps.sweep(now)
        work_through_outbox()
        return moved

    return one_round


def evening(hour: int, minute: int = 0) -> datetime:
    """Of November 24 in New York, where Maya lives."""
    return datetime(2026, 11, 24, hour, minute, tzinfo=NEW_YORK)


# ------------------------------------------------------------------------------------------------- once


def test_an_alert_becomes_one_mail(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    assert alerts.states == ["waiting"]
    for _ in range(3):  # also after a restart: nothing is remembered but rows
        at(NOW)
    assert [letter.to for letter in mailoutbox] == [[ADDRESS]]
    assert alerts.states == ["sent"]


def test_the_same_thing_told_again_is_no_second_mail(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    for _ in range(2):
        alerts.raised(DECLINED)
        at(NOW)
    assert len(mailoutbox) == 1
    said_again = Delivery.objects.get()
    facts = {
        "alert": said_again.alert,
        "account": said_again.account,
        "customers": (alerts.holder.core_customer,),
        "of": DECLINED.value,
        "at": NOW,
    }
    in_command(by=SYSTEM, now=NOW, what=lambda: happened("alert.raised", **facts))
    assert Delivery.objects.count() == 1


def test_an_alert_that_is_undone_leaves_no_delivery(alerts: Alerts) -> None:
    alerts.want(DECLINED)

    def tell_and_fail() -> None:
        from cardline.issuer.embedded import notices

        notices.tell(alerts.house.account_row, DECLINED, about="txn_1", at=NOW)
        raise ValueError("the charge could not be booked")

    with pytest.raises(ValueError, match="booked"):
        in_command(by=SYSTEM, now=NOW, what=tell_and_fail)
    assert not Delivery.objects.exists()


def test_what_falls_due_together_is_one_mail(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED, REFUND)
    for number in range(3):
        alerts.raised(DECLINED, f"txn_{number}")
    alerts.raised(REFUND)
    at(NOW)
    assert len(mailoutbox) == 1 and alerts.states == ["sent"] * 4


def test_the_next_mail_waits_a_few_minutes_for_company(
    alerts: Alerts, at: Any, mailoutbox: list[Any]
) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED, "first")
    at(NOW)
    for minute in (1, 2):
        alerts.raised(DECLINED, f"minute {minute}", NOW + timedelta(minutes=minute))
        at(NOW + timedelta(minutes=minute))
    assert len(mailoutbox) == 1 and alerts.states == ["sent", "waiting", "waiting"]
    at(NOW + CALM)
    assert len(mailoutbox) == 2 and alerts.states == ["sent"] * 3


@pytest.mark.django_db(transaction=True)
def test_workers_that_meet_send_it_once(alerts: Alerts, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    for number in range(5):
        alerts.raised(DECLINED, f"txn_{number}")

    def one_worker() -> None:
        try:
            ready.wait()
            sweeps.sweep(NOW)
            work_through_outbox()
        finally:
            connection.close()

    ready = threading.Barrier(4)
    workers = [threading.Thread(target=one_worker) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    work_through_outbox()
    assert len(mailoutbox) == 1 and alerts.states == ["sent"] * 5


def test_what_another_worker_took_meanwhile_is_not_queued_again(
    alerts: Alerts, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)

    def others_are_quicker(member: Member) -> str:
        Delivery.objects.update(state="queued", due_at=None, queued_at=NOW - timedelta(hours=1))
        return ADDRESS

    monkeypatch.setattr(commands, "address_of", others_are_quicker)  # asked after the rows were read
    assert commands.gather_mail(by=SYSTEM, now=NOW, member_id=alerts.holder.pk) == 0
    assert not OutboxItem.objects.exists()


def test_who_comes_after_it_was_sent_sends_nothing(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    at(NOW)
    payload = {"member": alerts.holder.pk, "deliveries": [Delivery.objects.get().pk]}
    mail.send_mail(payload, NOW)
    assert len(mailoutbox) == 1


def test_who_comes_while_it_is_being_sent_sends_nothing(
    alerts: Alerts, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-67: a server so slow that the lease runs out
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    sweeps.sweep(NOW)
    payload = {"member": alerts.holder.pk, "deliveries": [Delivery.objects.get().pk]}
    hand_over = mail.hand_over

    def slowly(letter: Any) -> None:
        with pytest.raises(commands.InHand):
            mail.send_mail(payload, NOW)
        hand_over(letter)

    monkeypatch.setattr(mail, "hand_over", slowly)
    mail.send_mail(payload, NOW)
    assert len(mailoutbox) == 1 and alerts.states == ["sent"]


def test_killed_before_the_note_it_goes_again_under_the_same_name(
    alerts: Alerts, at: Any, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)

    def killed(**_: Any) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(mail, "note_sent", killed)
        at(NOW)
    at(NOW)
    assert alerts.states == ["queued"] and len(mailoutbox) == 1  # perhaps the other one is only slow
    Delivery.objects.update(held_until=clock.machine_now())
    at(NOW)
    assert alerts.states == ["sent"]
    first, second = (letter.extra_headers["Message-ID"] for letter in mailoutbox)
    assert first == second


# ------------------------------------------------------------------------------------ wanted, by whom and where


def test_who_asked_for_none_gets_none(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(REFUND)
    Preference.objects.all().delete()
    alerts.raised(REFUND)
    at(NOW)
    assert not Delivery.objects.exists() and not mailoutbox


def test_a_joint_holder_is_told_by_their_own_choice(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    from cardline.issuer.embedded import models as rows

    partner = new_holder("Tomasz", "c-partner", "tomasz@example.com")
    customer = rows.Customer.objects.create(number="c-partner", name="Tomasz Okafor")
    rows.Holder.objects.create(account=alerts.house.account_row, customer=customer, role="joint")
    alerts.want(DECLINED)
    alerts.raised(DECLINED, "txn_1")
    Preference.objects.create(member=partner, account=alerts.house.account, event=DECLINED, channel="email")
    alerts.raised(DECLINED, "txn_2")
    at(NOW)
    assert sorted(letter.to[0] for letter in mailoutbox) == [ADDRESS, "tomasz@example.com"]
    assert Delivery.objects.filter(member=partner).count() == 1


def test_a_stranger_who_wrote_down_the_account_hears_nothing(alerts: Alerts, house: House) -> None:
    stranger = new_holder("Stan", "c-stranger", "stan@example.com")
    alerts.want(DECLINED)
    Preference.objects.create(member=stranger, account=house.account, event=DECLINED, channel="email")
    alerts.raised(DECLINED)
    assert [row.member for row in Delivery.objects.all()] == [alerts.holder]


def test_switched_off_while_it_waited_it_is_left_out(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    Preference.objects.all().delete()
    at(NOW)
    row = Delivery.objects.get()
    assert (row.state, row.problem) == ("left_out", commands.NOT_WANTED) and not mailoutbox


@pytest.mark.parametrize("address", ["", "no address at all", "maya@example.com\nBcc: all@example.com"])
def test_without_an_address_on_file_nothing_is_sent(
    alerts: Alerts, at: Any, mailoutbox: list[Any], address: str
) -> None:  # SR-48
    alerts.want(DECLINED)
    ContactPoint.objects.filter(kind="email").update(value=address)
    alerts.raised(DECLINED)
    at(NOW)
    row = Delivery.objects.get()
    assert (row.state, row.problem) == ("left_out", commands.NO_ADDRESS) and not mailoutbox


def test_it_goes_to_the_address_of_that_moment(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    ContactPoint.objects.create(
        member=alerts.holder, kind="email", value="new@example.com", since=NOW, preferred=True
    )
    at(NOW)
    assert mailoutbox[0].to == ["new@example.com"]


def test_what_comes_out_of_a_standstill_is_no_news(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(REFUND)
    alerts.raised(REFUND, "old", NOW - timedelta(days=4))
    alerts.raised(REFUND, "new", NOW - timedelta(days=2))
    at(NOW)
    assert alerts.states == ["left_out", "sent"] and len(mailoutbox) == 1


# ------------------------------------------------------------------------------------------------ quiet hours


def test_a_mail_waits_for_the_morning(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(REFUND)
    alerts.keep_quiet(time(22), time(7))
    alerts.raised(REFUND, at=evening(22, 30))
    at(evening(22, 30))
    assert not mailoutbox and Delivery.objects.get().due_at == datetime(2026, 11, 25, 7, tzinfo=NEW_YORK)
    at(datetime(2026, 11, 25, 6, 59, tzinfo=NEW_YORK))
    assert not mailoutbox
    at(datetime(2026, 11, 25, 7, tzinfo=NEW_YORK))
    assert len(mailoutbox) == 1


def test_a_refused_card_may_wake_somebody_who_said_so(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED, REFUND)
    alerts.keep_quiet(time(22), time(7), urgent_passes=True)
    alerts.raised(REFUND, at=evening(23))
    alerts.raised(DECLINED, at=evening(23))
    at(evening(23))
    assert len(mailoutbox) == 1 and sorted(alerts.states) == ["sent", "waiting"]


def test_hours_chosen_while_it_waits_count(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(REFUND)
    alerts.keep_quiet(time(20), time(21))
    alerts.raised(REFUND, at=evening(20))
    at(evening(20))
    alerts.keep_quiet(time(20), time(23))
    at(evening(21))
    assert not mailoutbox and Delivery.objects.get().due_at == evening(23)


def test_a_try_that_falls_into_the_night_waits_for_the_morning(
    alerts: Alerts, at: Any, mailoutbox: list[Any], broken_server: Any
) -> None:
    alerts.want(REFUND)
    alerts.keep_quiet(time(22), time(7))
    alerts.raised(REFUND, at=evening(21))
    with broken_server(ConnectionRefusedError("refused")):
        at(evening(21))
    assert alerts.states == ["failed"]
    at(evening(23))
    assert alerts.states == ["waiting"] and not mailoutbox
    at(datetime(2026, 11, 25, 7, tzinfo=NEW_YORK))
    assert alerts.states == ["sent"] and len(mailoutbox) == 1


# -------------------------------------------------------------------------------------- a server that says no


def test_a_silent_server_is_tried_again_until_the_outbox_parks_it(
    alerts: Alerts, at: Any, mailoutbox: list[Any], broken_server: Any
) -> None:  # SR-67
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    with broken_server(TimeoutError("timed out")):
        for tries in range(1, 9):
            mail._silent_until = float("-inf")
            at(NOW)
            row = Delivery.objects.get()
            assert (row.state, row.tries, row.problem) == ("failed", tries, "no_server")
    item = OutboxItem.objects.get()
    assert item.parked_at is not None and item.error == "MailNotTaken: no_server"
    at(NOW)
    assert not mailoutbox and Delivery.objects.get().tries == 8


def test_after_a_failed_try_it_goes_out(
    alerts: Alerts, at: Any, mailoutbox: list[Any], broken_server: Any
) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    with broken_server(ConnectionRefusedError("refused")):
        at(NOW)
    at(NOW)
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.problem) == ("sent", 2, "") and len(mailoutbox) == 1


def test_a_silent_server_costs_one_time_out_not_one_a_mail(
    alerts: Alerts, at: Any, broken_server: Any
) -> None:
    alerts.want(DECLINED)
    other = new_holder("Stan", "c-other", "other@example.com")
    alerts.raised(DECLINED)
    Delivery.objects.create(
        member=other,
        alert="alr_other",
        account=alerts.house.account,
        event=DECLINED,
        channel="email",
        raised_at=NOW,
        due_at=NOW,
    )
    Preference.objects.create(member=other, account=alerts.house.account, event=DECLINED, channel="email")
    with broken_server(TimeoutError("timed out")) as looks:
        at(NOW)
    assert alerts.states == ["failed", "failed"] and len(looks) == 1


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    alerts: Alerts, at: Any, broken_server: Any
) -> None:
    import smtplib

    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    refused = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user here")})
    with broken_server(refused) as looks:
        at(NOW)
        at(NOW)
    row = Delivery.objects.get()
    assert (row.state, row.problem) == ("failed", "no_such_address") and len(looks) == 1
    assert not OutboxItem.objects.filter(done_at=None).exists()


@pytest.mark.parametrize("code", [450, 550])
def test_no_address_reaches_the_outbox_or_the_log(
    alerts: Alerts, at: Any, broken_server: Any, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    import smtplib

    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    with broken_server(smtplib.SMTPRecipientsRefused({ADDRESS: (code, f"<{ADDRESS}>: busy".encode())})):
        at(NOW)
    error = OutboxItem.objects.get().error
    assert error == ("MailNotTaken: ('not_taken', 450)" if code == 450 else "")
    assert ("outbox.failed" in caplog.text) == (code == 450)
    assert ADDRESS not in caplog.text and "maya" not in caplog.text


# ---------------------------------------------------------------------------------------------- rows and steps


def test_each_sending_can_be_looked_up(alerts: Alerts, at: Any) -> None:  # SR-82
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    at(NOW)
    row = Delivery.objects.get()
    assert (row.channel, row.event, row.raised_at, row.queued_at) == ("email", "declined", NOW, NOW)
    assert row.sent_at is not None and row.due_at is None and row.tries == 1
    event = AuditEvent.objects.get(name="notify.sent")
    assert event.about == f"member:{alerts.holder.pk}"


def test_a_row_cannot_say_sent_without_its_time(alerts: Alerts) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(state="sent", due_at=None)


def test_a_member_whose_step_raises_holds_up_nobody(alerts: Alerts, at: Any, mailoutbox: list[Any]) -> None:
    alerts.want(DECLINED)
    broken = new_holder("Bo", "c-broken", "bo@example.com")
    Member.objects.filter(pk=broken.pk).update(zone="Nowhere/Land")
    alerts.raised(DECLINED)
    Preference.objects.create(member=broken, account=alerts.house.account, event=DECLINED, channel="email")
    alerts.raised(DECLINED)
    broken_row = Delivery.objects.create(
        member=broken,
        alert="alr_broken",
        account=alerts.house.account,
        event=DECLINED,
        channel="email",
        raised_at=NOW,
        due_at=NOW - timedelta(hours=1),
    )
    from cardline.notify.models import QuietHours

    QuietHours.objects.create(member=broken, starts=time(22), ends=time(7))
    at(NOW)
    broken_row.refresh_from_db()
    assert len(mailoutbox) == 1 and broken_row.due_at == NOW + commands.STUMBLE_PAUSE


def test_a_look_at_nothing_is_one_short_query_for_each_thing_that_waits(
    alerts: Alerts, django_assert_num_queries: Any
) -> None:
    """Alerts, messages in quiet hours, messages behind a restriction, letters."""
    alerts.want(DECLINED)
    with django_assert_num_queries(4):
        assert sweeps.sweep(NOW) == 0
