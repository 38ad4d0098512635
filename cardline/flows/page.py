"""A step of a conversation as any screen shows it: a page of its own, a chat, the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.flows.queries import Standing
from cardline.flows.verbs import Ask, Do, Find, HandOver, Kind, Option, Verify
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_moment
from cardline.kit.redact import Clean
from cardline.kit.reference import show_reference
from cardline.kit.words import Reader, Words, say

ONE_LINE = 160  # characters

State = Literal["asks", "verifies", "silent", "changed", "ended", "handed_over"]


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: str
    hint: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class StepPage:
    """said: our sentences since the last answer, without the one that is asked.

    kind: of the question, "" where none is asked. url: where the form goes. error: what was wrong with `typed`.
    asked_at: since when the card core has been silent. case_url, reference: of the case it is written in.
    """

    title: str
    state: State
    url: str
    steps: int
    said: tuple[str, ...] = ()
    question: str = ""
    hint: str = ""
    kind: str = ""
    choices: tuple[Choice, ...] = ()
    may_skip: bool = False
    danger: bool = False
    most: int = 0
    error: str = ""
    typed: str = ""
    asked_at: str = ""
    case_url: str = ""
    reference: str = ""
    can_go_back: bool = False

    @property
    def picks_one(self) -> bool:
        return self.kind in (Kind.CHOICE, Kind.YES_NO, Kind.CARD)

    @property
    def is_long(self) -> bool:
        """Their own words, more than a line of them."""
        return self.kind == Kind.TEXT and self.most > ONE_LINE

    @property
    def described(self) -> str:
        """The ids of what explains the field: a hint, and what was wrong."""
        return " ".join(
            name for name, text in (("answer-hint", self.hint), ("answer-error", self.error)) if text
        )


def step_page(standing: Standing, url: str, language: str, now: datetime) -> StepPage:
    """url: where answers are sent."""
    profile = current_profile()
    reader = Reader(language, profile.zone, now)
    title = say(Words(standing.flow.title), reader) if standing.flow else _("What you began here")
    page = StepPage(title, _state(standing), url, standing.steps, can_go_back=standing.can_go_back)
    page = replace(page, said=tuple(say(words, reader) for words in standing.said))
    run = standing.run
    if run is not None and run.case is not None:
        shown = show_reference(run.case.ref)
        page = replace(page, reference=shown, case_url=reverse("case", args=[shown]))
    if page.state == "silent" and run is not None:
        at = run.silent_since or run.moved_at
        return replace(page, asked_at=say_moment(at, profile.zone, language, now))
    if isinstance(standing.step, Verify):
        return replace(page, question=say(standing.step.words, reader))
    if standing.ask is not None:
        return _asking(page, standing.ask, standing.choices, reader)
    if standing.end is not None:
        return replace(page, said=(*page.said, say(standing.end.words, reader)))
    return page


def with_error(page: StepPage, error: str, given: list[Clean]) -> StepPage:
    """The same step once more, with what was wrong and everything as it was typed or ticked."""
    ticked = tuple(replace(choice, checked=choice.id in given) for choice in page.choices)
    return replace(page, error=error, choices=ticked, typed=given[0] if given else "")


def _state(standing: Standing) -> State:
    if standing.run is not None and standing.run.state == standing.run.State.HANDED_OVER:
        return "handed_over"
    if standing.changed:
        return "changed"
    match standing.step:
        case Ask():
            return "asks"
        case Verify():
            return "verifies"
        case Do() | Find():
            return "silent"
    return "handed_over" if isinstance(standing.end, HandOver) else "ended"


def _asking(page: StepPage, ask: Ask, choices: tuple[Option, ...], reader: Reader) -> StepPage:
    return replace(
        page,
        question=say(ask.words, reader),
        hint=say(ask.hint, reader) if ask.hint else "",
        kind=str(ask.kind),
        choices=tuple(
            Choice(one.id, say(one.words, reader), say(one.hint, reader) if one.hint else "")
            for one in choices
        ),
        may_skip=ask.may_skip,
        danger=ask.danger,
        most=ask.most,
    )
