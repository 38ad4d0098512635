"""A member's statements: the list, one of them as a page, as a paper and for a spreadsheet."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.test import Client

from cardline.issuer import core
from cardline.issuer.core import Due, Kind, Statement, current_core, use_core
from cardline.issuer.embedded import models as rows
from cardline.kit import clock
from cardline.kit.limits import DOWNLOADS
from cardline.kit.money import Money, format_money
from cardline.selfservice.statements import page as statement_pages
from cardline.selfservice.statements import paper as statement_papers
from cardline.selfservice.statements import views
from cardline.selfservice.statements.words import standing_of
from cardline.selfservice.tests.bills import CLOSED, MINIMUM, account_of, bill, move
from cardline.ui.paper import can_make_paper

Clients = Callable[..., Client]
FORMS = ("", ".pdf", ".csv")
SOME = (
    ("Blue Door", 10_000, Kind.PURCHASE),
    ("Red Door", -2_500, Kind.REFUND),
    ("late fee", 2_900, Kind.FEE),
    ("payment", -5_000, Kind.PAYMENT),
    ("interest", 1_234, Kind.INTEREST),
)
needs_paper = pytest.mark.skipif(
    not can_make_paper(), reason="Pango or HarfBuzz lacks; bin/setup installs them"
)


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def pdf_of(answer: Any) -> pypdf.PdfReader:
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(io.BytesIO(answer.content))


def words_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf_of(answer).pages))


def cells_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def listed(answer: Any) -> list[str]:
    """The addresses of the statements on a page of the list, in its order."""
    return re.findall(r'<a href="(/statements/stm_[^"]+)">', answer.content.decode())


@pytest.fixture(autouse=True)
def on_the_24th(request: pytest.FixtureRequest) -> None:
    """Four days after the closing, whenever this runs."""
    if "cast" in request.fixturenames:
        clock.set_offset(request.getfixturevalue("cast").now - clock.machine_now())


@pytest.fixture
def maya(cast: Any, member_client: Clients) -> Client:
    return member_client(cast.maya)


@pytest.fixture
def no_answer() -> Iterator[set[str]]:
    """A core whose answers to the named questions are lost."""
    lost: set[str] = set()
    real = current_core()

    class Silent:
        def __getattr__(self, name: str) -> Any:
            return _never_answers if name in lost else getattr(real, name)

    use_core(Silent())
    yield lost
    use_core(real)


def _never_answers(*asked: Any, **more: Any) -> None:
    raise core.CoreUnknown("timed out")


# ------------------------------------------------------------------------------------------------ the list


def test_the_newest_comes_first_with_what_is_due_of_it(cast: Any, maya: Client) -> None:
    older = bill(cast.maya, closed_on=date(2026, 10, 20), paid=True)
    newer = bill(cast.maya, opening=4_820)
    answer = maya.get("/statements")
    assert listed(answer) == [f"/statements/{newer}", f"/statements/{older}"]
    shown = read(answer)
    assert "Everyday Card ending 4471" in shown
    assert "Fri, Nov 20, 2026 Due Tue, Dec 15, 2026, minimum $35.00 To pay Balance $96.40" in shown, shown
    assert "Tue, Oct 20, 2026 Due Sat, Nov 14, 2026, minimum $35.00 Paid in full Balance $48.20" in shown


def test_twelve_a_page_and_older_ones_behind_them_each_once(
    cast: Any, maya: Client, django_assert_max_num_queries: Any
) -> None:
    tokens = [bill(cast.maya, closed_on=date(2026, 11, 20) - timedelta(days=30 * n)) for n in range(20)]
    with django_assert_max_num_queries(25):
        first = maya.get("/statements")
    older = re.search(r'href="(/statements\?[^"]*after=[^"]+)"', first.content.decode())
    assert older
    second = maya.get(html.unescape(older[1]))
    assert listed(first) + listed(second) == [f"/statements/{token}" for token in tokens]
    assert len(listed(first)) == 12
    assert "Back to the newest" in read(second) and "To pay" not in read(second)


def test_of_an_account_without_any_it_says_when_the_first_may_come(maya: Client) -> None:
    shown = read(maya.get("/statements"))
    assert "Your first statement has not been made yet. The first cycle ends on Fri, Dec 18, 2026." in shown


def test_of_the_others_it_says_when_the_next_one_comes(cast: Any, maya: Client) -> None:
    bill(cast.maya)
    said = "The running cycle ends on Fri, Dec 18, 2026; its statement is here the day after."
    assert said in read(maya.get("/statements"))


def test_a_core_that_does_not_tell_the_day_is_not_guessed_for(
    cast: Any, maya: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardline.issuer.embedded.billing._closes_on", lambda account, last: None)
    shown = read(maya.get("/statements"))
    assert "Your first statement has not been made yet." in shown and "cycle ends on" not in shown
    bill(cast.maya)
    assert "cycle ends on" not in read(maya.get("/statements"))


def test_an_additional_card_member_is_told_whose_they_are(cast: Any, member_client: Clients) -> None:
    token = bill(cast.rosa)
    nils = member_client(cast.nils)
    shown = read(nils.get("/statements"))
    assert "Its statements go to the account’s holder." in shown and "$48.20" not in shown
    assert [nils.get(f"/statements/{token}{form}").status_code for form in FORMS] == [404, 404, 404]


def test_both_holders_of_a_joint_account_have_them(cast: Any, member_client: Clients) -> None:
    token = bill(cast.tomasz)
    for holder in (cast.tomasz, cast.agata):
        assert listed(member_client(holder).get("/statements")) == [f"/statements/{token}"]


def test_somebody_without_an_account_is_told_so(cast: Any, maya: Client) -> None:
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(core_customer="c-new-here")
    assert "You have no account with us yet." in read(maya.get("/statements"))


def test_another_accounts_list_and_a_made_up_page_are_not_there(cast: Any, maya: Client) -> None:
    bill(cast.rosa)
    assert maya.get(f"/statements?account={account_of(cast.rosa).token}").status_code == 404
    assert maya.get(f"/statements?account={account_of(cast.maya).token}&after=nonsense").status_code == 404


# ------------------------------------------------------------------------------------------- where it stands


@dataclass(frozen=True)
class Stands:
    closing: int = 50_000
    paid: bool | None = None
    left: tuple[int, int] | None = None  # of the balance, of the minimum; None for one that is not the newest
    today: date = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("stands", "words", "tone", "to_pay"),
    [
        (Stands(closing=0), "Nothing to pay", "", False),
        (Stands(closing=-1_250), "$12.50 in your favor", "", False),
        (Stands(paid=True), "Paid in full", "good", False),
        (Stands(paid=True, left=(0, 0)), "Paid in full", "good", False),
        (Stands(paid=False), "Not paid in full", "", False),
        (Stands(paid=None), "", "", False),
        (Stands(left=(0, 0)), "Nothing left to pay", "good", False),
        (Stands(left=(50_000, 3_500)), "To pay", "", True),
        (Stands(left=(48_000, 1_500)), "$480.00 left to pay, at least $15.00", "", True),
        (Stands(left=(40_000, 0)), "Minimum paid, $400.00 left", "", True),
        (Stands(left=(50_000, 3_500), today=date(2026, 12, 15)), "To pay", "", True),
        (Stands(left=(50_000, 3_500), today=date(2026, 12, 16)), "Late: $35.00 was due", "warn", True),
        (
            Stands(paid=False, left=(40_000, 0), today=date(2026, 12, 16)),
            "Minimum paid, $400.00 left",
            "",
            True,
        ),
    ],
)
def test_where_a_statement_stands(stands: Stands, words: str, tone: str, to_pay: bool) -> None:
    nothing, closing = Money(0, "USD"), Money(stands.closing, "USD")
    statement = Statement(
        token="stm",
        account="acc",
        opened_on=date(2026, 10, 20),
        closed_on=CLOSED,
        due_on=date(2026, 12, 15),
        opening=closing,
        purchases=nothing,
        fees=nothing,
        interest=nothing,
        payments=nothing,
        credits=nothing,
        closing=closing,
        minimum_due=Money(MINIMUM, "USD") if stands.closing > 0 else nothing,
        paid_in_full=stands.paid,
    )
    due = None
    if stands.left:
        left, minimum = (Money(minor, "USD") for minor in stands.left)
        due = Due("acc", statement=left, minimum=minimum, balance=left, disputed=nothing, on=statement.due_on)
    found = standing_of(statement, due, stands.today, "en")
    assert (found.words, found.tone, found.to_pay) == (words, tone, to_pay)


# -------------------------------------------------------------------------------------------- one of them


def test_the_page_shows_the_cores_amounts_as_a_sum(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, SOME, opening=7_000)
    said = current_core().statement(cast.maya.core_customer, token)
    shown = read(maya.get(f"/statements/{token}"))
    for name, amount in (
        ("Balance before", said.opening),
        ("Purchases and cash", said.purchases),
        ("Fees", said.fees),
        ("Interest", said.interest),
        ("Payments", -said.payments),
        ("Refunds and credits", -said.credits),
        ("Balance", said.closing),
    ):
        sign = "+" if name in ("Purchases and cash", "Fees", "Interest") else ""
        assert f"{name} {sign}{format_money(amount, 'en')}" in shown, name
    assert said.closing.amount_minor == 7_000 + sum(minor for _, minor, _ in SOME)
    assert "Statement of Fri, Nov 20, 2026" in shown
    assert "Everyday Card ending 4471 · Thu, Oct 22, 2026 to Fri, Nov 20, 2026" in shown


def test_due_date_minimum_and_interest_are_explained_in_a_line_each(cast: Any, maya: Client) -> None:
    shown = read(maya.get(f"/statements/{bill(cast.maya, SOME)}"))
    assert "A payment made by the end of Tue, Dec 15, 2026 is in time." in shown
    assert "$35.00 is the least to pay by then, or a late fee may follow." in shown
    assert "$12.34 is interest on what was not paid by its due date, counted day by day." in shown
    free = read(maya.get(f"/statements/{bill(cast.maya, closed_on=date(2026, 10, 20))}"))
    assert "This cycle cost no interest." in free


def test_a_minimum_that_is_the_whole_balance_is_said_so(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, (("Blue Door", 900, Kind.PURCHASE),))
    assert "$9.00 is also the minimum" in read(maya.get(f"/statements/{token}"))


def test_where_nothing_is_owed_nothing_is_asked_for(cast: Any, maya: Client) -> None:
    shown = read(maya.get(f"/statements/{bill(cast.maya, (('Red Door', -2_500, Kind.REFUND),))}"))
    assert "$25.00 in your favor" in shown and "Nothing has to be paid on this statement." in shown
    assert "Make a payment" not in shown and "least to pay" not in shown


def test_only_the_newest_one_asks_for_a_payment(cast: Any, maya: Client) -> None:
    older = bill(cast.maya, closed_on=date(2026, 10, 20), paid=False)
    newer = bill(cast.maya, opening=4_820)
    assert "Make a payment" in read(maya.get(f"/statements/{newer}"))
    shown = read(maya.get(f"/statements/{older}"))
    assert "Make a payment" not in shown and "Not paid in full" in shown


def test_what_was_paid_since_is_taken_off(cast: Any, maya: Client) -> None:
    token = bill(cast.maya)
    move(cast.maya, ("payment", -4_000, Kind.PAYMENT), datetime(2026, 11, 22, 15, tzinfo=UTC))
    assert "Minimum paid, $8.20 left" in read(maya.get(f"/statements/{token}"))


def test_every_line_leads_to_its_page_and_a_disputed_one_is_marked(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, SOME)
    charge = rows.Transaction.objects.get(statement__token=token, merchant="Blue Door")
    shown = maya.get(f"/statements/{token}").content.decode()
    lines = rows.Transaction.objects.filter(statement__token=token).values_list("token", flat=True)
    assert all(f'href="/transactions/{line}"' in shown for line in lines) and len(lines) == len(SOME)
    assert maya.get(f"/transactions/{charge.token}").status_code == 200
    assert "Disputed" not in shown
    rows.Dispute.objects.create(
        token="dsp_1", transaction=charge, amount_minor=5_000, opened_at=datetime(2026, 11, 21, tzinfo=UTC)
    )
    shown = read(maya.get(f"/statements/{token}"))
    assert "Blue Door Oct 22 · Albany, NY Disputed $100.00" in shown
    assert "You need not pay what is disputed while we look into it." in shown


def test_fees_and_interest_stand_at_the_end_under_their_names(cast: Any, maya: Client) -> None:
    shown = read(maya.get(f"/statements/{bill(cast.maya, SOME)}"))
    order = [shown.index(words) for words in ("Payment Oct", "Fee · late fee", "Interest Oct")]
    assert order == sorted(order)


def test_a_cycle_without_lines_says_so(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, (), opening=2_000)
    assert "Nothing was posted in this cycle." in read(maya.get(f"/statements/{token}"))


def test_a_long_statement_is_read_in_pages_each_line_once(
    cast: Any, maya: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(statement_pages, "LINES_SHOWN", 20)
    token = bill(cast.maya, [(f"Shop {n:03}", 100 + n, Kind.PURCHASE) for n in range(45)])
    found, address = [], f"/statements/{token}"
    while address:
        with django_assert_max_num_queries(31):
            shown = maya.get(address).content.decode()
        found += re.findall(r"Shop \d{3}", shown)
        onwards = re.search(r'href="([^"#]*after=[^"#]+)#lines"', shown)
        address = html.unescape(onwards[1]) if onwards else ""
    assert found == [f"Shop {n:03}" for n in range(45)]


def test_three_hundred_lines_are_asked_for_together(
    cast: Any, maya: Client, django_assert_max_num_queries: Any
) -> None:
    token = bill(cast.maya, [(f"Shop {n:03}", 100, Kind.PURCHASE) for n in range(300)])
    with django_assert_max_num_queries(33):
        shown = read(maya.get(f"/statements/{token}"))
    assert len(re.findall(r"Shop \d{3}", shown)) == 300 and "Show the next ones" not in shown


# ------------------------------------------------------------------------------------------------ to keep


@needs_paper
def test_the_paper_says_what_the_core_says(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, SOME, opening=7_000)
    said = current_core().statement(cast.maya.core_customer, token)
    answer = maya.get(f"/statements/{token}.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-2026-11-20.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    words = words_of(answer)
    for amount in (
        said.opening,
        said.purchases,
        said.fees,
        said.interest,
        -said.payments,
        -said.credits,
        said.closing,
        said.minimum_due,
    ):
        assert format_money(amount, "en") in words
    for line in (
        "Oct 22 Blue Door · Albany, NY $100.00",
        "Red Door · Refund −$25.00",
        "Fee · late fee $29.00",
        "Payment −$50.00",
        "Interest $12.34",
    ):
        assert line in words, line
    assert "Maya Okafor" in words and "Unofficial sample" in words


@needs_paper
def test_the_paper_is_one_that_screen_readers_read(cast: Any, maya: Client) -> None:
    reader = pdf_of(maya.get(f"/statements/{bill(cast.maya)}.pdf"))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "en" and catalogue["/MarkInfo"]["/Marked"]
    assert reader.metadata and reader.metadata.title == (
        "Statement of Fri, Nov 20, 2026, Everyday Card ending 4471"
    )
    assert catalogue["/StructTreeRoot"]


@needs_paper
def test_every_page_of_the_paper_is_numbered_and_has_every_line(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, [(f"Shop {n:03}", 100, Kind.PURCHASE) for n in range(80)])
    answer = maya.get(f"/statements/{token}.pdf")
    pages = [page.extract_text() for page in pdf_of(answer).pages]
    assert len(pages) > 2
    for n, words in enumerate(pages, 1):
        assert f"Page {n} of {len(pages)}" in words and "Everyday Card ending 4471" in words
    assert re.findall(r"Shop \d{3}", " ".join(pages)) == [f"Shop {n:03}" for n in range(80)]


@needs_paper
def test_the_same_statement_is_the_same_paper_whatever_happens_meanwhile(cast: Any, maya: Client) -> None:
    token = bill(cast.maya)
    before = maya.get(f"/statements/{token}.pdf").content
    move(cast.maya, ("payment", -4_820, Kind.PAYMENT), datetime(2026, 11, 22, 15, tzinfo=UTC))
    rows.Dispute.objects.create(
        token="dsp_1",
        transaction=rows.Transaction.objects.get(statement__token=token),
        amount_minor=100,
        opened_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    assert maya.get(f"/statements/{token}.pdf").content == before


@needs_paper
def test_a_paper_names_the_card_of_each_line_where_there_are_several(
    cast: Any, member_client: Clients
) -> None:
    token = bill(cast.rosa)
    ours = rows.Card.objects.filter(customer__number=cast.rosa.core_customer).latest("id")
    assert f"Blue Door · Albany, NY {ours.last4} $48.20" in words_of(
        member_client(cast.rosa).get(f"/statements/{token}.pdf")
    )


@needs_paper
def test_what_a_merchant_calls_itself_is_text_on_paper(cast: Any, maya: Client) -> None:
    name = '<img src="file:///etc/passwd">'
    assert name in words_of(maya.get(f"/statements/{bill(cast.maya, ((name, 100, Kind.PURCHASE),))}.pdf"))


@needs_paper
def test_a_paper_that_cannot_hold_all_lines_says_where_they_are(
    cast: Any, maya: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_papers, "MOST_LINES", 2)
    token = bill(cast.maya, SOME)
    words = words_of(maya.get(f"/statements/{token}.pdf"))
    assert "There are more lines than fit here." in words and "Interest $12.34" not in words
    assert len(cells_of(maya.get(f"/statements/{token}.csv"))) == 1 + len(SOME)


def test_without_the_libraries_the_page_is_printed_and_says_so(
    cast: Any, maya: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "can_make_paper", lambda: False)
    token = bill(cast.maya)
    shown = maya.get(f"/statements/{token}")
    assert "There is no PDF to download here. Print this page" in read(shown)
    assert f"{token}.pdf" not in shown.content.decode()
    assert maya.get(f"/statements/{token}.pdf").headers["Location"] == f"/statements/{token}"


def test_the_file_has_every_line_and_calculates_nothing(cast: Any, maya: Client) -> None:
    token = bill(cast.maya, (*SOME, ("=cmd()", 700, Kind.PURCHASE), ("@sum", 300, Kind.PURCHASE)))
    said = current_core().statement(cast.maya.core_customer, token)
    answer = maya.get(f"/statements/{token}.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-2026-11-20.csv"'
    head, *lines = cells_of(answer)
    names, amounts = head.index("Merchant"), head.index("Amount")
    assert {line[names] for line in lines} >= {"'=cmd()", "'@sum"}
    moved = sum(round(float(line[amounts]) * 100) for line in lines)
    assert moved == said.closing.amount_minor - said.opening.amount_minor


def test_downloads_have_a_limit(cast: Any, maya: Client) -> None:
    token = bill(cast.maya)
    answers = [maya.get(f"/statements/{token}.csv").status_code for _ in range(DOWNLOADS.most + 1)]
    assert answers == [200] * DOWNLOADS.most + [429]
    assert maya.get(f"/statements/{token}.pdf").status_code == 429


# --------------------------------------------------------------------------------- strangers, silence, Spanish


@pytest.mark.parametrize("form", FORMS)
def test_anothers_statement_is_not_there(
    cast: Any, maya: Client, member_client: Clients, agent_client: Clients, form: str
) -> None:  # SR-22
    token = bill(cast.rosa)
    if form != ".pdf" or can_make_paper():
        assert member_client(cast.rosa).get(f"/statements/{token}{form}").status_code == 200
    assert maya.get(f"/statements/{token}{form}").status_code == 404
    assert maya.get(f"/statements/stm_nothing{form}").status_code == 404
    assert agent_client(cast.dana).get(f"/statements/{token}{form}").status_code == 404
    assert Client().get(f"/statements/{token}{form}").status_code == 401


@pytest.mark.parametrize("question", ["accounts", "statements", "due"])
def test_a_silent_core_is_told_instead_of_the_list(
    cast: Any, maya: Client, no_answer: set[str], question: str
) -> None:
    bill(cast.maya)
    no_answer.add(question)
    assert "We can’t look this up right now" in read(maya.get("/statements"))


@pytest.mark.parametrize("question", ["statement", "statement_lines", "statements"])
def test_a_silent_core_is_told_instead_of_a_statement(
    cast: Any, maya: Client, no_answer: set[str], question: str
) -> None:
    token = bill(cast.maya)
    no_answer.add(question)
    assert "We can’t look this up right now" in read(maya.get(f"/statements/{token}"))


@pytest.mark.parametrize("form", [".pdf", ".csv"])
def test_a_file_the_core_falls_silent_over_is_no_file(
    cast: Any, maya: Client, no_answer: set[str], form: str
) -> None:
    token = bill(cast.maya)
    no_answer.add("statement_lines")
    assert maya.get(f"/statements/{token}{form}").headers["Location"] == f"/statements/{token}"


def test_a_core_without_statements_has_no_such_pages(cast: Any, maya: Client, no_answer: set[str]) -> None:
    token = bill(cast.maya)
    without = current_core().offers - {core.Part.STATEMENTS}
    type(current_core()).offers = without  # type: ignore[assignment]
    assert maya.get("/statements").status_code == 404
    assert [maya.get(f"/statements/{token}{form}").status_code for form in FORMS] == [404, 404, 404]


def test_in_spanish(cast: Any, member_client: Clients) -> None:
    luis, token = member_client(cast.luis), bill(cast.luis, SOME)
    in_spanish = {"accept-language": "es-US"}
    assert "Estados de cuenta" in read(luis.get("/statements", headers=in_spanish))
    shown = read(luis.get(f"/statements/{token}", headers=in_spanish))
    assert "Estado de cuenta del vie, 20 nov 2026" in shown and "Pago 22 oct" in shown


@needs_paper
def test_the_paper_in_spanish(cast: Any, member_client: Clients) -> None:
    luis, token = member_client(cast.luis), bill(cast.luis, SOME)
    answer = luis.get(f"/statements/{token}.pdf", headers={"accept-language": "es-US"})
    words = words_of(answer)
    assert "Estado de cuenta del vie, 20 nov 2026" in words and "Página 1 de 1" in words
    assert "22 oct Blue Door · Albany, NY $100.00" in words and "Intereses $12.34" in words
    assert pdf_of(answer).trailer["/Root"]["/Lang"] == "es"  # type: ignore[index]
    assert 'filename="estado-de-cuenta-2026-11-20.pdf"' in answer.headers["Content-Disposition"]
