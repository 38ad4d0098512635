"""Mail that comes back: read without trust, believed only where it names a mail of ours, and acted on once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cardline.cases.models import Entry
from cardline.conftest import NOON
from cardline.issuer.embedded.tests.house import in_command
from cardline.kit.actors import SYSTEM
from cardline.members.models import Member
from cardline.notify.bounces import inbox
from cardline.notify.bounces.commands import note_bounce, place_is_right
from cardline.notify.bounces.report import NotAReport, read_bounce
from cardline.notify.bounces.token import envelope_sender, name_in_address
from cardline.notify.doors import well
from cardline.notify.doors.door import Message
from cardline.notify.doors.mail import letter_of
from cardline.notify.letters.disclosure import current_disclosure
from cardline.notify.letters.models import Letter, PaperConsent
from cardline.notify.letters.tests.conftest import EMAIL, case, member, written
from cardline.notify.models import BouncedPlace, Outgoing
from cardline.notify.outgoing import send
from cardline.notify.queries import address_of
from cardline.notify.reach import ways_to
from cardline.notify.sending.commands import take_in_hand
from cardline.promises.models import Promise

__all__ = ["case", "member", "written"]  # fixtures of letters

pytestmark = pytest.mark.django_db

NAME = "0123456789abcdef" * 2
REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

The mail could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {place}
Action: {action}
Status: {status}

--b1
Content-Type: text/rfc822-headers

Message-ID: <{message_id}>
Subject: x

--b1--
"""


@pytest.fixture(autouse=True)
def mail_back(settings: Any, tmp_path: Path) -> Path:
    settings.DEFAULT_FROM_EMAIL = "Issuer <alerts@issuer.example>"
    settings.CARDLINE_MAIL_BACK, settings.CARDLINE_MAIL_URL = str(tmp_path), "smtp://mail.issuer.example"
    return tmp_path


def report(**more: str) -> bytes:
    about = {
        "to": "alerts@issuer.example", "place": EMAIL, "action": "failed", "status": "5.1.1",
        "message_id": f"{NAME}@issuer.example", **more,
    }  # fmt: skip
    return REPORT.format(**about).encode()


# ----------------------------------------------------------------------------------------------- reading


def test_the_message_id_that_is_returned_names_the_mail() -> None:
    found = read_bounce(report())
    assert found is not None and (found.name, found.places, found.is_hard) == (NAME, frozenset({EMAIL}), True)


def test_the_envelope_names_it_too_where_nothing_is_returned() -> None:
    found = read_bounce(report(to=envelope_sender(NAME).upper(), message_id="lost@elsewhere.example"))
    assert found is not None and found.name == NAME


@pytest.mark.parametrize(
    ("action", "status", "is_hard"), [("failed", "5.7.1", True), ("failed", "4.2.2 (mailbox full)", False)]
)
def test_soft_and_hard_are_told_apart(action: str, status: str, is_hard: bool) -> None:
    found = read_bounce(report(action=action, status=status))
    assert found is not None and found.is_hard is is_hard


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_says_that_nothing_is_lost_is_none(action: str) -> None:
    assert read_bounce(report(action=action, status="4.4.1")) is None


def test_an_envelope_somebody_else_made_is_not_ours() -> None:
    ours = envelope_sender(NAME)
    assert name_in_address(ours) == NAME and ours.startswith(f"alerts+{NAME}.")
    forged = ours.replace(NAME, "f" * 32)
    assert name_in_address(forged) == "" == name_in_address("alerts@issuer.example")
    with pytest.raises(NotAReport, match="names_no_mail_of_ours"):
        read_bounce(report(to=forged, message_id=f"{NAME}@elsewhere.example"))


MALFORMED = [
    b"",
    b"\x00\xff" * 400,
    b'Content-Type: multipart/report; report-type=delivery-status; boundary=""\n\n',
    b"Content-Type: multipart/report; report-type*=utf-9''%ff; boundary=b\n\n--b\n\n",
    b"Subject: Out of office\n\nI am away.",
    report().replace(b"message/delivery-status", b"text/plain"),
    report().replace(b"Status: 5.1.1", b"Status: broken"),
    report().replace(b"Final-Recipient", b"X\n\nY", 1).replace(b"Action: failed", b"Action: "),
    report()[: len(report()) // 2],
]


@pytest.mark.parametrize("raw", MALFORMED, ids=range(len(MALFORMED)))
def test_any_bytes_end_in_no_report_or_in_nothing_lost(raw: bytes) -> None:  # SR-58
    try:
        assert read_bounce(raw) is None
    except NotAReport as no:
        assert str(no)


def test_a_mail_with_too_many_parts_or_recipients_is_set_aside() -> None:
    many = report().replace(b"--b1--", b"--b1\n\nx\n" * 60 + b"--b1--")
    with pytest.raises(NotAReport, match="too_many_parts"):
        read_bounce(many)


# ---------------------------------------------------------------------------------------------- acting


@pytest.fixture
def shown(written: Callable[..., Letter], member: Member) -> Letter:
    """A letter on Maya's pages, whose e-mail has left."""
    agreed = {"disclosure": current_disclosure().version, "given_at": NOON}
    PaperConsent.objects.create(member=member, covers="cards", **agreed)
    letter = written()
    assert letter.state == "shown"
    assert letter.announced_id is not None
    Outgoing.objects.filter(pk=letter.announced_id).update(state="sent", sent_at=NOON)
    return letter


def bounce(letter: Letter, now: datetime = NOON, *, is_hard: bool = True, place: str = EMAIL) -> bool:
    assert letter.announced is not None
    done = note_bounce(by=SYSTEM, now=now, name=letter.announced.name, places=[place], is_hard=is_hard)
    letter.refresh_from_db()
    return done


def said(letter: Letter) -> list[str]:
    entries = Entry.objects.filter(kind="letter.mail_came_back", case=letter.case)
    return [json.loads(entry.data)["then"] for entry in entries]


def test_the_letter_goes_on_paper_at_once_and_before_its_last_day(shown: Letter) -> None:
    assert bounce(shown)
    assert (shown.state, shown.why) == ("to_print", "bounced") and said(shown) == ["on_paper"]
    promise = Promise.objects.get(rule=f"letter.print:{shown.pk}")
    assert promise.due_at > NOON and promise.state == "open"


def test_the_same_report_twice_is_one_bounce(shown: Letter) -> None:  # SR-72
    assert bounce(shown) and not bounce(shown)
    assert (
        said(shown) == ["on_paper"] and Promise.objects.filter(rule__startswith="letter.print").count() == 1
    )


def test_after_the_last_day_it_goes_all_the_same_and_the_history_says_so(shown: Letter) -> None:
    late = NOON + timedelta(days=20)
    assert bounce(shown, late)
    assert shown.state == "to_print" and said(shown) == ["on_paper_late"]


def test_one_that_is_on_paper_or_was_read_stays_and_the_history_says_so(shown: Letter) -> None:
    Letter.objects.filter(pk=shown.pk).update(read_at=NOON)
    assert bounce(shown) and shown.state == "shown" and said(shown) == ["read_already"]


def test_a_letter_printed_already_is_not_printed_again(shown: Letter) -> None:
    Letter.objects.filter(pk=shown.pk).update(
        state="to_print", way="paper", to="1 Elm St, New York, NY 10001"
    )
    assert bounce(shown) and said(shown) == ["paper_already"]
    assert not Promise.objects.filter(rule__startswith="letter.print").exists()


def test_a_hard_one_ends_mail_to_that_address_until_its_link_was_pressed(
    shown: Letter, member: Member
) -> None:
    bounce(shown, place=EMAIL)
    assert address_of(member) == "" and ways_to(member, ("email",)) == []
    in_command(by=SYSTEM, now=NOON, what=lambda: place_is_right(EMAIL, NOON))
    assert address_of(member) == EMAIL and ways_to(member, ("email",)) == [("email", EMAIL)]


@pytest.mark.parametrize(("is_hard", "place"), [(False, EMAIL), (True, "somebody@elsewhere.example")])
def test_a_soft_one_or_one_about_another_address_ends_nothing(
    shown: Letter, member: Member, is_hard: bool, place: str
) -> None:
    bounce(shown, is_hard=is_hard, place=place)
    assert shown.state == "to_print" and not BouncedPlace.objects.exists() and address_of(member) == EMAIL


# ----------------------------------------------------------------------------------------------- the folder


def test_a_forged_report_changes_nothing_and_ours_does(shown: Letter, mail_back: Path) -> None:
    assert shown.announced is not None
    forged = report(message_id=f"{'f' * 32}@issuer.example")
    (mail_back / "one").write_bytes(forged)
    assert inbox.sweep(NOON) == 0
    shown.refresh_from_db()
    assert shown.state == "shown" and not BouncedPlace.objects.exists()
    (mail_back / "two").write_bytes(report(message_id=f"{shown.announced.name}@issuer.example"))
    assert inbox.sweep(NOON) == 1
    shown.refresh_from_db()
    assert shown.state == "to_print" and not (mail_back / "two").exists()


def test_what_is_no_report_is_kept_aside_and_said_without_its_words(
    mail_back: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mail_back / "new").mkdir()
    (mail_back / "new" / "1.mail").write_bytes(b"Subject: Hello\r\n\r\nMy card is 3782 822463 10005")
    (mail_back / "new" / "2.mail").write_bytes(b"x" * 50)
    monkeypatch.setattr(inbox, "MOST_BYTES", 49)
    with caplog.at_level(logging.WARNING, "cardline.notify"):
        assert inbox.sweep(NOON) == 0
    assert {one.name for one in (mail_back / "set-aside").iterdir()} == {"1.mail", "2.mail"}
    assert not list((mail_back / "new").iterdir()) and "3782" not in caplog.text
    assert all(one.__dict__["why"] for one in caplog.records if one.message == "mail_back.set_aside")
    assert inbox.sweep(NOON) == 0


def test_what_is_set_aside_never_takes_the_place_of_another(mail_back: Path) -> None:
    for words in (b"Subject: First\r\n\r\n", b"Subject: Second\r\n\r\n"):
        (mail_back / "1.mail").write_bytes(words)
        inbox.sweep(NOON)
    assert {one.read_bytes()[9:12] for one in (mail_back / "set-aside").iterdir()} == {b"Fir", b"Sec"}


def test_without_a_folder_nothing_is_read_and_the_envelope_is_plain(settings: Any, mail_back: Path) -> None:
    (mail_back / "one").write_bytes(report())
    settings.CARDLINE_MAIL_BACK = ""
    assert inbox.sweep(NOON) == 0 and (mail_back / "one").exists()
    assert envelope_sender(NAME) == "alerts@issuer.example"


def test_a_mail_leaves_with_the_envelope_that_names_it_and_the_plain_sender_on_its_face() -> None:
    mail = letter_of(Message(NAME, EMAIL, "en", "s", "b", False, "Maya", NOON, NOON))
    assert name_in_address(mail.from_email) == NAME
    assert mail.message()["From"] == "Issuer <alerts@issuer.example>"


def test_the_doctor_finds_a_folder_that_cannot_be_read(settings: Any, tmp_path: Path) -> None:
    assert not [one for one in well.problems_of_doors() if "CARDLINE_MAIL_BACK" in one]
    settings.CARDLINE_MAIL_BACK = str(tmp_path / "not there")
    assert [one for one in well.problems_of_doors() if "CARDLINE_MAIL_BACK" in one]


# ----------------------------------------------------------------------------------------------- other messages


def put_out(member: Member, template: str, link: str = "/contacts") -> Outgoing:
    to: dict[str, Any] = {"channel": "email", "to": EMAIL, "now": NOON}
    number = in_command(by=SYSTEM, now=NOON, what=lambda: send(member.pk, template, {"link": link}, **to))
    return Outgoing.objects.get(pk=number)


def test_any_other_message_goes_another_way_of_the_members(member: Member) -> None:
    row = put_out(member, "news")
    assert note_bounce(by=SYSTEM, now=NOON, name=row.name, places=[EMAIL], is_hard=True)
    otherwise = Outgoing.objects.get(instead_of=row)
    assert (otherwise.channel, otherwise.to) == ("letter", "1 Elm St, New York, NY 10001")
    row.refresh_from_db()
    assert (row.state, row.receipt) == ("sent", "lost")  # and with it the yes that nobody had heard


def test_only_the_link_that_shows_it_is_right_still_goes_to_an_address_that_came_back(member: Member) -> None:
    BouncedPlace.objects.create(place=EMAIL, since=NOON)
    news, check = put_out(member, "news"), put_out(member, "email_check", "/profile/contact/email/7-abc")
    assert take_in_hand(by=SYSTEM, now=NOON, outgoing_id=news.pk) is None
    news.refresh_from_db()
    assert (news.state, news.problem) == ("refused", "no_such_place")
    assert take_in_hand(by=SYSTEM, now=NOON, outgoing_id=check.pk) == (1, False)
