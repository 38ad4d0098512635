"""The pages of a program's administrator: what stands there, what never does, and what each press leads to."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cardline.cards.programs.queries import employee_cards
from cardline.cases.models import Case
from cardline.demo.people import actor_of
from cardline.issuer.core import CardState, CoreUnknown, Delivery, Part, current_core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.members.models import Authority, Member, Program, ProgramMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def greta(cast: Any, member_client: Any) -> Client:
    client: Client = member_client(cast.greta)
    return client


@pytest.fixture
def card(cast: Any) -> str:
    return current_core().cards("demo-samir")[0].token


def read(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def case_of(member: Any) -> str:
    """The reference of the one case there is of a member, as pages show it."""
    (ref,) = Case.objects.filter(member=member).values_list("ref", flat=True)
    return show_reference(ref)


def names(answer: Any) -> list[str]:
    return [
        html.unescape(name).strip()
        for name in re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+)', answer.content.decode())
    ]


def more_employees(count: int) -> None:
    """So many more, each with a card, named Aaa 000, Aaa 001 and so on."""
    program, model = Program.objects.get(), rows.Card.objects.get(last4="8119")
    for n in range(count):
        member = Member.objects.create(
            core_customer=f"more-{n}", given_name="Aaa", family_name=f"{n:03}", since=clock.now().date()
        )
        customer = rows.Customer.objects.create(number=f"more-{n}", name=member.name)
        rows.Card.objects.create(
            token=f"card_more{n}", account=model.account, customer=customer, role="additional",
            bin=model.bin, last4=f"{n:04}", activated_at=model.activated_at,
        )  # fmt: skip
        ProgramMember.objects.create(program=program, member=member, since=program.since)


# ---------------------------------------------------------------------------------------------- the list


def test_each_card_with_its_state_limit_and_sum_and_no_charge(greta: Client) -> None:
    said = read(greta.get("/program"))
    assert "Northgate Survey LLC" in said and "8 of 8 cards" in said
    row = said.partition("Samir Haddad")[2].partition("Leila Karimi")[0]
    spent = sum(one.amount.amount_minor for one in current_core().transactions("demo-samir").items)
    assert "8119" in row and "Active" in row and "$2,500.00" in row and f"${spent / 100:,.2f}" in row
    for merchant in rows.Transaction.objects.filter(card__account__product="Company Card").values_list(
        "merchant", flat=True
    ):
        if merchant:
            assert merchant not in said
    assert "Greta Solberg your own card" in said


def test_it_is_found_by_name_by_last_four_and_by_state(greta: Client) -> None:
    assert names(greta.get("/program?q=hadd")) == ["Samir Haddad"]
    assert names(greta.get("/program?q=8150")) == ["Kenji Mori"]
    assert names(greta.get("/program?state=inactive")) == ["Kenji Mori"]
    assert names(greta.get("/program?q=815")) == []
    assert "No card fits this" in read(greta.get("/program?q=nobody"))
    assert "Select a valid choice" in read(greta.get("/program?state=burnt"), 422)


def test_an_empty_program_says_so(greta: Client) -> None:
    ProgramMember.objects.all().delete()
    assert "No card is in this program yet" in read(greta.get("/program"))


def test_long_lists_have_pages_that_keep_what_was_asked_for(greta: Client) -> None:
    more_employees(30)
    first = greta.get("/program?q=aaa")
    assert names(first)[0] == "Aaa 000" and len(names(first)) == 25
    later = re.search(r'href="([^"]+)">Later names', first.content.decode())
    assert later is not None
    second = greta.get(html.unescape(later[1]))
    assert names(second) == [f"Aaa {n:03}" for n in range(25, 30)]
    assert "Earlier names" in read(second) and "Later names" not in read(second)
    assert names(greta.get("/program?q=aaa&page=99")) == names(second)
    assert names(greta.get("/program?q=aaa&page=-3")) == names(first)


def test_the_list_asks_as_often_for_many_cards_as_for_few(
    greta: Client, django_assert_max_num_queries: Any
) -> None:
    greta.get("/program")
    more_employees(30)
    with django_assert_max_num_queries(29):
        assert greta.get("/program").status_code == 200


def test_as_a_file_without_formulas(greta: Client, cast: Any) -> None:
    Member.objects.filter(pk=cast.samir.pk).update(given_name="=cmd()|Samir")
    answer = greta.get("/program.csv?q=haddad")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="company-cards-')
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert dict(zip(head, line, strict=True))["Card member"] == "'=cmd()|Samir Haddad"
    assert line[2:5] == ["8119", "Active", "2500.00"] and line[6] == "USD"


@pytest.mark.parametrize("who", ["samir", "owen", "rosa"])
def test_whoever_administers_nothing_gets_nothing(cast: Any, member_client: Any, card: str, who: str) -> None:
    client, left = member_client(getattr(cast, who)), ProgramMember.objects.all()[0].pk
    addresses = ("", ".csv", f"/cards/{card}", f"/cards/{card}/leaver", f"/leavers/{left}")
    assert {client.get(f"/program{address}").status_code for address in addresses} == {404}
    assert "Company cards" not in read(client.get("/home"))


def in_the_bar(answer: Any) -> bool:
    return 'href="/program"' in answer.content.decode().split("<main")[0]


def test_it_is_a_section_of_hers_on_every_page_while_she_administers(
    greta: Client, cast: Any, member_client: Any
) -> None:
    assert "Company cards" in read(greta.get("/home"))
    assert all(in_the_bar(greta.get(path)) for path in ("/home", "/contacts", "/program", "/"))
    assert not in_the_bar(member_client(cast.maya).get("/contacts"))
    Authority.objects.update(until=clock.now())
    assert not in_the_bar(greta.get("/contacts"))


def test_nobody_else_pays_a_statement_for_it(greta: Client, cast: Any, member_client: Any) -> None:
    """The section costs who was never appointed nothing: what is asked beside is asked of hers alone."""
    maya = member_client(cast.maya)
    counted = []
    for client in (maya, greta):
        client.get("/contacts")
        with CaptureQueriesContext(connection) as asked:
            client.get("/contacts")
        counted.append(sum("members_program" in one["sql"] for one in asked))
    assert counted[0] == 0 < counted[1]


def test_from_the_moment_the_authority_is_revoked_there_is_no_page(greta: Client, cast: Any) -> None:
    Authority.objects.update(revoked_at=clock.now(), revoked_by="agent:1", revoked_why="She left")
    assert greta.get("/program").status_code == 404


# ------------------------------------------------------------------------- the told story: private charges


def test_asking_for_what_somebody_bought_is_refused_with_the_capacity(greta: Client, card: str) -> None:
    """As herself she finds nothing of his; for the company she is told that it is no part of her capacity."""
    charge = current_core().transactions("demo-samir").items[0].token
    assert greta.get(f"/transactions/{charge}").status_code == 404
    greta.post(
        "/acting", {"for": f"{Program.objects.get().company_id}:program_administrator", "key": "act-1"}
    )
    for address in ("/transactions", f"/transactions/{charge}", "/statements"):
        said = read(greta.get(address), 403)
        assert "You act for Northgate Survey LLC as program administrator" in said
        assert "seeing balances, charges and statements" in said


# --------------------------------------------------------------------------------------------- one card


def test_her_own_card_is_on_her_own_pages(greta: Client, cast: Any) -> None:
    own = next(one.token for one in employee_cards(actor_of(cast.greta), clock.now()) if one.mine)
    assert greta.get(f"/program/cards/{own}").status_code == 404
    assert greta.get(f"/cards/{own}").status_code == 200


def test_freeze_and_undo_and_the_employee_reads_who_did_it(
    greta: Client, cast: Any, member_client: Any, card: str
) -> None:
    assert (
        greta.post(f"/program/cards/{card}/freeze", {"key": "f-1"}).headers["Location"]
        == f"/program/cards/{card}"
    )
    said = read(greta.get(f"/program/cards/{card}"))
    assert "Frozen by the company" in said and "Undo the freeze" in said
    samir = member_client(cast.samir)
    assert samir.post(f"/cards/{card}/unfreeze", {"key": "u-1"}).status_code == 409
    ref = case_of(cast.samir)
    told = read(samir.get(f"/contacts/{ref}"))
    assert "Greta Solberg (program administrator, for Northgate Survey LLC) froze card ending 8119" in told
    greta.post(f"/program/cards/{card}/unfreeze", {"key": "f-2"})
    assert "Freeze card 8119" in read(greta.get(f"/program/cards/{card}"))


def test_a_limit_says_both_sums_before_and_after(
    greta: Client, cast: Any, member_client: Any, card: str
) -> None:
    asked = read(greta.get(f"/program/cards/{card}/limit?limit=3,000"))
    assert "From $2,500.00 to $3,000.00 a cycle?" in asked and "buys nothing more" not in asked
    assert "buys nothing more until the next cycle" in read(greta.get(f"/program/cards/{card}/limit?limit=1"))
    greta.post(f"/program/cards/{card}/limit", {"minor": "300000", "key": "l-1"})
    said = read(greta.get(f"/program/cards/{card}"))
    assert "The limit is $3,000.00 a cycle now. Reference" in said and "Limit $3,000.00" in said
    ref = case_of(cast.samir)
    told = read(member_client(cast.samir).get(f"/contacts/{ref}"))
    assert "changed the limit of card ending 8119 from $2,500.00 to $3,000.00 a cycle" in told


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("60,000.01", "You asked for $60,000.01, and the company’s account has $60,000.00"),
        ("", "To stop a card altogether, freeze it"),
        ("lots", "Write the amount like 48.20"),
    ],
)
def test_a_limit_that_cannot_be_says_why(greta: Client, card: str, typed: str, words: str) -> None:
    assert words in read(greta.get(f"/program/cards/{card}/limit", {"limit": typed}), 422)
    assert greta.post(f"/program/cards/{card}/limit", {"minor": "6000001", "key": "l-1"}).status_code == 422
    assert greta.post(f"/program/cards/{card}/limit", {"minor": "-5", "key": "l-2"}).status_code == 422
    assert rows.Card.objects.get(token=card).limit_minor == 2_500_00


def test_a_lost_card_goes_to_its_holder(greta: Client, card: str) -> None:
    assert "Close card 8119 for good?" in read(greta.get(f"/program/cards/{card}/replacement?why=lost"))
    assert greta.get(f"/program/cards/{card}/replacement?why=bored").status_code == 302
    went = greta.post(f"/program/cards/{card}/replacement", {"why": "lost", "to": "holder", "key": "r-1"})
    new = current_core().card("demo-samir", went.headers["Location"].rpartition("/")[2])
    assert (new.state, new.sent_to) == (CardState.INACTIVE, Delivery.CARDHOLDER)


def test_to_the_company_it_waits_for_a_second_proof(greta: Client, card: str) -> None:
    went = greta.post(f"/program/cards/{card}/replacement", {"why": "damaged", "to": "company", "key": "r-1"})
    assert (went.status_code, went.headers["Location"]) == (303, "/confirm")
    said = read(greta.get("/confirm"))
    assert "Send a card to the company" in said and "60 Harborview Street" in said and "Samir Haddad" in said
    assert current_core().card("demo-samir", card).replaced_by == ""


def test_a_leaver_is_asked_about_once_more_and_gets_a_receipt(
    greta: Client, cast: Any, member_client: Any, card: str
) -> None:
    assert "Has Samir Haddad left Northgate Survey LLC?" in read(greta.get(f"/program/cards/{card}/leaver"))
    went = greta.post(f"/program/cards/{card}/leaver", {"key": "press-0001"})
    again = greta.post(f"/program/cards/{card}/leaver", {"key": "press-0001"})
    assert again.headers["Location"] == went.headers["Location"]  # one press, however often it arrives
    assert greta.post(f"/program/cards/{card}/leaver", {"key": "press-0002"}).status_code == 404
    receipt = read(greta.get(went.headers["Location"]))
    ref = case_of(cast.samir)
    assert (
        "Samir Haddad is no longer in the program" in receipt
        and "Greta Solberg" in receipt
        and ref in receipt
    )
    assert "Samir Haddad" not in names(greta.get("/program"))
    samir = member_client(cast.samir)
    told = read(samir.get(f"/contacts/{ref}"))
    assert (
        "ended its holder’s place in the program of Northgate Survey LLC" in told
        and "1 merchant charged it" in told
    )
    assert samir.get("/transactions").status_code == 200  # what he bought stays his


# ------------------------------------------------------------------------------------- a core that is silent


def test_while_the_core_is_silent_the_page_says_so(greta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any, **__: Any) -> Any:
        raise CoreUnknown("no answer")

    monkeypatch.setattr(EmbeddedCore, "cards", silent)
    assert "We can’t look this up right now" in read(greta.get("/program"))


def test_a_core_without_limits_shows_the_cards_without_sums(
    greta: Client, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedCore, "offers", frozenset(Part) - {Part.CARD_LIMITS})
    assert "Samir Haddad" in read(greta.get("/program"))
    assert "Change the limit" not in read(greta.get(f"/program/cards/{card}"))
