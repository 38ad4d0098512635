"""Where a demo keeps its world. Read before Django, which wants to know it at once."""

from __future__ import annotations

import os
from pathlib import Path

FIRST_ISSUER = "american-express"

# In the folder of a demo, with the issuer's id in it; a folder without it holds no demo.
MARK = "demo-issuer.txt"


def demo_folder() -> Path:
    """CARDLINE_DATA, else var/demo. Another issuer's demo has a folder of its own: one world serves one issuer."""
    chosen = os.environ.get("CARDLINE_DATA")
    if chosen:
        return Path(chosen).resolve()
    issuer = os.environ.get("CARDLINE_PROFILE") or FIRST_ISSUER
    name = "demo" if issuer == FIRST_ISSUER else f"demo-{Path(issuer).name}"
    return Path(__file__).resolve().parents[2] / "var" / name
