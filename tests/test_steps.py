"""bin/test looks for browsers and faults in a few folders, quicker than reading every file: none is elsewhere."""

from __future__ import annotations

import re

from benchmarks.bench import ROOT

LOOKED_IN = {
    "browser": ("tests/journeys/", "cardline/ui/tests/", "tests/faults/"),
    "postgres_journey": ("tests/journeys/",),
    "fault": ("tests/faults/",),
}


def test_what_a_step_runs_lies_where_it_looks() -> None:
    files = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("cardline/**/tests/**/*.py")]
    marked = [
        (mark, file.relative_to(ROOT).as_posix())
        for file in files
        for mark in re.findall(r"pytest\.mark\.(\w+)", file.read_text())
        if mark in LOOKED_IN
    ]
    assert {mark for mark, _ in marked} == set(LOOKED_IN)
    assert [row for row in marked if not row[1].startswith(LOOKED_IN[row[0]])] == []
