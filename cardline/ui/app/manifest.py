"""What a phone is told when somebody puts these pages on its first screen: name, colours, icon, where it opens."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardline.issuer.profile import current_profile
from cardline.ui.app.drawing import SIZES, png

MARK = "img/mark.svg"
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def manifest() -> str:
    """In the language that is spoken now, with the issuer's name and colours. JSON."""
    profile, language = current_profile(), get_language() or "en"
    return json.dumps(
        {
            "id": reverse("account_home"),
            "name": profile.display_name.in_(language),
            "short_name": profile.short_name.in_(language),
            "lang": language,
            "start_url": reverse("account_home"),
            "scope": "/",
            "display": "standalone",
            "theme_color": profile.brand.brand.light,
            "background_color": profile.brand.brand_wash.light,
            "icons": [
                {"src": reverse("ui:icon"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
                *(_picture(size) for size in SIZES),
            ],
            "shortcuts": [
                {"name": _("Cards"), "url": reverse("cards")},
                {"name": _("My contacts"), "url": reverse("my_contacts")},
                {"name": _("Get help"), "url": reverse("home")},
            ],
        },
        ensure_ascii=False,
    )


def manifest_address() -> str:
    """Where it is, with what it says in the address, so that a browser need not ask again."""
    return f"{reverse('ui:manifest')}?v={sha256(manifest().encode()).hexdigest()[:12]}"


def icon() -> str:
    """The mark in the issuer's colours, as SVG."""
    brand = current_profile().brand
    colours = f"<style>rect{{fill:{brand.brand.light}}}path{{stroke:{brand.on_brand.light}}}</style>"
    return STYLE.sub(colours, _mark())


def picture(size: int) -> bytes:
    """The same as a PNG of so many pixels a side, full to its edges."""
    brand = current_profile().brand
    return png(_mark(), size, brand.brand.light, brand.on_brand.light)


def _picture(size: int) -> dict[str, str]:
    """For phones that cut the corners themselves: what is drawn lies inside the circle that each of them leaves."""
    address = reverse("ui:picture", args=[size])
    return {"src": address, "type": "image/png", "sizes": f"{size}x{size}", "purpose": "maskable"}


@lru_cache(maxsize=1)
def _mark() -> str:
    found = finders.find(MARK)
    assert isinstance(found, str), f"{MARK} is not among the static files"
    return Path(found).read_text(encoding="utf-8")
