"""What an issuer says beside the facts: the urgent band, questions and answers, how a contact should go."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.profile.reading import Table
from cardline.issuer.profile.text import EMPTY, Text


@dataclass(frozen=True, slots=True)
class UrgentBand:
    """The band for a lost card or a charge that is not the member's, on the first screen everywhere."""

    title: Text
    text: Text
    freeze_label: Text
    call_label: Text


@dataclass(frozen=True, slots=True)
class FreezeLine:
    """One thing a freeze stops or leaves working; `id` is what the card core reports it by."""

    id: str
    works: bool
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question people ask before any contact, with its answer in sentences and where to go from there."""

    id: str
    question: Text
    answer: tuple[Text, ...]
    needs: tuple[str, ...]
    channels: tuple[str, ...]
    lines: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conduct:
    """Tips for a good contact, by kind of contact, and openings that say the purpose first."""

    phone: tuple[Text, ...]
    chat: tuple[Text, ...]
    mail: tuple[Text, ...]
    conversation: tuple[Text, ...]
    afterwards: tuple[Text, ...]
    social: tuple[Text, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """A first sentence that names the purpose, and the need it leads to."""

    text: Text
    need: str


@dataclass(frozen=True, slots=True)
class NoteField:
    """One thing to keep of a contact. We keep it and hand it over; members may keep their own."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the guide contradicts itself or good practice, and what we do instead. Documentation."""

    id: str
    about: str
    says: tuple[str, ...]
    product: str


def read_urgent(table: Table) -> UrgentBand:
    """The [urgent] table."""
    band = UrgentBand(
        title=table.text("title"),
        text=table.text("text"),
        freeze_label=table.text("freeze_label"),
        call_label=table.text("call_label"),
    )
    table.finish()
    return band


def read_freeze_line(table: Table) -> FreezeLine:
    """One [[freeze]] entry."""
    line = FreezeLine(id=table.string("id"), works=table.boolean("works"), text=table.text("text"))
    table.finish()
    return line


def read_question(table: Table) -> Question:
    """One [[questions]] entry."""
    question = Question(
        id=table.string("id"),
        question=table.text("question"),
        answer=table.texts("answer"),
        needs=table.references("needs", "need"),
        channels=table.references("channels", "channel"),
        lines=table.references("lines", "phone line"),
        details=table.references("details", "detail"),
    )
    if not question.answer:
        table.problem("answer", "A question needs an answer.", "Write one or more sentences.")
    table.finish()
    return question


def read_conduct(table: Table) -> Conduct:
    """The [conduct] table."""
    conduct = Conduct(
        phone=table.texts("phone"),
        chat=table.texts("chat"),
        mail=table.texts("mail"),
        conversation=table.texts("conversation"),
        afterwards=table.texts("afterwards"),
        social=table.texts("social"),
        openings=tuple(_read_opening(opening) for opening in table.tables("openings")),
    )
    table.finish()
    return conduct


def _read_opening(table: Table) -> Opening:
    opening = Opening(text=table.text("text"), need=table.reference("need", "need"))
    table.finish()
    return opening


def read_note_field(table: Table) -> NoteField:
    """One [[notes]] entry."""
    field = NoteField(id=table.string("id"), label=table.text("label"))
    table.finish()
    return field


def read_conflict(table: Table) -> Conflict:
    """One [[conflicts]] entry."""
    conflict = Conflict(
        id=table.string("id"),
        about=table.string("about"),
        says=table.strings("says", None),
        product=table.string("product"),
    )
    table.finish()
    return conflict


def read_incident(table: Table) -> Text:
    """The optional [incident] table: a banner while something is broken."""
    text = table.text("text", EMPTY)
    table.finish()
    return text
