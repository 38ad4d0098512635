"""The mark as a PNG, for phones that take no SVG on their first screen: drawn from its path by arithmetic alone.

The strokes of the mark have one width and round ends, so that a pixel is covered by how near it lies to the line in
their middle. The picture is full to its edges; phones cut its corners as they do those of others.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import ceil, hypot

SIZES = (180, 192, 512)  # pixels a side: what an iPhone wants, and what a manifest should name
GRID = 32  # of the mark's own drawing
PIECES = 12  # straight ones in place of a rounded corner
SHADES = 256
PATH = re.compile(r' d="([^"]+)"[^>]* stroke-width="([0-9.]+)"')

Point = tuple[float, float]
Segment = tuple[Point, Point]


@lru_cache(maxsize=len(SIZES) * 2)
def png(mark: str, size: int, ground: str, line: str) -> bytes:
    """mark: its SVG. ground, line: colours as #rrggbb. Takes a tenth to half a second the first time."""
    pixels = _covered(mark, size)
    rows = b"".join(b"\0" + bytes(pixels[row * size : (row + 1) * size]) for row in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 3, 0, 0, 0)  # 8 bits a pixel, each a place in the palette
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", _palette(ground, line)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _covered(mark: str, size: int) -> bytearray:
    """For each pixel how much of it the strokes cover, 0 to 255."""
    found = PATH.search(mark)
    assert found is not None, "the mark has no stroked path"
    scale = size / GRID
    half = float(found[2]) * scale / 2
    pixels = bytearray(size * size)
    for start, end in _segments(found[1], scale):
        _stroke(pixels, size, start, end, half)
    return pixels


def _stroke(pixels: bytearray, size: int, start: Point, end: Point, half: float) -> None:
    reach = half + 1
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    for y in range(max(0, int(top - reach)), min(size, ceil(bottom + reach))):
        for x in range(max(0, int(left - reach)), min(size, ceil(right + reach))):
            cover = half + 0.5 - _distance((x + 0.5, y + 0.5), start, end)
            if cover > 0:
                at = y * size + x
                pixels[at] = max(pixels[at], min(SHADES - 1, int(cover * (SHADES - 1))))


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the nearest one of a straight line between two."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    square = along_x * along_x + along_y * along_y
    share = ((point[0] - start[0]) * along_x + (point[1] - start[1]) * along_y) / square if square else 0
    share = max(0.0, min(1.0, share))
    return hypot(point[0] - start[0] - share * along_x, point[1] - start[1] - share * along_y)


def _segments(path: str, scale: float) -> Iterable[Segment]:
    """A path of SVG as straight pieces, in pixels."""
    # Here and not above: a process that is asked for no icon starts without it.
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    parse_path(path, pen)
    first = here = (0.0, 0.0)
    for step, points in pen.value:
        to = [(x * scale, y * scale) for x, y in points]
        if step == "moveTo":
            first = here = to[0]
        elif step == "lineTo":
            yield here, to[0]
            here = to[0]
        elif step == "curveTo":
            yield from pairwise(_curve(here, *to))
            here = to[-1]
        elif step == "closePath":
            yield here, first


def _curve(start: Point, leave: Point, arrive: Point, end: Point) -> list[Point]:
    """Points on a cubic Bézier curve."""
    found = []
    for n in range(PIECES + 1):
        t, u = n / PIECES, 1 - n / PIECES
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        points = (start, leave, arrive, end)
        found.append(
            (
                sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
                sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
            )
        )
    return found


def _palette(ground: str, line: str) -> bytes:
    """From the ground's colour to the line's, a step for each shade."""
    low, high = bytes.fromhex(ground[1:]), bytes.fromhex(line[1:])
    return b"".join(
        bytes(a + (b - a) * shade // (SHADES - 1) for a, b in zip(low, high, strict=True))
        for shade in range(SHADES)
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
