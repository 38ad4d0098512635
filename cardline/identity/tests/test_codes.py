"""One-time codes (SR-35): random, ten minutes, once, for one action in one place; and whose phone they may go to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from cardline.audit.models import AuditEvent
from cardline.identity.codes import rules
from cardline.identity.codes.commands import CODES, CODES_IN_ALL, ask_code, enter_code
from cardline.identity.codes.phones import phones_that_count
from cardline.identity.codes.rules import CODE_LASTS, code_hash, is_bound, is_code, new_code, tidy_code
from cardline.identity.commands import record_sign_in
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.models import Challenge, Evidence, Guesses
from cardline.identity.queries import actor_of_session, level_of, session_hash
from cardline.identity.tests.phones import NUMBER, OLD, Texts, another, phone_of
from cardline.kit import clock, limits, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, TooMany
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint, Member

THIS, THAT = "a" * 64, "b" * 64
DAY = timedelta(days=1)
JOINED = date(2020, 5, 4)


# ---------------------------------------------------------------------------------------------------- values


def test_codes_are_six_digits_and_seldom_alike() -> None:
    codes = {new_code().reveal() for _ in range(200)}
    assert all(len(code) == 6 and code.isdigit() for code in codes) and len(codes) > 190


def test_a_code_with_a_zero_in_front_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules.secrets, "randbelow", lambda _most: 42)
    assert new_code().reveal() == "000042"


@pytest.mark.parametrize(
    "typed", ["123456", " 123 456", "123-456", "\u0661\u0662\u0663 456", "1 2 3 4 5 6\n"]
)
def test_a_code_may_be_typed_with_gaps_and_in_other_digits(typed: str) -> None:
    assert tidy_code(typed) == "123456"
    assert is_code(Secret(typed), "salt", code_hash(Secret("123456"), "salt"))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "023456", "secret"])
def test_anything_else_is_not_the_code(typed: str) -> None:
    assert not is_code(Secret(typed), "salt", code_hash(Secret("123456"), "salt"))


def test_what_is_kept_is_no_code_and_needs_the_salt_and_the_key(settings: Any) -> None:
    kept = code_hash(Secret("123456"), "salt")
    assert "123456" not in kept and kept != code_hash(Secret("123456"), "other salt")
    settings.SECRET_KEY = "another key"
    assert kept != code_hash(Secret("123456"), "salt")
    assert not is_code(Secret(""), "", "")


NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "counts"),
    [
        (NOW - 30 * DAY, True),
        (NOW - 30 * DAY + timedelta(microseconds=1), False),
        (NOW, False),
    ],
)
def test_a_number_counts_from_its_thirtieth_day(since: datetime, counts: bool) -> None:
    assert is_bound(since, JOINED, NOW) == counts


def test_a_number_checked_when_the_account_was_opened_counts_at_once() -> None:
    assert is_bound(NOW, NOW.date(), NOW)


# --------------------------------------------------------------------------------------------- whose phone


@pytest.mark.django_db
def test_phones_on_file_count_the_preferred_first_and_never_an_email(maya: Actor, now: datetime) -> None:
    phone_of(maya, now)
    young = phone_of(maya, now, "+1 212 555 0199", age=3 * DAY)
    best = phone_of(maya, now, "+1 212 555 0111")
    ContactPoint.objects.filter(pk=best.pk).update(preferred=True)
    ContactPoint.objects.create(
        member_id=maya.member_id, kind="email", value="maya@example.com", since=now - OLD
    )
    assert [p.value for p in phones_that_count(maya.member_id, now)] == ["+1 212 555 0111", NUMBER]
    assert young.value in [p.value for p in phones_that_count(maya.member_id, now + 27 * DAY)]


@pytest.mark.django_db
@pytest.mark.parametrize("written", [NUMBER, "(212) 555-0142", "2125550142", "+1.212.555.0142"])
def test_a_number_in_two_members_records_counts_for_neither(
    maya: Actor, hannah: Actor, now: datetime, written: str
) -> None:
    phone_of(maya, now)
    phone_of(hannah, now, written)
    assert phones_that_count(maya.member_id, now) == phones_that_count(hannah.member_id, now) == []


@pytest.mark.django_db
def test_the_same_number_twice_in_ones_own_record_counts(maya: Actor, now: datetime) -> None:
    phone_of(maya, now)
    phone_of(maya, now, "(212) 555-0142")
    assert len(phones_that_count(maya.member_id, now)) == 2


# ---------------------------------------------------------------------------------------- asked and entered


def forget_counts() -> None:
    """Counters are in memory, or in Redis where there is one."""
    limits.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    forget_counts()


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


def signed_in(member: Actor, key: str, now: datetime) -> Actor:
    record_sign_in(by=SYSTEM, now=now, member_id=member.member_id, session=session_hash(key))
    return actor_of_session(Member.objects.get(pk=member.member_id).user_id, key, "")


@pytest.fixture
def here(maya: Actor, now: datetime) -> Actor:
    return signed_in(maya, "here", now)


@pytest.fixture
def phone(maya: Actor, now: datetime) -> ContactPoint:
    return phone_of(maya, now)


def ask(by: Actor, now: datetime, point: ContactPoint, action: str = THIS) -> None:
    ask_code(by=by, now=now, action=action, shown=clean("Add the account"), point_id=point.pk)


def enter(by: Actor, now: datetime, code: Secret, action: str = THIS) -> dict[str, Any]:
    return enter_code(by=by, now=now, action=action, code=code)


@pytest.mark.django_db
def test_the_code_makes_its_action_strong_and_no_other(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    assert texts.sent == [(NUMBER, texts.code.reveal(), "Add the account")]
    assert enter(here, now, texts.code) == {"matched": True, "left": 0}
    assert (level_of(here, action=THIS), level_of(here, action=THAT), level_of(here)) == (3, 2, 2)


@pytest.mark.django_db
def test_strong_ends_five_minutes_after_the_code(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    enter(here, now, texts.code)
    at = Evidence.objects.get(kind="code_to_phone").at
    assert level_of(here, at=at + timedelta(minutes=5, microseconds=-1), action=THIS) == 3
    assert level_of(here, at=at + timedelta(minutes=5), action=THIS) == 2


@pytest.mark.django_db
def test_neither_table_nor_log_holds_the_code(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    enter(here, now, another(texts.code))
    kept = [str(row) for row in (*Challenge.objects.values(), *AuditEvent.objects.values())]
    assert kept and not any(texts.code.reveal() in row for row in kept)


@pytest.mark.django_db
def test_wrong_used_late_foreign_and_for_another_action_are_one_answer_and_all_count(
    here: Actor, maya: Actor, hannah: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    mine = texts.code
    assert enter(here, now, another(mine)) == {"matched": False, "left": 4}
    assert enter(here, now, mine, action=THAT) == {"matched": False, "left": 3}
    theirs = signed_in(hannah, "hers", now)
    ask(theirs, now, phone_of(hannah, now, "+1 312 555 0163"))
    foreign = texts.code if texts.code.reveal() != mine.reveal() else another(mine)
    assert enter(here, now, foreign) == {"matched": False, "left": 2}
    Challenge.objects.update(expires_at=clock.machine_now())
    assert enter(here, now, mine) == {"matched": False, "left": 1}
    assert level_of(here, action=THIS) == 2
    assert AuditEvent.objects.filter(name="identity.wrong_guess").count() == 4


@pytest.mark.django_db
def test_a_code_is_good_to_its_tenth_minute(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    sent = Challenge.objects.get()
    assert sent.expires_at - sent.asked_at == CODE_LASTS == timedelta(minutes=10)
    Challenge.objects.update(expires_at=clock.machine_now() + timedelta(seconds=5))
    assert enter(here, now, texts.code)["matched"]


@pytest.mark.django_db
def test_a_code_is_good_once(here: Actor, phone: ContactPoint, texts: Texts, now: datetime) -> None:
    ask(here, now, phone)
    answers = [enter(here, now, texts.code)["matched"] for _ in range(2)]
    assert answers == [True, False]
    assert Evidence.objects.filter(kind="code_to_phone").count() == 1


@pytest.mark.django_db
def test_of_two_who_enter_it_at_once_one_is_too_late(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one uses it between our look and our use."""
    ask(here, now, phone)

    def meanwhile(*given: Any) -> bool:
        Challenge.objects.update(used_at=clock.machine_now())
        return is_code(*given)

    monkeypatch.setattr("cardline.identity.codes.commands.is_code", meanwhile)
    assert enter(here, now, texts.code) == {"matched": False, "left": 4}
    assert not Evidence.objects.filter(kind="code_to_phone").exists()


@pytest.mark.django_db
def test_a_new_code_makes_the_old_one_worthless(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    first = texts.code
    ask(here, now, phone)
    if first.reveal() != texts.code.reveal():
        assert not enter(here, now, first)["matched"]
    assert enter(here, now, texts.code)["matched"]
    assert not enter(here, now, first)["matched"]  # nor does it come back once the new one is used


@pytest.mark.django_db
def test_a_code_is_for_the_session_that_asked(
    here: Actor, maya: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    other = signed_in(maya, "another device", now)
    assert not enter(other, now, texts.code)["matched"]
    assert level_of(other, action=THIS) == 2


@pytest.mark.django_db
def test_five_wrong_lock_even_the_right_code_out_and_a_right_one_forgives_four(
    here: Actor, maya: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    ask(here, now, phone)
    for _ in range(4):
        enter(here, now, another(texts.code))
    assert enter(here, now, texts.code)["matched"]
    assert tally_of(maya.member_id).wrong == 0
    ask(here, now, phone)
    for left in (4, 3, 2, 1, 0):
        assert enter(here, now, another(texts.code))["left"] == left
    assert enter(here, now, texts.code) == {"matched": False, "left": 0}
    Guesses.objects.update(locked_until=clock.machine_now())
    assert enter(here, now, texts.code)["matched"]  # the lock stopped guessing, and took nothing away


@pytest.mark.django_db
def test_asking_for_a_code_tells_nothing_about_the_account(
    here: Actor, maya: Actor, hannah: Actor, texts: Texts, now: datetime
) -> None:
    """A phone that counts, one that is too young, somebody else's, none, a locked account: one answer (SR-34)."""
    good, young = phone_of(maya, now), phone_of(maya, now, "+1 212 555 0199", age=DAY)
    foreign = phone_of(hannah, now, "+1 312 555 0163")
    ask(here, now, good)
    for point_id in (young.pk, foreign.pk, 2**40):
        answer = ask_code(by=here, now=now, action=THIS, shown=clean("Add"), point_id=point_id)
        assert answer is None
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="facts")
    ask(here, now, good)
    assert len(texts.sent) == Challenge.objects.count() == 1
    asked = AuditEvent.objects.filter(name="identity.ask_code")
    assert asked.count() == 5 and {e.about for e in asked} == {"member"}


@pytest.mark.django_db
def test_without_a_way_to_phones_asking_does_nothing(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "is_there", False)
    ask(here, now, phone)
    assert texts.sent == [] and not Challenge.objects.exists()


@pytest.mark.django_db
def test_codes_are_limited_for_an_account_and_in_all(
    here: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    for _ in range(CODES.most):
        ask(here, now, phone)
    with pytest.raises(TooMany):
        ask(here, now, phone)
    assert len(texts.sent) == CODES.most
    forget_counts()
    for _ in range(CODES_IN_ALL.most):
        limits.count(CODES_IN_ALL, "all")
    with pytest.raises(TooMany):
        ask(here, now, phone)


@pytest.mark.django_db
def test_only_a_member_asks_in_their_session(
    dana: Actor, visitor: Actor, maya: Actor, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    for stranger in (dana, visitor):
        with pytest.raises(NotPermitted):
            ask(stranger, now, phone)
        with pytest.raises(NotPermitted):
            enter(stranger, now, Secret("123456"))
    assert texts.sent == []
