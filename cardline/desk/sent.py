"""What we sent to a member, so that an agent who is asked "did you text me?" knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language

from cardline.members.models import Member
from cardline.notify.models import Outgoing
from cardline.notify.wording import name_of
from cardline.notify.words import DOORS, ICONS, say_state, tone_of

SHOWN = 5


@dataclass(frozen=True, slots=True)
class SentRow:
    """One message: what kind and how it stands. Neither its words nor where it went, which agents need not know."""

    at: datetime
    kind: str
    door: str | LazyText
    icon: str
    state: str
    tone: str


def sent_to(member: Member) -> list[SentRow]:
    """The newest first. For a page that has let its reader in to this member."""
    language = get_language() or "en"
    return [_row(row, language) for row in member.outgoing.order_by("-pk")[:SHOWN]]


def _row(row: Outgoing, language: str) -> SentRow:
    tone = tone_of(row)
    at = row.sent_at or row.asked_at
    return SentRow(
        at, name_of(row.template, language), DOORS[row.channel], ICONS[row.channel], say_state(row), tone
    )
