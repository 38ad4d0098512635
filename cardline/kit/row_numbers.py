"""The number of a row, as an address or a form of ours writes it."""

from __future__ import annotations

BIGGEST = 2**63 - 1  # no database of ours holds a larger one


def row_number(written: str | None) -> int:
    """0 for anything that is no number of a row: nothing has that."""
    if not written or not (written.isascii() and written.isdecimal()) or len(written) > 18:
        return 0
    return int(written)
