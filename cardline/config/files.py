"""Where files are handed out, and who looks into them: what the environment may say about it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cardline.files.scanner import Clamd


def files_origin(value: str, *, tls: bool) -> str:
    """Scheme and host, without a slash at the end; "" for none. It has to be another host than the pages have.

    `cardline serve` on this machine opens a second port and sets it by itself. Raises ImproperlyConfigured.
    """
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        has_port = parts.port != 0
    except ValueError:
        raise _bad_origin() from None
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme != ("https" if tls else "http") or not parts.hostname or not is_bare or not has_port:
        raise _bad_origin()
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _bad_origin() -> ImproperlyConfigured:
    return ImproperlyConfigured(
        "CARDLINE_FILES_ORIGIN must look like https://files.issuer.example (http:// without CARDLINE_TLS);"
        " leave it out where the product runs on this machine only"
    )


def scanner_address(value: str) -> str:
    """ "" for none. Raises ImproperlyConfigured."""
    if value:
        try:
            Clamd(value)
        except ValueError as problem:
            raise ImproperlyConfigured(f"CARDLINE_SCANNER is {value!r}; {problem}") from None
    return value
