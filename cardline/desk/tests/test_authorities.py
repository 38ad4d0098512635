"""The desk shows who may act for a member, records, confirms and revokes it; and says who speaks in a conversation."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cardline.cards.commands import freeze_card, unfreeze_card
from cardline.cases.models import Entry
from cardline.contact.proofs.commands import name_speaker, record_call_back
from cardline.desk.models import Note
from cardline.desk.tests.conftest import Chat
from cardline.desk.verification import ACTIONS, TAKES
from cardline.files.models import StoredFile
from cardline.files.sweeps import check_waiting
from cardline.files.tests import made
from cardline.identity.queries import level_of
from cardline.issuer.core import current_core
from cardline.kit import clock
from cardline.kit.actors import SELF, Actor
from cardline.kit.refusals import NotThere
from cardline.members.authorities.door import CapacityMissing
from cardline.members.authorities.tests.scene import record
from cardline.members.models import Authority
from cardline.members.restrictions.tests.scene import place

pytestmark = pytest.mark.django_db
Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], as_member: Callable[..., Actor], cast: Any, dana: Actor) -> Chat:
    """Maya's, who is signed in nowhere, in Dana's hands."""
    return chat_of(as_member(cast.maya, signed_in=False), agent=dana)


@pytest.fixture
def page(cast: Any) -> str:
    return f"/desk/members/{cast.maya.pk}/authorities"


def form(cast: Any, **more: Any) -> dict[str, Any]:
    return {
        "kind": "power_of_attorney",
        "number": cast.luis.core_customer,
        "name": cast.luis.name,
        "scopes": ["see", "pay"],
        "paper": "Deed of Nov 20, cover sheet 7K429QM",
        "names": f"{cast.luis.name}; {cast.maya.name}",
        "key": "one press of it",
        **more,
    }


def read(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def panel(client: Client, chat: Chat) -> str:
    whole = client.get(chat.page).content.decode()
    return read_text(whole[whole.index('id="member"') :])


def read_text(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_it_is_recorded_by_one_confirmed_by_another_and_stands_beside_the_member(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    agent, supervisor = agent_client(cast.dana), agent_client(cast.ines)
    assert "Nobody but the member." in read(agent.get(page))
    for _ in range(2):  # a double press is one
        assert agent.post(page, form(cast)).status_code == 302
    row = Authority.objects.get(member=cast.maya)
    assert (row.person, row.member, row.scopes) == (cast.luis, cast.maya, ["pay", "see"])
    shown = read(agent.get(page))
    assert "Luis Ferreira · power of attorney Waits for a supervisor" in shown
    assert "A supervisor who did not record it confirms it." in shown
    assert "May act for them" not in panel(agent, chat)
    assert agent.post(f"{page}/{row.pk}/confirmation").status_code == 403
    assert "I have looked at it: confirm" in read(supervisor.get(page))
    assert supervisor.post(f"{page}/{row.pk}/confirmation").status_code == 302
    assert "May act for them Luis Ferreira · power of attorney · may: see, pay" in panel(agent, chat)
    assert agent.post(f"{page}/{row.pk}/revocation", {"why": "She took it back"}).status_code == 302
    notes = list(Note.objects.order_by("pk").values_list("text", flat=True))
    assert notes == [
        "May act for them, once it counts: Luis Ferreira, power of attorney.",
        "Authority confirmed: Luis Ferreira, power of attorney.",
        "Authority revoked: Luis Ferreira, power of attorney.",
    ]
    after = read(agent.get(page))
    assert "Revoked by Dana Whitfield" in after and "She took it back" in after
    assert "May act for them" not in panel(agent, chat)


def test_papers_may_follow(chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]) -> None:
    agent = agent_client(cast.dana)
    agent.post(page, form(cast, kind="executor", scopes=["see", "pay"], paper="", names=""))
    row = Authority.objects.get(member=cast.maya)
    assert "Waits for papers" in read(agent.get(page))
    assert agent.post(f"{page}/{row.pk}/papers", {}).status_code == 422
    wrong = {"paper": "Letters testamentary", "names": f"{cast.luis.name}, Hannah Brandt"}
    assert agent.post(f"{page}/{row.pk}/papers", wrong).status_code == 422
    right = {"paper": "Letters testamentary", "names": f"{cast.luis.name}, {cast.maya.name}"}
    assert agent.post(f"{page}/{row.pk}/papers", right).status_code == 302
    assert "Waits for a supervisor" in read(agent.get(page))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "friend"}, "Choose as what they act."),
        ({"number": "nobody"}, "No member has this number and this name."),
        ({"name": "Hannah Brandt"}, "No member has this number and this name."),
        ({"kind": "executor", "scopes": ["replace"]}, "This kind of authority can’t go so far."),
        ({"until": "tomorrow"}, "Choose a day and a time."),
        ({"names": "Luis Ferreira; Hannah Brandt"}, "This paper is about somebody else"),
        ({"file": "12"}, "This paper is about somebody else"),
        ({"paper": ""}, "Say what the paper is"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(
    wrong: dict[str, Any], said: str, chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    answer = agent_client(cast.dana).post(page, form(cast, **wrong))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert (
        said in html.unescape(shown) and 'aria-invalid="true"' in shown or "restriction-scopes-error" in shown
    )
    assert f'value="{cast.luis.core_customer if "number" not in wrong else "nobody"}"' in shown
    assert not Authority.objects.filter(member=cast.maya).exists()


def test_a_stranger_finds_nothing(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    pk = record(cast.luis, cast.maya, "guardian", clock.now())
    stranger = agent_client(cast.priya)
    assert stranger.get(page).status_code == 404
    for path, what in (
        ("", form(cast)),
        (f"/{pk}/revocation", {"why": "x"}),
        (f"/{pk}/papers", {}),
        (f"/{2**70}/papers", {}),
    ):
        assert stranger.post(f"{page}{path}", what).status_code == 404
    # Of this member, and not of another whose page the agent may open.
    other = f"/desk/members/{cast.luis.pk}/authorities/{pk}/revocation"
    assert agent_client(cast.ines).post(other, {"why": "x"}).status_code == 404
    assert Authority.objects.get(member=cast.maya).revoked_at is None


def test_every_action_of_the_levels_that_releases_takes_a_scope() -> None:
    free = {
        "answer", "ask_status", "case_status", "explain", "freeze", "general_terms", "register", "report", "status",
        "supervisor",
    }  # fmt: skip
    assert set(ACTIONS) - set(TAKES) == free
    assert set(TAKES) <= set(ACTIONS)


# ------------------------------------------------------------------------------------------ in a conversation


def test_an_additional_card_member_who_asks_for_the_balance(
    chat: Chat, cast: Any, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    """Nils asks for what stands on Rosa's account: known for sure, and still not told."""
    record(cast.luis, cast.maya, "additional_card_member", clock.now())
    client = agent_client(cast.dana)
    value = f"{cast.luis.pk}:additional_card_member"
    assert client.post(f"/desk/contacts/{chat.contact_id}/speaker", {"speaker": value}).status_code == 302
    phone = cast.luis.points.get(kind="phone")
    record_call_back(by=dana, now=clock.now(), contact_id=chat.contact_id, point_id=phone.pk)
    shown = panel(client, chat)
    assert "Luis Ferreira speaks for Maya Okafor, as additional card member. May protect, and ask." in shown
    assert "Verified, level 2 of 3" in shown
    assert "Not in this capacity:" in shown and "unfreeze the card" in shown
    assert "Not in the capacity of whoever speaks." in shown or "Freeze 4471" in shown
    card = current_core().cards(cast.maya.core_customer)[0].token
    freeze_card(by=dana, now=clock.now(), card=card, contact_id=chat.contact_id)
    with pytest.raises(CapacityMissing):
        unfreeze_card(by=dana, now=clock.now(), card=card, contact_id=chat.contact_id)
    assert "Unfreeze 4471 Not in the capacity of whoever speaks." in panel(client, chat)


def test_what_one_proved_counts_for_nobody_else(chat: Chat, cast: Any, dana: Actor) -> None:
    now = clock.now()
    record(cast.luis, cast.maya, "attorney", now)
    mayas, his = (who.points.get(kind="phone").pk for who in (cast.maya, cast.luis))
    record_call_back(by=dana, now=now, contact_id=chat.contact_id, point_id=mayas)
    assert level_of(dana, chat.contact_id) == 2
    assert name_speaker(
        by=dana, now=now, contact_id=chat.contact_id, person_id=cast.luis.pk, capacity="attorney"
    )
    assert not name_speaker(
        by=dana, now=now, contact_id=chat.contact_id, person_id=cast.luis.pk, capacity="attorney"
    )
    assert level_of(dana, chat.contact_id) == 0
    with pytest.raises(NotThere):  # her number proves nothing of him
        record_call_back(by=dana, now=now, contact_id=chat.contact_id, point_id=mayas)
    record_call_back(by=dana, now=now, contact_id=chat.contact_id, point_id=his)
    assert level_of(dana, chat.contact_id) == 2
    assert name_speaker(by=dana, now=now, contact_id=chat.contact_id, person_id=0, capacity=SELF)
    assert level_of(dana, chat.contact_id) == 2  # Maya's own call back of before
    said = [entry.visible for entry in Entry.objects.filter(kind="contact.speaker")]
    assert said == [False, False]


def test_only_whoever_may_now_is_named(
    chat: Chat, cast: Any, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    now = clock.now()
    record(cast.luis, cast.maya, "executor", now)
    record(cast.luis, cast.maya, "attorney", now, papers=False)
    client, address = agent_client(cast.dana), f"/desk/contacts/{chat.contact_id}/speaker"
    for value in (
        f"{cast.luis.pk}:executor",
        f"{cast.luis.pk}:attorney",
        f"{cast.nils.pk}:guardian",
        "9:",
        f"{2**60}:executor",
    ):
        assert client.post(address, {"speaker": value}).status_code == 404
    place(cast.maya.pk, "deceased", now)
    assert client.post(address, {"speaker": f"{cast.luis.pk}:executor"}).status_code == 302


def test_an_authority_that_ends_during_the_conversation_is_said_on_the_panel(
    chat: Chat, cast: Any, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    now = clock.now()
    record(cast.luis, cast.maya, "power_of_attorney", now - timedelta(days=1))
    name_speaker(
        by=dana, now=now, contact_id=chat.contact_id, person_id=cast.luis.pk, capacity="power_of_attorney"
    )
    client = agent_client(cast.dana)
    assert "Luis Ferreira speaks for Maya Okafor, as power of attorney. May: see, pay" in panel(client, chat)
    assert "Luis Ferreira speaks here for Maya Okafor, as power of attorney" in read(client.get(chat.page))
    place(cast.maya.pk, "deceased", now)
    shown = panel(client, chat)
    assert "Luis Ferreira can’t speak for Maya Okafor as power of attorney now." in shown
    card = current_core().cards(cast.maya.core_customer)[0].token
    phone = cast.luis.points.get(kind="phone")
    record_call_back(by=dana, now=now, contact_id=chat.contact_id, point_id=phone.pk)
    freeze_card(by=dana, now=clock.now(), card=card, contact_id=chat.contact_id)  # protecting goes on
    with pytest.raises(CapacityMissing):
        unfreeze_card(by=dana, now=clock.now(), card=card, contact_id=chat.contact_id)


def test_one_that_stands_instead_of_another_ends_it_once_a_supervisor_said_yes(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client]
) -> None:
    old = record(cast.luis, cast.maya, "account_manager_limited", clock.now())
    agent, supervisor = agent_client(cast.dana), agent_client(cast.ines)
    assert "Luis Ferreira · limited account manager" in read(agent.get(page)).split("Instead of")[1]
    assert agent.post(page, form(cast, instead_of="999")).status_code == 422
    assert agent.post(page, form(cast, instead_of=old)).status_code == 302
    new = Authority.objects.get(kind="power_of_attorney")
    assert new.instead_of_id == old and "Instead of Luis Ferreira" in read(agent.get(page))
    assert Authority.objects.get(pk=old).revoked_at is None
    supervisor.post(f"{page}/{new.pk}/confirmation")
    assert Authority.objects.get(pk=old).revoked_by_name == cast.ines.name
    assert "Another authority stands instead of it" in read(agent.get(page)).split("Earlier")[1]


def test_a_paper_that_came_by_post_is_added_checked_and_chosen(
    chat: Chat, cast: Any, page: str, agent_client: Callable[..., Client], settings: Any, tmp_path: Any
) -> None:
    settings.CARDLINE_FILES_DIR = tmp_path / "files"
    agent = agent_client(cast.dana)
    assert f'action="{chat.page}/files"' in agent.get(page).content.decode()
    paper = SimpleUploadedFile("deed.pdf", made.PDF)
    assert agent.post(f"{chat.page}/files", {"file": paper, "back": page})["Location"] == page
    assert "1 file is being checked." in read(agent.get(page)) and "deed.pdf" not in read(agent.get(page))
    unchecked = StoredFile.objects.get()
    assert agent.post(page, form(cast, file=unchecked.pk)).status_code == 422
    check_waiting(clock.now())
    assert "deed.pdf" in read(agent.get(page))
    agent.post(page, form(cast, file=unchecked.pk, paper="", key="another press"))
    assert Authority.objects.get(member=cast.maya).file == unchecked.pk
    assert "deed.pdf (Luis Ferreira; Maya Okafor)" in read(agent.get(page))
