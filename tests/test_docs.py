"""What the documents name is there, and what is there is documented."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from cardline.config.cli import _commands

ROOT = Path(__file__).resolve().parents[1]
# Made, or others': nothing of it is ours to document.
NOT_OURS = {
    ".git",
    ".venv",
    "var",
    "node_modules",
    ".hypothesis",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
}
CODE = {".py", ".html", ".js", ".css", ".toml", ".in"}

CONFIGURE = ROOT / "docs" / "howto" / "configure.md"
CLI = ROOT / "docs" / "cli.md"
RULES = ROOT / "docs" / "rules.md"

LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
CODE_BLOCK = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
# Read from the environment, by name: os.environ["…"], _flag("…") of the settings, ${…:-…} and $… of a script.
READ_IN_PYTHON = re.compile(
    r"(?:environ(?:\.\w+\(|\[)|getenv\(|_flag\(|_number\(|_text\()\s*[\"'](CARDLINE_[A-Z_]+)"
)
READ_IN_SHELL = re.compile(r"\$\{?(CARDLINE_[A-Z_]+)\b")
RULE = re.compile(r"\b(SR-\d+|(?:DOMAIN|DESIGN|STYLE|ARCHITECTURE) \d+(?:\.\d+)?)\b")


def ours() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        yield from (Path(folder) / name for name in sorted(names))


DOCUMENTS = [path for path in ours() if path.suffix == ".md"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """A document without its blocks of code, in which brackets mean something else."""
    return CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The fragments a document's headings can be reached by, as code hosts make them."""
    plain = (
        re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in HEADING.findall(prose(path))
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


# ------------------------------------------------------------------------------------------------------ links


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = []
    for target in LINK.findall(prose(document)):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue  # another machine: tests do not go there
        path, _, fragment = unquote(target).partition("#")
        found = (document.parent / path).resolve() if path else document
        lacks_anchor = fragment and found.suffix == ".md" and fragment not in anchors(found)
        if not found.exists() or not found.is_relative_to(ROOT) or lacks_anchor:
            broken.append(target)
    assert not broken


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached:
            continue
        reached.add(document)
        for target in LINK.findall(prose(document)):
            found = (document.parent / unquote(target).partition("#")[0]).resolve()
            if found.suffix == ".md" and found.is_file():
                waiting.append(found)
    assert [named(one) for one in DOCUMENTS if one not in reached] == []


def test_files_named_in_the_documents_exist() -> None:
    """`cardline/live/hub.py` in a sentence is a promise too. Names with a placeholder are not looked at."""
    missing = []
    for document in DOCUMENTS:
        for name in re.findall(
            r"`((?:cardline|docs|benchmarks|profiles|bin|tests/(?:faults|journeys|security))/[\w./-]+)`",
            prose(document),
        ):
            path = name.rstrip("/")
            if not (ROOT / path).exists():
                missing.append(f"{named(document)}: {name}")
    assert missing == []


def test_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name[:4] for name in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    listed = re.findall(r"\]\(([0-9][^)]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == pages


# ----------------------------------------------------------------------------------------------- the command line


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    headings = re.findall(r"^### `cardline ([\w-]+)`$", CLI.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(_commands())


def test_no_document_names_a_command_there_is_not() -> None:
    """Django's own are handed through, so the few we mention are known here."""
    known = set(_commands()) | {"migrate", "check"}
    unknown = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for word in re.findall(r"(?:`|bin/|^)cardline ([a-z][a-z-]+)", text, re.MULTILINE):
            if word not in known:
                unknown.append(f"{named(document)}: cardline {word}")
    assert unknown == []


# ------------------------------------------------------------------------------------------------- configuration


def variables_read() -> set[str]:
    """Every CARDLINE_ variable that code, a script or a test takes from its environment."""
    found: set[str] = set()
    for path in ours():
        if path.suffix == ".py":
            found |= set(READ_IN_PYTHON.findall(path.read_text(encoding="utf-8")))
        elif path.parent.name in ("bin", ".ci"):
            found |= set(READ_IN_SHELL.findall(path.read_text(encoding="utf-8")))
    return found


def variables_documented() -> set[str]:
    return set(re.findall(r"`(CARDLINE_[A-Z_]+)`", CONFIGURE.read_text(encoding="utf-8")))


def test_every_variable_is_documented_and_every_documented_variable_is_read() -> None:
    read = variables_read()
    assert {
        "CARDLINE_DATA",
        "CARDLINE_TLS",
        "CARDLINE_PORT",
        "CARDLINE_PYTHON",
    } <= read  # the search finds some
    assert variables_documented() == read


def test_no_document_names_a_variable_that_nothing_reads() -> None:
    read = variables_read()
    for document in DOCUMENTS:
        assert set(re.findall(r"\bCARDLINE_[A-Z_]+\b", document.read_text(encoding="utf-8"))) <= read, named(
            document
        )


# ------------------------------------------------------------------------------------------------------- rules


def test_every_rule_the_code_names_is_explained() -> None:
    explained = set(RULE.findall(RULES.read_text(encoding="utf-8")))
    missing: dict[str, str] = {}
    for path in ours():
        if path.suffix in CODE:
            for rule in RULE.findall(path.read_text(encoding="utf-8")):
                if rule not in explained:
                    missing.setdefault(rule, named(path))
    assert missing == {}


def test_a_word_or_a_rule_stands_in_one_line() -> None:
    """Two branches that each add theirs merge without a word; which of the two is true nobody can tell afterwards."""
    for page in ("docs/glossary.md", "docs/rules.md"):
        rows = [
            line.split("|")[1].strip()
            for line in (ROOT / page).read_text().splitlines()
            if line.startswith("| ")
        ]
        named = Counter(row for row in rows if row not in ("word", "rule", "named"))
        assert [row for row, times in named.items() if times > 1] == [], page
