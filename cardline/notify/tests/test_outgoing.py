"""What one part of the product has us send to one member: asked for, carried, tried again, given up on, once."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cardline.audit.models import AuditEvent
from cardline.issuer.embedded.tests.house import in_command
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.logs import LineFormatter
from cardline.kit.models import OutboxItem
from cardline.kit.outbox import MAX_TRIES
from cardline.kit.visibility import visible
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.notify import sweeps
from cardline.notify.doors import Message, NotTaken
from cardline.notify.models import Outgoing, QuietHours
from cardline.notify.outgoing import send, tell
from cardline.notify.queries import how_it_went, messages_parked
from cardline.notify.rules import CODE_LASTS
from cardline.notify.sending import carrier
from cardline.notify.sending.commands import HELD, note_not_taken, note_taken, take_in_hand
from cardline.notify.words import say_state

pytestmark = pytest.mark.django_db

NOON = datetime.fromisoformat("2026-11-23T17:00:00+00:00")  # in New York, where Maya lives
NIGHT = datetime.fromisoformat("2026-11-24T04:30:00+00:00")  # half past eleven there
MORNING = datetime.fromisoformat("2026-11-24T13:00:00+00:00")  # eight, and texts may go
NUMBER, ADDRESS, STREET = "+12125550142", "maya.okafor@example.com", "1 Elm St, New York, NY 10001"
CODE = {"code": "481516", "action": "sign_in"}
CHANGED = {"kind": "phone", "link": "/not-me/abc"}


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.CARDLINE_TEXTS = str(tmp_path / "texts")
    settings.CARDLINE_DEMO = True
    return tmp_path


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    clock.set_offset(NOON - clock.machine_now())
    yield
    clock.set_offset(timedelta(0))


class Door:
    """A door that answers as it is told: one answer a try, and the last for ever after."""

    def __init__(self, *answers: NotTaken | str, has: str | None = None) -> None:
        self.answers, self.has = list(answers), has
        self.handed_over: list[Message] = []
        self.asked: list[Message] = []

    def send(self, message: Message) -> str:
        self.handed_over.append(message)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, NotTaken):
            raise answer
        return answer

    def found(self, message: Message) -> str | None:
        self.asked.append(message)
        return self.has


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Door]:
    """door(answer, …, by="text"): what goes by it gets these answers; every other door takes everything."""
    doors: dict[str, Door] = {}

    def hang(*answers: NotTaken | str, by: str = "text", has: str | None = None) -> Door:
        doors[by] = Door(*answers, has=has)
        return doors[by]

    monkeypatch.setattr(carrier, "door_for", lambda channel: doors.setdefault(channel, Door("taken")))
    return hang


def say(member: Actor, template: str, values: dict[str, str], **how: Any) -> int:
    told = {"channel": "text", "to": NUMBER, "now": clock.now(), **how}
    return int(
        in_command(by=SYSTEM, now=told["now"], what=lambda: send(member.member_id, template, values, **told))
    )


def say_code(member: Actor, **how: Any) -> int:
    return say(member, "code", CODE, secret=True, **how)


def live_at(member: Actor, **points: str) -> None:
    for kind, value in points.items():
        ContactPoint.objects.create(
            member_id=member.member_id, kind=kind, value=value, since=NOON - timedelta(days=900)
        )


def work_on(rounds: int = 1) -> None:
    """Rounds of the worker, each when whatever is to be tried again may be."""
    for _ in range(rounds):
        OutboxItem.objects.filter(done_at=None, parked_at=None).update(due_at=clock.machine_now())
        work_through_outbox()


def row_of(outgoing_id: int) -> Outgoing:
    return Outgoing.objects.get(pk=outgoing_id)


def texts(folder: Path) -> list[str]:
    return [json.loads(file.read_text())["text"] for file in sorted((folder / "texts").glob("[!.]*.json"))]


# ------------------------------------------------------------------------------------------------ asked for


def test_a_code_becomes_one_text_and_leaves_the_row(maya: Actor, folders: Path) -> None:
    row_id = say_code(maya)
    work_on(2)
    row = row_of(row_id)
    assert texts(folders) == [
        "481516 is your American Express code to sign in. We never ask for it: tell nobody."
        " It works for 10 minutes."
    ]
    assert (row.state, row.values, row.tries, row.to) == ("sent", {}, 1, NUMBER)
    assert row.sent_at is not None and abs(row.sent_at - NOON) < timedelta(minutes=1)
    assert how_it_went(row_id).gone and not how_it_went(row_id).over


def test_it_speaks_the_members_language(maya: Actor, folders: Path) -> None:
    Member.objects.update(language="es")
    say_code(maya)
    work_on()
    assert texts(folders)[0].startswith("481516 es su código de American Express para entrar.")


def test_what_is_undone_sends_nothing(maya: Actor) -> None:
    def tell_and_fail() -> None:
        send(maya.member_id, "code", CODE, channel="text", to=NUMBER, now=NOON, secret=True)
        raise ValueError("it could not be done")

    with pytest.raises(ValueError, match="could not"):
        in_command(by=SYSTEM, now=NOON, what=tell_and_fail)
    assert not Outgoing.objects.exists() and not OutboxItem.objects.exists()


def test_outside_a_command_nothing_is_sent(maya: Actor) -> None:
    with pytest.raises(RuntimeError, match="outside a command"):
        send(maya.member_id, "code", CODE, channel="text", to=NUMBER, now=NOON, secret=True)


@pytest.mark.parametrize(
    ("template", "values", "how"),
    [
        ("cake", CODE, {}),
        ("code", CODE, {"channel": "email", "to": ADDRESS}),  # e-mail is no second way to somebody
        ("code", {"code": "481516"}, {}),
        ("code", {**CODE, "amount": "48.20"}, {}),
        ("code", {**CODE, "code": "48151"}, {}),
        ("code", {**CODE, "code": "4815 6"}, {}),
        ("code", {**CODE, "action": "pay Alder Pharmacy"}, {}),
        ("code", CODE, {"secret": False}),
        ("contact_changed", {**CHANGED, "link": "https://elsewhere.example/"}, {}),
        ("contact_changed", {**CHANGED, "link": "//elsewhere.example/"}, {}),
        ("contact_changed", {**CHANGED, "link": "/" + "x" * 64}, {}),
        ("contact_changed", {**CHANGED, "kind": "+1 212 555 0199"}, {}),
        ("receipt", {"reference": "7K4-29QX", "link": "/"}, {"channel": "email", "to": ADDRESS}),
    ],
)
def test_nothing_but_what_the_template_asks_for_gets_into_a_message(
    maya: Actor, template: str, values: dict[str, str], how: dict[str, Any]
) -> None:  # SR-61
    with pytest.raises(ValueError, match=template) as refused:
        say(maya, template, values, **{"secret": template == "code", **how})
    assert not any(value in str(refused.value) for value in values.values() if value not in ("/",))
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    "to", ["", "0142", "+1 212 555 0142\nBcc: x", "maya\x00@example.com", "+" + "1" * 250]
)
def test_a_place_that_takes_nothing_is_refused_and_never_reaches_a_door(
    maya: Actor, door: Callable[..., Door], to: str
) -> None:  # SR-48
    hung = door("taken")
    row_id = say_code(maya, to=to)
    work_on(2)
    row = row_of(row_id)
    assert (row.state, row.problem, row.to, row.values) == ("refused", "no_such_place", "", {})
    assert not hung.handed_over


def told(member: Actor, template: str = "receipt") -> str:
    """Which door a member is told by who has a phone number, an e-mail and a postal address."""
    values = {"reference": "7K4-29QM", "link": "/contacts"} if template == "receipt" else CODE
    row_id = in_command(by=SYSTEM, now=NOON, what=lambda: tell(member.member_id, template, values, now=NOON))
    return str(Outgoing.objects.get(pk=row_id).channel) if row_id else ""


def test_a_member_is_told_by_the_door_they_prefer_of_those_there_are(maya: Actor, settings: Any) -> None:
    assert told(maya) == ""
    live_at(maya, phone=NUMBER, email=ADDRESS, post=STREET)
    assert told(maya) == "email"  # the one the text begins with
    ContactPoint.objects.filter(kind="phone").update(preferred=True)
    assert told(maya) == "text"
    settings.CARDLINE_DEMO = False  # no provider, no server: a folder brings it to nobody
    assert told(maya) == "letter"
    settings.CARDLINE_MAIL_URL = "smtp://mail.issuer.example"
    assert told(maya) == "email"
    with pytest.raises(ValueError, match="secret"):
        told(maya, "code")


def test_what_only_became_a_file_is_not_called_sent(maya: Actor, settings: Any) -> None:  # SR-82
    row_id = say_code(maya)
    letter = say(maya, "news", {"link": "/"}, channel="letter", to=STREET)
    work_on()
    assert say_state(row_of(row_id)) == "Sent"  # in a demo the file is the phone
    assert say_state(row_of(letter)) == "Written, printed from the desk"
    settings.CARDLINE_DEMO = False
    assert say_state(row_of(row_id)) == "Written here, sent to nobody"


# ------------------------------------------------------------------------------------------------ in vain


def test_a_provider_that_is_down_is_tried_eight_times_with_growing_pauses(
    maya: Actor, door: Callable[..., Door]
) -> None:  # SR-67
    hung = door(NotTaken("no_answer"))
    row_id = say(maya, "contact_changed", CHANGED, urgent=True)
    pauses = []
    for _ in range(MAX_TRIES - 1):
        work_on()
        row = row_of(row_id)
        assert row.state == "failed" and row.next_try_at is not None
        pauses.append((row.next_try_at - clock.machine_now()).total_seconds())
        waiting = OutboxItem.objects.get(done_at=None)
        assert abs(waiting.due_at - row.next_try_at) < timedelta(seconds=1)
    assert [round(pause, -1) for pause in pauses[1:]] == [10, 30, 120, 600, 1_800, 7_200]
    work_on(3)
    row = row_of(row_id)
    assert (row.state, row.tries, row.problem) == ("parked", MAX_TRIES, "no_answer")
    assert len(hung.handed_over) == MAX_TRIES == len({id(one) for one in hung.handed_over})
    assert {one.name for one in hung.handed_over} == {row.name} and messages_parked() == 1
    assert not OutboxItem.objects.filter(done_at=None).exists()


def test_it_is_sent_once_the_provider_is_back(maya: Actor, door: Callable[..., Door]) -> None:
    hung = door(NotTaken("no_answer"), NotTaken("not_taken"), "SM1")
    row_id = say(maya, "contact_changed", CHANGED, urgent=True)
    work_on(6)
    row = row_of(row_id)
    assert (row.state, row.tries, row.provider_id, row.problem) == ("sent", 3, "SM1", "")
    assert len(hung.handed_over) == 3 and not hung.asked  # both refusals were certain


def test_what_is_refused_for_good_goes_the_next_way_of_the_member(
    maya: Actor, door: Callable[..., Door]
) -> None:
    live_at(maya, email=ADDRESS, post=STREET)
    hung, mail, letters = (
        door(NotTaken("no_such_place", permanent=True)),
        door("", by="email"),
        door("", by="letter"),
    )
    row_id = say(maya, "contact_changed", CHANGED, urgent=True)
    work_on(4)
    assert row_of(row_id).state == "refused" and len(hung.handed_over) == 1
    assert [one.to for one in mail.handed_over] == [ADDRESS] and not letters.handed_over
    went = how_it_went(row_id)
    assert went.over and not went.gone and went.another_way == "email"


def test_the_way_goes_on_while_there_is_one_and_never_in_a_circle(
    maya: Actor, door: Callable[..., Door]
) -> None:
    live_at(maya, phone="+12125550199", email=ADDRESS, post=STREET)
    never = NotTaken("no_such_place", permanent=True)
    doors = [door(never), door(never, by="email"), door(never, by="letter")]
    say(maya, "contact_changed", CHANGED, urgent=True)
    work_on(8)
    assert [len(one.handed_over) for one in doors] == [1, 1, 1]
    assert list(Outgoing.objects.order_by("pk").values_list("channel", "state")) == [
        ("text", "refused"), ("email", "refused"), ("letter", "refused"),
    ]  # fmt: skip


def test_the_same_words_do_not_go_to_a_place_twice(maya: Actor, door: Callable[..., Door]) -> None:
    live_at(maya, email=ADDRESS)
    door(NotTaken("no_such_place", permanent=True))
    mail = door("", by="email")
    say(maya, "contact_changed", CHANGED, channel="email", to=ADDRESS, urgent=True)
    say(maya, "contact_changed", CHANGED, urgent=True)
    work_on(4)
    assert len(mail.handed_over) == 1


def test_a_code_goes_no_other_way(maya: Actor, door: Callable[..., Door]) -> None:  # nothing weaker
    live_at(maya, phone="+12125550199", email=ADDRESS, post=STREET)
    door(NotTaken("no_such_place", permanent=True))
    row_id = say_code(maya)
    work_on(3)
    assert Outgoing.objects.count() == 1 and row_of(row_id).values == {}
    assert how_it_went(row_id).over and how_it_went(row_id).another_way == ""


def test_nor_does_anything_else_that_is_secret(maya: Actor, door: Callable[..., Door]) -> None:
    live_at(maya, email=ADDRESS)
    door(NotTaken("no_such_place", permanent=True))
    say(maya, "contact_changed", CHANGED, secret=True)
    work_on(3)
    assert Outgoing.objects.count() == 1


def test_another_way_is_one_that_leads_out_of_the_house(
    maya: Actor, door: Callable[..., Door], settings: Any
) -> None:
    live_at(maya, email=ADDRESS, post=STREET)
    settings.CARDLINE_DEMO = False  # there is no mail server, and a folder would swallow it
    door(NotTaken("no_such_place", permanent=True))
    row_id = say(maya, "contact_changed", CHANGED, urgent=True)
    work_on(3)
    assert how_it_went(row_id).another_way == "letter"


# ------------------------------------------------------------------------------------------------ unheard


def test_a_try_whose_answer_nobody_heard_is_asked_about_and_not_sent_again(
    maya: Actor, door: Callable[..., Door]
) -> None:
    hung = door(NotTaken("no_answer", unsure=True), has="SM7")
    row_id = say_code(maya)
    work_on(3)
    row = row_of(row_id)
    assert (row.state, row.provider_id, row.values) == ("sent", "SM7", {})
    assert len(hung.handed_over) == 1 == len(hung.asked)


def test_what_had_not_arrived_is_sent_again(maya: Actor, door: Callable[..., Door]) -> None:
    hung = door(NotTaken("no_answer", unsure=True), "SM8", has=None)
    row_id = say_code(maya)
    work_on(3)
    assert row_of(row_id).provider_id == "SM8" and len(hung.handed_over) == 2 and len(hung.asked) == 1


def test_the_door_is_told_which_messages_there_are_others(maya: Actor, door: Callable[..., Door]) -> None:
    hung = door("SM1", NotTaken("no_answer", unsure=True), "SM2")
    for _ in range(2):
        say(maya, "contact_changed", CHANGED, urgent=True)
        work_on()
    work_on()
    assert [one.theirs for one in hung.asked] == [frozenset({"SM1"})]


def test_a_worker_that_was_killed_in_between_leaves_a_question(
    maya: Actor, door: Callable[..., Door], later: Callable[[timedelta], None]
) -> None:
    hung = door("SM9", has="SM3")
    row_id = say_code(maya)
    assert take_in_hand(by=SYSTEM, now=clock.now(), outgoing_id=row_id) == (1, False)
    work_on(2)
    assert not hung.asked and not hung.handed_over  # while it may still be alive
    later(HELD + timedelta(seconds=1))
    work_on()
    assert len(hung.asked) == 1 and not hung.handed_over and row_of(row_id).provider_id == "SM3"


def test_one_that_dies_with_every_worker_is_parked(
    maya: Actor, door: Callable[..., Door], later: Callable[[timedelta], None]
) -> None:
    hung = door("SM9")
    row_id = say(maya, "contact_changed", CHANGED, urgent=True)
    for number in range(1, MAX_TRIES + 1):
        later(number * (HELD + timedelta(seconds=1)))
        assert take_in_hand(by=SYSTEM, now=clock.now(), outgoing_id=row_id) == (number, number > 1)
    later((MAX_TRIES + 1) * (HELD + timedelta(seconds=1)))
    work_on()
    assert row_of(row_id).state == "parked" and not hung.handed_over


def test_a_worker_that_was_overtaken_cannot_write_a_failure_but_a_success(
    maya: Actor, later: Callable[[timedelta], None]
) -> None:  # SR-67
    row_id = say_code(maya)
    assert take_in_hand(by=SYSTEM, now=NOON, outgoing_id=row_id) == (1, False)
    later(HELD + timedelta(seconds=1))
    assert take_in_hand(by=SYSTEM, now=NOON, outgoing_id=row_id) == (2, True)
    failed = {"problem": "x", "permanent": True, "unsure": False}
    assert not note_not_taken(by=SYSTEM, now=NOON, outgoing_id=row_id, at_try=1, **failed)  # type: ignore[arg-type]
    assert row_of(row_id).state == "queued" and row_of(row_id).values == CODE
    assert note_taken(by=SYSTEM, now=NOON, outgoing_id=row_id, provider_id="SM1")
    assert not note_taken(by=SYSTEM, now=NOON, outgoing_id=row_id, provider_id="SM2")
    assert not note_not_taken(by=SYSTEM, now=NOON, outgoing_id=row_id, at_try=2, **failed)  # type: ignore[arg-type]
    assert row_of(row_id).provider_id == "SM1"


@pytest.mark.django_db(transaction=True)
def test_workers_that_meet_send_each_once(maya: Actor, door: Callable[..., Door]) -> None:
    hung = door("taken")
    ids = [say_code(maya) for _ in range(5)]
    for row_id in ids:  # the same work twice, as after a lost lease
        OutboxItem.objects.create(
            kind="notify.out", payload=json.dumps({"outgoing": row_id}), due_at=clock.machine_now()
        )

    def one_worker() -> None:
        try:
            ready.wait()
            work_through_outbox()
        finally:
            connection.close()

    ready = threading.Barrier(4)
    workers = [threading.Thread(target=one_worker) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    work_on(2)
    assert sorted(one.name for one in hung.handed_over) == sorted(row_of(row_id).name for row_id in ids)


# ------------------------------------------------------------------------------------------------ at night


def at(moment: datetime) -> None:
    """The demo's clock is pushed there, and the sweep and the worker do what is due."""
    clock.set_offset(moment - clock.machine_now())
    sweeps.sweep(moment)
    work_on()


def test_at_night_a_text_waits_for_the_morning_of_its_reader(maya: Actor, folders: Path) -> None:
    at(NIGHT)
    row_id = say(maya, "news", {"link": "/alerts"})
    at(NIGHT + timedelta(hours=2))
    assert row_of(row_id).state == "waiting" and row_of(row_id).due_at == MORNING and not texts(folders)
    at(MORNING)
    assert row_of(row_id).state == "sent" and len(texts(folders)) == 1


def test_codes_urgent_news_and_letters_do_not_wait(maya: Actor, door: Callable[..., Door]) -> None:
    clock.set_offset(NIGHT - clock.machine_now())
    QuietHours.objects.create(
        member_id=maya.member_id, starts=datetime.min.time().replace(hour=20), ends=datetime.min.time()
    )
    door("")
    rows = [
        say_code(maya),
        say(maya, "contact_changed", CHANGED, urgent=True),
        say(maya, "news", {"link": "/"}, channel="letter", to=STREET),
    ]
    late = say(maya, "news", {"link": "/"}, channel="email", to=ADDRESS)
    work_on()
    assert [row_of(one).state for one in rows] == ["sent"] * 3 and row_of(late).state == "waiting"


def test_what_failed_in_the_evening_is_not_tried_again_at_night(
    maya: Actor, door: Callable[..., Door]
) -> None:
    evening = NIGHT - timedelta(hours=3)
    clock.set_offset(evening - clock.machine_now())
    hung = door(NotTaken("no_answer"), "SM1")
    row_id = say(maya, "news", {"link": "/"})
    work_on()
    assert row_of(row_id).state == "failed"
    at(NIGHT)
    assert row_of(row_id).state == "waiting" and len(hung.handed_over) == 1
    at(MORNING)
    assert row_of(row_id).state == "sent" and row_of(row_id).tries == 2


# ------------------------------------------------------------------------------------------------ secrets


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """later(span): so much of the machine's time has passed since the test began."""
    began = clock.machine_now()

    def pass_by(span: timedelta) -> None:
        monkeypatch.setattr(clock, "machine_now", lambda: began + span)

    return pass_by


def test_a_code_that_would_come_too_late_is_not_sent(
    maya: Actor, door: Callable[..., Door], later: Callable[[timedelta], None]
) -> None:  # SR-35
    hung = door("taken")
    row_id = say_code(maya)
    later(CODE_LASTS + timedelta(seconds=1))
    work_on()
    row = row_of(row_id)
    assert (row.state, row.problem, row.values) == ("refused", "too_late", {}) and not hung.handed_over


def test_a_code_is_given_up_on_as_soon_as_the_next_try_would_be_too_late(
    maya: Actor, door: Callable[..., Door]
) -> None:
    hung = door(NotTaken("no_answer"))
    row_id = say_code(maya)
    work_on(MAX_TRIES)
    row = row_of(row_id)
    assert (row.state, row.problem, row.values) == ("refused", "too_late", {})
    assert len(hung.handed_over) == 5  # the sixth would be ten minutes after it
    assert messages_parked() == 0


def test_no_row_can_keep_a_code_that_is_over(maya: Actor) -> None:
    row_id = say_code(maya)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.filter(pk=row_id).update(state="refused")


def test_a_code_stands_in_no_log_audit_event_or_outbox_row(
    maya: Actor, door: Callable[..., Door], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG, logger="cardline")
    hung = door("taken")

    def break_down(message: Message) -> str:
        raise RuntimeError(f"could not say {message.body} to {message.to}")

    monkeypatch.setattr(hung, "send", break_down)
    row_id = say_code(maya)
    work_on(MAX_TRIES)
    logged = "".join(map(LineFormatter().format, caplog.records)) + caplog.text
    assert "notify.broke" in logged and "RuntimeError" in logged
    kept = [event.detail for event in AuditEvent.objects.all()]
    kept += [item.payload + item.error for item in OutboxItem.objects.all()]
    for secret in (CODE["code"], NUMBER):
        assert secret not in logged and not any(secret in words for words in kept)
    assert row_of(row_id).values == {} and CODE["code"] not in repr(row_of(row_id))


def test_outside_a_demo_the_folder_keeps_no_code(maya: Actor, folders: Path, settings: Any) -> None:
    settings.CARDLINE_DEMO = False
    say_code(maya)
    say(maya, "receipt", {"reference": "7K4-29QM", "link": "/contacts"}, urgent=True)
    work_on()
    assert sorted(words.partition(" ")[0] for words in texts(folders)) == ["American", "••••••"]
    file = next((folders / "texts").glob("*.json"))
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_stranger_sees_nothing_of_it(maya: Actor, hannah: Actor, dana: Actor, visitor: Actor) -> None:
    say_code(maya)
    assert visible(Outgoing, maya).count() == 1
    assert not any(visible(Outgoing, actor).exists() for actor in (hannah, dana, visitor))
