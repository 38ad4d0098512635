"""What was answered, read strictly: a question's own kind of value, and the words that show it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop as _

from cardline.flows.choices import YES, choices_of
from cardline.flows.here import Here
from cardline.flows.verbs import Ask, Kind, Option
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import CoreUnknown
from cardline.issuer.distant import last_known_card
from cardline.kit.money import read_amount
from cardline.kit.redact import Clean, is_blank
from cardline.kit.refusals import Malformed
from cardline.kit.words import Words, a_date, a_list, money

LARGEST_AMOUNT = 10_000_000_00  # minor units: more is a slip of the hand


class PickOne(Malformed):
    code = "pick_one"
    sentence = _lazy("Choose one of the answers first.")


class DigitsOnly(Malformed):
    code = "digits_only"
    sentence = _lazy("Use digits only, as many as asked for.")


class SayMore(Malformed):
    code = "say_more"
    sentence = _lazy("There is nothing written yet. Write something, or leave it out.")


class TooLong(Malformed):
    code = "too_long"
    sentence = _lazy("That is longer than fits here. Shorten it.")


class NoAmount(Malformed):
    code = "no_amount"
    sentence = _lazy("Write an amount like 25.00.")


class NoDate(Malformed):
    code = "no_date"
    sentence = _lazy("That day is not in the calendar. Check it.")


@dataclass(frozen=True, slots=True)
class Read:
    """value: what the flow is sent. shown: how it is told afterwards; text: where it is their own words."""

    value: Any
    shown: Words
    text: Clean | None = None


SKIPPED = Read(None, Words(_("Left out")))
PRIVATE = Words(_("Told, and not written down here"))
NONE_OF_THEM = Read([], Words(_("None of them")))


def read_answer(here: Here, ask: Ask, given: Sequence[Clean]) -> Read:
    """given: what a form, a keypad or a line of chat brought; several only where several can be picked.

    Raises Malformed, with the field "answer": nothing is kept then.
    """
    try:
        return _read(here, ask, [one for one in given if not is_blank(one)])
    except Malformed as wrong:
        wrong.field = "answer"
        raise


def _read(here: Here, ask: Ask, given: Sequence[Clean]) -> Read:
    if ask.kind in (Kind.CHARGES, Kind.FILE):
        return _several(choices_of(here, ask), given)
    if not given:
        if ask.may_skip:
            return SKIPPED
        raise PickOne() if ask.kind in (Kind.CHOICE, Kind.YES_NO, Kind.CARD) else SayMore()
    match ask.kind:
        case Kind.CHOICE:
            picked = _picked(ask.options, given[0])
            return Read(picked.id, picked.words)
        case Kind.CARD:
            return _card(here, ask, given[0])
        case Kind.YES_NO:
            picked = _picked(choices_of(here, ask), given[0])
            return Read(picked.id == YES, picked.words)
        case Kind.DIGITS:
            return _digits(ask, given[0])
        case Kind.MONEY:
            return _money(ask, given[0])
        case Kind.DATE:
            return _date(given[0])
        case Kind.TEXT:
            return _text(ask, given[0])
    raise AssertionError(f"no way to read {ask.kind}")


def _picked(options: Sequence[Option], given: str) -> Option:
    for one in options:
        if one.id == given:
            return one
    raise PickOne()


def _card(here: Here, ask: Ask, given: str) -> Read:
    """While the card core is silent, what it told us last will do: a freeze must not wait for it (SR-77)."""
    try:
        picked = _picked(choices_of(here, ask), given)
    except CoreUnknown as silence:
        known = last_known_card(here.member.core_customer, given) if here.member else None
        if known is None:
            raise CoreSilent() from silence
        return Read(known.token, Words(_("Card ending %(last4)s"), {"last4": known.last4}))
    return Read(picked.id, picked.words)


def _several(options: Sequence[Option], given: Sequence[str]) -> Read:
    picked = [_picked(options, one) for one in dict.fromkeys(given)]
    if not picked:
        return NONE_OF_THEM
    shown = a_list([{"said": one.words.kept()} for one in picked])
    return Read([one.id for one in picked], Words("%(those)s", {"those": shown}))


def _digits(ask: Ask, given: str) -> Read:
    digits = given.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdecimal() and ask.least <= len(digits) <= ask.most):
        raise DigitsOnly()
    return Read(digits, Words("%(digits)s", {"digits": digits}))


def _money(ask: Ask, given: str) -> Read:
    try:
        minor = read_amount(given, ask.currency)
    except ValueError as wrong:
        raise NoAmount() from wrong
    if not 0 < minor <= LARGEST_AMOUNT:
        raise NoAmount()
    return Read(minor, Words("%(amount)s", {"amount": money(minor, ask.currency)}))


def _date(given: str) -> Read:
    try:
        day = date.fromisoformat(given)
    except ValueError as wrong:
        raise NoDate() from wrong
    return Read(day.isoformat(), Words("%(day)s", {"day": a_date(day.isoformat())}))


def _text(ask: Ask, given: Clean) -> Read:
    if len(given) > ask.most:
        raise TooLong()
    if ask.private:
        return Read(str(given), PRIVATE, text=given)
    return Read(str(given), Words("“%(text)s”", {"text": str(given)}), text=given)
