"""What somebody says or types to a question, made into an answer of its form; or the wish for a person.

Numbers of choices, words of yes and no in every language we speak, and a choice's own words. What is not understood is
nobody's answer: guessing would be worse than asking again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum

from cardline.flows.choices import NO, YES
from cardline.flows.verbs import Ask, Kind, Option
from cardline.issuer.profile import VoiceMenu
from cardline.kit.words import Reader, say


class Heard(Enum):
    PERSON = "person"
    NOTHING = "nothing"  # not understood


PERSON_WORDS = frozenset(
    ("0", "agent", "person", "human", "representative", "operator", "somebody", "someone")
    + ("agente", "persona", "humano", "representante", "operador", "alguien")
)
YES_WORDS = frozenset(
    ("yes", "y", "yeah", "yep", "sure", "ok", "okay", "right", "correct")
    + ("si", "s", "claro", "vale", "correcto")
)
NO_WORDS = frozenset(("no", "n", "nope", "not", "wrong") + ("incorrecto", "tampoco"))
NONE_WORDS = frozenset(("none", "nothing") + ("ninguno", "ninguna", "nada"))
_WORD = re.compile(r"\w+")
_MOST_WORDS = 6  # of a yes, a no or the wish for a person; a longer text tells something of its own


def hear(
    text: str,
    ask: Ask,
    choices: Sequence[Option],
    reader: Reader,
    person_words: frozenset[str] = PERSON_WORDS,
) -> list[str] | Heard:
    """The answer as a form would bring it. choices: what can be picked, in the order they were read out.

    person_words: what leads to a person here, the issuer's own among them (`person_words_of`).
    """
    words = _plain(text)
    if ask.kind == Kind.TEXT:
        return Heard.PERSON if " ".join(words) in person_words else [text]
    if 0 < len(words) <= _MOST_WORDS and not person_words.isdisjoint(words):
        return Heard.PERSON
    match ask.kind:
        case Kind.YES_NO:
            return _yes_or_no(words)
        case Kind.CHOICE | Kind.CARD:
            return _picked(words, choices, reader)
        case Kind.CHARGES:
            return _several(words, choices, reader)
        case Kind.DIGITS | Kind.MONEY | Kind.DATE:
            return [text.strip()]
    return Heard.NOTHING


def _plain(text: str) -> list[str]:
    """Words without accents, signs and capitals."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(bare.casefold())


def person_words_of(menu: VoiceMenu) -> frozenset[str]:
    """Our words for it and the issuer's, in every language, and its keys."""
    theirs = (
        one for text in menu.person_words for _language, spoken in text.by_language for one in _plain(spoken)
    )
    return PERSON_WORDS.union(menu.person_keys, theirs)


def _yes_or_no(words: list[str]) -> list[str] | Heard:
    """Both said, or neither: not understood. On a keypad 1 is yes and 2 is no."""
    if words in (["1"], ["2"]):
        return [YES if words == ["1"] else NO]
    if len(words) > _MOST_WORDS:
        return Heard.NOTHING
    yes, no = not YES_WORDS.isdisjoint(words), not NO_WORDS.isdisjoint(words)
    if yes == no:
        return Heard.NOTHING
    return [YES if yes else NO]


def _picked(words: list[str], choices: Sequence[Option], reader: Reader) -> list[str] | Heard:
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) <= 2:
        place = int(words[0])
        return [choices[place - 1].id] if 0 < place <= len(choices) else Heard.NOTHING
    said = [one for one in choices if _is_meant(words, one, reader)]
    return [said[0].id] if len(said) == 1 else Heard.NOTHING


def _is_meant(words: list[str], choice: Option, reader: Reader) -> bool:
    """All they said stands in the choice's words: "4471", "the gold one" against one gold card."""
    own = _plain(say(choice.words, reader))
    return bool(words) and (words == own or set(words) <= set(own))


def _several(words: list[str], choices: Sequence[Option], reader: Reader) -> list[str] | Heard:
    if not NONE_WORDS.isdisjoint(words) or words == ["no"]:
        return []
    places = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
    others = [word for word in words if not word.isdecimal() and word not in ("and", "y", "e", "o", "or")]
    if places and not others and all(0 < place <= len(choices) for place in places):
        return [choices[place - 1].id for place in dict.fromkeys(places)]
    return _picked(words, choices, reader)
