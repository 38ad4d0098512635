"""Where members sign in: the issuer's own OpenID Connect provider, if CARDLINE_OIDC_ISSUER names it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cardline.identity.provider import Provider
from cardline.kit.secret import Secret

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def provider_of(issuer: str, client_id: str, secret_file: str, claim: str) -> Provider | None:
    """None without an issuer. Raises ImproperlyConfigured, with the variable that is wrong and the remedy."""
    if not issuer:
        return None
    if not _is_address(issuer):
        raise ImproperlyConfigured(
            "CARDLINE_OIDC_ISSUER must be the provider's https:// address, without query;"
            " plain http:// only to this machine"
        )
    if not client_id:
        raise ImproperlyConfigured(
            "CARDLINE_OIDC_CLIENT_ID is not set; it is the name the provider knows us by"
        )
    return Provider(issuer.rstrip("/"), client_id, Secret(_secret(secret_file)), claim or "sub")


def _is_address(issuer: str) -> bool:
    try:
        at = urlsplit(issuer)
        host = at.hostname or ""
    except ValueError:
        return False
    fits = at.scheme == "https" or (at.scheme == "http" and host in _LOOPBACK)
    return fits and bool(host) and not (at.query or at.fragment or at.username)


def _secret(name: str) -> str:
    """What the file holds, which is readable by its owner only."""
    if not name:
        raise ImproperlyConfigured("CARDLINE_OIDC_SECRET_FILE is not set; it names the file with our secret")
    file = Path(name)
    try:
        others = file.stat().st_mode & 0o077
        secret = file.read_text().strip()
    except (OSError, ValueError):
        raise ImproperlyConfigured("CARDLINE_OIDC_SECRET_FILE: the file cannot be read") from None
    if others:
        raise ImproperlyConfigured(f"CARDLINE_OIDC_SECRET_FILE: others can read {file.name}; chmod 600 it")
    if not secret:
        raise ImproperlyConfigured("CARDLINE_OIDC_SECRET_FILE: the file is empty")
    return secret
