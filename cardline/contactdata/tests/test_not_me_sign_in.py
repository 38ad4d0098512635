"""The link of a notice that a way to sign in was changed: what "not me" takes back, once, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from cardline.cards.queries import cards_of
from cardline.cases.models import Case, Entry
from cardline.contactdata.changes.commands import change_phone
from cardline.contactdata.notices.commands import was_not_me
from cardline.contactdata.notices.sign_in import sign_in_change_behind, sign_in_was_not_me
from cardline.contactdata.tests.scene import change, link, points, strongly
from cardline.identity import authority
from cardline.identity.models import Evidence, MemberSession, Recovery, SignInChange, User
from cardline.identity.passkeys.ceremony import to_make
from cardline.identity.passkeys.commands import add_passkey, begin_passkey, remove_passkey
from cardline.identity.passkeys.queries import challenge_to_make
from cardline.identity.recovery.commands import let_in
from cardline.identity.signing_in.passwords import choose_password, remove_password
from cardline.identity.tests.device import HOST, Device
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.members.contactdata.rules import NOT_ME_LASTS
from cardline.members.contactdata.tokens import NOT_ME, SIGN_IN, token_of
from cardline.members.models import Member
from cardline.notify.models import Outgoing
from cardline.promises.models import Promise

NEED = "lost_stolen.account_not_mine"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def surely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks is known surely enough, thieves too; that it is asked for has tests of its own."""
    monkeypatch.setattr(authority, "level_of", lambda *args, **kwargs: 3)


def add(maya: Actor, now: datetime, device: Device | None = None) -> int:
    begin_passkey(by=maya, now=now)
    user = Member.objects.get(pk=maya.member_id).user
    assert user is not None
    made = (device or Device()).make(to_make(HOST, challenge_to_make(maya), user, maya.name))
    return add_passkey(by=maya, now=now, host=HOST, answer=made, name=clean("A phone"))


def the_link(kind: str = "passkey_added") -> str:
    """The token in the newest message of this kind."""
    told = Outgoing.objects.filter(template="sign_in_changed", values__kind=kind).order_by("-pk")[0]
    return str(told.values["link"]).removeprefix("/not-me/sign-in/")


def press(token: str, now: datetime) -> bool:
    return bool(sign_in_was_not_me(by=SYSTEM, now=now, token=Secret(token)))


def passkeys(maya: Actor) -> set[int]:
    return set(Authenticator.objects.filter(user__member=maya.member_id).values_list("pk", flat=True))


def test_a_passkey_that_was_added_signs_nobody_in_and_what_else_the_press_protects(
    maya: Actor, now: datetime
) -> None:
    owners = add(maya, now)
    thiefs = add(maya, now + HOUR)
    assert press(the_link(), now + 2 * HOUR)
    assert passkeys(maya) == {owners} and thiefs not in passkeys(maya)
    assert not MemberSession.objects.filter(member=maya.member_id).exists()
    assert not Evidence.objects.filter(member=maya.member_id, revoked_at=None).exclude(session="").exists()
    assert all(card.is_frozen for card in cards_of(maya) if card.mine)
    case = Case.objects.get(need=NEED)
    promise = Promise.objects.get(case=case)
    assert (case.member_id, case.queue, promise.state, promise.rule) == (
        maya.member_id, "card_protection", "open", "contact_data.not_me",
    )  # fmt: skip
    assert promise.due_at > now
    assert Outgoing.objects.filter(template="news", member=maya.member_id).exists()


def test_a_password_that_was_chosen_is_none_any_more(
    maya: Actor, now: datetime, passwords_allowed: None
) -> None:
    choose_password(by=maya, now=now, password=Secret("four quiet horses"))
    assert User.objects.get(member=maya.member_id).has_usable_password()
    assert press(the_link("password"), now)
    assert not User.objects.get(member=maya.member_id).has_usable_password()


@pytest.fixture
def passwords_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    profile = current_profile()
    ways = ("passkey", "code", "password", "provider")
    other = replace(profile, sign_in=replace(profile.sign_in, ways=ways))
    for place in ("ways", "signing_in.passwords"):
        monkeypatch.setattr(f"cardline.identity.{place}.current_profile", lambda: other)


def test_what_was_removed_does_not_come_back_and_all_else_is_protected(
    maya: Actor, now: datetime, passwords_allowed: None
) -> None:
    kept, removed = add(maya, now), add(maya, now)
    remove_passkey(by=maya, now=now + HOUR, passkey_id=removed)
    assert press(the_link("passkey_removed"), now + HOUR)
    assert passkeys(maya) == {kept}  # it stood before
    assert not MemberSession.objects.filter(member=maya.member_id).exists()
    assert Case.objects.filter(need=NEED).count() == 1


def test_removing_a_password_is_told_with_a_link_too(
    maya: Actor, now: datetime, passwords_allowed: None
) -> None:
    add(maya, now)
    choose_password(by=maya, now=now, password=Secret("four quiet horses"))
    remove_password(by=maya, now=now)
    assert sign_in_change_behind(the_link("password_removed"), now) is not None


def test_a_recovery_that_was_used_is_told_and_its_passkey_goes_with_one_press(
    maya: Actor, now: datetime
) -> None:
    used = Recovery.objects.create(
        member_id=maya.member_id, asked_at=now, due_at=now, ends_at=now + HOUR, used_at=now
    )
    assert let_in(by=SYSTEM, now=now, recovery_id=used.pk, session=maya.session)
    user = Member.objects.get(pk=maya.member_id).user
    assert user is not None
    made = Device().make(to_make(HOST, challenge_to_make(maya), user, maya.name))
    add_passkey(by=maya, now=now + HOUR, host=HOST, answer=made, name=clean("Theirs"))
    assert press(the_link("recovered"), now + 2 * HOUR)
    assert not passkeys(maya) and not MemberSession.objects.filter(member=maya.member_id).exists()


def test_a_recovery_that_runs_is_stopped(maya: Actor, now: datetime) -> None:
    add(maya, now)
    Recovery.objects.create(
        member_id=maya.member_id, asked_at=now, due_at=now + HOUR, ends_at=now + 24 * HOUR
    )
    press(the_link(), now)
    assert Recovery.objects.get().stopped_at == now


def test_contact_data_changed_since_is_taken_back_and_what_was_before_stays(
    maya: Actor, now: datetime
) -> None:
    strongly(change_phone, maya, now, number=clean("518 555 0150"))
    before = points(maya)
    add(maya, now + HOUR)
    later = change(strongly(change_phone, maya, now + 2 * HOUR, number=clean("518 555 0151")))
    assert press(the_link(), now + 3 * HOUR)
    assert points(maya) == before
    later.refresh_from_db()
    assert later.state == "taken_back" and later.case == Case.objects.get(need=NEED).pk


def test_not_me_about_contact_data_takes_back_the_passkey_a_thief_made_after_it(
    maya: Actor, now: datetime
) -> None:
    owners = add(maya, now - HOUR)
    moved = change(strongly(change_phone, maya, now, number=clean("518 555 0150")))
    add(maya, now + HOUR)
    was_not_me(by=SYSTEM, now=now + 2 * HOUR, token=link(moved, "email"))
    assert passkeys(maya) == {owners}


def test_pressed_twice_or_by_another_of_its_links_it_is_one_case(maya: Actor, now: datetime) -> None:
    add(maya, now)
    first = the_link()
    add(maya, now + HOUR)
    second = the_link()
    assert first != second
    assert press(first, now + 2 * HOUR)
    assert not press(first, now + 2 * HOUR)
    assert not press(second, now + 2 * HOUR)  # went with the first
    assert Case.objects.filter(need=NEED).count() == 1
    assert Promise.objects.filter(rule="contact_data.not_me").count() == 1


def test_nobody_else_is_touched(
    maya: Actor, now: datetime, cast: Any, as_member: Callable[..., Actor]
) -> None:
    luis = as_member(cast.luis)
    theirs = add(luis, now + HOUR)
    add(maya, now)
    press(token_of(SIGN_IN, SignInChange.objects.get(member=maya.member_id).pk), now + 2 * HOUR)
    assert passkeys(luis) == {theirs} and MemberSession.objects.filter(member=luis.member_id).exists()


def test_a_link_that_is_old_changed_or_for_something_else_is_none(maya: Actor, now: datetime) -> None:
    add(maya, now)
    token = the_link()
    number = SignInChange.objects.get().pk
    for bad in (
        "",
        "x",
        token + "A",
        token[:-1],
        f"{number + 1}-{token.partition('-')[2]}",
        token_of(NOT_ME, number),
    ):
        assert sign_in_change_behind(bad, now) is None, bad
        with pytest.raises(NotThere):
            press(bad, now)
    assert sign_in_change_behind(token, now + NOT_ME_LASTS - timedelta(seconds=1)) is not None
    assert sign_in_change_behind(token, now + NOT_ME_LASTS) is None
    with pytest.raises(NotThere):
        press(token, now + NOT_ME_LASTS)
    assert passkeys(maya)


def test_the_page_says_what_happened_changes_nothing_by_a_look_and_needs_no_sign_in(
    maya: Actor, now: datetime
) -> None:
    add(maya, now)
    page = f"/not-me/sign-in/{the_link()}"
    stranger = Client()
    shown = stranger.get(page)
    assert shown.status_code == 200 and "A passkey was added." in shown.content.decode()
    assert "Maya" not in shown.content.decode() and passkeys(maya)
    pressed = stranger.post(page, follow=True)
    assert "Nobody gets in that way any more" in pressed.content.decode()
    assert "We froze the cards." in pressed.content.decode() and not passkeys(maya)
    gone = stranger.get("/not-me/sign-in/1-madeup")
    assert gone.status_code == 404 and "This link does not work" in gone.content.decode()
    assert stranger.post("/not-me/sign-in/1-madeup").status_code == 404


def test_the_case_says_that_it_was_about_signing_in(maya: Actor, now: datetime, dana: Actor) -> None:
    add(maya, now)
    press(the_link(), now)
    entry = Entry.objects.get(kind="contact_data.not_me")
    assert '"about":"sign_in"' in entry.data.replace(" ", "") and '"ways":1' in entry.data.replace(" ", "")
