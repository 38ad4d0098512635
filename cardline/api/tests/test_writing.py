"""What a key changes: contacts, messages, promises; each once per key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.api.tests.scene import Caller, Scene
from cardline.audit.models import AuditEvent
from cardline.cases.models import Case, Entry
from cardline.kit import clock
from cardline.kit.models import IdempotencyKey, OutboxItem
from cardline.promises.models import Promise

pytestmark = pytest.mark.django_db

QUESTION = {"need": "payment.make", "text": "Can I pay by phone?"}


def in_days(days: float) -> str:
    return (clock.now() + timedelta(days=days)).isoformat().replace("+00:00", "Z")


def test_a_contact_begins_a_case_for_the_member(for_luis: Caller, cast: Any) -> None:
    answer = for_luis.post("/contacts", QUESTION)
    assert answer.status_code == 201
    begun = answer.json()
    case = Case.objects.get(ref=begun["case"].replace("-", ""))
    assert case.member == cast.luis and case.need == "payment.make"
    assert begun["ref"] == f"{begun['case']}-1"
    message = Entry.objects.get(case=case, kind="message")
    assert (message.side, message.author_name, message.text) == ("member", "Luis Ferreira", QUESTION["text"])


def test_nobody_on_duty_makes_it_a_message_with_a_promised_answer(for_luis: Caller) -> None:
    begun = for_luis.post("/contacts", QUESTION).json()
    assert begun["channel"] == "secure_message"
    promises = for_luis.get(f"/cases/{begun['case']}/promises").json()["items"]
    assert [(promise["text"], promise["made_by"]) for promise in promises] == [
        ("Answer your message", "American Express")
    ]


def test_somebody_on_duty_makes_it_a_chat(for_luis: Caller, scene: Scene) -> None:
    begun = for_luis.post("/contacts", {**QUESTION, "need": "lost_stolen.report"}).json()
    assert begun["channel"] == "chat"


def test_a_contact_may_belong_to_a_case_there_is(for_rosa: Caller, for_luis: Caller, scene: Scene) -> None:
    again = {**QUESTION, "case": scene.ref}
    assert for_rosa.post("/contacts", again).json()["ref"] == f"{scene.ref}-2"
    assert for_luis.post("/contacts", again).status_code == 404


def test_a_contact_is_somebodys(issuer: Caller) -> None:
    answer = issuer.post("/contacts", QUESTION)
    assert answer.status_code == 422
    assert answer.json()["errors"][0] == {
        "place": "header",
        "field": "Cardline-On-Behalf-Of",
        "detail": "name the member this is for",
    }


def test_a_message_lands_in_the_members_conversation(
    for_rosa: Caller, for_luis: Caller, scene: Scene
) -> None:
    path = f"/contacts/{scene.contact.pk}/messages"
    answer = for_rosa.post(path, {"text": "Thank you. My card was 4111 1111 1111 1111."})
    assert answer.status_code == 201
    said = for_rosa.get(path).json()["items"][-1]
    assert said["n"] == answer.json()["n"]
    assert said["text"] == "Thank you. My card was [card ••1111]."
    assert for_luis.post(path, {"text": "Let me in"}).status_code == 404


def test_a_promise_is_made_and_kept(issuer: Caller, for_rosa: Caller, scene: Scene) -> None:
    body = {"text": "Refund the fee", "due_at": in_days(2)}
    made = issuer.post(f"/cases/{scene.ref}/promises", body)
    assert made.status_code == 201
    kept = issuer.post(f"/promises/{made.json()['id']}/fulfilment", {"evidence": "Posted on Tuesday"})
    assert (kept.status_code, kept.json()) == (201, {"state": "kept"})
    seen = for_rosa.get(f"/cases/{scene.ref}/promises").json()["items"]
    refund = next(promise for promise in seen if promise["id"] == made.json()["id"])
    assert refund["state"] == "kept" and refund["evidence"] == "Posted on Tuesday"
    again = issuer.post(f"/promises/{made.json()['id']}/fulfilment", {"evidence": "Once more"})
    assert (again.status_code, again.json()["code"]) == (409, "no_longer_open")


def test_a_member_makes_and_keeps_no_promise_of_ours(for_rosa: Caller, scene: Scene) -> None:
    made = for_rosa.post(f"/cases/{scene.ref}/promises", {"text": "Pay me", "due_at": in_days(1)})
    kept = for_rosa.post(f"/promises/{scene.promise.pk}/fulfilment", {"evidence": "Yes"})
    for answer in (made, kept):
        assert (answer.status_code, answer.json()["code"]) == (403, "for_the_issuer_only")
    assert Promise.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due_at": "2020-01-01T00:00:00Z"}, None),
        ({"due_at": "9999-12-31T23:59:59-23:59"}, None),
        ({"due_at": "0001-01-01T00:00:00+23:59"}, None),
        ({"due_at": "1700000000"}, "due_at"),
        ({"due_at": 1700000000}, "due_at"),
        ({"due_at": "2026-12-01"}, "due_at"),
        ({"due_at": "2026-12-01T10:00:00"}, "due_at"),
        ({"due_at": "2026-13-01T10:00:00Z"}, "due_at"),
        ({"text": ""}, "text"),
        ({"text": "x" * 241}, "text"),
        ({"text": "\u0000"}, None),
        ({"text": 5}, "text"),
        ({"due_zone": "America"}, "due_zone"),
        ({"due_zone": "../etc/passwd"}, "due_zone"),
        ({"due_zone": ""}, "due_zone"),
        ({"owner_id": 1}, "owner_id"),
    ],
)
def test_a_promise_that_cannot_be_is_refused(
    issuer: Caller, scene: Scene, body: dict[str, Any], field: str | None
) -> None:
    sent = {"text": "Refund the fee", "due_at": in_days(2), **body}
    answer = issuer.post(f"/cases/{scene.ref}/promises", sent)
    assert answer.status_code == 422, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == ([field] if field else [])
    assert Promise.objects.count() == 2


# ------------------------------------------------------------------------------------- once only (SR-65, SR-66)


def writes(scene: Scene) -> dict[str, dict[str, Any]]:
    return {
        "/contacts": QUESTION,
        f"/contacts/{scene.contact.pk}/messages": {"text": "Hello again"},
        f"/cases/{scene.ref}/promises": {"text": "Refund the fee", "due_at": in_days(2)},
        f"/promises/{scene.promise.pk}/fulfilment": {"evidence": "Sent with DHL"},
    }


def caller_for(path: str, issuer: Caller, for_rosa: Caller) -> Caller:
    return for_rosa if path.startswith("/contacts") else issuer


def rows() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Case, Entry, Promise, AuditEvent, OutboxItem, IdempotencyKey)
    )


@pytest.mark.parametrize("nth", range(4))
def test_the_same_key_and_body_give_the_first_answer_and_one_effect(  # SR-65
    nth: int, issuer: Caller, for_rosa: Caller, scene: Scene
) -> None:
    path, body = list(writes(scene).items())[nth]
    caller = caller_for(path, issuer, for_rosa)
    first = caller.post(path, body, key="one-and-only")
    after = rows()
    second = caller.post(path, body, key="one-and-only")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.status_code == 201 and rows() == after


@pytest.mark.parametrize("nth", range(4))
def test_the_same_key_with_another_body_is_a_conflict(  # SR-65
    nth: int, issuer: Caller, for_rosa: Caller, scene: Scene
) -> None:
    path, body = list(writes(scene).items())[nth]
    caller = caller_for(path, issuer, for_rosa)
    assert caller.post(path, body, key="one-and-only").status_code == 201
    after = rows()
    words = next(word for word in ("text", "evidence") if word in body)
    other = caller.post(path, {**body, words: "Something else"}, key="one-and-only")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert rows() == after


@pytest.mark.parametrize("nth", range(4))
@pytest.mark.parametrize("key", [None, "short", "x" * 65, "has space", "ünïcödë8"])
def test_a_write_without_a_fit_key_is_refused(
    nth: int, key: str | None, issuer: Caller, for_rosa: Caller, scene: Scene
) -> None:
    path, body = list(writes(scene).items())[nth]
    caller = caller_for(path, issuer, for_rosa)
    headers = caller.headers() | ({"Idempotency-Key": key} if key else {})
    before = rows()
    answer = caller.client.post("/api/v1" + path, body, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert [(e["place"], e["field"]) for e in answer.json()["errors"]] == [("header", "Idempotency-Key")]
    assert rows() == before


def test_what_was_answered_for_one_member_is_no_answer_for_another(  # I9
    for_rosa: Caller, for_luis: Caller, cast: Any
) -> None:
    rosas = for_rosa.post("/contacts", QUESTION, key="one-and-only").json()
    luis = for_luis.post("/contacts", QUESTION, key="one-and-only").json()
    assert rosas["ref"] != luis["ref"]
    assert for_rosa.get(f"/cases/{luis['case']}").status_code == 404


def test_the_effect_its_audit_event_and_its_outside_work_are_one_transaction(  # SR-66
    for_rosa: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows()
    from cardline.kit import plugs

    def no_log(**event: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(plugs.audit, "write", no_log, raising=False)
    answer = for_rosa.post("/contacts", QUESTION, key="one-and-only")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "log is full" not in answer.content.decode()
    assert rows() == before
    monkeypatch.undo()
    assert for_rosa.post("/contacts", QUESTION, key="one-and-only").status_code == 201


def test_the_audit_log_names_the_key_and_the_member(for_rosa: Caller, cast: Any) -> None:
    for_rosa.post("/contacts", QUESTION)
    event = AuditEvent.objects.get(name="chat.start", actor__startswith="api:")
    assert event.party == cast.rosa.pk
    assert QUESTION["text"] not in event.detail


def test_a_time_stays_the_instant_it_was_given_as(issuer: Caller, scene: Scene) -> None:
    due = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    body = {"text": "Call", "due_at": due.isoformat(), "due_zone": "America/New_York"}
    made = issuer.post(f"/cases/{scene.ref}/promises", body).json()
    seen = issuer.get(f"/cases/{scene.ref}/promises").json()["items"]
    found = next(promise for promise in seen if promise["id"] == made["id"])
    assert datetime.fromisoformat(found["due_at"].replace("Z", "+00:00")) == due
    assert found["due_zone"] == "America/New_York" and found["made_by"] == "Core bridge"
