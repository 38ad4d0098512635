"""Whatever an author writes, loading ends in a profile or in a list of mistakes, never in a crash."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardline.issuer.profile import ProfileError, load_profile, profiles_folder

FOLDER = profiles_folder() / "fernhill"
WHOLE: dict[str, Any] = {}
for _file in sorted(FOLDER.glob("*.toml")):
    WHOLE.update(tomllib.loads(_file.read_text("utf-8")))

Place = tuple[str | int, ...]
GONE = object()
WRONG_VALUES = [GONE, 7, -1, True, "x", "", [], ["x"], {}, {"en": "x"}, [{"x": 1}], date(2026, 1, 1)]


def places(value: Any, at: Place = ()) -> list[Place]:
    """Every place of a value, the whole one left out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inner for place in ((*at, key), *places(part, (*at, key)))]


def written(value: Any) -> str:
    """A value as TOML, tables and lists inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {written(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(written(part) for part in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def changed(place: Place, value: Any) -> dict[str, Any]:
    """The whole profile with one value gone or replaced."""
    whole = copy.deepcopy(WHOLE)
    parent: Any = whole
    for key in place[:-1]:
        parent = parent[key]
    if value is GONE:
        del parent[place[-1]]
    else:
        parent[place[-1]] = value
    return whole


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profiles") / "fernhill"
    folder.mkdir()
    return folder


def load(folder: Path, whole: dict[str, Any]) -> str:
    """Load a profile written as one file; returns what was said against it, "" for nothing."""
    lines = "\n".join(f"{key} = {written(value)}" for key, value in whole.items())
    (folder / "issuer.toml").write_text(lines, "utf-8")
    try:
        load_profile(folder)
    except ProfileError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.what
            assert problem.file.endswith("issuer.toml")
            assert 1 <= problem.line <= len(whole)
        return str(error)
    return ""


def test_four_files_and_one_say_the_same(folder: Path) -> None:
    assert load(folder, WHOLE) == ""


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(places(WHOLE)), value=st.sampled_from(WRONG_VALUES))
def test_one_wrong_value_is_told_or_harmless(folder: Path, place: Place, value: Any) -> None:
    load(folder, changed(place, value))


@pytest.mark.long
def test_every_wrong_value_everywhere_is_told_or_harmless(folder: Path) -> None:
    for place in kinds_of_places():
        for value in WRONG_VALUES:
            load(folder, changed(place, value))


def kinds_of_places() -> list[Place]:
    """Of entries in lists only the first of each kind: all channels have the same keys."""
    first: dict[Place, Place] = {}
    for place in places(WHOLE):
        first.setdefault(tuple("*" if isinstance(key, int) else key for key in place), place)
    return list(first.values())


# Left out, these mean something: no caveat, nobody excluded, the default of the product.
OPTIONAL = {
    "accepts", "account_data", "actions", "added_business_days", "address", "afterwards", "always_open",
    "asked", "benefits", "business_days", "card_types", "caveat", "channel", "channels", "chat",
    "collect_accepted", "conflicts", "conversation", "countries", "courier_possible", "covers", "details",
    "dial_from", "display", "e164", "entry_points", "exceptional", "facts", "first_promise", "for_all_from", "from",
    "good_for", "guest_lane", "handoff_to", "held_by", "hours", "hours_note", "how_to_start", "is_open",
    "languages", "least_age", "letters", "liability", "lines", "login_needed", "mail", "name", "need", "needs",
    "networks", "never_channels", "not_covered", "not_for", "open_hours", "openings", "optional", "page", "papers",
    "password_needs_code", "person_words", "phone", "phone_line", "platforms", "priority_if_unauthorised", "queue",
    "recovery_wait_hours", "remind_hours_before", "removed_business_days", "rewards_program", "rule",
    "sign_in", "social", "speed_rank", "takes_lost_stolen", "tips", "toll_free", "topics",
    "trademark_note", "unofficial_note", "valid_from", "valid_until", "verify", "ways", "within",
    "window_height_mm", "window_left_mm", "window_top_mm", "window_width_mm", "written_record",
}  # fmt: skip


def test_every_other_key_that_is_left_out_is_asked_for(folder: Path) -> None:
    for place in kinds_of_places():
        key = place[-1]
        # Entries of lists, days and actions are the author's choice.
        chosen = isinstance(key, int) or place[0] == "hours" or "verify" in place
        if not chosen and key not in OPTIONAL:
            assert load(folder, changed(place, GONE)), place
