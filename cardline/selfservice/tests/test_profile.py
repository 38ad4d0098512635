"""A member's profile: what it shows, what each press changes, and who else gets nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from cardline.conftest import chat_of
from cardline.desk.queries import inbox
from cardline.identity.commands import record_sign_in
from cardline.identity.models import MemberSession
from cardline.issuer import core
from cardline.issuer.core import Card, CardState, Role, WalletState, WalletToken
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.members.models import AccessNeeds, ContactPoint, Member
from cardline.staff.commands import set_presence

BACKEND = "cardline.identity.backend.SignInBackend"
CARD_NUMBER = "4111 1111 1111 1111"

pytestmark = pytest.mark.django_db


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def part(answer: Any, section: str) -> str:
    """The section with this id, as it was sent."""
    return str(answer.content.decode().split(f'id="{section}"')[1].split("</section>")[0])


def signed_in(member: Actor) -> Client:
    client = Client()
    user = Member.objects.get(pk=member.member_id).user
    assert user is not None
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def client(maya: Actor, no_cards: list[Card]) -> Client:
    return signed_in(maya)


@pytest.fixture
def no_cards() -> Iterator[list[Card]]:
    """What the card core answers; a test puts cards in."""
    cards: list[Card] = []
    real = core.current_core()

    class Asked:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def cards(self, customer: str) -> list[Card]:
            return cards

    core.use_core(Asked())
    yield cards
    core.use_core(real)


def row(maya: Actor) -> Member:
    return Member.objects.get(pk=maya.member_id)


def change(client: Client, what: str, **typed: Any) -> Any:
    return client.post("/profile", {"change": what, "key": f"key-of-a-form-{what}", **typed})


# ------------------------------------------------------------------------------------------------------- the name


def test_the_legal_name_is_shown_and_leads_to_the_way_it_changes(client: Client) -> None:
    section = part(client.get("/profile"), "name")
    assert "Maya Okafor" in section and 'href="/profile/contact/name"' in section


def test_a_preferred_name_is_what_the_pages_and_the_desk_say(
    client: Client, maya: Actor, dana: Actor, now: datetime
) -> None:
    answer = change(client, "name", name=" Mai  Linh ")
    assert (answer.status_code, answer["Location"]) == (302, "/profile?saved=name#name")
    shown = client.get(answer["Location"])
    assert "Saved. We call you Mai Linh." in read(shown)
    assert '<span class="name">Mai Linh</span>' in shown.content.decode()
    set_presence(by=dana, now=now, state="available")
    chat_of(maya, None, now)
    assert [line.name for line in inbox(dana, "waiting", now=now).rows] == ["Mai Linh (Maya Okafor)"]


def test_it_goes_back_by_one_press(client: Client, maya: Actor) -> None:
    assert "Call me Maya again" not in read(client.get("/profile"))
    change(client, "name", name="Mai")
    assert "Call me Maya again" in read(client.get("/profile"))
    client.post("/profile", {"change": "name", "name": "", "key": "another-key"})
    assert row(maya).called == "Maya"


def test_a_card_number_typed_as_a_name_is_refused_and_stands_nowhere(client: Client, maya: Actor) -> None:
    answer = change(client, "name", name=f"Mai {CARD_NUMBER}")
    assert answer.status_code == 422 and "we did not keep it" in read(answer)
    assert "4111" not in answer.content.decode() and row(maya).preferred_name == ""


@pytest.mark.parametrize("typed", ["12345", "x" * 81, "Ma\u202eya"])
def test_what_is_no_name_stays_in_the_field_with_the_way_out(client: Client, typed: str) -> None:
    answer = change(client, "name", name=typed)
    assert answer.status_code == 422 and "letters of any script" in read(answer)
    assert html.escape(typed) in part(answer, "name")


# ------------------------------------------------------------------------------------------------------- language


def test_ones_own_language_goes_before_what_a_device_says(client: Client, maya: Actor) -> None:
    other = signed_in(maya)
    client.post("/language", {"language": "es", "next": "/profile?saved=language#language"})
    assert row(maya).chosen_language == row(maya).language == "es"
    for browser in (client, other):
        answer = browser.get("/profile", headers={"Accept-Language": "en"})
        assert answer["Content-Language"] == "es" and '<html lang="es"' in answer.content.decode()
    other.cookies["cardline_language"] = "en"
    assert other.get("/profile")["Content-Language"] == "es"
    other.post("/sign-out")
    assert other.get("/contact")["Content-Language"] == "en"  # whoever comes next is not them


def test_until_they_choose_the_device_decides(client: Client, maya: Actor) -> None:
    Member.objects.filter(pk=maya.member_id).update(language="es")
    assert client.get("/profile", headers={"Accept-Language": "en"})["Content-Language"] == "en"
    assert client.get("/profile", headers={"Accept-Language": "es"})["Content-Language"] == "es"


def test_a_choice_of_a_visitor_or_a_language_nobody_writes_changes_no_member(
    client: Client, maya: Actor
) -> None:
    Client().post("/language", {"language": "es"})
    client.post("/language", {"language": "tlh"})
    assert (row(maya).chosen_language, row(maya).language) == ("", "en")


def test_a_refusal_is_said_in_ones_own_language_too(client: Client, maya: Actor) -> None:
    Member.objects.filter(pk=maya.member_id).update(chosen_language="es")
    answer = client.get("/cards/nothing", headers={"Accept-Language": "en"})
    assert answer.status_code == 404 and answer["Content-Language"] == "es"


# ------------------------------------------------------------------------------------------------------ time zone


def test_a_zone_is_chosen_by_name_and_the_desk_sees_their_time(client: Client, maya: Actor) -> None:
    assert "Central Time, Chicago" in read(client.get("/profile"))
    assert change(client, "zone", zone="Asia/Tokyo").status_code == 302
    assert "Your time zone: Tokyo, where it is" in read(client.get("/profile"))
    answer = change(client, "zone", zone="Mars/Olympus")
    assert answer.status_code == 422 and "Choose one of the time zones" in read(answer)
    assert row(maya).zone == "Asia/Tokyo"


def test_a_zone_that_is_not_in_the_list_is_kept_until_another_is_chosen(client: Client, maya: Actor) -> None:
    Member.objects.filter(pk=maya.member_id).update(zone="America/Boise")
    section = part(client.get("/profile"), "zone")
    assert '<option value="America/Boise" selected>' in section
    assert change(client, "zone", zone="America/Boise").status_code == 302
    assert row(maya).zone == "America/Boise"


# --------------------------------------------------------------------------------------------------- access needs


def test_what_to_mind_is_kept_and_said_back(client: Client) -> None:
    answer = change(client, "needs", needs=["relay", "interpreter"], interpreter="Polish", note="After six")
    assert answer.status_code == 302
    shown = read(client.get(answer["Location"]))
    assert "I need an interpreter: Polish “After six”" in shown and "Whoever speaks with you sees it" in shown


def test_a_language_alone_asks_for_an_interpreter(client: Client) -> None:
    change(client, "needs", interpreter="ASL")
    assert AccessNeeds.objects.get().needs == ["interpreter"]


def test_an_interpreter_of_no_language_is_asked_back_and_nothing_is_lost(client: Client) -> None:
    answer = change(client, "needs", needs=["interpreter", "no_calls"], note="After six")
    section = part(answer, "needs")
    assert answer.status_code == 422 and "Write the language the interpreter should speak." in section
    assert 'value="After six"' in section and section.count("checked") == 2
    assert '<details class="fold" open>' in section
    assert not AccessNeeds.objects.exists()


def test_a_card_number_in_the_free_line_is_not_kept(client: Client) -> None:
    change(client, "needs", note=f"My card {CARD_NUMBER} is in Braille")
    assert AccessNeeds.objects.get().note == "My card [card ••1111] is in Braille"


def test_a_need_we_do_not_know_is_refused(client: Client) -> None:
    assert change(client, "needs", needs=["telepathy"]).status_code == 422


def test_a_part_there_is_not_is_refused(client: Client) -> None:
    assert change(client, "everything", name="x").status_code == 422


# --------------------------------------------------------------------------------------------------- how we reach


def test_contact_points_are_shown_in_part_with_their_age(client: Client, maya: Actor) -> None:
    since = datetime(2024, 6, 6, 15, 0, tzinfo=UTC)
    for kind, value in (("phone", "+1 212 555 0142"), ("email", "maya@example.org")):
        ContactPoint.objects.create(member_id=maya.member_id, kind=kind, value=value, since=since)
    answer = client.get("/profile")
    shown = read(answer)
    assert "m•••@example.org since Thu, Jun 6, 2024" in shown and "•••• 0142" in shown
    assert "maya@example" not in shown and "555" not in answer.content.decode()
    assert 'href="/profile/contact"' in answer.content.decode() and "United States" in shown


def test_without_any_it_says_so(client: Client) -> None:
    assert "We have no phone, email or address of yours." in read(client.get("/profile"))


# -------------------------------------------------------------------------------------------------------- devices


def elsewhere(member: Actor, device: str) -> MemberSession:
    at = clock.now()
    record_sign_in(by=SYSTEM, now=at, member_id=member.member_id, session=device, device=device)
    return MemberSession.objects.get(session=device)


def test_each_device_is_named_and_this_one_marked(client: Client, maya: Actor, hannah: Actor) -> None:
    assert "You are signed in nowhere else." in read(client.get("/profile"))
    elsewhere(maya, "Safari, iPhone")
    elsewhere(hannah, "Edge, Windows")
    section = part(client.get("/profile"), "devices")
    assert section.count("this one") == 1 and "Safari, iPhone" in section and "Edge" not in section
    assert section.count("Sign out there") == 1  # this one ends by signing out


def test_one_device_is_signed_out_and_then_the_others(client: Client, maya: Actor) -> None:
    phone = elsewhere(maya, "Safari, iPhone")
    answer = client.post(f"/profile/devices/{phone.pk}/end", {"key": "form-key-0001"})
    assert answer["Location"] == "/profile?saved=devices#devices"
    assert "has to sign in again" in read(client.get(answer["Location"]))
    library = signed_in(maya)
    assert library.get("/profile").status_code == 200
    client.post("/profile/devices/others/end", {"key": "form-key-0002"})
    assert library.get("/profile").status_code == 401 and client.get("/profile").status_code == 200


def test_somebody_elses_device_and_none_answer_alike(client: Client, hannah: Actor) -> None:  # SR-22
    hers = elsewhere(hannah, "Edge, Windows")
    answers = [client.post(f"/profile/devices/{pk}/end") for pk in (hers.pk, 2**40)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert MemberSession.objects.filter(pk=hers.pk).exists()


# -------------------------------------------------------------------------------------------------------- wallets


def card(customer: str, *wallets: WalletToken, last4: str = "4471") -> Card:
    return Card(
        token=f"card_{last4}",
        account="acct_1",
        product="Everyday Card",
        customer=customer,
        holder="Maya Okafor",
        role=Role.BASIC,
        bin="379999",
        last4=last4,
        state=CardState.ACTIVE,
        wallets=wallets,
    )


def on(device: str, state: WalletState = WalletState.ACTIVE) -> WalletToken:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return WalletToken(token=f"wlt_{device}", device=device, state=state, added_at=at)


def test_devices_that_pay_lead_to_their_card(client: Client, maya: Actor, no_cards: list[Card]) -> None:
    mine = row(maya).core_customer
    no_cards += [
        card(mine, on("phone"), on("tablet", WalletState.REMOVED)),
        card("somebody-else", on("watch"), last4="9999"),
    ]
    section = part(client.get("/profile"), "wallets-title")
    assert "<b>phone</b>" in section and 'href="/cards/card_4471"' in section
    assert "watch" not in section and "tablet" not in section


def test_the_rest_stands_while_the_core_is_silent(
    client: Client, no_cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(customer: str) -> list[Card]:
        raise core.CoreUnknown("timed out")

    monkeypatch.setattr(type(core.current_core()), "cards", lambda self, customer: silent(customer))
    answer = client.get("/profile")
    assert answer.status_code == 200 and "The card system gives no answer" in read(answer)
    assert "Maya Okafor" in read(answer)


# -------------------------------------------------------------------------------------------------- everybody else


def test_strangers_get_nothing(maya: Actor, dana: Actor) -> None:
    visitor = Client()
    assert visitor.get("/profile").status_code == 401 and "Okafor" not in read(visitor.get("/profile"))
    assert change(visitor, "name", name="Mai").status_code == 401
    assert row(maya).preferred_name == ""


def test_the_page_asks_the_database_no_more_for_many_devices(
    client: Client, maya: Actor, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        elsewhere(maya, f"Firefox {n}")
    with django_assert_max_num_queries(13):
        client.get("/profile")


def test_the_pages_that_keep_it_theirs_are_listed_by_the_headings_they_have(client: Client) -> None:
    shown = part(client.get("/profile"), "safe-title")
    listed = re.findall(r'<a href="([^"]+)">.*?<b>(.*?)</b>', shown, re.DOTALL)
    assert [path for path, _title in listed] == [
        "/profile/sign-in",
        "/profile/safety",
        "/profile/paper",
        "/acting",
        "/profile/views",
    ]
    for path, title in listed:
        answer = client.get(path)
        assert f"<h1>{title}</h1>" in answer.content.decode()
        assert 'class="back no-print" href="/profile"' in answer.content.decode()
