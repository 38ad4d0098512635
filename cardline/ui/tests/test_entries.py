"""Entries as sentences: in the reader's language, for member and desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cardline.issuer.profile import Profile, load_profile
from cardline.ui.entries import say_entry, say_missed

ZONE = ZoneInfo("America/New_York")
TUESDAY_5_PM = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
WEDNESDAY_NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
WEDNESDAY_3_PM = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(Path(__file__).resolve().parents[3] / "profiles" / "american-express")


def missed(profile: Profile, **changed: object) -> str:
    said = {
        "due_at": TUESDAY_5_PM,
        "now": WEDNESDAY_NOON,
        "zone": ZONE,
        "language": "en",
        "place": "supervisors:disputes",
        "profile": profile,
        "answer_by": WEDNESDAY_3_PM,
        **changed,
    }
    return say_missed(**said)  # type: ignore[arg-type]


def test_a_missed_promise_is_told_in_the_words_we_agreed(profile: Profile) -> None:
    assert missed(profile) == (
        "We said Tuesday and missed it. "
        "The disputes supervisors have it now and will write to you by 3 pm today."
    )


def test_a_person_is_named_only_once_they_took_it(profile: Profile) -> None:
    assert "Priya Raman has it now" in missed(profile, taken_by="Priya Raman")


def test_an_answer_time_that_has_passed_is_not_said_again(profile: Profile) -> None:
    said = missed(profile, now=datetime(2026, 11, 25, 21, 0, tzinfo=UTC))
    assert said == "We said Tuesday and missed it. The disputes supervisors have it now."


def test_a_moment_after_it_was_due_nobody_has_it_yet(profile: Profile) -> None:
    assert missed(profile, place="", answer_by=None) == "We said Tuesday and missed it."


def test_the_head_of_service_is_one_person(profile: Profile) -> None:
    assert "The head of service has it now" in missed(profile, place="head_of_service")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), "5 pm today"),
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), "Tuesday"),
        (datetime(2026, 12, 2, 17, 0, tzinfo=UTC), "Tue, Nov 24"),
    ],
)
def test_the_day_we_missed_is_one_the_reader_can_place(profile: Profile, now: datetime, day: str) -> None:
    assert missed(profile, now=now).startswith(f"We said {day} and missed it.")


KINDS: dict[str, dict[str, Any]] = {
    "case.opened": {"need": "dispute.unrecognised_charge"},
    "contact.started": {"channel": "chat", "need": "dispute.unrecognised_charge", "plan": {}},
    "contact.answered": {},
    "member.access_needs": {},
    "contact.taken_over": {},
    "contact.put_back": {},
    "contact.became_message": {},
    "summary.proposed": {"round": 1},
    "summary.confirmed": {"round": 1},
    "summary.disputed": {"round": 1},
    "contact.ended": {},
    "contact.attached": {"contact": 3},
    "contact.detached": {"contact": 3},
    "case.classified": {"need": "payment.make", "was": "payment.autopay"},
    "case.closed": {},
    "case.reopened": {},
    "card.frozen": {"card": "card_1", "last4": "4471"},
    "card.unfrozen": {"card": "card_1", "last4": "4471"},
    "card.replaced": {"card": "card_1", "last4": "4471", "reason": "stolen", "new": "card_2"},
    "card.activated": {"card": "card_2", "last4": "8812"},
    "payment.made": {
        "amount_minor": 48_20,
        "currency": "USD",
        "last4": "0142",
        "state": "sent",
        "on": "2026-11-25",
    },
    "payment.cancelled": {"amount_minor": 48_20, "currency": "USD", "last4": "0142", "on": "2026-11-25"},
    "payment.failed": {
        "amount_minor": 48_20,
        "currency": "USD",
        "reason": "no_funds",
        "mend_by": "2026-12-02",
    },
    "payment.not_made": {"amount_minor": 48_20, "currency": "USD"},
    "autopay.set": {"mode": "full", "last4": "0142"},
    "autopay.stopped": {"mode": "full", "last4": "0142"},
    "file.added": {"file": 1, "type": "pdf", "size_bytes": 77},
    "file.passed": {"file": 1, "why": ""},
    "file.held_back": {"file": 1, "why": "card_number"},
    "file.lost": {"file": 1, "why": "lost"},
    "application.sent": {"application": "7K429QM", "product": "Travel Card"},
    "points.redeemed": {
        "entry": "pts_1",
        "account": "acc_1",
        "option": "statement_credit",
        "points": 5_000,
        "amount_minor": 30_00,
        "currency": "USD",
    },
    "clock.due_soon": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat(), "why": "act_by-2"},
    "clock.moved": {"promise": 1, "n": 1, "before": "2026-12-20", "due_on": "2026-12-23"},
    "clock.corrected": {"promise": 1, "n": 1, "before": "2026-12-23", "due_on": "2026-12-23"},
    "clock.window": {"rule": "us.card_after_address_change", "due_on": "2026-12-23"},
    "report.opened": {"last4": "4471", "first_word_at": TUESDAY_5_PM.isoformat(), "source": "member"},
    "report.else_gone": {"last4": "4471", "phone": True, "papers": False},
    "report.not_mine": {
        "merchant": "Bright Loaf Bakery",
        "amount_minor": 48_20,
        "currency": "USD",
        "charged_at": TUESDAY_5_PM.isoformat(),
    },
    "report.all_mine": {"last4": "4471"},
    "report.recovered": {"last4": "4471"},
    "report.false_alarm": {"last4": "4471"},
    "report.bar_raised": {"last4": "4471"},
    "report.shipped": {"last4": "4471", "carrier": "Post", "tracking": "XY1"},
    "report.delivered": {"last4": "4471"},
    "report.item": {"last4": "4471", "of": "wallet", "name": "Phone"},
    "report.told": {"last4": "4471"},
    "report.found_at": {"last4": "4471"},
    "card.to_order_by_hand": {"last4": "4471", "reason": "lost"},
    "card.emergency_handed_over": {"last4": "4471"},
    "word.looked": {"came": "nobody", "case": ""},
    "case.taken_as_member": {},
    "promise.made": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat()},
    "promise.taken": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat()},
    "promise.kept": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat()},
    "promise.missed": {
        "promise": 1,
        "n": 1,
        "due_at": TUESDAY_5_PM.isoformat(),
        "to": "supervisor",
        "place": "supervisors:disputes",
        "answer_by": WEDNESDAY_3_PM.isoformat(),
    },
    "promise.escalated": {
        "promise": 1,
        "n": 1,
        "due_at": TUESDAY_5_PM.isoformat(),
        "to": "head_of_service",
        "place": "head_of_service",
        "answer_by": WEDNESDAY_3_PM.isoformat(),
    },
    "promise.done_late": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat()},
    "promise.replaced": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat()},
    "promise.released": {"promise": 1, "n": 1, "due_at": TUESDAY_5_PM.isoformat()},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", ["member", "staff"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_has_a_whole_sentence(profile: Profile, kind: str, reader: str, language: str) -> None:
    said = say_entry(
        kind,
        KINDS[kind],
        "agent",
        "Dana Whitfield",
        reader=reader,  # type: ignore[arg-type]
        language=language,
        zone=ZONE,
        now=WEDNESDAY_NOON,
        profile=profile,
        promise="Call you back",
    )
    assert said.icon
    assert said.text
    assert "%(" not in said.text


def test_a_promise_says_what_and_by_when(profile: Profile) -> None:
    said = say_entry(
        "promise.made",
        KINDS["promise.made"],
        "agent",
        "Dana Whitfield",
        language="en",
        zone=ZONE,
        now=datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
        profile=profile,
        promise="Call you back",
    )
    assert said.text == "Promised: Call you back, by 5 pm today"


def test_no_entry_on_a_colleagues_screen_says_today(profile: Profile) -> None:
    said = say_entry(
        "promise.made",
        KINDS["promise.made"],
        "agent",
        "Dana Whitfield",
        reader="staff",
        language="en",
        zone=ZONE,
        now=datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
        profile=profile,
        promise="Call you back",
    )
    assert said.text == "Promised: Call you back, by Tue, Nov 24, 5 pm"


def test_what_we_do_not_know_says_nothing(profile: Profile) -> None:
    said = say_entry(
        "later.kind", {}, "system", "", language="en", zone=ZONE, now=WEDNESDAY_NOON, profile=profile
    )
    assert said.text == ""


@pytest.mark.parametrize(
    ("side", "reader", "text"),
    [
        ("member", "member", "You froze card ending 4471"),
        ("agent", "member", "Dana Whitfield froze card ending 4471"),
        ("member", "staff", "Dana Whitfield froze card ending 4471"),
    ],
)
def test_it_says_who_froze_a_card(profile: Profile, side: str, reader: str, text: str) -> None:
    said = say_entry(
        "card.frozen",
        {"card": "card_1", "last4": "4471"},
        side,
        "Dana Whitfield",
        reader=reader,  # type: ignore[arg-type]
        language="en",
        zone=ZONE,
        now=WEDNESDAY_NOON,
        profile=profile,
    )
    assert said.text == text


def test_what_somebody_did_for_the_member_is_never_told_as_theirs(profile: Profile) -> None:
    data = {"last4": "4471", "as": "executor", "for": "Maya Okafor"}
    for reader in ("member", "staff"):
        said = say_entry(
            "card.frozen", data, "member", "Ruth Adeyemi",
            reader=reader, language="en", zone=ZONE, now=WEDNESDAY_NOON, profile=profile,
        )  # fmt: skip
        assert said.text.startswith("Ruth Adeyemi (executor, for Maya Okafor) froze")
