"""One statement as a paper: for good, and therefore without anything that is true only today."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.cards.statements import lines_of
from cardline.issuer.core import Kind, Transaction
from cardline.kit.actors import Actor
from cardline.kit.money import format_money
from cardline.selfservice.cards_page import Call, call_of
from cardline.selfservice.statements.parts import Summary, found, posted_on, summary
from cardline.selfservice.statements.words import name_of
from cardline.selfservice.transaction_words import BY_CARD, kind_name

MOST_LINES = 1_000  # some thirty sheets, which take a few seconds to make


@dataclass(frozen=True, slots=True)
class PaperLine:
    day: str
    words: str
    last4: str
    amount: str


@dataclass(frozen=True, slots=True)
class StatementPaper:
    """holders: in whose name. cut: there are more lines than these. call: the line for questions."""

    summary: Summary
    holders: str
    lines: tuple[PaperLine, ...]
    several_cards: bool
    cut: bool
    call: Call | None


def statement_paper(actor: Actor, token: str, language: str) -> StatementPaper:
    """Raises NotThere, and CoreUnknown."""
    statement, billed = found(actor, token)
    lines, rest = lines_of(actor, token, most=MOST_LINES)
    return StatementPaper(
        summary=summary(statement, billed, language),
        holders=", ".join(billed.account.holders),
        lines=tuple(_line(line, language) for line in lines),
        several_cards=billed.several_cards,
        cut=bool(rest),
        call=call_of(actor),
    )


def _line(line: Transaction, language: str) -> PaperLine:
    """A dispute is not on it: it is of today, and the same statement is the same paper whenever it is asked for."""
    words = [name_of(line), line.place] if line.place else [name_of(line)]
    if line.kind in (Kind.REFUND, Kind.CASH):
        words.append(kind_name(line.kind))
    return PaperLine(
        day=posted_on(line, language),
        words=" · ".join(words),
        last4=line.last4 if line.kind in BY_CARD else "",
        amount=format_money(line.amount, language),
    )
