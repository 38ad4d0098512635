"""`cardline plan` and `cardline triage`: the same understanding as the pages, for scripts and for a look."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO, TextIO
from zoneinfo import ZoneInfo

from cardline.issuer.profile import ProfileError, current_profile
from cardline.kit import clock
from cardline.kit.dates import say_wait, say_when
from cardline.needs.plan import Plan, Way, make_plan, plan_as_json
from cardline.needs.triage import Reading, triage
from cardline.needs.ways import LIVE

DONE, SOME_REFUSED, CANNOT_TELL = 0, 1, 2

# Bytes of a line. Longer ones are refused, so that no input can fill the memory.
LONGEST_LINE = 1_000_000


def plan_main(argv: Sequence[str], out: TextIO | None = None) -> int:
    """plan TEXT [--json] [--from CC] [--card-type ID] [--at TIME] [--language en|es]: what to do about it, now.

    0 here is the plan (its alternatives say what else it could be); 2 wrong use, no words, or broken configuration.
    """
    try:
        options = _plan_options().parse_args(list(argv))
    except SystemExit as stop:  # argparse has said what is wrong, or shown its help
        return CANNOT_TELL if stop.code else DONE
    try:
        profile = current_profile()
        if options.card_type not in profile.card_types:
            known = ", ".join(profile.card_types)
            raise ValueError(f"there is no card type {options.card_type!r}. Use one of {known}.")
        reading = triage(options.text)
        if not reading.confidence:
            raise ValueError("there are no words in this text. Say what is wrong in a sentence.")
        plan = make_plan(
            profile,
            reading.need,
            now=_instant(options.at, profile.zone) if options.at else clock.now(),
            country=options.country,
            card_type=options.card_type,
            language=options.language,
            reading=reading,
        )
    except (ProfileError, ValueError) as error:
        print(f"cardline plan: {error}", file=sys.stderr)
        return CANNOT_TELL
    shown = (
        json.dumps(plan_as_json(plan), ensure_ascii=False)
        if options.json
        else "\n".join(_in_words(plan, options))
    )
    print(shown, file=out or sys.stdout, flush=True)
    return DONE


def triage_main(argv: Sequence[str], stdin: BinaryIO | None = None, out: TextIO | None = None) -> int:
    """triage: text lines in, one JSON line each out, in order, flushed.

    A line that cannot be read gives {"error": ..., "line": n} and the run goes on. 0 all read; 1 some refused.
    """
    options = argparse.ArgumentParser(
        prog="cardline triage", description="Text lines in, needs out, as JSON lines."
    )
    try:
        options.parse_args(list(argv))
    except SystemExit as stop:
        return CANNOT_TELL if stop.code else DONE
    refused = False
    for number, raw in enumerate(_lines(stdin or sys.stdin.buffer), start=1):
        try:
            answer = _reading_as_json(triage(_readable(raw)))
        except ValueError as error:
            answer, refused = {"error": str(error), "line": number}, True
        print(json.dumps(answer, ensure_ascii=False), file=out or sys.stdout, flush=True)
    return SOME_REFUSED if refused else DONE


# ------------------------------------------------------------------------------------------- plan


def _plan_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="cardline plan", description="From words to a plan.")
    options.add_argument("text", help="what is wrong, in the member's own words")
    options.add_argument("--json", action="store_true", help="one JSON object instead of words")
    options.add_argument(
        "--from", dest="country", metavar="CC", help="where the person is: country code; default home"
    )
    options.add_argument(
        "--card-type", default="personal", help="as the profile names it: personal, corporate"
    )
    options.add_argument(
        "--at", metavar="TIME", help="ISO 8601; without a zone it is the issuer's wall clock"
    )
    options.add_argument("--language", choices=["en", "es"], default="en")
    return options


def _instant(written: str, zone: ZoneInfo) -> datetime:
    """Raises ValueError."""
    try:
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{written!r} is no time. Write it as 2026-11-24T18:30 or 2026-11-24T23:30Z."
        ) from None


_TITLES = {
    "en": {"ready": "Have ready", "held": "we have it", "optional": "only if you have it", "tips": "Good to know",
           "next": "What happens next", "open": "open", "closed": "closed", "opens": "opens {when}",
           "unknown": "hours not stated", "wait": "wait {wait}", "or": "Or did you mean", "also": "You also said"},
    "es": {"ready": "Tenga a la mano", "held": "lo tenemos", "optional": "solo si lo tiene", "tips": "Conviene saber",
           "next": "Qué sigue", "open": "abierto", "closed": "cerrado", "opens": "abre {when}",
           "unknown": "horario no publicado", "wait": "espera {wait}", "or": "O quiso decir", "also": "También dijo"},
}  # fmt: skip


def _in_words(plan: Plan, options: argparse.Namespace) -> Iterator[str]:
    words = _TITLES[options.language]
    yield plan.name
    if plan.also:
        yield f"{words['also']}: " + "; ".join(choice.name for choice in plan.also)
    if plan.ask:
        yield f"{words['or']}: " + "; ".join(choice.name for choice in plan.alternatives)
    yield ""
    yield from (_way_in_words(way, plan, options.language) for way in plan.ways)
    yield f"\n{words['ready']}:"
    for item in plan.ready:
        remark = words["held"] if item.held else words["optional"] if item.optional else ""
        yield f"  - {item.label}" + (f" ({remark})" if remark else "")
    yield f"\n{words['next']}:"
    yield from (f"  - {line}" for line in plan.next)
    yield f"\n{words['tips']}:"
    yield from (f"  - {tip.text}" for tip in plan.tips)


def _way_in_words(way: Way, plan: Plan, language: str) -> str:
    words, profile = _TITLES[language], current_profile()
    state = {True: words["open"], False: words["closed"], None: words["unknown"]}[way.open]
    if way.opens_at:
        state += ", " + words["opens"].format(
            when=say_when(way.opens_at, profile.zone, language, plan.made_at)
        )
    if way.open and way.kind in LIVE:
        state += ", " + words["wait"].format(wait=say_wait(way.wait_seconds, language))
    lines = [f"* {way.label}: {state}"]
    lines += [f"    {number.display}  {number.label}" for number in way.numbers if number.display]
    lines += [
        f"    {line}" for box in way.letterboxes for line in (box.lines or (f"{box.label}: {box.caveat}",))
    ]
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------- triage


def _lines(stdin: BinaryIO) -> Iterator[bytes]:
    """Lines of at most LONGEST_LINE bytes and one; the rest of a longer one is read and dropped."""
    while line := stdin.readline(LONGEST_LINE + 1):
        rest = line
        while not rest.endswith(b"\n") and len(rest) > LONGEST_LINE:
            rest = stdin.readline(LONGEST_LINE + 1)
        yield line


def _readable(raw: bytes) -> str:
    """Raises ValueError."""
    if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
        raise ValueError(f"longer than {LONGEST_LINE:,} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None


def _reading_as_json(reading: Reading) -> dict[str, Any]:
    return {
        "need": reading.need,
        "confidence": reading.confidence,
        "alternatives": [
            {"need": guess.need, "confidence": guess.confidence} for guess in reading.alternatives
        ],
        "also": list(reading.also),
    }
