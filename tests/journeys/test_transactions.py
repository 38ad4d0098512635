"""A member looks through their transactions, opens one, and is one press from disputing it; with and without script."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People
from tests.journeys.gate import sweep
from tests.journeys.steps import begin

BAKERY = "Bright Loaf Bakery"
AMOUNT = "$18.65"


def open_the_bakery(page: Page) -> None:
    """From the list to the newer of Luis' two charges."""
    page.get_by_label("Merchant or place").fill("bright loaf")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/transactions\?q=bright"))
    expect(page.locator(".txns > li")).to_have_count(2)
    page.get_by_role("link", name=BAKERY).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BAKERY)


def test_from_the_list_to_a_dispute_with_the_charge_told(people: People, look: Look) -> None:
    luis = people(phone=True)
    page = luis.sign_in("Luis")
    page.get_by_role("link", name="All transactions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Transactions")
    look(page, "transactions-phone")
    open_the_bakery(page)
    expect(page.locator(".sum")).to_contain_text(AMOUNT)
    expect(page.get_by_text("Card ending 2206, Luis")).to_be_visible()
    look(page, "transaction-phone")

    page.get_by_role("link", name="I was charged twice").click()  # one tap from the charge
    expect(page.get_by_role("heading", level=1)).to_have_text("I was charged twice")
    expect(page.locator(".ready")).to_contain_text(f"{BAKERY}, {AMOUNT}")
    begin(page, "They took it twice within a minute", "Leave a message")

    luis.open("/transactions?q=bright+loaf")
    page.get_by_role("link", name=BAKERY).first.click()
    page.get_by_role("button", name="I recognize it now").click()
    expect(page.get_by_text("You told us that you recognize this charge.")).to_be_visible()
    expect(page.get_by_role("button", name="I recognize it now")).to_have_count(0)
    look(page, "transaction-recognised-phone")


def test_searching_and_narrowing_need_no_script(people: People) -> None:
    luis = people(java_script_enabled=False)
    page = luis.sign_in("Luis")
    luis.open("/transactions")
    open_the_bakery(page)
    luis.open("/transactions")
    page.get_by_text("Narrow it down").click()
    page.get_by_label("Amount from").fill("18.65")
    page.get_by_label("Amount to").fill("18.65")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".txns > li")).to_have_count(2)
    expect(page.get_by_label("Amount from")).to_have_value("18.65")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download (CSV)").click()
    lines = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))
    assert re.fullmatch(
        r"transactions-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv", waiting.value.suggested_filename
    )
    assert [line[2] for line in lines] == ["Merchant", BAKERY, BAKERY]

    page.get_by_label("Amount to").fill("lots")
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the amount like 48.20")
    page.get_by_role("link", name="Show everything again").click()
    expect(page.locator(".txns > li").nth(10)).to_be_visible()


def test_each_of_these_pages_passes_the_gate_in_every_way(people: People) -> None:
    maya, ida, agata = people(), people(), people()
    page = maya.sign_in("Maya")
    found: list[str] = []
    for path in (
        "/transactions",
        "/transactions?least=x&kind=fee&since=2026-01-01",
        "/transactions?q=zeppelin",
    ):
        found += sweep(maya.open(path))
    maya.open("/transactions?q=bakery")
    page.get_by_role("link", name=BAKERY).first.click()
    expect(page.get_by_text("Pending: the merchant has asked for this amount")).to_be_visible()
    found += sweep(page)
    ida.sign_in("Ida")
    expect(ida.open("/transactions").get_by_text("When a card is used, it appears here")).to_be_visible()
    found += sweep(ida.page)
    agata.sign_in("Agata").get_by_role("button", name="Español").click()
    expect(agata.page.locator("html")).to_have_attribute("lang", "es")
    expect(agata.open("/transactions").get_by_role("heading", level=1)).to_have_text("Movimientos")
    found += sweep(agata.page)
    agata.page.locator(".txns a").first.click()
    expect(agata.page.get_by_role("heading", name="Detalles")).to_be_attached()
    found += sweep(agata.page)
    assert not found, "\n".join(found)
