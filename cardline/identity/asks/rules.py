"""How long a question on the member's own pages waits. Pure."""

from __future__ import annotations

from datetime import timedelta

ASK_LASTS = timedelta(minutes=5)  # as long as what is shown with an action counts for it (identity/rules.py)
