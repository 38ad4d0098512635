"""What was said in a conversation, as lines of its case: written once, when there is a case to write in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.cases import timeline
from cardline.flows.engine import Answer, Diverged, replay, was_shown
from cardline.flows.models import FlowRun
from cardline.flows.registry import flows
from cardline.flows.verbs import Ask, Kind
from cardline.kit.redact import clean
from cardline.kit.words import Words, words_kept

ANSWERED, ENDED, HANDED_OVER, SILENT = "flow.answered", "flow.ended", "flow.handed_over", "flow.silent"
NO_QUESTION = Words(_("Answered before our questions changed"))
KINDS = (ANSWERED, ENDED, HANDED_OVER, SILENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A question and its answer. said: what was told before it. text: where the answer is their own words."""

    said: tuple[Words, ...]
    asked: Words
    answer: Words
    text: str = ""


def lines_of(run: FlowRun, rows: list[list[Any]]) -> Iterator[Line]:
    """The questions among the answers that are not written yet. rows: [step, value, shown], as a run keeps them.

    Answers to questions there are no more are lines without a question.
    """
    flow = flows.get(run.flow)
    if flow is None or flow.version != run.version:
        yield from (Line((), NO_QUESTION, words_kept(row[2])) for row in rows[run.written :] if row[2])
        return
    answers: list[Answer] = [(row[0], row[1]) for row in rows]
    said: list[Words] = []
    for n in range(len(rows)):
        try:
            position = replay(flow, answers[:n])
        except Diverged:
            return
        step = position.step
        if step is None or not was_shown(step, rows[n][1]):
            continue
        said.extend(position.said)
        if not isinstance(step, Ask):
            continue
        if n >= run.written:
            own_words = step.kind == Kind.TEXT and not step.private and isinstance(rows[n][1], str)
            text = rows[n][1] if own_words else ""
            yield Line(tuple(said), step.words, words_kept(rows[n][2]), text)
        said.clear()


def write_lines(run: FlowRun, rows: list[list[Any]]) -> None:
    """Inside a command: everything answered that is not in the timeline yet, once the conversation has a case."""
    if run.case_id is None:
        return
    for line in lines_of(run, rows):
        data = {
            "flow": run.flow,
            "said": [words.kept() for words in line.said],
            "asked": line.asked.kept(),
            **({} if line.text else {"answer": line.answer.kept()}),
        }
        timeline.append(_home(run), ANSWERED, clean(line.text), contact_id=run.contact_id, data=data)
    run.written = len(rows)


def write_end(run: FlowRun, kind: str, said: tuple[Words, ...], words: Words) -> None:
    if run.case_id is None:
        return
    data = {"flow": run.flow, "said": [one.kept() for one in said], "words": words.kept()}
    timeline.append(_home(run), kind, contact_id=run.contact_id, data=data)


def _home(run: FlowRun) -> int:
    assert run.case_id is not None
    return run.contact.home_case_id if run.contact is not None else run.case_id
