"""Signing in through the issuer's own OpenID Connect provider (code flow with PKCE, state and nonce).

The protocol is Authlib's. What it leaves to its user is asked for here: the token was made for us, by the provider we
know, signed with a key of theirs, just now, and the answer to a question of this very browser.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect

from cardline.kit.secret import Secret

log = logging.getLogger("cardline.signin")

TIMEOUT_SECONDS = 5
KNOWN_SECONDS = 3_600
LEEWAY_SECONDS = 60  # how far the provider's clock may be from ours
# Keys the provider alone holds. "none" and those shared with us (HS256) would let others make a token.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_NAME = "issuer"


@dataclass(frozen=True, slots=True)
class Provider:
    """issuer: its address, as in its tokens. claim: which of their words holds a member's number in the card core."""

    issuer: str
    client_id: str
    secret: Secret
    claim: str = "sub"


class NotSignedIn(Exception):
    """Nobody is signed in by this. is_away: the provider could not be reached; else its answer was no, or no good."""

    def __init__(self, why: str, *, is_away: bool = False) -> None:
        super().__init__(why)
        self.is_away = is_away


def begin(
    provider: Provider, request: HttpRequest, back: str, *, again: bool = False
) -> HttpResponseRedirect:
    """To the provider's page; what its answer is checked by stays in the session. again: it shall ask who they are,
    whoever it remembers. Raises NotSignedIn.
    """
    client = _client(provider)
    try:
        _know(client, provider)
        redirect: HttpResponseRedirect = client.authorize_redirect(
            request, back, **({"prompt": "login"} if again else {})
        )
    except _troubles() as trouble:
        raise _not_signed_in(trouble) from trouble
    return redirect


def finish(provider: Provider, request: HttpRequest) -> str:
    """The member's number in the card core, from the provider's answer. Raises NotSignedIn."""
    client = _client(provider)
    try:
        _know(client, provider)
        answer = client.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "nonce": {"essential": True},
            },
            leeway=LEEWAY_SECONDS,
        )
    except _troubles() as trouble:
        raise _not_signed_in(trouble) from trouble
    claims = answer.get("userinfo")
    if not claims:
        raise NotSignedIn("no id_token")
    number = claims.get(provider.claim)
    if not isinstance(number, str) or not number:
        raise NotSignedIn("no number")
    return number


@lru_cache(maxsize=4)
def _client(provider: Provider) -> Any:
    from authlib.integrations.django_client import OAuth  # type: ignore[import-untyped]  # a tenth of a second, for those who use it

    return OAuth().register(
        _NAME,
        client_id=provider.client_id,
        client_secret=provider.secret.reveal(),
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def _know(client: Any, provider: Provider) -> None:
    """Ask the provider what it offers, once an hour; what it says of itself has to be what we were told."""
    if client.server_metadata.get("_loaded_at", 0) < time.time() - KNOWN_SECONDS:
        client.server_metadata.clear()
    known = client.load_server_metadata()
    if known.get("issuer", "").rstrip("/") != provider.issuer:
        client.server_metadata.clear()
        raise NotSignedIn("another issuer")
    offered = known.get("id_token_signing_alg_values_supported") or ["RS256"]
    known["id_token_signing_alg_values_supported"] = [one for one in offered if one in SIGNED_BY]


def _troubles() -> tuple[type[Exception], ...]:
    from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
    from joserfc.errors import JoseError
    from requests import RequestException

    # ValueError, KeyError: an answer that is no JSON, or JSON of another shape.
    return (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, RuntimeError, TypeError)


def _not_signed_in(trouble: Exception) -> NotSignedIn:
    """Its kind goes to the log; its words may hold what the provider sent."""
    from requests import RequestException

    log.warning("signin.provider", extra={"trouble": type(trouble).__name__})
    return NotSignedIn(type(trouble).__name__, is_away=isinstance(trouble, RequestException))
