"""The one command line: noun then verb, data on stdout, talk on stderr, exit codes of docs/cli.md."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

Run = Callable[[Sequence[str]], int]

# By name, so that a command that needs neither Django nor a profile imports neither. The last two: no database there.
CANNOT_TELL = ("ImproperlyConfigured", "ProfileError", "OperationalError", "InterfaceError")


def main(argv: Sequence[str] | None = None) -> int:
    """0 done and true, 1 the answer is no, 2 cannot tell, wrong use or broken configuration."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return 0 if arguments else 2
    word, rest = arguments[0], arguments[1:]
    command = _commands().get(word)
    if command is None:
        return _django(arguments)
    try:
        return command[0](rest)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has seen enough (`| head`); nothing more may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as stop:
        return int(stop.code or 0) if isinstance(stop.code, int | None) else 2
    except Exception as error:
        if type(error).__name__ not in CANNOT_TELL:
            raise
        print(f"cardline: {error}", file=sys.stderr)
        return 2


def _commands() -> dict[str, tuple[Run, str]]:
    return {
        "demo": (_lazy("cardline.config.serve", "demo"), "a filled world and everything in one process"),
        "serve": (_lazy("cardline.config.serve", "serve"), "one process: web, live sockets, sweeps, outbox"),
        "web": (_lazy("cardline.config.serve", "web"), "pages and sockets only (PostgreSQL, Redis)"),
        "worker": (_lazy("cardline.config.serve", "worker"), "sweeps and outbox only (PostgreSQL, Redis)"),
        "prepare": (
            _lazy("cardline.config.prepare", "prepare"),
            "font, messages and static files; bin/setup calls it",
        ),
        "doctor": (_lazy("cardline.config.doctor", "doctor"), "check the configuration and say what to do"),
        "demo-time": (_lazy("cardline.demo.cli", "demo_time"), "let time pass in the demo: +2d, +3h, +45m"),
        "plan": (_lazy("cardline.needs.cli", "plan_main"), "from words to a plan: plan TEXT [--json] …"),
        "triage": (_lazy("cardline.needs.cli", "triage_main"), "text lines in, needs out"),
        "promise": (_lazy("cardline.promises.cli", "promise"), "promise late|due [--json]"),
        "clock": (
            _lazy("cardline.config.clock", "clock"),
            "clock compute --csv FILE | explain RULE … | rules",
        ),
        "core": (_lazy("cardline.issuer.conformance.cli", "core"), "core check [--adapter …] [--json]"),
        "member": (_lazy("cardline.members.cli", "member"), "member import FILE.csv"),
        "program": (_lazy("cardline.members.programs.cli", "program"), "program add|enrol COMPANY …"),
        "colleague": (_lazy("cardline.staff.cli", "colleague"), "colleague add|start-anew USERNAME …"),
        "api-key": (_lazy("cardline.api.cli", "api_key"), "api-key create --scope S… [--json]"),
    }


def _lazy(module: str, name: str) -> Run:
    """Import a command only when it is used: `cardline plan` must not load a web server."""

    def run(arguments: Sequence[str]) -> int:
        from importlib import import_module

        return int(getattr(import_module(module), name)(arguments))

    return run


def _help() -> str:
    lines = [f"  {word:<12}{text}" for word, (_, text) in _commands().items()]
    return (
        "usage: cardline COMMAND …\n\n"
        + "\n".join(lines)
        + "\n\nAnything else is handed to Django's own commands."
    )


def _django(arguments: Sequence[str]) -> int:
    """Django's own words; one that nobody knows is wrong use."""
    from django.core.management import ManagementUtility, get_commands

    if arguments[0] not in get_commands():
        print(f"cardline: there is no {arguments[0]!r}; cardline --help lists the commands", file=sys.stderr)
        return 2
    ManagementUtility(["cardline", *arguments]).execute()
    return 0


def parser(name: str, text: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"cardline {name}", description=text)


if __name__ == "__main__":
    sys.exit(main())
