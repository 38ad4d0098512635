"""A member reads letters and chooses between paper and none; nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cardline.cases.models import Case
from cardline.conftest import NEED
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.members.models import ContactPoint
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.models import BadAddress, Letter, PaperConsent
from cardline.notify.letters.tests.samples import facts_of

pytestmark = pytest.mark.django_db
PAPER = "/profile/paper"


@pytest.fixture
def letter(cast: Any) -> Letter:
    now = clock.now()
    case = Case.objects.create(
        ref="7K429QM", member=cast.maya, need=NEED, subject="Lost card", queue=current_profile().queue_for(NEED).id,
        opened_at=now, updated_at=now, attention_at=now,
    )  # fmt: skip
    made = send_letter(
        by=SYSTEM, now=now, member_id=cast.maya.pk, case_id=case.pk, kind="lost.summary", law="z",
        facts=facts_of("lost.summary"),
    )  # fmt: skip
    return Letter.objects.get(pk=made["letter_id"])


@pytest.fixture
def maya(cast: Any, member_client: Callable[..., Any]) -> Any:
    return member_client(cast.maya)


def html(client: Any, address: str = PAPER) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def terms(page: str) -> str:
    found = re.search(r'name="terms" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_letter_is_read_on_their_page_and_beside_its_case(letter: Letter, maya: Any) -> None:
    for page in (html(maya), html(maya, "/contacts/7K4-29QM")):
        assert (
            f"/letters/{letter.name}.pdf" in page
            and "Summary of your report" in page
            and "Goes out by post" in page
        )
    answer = maya.get(f"/letters/{letter.name}.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    letter.refresh_from_db()
    assert letter.read_at is not None
    first = letter.read_at
    maya.get(f"/letters/{letter.name}.pdf")
    letter.refresh_from_db()
    assert letter.read_at == first


def test_nobody_else_reads_it(
    letter: Letter, cast: Any, member_client: Any, agent_client: Any, client: Any
) -> None:
    address = f"/letters/{letter.name}.pdf"
    assert member_client(cast.luis).get(address).status_code == 404
    assert agent_client(cast.dana).get(address).status_code == 404
    assert client.get(address).status_code == 401
    assert "Summary" not in html(member_client(cast.luis))
    letter.refresh_from_db()
    assert letter.read_at is None


def test_without_letters_the_page_says_what_will_be_there(maya: Any) -> None:
    assert "None yet. Each letter we send you stays here" in html(maya)


def test_agreeing_and_going_back_each_take_one_press(cast: Any, maya: Any) -> None:
    page = html(maya)
    assert "You have a right to paper." in page
    sent = maya.post(PAPER, {"key": "k1", "change": "agree", "covers": ["cards"], "terms": terms(page)})
    assert sent.headers["Location"] == f"{PAPER}?saved=agreed#without-paper"
    consent = PaperConsent.objects.get()
    assert (consent.member, consent.covers, consent.disclosure) == (cast.maya, "cards", terms(page))
    page = html(maya, f"{PAPER}?saved=agreed")
    assert "come without paper from now on" in page and "since " in page
    maya.post(PAPER, {"key": "k2", "change": "paper", "covers": ["cards"]})
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None and "Back to paper" not in html(maya)


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"change": "agree"}, 422, "Tick at least one kind of letter."),
        ({"change": "agree", "covers": ["cards"], "terms": "others"}, 409, "Read it again, then agree."),
        ({"change": "paper"}, 422, "Tick at least one kind of letter."),
        ({"change": "agree", "covers": ["birthdays"], "terms": "x"}, 422, ""),
        ({"change": "other"}, 422, ""),
    ],
)
def test_what_is_not_taken_says_why(maya: Any, form: dict[str, Any], status: int, said: str) -> None:
    answer = maya.post(PAPER, {"key": "k", **form})
    assert answer.status_code == status and said in answer.content.decode()
    assert not PaperConsent.objects.exists()


def test_without_an_email_there_is_no_way_to_be_told(cast: Any, maya: Any) -> None:
    ContactPoint.objects.filter(member=cast.maya, kind="email").delete()
    answer = maya.post(
        PAPER, {"key": "k", "change": "agree", "covers": ["cards"], "terms": terms(html(maya))}
    )
    assert answer.status_code == 422 and "We need an email address of yours" in answer.content.decode()


def test_an_address_that_a_letter_came_back_from_is_asked_about(cast: Any, letter: Letter, maya: Any) -> None:
    assert "A letter of ours came back" not in html(maya)
    BadAddress.objects.create(member=cast.maya, place=letter.to, letter=letter, since=clock.now())
    assert "A letter of ours came back" in html(maya)
    maya.post(PAPER, {"key": "k", "change": "right"})
    page = html(maya, f"{PAPER}?saved=right")
    assert "A letter of ours came back" not in page and "Letters that waited go to your address now." in page


def test_it_is_spanish_for_who_reads_spanish(cast: Any, letter: Letter, maya: Any) -> None:
    maya.post("/language", {"language": "es", "next": "/"})
    page = html(maya)
    assert "Cartas y papel" in page and "Tiene derecho al papel." in page and "Resumen de su aviso" in page


def test_the_profile_leads_there(maya: Any) -> None:
    assert f'href="{PAPER}"' in html(maya, "/profile")
