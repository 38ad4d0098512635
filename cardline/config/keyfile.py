"""Keys of houses outside, each in a file of its own that only its owner can read."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def key_in(variable: str, name: str) -> str:
    """What the file holds that an environment variable names.

    Raises ImproperlyConfigured, whose text names the variable and never holds the key.
    """
    if not name:
        raise ImproperlyConfigured(f"{variable} is not set; it names the file with the API key")
    file = Path(name)
    try:
        others = file.stat().st_mode & 0o077
        key = file.read_text().strip()
    except (OSError, ValueError):
        raise ImproperlyConfigured(f"{variable}: the file cannot be read") from None
    if others:
        raise ImproperlyConfigured(f"{variable}: others can read {file.name}; chmod 600 it")
    return key
