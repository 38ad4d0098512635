"""When a stranger's word freezes by itself, and when a person looks first (DOMAIN 8, abuse of the easy freeze).
Pure.
"""

from __future__ import annotations

from datetime import timedelta

from cardline.kit.limits import Limit

# By place they come from. Above it nothing is refused: the word is kept, and a person looks.
FROM_ONE_PLACE = Limit("strangers_words", 6, 3_600)

IN_A_DAY = timedelta(days=1)
MOST_IN_A_DAY = 3  # freezes of one member's cards by strangers
REMEMBERED = timedelta(days=90)
FALSE_ONES = 2  # "it was not me" within that time: from then on nothing points without the name


def bar_is_raised(false_ones: int) -> bool:
    return false_ones >= FALSE_ONES


def is_too_often(in_a_day: int) -> bool:
    return in_a_day >= MOST_IN_A_DAY
