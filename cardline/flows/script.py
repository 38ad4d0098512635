"""The runner of tests: answers by the name of their question, given until the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cardline.flows.commands import answer_flow, go_on, rather_not, start_flow
from cardline.flows.queries import Standing, run_of, standing_of
from cardline.flows.verbs import Ask, Verify
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.words import Reader, say

RATHER_NOT = "rather not"
Given = str | Sequence[str]


@dataclass
class Script:
    """said: every sentence, in order, as it was heard. answers: by step, as a form would bring them."""

    by: Actor
    now: datetime
    answers: Mapping[str, Given]
    language: str = "en"
    said: list[str] = field(default_factory=list)

    def play(self, flow: str, contact_id: int | None = None) -> Standing:
        """From the beginning to the end, or to the first question without an answer."""
        begun = start_flow(
            by=self.by,
            now=self.now,
            flow=flow,
            language=self.language,
            channel="script",
            contact_id=contact_id,
        )
        return self.go_on(begun["token"])

    def go_on(self, token: str) -> Standing:
        while True:
            standing = standing_of(self.by, run_of(self.by, token), self.now)
            self._hear(standing)
            if not self._answer(token, standing):
                return standing

    def _answer(self, token: str, standing: Standing) -> bool:
        step = standing.step
        if step is None or step.step not in self.answers:
            return False
        given = self.answers[step.step]
        told: dict[str, Any] = {"by": self.by, "now": self.now, "token": token, "steps": standing.steps}
        if isinstance(step, Ask):
            several = [given] if isinstance(given, str) else list(given)
            answer_flow(**told, answer=[clean(one) for one in several])
        elif isinstance(step, Verify):
            rather_not(**told) if given == RATHER_NOT else go_on(**told)
        else:
            go_on(**told)
        return True

    def _hear(self, standing: Standing) -> None:
        reader = Reader(self.language, current_profile().zone, self.now)
        self.said += [say(words, reader) for words in standing.said]
        if standing.ask is not None:
            self.said.append(say(standing.ask.words, reader))
        if standing.end is not None:
            self.said.append(say(standing.end.words, reader))
