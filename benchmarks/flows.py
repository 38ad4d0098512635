"""A conversation of sixty answers run again from its beginning, beside the same generator advanced without keeping it.

CPU of this process, by turns. Usage: python -m benchmarks.flows [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

from cardline.flows.engine import replay
from cardline.flows.registry import Conversation, Flow
from cardline.flows.talk import Talk, option

ANSWERS = 60
TURNS = 7


def sixty(talk: Talk) -> Conversation:
    """Every kind of step a real one has: told, chosen, looked up, done."""
    for n in range(ANSWERS // 4):
        yield talk.say("Number %(n)s.", n=n)
        yield talk.choose(f"choice{n}", "Which?", option("a", "The first"), option("b", "The second"))
        yield talk.yes_no(f"sure{n}", "Sure?")
        yield talk.find(f"found{n}", "speaker")
        yield talk.do(f"done{n}", "cards.freeze", card="card_1")
    yield talk.done("over", "Goodbye.")


def answers() -> list[tuple[str, Any]]:
    kept: list[tuple[str, Any]] = []
    for n in range(ANSWERS // 4):
        kept += [(f"choice{n}", "a"), (f"sure{n}", True), (f"found{n}", {"known": True})]
        kept.append((f"done{n}", {"done": {"last4": "1005"}}))
    return kept


def bare() -> None:
    """The generator alone: what replaying cannot cost less than."""
    conversation = sixty(Talk())
    for _verb in conversation:
        pass


def milliseconds(work: Any, rounds: int) -> float:
    began = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - began) * 1_000 / rounds


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    flow, kept = Flow("a.flow", "a.need", "A flow", 1, 0, "a-flow", sixty), answers()
    assert replay(flow, kept).end is not None
    ours, alone = [], []
    for _ in range(TURNS):
        ours.append(milliseconds(lambda: replay(flow, kept), rounds))
        alone.append(milliseconds(bare, rounds))
    mine, floor = statistics.median(ours), statistics.median(alone)
    print(f"replay of {ANSWERS} answers   {mine:.3f} ms CPU (reach 5)")
    print(f"the generator alone    {floor:.3f} ms CPU, × {mine / floor:.1f}")


if __name__ == "__main__":
    main()
