"""What goes to a device and what comes back from it when a passkey is made or used (WebAuthn, by python-fido2).

The rows of passkeys are allauth's, as the colleagues' are. User verification is always asked for: a passkey here
stands alone, so holding the device is not enough.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from allauth.account.utils import url_str_to_user_pk, user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import EXTENSIONS, get_credentials
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cardline.identity.models import User
from cardline.issuer.profile import current_profile

log = logging.getLogger("cardline.signin")

VERIFIED = UserVerificationRequirement.REQUIRED

T = TypeVar("T")


class NotTaken(Exception):
    """What came back is no answer to what was asked, or of no passkey we know. Its words are for the log."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that was used: the row it is, and the one whose it says it is."""

    user_id: int
    passkey_id: int


def to_use(host: str, challenge: str) -> dict[str, Any]:
    """What the device is asked: any passkey it has for this host. As JSON takes it."""
    options, _state = _server(host).authenticate_begin(
        user_verification=VERIFIED, challenge=websafe_decode(challenge)
    )
    return dict(options)


def to_make(host: str, challenge: str, user: User, name: str) -> dict[str, Any]:
    """The same for a new one, which the device keeps with the member's name and finds again by itself."""
    whose = PublicKeyCredentialUserEntity(id=_handle(user), name=name, display_name=name)
    options, _state = _server(host).register_begin(
        user=whose,
        credentials=get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
        challenge=websafe_decode(challenge),
        extensions=EXTENSIONS,
    )
    return dict(options)


def who_used(host: str, challenge: str, answer: Any) -> Shown:
    """Whose passkey signed this challenge, by its signature. Raises NotTaken."""
    given = _read(lambda: AuthenticationResponse.from_dict(answer))
    holder = _read(lambda: url_str_to_user_pk((given.response.user_handle or b"").decode()))
    rows = list(Authenticator.objects.filter(user=holder, type=Authenticator.Type.WEBAUTHN))
    known = {row.pk: _key_of(row) for row in rows}
    used = _read(lambda: _server(host).authenticate_complete(_state(challenge), list(known.values()), given))
    return Shown(holder, next(pk for pk, key in known.items() if key.credential_id == used.credential_id))


def what_was_made(host: str, challenge: str, answer: Any) -> dict[str, Any]:
    """A new passkey as its row keeps it: built anew from what was understood, nothing else of what came.

    Raises NotTaken.
    """
    given = _read(lambda: RegistrationResponse.from_dict(answer))
    made = _read(lambda: _server(host).register_complete(_state(challenge), given))
    raw = websafe_encode(given.raw_id)
    if made.credential_data is None or made.credential_data.credential_id != given.raw_id:
        raise NotTaken("another credential")
    return {
        "type": "public-key",
        "id": raw,
        "rawId": raw,
        "response": {
            "clientDataJSON": websafe_encode(bytes(given.response.client_data)),
            "attestationObject": websafe_encode(bytes(given.response.attestation_object)),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _server(host: str) -> Fido2Server:
    """It takes answers made on this host over TLS, or on localhost, and on no other."""
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=current_profile().short_name.in_("en")))


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": VERIFIED}


def _handle(user: User) -> bytes:
    return user_pk_to_url_str(user).encode()


def _key_of(row: Authenticator) -> AttestedCredentialData:
    key = row.wrap().authenticator_data.credential_data
    assert key is not None
    return key


def _read(parse: Callable[[], T]) -> T:
    """The library reads what strangers send, and each of its layers has errors of its own."""
    try:
        return parse()
    except Exception as error:
        log.warning("signin.passkey_not_taken", extra={"trouble": type(error).__name__})
        raise NotTaken(type(error).__name__) from error
