"""js/chat.js and js/live.js in a real browser, against a double of the server: nothing lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template import engines
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect

from cardline.issuer.profile import current_profile
from cardline.ui.shapes import ChatBox
from cardline.ui.tests.browser import AS_IN_THE_TREE, chromium
from cardline.ui.tests.chat_double import CONTACT, TOPIC, ChatDouble

pytestmark = pytest.mark.browser

PAGE = """{% extends "member_base.html" %}{% load cardline %}
{% block styles %}{% style "chat" %}{% endblock %}
{% block scripts %}{{ block.super }}{% script "chat" %}{% endblock %}
{% block main %}<h1>Chat</h1>{% chat box %}{% endblock %}"""
SCRIPT = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def double() -> Iterator[ChatDouble]:
    template = engines["django"].from_string(PAGE)
    box = ChatBox(TOPIC, CONTACT, "member", "America/New_York", "/poll", "/send", "/sign-in")
    values = {"box": box, "profile": current_profile(), "csrf_token": "token", "here": "contacts"}
    double = ChatDouble(lambda: template.render(values))
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": AS_IN_THE_TREE}}):
        double.start()
        yield double
        double.stop()


@pytest.fixture
def page(browser: Browser, double: ChatDouble) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.set_default_timeout(8_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(double.address)
    yield page
    context.close()
    assert not faults


def messages(page: Page) -> list[str]:
    return page.locator('[data-chat="log"] [data-slot="text"]').all_text_contents()


def waiting(page: Page) -> list[str]:
    return page.locator('[data-chat="waiting"] [data-slot="text"]').all_text_contents()


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


def wait_for(page: Page, said: list[str], seconds: float = 8) -> None:
    log = page.locator('[data-chat="log"] [data-slot="text"]')
    expect(log).to_have_text(said, timeout=seconds * 1000)


def status(page: Page) -> str:
    return page.locator('[data-chat="line"]').inner_text()


def test_both_sides_see_each_word_once(page: Page, double: ChatDouble) -> None:
    write(page, "There is a charge that isn’t mine.")
    wait_for(page, ["There is a charge that isn’t mine."])
    double.say("I see it.")
    wait_for(page, ["There is a charge that isn’t mine.", "I see it."])
    assert waiting(page) == [] and len(double.entries) == 2
    assert page.locator(".msg.me .says b").inner_text() == "You"
    assert page.locator(".msg:not(.me) .says").inner_text() == "Dana 2:15 pm"


def test_what_people_write_is_text_and_never_markup(page: Page, double: ChatDouble) -> None:
    double.say(SCRIPT, name=SCRIPT)
    wait_for(page, [SCRIPT])
    page.wait_for_timeout(200)
    assert page.title() != "broken in" and page.locator('[data-chat="log"] img').count() == 0


def test_after_a_cut_it_resumes_by_number_and_misses_nothing(page: Page, double: ChatDouble) -> None:
    double.say("one")
    wait_for(page, ["one"])
    double.cut()
    double.say("two")
    double.say("three")
    wait_for(page, ["one", "two", "three"])
    assert double.joined_after[0] == 0 and double.joined_after[-1] == 1


def test_a_message_written_without_a_line_is_kept_and_sent_once(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    page.context.set_offline(True)
    double.cut()
    expect(page.locator('[data-chat="line"]')).to_have_text("You are offline. Your text is kept.")
    write(page, "Are you there?")
    assert waiting(page) == ["Are you there?"] and not double.entries
    page.context.set_offline(False)
    wait_for(page, ["Are you there?"])
    assert waiting(page) == [] and len(double.entries) == 1 and status(page) == ""


def test_an_answer_that_never_came_sends_the_same_key_again(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    double.deaf = True
    write(page, "Once, please.")
    page.wait_for_timeout(300)
    assert waiting(page) == ["Once, please."] and len(double.entries) == 1
    double.deaf = False
    double.cut()
    wait_for(page, ["Once, please."])
    expect(page.locator('[data-chat="waiting"] li')).to_have_count(0)
    assert len(double.entries) == 1 and len(set(double.arrivals)) == 1 and len(double.arrivals) >= 2


def test_unsent_words_and_half_a_sentence_outlive_a_reload(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    double.deaf = double.blocked = True
    double.refusing = (503, "")
    double.cut()
    write(page, "First.")
    page.get_by_label("Your message").fill("And sec")
    page.reload()
    assert waiting(page) == ["First."] and page.get_by_label("Your message").input_value() == "And sec"
    double.deaf = double.blocked = False
    double.refusing = None
    page.reload()
    wait_for(page, ["First."])
    assert page.get_by_label("Your message").input_value() == "And sec"


def test_an_ended_session_keeps_the_text_and_shows_the_way_back(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    double.ended = True
    write(page, "Please don’t lose this.")
    expect(page.locator('[data-chat="line"]')).to_contain_text("Your session ended. Sign in again;")
    assert page.locator('[data-chat="line"] a').get_attribute("href") == "/sign-in"
    double.ended = False
    page.get_by_role("link", name="Sign in").click()
    page.go_back()
    wait_for(page, ["Please don’t lose this."])
    assert len(double.entries) == 1


def test_a_refused_message_says_why_and_can_be_changed(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    double.refusing = (422, "That is too long. Send it in parts.")
    write(page, "x" * 50)
    expect(page.locator(".refused")).to_contain_text("That is too long. Send it in parts.")
    double.refusing = None
    page.get_by_role("button", name="Change it").click()
    assert page.get_by_label("Your message").input_value() == "x" * 50 and waiting(page) == []


def test_where_sockets_are_blocked_it_polls_and_posts(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    double.blocked = True
    double.cut()
    double.say("By post, then.")
    wait_for(page, ["By post, then."], seconds=20)
    write(page, "Fine with me.")
    wait_for(page, ["By post, then.", "Fine with me."])
    assert status(page) == "" and waiting(page) == []


def test_an_entry_without_words_of_its_own_is_worded_by_the_server(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    double.say("", kind="contact.answered", says="Dana is here now")
    wait_for(page, ["Dana is here now"])
    assert page.locator('[data-chat="log"] .event').count() == 1


def test_writing_on_the_other_side_is_said_and_passes(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    page.wait_for_timeout(200)
    double.tell({"topic": TOPIC, "news": "typing", "data": {"side": "agent"}})
    expect(page.locator('[data-chat="line"]')).to_have_text("Writing…")
    double.say("Here.")
    expect(page.locator('[data-chat="line"]')).to_have_text("")


def test_news_of_a_topic_reach_each_part_of_the_page_as_events_for_htmx(
    page: Page, double: ChatDouble
) -> None:
    wait_for(page, [])
    page.evaluate(
        """() => ["list", "count"].forEach((id) => {
          const part = document.createElement("div");
          Object.assign(part, { id });
          Object.assign(part.dataset, { controller: "news", topic: "desk" });
          for (const name of ["news", "news:inbox"]) part.addEventListener(name, () => part.append(`${name} `));
          document.body.append(part);
        })"""
    )
    page.add_script_tag(url="/static/js/news.js", type="module")
    expect(page.locator("#count")).to_contain_text("news")  # joined: what is on the page may be old
    page.evaluate("for (const part of document.querySelectorAll('#list, #count')) part.textContent = ''")
    double.tell({"topic": "desk", "news": "inbox"})
    for part in ("#list", "#count"):
        expect(page.locator(part)).to_have_text("news news:inbox")


def test_shift_and_enter_breaks_the_line_and_enter_sends(page: Page, double: ChatDouble) -> None:
    wait_for(page, [])
    box = page.get_by_label("Your message")
    box.press_sequentially("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    box.press("Enter")
    wait_for(page, ["one\ntwo"])
    assert box.input_value() == ""
