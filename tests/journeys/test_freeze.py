"""One press freezes a card, one more undoes it; somebody else's card is not there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

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


@pytest.mark.parametrize("at", ["/", "/home", "/contact", "/cards"])
def test_the_press_does_not_leave_the_page_and_the_undo_is_under_the_finger(people: People, at: str) -> None:
    nils = people()
    page = nils.sign_in("Nils")
    nils.open(at)
    page.evaluate("window.stillHere = true")
    page.get_by_role("button", name="Freeze card 3408").press("Enter")
    undo = page.get_by_role("button", name=re.compile("Undo.*3408"))
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(page.get_by_role("button", name="Freeze card 3408")).to_be_focused()
    assert page.evaluate("window.stillHere")


# Counts what is drawn in data-drawn, too.
FIRST_ANSWER_LATE = """() => {
  const main = document.getElementById("main");
  const [ask, draw] = [window.fetch, main.replaceChildren];
  let sent = 0, drawn = 0;
  window.fetch = async (...what) => {
    const isFirst = !sent++;
    const answer = await ask(...what);
    if (isFirst) await new Promise((go) => setTimeout(go, 1000));
    return answer;
  };
  main.replaceChildren = (...parts) => {
    draw.apply(main, parts);
    main.dataset.drawn = ++drawn;
  };
}"""


def test_cards_frozen_in_one_breath_are_all_drawn_frozen(people: People) -> None:
    rosa = people()
    page = rosa.sign_in("Rosa")
    rosa.open("/cards")
    freeze = page.get_by_role("button", name=re.compile("^Freeze card"))
    frozen = page.get_by_text(re.compile("^Frozen since"))
    expect(freeze).to_have_count(3)
    page.evaluate(FIRST_ANSWER_LATE)
    freeze.evaluate_all("all => all.forEach((one) => one.click())")
    expect(page.locator("main[data-drawn='3']")).to_be_visible()
    expect(frozen).to_have_count(3)
    page.reload()
    expect(frozen).to_have_count(3)
    page.get_by_role("button", name=re.compile("^Undo")).evaluate_all(
        "all => all.forEach((one) => one.click())"
    )
    expect(freeze).to_have_count(3)


def test_what_is_refused_is_said_on_a_page_of_its_own(people: People) -> None:
    nils = people()
    page = nils.sign_in("Nils")
    nils.open("/cards")
    page.locator("form[data-in-place] [name=csrfmiddlewaretoken]").evaluate("field => { field.value = '' }")
    page.get_by_role("button", name="Freeze card 3408").click()
    expect(page.locator("[data-failed]")).to_be_visible()


def test_a_press_whose_answer_is_lost_is_sent_once_more_as_the_same_wish(people: People) -> None:
    nils = people()
    page = nils.sign_in("Nils")
    nils.open("/cards")
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(re.findall(r"key=([^&]+)", route.request.post_data or "")[0])
        if len(keys) == 1:
            route.fetch()  # it gets through; its answer does not
            route.abort()
        else:
            route.continue_()

    page.route("**/freeze", lose_the_first)
    page.get_by_role("button", name="Freeze card 3408").click()
    expect(page.get_by_text(re.compile("^Frozen since"))).to_be_visible()
    assert len(keys) == 2 and len(set(keys)) == 1


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
