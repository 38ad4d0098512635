"""A device that makes and uses passkeys, as far as the product can tell: a key and the words a browser would say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

HOST = "testserver"
PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Device:
    """verified: it asked for a fingerprint or PIN. origin: the site its browser stands on."""

    origin: str = f"https://{HOST}"
    verified: bool = True
    id: bytes = field(default_factory=lambda: token_bytes(16))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: str = ""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """What it answers to creation options, which it keeps the user's handle of."""
        asked = options["publicKey"]
        self.handle = str(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(
            self._hash(asked["rp"]["id"]), self._flags() | AuthenticatorData.FLAG.AT, 0, credential
        )
        attestation = AttestationObject.create("none", data, {})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", asked["challenge"]),
            attestationObject=websafe_encode(bytes(attestation)),
        )

    def use(self, options: dict[str, Any]) -> dict[str, Any]:
        """What it answers to request options."""
        asked = options["publicKey"]
        client = self._client_words("webauthn.get", asked["challenge"])
        data = AuthenticatorData.create(self._hash(asked["rpId"]), self._flags(), 0)
        signature = self.key.sign(bytes(data) + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=websafe_encode(client),
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(signature),
            userHandle=self.handle,
        )

    def _flags(self) -> Any:
        return PRESENT_AND_VERIFIED if self.verified else AuthenticatorData.FLAG.UP

    def _client_words(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _client(self, kind: str, challenge: str) -> str:
        return str(websafe_encode(self._client_words(kind, challenge)))

    def _answer(self, **response: str) -> dict[str, Any]:
        own = websafe_encode(self.id)
        return {"type": "public-key", "id": own, "rawId": own, "response": response}

    @staticmethod
    def _hash(host: str) -> bytes:
        return sha256(host.encode()).digest()
