"""Words an issuer shows to people, in each of its languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name, in one or more languages.

    A text written as a plain string in the profile reads the same in every language: a name, a number, an
    address. There is no `str()` of it on purpose: a page that forgot to say which language it is in should
    look wrong at once.
    """

    by_language: tuple[tuple[str, str], ...]

    @classmethod
    def same(cls, words: str) -> Text:
        """The same words in every language."""
        return cls((("", words),))

    @classmethod
    def of(cls, **words: str) -> Text:
        """Words by language: Text.of(en="Your card", es="Su tarjeta"). The first is the fallback."""
        return cls(tuple(words.items()))

    def in_(self, language: str) -> str:
        """The words in a language ("es", and also "es-mx"); the first language where there are none in it."""
        words = dict(self.by_language)
        return words.get(language) or words.get(language.partition("-")[0]) or self.by_language[0][1]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it was written in; empty when it is the same in all."""
        return tuple(language for language, _ in self.by_language if language)

    def __bool__(self) -> bool:
        return any(words for _, words in self.by_language)


EMPTY = Text.same("")
