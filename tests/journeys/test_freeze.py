"""One press freezes a card, one more undoes it; somebody else's card is not there."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Look, People, Person


def test_freezing_and_its_undo_stand_where_the_press_was(people: People, look: Look) -> None:
    nils = people(phone=True)
    page = nils.sign_in("Nils")
    band = page.locator(".urgent")
    expect(band.get_by_role("button", name=re.compile("^Freeze card"))).to_have_count(1)
    band.get_by_role("button", name="Freeze card 3408").click()
    expect(band.get_by_text(re.compile(r"Card 3408 frozen at \d+:\d\d [ap]m\."))).to_be_visible()
    look(page, "frozen-phone")
    nils.open("/contact")
    expect(page.locator(".urgent").get_by_text("Card 3408 frozen at")).to_be_visible()
    nils.open("/")
    band.get_by_role("button", name=re.compile("Undo.*3408")).click()
    expect(band.get_by_role("button", name="Freeze card 3408")).to_be_visible()


def test_somebody_else_s_card_is_not_there(people: People) -> None:
    luis, agata = people(), people()
    luis.sign_in("Luis")
    agata.sign_in("Agata")
    theirs = luis.page.locator(".urgent form").first.get_attribute("action")
    assert theirs
    nobodys = re.sub(r"[^/]+(?=/freeze$)", "card_that_is_not_there", theirs)
    for address in (theirs, nobodys):
        assert post(agata, address) == 404
        assert post(agata, address.replace("/freeze", "/unfreeze")) == 404
    luis.page.reload()
    expect(luis.page.get_by_role("button", name="Freeze card 2206")).to_be_visible()


def post(person: Person, address: str) -> int:
    """What the server answers to a form this person sends there."""
    token = person.page.locator(".urgent form [name=csrfmiddlewaretoken]").first.input_value()
    sent = person.context.request.post(person.world.address + address, form={"csrfmiddlewaretoken": token})
    return sent.status
