"""A case on the desk: who sees it, what it shows, and what a screen fetches when something is new."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cardline.audit.models import AuditEvent
from cardline.cards.commands import call_a_person
from cardline.cards.freeze_lane import work_through_lane
from cardline.cards.models import FreezeWish
from cardline.cards.tests.distance import far_away
from cardline.contact.commands import send_message
from cardline.desk.commands import add_note
from cardline.desk.tests.conftest import Chat
from cardline.desk.verification import ACTIONS
from cardline.issuer.core import CoreUnknown, Part, current_core, use_core
from cardline.issuer.profile import MATRIX
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.redact import clean
from cardline.members.commands import choose_zone, prefer_name, say_access_needs
from cardline.members.models import Member

Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    """Maya's, in Dana's hands."""
    return chat_of(maya, agent=dana, plan={"from": "us", "card_type": "personal"})


def test_a_signed_out_visitor_is_asked_to_sign_in_and_comes_back(chat: Chat, client: Client) -> None:
    answer = client.get(chat.page)
    assert answer.status_code == 302
    assert answer["Location"] == f"/staff/login/?next={chat.page}"


def test_somebody_elses_case_is_not_there(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], member_client: Callable[..., Client]
) -> None:
    nowhere = agent_client(cast.priya).get("/desk/cases/000-0000")
    other_team = agent_client(cast.priya).get(chat.page)
    assert (other_team.status_code, nowhere.status_code) == (404, 404)
    assert member_client(cast.maya).get(chat.page).status_code == 404
    assert agent_client(cast.ines).get(chat.page).status_code == 200


def test_the_page_says_what_they_said_before(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    page = agent_client(cast.dana).get(chat.page).content.decode()
    for words in (
        "My card was lost or stolen",
        "Personal card",
        "In the United States",
        "I left my card at a bakery",
    ):
        assert words in page


def test_the_members_numbers_are_masked(chat: Chat, cast: Any, agent_client: Callable[..., Client]) -> None:
    page = agent_client(cast.dana).get(chat.page).content.decode()
    assert "•••• 0142" in page
    for point in cast.maya.points.all():
        assert point.value not in page


def test_each_page_of_the_member_has_a_key_of_its_own(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    page = agent_client(cast.dana).get(chat.page).content.decode()
    about = page.split('class="about-them"')[1].split("</ul>")[0]
    keys = re.findall(r'href="/desk/members/\d+/([a-z-]+)" data-key="([^"]+)"', about)
    assert keys == [
        ("contact-data", "g c"),
        ("authorities", "g a"),
        ("letters", "g w"),
        ("restrictions", "g r"),
    ]
    assert all(page.count(f'data-key="{key}"') == 1 for _place, key in keys)


def test_what_to_mind_stands_beside_the_name_they_chose_and_the_legal_one(
    chat: Chat, cast: Any, as_member: Any, agent_client: Callable[..., Client]
) -> None:
    maya, now = as_member(cast.maya), clock.now()
    prefer_name(by=maya, now=now, name=clean("Mai"))
    choose_zone(by=maya, now=now, zone="Asia/Tokyo")
    needs = ["relay", "no_calls"]
    say_access_needs(by=maya, now=now, needs=needs, interpreter=clean(""), note=clean("After <six>"))
    page = agent_client(cast.dana).get(chat.page).content.decode()
    panel = page.split('id="speak-with"')[1].split("Member since")[0]
    for words in ("<h2>Mai</h2>", "Legal name: Maya Okafor", "Do not call. Write.", "After &lt;six&gt;"):
        assert words in panel
    assert "where they are" in panel
    assert "Mai (Maya Okafor)" in page and "Promises to Mai" in page
    assert page.index("Do not call") < page.index("•••• 0142")  # before the number to call


def test_nothing_to_mind_takes_no_room(chat: Chat, cast: Any, agent_client: Callable[..., Client]) -> None:
    page = agent_client(cast.dana).get(chat.page).content.decode()
    panel = page.split('id="speak-with"')[1].split("Member since")[0]
    assert "<h2>Maya Okafor</h2>" in panel and "notice" not in panel and "Legal name" not in panel


def test_a_reference_as_it_was_heard_leads_to_its_case(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    heard = chat.ref.replace("-", " ").lower()
    assert client.get("/desk/find", {"ref": heard})["Location"] == chat.page
    wrong = client.get("/desk/find", {"ref": "7K4"})
    assert wrong.status_code == 422
    assert "7 letters and numbers" in wrong.content.decode()


def test_a_look_is_recorded_once_for_each_colleague(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], maya: Actor
) -> None:  # SR-93
    for _ in range(3):
        agent_client(cast.dana).get(chat.page)
    agent_client(cast.ines).get(chat.page)
    seen = AuditEvent.objects.filter(name="member.viewed", about=f"member:{maya.member_id}")
    assert set(seen.values_list("actor", flat=True)) == {f"agent:{cast.dana.pk}", f"agent:{cast.ines.pk}"}
    assert len(seen) == 2


def test_a_screen_fetches_only_the_lines_it_lacks(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], maya: Actor, dana: Actor
) -> None:
    client = agent_client(cast.dana)
    note = add_note(by=dana, now=clock.now(), case_id=chat.case_id, text=clean("Sounds calm"))
    n = send_message(by=maya, now=clock.now(), contact_id=chat.contact_id, text=clean("Are you there?"))["n"]
    everything = client.get(f"{chat.page}/lines").content.decode()
    assert "I left my card at a bakery" in everything
    assert "Sounds calm" in everything
    new = client.get(f"{chat.page}/lines", {"after": f"{chat.case_id}.{n - 1} n{note}"}).content.decode()
    assert "Are you there?" in new
    assert "bakery" not in new
    assert "Sounds calm" not in new
    assert (
        client.get(f"{chat.page}/lines", {"after": f"{chat.case_id}.{n} n{note}"}).content.decode().strip()
        == ""
    )


@pytest.mark.parametrize("after", ["", "x", "1.x n", "9" * 400, "5.12 5.13", "' OR 1=1"])
def test_a_screen_that_asks_nonsense_gets_lines_and_no_error(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], after: str
) -> None:
    assert agent_client(cast.dana).get(f"{chat.page}/lines", {"after": after}).status_code == 200


def test_words_of_people_are_text_and_never_markup(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], maya: Actor
) -> None:
    send_message(
        by=maya, now=clock.now(), contact_id=chat.contact_id, text=clean("<script>alert(1)</script>")
    )
    page = agent_client(cast.dana).get(chat.page).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_costs_the_same_for_a_long_conversation(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], maya: Actor
) -> None:
    client = agent_client(cast.dana)
    client.get(chat.page)
    with CaptureQueriesContext(connection) as short:
        client.get(chat.page)
    for number in range(40):
        send_message(by=maya, now=clock.now(), contact_id=chat.contact_id, text=clean(f"Line {number}"))
    with CaptureQueriesContext(connection) as long:
        client.get(chat.page)
    assert len(long) == len(short) <= 57


def test_whoever_is_not_signed_in_is_a_guest_of_whom_nothing_is_known(
    chat_of: Callable[..., Chat], cast: Any, agent_client: Callable[..., Client], dana: Actor
) -> None:
    chat = chat_of(Actor(Kind.GUEST, "a" * 64), agent=dana)
    page = agent_client(cast.dana).get(chat.page).content.decode()
    assert "Nobody is signed in. Say nothing about an account." in page
    assert "/freeze" not in page


def test_nothing_proved_locks_the_actions_and_says_why(
    chat_of: Callable[..., Chat],
    cast: Any,
    agent_client: Callable[..., Client],
    as_member: Callable[..., Actor],
    dana: Actor,
) -> None:
    chat = chat_of(as_member(cast.maya, signed_in=False), agent=dana)
    client = agent_client(cast.dana)
    page = client.get(chat.page).content.decode()
    assert "Not verified" in page
    assert "The level reached is not enough for this." in page
    card = current_core().cards(cast.maya.core_customer)[0].token
    assert client.post(f"/desk/contacts/{chat.contact_id}/cards/{card}/freeze").status_code == 403


def test_a_card_is_frozen_from_the_conversation_and_not_after_it(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], dana: Actor
) -> None:
    from cardline.contact.models import Contact

    client = agent_client(cast.dana)
    card = current_core().cards(cast.maya.core_customer)[0]
    assert f"Freeze {card.last4}" in client.get(chat.page).content.decode()
    client.post(f"/desk/contacts/{chat.contact_id}/cards/{card.token}/freeze", {"key": "a-key-of-ours"})
    page = client.get(chat.page).content.decode()
    assert f"froze card ending {card.last4}" in page
    Contact.objects.filter(pk=chat.contact_id).update(state="ended", ended_at=clock.now())
    assert "/unfreeze" not in client.get(chat.page).content.decode()
    assert client.post(f"/desk/contacts/{chat.contact_id}/cards/{card.token}/unfreeze").status_code == 409


def test_a_silent_card_core_leaves_the_rest_of_the_page(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    class Silent:
        offers = frozenset(Part)
        answers_at_once = True

        def __getattr__(self, name: str) -> Callable[..., Any]:
            def nothing(*_: Any, **__: Any) -> Any:
                raise CoreUnknown()

            return nothing

    real = current_core()
    use_core(Silent())
    try:
        answer = agent_client(cast.dana).get(chat.page)
    finally:
        use_core(real)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The card system gives no answer just now." in page
    assert "I left my card at a bakery" in page


def test_a_freeze_that_is_asked_or_unknown_is_told_as_two_things_and_can_be_taken_back(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:  # SR-82
    client = agent_client(cast.dana)
    with far_away() as far:
        card = current_core().cards(cast.maya.core_customer)[0]
        client.post(f"/desk/contacts/{chat.contact_id}/cards/{card.token}/freeze", {"key": "a-key-of-ours"})
        page = client.get(chat.page).content.decode()
        assert "Freeze asked" in page and "Freeze unknown" not in page and "/unfreeze" in page
        far.cut = True
        work_through_lane()
        for _ in range(2):  # from what the core said last, and where nothing is remembered
            page = client.get(chat.page).content.decode()
            assert "Freeze unknown" in page and "Freeze asked" not in page
            cache.clear()
        call_a_person(by=SYSTEM, now=clock.now(), wish_id=FreezeWish.objects.get().pk)
        assert "Freeze it another way, and tell the member" in client.get(chat.page).content.decode()


def test_every_action_of_the_level_matrix_has_words_on_the_desk() -> None:
    assert {action for family in MATRIX.values() for action in family} == set(ACTIONS)


def test_a_locked_member_reaches_nothing_of_the_desk(
    chat: Chat, cast: Any, member_client: Callable[..., Client]
) -> None:
    assert Member.objects.filter(pk=cast.hannah.pk).exclude(locked_at=None).exists()
    assert member_client(cast.hannah).get("/desk").status_code == 404


@pytest.mark.parametrize("told", ["by the plan page", "by a system of the issuer's"])
def test_the_charge_chosen_on_the_way_comes_first(
    chat_of: Callable[..., Chat],
    maya: Actor,
    dana: Actor,
    cast: Any,
    agent_client: Callable[..., Client],
    told: str,
) -> None:
    newest, older = current_core().transactions(cast.maya.core_customer, most=4).items[::3]
    assert newest.merchant != older.merchant
    charge = {"token": older.token} if told == "by the plan page" else older.token
    chat = chat_of(maya, agent=dana, plan={"charge": charge})
    shown = agent_client(cast.dana).get(chat.page).content.decode()
    assert shown.index(older.merchant) < shown.index(newest.merchant)
