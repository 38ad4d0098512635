"""The small controllers of static/js/ in a real browser, on pages that exist only in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from cardline.ui.tests.browser import SITE, Site, chromium

pytestmark = pytest.mark.browser

FORM = """<form method=post action=/send data-keep=note><input type=hidden name=key value=first-key>
<input type=password name=secret><label>Words <textarea name=text></textarea></label>
<label><input type=checkbox name=urgent value=yes> Urgent</label>
<button data-busy="Sending…">Send the long report</button></form>"""
DESK = """<input aria-label=Find data-key="mod+k"><a href="#inbox" data-key="g i">Inbox</a>
<button data-key=e>Escalate <kbd>E</kbd></button><button data-key=h hidden>Hidden</button>
<ul data-keys-list><li><a href="#1">One</a></li><li><a href="#2" aria-current=true>Two</a></li>
<li><a href="#3">Three</a></li></ul>
<form id=a><textarea aria-label=A></textarea><button data-key="mod+enter" type=button>Send A</button></form>
<form id=b><textarea aria-label=B></textarea><button data-key="mod+enter" type=button>Send B</button></form>
<script type=module>addEventListener("click", (event) => {
  document.title = event.target.closest("button, a")?.firstChild.textContent.trim() ?? document.title;
});</script>"""
COPY = (
    """<button hidden data-controller=copy data-copy="7K4-29QM" data-done=Copied><span>Copy</span></button>"""
)
MODES = """<div data-controller=modes>
<button data-mode=note aria-pressed=false>Note</button><button data-mode=message aria-pressed=true>Message</button>
<div data-panel=note hidden><textarea aria-label=N></textarea></div>
<div data-panel=message><textarea aria-label=M></textarea></div></div>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(5_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults


@pytest.fixture
def site(page: Page) -> Site:
    site = Site(page)
    site.serve("/form", FORM, "page")
    site.serve("/done", "Thank you", "page")
    site.serve("/failed", "<p data-failed>Try again</p>", "page")
    site.serve("/desk", DESK + render_to_string("frame/keys.html"), "keys")
    return site


def fill(page: Page, words: str) -> None:
    page.get_by_label("Words").fill(words)
    page.get_by_label("Urgent").check()
    page.locator("[name=secret]").fill("hunter2")


def send_in_vain(page: Page, site: Site) -> None:
    site.failing = True
    page.get_by_role("button").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    page.wait_for_load_state("load")


# ------------------------------------------------------------------------------------------------------- keeping


def test_what_was_typed_comes_back_after_an_error_with_the_key_it_was_sent_with(
    page: Page, site: Site
) -> None:
    site.open("/form")
    fill(page, "My long story")
    send_in_vain(page, site)
    site.pages["/form"] = site.pages["/form"].replace("first-key", "second-key")
    site.open("/form")
    assert (
        page.get_by_label("Words").input_value() == "My long story"
        and page.get_by_label("Urgent").is_checked()
    )
    assert page.locator("[name=key]").input_value() == "first-key", "sending the same again is the same"
    assert page.locator("[name=secret]").input_value() == "", "a password is never kept"


def test_what_was_typed_over_the_page_s_own_words_comes_back(page: Page, site: Site) -> None:
    site.pages["/form"] = site.pages["/form"].replace("></textarea>", ">what you searched for</textarea>")
    assert "what you searched for" in site.pages["/form"]
    site.open("/form")
    fill(page, "My long story")
    send_in_vain(page, site)
    site.open("/form")
    assert page.get_by_label("Words").input_value() == "My long story"


def test_what_the_server_gave_back_is_newer_than_what_was_kept(page: Page, site: Site) -> None:
    site.open("/form")
    fill(page, "My long story")
    send_in_vain(page, site)
    site.pages["/form"] = site.pages["/form"].replace("></textarea>", ">My long story, shortened</textarea>")
    site.open("/form")
    assert page.get_by_label("Words").input_value() == "My long story, shortened"


def test_a_changed_text_is_another_message_and_gets_a_key_of_its_own(page: Page, site: Site) -> None:
    site.open("/form")
    fill(page, "First try")
    send_in_vain(page, site)
    site.open("/form")
    page.get_by_label("Words").fill("Second try")
    assert page.locator("[name=key]").input_value() not in ("", "first-key")


def test_what_got_through_is_forgotten(page: Page, site: Site) -> None:
    site.open("/form")
    fill(page, "My long story")
    page.get_by_role("button").click()
    expect(page.locator("body")).to_have_text("Thank you")
    site.open("/form")
    assert page.get_by_label("Words").input_value() == "" and page.evaluate("sessionStorage.length") == 0


def test_half_a_sentence_outlives_a_lost_line(page: Page, site: Site) -> None:
    site.open("/form")
    fill(page, "My long sto")
    site.offline = True
    page.get_by_role("button").click()
    page.wait_for_timeout(200)
    site.offline = False
    page.go_back()
    page.reload()
    assert page.get_by_label("Words").input_value() == "My long sto"


# ---------------------------------------------------------------------------------------------------------- busy


def test_a_button_says_it_is_sending_keeps_its_width_and_sends_once(page: Page, site: Site) -> None:
    site.open("/form")
    page.wait_for_load_state("load")
    said, widths, sent = page.evaluate(
        """() => {
          let sent = 0;
          addEventListener("submit", (event) => { if (!event.defaultPrevented) sent += 1; event.preventDefault(); });
          const button = document.querySelector("form button"), before = button.offsetWidth;
          button.click();
          button.click();
          return [button.textContent, [before, button.offsetWidth], sent];
        }"""
    )
    assert said == "Sending…" and widths[0] == widths[1] and sent == 1


# ---------------------------------------------------------------------------------------------------------- copy


def test_the_copy_button_appears_where_it_works_and_says_so(page: Page, site: Site) -> None:
    site.serve("/copy", COPY, "page")
    site.open("/copy")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "7K4-29QM"


def test_without_a_clipboard_there_is_no_copy_button(page: Page, site: Site) -> None:
    site.serve("/copy", COPY, "page")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    site.open("/copy")
    page.wait_for_timeout(200)
    assert not page.locator("button").is_visible()


# ---------------------------------------------------------------------------------------------------------- keys


def test_a_letter_presses_its_button_outside_text_fields_only(page: Page, site: Site) -> None:
    site.open("/desk")
    page.keyboard.press("e")
    assert page.title() == "Escalate"
    page.get_by_label("A", exact=True).press("e")
    assert page.get_by_label("A", exact=True).input_value() == "e"


def test_two_letters_in_a_row_go_somewhere(page: Page, site: Site) -> None:
    site.open("/desk")
    page.keyboard.press("i")
    assert page.url == f"{SITE}/desk"
    page.keyboard.press("g")
    page.keyboard.press("i")
    assert page.url == f"{SITE}/desk#inbox"


def test_ctrl_enter_sends_the_form_one_is_writing_in(page: Page, site: Site) -> None:
    site.open("/desk")
    page.get_by_label("B", exact=True).press("Control+Enter")
    assert page.title() == "Send B"
    page.get_by_label("A", exact=True).press("Control+Enter")
    assert page.title() == "Send A"


def test_ctrl_k_goes_to_the_search_from_anywhere(page: Page, site: Site) -> None:
    site.open("/desk")
    page.get_by_label("A", exact=True).press("Control+k")
    expect(page.get_by_label("Find")).to_be_focused()


def test_j_and_k_move_through_the_list_from_the_open_conversation(page: Page, site: Site) -> None:
    site.open("/desk")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Three")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Three")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Two")).to_be_focused()


def test_a_hidden_button_has_no_key(page: Page, site: Site) -> None:
    site.open("/desk")
    page.keyboard.press("h")
    assert page.title() == "/desk"


def test_the_list_of_all_keys_is_made_from_the_page(page: Page, site: Site) -> None:
    site.open("/desk")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="All keys")
    expect(dialog).to_be_visible()
    said = dialog.locator("dd").all_text_contents()
    assert "Escalate" in said and "Inbox" in said and "Hidden" not in said
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_single_letters_can_be_turned_off_for_good_and_the_others_stay(page: Page, site: Site) -> None:
    site.open("/desk")
    page.keyboard.press("?")
    page.get_by_label("Single letters work outside text fields").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("e")
    assert page.title() == "/desk"
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Find")).to_be_focused()


# --------------------------------------------------------------------------------------------------------- theme


def test_light_or_dark_is_chosen_without_leaving_the_page(page: Page, site: Site) -> None:
    form = "<form method=post action=/theme data-controller=theme><button name=theme value=light>Theme</button></form>"
    site.serve("/desk", form, "theme")
    site.open("/desk")
    page.wait_for_load_state("load")
    page.get_by_role("button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_role("button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url == f"{SITE}/desk" and ["light" in sent for sent in site.sent] == [True, False]


# --------------------------------------------------------------------------------------------------------- modes


def test_a_mode_shows_its_part_and_puts_the_cursor_there(page: Page, site: Site) -> None:
    site.serve("/modes", MODES, "modes")
    site.open("/modes")
    expect(page.get_by_label("M", exact=True)).to_be_visible()
    page.get_by_role("button", name="Note").click()
    expect(page.get_by_label("N", exact=True)).to_be_focused()
    assert page.get_by_role("button", name="Note").get_attribute("aria-pressed") == "true"
    assert not page.get_by_label("M", exact=True).is_visible()


FOLLOWED = """<div data-controller=follow data-topics="case:5@12"></div>
<div data-fresh=now>{now}</div><div data-fresh=talk>{talk}<textarea aria-label=Words></textarea></div>"""


def test_a_followed_page_is_drawn_anew_and_keeps_what_is_being_typed(page: Page, site: Site) -> None:
    joined: list[str] = []
    sockets: list[WebSocketRoute] = []

    def answer(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.on_message(lambda message: joined.append(str(message)))

    page.route_web_socket("**/live", answer)
    site.serve("/case", FOLLOWED.format(now="On time", talk="Before"), "follow")
    site.open("/case")
    page.get_by_label("Words").fill("Half a sentence")
    while not joined:
        page.wait_for_timeout(20)
    assert json.loads(joined[0]) == {"join": "case:5", "after": 12}
    site.serve("/case", FOLLOWED.format(now="We are late", talk="After"), "follow")
    sockets[0].send(json.dumps({"topic": "case:5", "n": 13, "kind": "promise.missed"}))
    expect(page.locator("[data-fresh=now]")).to_have_text("We are late")
    expect(page.locator("[data-fresh=talk]")).to_contain_text("Before")
    expect(page.get_by_label("Words")).to_have_value("Half a sentence")
