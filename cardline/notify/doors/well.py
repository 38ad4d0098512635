"""What `cardline doctor` says about the doors. It sends nothing; the provider's name is looked up, and that is all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from cardline.kit.outward import BadAddress, place_of, public_address
from cardline.ui.paper import can_make_paper


def problems_of_doors() -> list[str]:
    """What keeps messages in the house, a sentence each that says what to do. A door nobody set up is no problem."""
    return [*_texts(), *_letters(), *_mail_back()]


def _texts() -> Iterator[str]:
    if not settings.CARDLINE_TEXT_ACCOUNT:
        return
    _secure, host, port = place_of(settings.CARDLINE_TEXT_URL)
    try:
        public_address(host, port or 443)
    except BadAddress as problem:
        yield f"texts: {problem}. Check CARDLINE_TEXT_URL."
    except OSError:
        yield f"texts: {host} cannot be found. Check CARDLINE_TEXT_URL, and that this machine can look up names."


def _mail_back() -> Iterator[str]:
    folder = settings.CARDLINE_MAIL_BACK
    if folder and not (Path(folder).is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)):
        yield f"mail: what comes back cannot be read from {folder}. Check CARDLINE_MAIL_BACK."


def _letters() -> Iterator[str]:
    if not can_make_paper():
        yield "letters: no PDF can be made here. Run bin/setup, which installs what papers need."
