"""The typeface, cut at set-up to the letters we use: Figtree (SIL Open Font License) in one small file."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

FONT = "figtree-latin.woff2"

# Latin as far as Spanish and European names need it, punctuation, arrows, the minus sign and currencies.
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *(0x2BB, 0x2BC, 0x2C6, 0x2DA, 0x2DC),
    *(0x300, 0x301, 0x302, 0x303, 0x304, 0x308, 0x30A, 0x30C, 0x327),
    *(0x1E9E, 0x1EF2, 0x1EF3),
    *(0x2009, 0x200A, 0x202F),
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *(0x2020, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044),
    *range(0x20A0, 0x20C1),
    *(0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
)
# Of a paper, as its sheet calls them: text, and what stands out. How heavy the typeface is for each.
WEIGHTS = {400: 400, 700: 650}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "tnum", "lnum", "pnum", "case"]


def cut_font(target_dir: Path) -> Path | None:
    """Write figtree-latin.woff2, about 20 KB, into a folder (made if need be). Safe to call again.

    Returns the file, or None where a package lacks: nothing is written then, stderr says so, and pages use
    the system's typeface.
    """
    try:
        import brotli  # type: ignore[import-untyped]  # noqa: F401 - fontTools packs woff2 with it
        import fontpkg_figtree  # type: ignore[import-untyped]
        from fontTools import subset
    except ImportError as lacking:
        print(f"typeface: {lacking.name} is not installed; pages use the system's", file=sys.stderr)  # noqa: T201
        return None

    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True)
    font = subset.load_font(str(Path(fontpkg_figtree.ROOT) / "files" / "Figtree[wght].ttf"), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)

    target_dir.mkdir(parents=True, exist_ok=True)
    target, unfinished = target_dir / FONT, target_dir / f"{FONT}.part"
    subset.save_font(font, str(unfinished), options)
    unfinished.replace(target)
    return target


def still_faces(font: Path) -> dict[int, bytes]:
    """A variable typeface as one TrueType file for each of WEIGHTS, as papers take it; half a second in all."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    faces = {}
    for weight, drawn in WEIGHTS.items():
        face = TTFont(font, flavor=None)
        face.flavor = None
        written = BytesIO()
        instantiateVariableFont(face, {"wght": drawn}, inplace=True).save(written)
        faces[weight] = written.getvalue()
    return faces
