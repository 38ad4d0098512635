"""Card numbers: a length and a beginning that some network issues, and a check digit that fits (SR-4).

When in doubt inside a real range, the number is hidden; lists of amounts, dates, phone numbers and counting
stay (SR-9).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from cardline.kit.redact.digits import Run, is_masked, joins, separator

# First four digits, from and to, and lengths, the likelier first. ISO/IEC 7812 and the networks' own pages.
_RANGES: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (3400, 3499, (15,)),  # American Express
    (3700, 3799, (15,)),
    (4000, 4999, (16, 19, 13)),  # Visa
    (5100, 5599, (16,)),  # Mastercard
    (2221, 2720, (16,)),
    (6011, 6011, (16, 19)),  # Discover
    (6440, 6599, (16, 19)),
    (6200, 6299, (16, 19)),  # UnionPay, on the Discover network in the US
    (3528, 3589, (16,)),  # JCB
    (3000, 3059, (14,)),  # Diners Club
    (3095, 3095, (14,)),
    (3600, 3699, (14,)),
    (3800, 3999, (14,)),
)
_LENGTHS = {str(begin): lengths for low, high, lengths in _RANGES for begin in range(low, high + 1)}
_SHORTEST, _LONGEST = 13, 19
_LONGEST_PHONE_IN_DOUBT = 14
# How numbers stand on cards: by fours, and the 4-6-5 and 4-6-4 of American Express and Diners Club.
_PRINTED = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3)})
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

_ZERO_TO_NINE = b"0123456789"
_PLAIN = bytes.maketrans(_ZERO_TO_NINE, bytes(range(10)))
_DOUBLED = bytes.maketrans(_ZERO_TO_NINE, bytes(sum(divmod(2 * digit, 10)) for digit in range(10)))


class Card(NamedTuple):
    """A card number at code points `start` to before `end`."""

    start: int
    end: int
    last_four: str


def find_cards(text: str, runs: list[Run]) -> list[Card]:
    """Every card number, in order. Two that overlap are given as one, so that none stays in part."""
    if sum(len(run.digits) for run in runs) < _SHORTEST:
        return []
    found = [card for chain in _chains(text, runs) for card in _in_chain(text, chain)]
    merged: list[Card] = []
    for card in _without_uuids(text, sorted(found)):
        if merged and card.start < merged[-1].end:
            first = merged.pop()
            card = Card(first.start, max(first.end, card.end), card.last_four)
        merged.append(card)
    return merged


def _chains(text: str, runs: list[Run]) -> Iterator[list[Run]]:
    """Neighbouring runs that could be groups of one number and together are long enough for a card."""
    chain: list[Run] = []
    size = 0
    for run in runs:
        may_belong = run.stands_alone and len(run.digits) <= _LONGEST and not is_masked(text, run)
        if not (may_belong and chain and joins(text, chain[-1], run)):
            if size >= _SHORTEST:
                yield chain
            chain, size = [], 0
        if may_belong:
            chain.append(run)
            size += len(run.digits)
    if size >= _SHORTEST:
        yield chain


def _in_chain(text: str, chain: list[Run]) -> Iterator[Card]:
    """First the numbers that are written plainly; then, in what they leave of the chain, the regrouped ones.

    In this order, for a regrouped number is judged by what stands beside it, and a card there is soon gone.
    """
    plain = list(_fitting(text, chain, _is_written_plainly))
    yield from plain
    for rest in _stretches_between(plain, chain):
        yield from _fitting(text, rest, _is_regrouped)


def _stretches_between(cards: list[Card], chain: list[Run]) -> Iterator[list[Run]]:
    ahead = deque(cards)
    covered = 0
    stretch: list[Run] = []
    for run in chain:
        while ahead and ahead[0].start <= run.start:
            covered = max(covered, ahead.popleft().end)
        if run.start >= covered:
            stretch.append(run)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _fitting(
    text: str, chain: list[Run], is_one: Callable[[str, list[Run], int, int], bool]
) -> Iterator[Card]:
    """Numbers that begin and end where groups do. At most three lengths are tried from each group.

    When two lengths fit, all of the longer is hidden, and the likelier gives the last four: the rest is then
    rather a security code than a part of the number.
    """
    digits = "".join(run.digits for run in chain)
    ends = dict(zip(accumulate(len(run.digits) for run in chain), range(len(chain)), strict=True))
    fits = LuhnSums(digits).fits
    at = 0
    for first, run in enumerate(chain):
        found = [
            at + length
            for length in _LENGTHS.get(digits[at : at + 4], ())
            if at + length in ends and fits(at, at + length) and is_one(text, chain, first, ends[at + length])
        ]
        if found:
            yield Card(run.start, chain[ends[max(found)]].end, digits[found[0] - 4 : found[0]])
        at += len(run.digits)


class LuhnSums:
    """Luhn check of any stretch of a long string of digits in one step, after one pass over it."""

    def __init__(self, digits: str) -> None:
        ascii_ = digits.encode("ascii")
        doubled = ascii_.translate(_DOUBLED)
        self._by_parity = []
        for parity in (0, 1):
            values = bytearray(ascii_.translate(_PLAIN))
            values[parity::2] = doubled[parity::2]
            self._by_parity.append(list(accumulate(values, initial=0)))

    def fits(self, start: int, end: int) -> bool:
        """Whether the last digit of `start` to before `end` is the check digit of the others."""
        sums = self._by_parity[end % 2]
        return (sums[end] - sums[start]) % 10 == 0


def _is_written_plainly(text: str, chain: list[Run], first: int, last: int) -> bool:
    """Whether these groups are a number without breaks, grouped as on a card, or digit by digit."""
    sizes = tuple(len(run.digits) for run in chain[first : last + 1])
    is_plain = len(sizes) == 1 or sizes in _PRINTED or set(sizes) == {1}
    return is_plain and not _is_phone(text, chain[first], sum(sizes))


def _is_regrouped(text: str, chain: list[Run], first: int, last: int) -> bool:
    """Whether these groups are one number grouped at will, rather than amounts, dates or phones in a row.

    One number has one separator. Several in a row have several, are set apart by commas or lines, or count.
    """
    groups = chain[first : last + 1]
    inside = {separator(text, left, right) for left, right in pairwise(groups)} - {""}
    return not (
        len(inside) > 1
        or inside & {",", "\n"}
        or _is_cut_out(text, chain, first, last)
        or _counts(groups)
        or _is_phone(text, groups[0], sum(len(run.digits) for run in groups))
    )


def _is_phone(text: str, first: Run, size: int) -> bool:
    """Whether a plus sign makes an international phone number of these digits."""
    return first.start > 0 and text[first.start - 1] == "+" and size <= _LONGEST_PHONE_IN_DOUBT


def _is_cut_out(text: str, chain: list[Run], first: int, last: int) -> bool:
    """Whether the groups are the middle of a longer number, held together by dashes or dots."""
    before = separator(text, chain[first - 1], chain[first]) if first else " "
    after = separator(text, chain[last], chain[last + 1]) if last + 1 < len(chain) else " "
    return not {before, after} <= {" ", "\n", ",", "/"}


def _counts(groups: list[Run]) -> bool:
    """Five or more numbers that go up or down in equal steps."""
    steps = {int(right.digits) - int(left.digits) for left, right in pairwise(groups)}
    return len(groups) >= 5 and len(steps) == 1


def _without_uuids(text: str, cards: Iterable[Card]) -> Iterator[Card]:
    """Leaves out what lies inside a UUID, where two groups of digits look like a card number at times."""
    uuids: deque[tuple[int, int]] | None = None
    for card in cards:
        if uuids is None:
            found = _UUID.finditer(text)
            uuids = deque(uuid.span() for uuid in found if not uuid[0].replace("-", "").isdigit())
        while uuids and uuids[0][1] <= card.start:
            uuids.popleft()
        if not (uuids and uuids[0][0] <= card.start and card.end <= uuids[0][1]):
            yield card
