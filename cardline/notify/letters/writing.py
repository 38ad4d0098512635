"""A letter's words from its facts. One that lacks a part its law asks for is not written at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cardline.clocks.local import local_date
from cardline.issuer.profile import Profile
from cardline.kit import sql
from cardline.kit.dates import say_full_date
from cardline.kit.refusals import Refusal
from cardline.members.models import AccessNeeds, Member
from cardline.members.rules import AccessNeed
from cardline.notify.letters import facts
from cardline.notify.letters.table import REFERENCE, LetterKind, Part, fields_of, ombudsman_of


class LetterLacksPart(Refusal):
    """The letter cannot be sent. `kind` and `parts` name what is missing."""

    status = 422
    code = "letter_lacks_part"

    def __init__(self, kind: str, parts: Sequence[str]) -> None:
        super().__init__("")
        self.kind, self.parts = kind, tuple(parts)

    def __str__(self) -> str:
        lacking = {"kind": self.kind, "parts": ", ".join(self.parts)}
        said = _(
            "The letter %(kind)s was not sent. It lacks: %(parts)s. Add what is missing, and send it again."
        )
        return said % lacking


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is sent, all of it: what is printed in five years is printed from this.

    sender, note: whose letterhead, and that a sample is one. receiver: the legal name. reference: as shown, "" on a
    notice. paragraphs: (part, words), in order. page: "letter" or "a4"; window: left, top, width, height in mm. large:
    in large print.
    """

    sender: str
    note: str
    receiver: str
    subject: str
    reference: str
    day: str
    paragraphs: tuple[tuple[str, str], ...]
    page: str
    window: tuple[int, int, int, int]
    large: bool

    def content(self) -> dict[str, Any]:
        """As it is kept: plain values."""
        return {
            **asdict(self),
            "paragraphs": [list(one) for one in self.paragraphs],
            "window": list(self.window),
        }


def seal_of(content: Mapping[str, Any]) -> str:
    """What tells whether a kept letter is still as it was sent."""
    return hashlib.sha256(sql.to_sorted_json(content).encode()).hexdigest()


def write(
    kind: LetterKind,
    given: Mapping[str, Any],
    member: Member,
    profile: Profile,
    *,
    law: str,
    now: datetime,
) -> Written:
    """The letter in the member's language. given: its facts, as facts.py takes them.

    Raises LetterLacksPart with every part that cannot be said, UnknownLetter, and WrongFact for a fact that is not of
    its kind or not of this letter's.
    """
    if strangers := given.keys() - kind.facts.keys():
        raise facts.WrongFact(f"{kind.id} takes no {', '.join(sorted(strangers))}")
    language = member.language
    words = kind.in_(language)
    parts = kind.parts_for(profile.jurisdiction, law)
    speech = facts.Speech(language, profile.zone, words.choices, words.none)
    own = {name: said for name, said in _by_itself(profile, member).items() if said}
    told = {name for name, value in given.items() if facts.is_told(kind.facts[name], name, value, words.none)}
    if lacking := [part.id for part in parts if _fields(part, words.parts) - told - own.keys()]:
        raise LetterLacksPart(kind.id, lacking)
    said = own | {name: facts.say(kind.facts[name], name, given[name], speech) for name in told}
    window = profile.letters.window
    return Written(
        sender=profile.display_name.in_(language),
        note="" if profile.official else profile.unofficial_note.in_(language),
        receiver=member.name,
        subject=words.subject.format_map(said),
        reference=said.get(REFERENCE, ""),
        day=say_full_date(local_date(now, profile.zone), language),
        paragraphs=tuple((part.id, words.parts[part.id].format_map(said).strip()) for part in parts),
        page=profile.letters.page,
        window=(window.left, window.top, window.width, window.height),
        large=_wants_large_print(member),
    )


def _fields(part: Part, words: Mapping[str, str]) -> set[str]:
    return fields_of(words[part.id])


def _by_itself(profile: Profile, member: Member) -> dict[str, str]:
    """What no caller tells; "" where the issuer says nothing of it, and then a part that needs it is missing."""
    language = member.language
    lines = profile.lines_for(member.country, member.card_type)
    numbers = [line.display for line in lines if line.e164]
    post = next((address for address in profile.addresses.values() if address.lines), None)
    above = ombudsman_of(profile.jurisdiction).get(language.partition("-")[0], {})
    return {
        "issuer": profile.short_name.in_(language),
        "phone": numbers[0] if numbers else "",
        "site": settings.CARDLINE_SITE.partition("://")[2],
        "letters_to": ", ".join(post.lines) if post else "",
        "ombudsman": above.get("name", ""),
        "ombudsman_at": above.get("at", ""),
    }


def _wants_large_print(member: Member) -> bool:
    row = AccessNeeds.objects.filter(member=member).values_list("needs", flat=True).first()
    return AccessNeed.LARGE_PRINT in (row or [])
