"""What a member answers for, by law, issuer and day; and the words for it."""

from __future__ import annotations

from datetime import date

import pytest

from cardline.cards.reports.rules import Liability, liability
from cardline.clocks.liability import liability_law
from cardline.ui.reports import liability_words

DAY = date(2026, 11, 24)


def owed(where: str, kind: str, issuers: int | None, until: date | None = None) -> Liability:
    return liability(kind, liability_law(where, kind), issuers, reported_on=DAY, in_time_until=until)


@pytest.mark.parametrize(
    ("where", "kind", "issuers", "until", "most"),
    [
        ("US", "credit", 0, None, 0),
        ("US", "credit", 90_00, None, 50_00),
        ("US", "debit", None, None, 50_00),
        ("US", "debit", None, DAY, 50_00),
        ("US", "debit", None, date(2026, 11, 23), 500_00),
        ("US", "debit", 0, date(2026, 11, 23), 0),  # who gives more than the law takes no day into account
        ("GB", "debit", None, None, 35_00),
        ("CA", "debit", 0, None, 0),
        ("CA", "debit", None, None, None),
    ],
)
def test_the_law_caps_the_issuer_and_an_unknown_law_asks_nothing(
    where: str, kind: str, issuers: int | None, until: date | None, most: int | None
) -> None:
    assert owed(where, kind, issuers, until).most_minor == most


def test_the_words_name_each_limit_and_what_is_not_known() -> None:
    debit = liability_words(owed("US", "debit", None), "USD", "en")
    assert "At most $50.00" in debit and "within 60 days" in debit and "no limit holds" in debit
    late = liability_words(owed("US", "debit", None, date(2026, 11, 23)), "USD", "en")
    assert "At most $500.00" in late and "Nov 23, 2026" in late and "within 60 days" in late
    british = liability_words(owed("GB", "debit", None), "GBP", "en")
    assert "At most £35.00" in british and "could not notice" in british and "60 days" not in british
    assert "do not know yet" in liability_words(owed("CA", "debit", None), "CAD", "en")
    assert liability_words(owed("US", "credit", 0), "USD", "en").startswith("Nothing")
    credit = liability_words(owed("US", "credit", 50_00), "USD", "en")
    assert "statement" not in credit and "At most $50.00" in credit
