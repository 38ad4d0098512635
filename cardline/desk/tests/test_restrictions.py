"""The desk shows what stands over a member, and places and lifts it; a member's pages know nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.desk.tests.conftest import Chat
from cardline.issuer.core import current_core
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.members.models import HeldMessage, Restriction
from cardline.members.restrictions.tests.scene import RUTH, place

Client = Any
FORM = {
    "kind": "represented",
    "account": "",
    "since": "",
    "until": "",
    "said_by": "Adeyemi & Cole",
    "document": "Letter of Nov 20",
    "said_on": "2026-01-20",
    "why": "They represent her in everything about this debt.",
    "representative": "Ruth Adeyemi",
    "firm": "Adeyemi & Cole",
    "address": "3 Court Square, Albany",
    "phone": "+1 518 555 0190",
    "key": "one press of it",
}


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


@pytest.fixture
def page(cast: Any) -> str:
    return f"/desk/members/{cast.maya.pk}/restrictions"


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_is_placed_by_the_form_and_stands_beside_the_case(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    assert "No restriction stands" in html(client, page)
    assert 'id="restricted"></div>' in html(client, chat.page)
    for _ in range(2):  # a double press is one
        sent = client.post(page, FORM)
        assert (sent.status_code, sent["Location"]) == (302, page)
    row = Restriction.objects.get()
    assert (row.kind, row.representative, row.said_by) == ("represented", "Ruth Adeyemi", "Adeyemi & Cole")
    shown = html(client, chat.page)
    assert "Restrictions stand:" in shown and "Represented by somebody" in shown
    assert "Ruth Adeyemi, Adeyemi &amp; Cole, 3 Court Square, Albany, +1 518 555 0190" in shown
    assert "Through the representative:" in shown and "Restriction placed: Represented by somebody." in shown
    assert "A supervisor lifts it." in html(client, page)


def test_what_was_typed_comes_back_with_the_reason_beside_its_field(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    wrong = {
        "kind": "sad",
        "said_on": "soon",
        "since": "yesterday",
        "why": "",
        "said_by": " ",
        "representative": "",
        "account": "acc_nothing",
    }
    for field, value in wrong.items():
        sent = client.post(page, {**FORM, field: value, "key": f"wrong {field}"})
        said = sent.content.decode()
        assert sent.status_code == 422, field
        assert f'href="#restriction-{field}"' in said and f'id="restriction-{field}-error"' in said, field
        assert "Letter of Nov 20" in said
    assert not Restriction.objects.exists()


def test_a_supervisor_lifts_it_with_a_reason_and_it_stays_in_the_history(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    row = place(cast.maya.pk, "represented", clock.now(), speaker=RUTH)
    ines = agent_client(cast.ines)
    lifting = f"{page}/{row}/lifting"
    assert ines.post(lifting, {"why": " ", "key": "without a reason"}).status_code == 422
    assert agent_client(cast.dana).post(lifting, {"why": "Over", "key": "by an agent"}).status_code == 403
    assert ines.get(lifting)["Location"] == page
    sent = ines.post(lifting, {"why": "They ended it.", "key": "by a supervisor"})
    assert (sent.status_code, sent["Location"]) == (302, page)
    shown = html(ines, page)
    assert "No restriction stands" in shown and "They ended it." in shown and "lifted" in shown
    assert "Restrictions stand:" not in html(ines, chat.page)


def test_an_agent_is_offered_the_kinds_an_agent_may_place(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    assert 'value="fraud_lock"' in html(agent_client(cast.dana), page)
    assert 'value="legal_hold"' not in html(agent_client(cast.dana), page)
    assert 'value="legal_hold"' in html(agent_client(cast.ines), page)
    sent = agent_client(cast.dana).post(page, {**FORM, "kind": "legal_hold", "representative": ""})
    assert sent.status_code in (403, 422) and not Restriction.objects.exists()


def test_one_about_an_account_names_it_and_shows_on_the_other_cards_record(
    cast: Any,
    as_member: Callable[..., Actor],
    chat_of: Callable[..., Chat],
    agent_client: Callable[..., Client],
) -> None:
    chat_of(as_member(cast.rosa))
    of_nils = chat_of(as_member(cast.nils))
    ines = agent_client(cast.ines)
    account = current_core().accounts(cast.rosa.core_customer)[0].token
    address = f"/desk/members/{cast.rosa.pk}/restrictions"
    assert ines.post(address, {**FORM, "kind": "bankruptcy", "account": account}).status_code == 302
    assert "Family Card" in html(ines, address)
    assert "of Rosa Lindqvist, whose account it is" in html(ines, of_nils.page)


def test_a_message_that_did_not_leave_stands_there_with_its_reason(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    row = place(cast.maya.pk, "represented", clock.now(), speaker=RUTH)
    HeldMessage.objects.create(
        member=cast.maya,
        restriction_id=row,
        kind="alert:payment_due",
        subject="delivery:1",
        answer="redirect",
        at=clock.now(),
    )
    shown = html(agent_client(cast.dana), page)
    assert "Messages that did not leave" in shown and "Alert: a payment is due" in shown
    assert "tell the representative" in shown


def test_one_that_begins_later_is_shown_and_does_not_stand(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    place(cast.maya.pk, "fraud_lock", clock.now(), since=clock.now() + timedelta(days=1))
    client = agent_client(cast.dana)
    assert "begins later" in html(client, page)
    assert "Restrictions stand:" not in html(client, chat.page)


def test_with_a_silent_core_the_person_can_still_be_protected(
    chat: Chat,
    cast: Any,
    page: str,
    agent_client: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cardline.desk import restrictions
    from cardline.issuer.core import CoreUnknown

    def silent(*args: Any, **kwargs: Any) -> Any:
        raise CoreUnknown("no answer")

    monkeypatch.setattr(restrictions, "account_summary", silent)
    client = agent_client(cast.dana)
    assert "The card system gives no answer" in html(client, page)
    assert client.post(page, {**FORM, "kind": "fraud_lock", "representative": "", "firm": "",
                              "address": "", "phone": ""}).status_code == 302  # fmt: skip


def test_strangers_get_nothing_and_a_look_is_recorded(
    chat: Chat,
    cast: Any,
    page: str,
    agent_client: Callable[..., Client],
    member_client: Callable[..., Client],
    client: Client,
) -> None:
    row = place(cast.maya.pk, "fraud_lock", clock.now())
    for stranger in (client, member_client(cast.maya), agent_client(cast.priya)):
        assert stranger.get(page).status_code in (302, 404)
        assert stranger.post(page, FORM).status_code in (302, 404)
        assert stranger.post(f"{page}/{row}/lifting", {"why": "Mine", "key": "x"}).status_code in (
            302,
            403,
            404,
        )
    assert agent_client(cast.dana).get("/desk/members/999999/restrictions").status_code == 404
    assert Restriction.objects.count() == 1 and Restriction.objects.get().lifted_at is None
    before = AuditEvent.objects.filter(name="case.viewed").count()
    agent_client(cast.dana).get(page)
    assert AuditEvent.objects.filter(name="case.viewed").count() == before + 1


def test_no_page_of_the_member_says_a_word_of_it(
    chat: Chat, cast: Any, member_client: Callable[..., Client]
) -> None:
    place(cast.maya.pk, "bankruptcy", clock.now(), speaker=RUTH)
    member = member_client(cast.maya)
    for address in ("/", f"/contacts/{chat.ref}", "/cards", "/profile", "/alerts", "/contacts"):
        answer = member.get(address, follow=True)
        assert answer.status_code == 200, address
        said = answer.content.decode().lower()
        for word in ("adeyemi", "county clerk", "letter 14-221", "attorney wrote", "restriction"):
            assert word not in said, (address, word)
