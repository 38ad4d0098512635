"""The whole look at a file before it is taken: what it is, and what is packed inside."""

from __future__ import annotations

from typing import BinaryIO

from cardline.files.archive import Budget, members_of
from cardline.files.kinds import ARCHIVES, Kind, Unfit
from cardline.files.look import kind_of

# Left in archives by macOS: the second halves of files, and how a folder was looked at. Nothing opens them.
_LEFT_BY_SYSTEMS = (b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1")


def examine(file: BinaryIO) -> Kind:
    """The kind of a file we can take. Raises Unfit, whose word says why not."""
    kind = kind_of(file)
    if kind in ARCHIVES:
        budget = Budget(packed=file.seek(0, 2))
        for member in members_of(file, budget):
            if kind == Kind.ZIP:
                _examine_member(member.file)
    return kind


def _examine_member(file: BinaryIO) -> None:
    """Only kinds we take by themselves are taken in an archive. An empty file inside harms nobody."""
    file.seek(0)
    begin = file.read(8)
    if not begin or begin.startswith(_LEFT_BY_SYSTEMS):
        return
    try:
        kind_of(file)
    except Unfit as problem:
        raise Unfit("unknown_inside" if problem.why == "unknown" else problem.why) from problem
