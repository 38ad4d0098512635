"""What the product is built from: pinned, hashed, explained, from nowhere in particular. Source: SR-100."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))

# Hosts that package clients talk to, and options that name others. In pieces, for this file is searched too.
INDEX = re.compile(
    r"(pypi|pythonhosted|npmjs|debian)" + r"\.org|--(extra-)?index" + r"-url|--find" + "-links", re.IGNORECASE
)
MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9_.~$}/-])/" + r"(home|root|Users|work|farm)/[A-Za-z0-9]")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_one_version_and_its_hashes(lock: Path) -> None:
    packages = locked_packages(lock)
    assert packages
    for package in packages:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s=]+ ", package), package
        assert re.search(r" --hash=sha256:[0-9a-f]{64}", package), package


def test_a_package_has_the_same_version_in_every_lock() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for package in locked_packages(lock):
            name, version = package.split()[0].split("==")
            versions.setdefault(plain(name), set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("wanted", sorted(REQUIREMENTS.glob("*.in")), ids=lambda path: path.name)
def test_every_wanted_package_is_locked(wanted: Path) -> None:
    lock = wanted.with_suffix(".txt")
    locked = {plain(package.split("==")[0]) for package in locked_packages(lock)}
    assert wanted_packages(wanted) - locked == set()


def test_every_wanted_package_has_its_reason_licence_and_release() -> None:
    explained = dependency_lines()
    wanted = set().union(*(wanted_packages(path) for path in REQUIREMENTS.glob("*.in")))
    assert wanted == set(explained), "requirements/*.in and docs/dependencies.md name different packages"
    for name, (reason, licence, release) in explained.items():
        assert len(reason.split()) >= 1 and licence, name
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", release), f"{name}: {release!r} is no month"


def test_a_release_older_than_three_years_has_a_written_reason() -> None:
    explained = dependency_lines()
    newest = max(months(release) for _, _, release in explained.values())
    unexplained = {
        name: release
        for name, (reason, _, release) in explained.items()
        if newest - months(release) > 36 and "Old:" not in reason
    }
    assert unexplained == {}


def test_no_tracked_file_names_a_package_index() -> None:
    assert lines_matching(INDEX) == []


def test_no_tracked_file_holds_a_path_of_somebodys_machine() -> None:
    assert lines_matching(MACHINE_PATH) == []


@pytest.mark.parametrize(
    "line",
    ["--extra-" + "index-url x", "see https://pypi" + ".org/simple", "https://registry.npmjs" + ".org"],
)
def test_the_search_finds_an_index(line: str) -> None:
    assert INDEX.search(line)


@pytest.mark.parametrize("line", ["open('/" + "home/ana/x')", "/" + "work/main", "cd /" + "Users/bo/src"])
def test_the_search_finds_a_machines_path(line: str) -> None:
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["/help/work/", "https://example.com/home/x", "a route: /homeless"])
def test_the_search_lets_addresses_of_pages_be(line: str) -> None:
    assert not MACHINE_PATH.search(line)


def test_the_bill_of_materials_lists_what_is_locked_and_who_needs_it() -> None:
    bill = json.loads(sbom(ROOT).stdout)
    listed = {(entry["name"], entry["version"]) for entry in bill["components"]}
    base = REQUIREMENTS / "base.txt"
    assert listed == {(plain(n), v) for n, v in (p.split()[0].split("==") for p in locked_packages(base))}
    assert all(entry["licenses"] for entry in bill["components"])
    needs = {entry["ref"].split("@")[0]: entry["dependsOn"] for entry in bill["dependencies"]}
    assert {ref.split("@")[0].rpartition("/")[2] for ref in needs["cardline"]} == wanted_packages(
        REQUIREMENTS / "base.in"
    )
    assert any("/asgiref@" in ref for ref in needs["pkg:pypi/django"])


def test_no_bill_is_written_when_something_else_is_installed(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "bin").mkdir(parents=True)
    (tree / "requirements").mkdir()
    (tree / ".venv").symlink_to(sys.prefix)
    shutil.copy(ROOT / "bin" / "sbom", tree / "bin" / "sbom")
    other = re.sub(
        r"^django==\S+", "django==1.0", (REQUIREMENTS / "base.txt").read_text(), flags=re.MULTILINE
    )
    (tree / "requirements" / "base.txt").write_text(other)
    refused = sbom(tree)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "django" in refused.stderr


def sbom(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, tree / "bin" / "sbom"], capture_output=True, text=True, check=False
    )


def locked_packages(lock: Path) -> list[str]:
    """One string a package: name, version, hashes. Anything else that pip would obey comes out as one too."""
    joined = re.sub(r"\\\n\s*", " ", lock.read_text())
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in joined.splitlines())
    return [re.sub(r"\s+", " ", line) for line in lines if line]


def wanted_packages(path: Path) -> set[str]:
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return {plain(re.split(r"[\[<>=!~;\s]", line)[0]) for line in lines if line and not line.startswith("-")}


def dependency_lines() -> dict[str, tuple[str, str, str]]:
    """(reason, licence, month of release) by package, from the tables of docs/dependencies.md."""
    rows = re.findall(
        r"^\| ([a-z0-9-]+) \| (.+) \| (.+) \| (.+) \|$",
        (ROOT / "docs/dependencies.md").read_text(),
        re.MULTILINE,
    )
    return {name: (reason, licence, release) for name, reason, licence, release in rows if name != "package"}


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    """ "path:number:line" of every line of a tracked text file in which the pattern occurs."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file() or b"\0" in path.read_bytes():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}:{line.strip()[:120]}")
    return found


def months(release: str) -> int:
    year, month = release.split("-")
    return int(year) * 12 + int(month)


def plain(name: str) -> str:
    """A package's name in the one spelling that indexes compare by (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
