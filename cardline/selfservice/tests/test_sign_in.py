"""Signing in through the issuer's own provider: a real one on this machine, and answers no provider should give."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from oidc_provider_mock import run_server_in_thread  # type: ignore[import-untyped]

from cardline.identity import provider as oidc
from cardline.identity.models import Evidence, MemberSession, User
from cardline.identity.provider import Provider
from cardline.kit.actors import Actor
from cardline.kit.secret import Secret
from cardline.members.models import Member

CLIENT = "cardline"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server: str, settings: Any) -> Iterator[Provider]:
    settings.CARDLINE_OIDC = Provider(server, CLIENT, Secret("a secret of theirs and ours"))
    oidc._client.cache_clear()
    yield settings.CARDLINE_OIDC
    oidc._client.cache_clear()


def member(actor: Actor) -> Member:
    return Member.objects.get(pk=actor.id)


def go(browser: Client, back: str = "") -> str:
    """To the provider; the address of its page."""
    answer = browser.get("/sign-in/issuer", {"next": back})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def say_who(page: str, who: str | None) -> str:
    """What somebody does on the provider's page; where it sends them. who: None presses "deny"."""
    form = {"sub": who} if who else {"action": "deny"}
    answer = requests.post(page, form, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


@pytest.mark.django_db
class TestAtTheProvider:
    def test_a_member_comes_back_signed_in_to_the_page_they_wanted(
        self, client: Client, provider: Provider, maya: Actor
    ) -> None:
        back = client.get(say_who(go(client, "/transactions?q=tea"), member(maya).core_customer))
        assert (back.status_code, back.headers["Location"]) == (302, "/transactions?q=tea")
        assert client.get("/profile").status_code == 200
        assert MemberSession.objects.get().member_id == int(maya.id)
        assert Evidence.objects.get().kind == "signed_in_session"

    def test_we_ask_for_no_more_than_who_it_is(self, client: Client, provider: Provider) -> None:
        asked = parse_qs(urlsplit(go(client)).query)
        assert asked["scope"] == ["openid"] and asked["code_challenge_method"] == ["S256"]
        assert asked["response_type"] == ["code"] and asked["state"] and asked["nonce"]
        assert asked["redirect_uri"] == ["http://testserver/sign-in/issuer/back"]

    def test_somebody_who_never_had_a_sign_in_gets_one_without_a_password(
        self, client: Client, provider: Provider, maya: Actor
    ) -> None:
        Member.objects.filter(pk=maya.id).update(user=None)
        client.get(say_who(go(client), member(maya).core_customer))
        made = member(maya).user
        assert made is not None and not made.has_usable_password()
        client.get(say_who(go(client), member(maya).core_customer))
        assert member(maya).user == made

    def test_somebody_who_is_no_member_is_told_so(
        self, client: Client, provider: Provider, maya: Actor
    ) -> None:
        answer = client.get(say_who(go(client), "somebody else"))
        assert answer.status_code == 403 and "no card of yours" in answer.content.decode()
        again = re.search(r'href="(/sign-in/issuer\?again=1[^"]*)"', answer.content.decode())
        assert again and "prompt=login" in client.get(unescape(again[1])).headers["Location"]
        assert not MemberSession.objects.exists() and User.objects.count() == 1

    def test_a_locked_sign_in_stays_locked(
        self, client: Client, provider: Provider, maya: Actor, now: Any
    ) -> None:
        Member.objects.filter(pk=maya.id).update(locked_at=now)
        answer = client.get(say_who(go(client), member(maya).core_customer))
        assert answer.status_code == 403 and "locked" in answer.content.decode()
        assert not MemberSession.objects.exists()

    def test_a_no_at_the_provider_is_a_no(self, client: Client, provider: Provider, maya: Actor) -> None:
        answer = client.get(say_who(go(client), None))
        assert answer.status_code == 400 and "You are not signed in" in answer.content.decode()

    def test_an_answer_is_good_once(self, client: Client, provider: Provider, maya: Actor) -> None:
        back = say_who(go(client), member(maya).core_customer)
        assert client.get(back).status_code == 302
        client.logout()
        assert client.get(back).status_code == 400

    def test_an_answer_to_somebody_else_s_question_signs_nobody_in(
        self, client: Client, provider: Provider, maya: Actor
    ) -> None:
        """Else an enemy's link would sign the member in as the enemy, who then reads what is typed."""
        back = say_who(go(client), member(maya).core_customer)
        theirs = Client()
        go(theirs)
        assert theirs.get(back).status_code == 400
        assert not MemberSession.objects.exists()

    def test_another_site_is_no_page_to_come_back_to(
        self, client: Client, provider: Provider, maya: Actor
    ) -> None:
        back = say_who(go(client, "https://evil.example/"), member(maya).core_customer)
        assert client.get(back).headers["Location"] == "/home"

    def test_whoever_was_signed_in_before_is_not_any_more(
        self, client: Client, provider: Provider, maya: Actor, hannah: Actor
    ) -> None:
        client.get(say_who(go(client), member(maya).core_customer))
        client.get(say_who(go(client), member(hannah).core_customer))
        assert [row.member_id for row in MemberSession.objects.all()] == [int(hannah.id)]


@pytest.mark.django_db
def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert client.get("/sign-in/issuer").status_code == client.get("/sign-in/issuer/back").status_code == 404


@pytest.mark.django_db
def test_a_provider_that_is_away_signs_nobody_in_and_says_so(client: Client, settings: Any) -> None:
    settings.CARDLINE_OIDC = Provider("http://localhost:9", CLIENT, Secret("a secret"))
    for path in ("/sign-in/issuer", "/sign-in/issuer/back?code=1&state=2"):
        answer = client.get(path)
        assert answer.status_code == 503 and "does not answer" in answer.content.decode()


class Forger:
    """A provider that answers what a test wants: it stands where the network would be."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "theirs", "use": "sig"})
        self.issuer = "https://login.issuer.example"
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.answer: Callable[[], Any] = dict

    def send(self, session: Any, request: Any, **kwargs: Any) -> requests.Response:
        assert kwargs["timeout"] == oidc.TIMEOUT_SECONDS
        found = {
            "/.well-known/openid-configuration": lambda: self.metadata,
            "/keys": lambda: KeySet([self.key]).as_dict(private=False),
            "/token": lambda: self.answer(),
        }[urlsplit(request.url).path]()
        made = requests.Response()
        made.status_code, made.request, made.url = 200, request, request.url
        made._content = found if isinstance(found, bytes) else json.dumps(found).encode()
        made.headers["Content-Type"] = "application/json"
        return made


@pytest.fixture
def forger(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forger]:
    forger = Forger()
    monkeypatch.setattr(
        requests.Session, "send", lambda session, request, **kwargs: forger.send(session, request, **kwargs)
    )
    settings.CARDLINE_OIDC = Provider(forger.issuer, CLIENT, Secret("a secret of theirs and ours"))
    oidc._client.cache_clear()
    yield forger
    oidc._client.cache_clear()


def words(nonce: str, forger: Forger, number: str) -> dict[str, Any]:
    at = int(time.time())
    return {
        "iss": forger.issuer, "aud": CLIENT, "sub": number, "nonce": nonce, "iat": at, "exp": at + 300,
    }  # fmt: skip


def signed(claims: dict[str, Any], key: Any, alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg, "kid": "theirs"}, claims, key, algorithms=[alg])


def unsigned(claims: dict[str, Any]) -> str:
    from base64 import urlsafe_b64encode

    parts = ({"alg": "none"}, claims)
    return (
        ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
    )


OTHERS = RSAKey.generate_key(2048, {"kid": "theirs", "use": "sig"})
LONG_AGO = int(timedelta(hours=1).total_seconds())

# What is wrong with it → the token, from the words of a good one and the provider.
BAD: dict[str, Callable[[dict[str, Any], Forger], Any]] = {
    "for another site": lambda good, f: signed(good | {"aud": "another-site"}, f.key),
    "for another site, too": lambda good, f: signed(good | {"aud": [CLIENT, "x"], "azp": "x"}, f.key),
    "for another site, asked for by us": lambda good, f: signed(good | {"aud": "x", "azp": CLIENT}, f.key),
    "of another provider": lambda good, f: signed(good | {"iss": "https://evil.example"}, f.key),
    "too old": lambda good, f: signed(good | {"exp": good["exp"] - LONG_AGO, "iat": 1}, f.key),
    "of another question": lambda good, f: signed(good | {"nonce": "of another one"}, f.key),
    "of no question": lambda good, f: signed({k: v for k, v in good.items() if k != "nonce"}, f.key),
    "signed by somebody else": lambda good, f: signed(good, OTHERS),
    "not signed": lambda good, f: unsigned(good),
    "of nobody": lambda good, f: signed(good | {"sub": ""}, f.key),
    "of a number": lambda good, f: signed(good | {"sub": 12}, f.key),
    "no token": lambda good, f: None,
    "no token at all": lambda good, f: "not.a.token",
}


def question(browser: Client) -> dict[str, str]:
    asked = parse_qs(urlsplit(browser.get("/sign-in/issuer").headers["Location"]).query)
    return {"state": asked["state"][0], "nonce": asked["nonce"][0]}


@pytest.mark.django_db
def test_a_forger_who_tells_the_truth_signs_the_member_in(
    client: Client, forger: Forger, maya: Actor
) -> None:
    asked = question(client)
    good = signed(words(asked["nonce"], forger, member(maya).core_customer), forger.key)
    forger.answer = lambda: {"access_token": "x", "token_type": "Bearer", "id_token": good}
    assert client.get("/sign-in/issuer/back", {"code": "1", "state": asked["state"]}).status_code == 302
    assert MemberSession.objects.get().member_id == int(maya.id)


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "status"), [("712", 302), (712, 400), (["712"], 400), (None, 400)])
def test_the_number_may_stand_in_another_claim_as_text(
    said: object, status: int, client: Client, forger: Forger, maya: Actor, settings: Any
) -> None:
    settings.CARDLINE_OIDC = Provider(forger.issuer, CLIENT, Secret("a secret"), claim="customer_number")
    Member.objects.filter(pk=maya.id).update(core_customer="712")
    asked = question(client)
    claims = words(asked["nonce"], forger, "a pseudonym") | {"customer_number": said}
    token = signed(claims, forger.key)
    forger.answer = lambda: {"access_token": "x", "token_type": "Bearer", "id_token": token}
    answer = client.get("/sign-in/issuer/back", {"code": "1", "state": asked["state"]})
    assert answer.status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", BAD)
def test_a_token_that_is_not_good_signs_nobody_in(
    wrong: str, client: Client, forger: Forger, maya: Actor
) -> None:
    asked = question(client)
    token = BAD[wrong](words(asked["nonce"], forger, member(maya).core_customer), forger)
    forger.answer = lambda: {
        "access_token": "x", "token_type": "Bearer", **({"id_token": token} if token else {})
    }  # fmt: skip
    answer = client.get("/sign-in/issuer/back", {"code": "1", "state": asked["state"]})
    assert answer.status_code == 400 and "You are not signed in" in answer.content.decode()
    assert not MemberSession.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "nonsense", [b"", b"<html>", b"[]", b"null", b'{"error": "server_error"}', b"\xff\x00"]
)
def test_nonsense_from_the_provider_signs_nobody_in(
    nonsense: bytes, client: Client, forger: Forger, maya: Actor
) -> None:
    asked = question(client)
    forger.answer = lambda: nonsense
    assert client.get("/sign-in/issuer/back", {"code": "1", "state": asked["state"]}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("about", [{"issuer": "https://evil.example"}, {"authorization_endpoint": ""}])
def test_a_provider_that_says_it_is_another_is_none(
    about: dict[str, str], client: Client, forger: Forger
) -> None:
    forger.metadata |= about
    assert client.get("/sign-in/issuer").status_code == 400
