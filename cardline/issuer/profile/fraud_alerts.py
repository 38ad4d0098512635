"""How a member is asked whether a suspicious charge was theirs, as the profile orders it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cardline.issuer.profile.problems import did_you_mean
from cardline.issuer.profile.reading import Table

# Ways a question reaches somebody within minutes. Their own pages show it from the first moment whatever stands here; a
# letter comes days after the card was needed.
CAN_ASK = ("text", "email")
LONGEST_WAIT = timedelta(days=1)
LONGEST_ANSWER_DAYS = 30


@dataclass(frozen=True, slots=True)
class AskingWay:
    """wait: how long an answer is waited for there, before the next way, or a person, has its turn."""

    channel: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class FraudAlertRules:
    """ways: in the order they are tried. answer_days: how long a reply by text still counts as an answer."""

    ways: tuple[AskingWay, ...] = ()
    answer_days: int = 1


def read_fraud_alerts(table: Table) -> FraudAlertRules:
    """The [fraud_alerts] table."""
    order = table.strings("order", None)
    waits = table.table("wait_minutes")
    ways = []
    for channel in dict.fromkeys(order):
        if channel not in CAN_ASK:
            what = f"{channel!r} reaches nobody within minutes."
            table.problem("order", what, did_you_mean(channel, CAN_ASK))
            continue
        ways.append(AskingWay(channel, _wait(waits, channel)))
    if len(set(order)) < len(order):
        table.problem("order", "A way stands there twice.", "Name each once.")
    waits.finish()
    days = table.integer("answer_days")
    if not 1 <= days <= LONGEST_ANSWER_DAYS:
        table.problem(
            "answer_days", f"{days} is no time to wait for a word.", f"Use 1 to {LONGEST_ANSWER_DAYS}."
        )
        days = 1
    table.finish()
    return FraudAlertRules(tuple(ways), days)


def _wait(waits: Table, channel: str) -> timedelta:
    minutes = waits.integer(channel)
    wait = timedelta(minutes=minutes)
    if not timedelta(0) < wait <= LONGEST_WAIT:
        what = f"{minutes} minutes is no time to wait for an answer."
        waits.problem(channel, what, f"Use 1 to {LONGEST_WAIT // timedelta(minutes=1)}.")
    return wait
