"""Nothing is done and nothing leaves the house of which the table of restrictions says nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import cardline
from cardline.issuer.core import AlertEvent
from cardline.issuer.profile.levels import MATRIX
from cardline.kit.commands import Command, registry
from cardline.members.restrictions.table import PLACE, TABLE
from cardline.members.restrictions.words import GROUPS, MESSAGES, NAMES, TO_OWN
from cardline.notify.letters.table import letter_kinds

ROOT = Path(cardline.__file__).parent
TEXTS = ROOT / "notify" / "texts"  # a template of a message is a file there, called by its id


def product_commands() -> list[Command[Any, Any]]:
    """All commands of the product, wherever they are declared."""
    for module in walk_packages([str(ROOT)], "cardline."):
        if ".tests" not in module.name and "@command(" in source_of(module.name):
            import_module(module.name)
    return [one for one in registry.values() if ".tests" not in one.function.__module__]


def source_of(module: str) -> str:
    file = ROOT.parent.joinpath(*module.split(".")).with_suffix(".py")
    return file.read_text("utf-8") if file.exists() else ""


def outgoing_kinds() -> set[str]:
    """Every message that can leave the house: alerts, the templates of notify, and letters."""
    return (
        {f"alert:{event}" for event in AlertEvent}
        | {f"message:{file.stem}" for file in TEXTS.glob("*.toml")}
        | {kind.leaves_as for kind in letter_kinds().values()}
    )


def test_every_command_with_a_level_stands_in_the_table() -> None:
    levels = {one.name: one.level for one in product_commands() if one.level}
    assert len(levels) > 10
    plain = [
        f"{name} asks for {level}: name family:action of issuer/profile/levels.toml, which {PLACE} can look up"
        for name, level in levels.items()
        if ":" not in level
    ]
    assert not plain
    assert TABLE.missing(levels.values()) == []


def test_every_action_of_the_levels_stands_in_the_table_and_none_is_made_up() -> None:
    levels = {f"{family}:{action}" for family, actions in MATRIX.items() for action in actions}
    assert TABLE.missing(levels) == []
    named = {action for actions in TABLE.groups.values() for action in actions}
    others = {one for one in named if not one.startswith(("alert:", "message:", "letter:"))} - levels
    assert others == {"charge", "collect", "disclose", "delete"}


def test_every_message_that_can_leave_stands_in_the_table() -> None:
    assert TABLE.missing(outgoing_kinds()) == []


def test_a_new_message_is_found_and_told_where_to_go() -> None:
    assert TABLE.missing({*outgoing_kinds(), "message:new_kind"}) == [
        f"message:new_kind stands in no group: add it to `actions` of one in {PLACE}"
    ]


def test_there_are_words_for_every_group_kind_and_message() -> None:
    kinds = {
        one
        for actions in TABLE.groups.values()
        for one in actions
        if one.startswith(("alert:", "message:", "letter:"))
    }
    assert set(GROUPS) == set(TABLE.groups)
    assert set(NAMES) == set(TO_OWN) == set(TABLE.kinds)
    assert set(MESSAGES) == kinds
