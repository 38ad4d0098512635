"""A conversation begins from a form: once, by members and guests, live or with a promised answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.files.models import StoredFile
from cardline.kit.limits import CHAT_STARTS
from cardline.promises.models import Promise

NEED = "dispute.unrecognised_charge"
Clients = Callable[..., Client]


def begin(client: Client, key: str = "a-form-key-1", path: str = "/chat", **more: str) -> Any:
    return client.post(path, {"need": NEED, "text": "Someone bought bread with my card", "key": key, **more})


def test_nobody_at_the_desk_makes_it_a_message_with_a_promised_answer(
    cast: Any, member_client: Clients
) -> None:
    answer = begin(member_client(cast.maya))
    contact = Contact.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/chat/{contact.home_case.ref[:3]}-{contact.home_case.ref[3:]}-1"
    assert contact.channel == Contact.Channel.MESSAGE
    assert Promise.objects.get().source == Promise.Source.ROUTING


def test_somebody_at_the_desk_makes_it_a_live_chat(cast: Any, member_client: Clients, as_agent: Any) -> None:
    as_agent(cast.priya)
    begin(member_client(cast.maya))
    assert Contact.objects.get().channel == Contact.Channel.CHAT


def test_a_message_by_choice_is_one_though_somebody_is_there(
    cast: Any, member_client: Clients, as_agent: Any
) -> None:
    as_agent(cast.priya)
    begin(member_client(cast.maya), path="/messages")
    assert Contact.objects.get().channel == Contact.Channel.MESSAGE


def test_pressing_twice_begins_once(cast: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    first, second = begin(client), begin(client)
    assert Contact.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_two_presses_of_an_unknown_visitor_are_one_guest(cast: Any) -> None:
    # Both presses left before the answer to the first set a cookie, so they come as two visitors.
    first, second = begin(Client()), begin(Client())
    assert Contact.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_two_visitors_with_forms_of_their_own_are_two_guests(cast: Any) -> None:
    begin(Client(), key="a-form-key-1")
    begin(Client(), key="a-form-key-2")
    assert Contact.objects.values("guest_key").distinct().count() == 2


def test_a_guest_comes_back_to_what_they_began_and_another_does_not(cast: Any, guest: Client) -> None:
    address = begin(guest)["Location"]
    assert guest.get(address).status_code == 200
    assert Client().get(address).status_code == 401


def test_a_guest_who_is_another_gets_the_sign_in_page(cast: Any) -> None:
    one, other = Client(), Client()
    address = begin(one)["Location"]
    begin(other, key="a-form-key-2")
    assert other.get(address).status_code == 401


def test_an_unknown_need_is_not_there(cast: Any, member_client: Clients) -> None:
    answer = member_client(cast.maya).post("/chat", {"need": "no.such", "text": "x"})
    assert answer.status_code == 404
    assert not Contact.objects.exists()


def test_a_case_of_somebody_else_cannot_be_gone_on_with(cast: Any, member_client: Clients) -> None:
    begin(member_client(cast.maya))
    ref = Contact.objects.get().home_case.ref
    answer = begin(member_client(cast.luis), key="a-form-key-2", case=ref)
    assert answer.status_code == 404
    assert Contact.objects.count() == 1


def test_a_case_is_gone_on_with_under_its_reference(cast: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    begin(client)
    ref = Contact.objects.get().home_case.ref
    answer = begin(client, key="a-form-key-2", case=ref)
    assert answer["Location"].endswith(f"{ref[:3]}-{ref[3:]}-2")


def test_too_many_beginnings_are_refused_and_the_text_is_kept(cast: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    for number in range(CHAT_STARTS.most):
        begin(client, key=f"a-form-key-{number}")
    answer = begin(client, key="one-too-many", text="This must not get lost")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert b"This must not get lost" in answer.content


def test_the_charge_goes_along_in_the_core_s_words(cast: Any, member_client: Clients) -> None:
    from cardline.cards.queries import recent_charges
    from cardline.demo.people import actor_of

    charge = recent_charges(actor_of(cast.maya), 1)[0]
    begin(member_client(cast.maya), txn=charge.token, card_type="personal", **{"from": "us"})
    contact = Contact.objects.get()
    assert charge.merchant in contact.plan
    assert '"from": "us"' in contact.plan


@pytest.mark.parametrize("value", ["nowhere", "<script>", "us' OR 1=1"])
def test_what_the_plan_does_not_know_is_left_out(cast: Any, member_client: Clients, value: str) -> None:
    begin(member_client(cast.maya), txn=value, card_type=value, **{"from": value})
    assert Contact.objects.get().plan == "{}"


def test_a_member_whose_session_ended_meanwhile_does_not_become_a_guest(cast: Any, guest: Client) -> None:
    answer = begin(guest, text="A long story, typed slowly", **{"as": "member"})
    assert answer.status_code == 401
    assert b"A long story, typed slowly" in answer.content
    assert not Contact.objects.exists()


def test_a_get_begins_nothing(cast: Any, member_client: Clients) -> None:
    assert member_client(cast.maya).get("/chat").status_code == 405


def test_a_colleague_begins_nothing_on_the_member_s_pages(cast: Any, agent_client: Clients) -> None:
    assert begin(agent_client(cast.priya)).status_code == 403
    assert not Contact.objects.exists()


def test_what_they_said_on_the_way_here_is_kept_without_their_card_number(
    cast: Any, member_client: Clients, agent_client: Callable[..., Client]
) -> None:
    begin(member_client(cast.maya), said="a bakery  charged me on 4111 1111 1111 1111")
    contact = Contact.objects.get()
    said = json.loads(contact.plan)["said"]
    assert said.startswith("a bakery charged me on ")
    assert "4111 1111" not in said
    desk = agent_client(cast.priya).get(f"/desk/cases/{contact.home_case.ref}", follow=True).content.decode()
    assert "a bakery charged me on" in desk


def test_what_they_said_on_the_way_here_is_kept_short(cast: Any, member_client: Clients) -> None:
    begin(member_client(cast.maya), said="word " * 200)
    assert len(json.loads(Contact.objects.get().plan)["said"]) == 300


def test_a_visitor_in_a_chat_finds_where_a_paper_can_be_sent_and_sends_it(
    db: None, guest: Client, settings: Any, tmp_path: Path
) -> None:
    settings.CARDLINE_FILES_DIR = tmp_path / "files"
    begun = guest.post("/chat", {"need": NEED, "text": "Somebody uses my name", "key": "begin-00001"})
    chat = guest.get(begun["Location"]).content.decode()
    assert "Send a photo or a paper" in chat and "#files" in chat
    page = chat.split('#files">')[0].rsplit('href="', 1)[1]
    shown = guest.get(page).content.decode()
    assert "Only we can open what you add here." in shown
    paper = SimpleUploadedFile("police report.txt", b"They took my letters on Monday.")
    sent = guest.post(f"{page}/files", {"file": paper, "key": "paper-00001"}, follow=True)
    assert "police report.txt" in sent.content.decode() and "Being checked" in sent.content.decode()
    file = StoredFile.objects.get()
    assert file.case == Case.objects.get() and file.member_id is None
    assert Client().post(f"{page}/files", {"file": paper}).status_code == 401
    assert guest.get(f"/files/{file.token}").status_code == 401
