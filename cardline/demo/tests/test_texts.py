"""Text messages of a demo are read on its page, in the language of whoever they went to, and reach no phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string

from cardline.demo import texts
from cardline.kit.plugs import CodeFor
from cardline.kit.secret import Secret


@pytest.fixture(autouse=True)
def none_yet() -> Iterator[None]:
    texts.forget()
    yield
    texts.forget()


def send(language: str = "en", code: str = "012345", *, spoken: bool = False) -> None:
    texts.DemoTexts().send(
        member_id=1,
        to="+1 212 555 0142",
        now=datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
        code=Secret(code),
        code_for=CodeFor(language, "stop autopay", spoken=spoken),
    )


def test_the_message_holds_the_code_and_what_it_approves() -> None:
    send()
    (text,) = texts.newest_texts()
    assert (text.to, text.language) == ("+1 212 555 0142", "en")
    assert text.text.startswith("012345 is your code to stop autopay.")


def test_it_says_where_the_code_may_be_given() -> None:
    send()
    send(spoken=True)
    spoken, typed = (text.text for text in texts.newest_texts())
    assert "nobody of ours asks for it" in typed and "nobody" not in spoken
    assert "conversation that you began" in spoken


def test_it_is_in_the_language_of_whoever_gets_it() -> None:
    send("es")
    assert "código" in texts.newest_texts()[0].text


def test_only_the_newest_are_kept_the_newest_first() -> None:
    for n in range(texts.MOST + 3):
        send(code=f"{n:06}")
    kept = texts.newest_texts()
    assert len(kept) == texts.MOST and kept[0].text.startswith("000010")


def test_the_page_shows_them_and_says_so_while_there_are_none() -> None:
    assert "No code yet." in render_to_string("demo/texts.html", {"texts": []})
    send()
    assert "012345 is your code" in render_to_string("demo/texts.html", {"texts": texts.newest_texts()})
