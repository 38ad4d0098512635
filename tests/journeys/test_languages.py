"""The other language is one press away and stays, from the home page to the receipt."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People
from tests.journeys.steps import REFERENCE


def test_spanish_from_the_home_page_to_the_receipt(people: People, look: Look) -> None:
    visitor = people()
    page = visitor.open("/")
    page.get_by_role("button", name="Español").click()
    in_spanish(page, "¿Con qué necesita ayuda?")
    look(page, "home-es")

    page.get_by_label("Dígalo con sus palabras").fill("alguien usó mi tarjeta en una panadería")
    page.get_by_role("button", name="Buscar ayuda").click()
    in_spanish(page, "Otra persona está usando mi tarjeta")
    look(page, "plan-es")
    page.get_by_label("Cuéntenos qué pasó").fill("Hay un cargo que no es mío")
    page.get_by_role("button", name="Dejar un mensaje").click()
    page.wait_for_url("**/chat/**")
    expect(page.get_by_role("heading", name="Tenemos su mensaje.")).to_be_visible()
    expect(page.locator("#standing .promise b")).to_contain_text("esponder")
    look(page, "chat-es")

    reference = REFERENCE.search(page.url)
    assert reference
    visitor.open(f"/contacts/{reference[0]}")
    in_spanish(page, "Hay un cargo que no es mío")
    expect(page.get_by_role("heading", name="Lo que prometimos")).to_be_visible()
    expect(page.locator(".receipt").get_by_role("heading", name="Su referencia")).to_be_visible()
    look(page, "receipt-es")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_browser_that_prefers_spanish_is_answered_in_spanish(people: People) -> None:
    in_spanish(people(language="es-MX").open("/"), "¿Con qué necesita ayuda?")


def in_spanish(page: Page, heading: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
