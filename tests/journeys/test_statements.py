"""A member opens the newest statement, understands it, and keeps it; with and without script, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import People, Person
from tests.journeys.gate import sweep

TRIES = (
    40  # of two seconds: the closings of a new world are worked off behind the pages within its first minute
)


def list_of(person: Person) -> Page:
    """The list, once there is something on it."""
    page = person.open("/statements")
    for _ in range(TRIES):
        if page.locator(".txns a").count():
            break
        page.wait_for_timeout(2_000)
        page.reload()
    return page


def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_a_statement_is_read_and_kept(people: People) -> None:
    rosa, nils = people(), people(phone=True)
    rosa.sign_in("Rosa")
    page = list_of(rosa)
    found = sweep(page)
    page.locator(".txns a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Statement of")
    expect(page.get_by_text("Minneapolis, MN · Card ending").first).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    found += sweep(page)
    name, paper = downloaded(page, "Download (PDF)")
    assert re.fullmatch(r"statement-\d{4}-\d\d-\d\d\.pdf", name) and paper.startswith(b"%PDF-")
    name, lines = downloaded(page, "Download (CSV)")
    assert name.endswith(".csv") and b"Minneapolis" in lines
    page.locator(".txns a").first.click()
    expect(page).to_have_url(re.compile(r"/transactions/txn_"))
    nils.sign_in("Nils")
    expect(nils.open("/statements").get_by_text("go to the account’s holder")).to_be_visible()
    found += sweep(nils.page)
    assert not found, "\n".join(found)


def test_in_spanish_without_script_on_a_phone(people: People) -> None:
    agata = people(phone=True, java_script_enabled=False)
    agata.sign_in("Agata").get_by_role("button", name="Español").click()
    page = list_of(agata)
    expect(page.get_by_role("heading", level=1)).to_have_text("Estados de cuenta")
    page.locator(".txns a").first.click()
    expect(page.get_by_role("heading", name="Cómo se forma el saldo")).to_be_visible()
    expect(page.get_by_role("button", name="Imprimir")).to_have_count(0)
    name, paper = downloaded(page, "Descargar (PDF)")
    assert name.startswith("estado-de-cuenta-") and paper.startswith(b"%PDF-")
