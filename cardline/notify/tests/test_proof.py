"""Each message says how to find out whether it is ours, and the page that is asked knows it (DOMAIN 8)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override

from cardline.identity.queries import guest
from cardline.issuer.embedded.tests.house import in_command
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.notify import wording
from cardline.notify.doors import NotTaken
from cardline.notify.letters.models import Letter
from cardline.notify.outgoing import tell
from cardline.notify.segments import segments
from cardline.notify.tests.test_outgoing import (
    ADDRESS,
    CHANGED,
    STREET,
    Door,
    door,
    folders,
    live_at,
    noon,
    row_of,
    say,
    say_code,
    work_on,
)
from cardline.notify.wording import how_to_check, template, written
from cardline.trust.models import Code
from cardline.trust.queries import look_up
from cardline.trust.rules import read

__all__ = ["door", "folders", "noon"]  # fixtures of those tests

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\b[B-Z]{5}-[B-Z]{5}\b")
PLACES = {"text": "+12125550142", "email": ADDRESS, "letter": STREET}


def code_in(body: str) -> str:
    found = CODE.findall(body)
    assert len(found) == 1, body
    return read(found[0])


@pytest.mark.parametrize(("channel", "kind"), [("text", "message"), ("email", "email"), ("letter", "letter")])
def test_what_leaves_carries_a_code_that_our_page_knows(
    maya: Actor, door: Callable[..., Door], channel: str, kind: str
) -> None:
    hung = door("SM1", by=channel)
    say(maya, "contact_changed", CHANGED, channel=channel, to=PLACES[channel])
    work_on()
    ours = look_up(code_in(hung.handed_over[0].body), maya)
    assert ours is not None and ours.is_theirs and (ours.kind, ours.about) == (kind, "account")
    anybodys = look_up(code_in(hung.handed_over[0].body), guest("somebody else"))
    assert anybodys is not None and not anybodys.is_theirs


def test_a_receipt_is_about_a_case(maya: Actor, door: Callable[..., Door]) -> None:
    hung = door("SM1")
    say(maya, "receipt", {"reference": "7K4-29QM", "link": "/contacts/7K429QM"})
    work_on()
    ours = look_up(code_in(hung.handed_over[0].body), maya)
    assert ours is not None and ours.about == "case"


def test_the_words_are_the_same_at_each_try(maya: Actor, door: Callable[..., Door]) -> None:
    """What the provider is asked about by its words, when nobody heard the answer (decision 0019)."""
    hung = door(NotTaken("no_answer", unsure=True), "SM1")
    say(maya, "news", {"link": "/contacts"})
    work_on(2)
    first, second = hung.handed_over
    assert first.body == second.body and Code.objects.count() == 1


def test_another_way_has_a_code_of_its_own(maya: Actor, door: Callable[..., Door]) -> None:
    live_at(maya, email=ADDRESS)
    text, mail = door(NotTaken("no_such_place", permanent=True)), door("taken", by="email")
    say(maya, "news", {"link": "/contacts"})
    work_on(2)
    assert code_in(text.handed_over[0].body) != code_in(mail.handed_over[0].body)


def test_what_has_not_gone_has_none(maya: Actor) -> None:
    row = row_of(say(maya, "news", {"link": "/contacts"}))
    assert row.proves_us is None and not Code.objects.exists()


def test_a_message_with_a_one_time_code_holds_no_other(maya: Actor, door: Callable[..., Door]) -> None:
    """Whoever is asked on the telephone for "the code in the message" is to find one, with its warning."""
    hung = door("SM1")
    say_code(maya)
    work_on()
    assert not CODE.search(hung.handed_over[0].body) and not Code.objects.exists()


def test_the_letters_stand_in_no_row(maya: Actor, door: Callable[..., Door]) -> None:
    hung = door("SM1")
    number = say(maya, "news", {"link": "/contacts"})
    work_on()
    code, row = code_in(hung.handed_over[0].body), row_of(number)
    assert all(code not in str(value) for value in vars(row).values())
    assert all(code not in f"{one.salt}{one.hash}" for one in Code.objects.all())


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_it_names_the_page_as_the_page_is_called(language: str) -> None:
    with override(language):
        assert gettext("Check whether it is really us") in how_to_check("letter", language)


def test_the_sentence_is_the_last_and_no_link(maya: Actor) -> None:
    for language in wording.LANGUAGES:
        for channel in ("text", "email"):
            body = written("news", channel, language, {"link": "/contacts"}, "HKTRM-XWQPZ").body
            said = how_to_check(channel, language).format(proof="HKTRM-XWQPZ")
            assert body.rstrip().endswith(said) and "http" not in said and "verify" not in said


@pytest.mark.parametrize("of", sorted(file.stem for file in wording.FOLDER.glob("*.toml")))
@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_an_ordinary_text_takes_one_or_two_messages(of: str, language: str) -> None:
    filled = {
        "code": "481516", "action": "redeem", "link": "/not-me/abcdefgh", "reference": "7K4-29QM",
        "first_name": "Maya", "day": "2026-11-23",
    }  # fmt: skip
    one = template(of)
    kinds = one.in_(language).choices.get("kind", {"": ""})
    filled["kind"] = max(kinds, key=lambda word: len(kinds[word]))
    values = {name: filled[name] for name in one.values}
    proof = "HKTRM-XWQPZ" if one.can_prove_us else ""
    assert 1 <= segments(written(of, "text", language, values, proof).body) <= 2


def test_a_letter_carries_the_code_of_its_message(maya: Actor) -> None:
    live_at(maya, post=STREET)
    in_command(
        by=SYSTEM, now=clock.now(), what=lambda: tell(maya.member_id, "news", {"link": "/"}, now=clock.now())
    )
    work_on()
    code = Code.objects.get()
    assert code.kind == "letter" and Letter.objects.get().proves_us == code
