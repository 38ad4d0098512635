"""The default levels of identity per family of needs and action, and their floors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

# "V0" to "V3". As strings they compare as they should: "V1" < "V2".
Level = str


@dataclass(frozen=True, slots=True)
class LevelRule:
    """The level an action needs by default, and the lowest an issuer may choose, with the reason for it."""

    level: Level
    floor: Level
    why: str


def _load() -> dict[str, dict[str, LevelRule]]:
    written = tomllib.loads(files("cardline.issuer.profile").joinpath("levels.toml").read_text("utf-8"))
    return {
        family: {action: LevelRule(**rule) for action, rule in actions.items()}
        for family, actions in written.items()
    }


MATRIX = _load()
