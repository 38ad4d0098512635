"""The pages to sign in: the same answer and the same work for a number we know, one we do not, and a locked one."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cardline.identity.codes.commands import CODES_FROM_ONE_ADDRESS
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.queries import is_member_locked, tally_of
from cardline.identity.models import Evidence, Guesses, MemberSession, PasskeyChallenge, User
from cardline.identity.signing_in.commands import PASSWORDS_FOR_ONE_NUMBER, PASSWORDS_FROM_ONE_ADDRESS
from cardline.identity.signing_in.lookup import Found, holder_of, known_by
from cardline.identity.signing_in.passwords import is_password_of
from cardline.identity.tests.device import HOST, Device
from cardline.identity.tests.phones import NUMBER, Texts, another, phone_of
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.secret import Secret
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.selfservice.signing_in.views import PASSKEYS_FROM_ONE_ADDRESS

pytestmark = pytest.mark.django_db

UNKNOWN = "+1 212 555 0199"
WORDS = "four quiet horses"


@lru_cache(maxsize=1)
def hashed_words() -> str:
    return make_password(WORDS)


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture(autouse=True)
def today(now: datetime) -> None:
    clock.set_offset(now - clock.machine_now())


@pytest.fixture
def maya(maya: Actor, now: datetime) -> Actor:
    phone_of(maya, now)
    user = User.objects.get(member=maya.member_id)
    user.password = hashed_words()
    user.save()
    return maya


@pytest.fixture
def decide(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """decide(ways=…): an issuer that decided otherwise."""

    def change(**wanted: Any) -> None:
        profile = current_profile()
        decided = replace(profile, sign_in=replace(profile.sign_in, **wanted))
        for place in ("identity.ways", "identity.signing_in.passwords", "selfservice.signing_in.views"):
            monkeypatch.setattr(f"cardline.{place}.current_profile", lambda: decided)

    return change


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def ask(client: Client, number: str = NUMBER, **more: str) -> Any:
    answer = client.post("/sign-in/code", {"phone": number, **more})
    work_through_outbox()
    return answer


def enter(client: Client, code: Secret) -> Any:
    return client.post("/sign-in/code/entry", {"code": code.reveal()})


def who(client: Client) -> int:
    """The member signed in here; 0 for nobody."""
    row = MemberSession.objects.order_by("-pk").first()
    return row.member_id if row is not None and client.get("/profile").status_code == 200 else 0


# ----------------------------------------------------------------------------------------------- by a code


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/password", "/sign-in/recovery"])
def test_a_tab_says_what_the_page_is_for_and_whose(client: Client, path: str) -> None:
    title = client.get(path).content.decode().split("<title>")[1].split("</title>")[0]
    assert title.endswith(" – " + html.escape(current_profile().display_name.in_("en")))
    assert title.startswith(("Sign in with ", "Get back in "))


def test_a_code_to_the_phone_signs_in_and_leads_to_the_page_that_was_wanted(
    client: Client, maya: Actor, texts: Texts
) -> None:
    asked = ask(client, "(212) 555-0142", next="/transactions?q=tea")
    assert (asked.status_code, asked["Location"]) == (303, "/sign-in/code/entry")
    assert [(to, shown) for to, _code, shown in texts.sent] == [(NUMBER, "sign in")]
    came = enter(client, texts.code)
    assert (came.status_code, came["Location"]) == (302, "/transactions?q=tea")
    assert who(client) == maya.member_id
    session = MemberSession.objects.get()
    assert session.way == "code"
    kinds = Evidence.objects.filter(session=session.session).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["signed_in_session", "code_to_phone"]
    assert "with a code" in read(client.get("/profile"))


def test_a_code_counts_in_the_browser_that_asked_and_once(client: Client, maya: Actor, texts: Texts) -> None:
    ask(client)
    thief = Client()
    ask(thief, UNKNOWN)
    assert enter(thief, texts.code).status_code == 422
    assert enter(client, texts.code).status_code == 302
    assert enter(client, texts.code).status_code == 302  # to the beginning: nothing waits any more
    assert who(thief) == 0


def test_a_number_that_is_new_shared_or_locked_gets_none(
    client: Client, maya: Actor, hannah: Actor, now: datetime, texts: Texts
) -> None:
    phone_of(hannah, now, UNKNOWN, timedelta(days=29))
    ask(client, UNKNOWN)
    phone_of(hannah, now, "212-555-0142")
    ask(client)
    ContactPoint.objects.filter(member=hannah.member_id).delete()
    Member.objects.update(locked_at=now)
    ask(client)
    assert texts.sent == []


def test_while_no_text_can_leave_another_way_is_offered_and_nothing_weaker(
    client: Client, maya: Actor, texts: Texts
) -> None:
    texts.is_there = False
    page = client.get("/sign-in").content.decode()
    assert "/sign-in/code" not in page and "/sign-in/password" not in page
    assert "/sign-in/passkey" in page and "/sign-in/recovery" in page
    assert client.get("/sign-in/code").status_code == client.get("/sign-in/password").status_code == 404
    recovery = client.get("/sign-in/recovery")
    assert 'name="phone"' not in recovery.content.decode() and "people help you" in read(recovery)


def test_a_field_that_is_no_number_says_how_to_mend_it(client: Client) -> None:
    answer = client.post("/sign-in/code", {"phone": "maya"})
    assert answer.status_code == 422 and "with its area code" in read(answer)


def test_another_site_is_no_page_to_go_to(client: Client, maya: Actor, texts: Texts) -> None:
    ask(client, next="https://evil.example/")
    assert enter(client, texts.code)["Location"] == "/home"


# ----------------------------------------------------------------------------------------------- by a password


def try_password(client: Client, number: str, words: str) -> Any:
    answer = client.post("/sign-in/password", {"phone": number, "password": words})
    work_through_outbox()
    return answer


def test_a_password_and_a_code_sign_in_and_neither_alone(client: Client, maya: Actor, texts: Texts) -> None:
    answer = try_password(client, NUMBER, WORDS)
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/code/entry")
    assert who(client) == 0
    assert enter(client, texts.code).status_code == 302
    assert MemberSession.objects.get().way == "password_code"


def test_a_locked_sign_in_takes_no_password(client: Client, maya: Actor, now: datetime) -> None:
    Member.objects.update(locked_at=now)
    assert try_password(client, NUMBER, WORDS).status_code == 422


def test_a_number_names_its_one_holder_however_it_is_written(
    maya: Actor, hannah: Actor, now: datetime
) -> None:
    for typed in (NUMBER, "212.555.0142", " (212) 555 0142 "):
        assert holder_of(typed).member_id == maya.member_id
    for typed in ("", "555 0142", UNKNOWN, "0142"):
        assert holder_of(typed) == Found()
    phone_of(hannah, now, "1-212-555-0142")
    assert holder_of(NUMBER) == Found()  # of two members it names neither


def test_a_password_alone_where_the_issuer_lets_it(
    client: Client, maya: Actor, decide: Callable[..., None], texts: Texts
) -> None:
    decide(ways=("password",), password_needs_code=False)
    texts.is_there = False
    assert try_password(client, NUMBER, WORDS)["Location"] == "/home"
    assert MemberSession.objects.get().way == "password"


def test_an_issuer_without_passwords_has_no_such_page(client: Client, decide: Callable[..., None]) -> None:
    decide(ways=("passkey", "code"))
    assert client.get("/sign-in/password").status_code == 404
    assert "/sign-in/password" not in client.get("/sign-in").content.decode()


def test_five_wrong_ones_lock_guessing_and_the_right_one_is_wrong_then(
    client: Client, maya: Actor, texts: Texts
) -> None:
    for _ in range(5):
        assert try_password(client, NUMBER, "something else").status_code == 422
    user = User.objects.get(member=maya.member_id)
    assert is_member_locked(user.pk)
    assert try_password(client, NUMBER, WORDS).status_code == 422
    ask(client)  # a code is guessing, too
    assert texts.sent == []


def test_the_counter_is_one_over_codes_and_passwords(client: Client, maya: Actor, texts: Texts) -> None:
    ask(client)
    for _ in range(3):
        assert enter(client, another(texts.code)).status_code == 422
    try_password(client, NUMBER, "something else")
    assert tally_of(maya.member_id).wrong == 4
    assert enter(client, another(texts.code)).status_code == 422
    assert enter(client, texts.code).status_code == 422  # locked: the right one is no use
    assert tally_of(maya.member_id).locked_until is not None and who(client) == 0


# ----------------------------------------------------------------------------------------------- by a passkey


@pytest.fixture
def device(maya: Actor) -> Device:
    from allauth.mfa.webauthn.internal.auth import WebAuthn
    from fido2.utils import websafe_encode

    from cardline.identity.passkeys.ceremony import to_make, what_was_made
    from cardline.identity.passkeys.rules import new_challenge

    device, challenge = Device(), websafe_encode(new_challenge())
    user = User.objects.get(member=maya.member_id)
    made = what_was_made(HOST, challenge, device.make(to_make(HOST, challenge, user, "Maya")))
    WebAuthn.add(user, "The phone", made)
    return device


def use_passkey(client: Client, device: Device, **more: str) -> Any:
    asked = client.get("/sign-in/passkey", headers={"Accept": "application/json"}).json()["request_options"]
    assert asked["publicKey"]["allowCredentials"] == [] if "allowCredentials" in asked["publicKey"] else True
    return client.post("/sign-in/passkey", {"credential": json.dumps(device.use(asked)), **more})


def test_a_passkey_signs_in_without_a_user_name(client: Client, maya: Actor, device: Device) -> None:
    answer = use_passkey(client, device, next="/cards")
    assert (answer.status_code, answer["Location"]) == (302, "/cards")
    assert who(client) == maya.member_id
    assert MemberSession.objects.get().way == "passkey"
    assert Evidence.objects.filter(kind="passkey", member=maya.member_id).exists()


def test_the_owner_comes_in_while_an_enemy_has_locked_guessing(  # SR-31: the told story
    client: Client, maya: Actor, device: Device
) -> None:
    open_already = Client()
    use_passkey(open_already, device)
    enemy = Client()
    for _ in range(6):
        try_password(enemy, NUMBER, "her dog's name")
    assert is_member_locked(User.objects.get(member=maya.member_id).pk)
    assert who(open_already) == maya.member_id  # an open session goes on
    assert use_passkey(client, device).status_code == 302 and who(client) == maya.member_id
    assert who(enemy) == 0


@pytest.mark.parametrize("noise", ["", "[]", "{}", "null", "no json", '{"response":{}}', "x" * 20_000])
def test_noise_is_answered_with_the_page(noise: str, client: Client) -> None:
    client.get("/sign-in/passkey", headers={"Accept": "application/json"})
    answer = client.post("/sign-in/passkey", {"credential": noise})
    assert answer.status_code == 422 and "not taken" in read(answer)


def test_without_script_the_page_says_so_and_offers_the_other_ways(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    assert re.search(r"<noscript>.*passkey needs scripts", page, re.S)
    assert re.search(r'<form[^>]* hidden [^>]*data-passkey="login"', page)
    assert client.get("/sign-in/passkey")["Location"] == "/sign-in"


def test_whoever_was_signed_in_before_is_not_any_more(
    client: Client, maya: Actor, hannah: Actor, device: Device
) -> None:
    client.force_login(User.objects.get(member=hannah.member_id))
    use_passkey(client, device)
    assert [row.member_id for row in MemberSession.objects.all()] == [maya.member_id]


def test_challenges_of_strangers_are_forgotten(client: Client) -> None:
    put_challenge_of_an_hour_ago()
    client.get("/sign-in/passkey", headers={"Accept": "application/json"})
    assert PasskeyChallenge.objects.count() == 1


def put_challenge_of_an_hour_ago() -> None:
    PasskeyChallenge.objects.create(
        purpose="sign_in",
        session="0" * 64,
        challenge="x",
        expires_at=clock.machine_now() - timedelta(hours=1),
    )


# ------------------------------------------------------------------------------- nobody learns who has an account


@contextmanager
def hashings() -> Iterator[list[str]]:
    """Which work of hashing passwords is done inside."""
    done: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("encode", "verify"):
            patch.setattr(
                Argon2PasswordHasher, name, counting(name, getattr(Argon2PasswordHasher, name), done)
            )
        yield done


def counting(name: str, method: Callable[..., Any], done: list[str]) -> Callable[..., Any]:
    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        done.append(name)
        return method(self, *args, **kwargs)

    return counted


def plain(answer: Any) -> str:
    """The page without what is new on each."""
    body = answer.content.decode()
    for own in (
        r'name="csrfmiddlewaretoken" value="[^"]*"',
        r'nonce="[^"]*"',
        r'name="key" value="[^"]*"',
        r'name="phone" value="[^"]*"',
    ):
        body = re.sub(own, "", body)
    return body


@pytest.fixture
def numbers(maya: Actor, hannah: Actor, now: datetime) -> dict[str, str]:
    """Of a member, of nobody, and of a member whose account is locked to guessing."""
    locked = "+1 212 555 0177"
    phone_of(hannah, now, locked)
    for _ in range(5):
        count_wrong(by=SYSTEM, now=now, member_id=hannah.member_id, proof="password")
    count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="password")
    is_password_of(0, Secret("warm"))  # a process hashes its decoy once
    return {"known": NUMBER, "unknown": UNKNOWN, "locked": locked}


def compared(numbers: dict[str, str], do: Callable[[Client, str], Any]) -> list[Any]:
    seen = []
    for number in numbers.values():
        limits.forget()
        cache.clear()
        client = Client()
        client.get("/sign-in/passkey", headers={"Accept": "application/json"})  # each has a session
        with hashings() as hashed, CaptureQueriesContext(connection) as asked:
            answer = do(client, number)
            kinds = [query["sql"].split()[0] for query in asked.captured_queries]
        seen.append((answer.status_code, answer.headers.get("Location"), plain(answer), kinds, list(hashed)))
    return seen


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/recovery"])
def test_asking_for_a_code_is_answered_alike_with_the_same_work(  # SR-34
    path: str, numbers: dict[str, str]
) -> None:
    seen = compared(numbers, lambda client, number: client.post(path, {"phone": number}))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 303


def test_a_wrong_code_is_answered_alike_with_the_same_work(  # SR-34
    numbers: dict[str, str],
) -> None:
    def wrong(client: Client, number: str) -> Any:
        client.post("/sign-in/code", {"phone": number})
        return client.post("/sign-in/code/entry", {"code": "000000"})

    seen = compared(numbers, wrong)
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 422


def test_a_wrong_password_is_answered_alike_with_the_same_work(  # SR-34
    numbers: dict[str, str],
) -> None:
    def wrong(client: Client, number: str) -> Any:
        return client.post("/sign-in/password", {"phone": number, "password": "something else"})

    seen = compared(numbers, wrong)
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 422 and seen[0][4] == ["verify"]


def test_facts_that_do_not_fit_are_answered_alike_with_the_same_work(  # SR-34
    numbers: dict[str, str],
) -> None:
    def wrong(client: Client, number: str) -> Any:
        client.post("/sign-in/recovery", {"phone": number})
        facts = {"code": "000000", "name": "Nobody Atall", "postal_code": "00000"}
        return client.post("/sign-in/recovery/entry", facts)

    seen = compared(numbers, wrong)
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 422


def test_limits_count_what_was_typed_and_from_where_whoever_it_is(client: Client, maya: Actor) -> None:
    for number in (NUMBER, UNKNOWN):
        limits.forget()
        cache.clear()
        answers = [client.post("/sign-in/code", {"phone": number}).status_code for _ in range(6)]
        assert answers == [303] * 5 + [429]


@pytest.mark.parametrize(
    ("limit", "press"),
    [
        (PASSKEYS_FROM_ONE_ADDRESS, lambda client: client.get("/sign-in/passkey")),
        (CODES_FROM_ONE_ADDRESS, lambda client: ask(client, UNKNOWN)),
        (CODES_FROM_ONE_ADDRESS, lambda client: client.post("/sign-in/recovery", {"phone": UNKNOWN})),
        (PASSWORDS_FROM_ONE_ADDRESS, lambda client: try_password(client, UNKNOWN, "x")),
    ],
    ids=["passkeys", "codes", "recoveries", "passwords"],
)
def test_nobody_asks_too_often_from_one_address(
    limit: limits.Limit, press: Callable[[Client], Any], client: Client
) -> None:  # SR-44
    for _ in range(limit.most):
        limits.count(limit, "127.0.0.1")
    assert press(client).status_code == 429


def test_nobody_tries_passwords_for_one_number_from_many_addresses(client: Client) -> None:  # SR-44
    for _ in range(PASSWORDS_FOR_ONE_NUMBER.most):
        limits.count(PASSWORDS_FOR_ONE_NUMBER, known_by(UNKNOWN))
    assert try_password(client, UNKNOWN, "x").status_code == 429


def test_what_waits_for_a_code_ends_with_it_and_is_for_its_purpose_alone(
    client: Client, maya: Actor, texts: Texts
) -> None:
    client.post("/sign-in/recovery", {"phone": NUMBER})
    assert client.get("/sign-in/code/entry").status_code == 302
    assert client.get("/sign-in/recovery/entry").status_code == 200
    ask(client)
    assert client.get("/sign-in/recovery/entry").status_code == 302
    session = client.session
    session["sign_in"] = {**session["sign_in"], "until": clock.machine_now().isoformat()}
    session.save()
    assert enter(client, texts.code)["Location"] == "/sign-in"
    assert who(client) == 0


def test_guessing_at_nobody_leaves_no_row(client: Client) -> None:
    try_password(client, UNKNOWN, "something else")
    assert not Guesses.objects.exists()
