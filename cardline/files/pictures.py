"""Pictures drawn anew: only what can be seen is left of them, and that is all a browser is ever shown (SR-56).

Where it was taken, a second picture hidden inside, scripts and archives behind its end: none of it survives.
"""

from __future__ import annotations

import threading
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

# A JPEG is read at the size it is shown in; a PNG is read whole, with four bytes for a pixel.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 20_000_000}
LARGEST_SIDE = 2_000
_QUALITY = 85

_one_at_a_time = threading.BoundedSemaphore(1)  # what one takes of memory, several would take at once


class NotDrawn(Exception):
    """It cannot be shown; it can still be saved as it is."""


def draw_anew(file: BinaryIO) -> bytes:
    """A JPEG of the picture, upright, LARGEST_SIDE pixels at most. Raises NotDrawn."""
    with _one_at_a_time:
        # The library that sets our papers turns this on for the whole process: half a receipt would be shown as if
        # it were all of it. Pictures on papers are our own, and whole.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            with Image.open(file, formats=list(MOST_PIXELS)) as picture:
                if picture.width * picture.height > MOST_PIXELS[str(picture.format)]:
                    raise NotDrawn("too many pixels")
                picture.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
                drawn = BytesIO()
                _on_white(upright).save(drawn, "JPEG", quality=_QUALITY)
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            OSError,
            ValueError,
            SyntaxError,
        ) as problem:
            raise NotDrawn(type(problem).__name__) from problem
    return drawn.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture's colours on a new sheet: what else the file said (comments, places) would go along with the old one.

    What can be seen through is on white, as viewers show it; a JPEG knows no other way.
    """
    sheet = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        sheet.paste(seen, mask=seen.getchannel("A"))
    else:
        sheet.paste(picture.convert("RGB"))
    return sheet
