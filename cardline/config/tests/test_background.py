"""The round beside the pages: whatever stumbles holds up nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest

from cardline.config import background
from cardline.config.background import Background

SWEEPS = ("promises", "routing", "payments", "notify")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stumbles", SWEEPS)
def test_a_sweep_that_stumbles_holds_up_no_other(
    stumbles: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    swept: list[str] = []

    def sweep_of(name: str) -> None:
        def sweep(now: datetime) -> int:
            swept.append(name)
            if name == stumbles:
                raise ZeroDivisionError(name)
            return 0

        monkeypatch.setattr(getattr(background, name), "sweep", sweep)

    for name in SWEEPS:
        sweep_of(name)
    Background().one_round()
    assert swept == list(SWEEPS)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [stumbles]
