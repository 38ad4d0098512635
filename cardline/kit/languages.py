"""Which of our languages a language tag asks for, and how Babel writes numbers and dates in it."""

from __future__ import annotations

from babel import Locale

# Issuers so far are American: in Spanish too, their members read $48.20 on the statement beside the screen.
_LOCALES = {"en": Locale("en", "US"), "es": Locale("es", "US")}


def spoken(language: str) -> str:
    """ "en" or "es". What we do not speak is answered in English, as untranslated sentences are."""
    base = language[:2].lower()
    return base if base in _LOCALES else "en"


def locale_of(language: str) -> Locale:
    return _LOCALES[spoken(language)]


def language_name(code: str, language: str) -> str:
    """As it stands in a sentence: "Spanish", "inglés"; the code itself where nobody has a name for it."""
    return str(locale_of(language).languages.get(code, code))


def country_name(code: str, language: str) -> str:
    """ "United States"; the code itself where nobody has a name for it. code: of ISO 3166."""
    return str(locale_of(language).territories.get(code, code))
