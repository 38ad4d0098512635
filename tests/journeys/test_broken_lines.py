"""Lines break, pages are loaded anew, sockets are blocked: both sides have everything, once and in order."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.conftest import Look, People, Person
from tests.journeys.steps import come_to_the_desk, pick_up, reply, say, start_chat

SLOW = 30_000  # ms: three tries at a socket, then a poll every few seconds


def together(people: People, words: str) -> tuple[Person, Person]:
    """Maya and Dana in a chat that began with these words."""
    maya, dana = people(), people()
    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    start_chat(maya, words)
    pick_up(desk, words)
    return maya, dana


def reads(page: Page, said: list[str], timeout: int = 15_000) -> None:
    """The messages of the conversation on this screen are these, each once, in this order."""
    texts = ".msg.is-message .text, .talk-log .line:not(.note) .text"
    expect(page.get_by_role("log").locator(texts)).to_have_text(said, timeout=timeout)


def test_a_member_without_a_network_gets_and_sends_everything_once(people: People, look: Look) -> None:
    maya, dana = together(people, "Is anybody there? Round one")
    reply(dana.page, "Yes, go on.")
    reads(maya.page, ["Is anybody there? Round one", "Yes, go on."])

    maya.context.set_offline(True)
    for words in ("First, while you were away.", "Second.", "Third."):
        reply(dana.page, words)
        expect(dana.page.get_by_role("log").get_by_text(words)).to_be_visible()
    expect(maya.page.locator('[data-chat="line"]')).to_contain_text("Your text is kept")
    say(maya.page, "Written without a network")
    waiting = maya.page.locator('[data-chat="waiting"] li')
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Written without a network")
    look(maya.page, "chat-offline")

    maya.context.set_offline(False)
    said = [
        "Is anybody there? Round one",
        "Yes, go on.",
        "First, while you were away.",
        "Second.",
        "Third.",
        "Written without a network",
    ]
    for page in (maya.page, dana.page):
        reads(page, said)
    expect(waiting).to_have_count(0)
    for page in (maya.page, dana.page):
        page.reload()
        reads(page, said)


def test_an_agent_without_a_network_gets_and_sends_everything_once(people: People) -> None:
    maya, dana = together(people, "Is anybody there? Round two")
    dana.context.set_offline(True)
    for words in ("One", "Two", "Three"):
        say(maya.page, words)
        expect(maya.page.get_by_role("log").get_by_text(words, exact=True)).to_be_visible()
    reply(dana.page, "Written at a desk without a network")
    expect(dana.page.locator('[data-talk="line"]')).to_contain_text("Your text is kept")
    expect(dana.page.get_by_label("Message to the member")).to_have_value(
        "Written at a desk without a network"
    )

    dana.context.set_offline(False)
    said = ["Is anybody there? Round two", "One", "Two", "Three", "Written at a desk without a network"]
    for page in (dana.page, maya.page):
        reads(page, said)
    expect(dana.page.get_by_label("Message to the member")).to_have_value("")
    for page in (dana.page, maya.page):
        page.reload()
        reads(page, said)


def test_where_sockets_are_blocked_both_sides_talk_all_the_same(people: People) -> None:
    maya, dana = people(), people()
    for person in (maya, dana):
        person.context.route_web_socket("**/live", refuse)
    dana.sign_in("Dana")
    maya.sign_in("Maya")
    start_chat(maya, "Behind a strict proxy")
    desk = dana.open("/desk?view=waiting")
    pick_up(desk, "Behind a strict proxy")
    reply(desk, "I see you.")
    reads(maya.page, ["Behind a strict proxy", "I see you."], SLOW)
    say(maya.page, "And I see you.")
    for page in (maya.page, desk):
        reads(page, ["Behind a strict proxy", "I see you.", "And I see you."], SLOW)
    expect(maya.page.locator('[data-chat="waiting"] li')).to_have_count(0)


def refuse(socket: WebSocketRoute) -> None:
    """As a proxy does that knows no sockets."""
    socket.close()
