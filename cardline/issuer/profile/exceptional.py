"""What exceptional verification lets a stranded member have (DOMAIN 8, VX): an issuer's choice, within our limits."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.profile.problems import did_you_mean
from cardline.issuer.profile.reading import Table

# What protects, and a card to live on until they are home. Nothing that tells of an account, changes who somebody is or
# how they are reached, or undoes a protection can be listed, whatever an issuer writes.
MAY_BE_LISTED = (
    "lost_stolen:freeze",
    "lost_stolen:report",
    "lost_stolen:close_card",
    "lost_stolen:replace_to_address_on_file",
    "lost_stolen:replace_elsewhere",
)
MOST_LIMIT = 1_000_00
MOST_HOURS = 168


@dataclass(frozen=True, slots=True)
class ExceptionalRules:
    """actions: "family:action" of the level matrix; none, and this issuer has no exceptional verification.
    card_limit_minor: of the emergency card, in the profile's currency. card_within_hours: we promise it by then.
    """

    actions: tuple[str, ...] = ()
    card_limit_minor: int = 0
    card_within_hours: int = 0


def read_exceptional(table: Table) -> ExceptionalRules:
    """The [exceptional] table, which an issuer without it leaves out whole."""
    if not table.written():
        return ExceptionalRules()
    actions = table.strings("actions", None)
    for action in actions:
        if action not in MAY_BE_LISTED:
            what = f"{action!r} cannot be had by exceptional verification."
            table.problem("actions", what, did_you_mean(action, MAY_BE_LISTED))
    limit, hours = table.integer("card_limit_minor"), table.integer("card_within_hours")
    if not 0 < limit <= MOST_LIMIT:
        what = f"{limit} is no limit for an emergency card."
        table.problem(
            "card_limit_minor", what, f"Use 1 to {MOST_LIMIT}, in the smallest unit of the currency."
        )
    if not 0 < hours <= MOST_HOURS:
        table.problem(
            "card_within_hours", f"{hours} is no time to wait abroad.", f"Use 1 to {MOST_HOURS} hours."
        )
    table.finish()
    return ExceptionalRules(actions, limit, hours)
