"""Where an issuer gives itself less time than the law does: a card network's rule, or its own wish. Never more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cardline.clocks.rules import UnknownRule, rule_ids, rule_named
from cardline.issuer.profile.problems import did_you_mean
from cardline.issuer.profile.reading import Table


def read_own_clocks(tables: Iterable[Table]) -> Mapping[str, int]:
    """The [[clocks]] tables: by rule, so much of the rule's own unit. One that is longer than the law is a mistake."""
    found: dict[str, int] = {}
    for table in tables:
        rule_id, most = table.string("rule"), table.integer("most")
        try:
            rule = rule_named(rule_id)
        except UnknownRule:
            table.problem("rule", f"There is no legal clock {rule_id!r}.", did_you_mean(rule_id, rule_ids()))
        else:
            unit, law = rule.spans[0].unit, rule.longest_own
            if not rule.can_be_shorter:
                what = f"{rule_id} is no time that an issuer gives itself, and nobody may shorten it."
                table.problem("rule", what, "Take it out.")
            elif not 1 <= most <= law:
                what = f"{rule_id} would be {most} ({unit}); the law gives {law}, and an issuer may only take less."
                table.problem("most", what, f"Use 1 to {law}.")
            elif rule_id in found:
                table.problem("rule", f"{rule_id} stands here twice.", "Keep one.")
            else:
                found[rule_id] = most
        table.finish()
    return found
