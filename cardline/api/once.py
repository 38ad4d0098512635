"""The header that makes a write happen once (SR-65)."""

from __future__ import annotations

from typing import Annotated

from ninja import Header

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[!-~]+$",
        description="Yours to choose, 8 to 64 visible characters. Sent again with the same body, the first answer comes"
        " back; with another one, 409. Kept 45 days.",
    ),
]
