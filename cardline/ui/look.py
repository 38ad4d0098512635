"""look.css: what differs between installations, as one small sheet: the issuer's colours and the typeface.

A sheet of its own, since the content security policy allows no style inside pages (SR-40), and the collected
files must not depend on what set-up could make.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse

from cardline.issuer.profile import Brand, current_profile
from cardline.ui.assets import FONT

FONT_PATH = f"fonts/{FONT}"
FACE = """@font-face {{
  font-family: "Figtree Variable"; font-style: normal; font-weight: 300 900; font-display: swap;
  src: url("{url}") format("woff2");
}}
"""


def sheet() -> str:
    """The whole sheet. The colours were checked to be #rrggbb and readable when the profile was loaded."""
    font = font_address()
    return (FACE.format(url=font) if font else "") + _colours(current_profile().brand)


def address() -> str:
    """Where the sheet is, with what it says in the address, so that a browser may keep it for good."""
    return f"{reverse('ui:look')}?v={sha256(sheet().encode()).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def font_address() -> str:
    """The typeface's address; "" where set-up made none, and then the system face serves."""
    made = staticfiles_storage.exists(FONT_PATH) or finders.find(FONT_PATH)
    return static(FONT_PATH) if made else ""


def _colours(brand: Brand) -> str:
    tokens = {
        "--brand": brand.brand,
        "--brand-strong": brand.brand_strong,
        "--on-brand": brand.on_brand,
        "--brand-wash": brand.brand_wash,
    }
    lines = "".join(f"  {name}: light-dark({shade.light}, {shade.dark});\n" for name, shade in tokens.items())
    return f"@layer tokens {{ :root {{\n{lines}}} }}\n"
