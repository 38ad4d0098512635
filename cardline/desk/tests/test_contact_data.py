"""A member's contact data on the desk: masked, changed at the level reached, decided by somebody else."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cardline.cards.commands import replace_card
from cardline.cards.models import Hold
from cardline.cards.queries import cards_of
from cardline.cases.models import Case
from cardline.contact.asks.commands import answer_ask
from cardline.contact.proofs.commands import record_call_back
from cardline.contactdata.changes.commands import change_address
from cardline.contactdata.notices.commands import was_not_me
from cardline.contactdata.tests.scene import AT_HOME, HOME, change, link, point, points, strongly
from cardline.files.models import StoredFile
from cardline.files.sweeps import check_waiting
from cardline.files.tests import made
from cardline.identity.asks.models import Ask
from cardline.identity.models import Evidence, MemberSession
from cardline.identity.rules import Proof
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.reference import show_reference
from cardline.members.models import ContactChange, ContactPoint, FormerName, Member, SafeContact
from conftest import NOW

DETAILS = "info.contact_details"


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def jonah(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.jonah)


@pytest.fixture
def client(cast: Any, agent_client: Callable[..., Client]) -> Client:
    clock.set_offset(NOW - clock.machine_now())
    return agent_client(cast.jonah)


@pytest.fixture
def page(maya: Actor) -> str:
    return f"/desk/members/{maya.member_id}/contact-data"


@pytest.fixture
def talk(maya: Actor, jonah: Actor, chat_of: Any, client: Client) -> Any:
    """A conversation in Jonah's hands, from an open session of nobody we know surely."""
    return chat_of(maya, need=DETAILS, agent=jonah)


def proved(maya: Actor, jonah: Actor, talk: Any) -> None:
    record_call_back(by=jonah, now=NOW, contact_id=talk.contact_id, point_id=point(maya, "phone").pk)


def test_everything_is_shown_in_part_and_the_look_has_its_link(
    client: Client, maya: Actor, talk: Any, page: str
) -> None:
    shown = client.get(page).content.decode()
    for words in ("•••• 0142", "m•••@example.com", "Postal address on file"):
        assert words in shown
    assert "555 0142" not in shown and "Quince" not in shown
    assert page in client.get(talk.page).content.decode()


@pytest.mark.parametrize(("language", "name"), [("en", "Germany"), ("es", "Alemania")])
def test_countries_are_named_in_the_language_of_the_page(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str, language: str, name: str
) -> None:
    proved(maya, jonah, talk)
    shown = client.get(page, headers={"Accept-Language": language}).content.decode()
    assert f'<option value="DE">{name}</option>' in shown and '<option value="US">' in shown


def test_at_level_2_a_change_is_taken_down_to_wait(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    typed = {name: str(value) for name, value in HOME.items()}
    assert client.post(page, {"kind": "post", **typed}).status_code == 302
    wish = ContactChange.objects.get()
    assert (wish.state, wish.why_waits, wish.asked_by) == ("waiting", "delay", jonah.key)
    shown = read(client.get(page))
    assert "so a colleague decides it" in shown
    answer = client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": "I know her"})
    assert answer.status_code == 403
    assert points(maya, "post") != [AT_HOME]


def test_a_colleague_decides_and_says_how(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    client.post(page, {"kind": "phone", "phone": "518 555 0150"})
    wish = ContactChange.objects.get()
    ContactChange.objects.filter(pk=wish.pk).update(asked_by="agent:0")  # somebody else took it down
    assert client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": " "}).status_code == 422
    assert (
        client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": "Bill seen"}).status_code == 302
    )
    assert "+15185550150" in points(maya, "phone")
    assert "Bill seen" in read(client.get(page))


def test_what_cannot_be_read_comes_back_as_it_was_typed(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    answer = client.post(page, {"kind": "email", "email": "maya at home"})
    assert answer.status_code == 422
    assert "Write the whole address" in read(answer) and "maya at home" in answer.content.decode()
    assert client.post(page, {"kind": "nothing"}).status_code == 422


def test_a_refused_document_says_why_to_the_member(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str, cast: Any, member_client: Any
) -> None:
    proved(maya, jonah, talk)
    client.post(page, {"kind": "phone", "phone": "518 555 0150"})
    wish = ContactChange.objects.get()
    ContactChange.objects.filter(pk=wish.pk).update(asked_by="agent:0")
    client.post(f"{page}/changes/{wish.pk}", {"what": "refuse", "reason": "wrong_person", "how": "Luis’s"})
    own = read(member_client(cast.maya).get("/profile/contact"))
    assert "The document is somebody else’s" in own and "Luis" not in own


def test_a_held_card_is_sent_once_somebody_is_sure_of_the_address(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=NOW, card=card)
    assert "A new card for 4471" in read(client.get(page))
    client.post(f"{page}/changes/{moved.pk}", {"what": "sure", "how": "Called the number on file"})
    assert Hold.objects.get().state == "released"
    assert "A new card for 4471" not in read(client.get(page))


def test_a_held_card_may_be_refused(client: Client, maya: Actor, talk: Any, page: str) -> None:
    strongly(change_address, maya, NOW, **HOME)
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=NOW, card=card)
    held = Hold.objects.get()
    assert client.post(f"{page}/held/{held.pk}", {"why": ""}).status_code == 422
    client.post(f"{page}/held/{held.pk}", {"why": "They did not ask"})
    held.refresh_from_db()
    assert held.state == "refused"


def test_a_dispute_is_settled_where_it_stands(client: Client, maya: Actor, talk: Any, page: str) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    was_not_me(by=SYSTEM, now=NOW, token=link(moved, "letter"))
    assert "taken back after “not me”" in read(client.get(page))
    client.post(f"{page}/changes/{moved.pk}", {"what": "was_member", "how": "Called back, facts matched"})
    assert points(maya, "post") == [AT_HOME]


def test_safe_contact_is_noted_at_level_2_and_stands_beside_the_name(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    phone = point(maya, "phone")
    proved(maya, jonah, talk)
    client.post(f"{page}/safe", {"only": phone.pk, "no_voicemail": "on"})
    assert SafeContact.objects.get().only_id == phone.pk
    assert "Reach them by •••• 0142 only" in read(client.get(talk.page))


def test_who_sees_no_case_of_theirs_gets_nothing(
    client: Client, maya: Actor, cast: Any, agent_client: Any, page: str
) -> None:
    assert client.get(page).status_code == 404
    for path in (f"{page}/changes/1", f"{page}/held/1", f"{page}/safe"):
        assert client.post(path, {}).status_code in (404, 403, 422)
    assert client.get("/desk/members/99999999999999999999/contact-data").status_code == 404


# --------------------------------------------------------------------------------------- level 3, for one thing alone


def signed_in(maya: Actor, browser: str) -> Actor:
    """Maya in a browser of hers, by a sign-in that counts."""
    at = clock.machine_now()
    MemberSession.objects.create(
        session=browser, member_id=maya.member_id, since=at, seen_at=at, way="passkey"
    )
    shown = {"member_id": maya.member_id, "kind": Proof.SESSION, "session": browser}
    Evidence.objects.create(**shown, at=at, expires_at=at + timedelta(hours=1))
    return replace(maya, session=browser)


def approves(maya: Actor, browser: str = "telephone") -> None:
    answer_ask(by=signed_in(maya, browser), now=NOW, ask_id=Ask.objects.latest("pk").pk, approved=True)


PHONE = {"kind": "phone", "phone": "518 555 0150"}


def test_what_they_approved_in_the_app_is_made_at_once_and_nothing_else_is(
    client: Client, maya: Actor, talk: Any, page: str
) -> None:
    asked = client.post(page, {**PHONE, "road": "ask"})
    shown = asked.content.decode()
    assert asked.status_code == 200 and "Asked in the app" in read(asked)
    assert 'value="518 555 0150"' in shown and 'value="approved"' in shown  # the same press goes out again
    too_early = client.post(page, {**PHONE, "road": "approved"})
    assert too_early.status_code == 403 and "This needs level 3, and level 2 was reached." in read(too_early)
    assert "They said yes: make it" in read(
        too_early
    )  # so that a press too early is not one that leaves it to wait
    assert not ContactChange.objects.exists()
    approves(maya)
    another = client.post(page, {"kind": "phone", "phone": "518 555 0199", "road": "approved"})
    assert another.status_code == 403 and not ContactChange.objects.exists()
    assert client.post(page, {**PHONE, "landline": "on", "road": "approved"}).status_code == 403
    assert client.post(page, {**PHONE, "road": "approved"}).status_code == 302
    assert (ContactChange.objects.get().state, points(maya, "phone")[-1]) == ("done", "+15185550150")


def test_a_yes_to_one_number_leaves_another_one_waiting(
    client: Client, maya: Actor, talk: Any, page: str
) -> None:
    client.post(page, {**PHONE, "road": "ask"})
    approves(maya)
    client.post(page, {"kind": "phone", "phone": "518 555 0199"})
    assert ContactChange.objects.get().state == "waiting" and "+15185550199" not in points(maya, "phone")


def test_a_contact_point_is_removed_at_level_3_for_that_one_alone(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    phone, email = point(maya, "phone"), point(maya, "email")
    refused = client.post(page, {"kind": "remove_phone", "point": phone.pk})
    assert refused.status_code == 403 and "This needs level 3, and level 2 was reached." in read(refused)
    client.post(page, {"kind": "remove_phone", "point": phone.pk, "road": "ask"})
    approves(maya)
    assert client.post(page, {"kind": "remove_email", "point": email.pk}).status_code == 403
    assert client.post(page, {"kind": "remove_phone", "point": email.pk}).status_code == 403
    assert client.post(page, {"kind": "remove_phone", "point": phone.pk}).status_code == 302
    assert points(maya, "phone") == [] and email.value in points(maya, "email")


def test_below_level_2_nothing_is_even_taken_down(
    chat_of: Any, as_member: Any, cast: Any, jonah: Actor, client: Client
) -> None:
    page = f"/desk/members/{cast.maya.pk}/contact-data"
    chat_of(as_member(cast.maya, signed_in=False), need=DETAILS, agent=jonah)
    for kind in ("phone", "name", "prefer", "called", "remove_phone"):
        refused = client.post(page, {"kind": kind, "phone": "518 555 0150", "given_name": "Mai"})
        assert refused.status_code == 403, kind
        assert "level 0 was reached" in read(refused)
    assert "Try this one first" not in read(client.get(page)) and not ContactChange.objects.exists()


def test_another_one_is_tried_first(client: Client, maya: Actor, jonah: Actor, talk: Any, page: str) -> None:
    proved(maya, jonah, talk)
    theirs = ContactPoint.objects.filter(member=maya.member_id)
    other = theirs.filter(preferred=False)[0]
    assert "Try this one first" in read(client.get(page))
    assert client.post(page, {"kind": "prefer", "point": other.pk}).status_code == 302
    assert list(theirs.filter(preferred=True)) == [other]
    strangers = ContactPoint.objects.exclude(member=maya.member_id)[0]
    assert client.post(page, {"kind": "prefer", "point": strangers.pk}).status_code == 404


# --------------------------------------------------------------------------------------------------------------- names


def test_each_of_their_names_stands_apart(client: Client, maya: Actor, talk: Any, page: str) -> None:
    FormerName.objects.create(member_id=maya.member_id, given_name="Maya", family_name="Diaz", until=NOW)
    Member.objects.filter(pk=maya.member_id).update(preferred_name="Mai", embossed_name="M OKAFOR")
    names = read(client.get(page)).split("Names")[1].split("Change it with them")[0]
    for words in (
        "Legal name Maya Okafor",
        "Wants to be called Mai",
        "On the next card M OKAFOR",
        "Maya Diaz",
    ):
        assert words in names


def test_a_legal_name_waits_for_its_document_and_for_a_colleague(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str, settings: Any, tmp_path: Any
) -> None:
    settings.CARDLINE_FILES_DIR = tmp_path / "files"
    proved(maya, jonah, talk)
    wanted = {"kind": "name", "given_name": "Maya", "family_name": "Okafor-Reyes"}
    bad = client.post(page, {**wanted, "family_name": "1234"})
    assert bad.status_code == 422 and 'value="1234"' in bad.content.decode()
    assert client.post(page, wanted).status_code == 302
    wish = ContactChange.objects.get()
    assert (wish.state, wish.why_waits, wish.new["strongly"]) == ("waiting", "paper", False)
    shown = client.get(page).content.decode()
    ref = Case.objects.get(pk=wish.case).ref
    assert (
        f'action="/desk/cases/{show_reference(ref)}/files"' in shown and "a sheet on top that says" in shown
    )
    paper = SimpleUploadedFile("deed.pdf", made.PDF)
    added = client.post(f"/desk/cases/{show_reference(ref)}/files", {"file": paper, "back": page})
    assert (added.status_code, added["Location"]) == (302, page)
    assert "deed.pdf (being checked)" in read(client.get(page))
    check_waiting(NOW)
    file = StoredFile.objects.get()
    assert (file.member_id, file.given_by) == (maya.member_id, jonah.key)
    assert f'href="/desk/files/{file.token}"' in client.get(page).content.decode()
    made_by_self = client.post(
        f"{page}/changes/{wish.pk}", {"what": "approve", "how": "Deed", "file": file.pk}
    )
    assert made_by_self.status_code == 403
    ContactChange.objects.update(asked_by="agent:0")  # somebody else took it down
    client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": "Deed", "file": file.pk})
    assert Member.objects.get(pk=maya.member_id).family_name == "Okafor-Reyes"


def test_what_they_are_called_and_what_the_card_carries_are_theirs_to_say(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    assert client.post(page, {"kind": "called", "name": "Mai"}).status_code == 302
    assert client.post(page, {"kind": "embossed", "name": "M Okafor"}).status_code == 302
    member = Member.objects.get(pk=maya.member_id)
    assert (member.preferred_name, member.embossed_name, member.given_name) == ("Mai", "M OKAFOR", "Maya")
    for wrong in ({"kind": "called", "name": "1234"}, {"kind": "embossed", "name": "Somebody Else"}):
        assert client.post(page, wrong).status_code == 422
    client.post(page, {"kind": "called", "name": ""})
    assert Member.objects.get(pk=maya.member_id).preferred_name == ""
