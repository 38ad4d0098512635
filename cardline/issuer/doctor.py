"""What `cardline doctor` says about the issuer's profile."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cardline.issuer.profile import Problem, Profile, ProfileError, load_profile

# A promise or a legal clock can reach this many years ahead; the calendar has to be there before it.
YEARS_AHEAD = 1


def check_profile(folder: Path, today: date | None = None) -> list[Problem]:
    """Everything wrong with the profile in a folder, in the order of its lines; empty when it can be used.

    With `today`, also a calendar that soon ends: from then on due dates would be refused.
    """
    try:
        profile = load_profile(folder)
    except ProfileError as error:
        return list(error.problems)
    return [] if today is None else _calendar_problems(profile, today)


def in_words(profile: Profile) -> list[str]:
    """What the profile holds, one line each, for a person who wants to see that it is the right one."""
    kind = "official" if profile.official else "unofficial"
    dialled = [line.display for line in profile.lines.values() if line.display]
    unstated = [channel.id for channel in profile.channels.values() if channel.hours.kind == "unstated"]
    calendar = profile.calendar
    return [
        f"{profile.id}: {profile.display_name.in_('en')} ({kind}), {', '.join(profile.languages)}",
        f"times in {profile.time_zone}, {calendar.id} {calendar.first_year} to {calendar.last_year}",
        f"{len(profile.needs)} decisions on needs; {len(profile.queues)} queues, {len(profile.teams)} teams",
        f"{len(profile.channels)} channels, hours not stated for: {', '.join(unstated) or 'none'}",
        f"numbers: {', '.join(dialled)}",
    ]


def _calendar_problems(profile: Profile, today: date) -> list[Problem]:
    calendar = profile.calendar
    if today.year + YEARS_AHEAD <= calendar.last_year:
        return []
    what = f"The calendar {calendar.id} ends with {calendar.last_year}; a due date beyond it will be refused."
    remedy = f"Check its source ({calendar.source}), then move last_year."
    return [Problem("cardline/clocks/calendars.toml", 1, f"{calendar.id}.last_year", what, remedy)]
