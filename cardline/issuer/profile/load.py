"""From a folder of TOML files to a Profile, or to the list of everything that is wrong with it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar, calendar_ids, load_calendar
from cardline.clocks.events import JURISDICTIONS
from cardline.issuer.hours import Hours
from cardline.issuer.profile.checks import check
from cardline.issuer.profile.delivery import read_delivery
from cardline.issuer.profile.exceptional import read_exceptional
from cardline.issuer.profile.fraud_alerts import read_fraud_alerts
from cardline.issuer.profile.letters import read_letters
from cardline.issuer.profile.liability import read_liability
from cardline.issuer.profile.lines import Lines
from cardline.issuer.profile.needs import NeedFamily, read_detail, read_need_family, read_outcome
from cardline.issuer.profile.offer import read_benefit, read_consent, read_offer, read_product
from cardline.issuer.profile.opening import UNSTATED, read_hours, unstated_hours
from cardline.issuer.profile.own_clocks import read_own_clocks
from cardline.issuer.profile.problems import Misread, Problem, ProfileError, did_you_mean
from cardline.issuer.profile.profile import Profile
from cardline.issuer.profile.reach import read_address, read_channel, read_line, read_voice_menu
from cardline.issuer.profile.reading import Reading, Table
from cardline.issuer.profile.service import (
    read_ladder_step,
    read_member_step,
    read_promise_defaults,
    read_queue,
    read_team,
)
from cardline.issuer.profile.sign_in import read_sign_in
from cardline.issuer.profile.text import EMPTY
from cardline.issuer.profile.who import (
    NETWORKS,
    read_brand,
    read_card_number,
    read_card_type,
    read_region,
    read_security_code,
)
from cardline.issuer.profile.words import (
    read_conduct,
    read_conflict,
    read_freeze_line,
    read_incident,
    read_note_field,
    read_question,
    read_urgent,
)

T = TypeVar("T")

# A profile is one file, or four by topic; each section stands in one of them.
FILES = ("issuer.toml", "needs.toml", "words.toml", "benefits.toml")
SCHEMA_VERSION = 1
LANGUAGES = ("en", "es")


def load_profile(folder: Path) -> Profile:
    """Read and check the profile in a folder. Raises ProfileError with every mistake in it."""
    reading = Reading()
    sections = _Sections(folder, reading)
    if reading.problems:
        raise ProfileError(reading.problems)
    profile = _read(folder, sections, reading)
    check(profile, sections.entry, reading)
    if reading.problems:
        order = {_shown(folder, name): place for place, name in enumerate(FILES)}
        raise ProfileError(sorted(set(reading.problems), key=lambda p: (order.get(p.file, 0), p.line, p.key)))
    return profile


@cache
def _loaded(folder: Path) -> Profile:
    return load_profile(folder)


def current_profile() -> Profile:
    """The profile of this installation, read once.

    Its folder is `CARDLINE_PROFILE_DIR` of the settings where Django is configured, else
    profiles/$CARDLINE_PROFILE. Raises ProfileError.
    """
    return _loaded(_current_folder())


def _current_folder() -> Path:
    try:
        from django.conf import settings
    except ImportError:  # the profile can be read and checked before anything is installed
        pass
    else:
        if settings.configured and (folder := getattr(settings, "CARDLINE_PROFILE_DIR", None)):
            return Path(folder)
    return profiles_folder() / (os.environ.get("CARDLINE_PROFILE") or "american-express")


def profiles_folder() -> Path:
    """Where the profiles that ship with the product are."""
    return Path(__file__).resolve().parents[3] / "profiles"


class _Sections:
    """The top-level sections of a profile, wherever among its files they stand."""

    def __init__(self, folder: Path, reading: Reading) -> None:
        self._reading = reading
        self._roots: list[Table] = []
        self._home: dict[str, Table] = {}
        self._entries: dict[tuple[str, str], Table] = {}
        for name in FILES:
            if (folder / name).is_file():
                self._open(folder / name, _shown(folder, name))
        if not (folder / FILES[0]).is_file():
            remedy = "Name a folder of profiles/ in CARDLINE_PROFILE."
            reading.problems.append(
                Problem(_shown(folder, FILES[0]), 1, "", "There is no such file.", remedy)
            )

    def _open(self, path: Path, shown: str) -> None:
        raw = path.read_bytes()
        try:
            source = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self._refuse(shown, line, "This is not UTF-8 text.", "Save the file as UTF-8.")
            return
        try:
            values = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            what, line = _toml_mistake(error, source)
            remedy = "Correct the line; texts stand in quotes, lists in [ ], tables in { } on one line."
            self._refuse(shown, line, what, remedy)
            return
        root = Table(values, reading=self._reading, file=shown, lines=Lines(source))
        self._roots.append(root)
        for key in values:
            if key in self._home:
                root.problem(
                    key, "This section stands in another file of the profile too.", "Keep one of them."
                )
            self._home.setdefault(key, root)

    def _refuse(self, shown: str, line: int, what: str, remedy: str) -> None:
        self._reading.problems.append(Problem(shown, line, "", what, remedy))

    def __call__(self, key: str) -> Table:
        """The root table in which a section stands; the first file's where it stands nowhere."""
        for root in self._roots:
            root.has(key)
        return self._home.get(key, self._roots[0])

    def table(self, key: str, *, required: bool = True) -> Table:
        """A section that is one table."""
        return self(key).table(key, required=required)

    def each(self, key: str, read: Callable[[Table], T], *, required: bool = True) -> tuple[T, ...]:
        """A section that is a list of entries."""
        return tuple(read(entry) for entry in self(key).tables(key, required=required))

    def by_id(self, key: str, read: Callable[[Table], T], *, required: bool = True) -> dict[str, T]:
        """A section that is a list of entries with ids; an id given twice is a mistake."""
        found: dict[str, T] = {}
        for entry in self(key).tables(key, required=required):
            entry_id = entry.string("id")
            value = read(entry)
            if entry_id in found:
                entry.problem("id", f"There is another entry with the id {entry_id!r}.", "Give each its own.")
            found.setdefault(entry_id, value)
            self._entries.setdefault((key, entry_id), entry)
        return found

    def entry(self, key: str, entry_id: str | None = None) -> Table:
        """The table of an entry, or the section that is one table; the root where there is neither."""
        if entry_id is not None:
            return self._entries.get((key, entry_id), self(key))
        root = self(key)
        return root.table(key, required=False) if root.is_table(key) else root

    def finish(self) -> None:
        for root in self._roots:
            root.finish()


def _shown(folder: Path, name: str) -> str:
    """How a file is named to people: profiles/fernhill/issuer.toml."""
    return "/".join((*folder.absolute().parts[-2:], name))


def _toml_mistake(error: tomllib.TOMLDecodeError, source: str) -> tuple[str, int]:
    """What tomllib found wrong, and on which line: it writes the place into the message only."""
    said = str(error)
    if match := re.search(r"\(at line (\d+), column (\d+)\)", said):
        return f"This is not valid TOML: {said[: match.start()].strip()}, column {match[2]}.", int(match[1])
    end = re.sub(r"\s*\(at end of document\)", ", at the end of the file", said)
    return f"This is not valid TOML: {end}.", source.count("\n") + 1


def _read(folder: Path, sections: _Sections, reading: Reading) -> Profile:
    version = sections("schema_version").integer("schema_version")
    if version != SCHEMA_VERSION:
        sections("schema_version").problem(
            "schema_version", f"This product reads version {SCHEMA_VERSION}.", f"Set it to {SCHEMA_VERSION}."
        )
    who = sections.table("profile")
    languages = _read_languages(who)
    reading.languages = languages
    zone = who.parsed("time_zone", _zone, ZoneInfo("UTC"))
    calendar = _read_calendar(who)
    unstated = unstated_hours(zone, calendar)
    hours: dict[str, Hours] = {UNSTATED: unstated}
    for name, table in sections("hours").named_tables("hours").items():
        hours[name] = read_hours(table, name, zone, calendar)
    needs: dict[str, NeedFamily] = {}

    def read_need(table: Table) -> NeedFamily:
        family = read_need_family(table, needs)
        needs.setdefault(family.id, family)
        return family

    profile = Profile(
        folder=folder,
        id=who.string("id"),
        display_name=who.name("display_name"),
        short_name=who.name("short_name"),
        official=who.boolean("official"),
        unofficial_note=who.text("unofficial_note", EMPTY),
        trademark_note=who.text("trademark_note", EMPTY),
        website=who.string("website"),
        member_word=who.text("member_word"),
        rewards_program=who.string("rewards_program", ""),
        network=who.choice("network", NETWORKS),
        jurisdiction=who.choice("jurisdiction", JURISDICTIONS),
        time_zone=zone.key,
        zone=zone,
        calendar=calendar,
        currency=who.string("currency"),
        languages=languages,
        card_number=read_card_number(who.table("card_number")),
        security_code=read_security_code(who.table("security_code")),
        brand=read_brand(sections.table("brand")),
        regions=sections.by_id("regions", read_region),
        card_types=sections.by_id("card_types", read_card_type),
        hours=hours,
        channels=sections.by_id("channels", lambda table: read_channel(table, hours, unstated)),
        lines=sections.by_id("phone_lines", lambda table: read_line(table, hours, unstated)),
        addresses=sections.by_id("addresses", read_address),
        voice_menu=read_voice_menu(sections.table("voice_menu")),
        teams=sections.by_id("teams", read_team),
        queues=sections.by_id("queues", lambda table: read_queue(table, hours, unstated, languages)),
        details=sections.by_id("details", read_detail),
        needs=sections.by_id("needs", read_need),
        outcomes=sections.by_id("outcomes", read_outcome),
        promises=read_promise_defaults(sections.table("promises")),
        promise_ladder=sections.each("promise_ladder", read_ladder_step),
        member_ladder=sections.each("member_ladder", read_member_step),
        urgent=read_urgent(sections.table("urgent")),
        freeze=sections.each("freeze", read_freeze_line),
        conduct=read_conduct(sections.table("conduct")),
        notes=sections.each("notes", read_note_field),
        questions=sections.each("questions", read_question),
        conflicts=sections.each("conflicts", read_conflict, required=False),
        sign_in=read_sign_in(sections.table("sign_in", required=False)),
        incident=read_incident(sections.table("incident", required=False)),
        exceptional=read_exceptional(sections.table("exceptional", required=False)),
        letters=read_letters(sections.table("letters", required=False), who.string("jurisdiction")),
        own_clocks=read_own_clocks(sections("clocks").tables("clocks")),
        liability=read_liability(sections.table("liability", required=False), who.string("jurisdiction")),
        fraud_alerts=read_fraud_alerts(sections.table("fraud_alerts")),
        delivery=read_delivery(sections.table("delivery")),
        offer=read_offer(sections.table("offer", required=False)),
        consents=sections.by_id("consents", read_consent, required=False),
        products=sections.by_id("products", read_product, required=False),
        benefits=sections.by_id("benefits", read_benefit, required=False),
    )
    who.finish()
    sections.finish()
    return profile


def _read_languages(who: Table) -> tuple[str, ...]:
    languages = who.strings("languages", None)
    for language in languages:
        if language not in LANGUAGES:
            who.problem(
                "languages", f"The product has no words in {language!r}.", did_you_mean(language, LANGUAGES)
            )
    return languages or LANGUAGES[:1]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones

        known: Iterable[str] = {zone for zone in available_timezones() if "/" in zone}
        near = did_you_mean(name, known)
        remedy = near if near.startswith("Did") else "Use a name such as America/Chicago."
        raise Misread(f"There is no time zone {name!r}.", remedy) from None


def _read_calendar(who: Table) -> Calendar:
    calendar = load_calendar(who.choice("calendar", calendar_ids()))
    added, removed = who.dates("added_business_days"), who.dates("removed_business_days")
    for day in set(added) & set(removed):
        who.problem(
            "added_business_days", f"{day} is also in removed_business_days.", "Take it out of one of them."
        )
    return calendar.changed(added=added, removed=removed)
