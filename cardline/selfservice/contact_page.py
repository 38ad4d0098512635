"""Every way to reach the issuer, with everything its profile says about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from django.utils.translation import gettext as _

from cardline.issuer.hours import Hours
from cardline.issuer.profile import Address, Channel, Detail, PhoneLine, Profile, Question, current_profile
from cardline.kit.dates import say_time
from cardline.kit.languages import locale_of
from cardline.selfservice.home_page import CHANNEL_ICONS
from cardline.selfservice.opening import Opening, opening_of


@dataclass(frozen=True, slots=True)
class LineRow:
    """A telephone line. regions and cards: who dials it from where, in words; empty means anybody, anywhere."""

    line: PhoneLine
    opening: Opening
    regions: str
    cards: str


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """A channel with its hours now, and its week where it has one."""

    channel: Channel
    icon: str
    opening: Opening
    week: tuple[tuple[str, str], ...]
    handoff: Channel | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its answer, and the numbers that belong to it."""

    question: Question
    lines: tuple[PhoneLine, ...]
    need: str  # the plan it leads to; "" for none


@dataclass(frozen=True, slots=True)
class ContactPage:
    lines: tuple[LineRow, ...]
    channels: tuple[ChannelCard, ...]
    addresses: tuple[Address, ...]
    details: tuple[Detail, ...]
    questions: tuple[QuestionRow, ...]


def contact_page(now: datetime, language: str) -> ContactPage:
    """The whole of the profile's reach, told for now and in the reader's language. Asks no database."""
    profile = current_profile()
    return ContactPage(
        lines=tuple(_line(line, profile, now, language) for line in profile.lines.values()),
        channels=tuple(_channel(channel, profile, now, language) for channel in profile.channels.values()),
        addresses=tuple(profile.addresses.values()),
        details=tuple(profile.details.values()),
        questions=tuple(
            QuestionRow(
                question,
                tuple(profile.line(line) for line in question.lines if profile.line(line).e164),
                question.needs[0] if question.needs else "",
            )
            for question in profile.questions
        ),
    )


def _line(line: PhoneLine, profile: Profile, now: datetime, language: str) -> LineRow:
    return LineRow(
        line=line,
        opening=opening_of(line.hours, now, language),
        regions=", ".join(profile.region(region).label.in_(language) for region in line.regions),
        cards=", ".join(profile.card_type(card).label.in_(language) for card in line.card_types),
    )


def _channel(channel: Channel, profile: Profile, now: datetime, language: str) -> ChannelCard:
    return ChannelCard(
        channel=channel,
        icon=CHANNEL_ICONS[channel.id],
        opening=opening_of(channel.hours, now, language),
        week=_week(channel.hours, language, now),
        handoff=profile.channel(channel.handoff_to) if channel.handoff_to else None,
    )


def _week(hours: Hours, language: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """Each weekday with its hours on the wall clock, Monday first; nothing for hours that are always or unstated."""
    if hours.kind != "weekly":
        return ()
    names = get_day_names("wide", locale=locale_of(language))
    return tuple(
        (
            str(names[day]),
            ", ".join(_span(i.start, i.end, hours.zone, language, now) for i in intervals) or _("closed"),
        )
        for day, intervals in enumerate(hours.week)
    )


def _span(start: int, end: int, zone: ZoneInfo, language: str, now: datetime) -> str:
    def clock(minute: int) -> str:
        there = now.astimezone(zone).replace(hour=minute // 60 % 24, minute=minute % 60)
        return say_time(there, language)

    return f"{clock(start)}–{clock(end)}"
