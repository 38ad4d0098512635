"""A statement's lines as a file for a spreadsheet, in the columns of the list of transactions."""

from __future__ import annotations

from cardline.cards.statements import lines_of, statement_of
from cardline.kit.actors import Actor
from cardline.selfservice.statements.parts import file_stem
from cardline.selfservice.transactions_file import MOST_ROWS, as_file


def statement_file(actor: Actor, token: str) -> tuple[str, str]:
    """(name, content): every line of the cycle, at most 10,000. Raises NotThere, and CoreUnknown."""
    statement = statement_of(actor, token)
    lines, _rest = lines_of(actor, token, most=MOST_ROWS)
    return f"{file_stem(statement)}.csv", as_file(lines)
