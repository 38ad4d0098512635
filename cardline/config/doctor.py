"""`cardline doctor`: look at the whole configuration and say what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from cardline.config.cli import parser


def doctor(arguments: Sequence[str]) -> int:
    """0 all is well, 1 something needs a hand (each line says what), 2 cannot tell."""
    options = parser("doctor", doctor.__doc__ or "")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args(list(arguments))
    findings = [*_settings(), *_profile(), *(_database() or _files()), *_doors()]
    notes = _notes()
    if chosen.json:
        print(
            json.dumps(
                [
                    *({"about": about, "problem": problem} for about, problem in findings),
                    *({"about": about, "note": note} for about, note in notes),
                ],
                ensure_ascii=False,
            )
        )
    else:
        for about, problem in findings:
            print(f"{about}: {problem}")
        for about, note in notes:
            print(f"note, {about}: {note}")
        if not findings:
            print("all is well", file=sys.stderr)
    return 1 if findings else 0


def _settings() -> list[tuple[str, str]]:
    import django
    from django.core.checks import WARNING, run_checks

    django.setup()
    from cardline.config.checks import PROFILE_WRONG

    return [
        ("settings", f"{message.msg}. {message.hint or ''}")
        for message in run_checks()
        if message.level >= WARNING and message.id != PROFILE_WRONG  # told by _profile
    ]


def _profile() -> list[tuple[str, str]]:
    from django.conf import settings

    from cardline.issuer.doctor import check_profile

    return [("profile", str(problem)) for problem in check_profile(settings.CARDLINE_PROFILE_DIR)]


def _database() -> list[tuple[str, str]]:
    from django.db import Error, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        return [("database", f"cannot be reached: {error}. Check CARDLINE_DATABASE_URL or CARDLINE_DATA.")]
    if missing:
        return [("database", f"{len(missing)} changes are not applied. Run: cardline migrate")]
    return []


def _files() -> list[tuple[str, str]]:
    from cardline.files.doctor import check_files

    return [("files", problem) for problem in check_files()]


def _notes() -> list[tuple[str, str]]:
    """What is worth knowing and may be meant so; it does not change the exit code."""
    from cardline.files.doctor import notes_on_files

    return [("files", note) for note in notes_on_files()]


def _doors() -> list[tuple[str, str]]:
    """Whether what members are sent can leave: the provider of texts leads to a public network, letters can be made."""
    from cardline.notify.doors.well import problems_of_doors

    return [("messages", problem) for problem in problems_of_doors()]
