"""A file that harms nobody and that every scanner calls harmful, as hard to look into as any we take.

A scanner is silent about what lies beyond its own limits: it calls such a file clean. So `cardline doctor` sends one
with the industry's test string at the very end of as much as we take, and a scanner that misses it is told.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from cardline.files.kinds import LARGEST, MIB, MOST_UNPACKED

# In pieces that are joined only when it runs, so that scanners leave this file and what Python makes of it alone.
_PIECES = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*")


def standard_test_string() -> bytes:
    """The standard test string (eicar.org): 68 letters."""
    return "".join(_PIECES).encode()


@contextmanager
def hardest_file() -> Iterator[BinaryIO]:
    """An archive of almost LARGEST bytes that unpacks to almost MOST_UNPACKED, the test string in its last member."""
    with tempfile.TemporaryFile() as file:
        with ZipFile(file, "w") as packing:
            packing.writestr("noise.txt", os.urandom(LARGEST - MIB), ZIP_STORED)
            for number in range(1, MOST_UNPACKED // LARGEST):
                # Each of its own letter: a scanner knows again what it has seen, and passes over a second one like it.
                packing.writestr(f"{number}.txt", str(number).encode() * LARGEST, ZIP_DEFLATED)
            packing.writestr("test.txt", standard_test_string(), ZIP_STORED)
        yield cast(BinaryIO, file)
