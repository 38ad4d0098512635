"""The conversations themselves, one file a family. Importing this declares them all."""

from __future__ import annotations

from importlib import import_module

_DECLARING = (
    "actions.calls",
    "actions.cards",
    "actions.contactdata",
    "actions.fraud",
    "actions.payments",
    "actions.reports",
    "actions.service",
    "library.calling",
    "library.card_access",
    "library.contactdata",
    "library.declined",
    "library.fraud",
    "library.gone",
    "library.lost_stolen",
    "library.paying",
    "library.phone_back",
    "library.service",
)

for module in _DECLARING:
    import_module(f"cardline.flows.{module}")
