"""The hand a flow speaks with. Each method makes a verb; the flow yields it and is sent the answer."""

from __future__ import annotations

from cardline.flows.verbs import (
    Ask,
    Do,
    Done,
    Find,
    HandOver,
    Json,
    Kind,
    Option,
    Promise,
    Say,
    Verify,
)
from cardline.kit.words import Words


def option(id: str, text: str, hint: str = "", **values: Json) -> Option:
    return Option(id, Words(text, values), Words(hint) if hint else None)


def _maybe(text: str) -> Words | None:
    return Words(text) if text else None


class Talk:
    """`step` names a question, so that its answer is found again; `text` is a msgid with `values` for its places."""

    def say(self, text: str, **values: Json) -> Say:
        return Say(Words(text, values))

    def choose(
        self,
        step: str,
        text: str,
        *options: Option,
        hint: str = "",
        spoken: str = "",
        danger: bool = False,
        **values: Json,
    ) -> Ask:
        return Ask(
            step,
            Kind.CHOICE,
            Words(text, values),
            options=options,
            hint=_maybe(hint),
            spoken=_maybe(spoken),
            danger=danger,
        )

    def yes_no(
        self, step: str, text: str, *, hint: str = "", spoken: str = "", danger: bool = False, **values: Json
    ) -> Ask:
        return Ask(
            step, Kind.YES_NO, Words(text, values), hint=_maybe(hint), spoken=_maybe(spoken), danger=danger
        )

    def ask_card(self, step: str, text: str, *, among: str = "", hint: str = "", **values: Json) -> Ask:
        """among: "freezable", "frozen", "unfrozen", "replaceable" (in use), "coming" (in the post); any card that is
        not closed where it is left out.
        """
        return Ask(step, Kind.CARD, Words(text, values), hint=_maybe(hint), among=among)

    def ask_charges(self, step: str, text: str, *, card: str, hint: str = "", **values: Json) -> Ask:
        """Which of a card's last charges; none is an answer, too. card: whose, as its token."""
        return Ask(step, Kind.CHARGES, Words(text, values), hint=_maybe(hint), among=card, may_skip=True)

    def ask_text(
        self,
        step: str,
        text: str,
        *,
        hint: str = "",
        may_skip: bool = False,
        most: int = 400,
        private: bool = False,
        **values: Json,
    ) -> Ask:
        """private: as `Ask` has it. After a command had the answer, a flow run again is sent None in its place."""
        return Ask(
            step,
            Kind.TEXT,
            Words(text, values),
            hint=_maybe(hint),
            may_skip=may_skip,
            most=most,
            private=private,
        )

    def ask_digits(
        self,
        step: str,
        text: str,
        *,
        least: int,
        most: int,
        hint: str = "",
        may_skip: bool = False,
        **values: Json,
    ) -> Ask:
        return Ask(
            step,
            Kind.DIGITS,
            Words(text, values),
            hint=_maybe(hint),
            least=least,
            most=most,
            may_skip=may_skip,
        )

    def ask_money(self, step: str, text: str, *, currency: str, hint: str = "", **values: Json) -> Ask:
        return Ask(step, Kind.MONEY, Words(text, values), hint=_maybe(hint), currency=currency)

    def ask_date(
        self, step: str, text: str, *, hint: str = "", may_skip: bool = False, **values: Json
    ) -> Ask:
        return Ask(step, Kind.DATE, Words(text, values), hint=_maybe(hint), may_skip=may_skip)

    def find(self, step: str, what: str, **values: Json) -> Find:
        return Find(step, what, values)

    def do(self, step: str, action: str, **values: Json) -> Do:
        return Do(step, action, values)

    def verify(self, step: str, level: int, text: str, **values: Json) -> Verify:
        return Verify(step, level, Words(text, values))

    def promise(self, step: str, text: str, *, within: str, queue: str = "", **values: Json) -> Promise:
        """text completes "We will …"."""
        return Promise(step, Words(text, values), within, queue)

    def hand_over(self, text: str, **values: Json) -> HandOver:
        return HandOver(Words(text, values))

    def done(self, outcome: str, text: str, **values: Json) -> Done:
        return Done(outcome, Words(text, values))
