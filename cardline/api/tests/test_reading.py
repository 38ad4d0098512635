"""What a key reads, for the issuer and for one member."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.api.tests.scene import SECRET_NOTE, Caller, Scene
from cardline.clocks.rules import rule_named
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.models import Letter
from cardline.notify.letters.tests.samples import facts_of
from cardline.promises.legal.commands import start_clocks
from cardline.promises.models import LegalClock

pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db]


def test_a_case_is_read_by_its_reference(for_rosa: Caller, scene: Scene) -> None:
    answer = for_rosa.get(f"/cases/{scene.ref.lower()}")
    assert answer.status_code == 200
    read = answer.json()
    assert read["ref"] == scene.ref and read["member"] == for_rosa.number
    assert read["state"] == "open" and read["subject"] == "My card is gone."


def test_a_member_is_shown_what_is_theirs_to_see_and_no_more(
    for_rosa: Caller, issuer: Caller, scene: Scene
) -> None:
    theirs = kinds(for_rosa.get(f"/cases/{scene.ref}/entries"))
    all_of_it = kinds(issuer.get(f"/cases/{scene.ref}/entries"))
    assert "case.classified" not in theirs and "case.classified" in all_of_it
    assert theirs.count("promise.made") == 1 and all_of_it.count("promise.made") == 2


def test_a_private_note_is_in_no_answer(issuer: Caller, scene: Scene) -> None:
    for path in (
        "/cases",
        f"/cases/{scene.ref}",
        f"/cases/{scene.ref}/entries",
        f"/cases/{scene.ref}/promises",
        f"/cases/{scene.ref}/letters",
        f"/contacts/{scene.contact.pk}",
        f"/contacts/{scene.contact.pk}/messages",
        "/promises",
    ):
        answer = issuer.get(path)
        assert answer.status_code == 200, answer.content
        assert SECRET_NOTE not in answer.content.decode()


def test_the_timeline_goes_on_after_a_number(for_rosa: Caller, scene: Scene) -> None:
    first = for_rosa.get(f"/cases/{scene.ref}/entries?limit=3").json()
    rest = for_rosa.get(f"/cases/{scene.ref}/entries?after={first['last']}").json()
    whole = for_rosa.get(f"/cases/{scene.ref}/entries").json()
    assert len(first["items"]) == 3
    assert first["items"] + rest["items"] == whole["items"]
    at_end = for_rosa.get(f"/cases/{scene.ref}/entries?after={whole['last']}").json()
    assert at_end == {"items": [], "last": whole["last"]}


def test_messages_are_what_was_said(for_rosa: Caller, scene: Scene) -> None:
    said = for_rosa.get(f"/contacts/{scene.contact.pk}/messages").json()["items"]
    assert [(line["side"], line["text"]) for line in said] == [
        ("member", "My card is gone."),
        ("agent", "I have frozen it."),
    ]


def test_a_contact_says_who_has_it(for_rosa: Caller, scene: Scene) -> None:
    read = for_rosa.get(f"/contacts/{scene.contact.pk}").json()
    assert read["ref"] == f"{scene.ref}-1" and read["case"] == scene.ref
    assert read["agent"] == "Dana Whitfield" and read["state"] == "active" and read["summary"] is None


def test_promises_to_a_member_do_not_hold_those_among_colleagues(
    for_rosa: Caller, issuer: Caller, scene: Scene
) -> None:
    for path in ("/promises", f"/cases/{scene.ref}/promises"):
        assert [p["text"] for p in for_rosa.get(path).json()["items"]] == ["Send a new card"]
    promise = for_rosa.get("/promises").json()["items"][0]
    assert promise["owner"] == "Dana Whitfield" and promise["state"] == "open"
    assert promise["case"] == scene.ref and promise["evidence"] == "" and promise["done_at"] is None


def test_lists_are_paged_by_a_cursor(issuer: Caller, for_rosa: Caller) -> None:
    for number in range(3):
        body = {"need": "payment.make", "text": f"Question {number}", "kind": "message"}
        assert for_rosa.post("/contacts", body).status_code == 201
    for path in ("/cases", "/promises"):
        whole = for_rosa.get(path).json()
        paged: list[Any] = []
        cursor = ""
        while True:
            page = for_rosa.get(f"{path}?limit=2{cursor}").json()
            paged += page["items"]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert paged == whole["items"] and len(paged) >= 4


def test_a_cursor_of_another_list_is_refused(for_rosa: Caller, issuer: Caller) -> None:
    for bad in ("x", "W10", "%00", "é" * 400):
        answer = issuer.get(f"/cases?cursor={bad}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "cursor"


def test_the_number_of_queries_does_not_grow_with_the_list(
    for_rosa: Caller, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        body = {"need": "payment.make", "text": f"Question {number}", "kind": "message"}
        assert for_rosa.post("/contacts", body).status_code == 201
    for_rosa.get("/cases")  # the first writes down that it looked at each; then that stands for five minutes
    with django_assert_max_num_queries(3):  # key, member, cases
        for_rosa.get("/cases")
    with django_assert_max_num_queries(3):
        for_rosa.get("/promises")


def kinds(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [entry["kind"] for entry in answer.json()["items"]]


# ------------------------------------------------------------------------------------------------------- plan


def test_words_lead_to_a_plan(for_rosa: Caller) -> None:
    answer = for_rosa.client.post(
        "/api/v1/plan",
        {"text": "someone used my card at a bakery", "country": "DE", "language": "es"},
        content_type="application/json",
        headers=for_rosa.headers(),
    )
    assert answer.status_code == 200, answer.content
    plan = answer.json()
    assert plan["need"] == "lost_stolen.card_compromised" and plan["urgent"]
    assert plan["ready"] and plan["channels"] and plan["tips"]
    assert {"id", "open", "opens_at", "wait_seconds", "number", "address", "url"} == set(plan["channels"][0])


def test_a_known_need_leads_to_its_plan(issuer: Caller) -> None:
    assert (
        issuer.post("/plan", {"need": "dispute.duplicate_charge"}).json()["need"]
        == "dispute.duplicate_charge"
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "hello", "need": "payment.make"},
        {"text": "…"},
        {"need": "nonsense"},
        {"text": "hello", "card_type": "tin"},
        {"text": "hello", "country": "U S"},
        {"text": "x" * 4_001},
    ],
)
def test_a_plan_for_nothing_is_refused(issuer: Caller, body: dict[str, str]) -> None:
    assert issuer.post("/plan", body).status_code == 422


def test_a_legal_clock_says_its_rule_its_source_and_its_days(
    for_rosa: Caller, issuer: Caller, scene: Scene
) -> None:
    now = clock.now()
    start_clocks(
        by=SYSTEM, now=now, case_id=scene.case.pk, event="application_received", started_at=now
    )  # fmt: skip
    kept = LegalClock.objects.get(rule="b.application")
    for path in ("/promises", f"/cases/{scene.ref}/promises"):
        (ours,) = (p["clock"] for p in issuer.get(path).json()["items"] if p["clock"])
        assert (ours["rule"], ours["source"]) == ("b.application", rule_named("b.application").source)
        assert kept.act_by and (ours["due_on"], ours["act_by"]) == (
            kept.due_on.isoformat(), kept.act_by.isoformat(),
        )  # fmt: skip
        (theirs,) = (p["clock"] for p in for_rosa.get(path).json()["items"] if p["clock"])
        assert theirs == {**ours, "act_by": None}  # the day we set ourselves stands on no page of theirs
        assert (
            next(p for p in issuer.get(path).json()["items"] if p["id"] == scene.promise.pk)["clock"] is None
        )


def test_the_letters_of_a_case_without_what_they_say(
    for_rosa: Caller, for_luis: Caller, issuer: Caller, scene: Scene
) -> None:
    send_letter(
        by=SYSTEM, kind="lost.summary", law="z", facts=facts_of("lost.summary"), member_id=scene.case.member_id or 0,
        case_id=scene.case.pk, now=clock.now(),
    )  # fmt: skip
    kept = Letter.objects.get()
    (ours,) = issuer.get(f"/cases/{scene.ref}/letters").json()["items"]
    assert (ours["kind"], ours["way"], ours["state"]) == ("lost.summary", kept.way, kept.state)
    assert ours["act_by"] == kept.act_by.isoformat() and kept.name not in str(ours)
    (theirs,) = for_rosa.get(f"/cases/{scene.ref}/letters").json()["items"]
    assert theirs == {**ours, "act_by": None}
    assert for_luis.get(f"/cases/{scene.ref}/letters").status_code == 404
