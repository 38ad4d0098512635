"""How a member wants to be called, written to and spoken with."""

from __future__ import annotations

from datetime import datetime

import pytest

from cardline.audit.models import AuditEvent
from cardline.cases.models import Entry
from cardline.conftest import chat_of
from cardline.contact.commands import take_contact
from cardline.identity.commands import record_sign_in
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, Malformed, NotPermitted, TooMany
from cardline.kit.visibility import visible
from cardline.members.commands import (
    PROFILE_CHANGES,
    NotAName,
    choose_language,
    choose_zone,
    prefer_name,
    say_access_needs,
)
from cardline.members.models import AccessNeeds, ContactPoint, Member
from cardline.members.rules import can_be_called, masked, tidy_name
from cardline.members.words import to_do

pytestmark = pytest.mark.django_db


@pytest.fixture
def mai(maya: Actor, now: datetime) -> Actor:
    return signed_in(maya, now)


def signed_in(member: Actor, now: datetime) -> Actor:
    session = f"session-{member.id}"
    record_sign_in(by=SYSTEM, now=now, member_id=member.member_id, session=session)
    return Actor(Kind.MEMBER, member.id, name=member.name, session=session)


def row(actor: Actor) -> Member:
    return Member.objects.get(pk=actor.member_id)


# ------------------------------------------------------------------------------------------------------- the name


@pytest.mark.parametrize(
    "typed", ["Mai", "  Mai   Linh ", "李小龍", "मीना", "Zoë", "O’Brien-Nguyễn", "نور", "J"]
)
def test_a_name_of_any_script_is_kept(mai: Actor, now: datetime, typed: str) -> None:
    assert prefer_name(by=mai, now=now, name=clean(typed))
    assert row(mai).called == tidy_name(typed) and row(mai).name == "Maya Okafor"


@pytest.mark.parametrize(
    "typed", ["4111 1111 1111 1111", "Maya 4111111111111111", "123", "😀", "a" * 81, "Ma\u202eya", "\u200b"]
)
def test_what_is_no_name_is_refused_and_not_kept(mai: Actor, now: datetime, typed: str) -> None:
    with pytest.raises(NotAName):
        prefer_name(by=mai, now=now, name=clean(typed))
    assert row(mai).preferred_name == ""


def test_letters_that_join_or_part_by_an_unseen_sign_are_whole_names() -> None:
    assert can_be_called("علی\u200cرضا") and not can_be_called("علی\u200fرضا")


def test_without_one_they_are_called_by_their_given_name(mai: Actor, now: datetime) -> None:
    prefer_name(by=mai, now=now, name=clean("Mai"))
    assert row(mai).name_for_staff == "Mai (Maya Okafor)"
    assert prefer_name(by=mai, now=now, name=clean(""))
    assert row(mai).called == "Maya" and row(mai).name_for_staff == "Maya Okafor"


def test_the_same_again_changes_nothing(mai: Actor, now: datetime) -> None:
    assert prefer_name(by=mai, now=now, name=clean("Mai"))
    assert not prefer_name(by=mai, now=now, name=clean(" Mai "))


def test_the_log_says_that_it_changed_and_not_to_what(mai: Actor, now: datetime) -> None:
    prefer_name(by=mai, now=now, name=clean("Mai Linh"))
    event = AuditEvent.objects.get(name="member.prefer_name")
    assert "Mai" not in event.detail and event.actor == mai.key


def test_only_the_member_says_it_and_only_once_we_know_them(
    maya: Actor, dana: Actor, visitor: Actor, now: datetime
) -> None:
    for stranger in (dana, visitor, SYSTEM):
        with pytest.raises(NotPermitted):
            prefer_name(by=stranger, now=now, name=clean("Mai"))
    with pytest.raises(LevelTooLow):
        prefer_name(by=maya, now=now, name=clean("Mai"))  # no session of theirs proves anything


def test_nobody_changes_it_all_day(mai: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(PROFILE_CHANGES.most):
        prefer_name(by=mai, now=now, name=clean("Mai" + "i" * (n % 2)))
    with pytest.raises(TooMany):
        prefer_name(by=mai, now=now, name=clean("Maya"))


# ---------------------------------------------------------------------------------------------- language and zone


def test_a_chosen_language_is_what_we_write_in_too(mai: Actor, now: datetime) -> None:
    assert choose_language(by=mai, now=now, language="es")
    assert (row(mai).language, row(mai).chosen_language) == ("es", "es")
    assert not choose_language(by=mai, now=now, language="es")


@pytest.mark.parametrize("language", ["", "fr", "EN", "es-MX"])
def test_a_language_we_do_not_write_is_refused(mai: Actor, now: datetime, language: str) -> None:
    with pytest.raises(Malformed):
        choose_language(by=mai, now=now, language=language)


def test_a_zone_is_one_of_ours(mai: Actor, now: datetime) -> None:
    assert choose_zone(by=mai, now=now, zone="Asia/Tokyo") and row(mai).zone == "Asia/Tokyo"
    for nowhere in ("", "Mars/Olympus", "../../etc/passwd", "America"):
        with pytest.raises(Malformed):
            choose_zone(by=mai, now=now, zone=nowhere)
    assert row(mai).zone == "Asia/Tokyo"


# --------------------------------------------------------------------------------------------------- access needs


def say(actor: Actor, now: datetime, *needs: str, interpreter: str = "", note: str = "") -> bool:
    return say_access_needs(
        by=actor, now=now, needs=list(needs), interpreter=clean(interpreter), note=clean(note)
    )


def told(actor: Actor) -> AccessNeeds | None:
    return AccessNeeds.objects.filter(member=actor.member_id).first()


def test_what_to_mind_is_kept_in_our_order_and_said_in_words(mai: Actor, now: datetime) -> None:
    assert say(mai, now, "extra_time", "interpreter", "extra_time", interpreter="Polish", note="I lip-read")
    assert to_do(told(mai)) == ["Get an interpreter: Polish.", "Speak slowly and leave time to answer."]
    assert not say(mai, now, "interpreter", "extra_time", interpreter="Polish", note="I lip-read")


def test_every_need_has_words_for_the_agent(mai: Actor, now: datetime) -> None:
    every = ["large_print", "screen_reader", "relay", "interpreter", "extra_time", "no_calls"]
    say(mai, now, *every, interpreter="ASL")
    assert len(set(to_do(told(mai)))) == len(every)


def test_taken_back_nothing_of_it_stays(mai: Actor, now: datetime) -> None:
    say(mai, now, "relay", note="After six")
    assert say(mai, now) and told(mai) is None
    assert not say(mai, now)


def test_a_language_is_kept_only_with_an_interpreter(mai: Actor, now: datetime) -> None:
    say(mai, now, "relay", interpreter="Polish")
    kept = told(mai)
    assert kept and kept.interpreter == ""


@pytest.mark.parametrize(
    ("needs", "interpreter", "note"),
    [
        (["telepathy"], "", ""),
        (["interpreter"], "  ", ""),
        (["interpreter"], "x" * 41, ""),
        ([], "", "x" * 201),
    ],
)
def test_what_we_cannot_mind_is_refused(
    mai: Actor, now: datetime, needs: list[str], interpreter: str, note: str
) -> None:
    with pytest.raises(Malformed):
        say(mai, now, *needs, interpreter=interpreter, note=note)
    assert told(mai) is None


def test_the_agent_in_an_open_contact_hears_of_it_and_the_words_stay_out_of_the_record(
    mai: Actor, hannah: Actor, dana: Actor, now: datetime
) -> None:
    contact = chat_of(mai, dana, now)["contact_id"]
    say(mai, now, "relay")
    assert not Entry.objects.filter(kind="member.access_needs").exists()  # nobody speaks with her yet
    take_contact(by=dana, now=now, contact_id=contact)
    say(mai, now, "relay", "no_calls", note="Only after six")
    line = Entry.objects.get(kind="member.access_needs")
    assert (line.contact, line.visible, line.text, line.data) == (contact, False, "", "{}")
    say(signed_in(hannah, now), now, "relay")
    assert Entry.objects.filter(kind="member.access_needs").count() == 1


# ---------------------------------------------------------------------------------------------------- who sees it


def test_a_members_record_is_theirs_alone(mai: Actor, hannah: Actor, dana: Actor, now: datetime) -> None:
    say(mai, now, "relay")
    ContactPoint.objects.create(member_id=mai.member_id, kind="phone", value="+1 212 555 0142", since=now)
    for model in (Member, ContactPoint, AccessNeeds):
        assert visible(model, mai).count() == 1, model
        assert visible(model, dana).count() == 0, model
    assert not visible(AccessNeeds, hannah).exists() and not visible(ContactPoint, hannah).exists()


def test_a_contact_point_is_shown_in_part() -> None:
    assert masked("phone", "+1 212 555 0142") == "•••• 0142" and masked("phone", "12345") == "••••"
    assert masked("email", "maya@example.org") == "m•••@example.org"
    assert "Quince" not in masked("post", "14 Quince Street, Albany")
