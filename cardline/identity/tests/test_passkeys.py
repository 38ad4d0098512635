"""Passkeys of members: made when strongly known, used to sign in and to approve one action, never guessed at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from cardline.audit.models import AuditEvent
from cardline.identity import authority
from cardline.identity.commands import record_sign_in
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.models import Evidence, PasskeyChallenge
from cardline.identity.passkeys import commands
from cardline.identity.passkeys.ceremony import NotTaken, to_make, to_use, who_used
from cardline.identity.passkeys.commands import (
    PASSKEYS_ADDED,
    EnoughPasskeys,
    NoPasskeys,
    PasskeyNotTaken,
    add_passkey,
    ask_for_any,
    ask_for_approval,
    begin_passkey,
    close_offer,
    name_passkey,
    remove_passkey,
    use_to_approve,
    use_to_sign_in,
)
from cardline.identity.passkeys.queries import challenge_to_make, is_to_be_offered, passkeys_of
from cardline.identity.passkeys.rules import CHALLENGE_LASTS, MAKING_LASTS, MOST_PASSKEYS
from cardline.identity.queries import level_of, session_hash
from cardline.identity.rules import Way
from cardline.identity.tests.device import HOST, Device
from cardline.identity.tests.phones import Texts, phone_of
from cardline.identity.ways import LastWayIn
from cardline.issuer.profile import current_profile
from cardline.kit import plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere, TooMany
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import Outgoing

pytestmark = pytest.mark.django_db

VISITOR = session_hash("a visitor's")


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


def signed_in(member: Actor, now: datetime, key: str = "here") -> Actor:
    here = replace(member, session=session_hash(key))
    record_sign_in(by=SYSTEM, now=now, member_id=member.member_id, session=here.session)
    return here


@pytest.fixture
def here(maya: Actor, now: datetime) -> Actor:
    return signed_in(maya, now)


@pytest.fixture
def surely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks is known surely enough; that it is asked for has a test of its own."""
    monkeypatch.setattr(authority, "level_of", lambda *args, **kwargs: 3)


def make(here: Actor, now: datetime, device: Device, name: str = "The phone") -> int:
    begin_passkey(by=here, now=now)
    user = Member.objects.get(pk=here.member_id).user
    assert user is not None
    options = to_make(HOST, challenge_to_make(here), user, here.name)
    return add_passkey(by=here, now=now, host=HOST, answer=device.make(options), name=clean(name))


@pytest.fixture
def phone(here: Actor, now: datetime, surely: None) -> Device:
    device = Device()
    make(here, now, device)
    return device


def signs_in(device: Device, now: datetime, session: str = VISITOR) -> dict[str, int]:
    challenge = ask_for_any(by=SYSTEM, now=now, session=session)
    return answers(device, challenge, now, session)


def answers(device: Device, challenge: str, now: datetime, session: str = VISITOR) -> dict[str, int]:
    answer = device.use(to_use(HOST, challenge))
    return use_to_sign_in(by=SYSTEM, now=now, session=session, host=HOST, answer=answer)


NOBODY = {"member": 0, "user": 0}


# ----------------------------------------------------------------------------------------------- making one


def test_a_signed_in_session_alone_makes_none(here: Actor, now: datetime) -> None:
    with pytest.raises(LevelTooLow) as refusal:
        begin_passkey(by=here, now=now)
    assert refusal.value.needed == 3 and challenge_to_make(here) == ""


def test_it_is_kept_named_and_told_everywhere(here: Actor, now: datetime, surely: None, texts: Texts) -> None:
    phone_of(here, now)
    ContactPoint.objects.create(member_id=here.member_id, kind="email", value="maya@example.org", since=now)
    make(here, now, Device(), "  My   phone ")
    [kept] = passkeys_of(here)
    assert (kept.name, kept.used_at) == ("My phone", None)
    told = Outgoing.objects.filter(template="sign_in_changed").order_by("channel")
    assert [(one.channel, one.values["kind"]) for one in told] == [
        ("email", "passkey_added"),
        ("text", "passkey_added"),
    ]
    assert AuditEvent.objects.filter(name="passkey.add", actor=here.key).count() == 1


def test_only_what_was_understood_is_kept_of_it(here: Actor, now: datetime, surely: None) -> None:
    begin_passkey(by=here, now=now)
    user = Member.objects.get(pk=here.member_id).user
    assert user is not None
    made = Device().make(to_make(HOST, challenge_to_make(here), user, here.name))
    made["more"] = "\x00" * 50
    made["clientExtensionResults"] = {"much": ["\x00"]}
    add_passkey(by=here, now=now, host=HOST, answer=made, name=clean("x"))
    assert "\x00" not in str(Authenticator.objects.get().data) and "more" not in str(
        Authenticator.objects.get().data
    )


def test_a_passkey_that_is_not_taken_can_be_tried_again(here: Actor, now: datetime, surely: None) -> None:
    begin_passkey(by=here, now=now)
    user = Member.objects.get(pk=here.member_id).user
    assert user is not None
    options = to_make(HOST, challenge_to_make(here), user, here.name)
    for bad in (
        Device(verified=False),
        Device(origin="https://evil.example"),
        Device(origin=f"http://{HOST}"),
    ):
        with pytest.raises(PasskeyNotTaken):
            add_passkey(by=here, now=now, host=HOST, answer=bad.make(options), name=clean("x"))
    add_passkey(by=here, now=now, host=HOST, answer=Device().make(options), name=clean("x"))
    with pytest.raises(PasskeyNotTaken):  # once
        add_passkey(by=here, now=now, host=HOST, answer=Device().make(options), name=clean("x"))


def test_a_passkey_under_another_ones_name_is_not_taken(here: Actor, now: datetime, surely: None) -> None:
    begin_passkey(by=here, now=now)
    user = Member.objects.get(pk=here.member_id).user
    assert user is not None
    made = Device().make(to_make(HOST, challenge_to_make(here), user, here.name))
    made["id"] = made["rawId"] = Device().make(to_make(HOST, challenge_to_make(here), user, here.name))["id"]
    with pytest.raises(PasskeyNotTaken):
        add_passkey(by=here, now=now, host=HOST, answer=made, name=clean("x"))


@pytest.mark.parametrize("noise", [None, 7, "", [], {}, {"response": 1}, {"id": "\x00", "response": {}}])
def test_noise_is_no_passkey(noise: Any, here: Actor, now: datetime, surely: None) -> None:
    begin_passkey(by=here, now=now)
    with pytest.raises(PasskeyNotTaken):
        add_passkey(by=here, now=now, host=HOST, answer=noise, name=clean("x"))
    assert not Authenticator.objects.exists()
    challenge = ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    assert use_to_sign_in(by=SYSTEM, now=now, session=VISITOR, host=HOST, answer=noise) == NOBODY
    with pytest.raises(NotTaken):
        who_used(HOST, challenge, noise)


def test_the_permission_is_for_this_session_this_member_and_ten_minutes(
    here: Actor, hannah: Actor, now: datetime, surely: None
) -> None:
    begin_passkey(by=here, now=now)
    assert challenge_to_make(here)
    assert challenge_to_make(replace(here, session=session_hash("elsewhere"))) == ""
    assert challenge_to_make(replace(hannah, session=here.session)) == ""
    PasskeyChallenge.objects.update(expires_at=datetime.now(now.tzinfo) - timedelta(seconds=1))
    assert challenge_to_make(here) == ""
    assert timedelta(minutes=10) == MAKING_LASTS


def test_there_is_an_end_to_how_many(here: Actor, now: datetime, surely: None) -> None:
    user = Member.objects.get(pk=here.member_id).user
    rows = [Authenticator(user=user, type="webauthn", data={"name": "x"}) for _ in range(MOST_PASSKEYS)]
    Authenticator.objects.bulk_create(rows)
    with pytest.raises(EnoughPasskeys):
        begin_passkey(by=here, now=now)


def test_permissions_are_not_asked_for_without_end(here: Actor, now: datetime, surely: None) -> None:  # SR-44
    for _ in range(PASSKEYS_ADDED.most):
        begin_passkey(by=here, now=now)
    with pytest.raises(TooMany):
        begin_passkey(by=here, now=now)


def test_an_issuer_without_passkeys_makes_and_asks_for_none(
    here: Actor, now: datetime, surely: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = replace(current_profile(), sign_in=replace(current_profile().sign_in, ways=("code",)))
    monkeypatch.setattr("cardline.identity.passkeys.commands.current_profile", lambda: decided)
    monkeypatch.setattr("cardline.identity.passkeys.queries.current_profile", lambda: decided)
    with pytest.raises(NoPasskeys):
        begin_passkey(by=here, now=now)
    with pytest.raises(NoPasskeys):
        ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    assert not is_to_be_offered(here)


# ----------------------------------------------------------------------------------------------- signing in


def test_it_says_by_itself_whose_it_is(phone: Device, maya: Actor, now: datetime) -> None:
    used = signs_in(phone, now)
    assert used["member"] == maya.member_id
    assert Authenticator.objects.get().last_used_at is not None


def test_an_answer_counts_once_in_its_session_and_for_five_minutes(phone: Device, now: datetime) -> None:
    challenge = ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    assert answers(phone, challenge, now, session_hash("another browser")) == NOBODY
    assert answers(phone, challenge, now)["member"]
    assert answers(phone, challenge, now) == NOBODY
    late = ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    PasskeyChallenge.objects.update(expires_at=datetime.now(now.tzinfo))
    assert answers(phone, late, now) == NOBODY
    assert timedelta(minutes=5) == CHALLENGE_LASTS


def test_a_newer_challenge_voids_the_older(phone: Device, now: datetime) -> None:
    older = ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    newer = ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    assert answers(phone, newer, now) != NOBODY
    assert answers(phone, older, now) == NOBODY


@pytest.mark.parametrize(
    "wrong",
    [
        lambda phone: replace(phone, key=Device().key),
        lambda phone: replace(phone, id=b"another credential"),
        lambda phone: replace(phone, verified=False),
        lambda phone: replace(phone, origin="https://evil.example"),
        lambda phone: replace(phone, handle=""),
        lambda phone: replace(phone, handle="OTk5OTk5"),
    ],
    ids=[
        "another key",
        "another credential",
        "no fingerprint",
        "another site",
        "nobody's",
        "somebody else's",
    ],
)
def test_what_is_not_this_passkey_here_signs_nobody_in(wrong: Any, phone: Device, now: datetime) -> None:
    assert signs_in(wrong(phone), now) == NOBODY


def test_a_colleagues_passkey_signs_no_member_in(phone: Device, dana: Actor, now: datetime) -> None:
    Member.objects.update(user=None)
    assert signs_in(phone, now) == NOBODY


def test_a_locked_sign_in_stays_locked(phone: Device, now: datetime) -> None:
    Member.objects.update(locked_at=now)
    assert signs_in(phone, now) == NOBODY


def test_five_wrong_guesses_by_an_enemy_and_the_owner_still_signs_in(  # SR-31
    phone: Device, maya: Actor, now: datetime
) -> None:
    left = [count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="password") for _ in range(5)]
    assert left[-1] == 0
    assert signs_in(phone, now)["member"] == maya.member_id


def test_the_sign_in_is_evidence_and_is_known_by_how_it_was_done(maya: Actor, now: datetime) -> None:
    record_sign_in(by=SYSTEM, now=now, member_id=maya.member_id, session=VISITOR, way=Way.PASSKEY)
    kinds = Evidence.objects.filter(session=VISITOR).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["signed_in_session", "passkey"]
    there = replace(maya, session=VISITOR)
    assert level_of(there) == 2 and level_of(there, action="f" * 64) == 2  # approves nothing by itself


# ------------------------------------------------------------------------------------------ approving one action

ACTION, ANOTHER = "a" * 64, "b" * 64


def approves(here: Actor, device: Device, now: datetime, asked: str, shown: str = "") -> bool:
    challenge = ask_for_approval(by=here, now=now, action=asked)
    answer = device.use(to_use(HOST, challenge))
    return use_to_approve(by=here, now=now, action=shown or asked, host=HOST, answer=answer)


def test_it_is_strong_for_the_one_action_it_approved(
    phone: Device, here: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert approves(here, phone, now, ACTION)
    assert level_of(here, action=ACTION) == 3
    assert level_of(here, action=ANOTHER) == 2
    assert level_of(replace(here, session=session_hash("elsewhere")), action=ACTION) == 0


def test_what_was_asked_for_one_action_approves_no_other(phone: Device, here: Actor, now: datetime) -> None:
    assert not approves(here, phone, now, ACTION, shown=ANOTHER)
    assert level_of(here, action=ANOTHER) == 2


def test_of_two_devices_that_approve_at_once_one_wins(phone: Device, here: Actor, now: datetime) -> None:
    challenge = ask_for_approval(by=here, now=now, action=ACTION)
    answer = phone.use(to_use(HOST, challenge))
    said = [use_to_approve(by=here, now=now, action=ACTION, host=HOST, answer=answer) for _ in range(2)]
    assert said == [True, False]
    assert Evidence.objects.filter(kind="passkey", action=ACTION).count() == 1


def test_somebody_elses_passkey_approves_nothing(
    phone: Device, hannah: Actor, now: datetime, surely: None
) -> None:
    theirs = signed_in(hannah, now, "hers")
    assert not approves(theirs, phone, now, ACTION)
    assert not Evidence.objects.filter(member=hannah.member_id, kind="passkey").exists()


# ------------------------------------------------------------------------------------------ names, and the last one


def test_the_member_names_it_and_nobody_else_does(
    phone: Device, here: Actor, hannah: Actor, now: datetime
) -> None:
    [kept] = passkeys_of(here)
    name_passkey(by=here, now=now, passkey_id=kept.id, name=clean("x" * 99))
    assert passkeys_of(here)[0].name == "x" * 60
    with pytest.raises(NotThere):
        name_passkey(by=hannah, now=now, passkey_id=kept.id, name=clean("mine"))
    with pytest.raises(NotThere):
        remove_passkey(by=hannah, now=now, passkey_id=kept.id)


def test_the_last_way_in_stays(phone: Device, here: Actor, now: datetime) -> None:
    [kept] = passkeys_of(here)
    with pytest.raises(LastWayIn) as refusal:
        remove_passkey(by=here, now=now, passkey_id=kept.id)
    assert "only way to sign in" in str(refusal.value)
    phone_of(here, now)  # a code to it is a way, too
    remove_passkey(by=here, now=now, passkey_id=kept.id)
    assert passkeys_of(here) == [] and signs_in(phone, now) == NOBODY
    assert "passkey_removed" in [one.values["kind"] for one in Outgoing.objects.all()]


def test_of_two_passkeys_one_can_go(phone: Device, here: Actor, now: datetime) -> None:
    second = make(here, now, Device(), "The laptop")
    remove_passkey(by=here, now=now, passkey_id=second)
    assert [one.name for one in passkeys_of(here)] == ["The phone"]


def test_a_phone_is_no_way_while_no_text_can_leave(
    phone: Device, here: Actor, now: datetime, texts: Texts
) -> None:
    phone_of(here, now)
    texts.is_there = False
    with pytest.raises(LastWayIn):
        remove_passkey(by=here, now=now, passkey_id=passkeys_of(here)[0].id)


def test_removing_one_asks_for_as_much_as_adding(here: Actor, now: datetime) -> None:
    with pytest.raises(LevelTooLow):
        remove_passkey(by=here, now=now, passkey_id=1)


# ----------------------------------------------------------------------------------------------- the offer


def test_it_is_offered_until_there_is_one(here: Actor, now: datetime, surely: None) -> None:
    assert is_to_be_offered(here)
    make(here, now, Device())
    assert not is_to_be_offered(here)


def test_it_is_offered_until_the_member_says_no(here: Actor, now: datetime) -> None:
    close_offer(by=here, now=now)
    close_offer(by=here, now=now)
    assert not is_to_be_offered(here)


def test_of_two_answers_at_the_same_moment_one_is_too_late(now: datetime) -> None:
    """Both requests have found the challenge open; only one of them uses it."""
    ask_for_any(by=SYSTEM, now=now, session=VISITOR)
    first, second = PasskeyChallenge.objects.get(), PasskeyChallenge.objects.get()
    assert commands._use(first) and not commands._use(second)
