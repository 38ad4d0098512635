"""Applying for a card without an account, and reading what cards include."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.gate import sweep
from tests.journeys.steps import REFERENCE

SPANISH = "es-US"


@pytest.fixture
def swept() -> Callable[[Page], None]:
    """Look at a page in every way; what was found anywhere is told together at the end."""
    found: list[str] = []
    yield lambda page: found.extend(sweep(page))  # type: ignore[misc]
    assert not found, "\n".join(found)


def test_a_visitor_applies_and_finds_the_application_again(
    people: People, swept: Callable[[Page], None]
) -> None:
    nora = people()
    page = nora.open("/get-help/apply.new_card")
    page.get_by_role("link", name="Apply here, now").click()
    page.get_by_role("link", name="Apply for the Travel Card").click()
    page.get_by_label("Given name").fill("Nora")
    page.get_by_label("Family name").fill("Lindqvist")
    page.get_by_role("button", name="Continue").click()
    give_birthday(page, "30", "1990")
    expect(page.locator(".error-summary")).to_contain_text("There is no such day.")
    swept(page)
    give_birthday(page, "17", "1990")
    expect(page.get_by_text("February 17, 1990")).to_be_visible()
    page.get_by_role("link", name="Change the name").click()
    expect(page.get_by_label("Given name")).to_have_value("Nora")
    page.go_back()
    for box in page.get_by_role("checkbox").all():
        box.check()
    swept(page)
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("We will tell you our decision, or what is missing").first).to_be_visible()
    swept(page)
    reference = page.locator(".receipt .refline .ref").inner_text()
    assert REFERENCE.fullmatch(reference)
    page.go_back()  # to the form, which is empty again
    expect(page.get_by_role("heading", name="What is your name?")).to_be_visible()

    nora.open("/apply/status")
    page.get_by_label("Application reference").fill(reference)
    give_birthday(page, "18", "1990", "Show where it stands")
    expect(page.get_by_text("We can’t find an application")).to_be_visible()
    give_birthday(page, "17", "1990", "Show where it stands")
    expect(page.get_by_role("heading", name="We have your application.")).to_be_visible()
    assert reference not in page.url
    swept(page)


def test_a_member_applies_in_spanish_without_scripts(people: People) -> None:
    luis = people(language=SPANISH, java_script_enabled=False, phone=True)
    page = luis.open("/demo")
    page.get_by_role("button", name=re.compile("Luis")).click()
    luis.open("/apply")
    page.get_by_role("link", name="Solicitar: Travel Card").click()
    page.get_by_label("Mes").select_option(label="mayo")
    page.get_by_label("Día", exact=True).fill("2")
    page.get_by_label("Año").fill("1985")
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_text("Luis Ferreira", exact=True).first).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Enviar la solicitud").click()
    expect(page.get_by_role("heading", name="Su solicitud está enviada")).to_be_visible()
    luis.open("/contacts")
    expect(page.get_by_role("link", name="Solicitud enviada: Travel Card")).to_be_visible()


def test_a_member_reads_what_their_card_includes(people: People, swept: Callable[[Page], None]) -> None:
    rosa = people()
    page = rosa.sign_in("Rosa")
    rosa.open("/benefits")
    expect(page.get_by_role("heading", name="Family Card")).to_be_visible()
    swept(page)
    page.get_by_role("link", name=re.compile("^Phone cover")).click()
    expect(page.get_by_role("heading", name="How to use it")).to_be_visible()
    swept(page)
    rosa.open("/benefits?product=household")
    expect(page.get_by_text("This card includes no benefits.")).to_be_visible()
    page.get_by_role("link", name="Apply for this card").click()
    expect(page.get_by_role("heading", name="When were you born?")).to_be_visible()  # her name we have


def give_birthday(page: Page, day: str, year: str, press: str = "Continue") -> None:
    """A day in February."""
    page.get_by_label("Month").select_option("2")
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_label("Year").fill(year)
    page.get_by_role("button", name=press).click()
