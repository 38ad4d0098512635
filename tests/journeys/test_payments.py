"""The bill is paid in at most four taps, planned and taken back, and paid by itself; with and without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.gate import sweep
from tests.journeys.test_cards import count_taps

SPANISH = "es-US"
MOST_TAPS_TO_PAY = 4  # DESIGN 9
THE_LINK_ON_HOME = 1  # one tap leads to /payments; the rest is counted
ROUTING, WRONG_ROUTING = "123456780", "123456789"
REFERENCE = re.compile(r"^[0-9A-Z]{3}-[0-9A-Z]{4}$")


@pytest.fixture
def swept() -> Callable[[Page], None]:
    """Look at a page in every way; what was found anywhere is told together at the end."""
    found: list[str] = []
    yield lambda page: found.extend(sweep(page))  # type: ignore[misc]
    assert not found, "\n".join(found)


def type_bank_account(page: Page, labels: dict[str, str], number: str, routing: str = ROUTING) -> None:
    page.get_by_label(labels["routing"]).fill(routing)
    page.get_by_label(labels["number"], exact=True).fill(number)
    page.get_by_label(labels["again"]).fill(number)
    page.get_by_role("button", name=labels["add"]).click()


ENGLISH_LABELS = {
    "routing": "Routing number",
    "number": "Account number",
    "again": "Account number once more",
    "add": "Add bank account",
}
SPANISH_LABELS = {
    "routing": "Número de ruta",
    "number": "Número de cuenta",
    "again": "Número de cuenta otra vez",
    "add": "Agregar cuenta bancaria",
}


def test_the_bill_is_paid_in_four_taps(people: People, swept: Callable[[Page], None]) -> None:
    maya = people(phone=True)
    page = maya.sign_in("Maya")
    maya.open("/payments")
    page.get_by_role("link", name="Add a bank account").click()
    page.get_by_label("Name of the bank").fill("Elm Bank")
    page.get_by_label("Checking").check()
    type_bank_account(page, ENGLISH_LABELS, "000555010142", WRONG_ROUTING)
    expect(page.get_by_text("This is no routing number").last).to_be_visible()
    expect(page.get_by_label("Name of the bank")).to_have_value("Elm Bank")
    expect(page.get_by_label("Routing number")).to_have_value("")
    swept(page)
    type_bank_account(page, ENGLISH_LABELS, "000555010142")
    expect(page.get_by_text("Bank account ••0142 is added.")).to_be_visible()

    maya.open("/payments")
    taps = count_taps(page)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Pay \$[\d,.]+\?$"))
    expect(page.get_by_text("It counts as of")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Pay \$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Paid: \$"))
    assert THE_LINK_ON_HOME + taps() <= MOST_TAPS_TO_PAY
    expect(page.locator(".receipt .ref")).to_have_text(REFERENCE)
    swept(page)
    maya.open(f"/contacts/{page.locator('.receipt .ref').inner_text()}")
    expect(
        page.get_by_text(re.compile("^You paid .* from the bank account ending 0142")).first
    ).to_be_visible()


def test_a_payment_is_planned_taken_back_and_planned_again(people: People) -> None:
    """Without scripts, like every need, and in Spanish."""
    luis = people(language=SPANISH, java_script_enabled=False)
    page = luis.open("/demo")
    page.get_by_role("button", name=re.compile("Luis")).click()
    luis.open("/payments/accounts?for=payments")
    page.get_by_label("Nombre del banco").fill("Banco Olmo")
    page.get_by_label("Cuenta de ahorros").check()
    type_bank_account(page, SPANISH_LABELS, "000555010117")
    page.get_by_label("Otro importe").first.check()
    page.locator("#p-amount").fill("-12.50")
    page.get_by_role("button", name="Revisar").click()
    expect(page.get_by_text("sin signo").last).to_be_visible()
    expect(page.locator("#p-amount")).to_have_value("-12.50")
    page.locator("#p-amount").fill("12.50")
    page.locator("#p-on").fill(str(page.locator("#p-on").get_attribute("max")))
    page.get_by_role("button", name="Revisar").click()
    page.get_by_role("button", name="Programar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Programado")
    page.get_by_role("button", name="Cancelar este pago").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("No realizado")
    page.get_by_role("link", name="Programarlo de nuevo").click()
    expect(page.locator("#p-amount")).to_have_value("12.50")


def test_autopay_says_what_it_does_and_is_stopped(people: People, swept: Callable[[Page], None]) -> None:
    tomasz = people()
    page = tomasz.sign_in("Tomasz")
    tomasz.open("/autopay")
    page.get_by_role("link", name="Add a bank account").click()
    page.get_by_label("Name of the bank").fill("Elm Bank")
    page.get_by_label("Checking").check()
    type_bank_account(page, ENGLISH_LABELS, "000555010134")
    page.get_by_label("An amount of my choice").check()
    page.get_by_label("Amount", exact=True).fill("-5")
    page.get_by_role("button", name="Turn on autopay").click()
    expect(page.get_by_text("without a sign").last).to_be_visible()
    page.get_by_label("Amount", exact=True).fill("50")
    page.get_by_role("button", name="Turn on autopay").click()
    expect(page.get_by_text("Autopay is on: it pays $50.00")).to_be_visible()
    swept(page)
    tomasz.open("/payments")
    page.get_by_label("Another amount").first.check()
    page.locator("#p-amount").fill("3.20")
    page.locator("#p-on").fill(str(page.locator("#p-on").get_attribute("max")))
    page.get_by_role("button", name="Review").click()
    swept(page)
    page.get_by_role("button", name=re.compile("^Plan")).click()
    tomasz.open("/payments")
    expect(page.get_by_text("Planned and on its way")).to_be_visible()
    swept(page)
    tomasz.open("/autopay")
    page.get_by_role("button", name="Stop autopay").click()
    expect(page.get_by_text("Autopay is off")).to_be_visible()
