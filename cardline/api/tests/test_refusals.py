"""Every way to be told no: one shape, the right status, nothing of our insides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from cardline.api.commands import revoke_key
from cardline.api.models import ApiKey
from cardline.api.scopes import SCOPES
from cardline.api.tests.scene import Caller, Scene, make_key
from cardline.cases.models import Case
from cardline.kit import clock, limits
from cardline.kit.actors import SYSTEM

pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db]

QUESTION = {"need": "payment.make", "text": "Can I pay by phone?"}


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == "about:blank" and body["status"] == status and body["title"] and body["detail"]
    assert body["request_id"] == answer.headers["X-Request-Id"] != ""
    return body


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Bearer " + "x" * 5_000])
def test_without_a_valid_key_nothing_is_said(client: Client, scene: Scene, sent: str) -> None:
    for ref in (scene.ref, scene.nowhere):
        answer = client.get(f"/api/v1/cases/{ref}", headers={"Authorization": sent} if sent else {})
        is_problem(answer, 401, "no_key")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cardline"'


def test_a_revoked_key_ends_with_its_next_call(issuer: Caller) -> None:  # SR-24
    assert issuer.get("/cases").status_code == 200
    revoke_key(by=SYSTEM, now=clock.now(), key_id=ApiKey.objects.get().pk)
    is_problem(issuer.get("/cases"), 401, "no_key")


@pytest.mark.parametrize("lacking", SCOPES)
def test_each_scope_is_needed_where_it_is_named(scene: Scene, cast: Any, lacking: str) -> None:
    from cardline.api.openapi import operations

    rest = make_key(*(scope for scope in SCOPES if scope != lacking), name=lacking)
    for (path, method), operation in operations().items():
        needed = operation["security"][0]["Bearer"]
        if lacking not in needed:
            continue
        path = path.format(
            ref=scene.ref, contact_id=scene.contact.pk, promise_id=scene.promise.pk, alert="a" * 24
        )
        answer = Client().generic(method.upper(), path, headers=Caller(rest).headers())
        is_problem(answer, 403, "missing_scope")
        assert f'scope="{" ".join(needed)}"' in answer.headers["WWW-Authenticate"]


def test_an_unknown_member_answers_like_a_missing_thing(issuer: Caller, scene: Scene) -> None:  # SR-22
    stranger = Caller(issuer.secret, "no-such-member")
    is_problem(stranger.get(f"/cases/{scene.ref}"), 404, "not_found")
    is_problem(stranger.get("/cases"), 404, "not_found")
    is_problem(stranger.post("/contacts", QUESTION), 404, "not_found")


@pytest.mark.parametrize("number", ["has space", "x" * 33, "ñ", ""])
def test_a_member_number_that_cannot_be_is_refused(issuer: Caller, number: str) -> None:
    answer = issuer.get("/cases", **{"Cardline-On-Behalf-Of": number})
    assert is_problem(answer, 422, "malformed")["errors"][0]["place"] == "header"


@pytest.mark.parametrize(
    "body",
    [b" ", b"{", b"nonsense", b"\xff\xfe", b'{"text": NaN}', b'{"text":"a","text":"b"}', b"[" * 60_000, b"1" * 5_000],
)  # fmt: skip
def test_what_is_no_json_is_said_to_be_none(for_rosa: Caller, body: bytes) -> None:
    answer = raw(for_rosa, body)
    assert answer.status_code in (400, 422)
    is_problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    "body", ["[]", '"text"', "null", "5", '{"need": "payment.make"}', '{"text": "\\ud800"}']
)
def test_json_that_does_not_fit_is_told_field_by_field(for_rosa: Caller, body: str) -> None:
    assert is_problem(raw(for_rosa, body.encode()), 422, "malformed")["errors"]


def test_the_body_is_json(for_rosa: Caller) -> None:
    is_problem(raw(for_rosa, b"need=payment.make", "application/x-www-form-urlencoded"), 415, "not_json")
    is_problem(raw(for_rosa, json.dumps(QUESTION).encode(), ""), 415, "not_json")


def test_a_body_has_its_limit(for_rosa: Caller) -> None:
    fits = {**QUESTION, "text": "x" * 5_000}
    is_problem(raw(for_rosa, json.dumps(fits).encode()), 422, "malformed")
    for size in (70 << 10, 3 << 20):
        is_problem(raw(for_rosa, json.dumps({**QUESTION, "text": "x" * size}).encode()), 413, "too_large")


def test_unknown_fields_are_refused(for_rosa: Caller) -> None:  # SR-23
    body = {**QUESTION, "member_id": 1, "queue": "complaints", "x" * 500: 1}
    errors = is_problem(for_rosa.post("/contacts", body), 422, "malformed")["errors"]
    assert {error["field"] for error in errors} == {"member_id", "queue", "x" * 80}
    assert Case.objects.filter(need="payment.make").count() == 0
    errors = is_problem(for_rosa.get("/cases?stat=open&limit=5"), 422, "malformed")["errors"]
    assert [(error["place"], error["field"]) for error in errors] == [("query", "stat")]
    is_problem(for_rosa.get("/promises?member=5"), 422, "malformed")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=1_0", "limit= 5", "limit=1e1", "limit="]
)
def test_a_page_has_a_sensible_size(issuer: Caller, query: str) -> None:
    is_problem(issuer.get(f"/cases?{query}"), 422, "malformed")


def test_an_unknown_need_is_refused(for_rosa: Caller) -> None:
    for need in ("payment.nonsense", "nonsense", "payment", "../payment", "PAYMENT.MAKE"):
        errors = is_problem(for_rosa.post("/contacts", {**QUESTION, "need": need}), 422, "malformed")[
            "errors"
        ]
        assert [error["field"] for error in errors] == ["need"]


def test_a_language_nobody_speaks_is_refused(for_rosa: Caller) -> None:
    errors = is_problem(for_rosa.post("/contacts", {**QUESTION, "language": "xx"}), 422, "malformed")[
        "errors"
    ]
    assert [error["field"] for error in errors] == ["language"]


def test_a_method_the_address_has_not_is_refused_with_those_it_has(issuer: Caller, scene: Scene) -> None:
    for method in ("PUT", "DELETE", "PATCH", "POST", "OPTIONS", "HEAD"):
        answer = issuer.client.generic(method, f"/api/v1/cases/{scene.ref}", headers=issuer.headers())
        assert answer.status_code == 405 and answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    "path", ["/", "/x", "/cases/", "/cases/a/b/c", "/contacts/x", "/contacts/1/", "/docs", "/contacts/٣"]
)
def test_an_address_that_is_none_is_a_problem_too(issuer: Caller, path: str) -> None:
    if path == "/":
        path = "/nothing"
    is_problem(issuer.get(path), 404, "not_found")


def test_too_many_calls_of_one_key_wait(issuer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-44
    monkeypatch.setattr(limits, "API_CALLS", limits.Limit("api_calls", 2, 3_600))
    other = Caller(make_key("cases:read", name="another"))
    assert [issuer.get("/cases").status_code for _ in range(3)] == [200, 200, 429]
    answer = issuer.get("/cases")
    is_problem(answer, 429, "too_many")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3_600
    assert other.get("/cases").status_code == 200


def test_too_many_calls_in_all_wait(issuer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-44
    monkeypatch.setattr(limits, "API_CALLS_IN_ALL", limits.Limit("api_calls_in_all", 1, 3_600))
    other = Caller(make_key("cases:read", name="another"))
    assert [issuer.get("/cases").status_code, other.get("/cases").status_code] == [200, 429]


def test_wrong_keys_shut_out_their_own_address_only(  # SR-44
    issuer: Caller, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "API_CALLS", limits.Limit("api_calls", 2, 3_600))
    wrong = {"Authorization": "Bearer cardline_wrong"}
    tries = [client.get("/api/v1/cases", headers=wrong).status_code for _ in range(4)]
    assert tries == [401, 401, 429, 429]
    assert issuer.get("/cases").status_code == 200


def test_a_member_starts_so_many_chats_and_no_more(  # SR-44
    for_rosa: Caller, for_luis: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHAT_STARTS", limits.Limit("chat_starts", 2, 3_600))
    assert [for_rosa.post("/contacts", QUESTION).status_code for _ in range(3)] == [201, 201, 429]
    assert for_luis.post("/contacts", QUESTION).status_code == 201


def test_a_database_out_of_reach_is_503_with_a_time_to_come_back(
    issuer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cardline.api import auth

    def gone(secret: str) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr(auth, "key_of", gone)
    answer = issuer.get("/cases")
    is_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert "10.0.0.7" not in answer.content.decode()


def test_a_bug_says_nothing_of_our_insides(issuer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-49
    from cardline.api import cases

    def broken(*args: Any) -> None:
        raise ZeroDivisionError("SELECT secret FROM insides")

    monkeypatch.setattr(cases, "cases_visible_to", broken)
    answer = issuer.get("/cases")
    is_problem(answer, 500, "broken")
    assert "insides" not in answer.content.decode() and "Zero" not in answer.content.decode()


def test_no_cookie_is_read_or_set(agent_client: Any, cast: Any, scene: Scene) -> None:
    """A colleague's browser has no rights here: only a key has."""
    answer = agent_client(cast.ines).get(f"/api/v1/cases/{scene.ref}")
    is_problem(answer, 401, "no_key")
    assert not answer.cookies


def raw(caller: Caller, body: bytes, content_type: str = "application/json") -> Any:
    headers = caller.headers() | {"Idempotency-Key": "call-raw-0001"}
    return caller.client.generic("POST", "/api/v1/contacts", body, content_type=content_type, headers=headers)
