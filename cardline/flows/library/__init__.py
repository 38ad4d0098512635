"""The conversations themselves, one file a family. Importing this declares them all."""

from __future__ import annotations

from cardline.flows.actions import cards, reports  # noqa: F401 - declares
from cardline.flows.library import card_access, gone, lost_stolen  # noqa: F401 - declares
