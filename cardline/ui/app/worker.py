"""The service worker as it is sent: worker.js, told what to keep. And the page it shows without a line."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor

SOURCE = Path(__file__).with_name("worker.js")
OWN_FILES = re.compile(r'(?:href|src)="(/(?:static/|look\.css)[^"]*)"')


def worker(theme: str) -> str:
    """The script. It changes with the language, the theme and the files of the offline page, and with each change a
    browser fetches what is kept anew. theme: as the person chose it.
    """
    page, source = offline_page(theme), SOURCE.read_text(encoding="utf-8")
    told = {
        "shell": f"shell-{sha256((page + source).encode()).hexdigest()[:12]}",
        "page": reverse("ui:offline"),
        "files": sorted(set(OWN_FILES.findall(page))),
        "contacts": reverse("my_contacts"),
        "signOut": reverse("sign_out"),
        # No session lives longer, so that a copy this old is of one that has ended.
        "longest": settings.SESSION_COOKIE_AGE * 1000,
    }
    return f"const APP = {json.dumps(told)};\n{source}"


def offline_page(theme: str) -> str:
    """What is said without a line, in the language that is spoken now. It knows nobody."""
    return _offline_page(current_profile().id, get_language() or "en", theme)


@lru_cache(maxsize=16)
def _offline_page(profile_id: str, language: str, theme: str) -> str:
    """By what it depends on: browsers ask for the worker at every visit, to see whether it has changed."""
    profile = current_profile()
    lines = [line for line in profile.lines.values() if line.e164]
    context = {
        "profile": profile,
        "chosen": theme,
        "lost": [line for line in lines if line.takes_lost_stolen],
        "others": [line for line in lines if not line.takes_lost_stolen],
    }
    return render_to_string("offline.html", context)


def session_mark(actor: Actor) -> str:
    """Which session, and for whom, a page was shown to a member in, in a word that tells nothing else about it.

    A saved copy bears it, and goes with the first page of another session, or of none.
    """
    return sha256(f"saved copy {actor.session}{actor.acting}".encode()).hexdigest()[:16]
