"""What /demo shows of a colleague opens the staff sign-in: a password, and a code of this half minute."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import People, Person


def shown(person: Person, name: str) -> dict[str, str]:
    """User name, password and code, as the page of the cast shows them now."""
    row = person.open("/demo").locator("ul.cast li").filter(has=person.page.get_by_role("heading", name=name))
    row.locator("summary").click()
    names, values = row.locator("dt").all_text_contents(), row.locator("dd").all_text_contents()
    return dict(zip(names, values, strict=True))


def give_code(page: Page, person: Person) -> None:
    """The code of another tab, as one would copy it; once more when its half minute ended on the way."""
    inside, refused = page.locator(".presence summary"), page.get_by_role("alert")
    for _ in range(2):
        tab = Person(person.context.new_page(), person.world, person.context)
        page.get_by_label("Code").fill(shown(tab, "Jonah Kerr")["Code now"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(inside.or_(refused).first).to_be_visible()
        if inside.count():
            return


def test_password_and_code_of_the_demo_open_the_desk(people: People) -> None:
    jonah = people()
    said = shown(jonah, "Jonah Kerr")
    page = jonah.open("/desk")
    expect(page).to_have_url(re.compile("/staff/login/"))
    page.get_by_label("User name").fill(said["User name"])
    page.get_by_label("Password").fill(said["Password"])
    page.get_by_role("button", name="Sign in with a password").click()
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    give_code(page, jonah)
    expect(page).to_have_url(re.compile("/desk"))
    expect(page.locator(".presence summary")).to_contain_text("Jonah Kerr")
