"""The adapter keeps everything a card core has to keep."""

from __future__ import annotations

import pytest

from cardline.issuer.conformance import emergency, limits, parts
from cardline.issuer.conformance.suite import CHECKS, Result, run
from cardline.issuer.lithic.stand import lithic_stand


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return {result.id: result for result in run(lithic_stand)}


@pytest.mark.parametrize("check", [check.__name__ for check in CHECKS])
def test_the_adapter_keeps(check: str, results: dict[str, Result]) -> None:
    assert results[check].bad == ()
    # Everything is looked at but the parts that the adapter does not offer.
    assert (results[check].checked > 0) == (check not in {**vars(parts), **vars(limits), **vars(emergency)})
