"""What the law lets a member bear: as data, by country and kind of card; one that is wrong is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cardline.clocks.liability import liability_law, read_laws
from cardline.clocks.rules import BrokenRule

ONE: dict[str, Any] = {
    "kinds": ["debit"], "law": "L", "source": "S 1", "effective": date(2018, 1, 13), "currency": "USD",
    "most_minor": 50_00,
}  # fmt: skip


@pytest.mark.parametrize(
    ("where", "kind", "currency", "most", "late", "days", "unnoticed"),
    [
        ("US", "credit", "USD", 50_00, None, None, False),  # 12 CFR 1026.12(b)
        ("US", "charge", "USD", 50_00, None, None, False),
        ("US", "debit", "USD", 50_00, 500_00, 60, False),  # 12 CFR 1005.6(b)(1)-(3)
        ("US", "prepaid", "USD", 50_00, 500_00, 60, False),
        ("GB", "debit", "GBP", 35_00, None, None, True),  # SI 2017/752 reg 77
        ("EU", "debit", "EUR", 50_00, None, None, True),  # Directive (EU) 2015/2366 Art. 74(1)
    ],
)
def test_each_country_has_its_limits(
    where: str, kind: str, currency: str, most: int, late: int | None, days: int | None, unnoticed: bool
) -> None:
    law = liability_law(where, kind)
    assert law is not None and law.source and law.effective < date(2026, 1, 1)
    assert (law.currency, law.most_minor, law.late_most_minor) == (currency, most, late)
    assert (law.statement_days, law.not_if_unnoticed) == (days, unnoticed)


def test_where_no_law_is_known_none_is_made_up() -> None:
    assert liability_law("CA", "debit") is None is liability_law("US", "library")


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        ({"source": None}, "source"),
        ({"kinds": ["library"]}, "library is no kind"),
        ({"kinds": ["debit", "debit"]}, "stands there twice"),
        ({"in_time": "e.loss_report_50"}, "stand together"),
        ({"in_time": "e.nothing", "late_most_minor": 1}, "a rule of rules.toml"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(spoiled: dict[str, Any], said: str) -> None:
    entry = {name: value for name, value in {**ONE, **spoiled}.items() if value is not None}
    with pytest.raises(BrokenRule, match=said) as wrong:
        read_laws({"XX.any": entry})
    assert "XX.any" in str(wrong.value)
