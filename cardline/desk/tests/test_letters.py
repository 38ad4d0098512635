"""Print today, one letter as a PDF, and a member's letters, on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cardline.audit.models import View
from cardline.cases.models import Case
from cardline.desk.tests.conftest import Chat
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.members.restrictions.tests.scene import place
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.disclosure import current_disclosure
from cardline.notify.letters.models import BadAddress, Letter, PaperConsent
from cardline.notify.letters.tests.samples import facts_of
from cardline.staff.models import Agent

Client = Any
PRINT = "/desk/print"


@pytest.fixture
def letter(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Letter:
    return letter_in(chat_of(maya, agent=dana))


def letter_in(chat: Chat) -> Letter:
    case = Case.objects.get(pk=chat.case_id)
    made = send_letter(
        by=SYSTEM, now=clock.now(), member_id=case.member_id or 0, case_id=case.pk, kind="lost.summary", law="z",
        facts={**facts_of("lost.summary"), "reference": case.ref},
    )  # fmt: skip
    return Letter.objects.get(pk=made["letter_id"])


@pytest.fixture
def printer(cast: Any, agent_client: Callable[..., Client]) -> Client:
    """Priya, as one of the team that prints: no case of Maya's is hers."""
    profile = current_profile()
    team = profile.queue(profile.letters.queue).team
    Agent.objects.filter(pk=cast.priya.pk).update(team=team)
    cast.priya.team = team
    return agent_client(cast.priya)


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def press(client: Client, letter: Letter, what: str, **form: str) -> Any:
    answer = client.post(f"{PRINT}/{letter.pk}/{what}", {"key": f"press {what}", **form})
    letter.refresh_from_db()
    return answer


def test_nothing_to_print_says_so(printer: Client) -> None:
    page = html(printer, PRINT)
    assert "Nothing to print." in page and "0 to print · 0 held · 0 posted today" in page


def test_a_letter_is_printed_posted_and_undone_by_its_buttons(letter: Letter, printer: Client) -> None:
    page = html(printer, PRINT)
    assert "1 to print" in page and "Maya Okafor" in page and f"/desk/letters/{letter.name}.pdf" in page
    assert press(printer, letter, "spoiling").headers["Location"] == f"{PRINT}?said=spoiled"
    assert "1 sheet spoiled" in html(printer, f"{PRINT}?said=spoiled")
    for _ in range(2):  # a double press is one
        press(printer, letter, "posting", certified="9407 1118")
    assert (letter.state, letter.certified, letter.posted_by_name) == ("posted", "94071118", "Priya Raman")
    page = html(printer, f"{PRINT}?said=posted")
    assert "Noted as posted." in page and "1 posted today" in page and "certified 94071118" in page
    press(printer, letter, "undoing")
    assert letter.state == "to_print" and "Nothing to print." not in html(printer, PRINT)


def test_a_number_that_is_none_comes_back_with_what_was_typed(letter: Letter, printer: Client) -> None:
    answer = press(printer, letter, "posting", certified="no/number")
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and 'value="no/number"' in page and "at most 40 letters and digits" in page
    )
    assert letter.state == "to_print"


def test_what_came_in_between_is_said_at_once(letter: Letter, printer: Client) -> None:
    place(letter.member_id, "deceased", clock.now())
    assert press(printer, letter, "posting").headers["Location"] == f"{PRINT}?said=held"
    page = html(printer, f"{PRINT}?said=held")
    assert "Do not post it." in page and "A restriction stands in the way." in page


def test_one_that_came_back_marks_the_address(
    letter: Letter, printer: Client, agent_client: Any, cast: Any
) -> None:
    press(printer, letter, "posting")
    press(printer, letter, "return")
    assert letter.came_back_at and BadAddress.objects.filter(right_at=None).count() == 1
    assert "It came back" not in html(printer, PRINT)
    of_member = f"/desk/members/{letter.member_id}/letters"
    agent, supervisor = agent_client(cast.dana), agent_client(cast.ines)
    assert "They say it is right" not in html(agent, of_member)
    assert "A letter came back from their address" in html(agent, of_member)
    assert agent.post(of_member, {"key": "k1", "what": "right"}).status_code == 403
    assert supervisor.post(of_member, {"key": "k2", "what": "right"}).status_code == 302
    assert not BadAddress.objects.filter(right_at=None).exists()


def test_opening_it_is_a_look_that_stands_in_the_log(
    letter: Letter, printer: Client, agent_client: Any, cast: Any
) -> None:  # SR-25
    answer = printer.get(f"/desk/letters/{letter.name}.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    look = View.objects.get(page="letter")
    assert (look.member_id, look.agent_id, look.ref) == (letter.member_id, cast.priya.pk, letter.reference)
    press(printer, letter, "posting")
    assert printer.get(f"/desk/letters/{letter.name}.pdf").status_code == 404  # no work of theirs any more
    assert agent_client(cast.dana).get(f"/desk/letters/{letter.name}.pdf").status_code == 200
    assert View.objects.filter(page="letter", agent=cast.dana.pk).exists()


def test_who_does_not_print_sees_no_list_and_posts_nothing(
    letter: Letter, agent_client: Any, cast: Any
) -> None:
    client = agent_client(cast.dana)
    assert client.get(PRINT).status_code == 403
    assert press(client, letter, "posting").status_code == 403
    assert letter.state == "to_print"
    assert PRINT not in html(client, "/desk")


def test_it_stands_beside_its_case_and_on_the_members_page(
    letter: Letter, agent_client: Any, cast: Any
) -> None:
    client = agent_client(cast.dana)
    page = html(client, f"/desk/cases/{letter.content['reference']}")
    assert f"/desk/letters/{letter.name}.pdf" in page and "To be printed" in page
    page = html(client, f"/desk/members/{letter.member_id}/letters")
    assert "Summary of your report" in page and "All letters go on paper." in page


def test_back_to_paper_is_noted_for_the_member(letter: Letter, agent_client: Any, cast: Any) -> None:
    PaperConsent.objects.create(
        member=letter.member, covers="cards", disclosure=current_disclosure().version, given_at=clock.now()
    )
    client, here = agent_client(cast.dana), f"/desk/members/{letter.member_id}/letters"
    assert "without paper since" in html(client, here)
    assert client.post(here, {"key": "k", "what": "paper", "covers": ["cards"]}).status_code == 302
    assert PaperConsent.objects.get().withdrawn_by.startswith("agent:")
    assert client.post(here, {"key": "k2", "what": "something"}).status_code == 422


def test_no_letter_has_a_number_that_no_database_could_hold(printer: Client) -> None:
    assert printer.post(f"{PRINT}/{2**70}/posting", {"key": "k"}).status_code == 404
    assert printer.get(f"/desk/members/{2**70}/letters").status_code == 404
