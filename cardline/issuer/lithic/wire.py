"""One question to Lithic and its answer: JSON over HTTPS, with the key in a header and nowhere else.

What comes back is a stranger's until `reading.py` has looked at every field of it: here only its size, its time and
that it is JSON are seen to. Redirects are not followed, for the key would follow them.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from typing import NoReturn
from urllib.parse import quote, urlencode

from cardline.issuer.core import BadReply, CoreNotFound, CoreRefused, CoreUnknown
from cardline.kit.outward import TooLong, place_of, read_body

MOST_BYTES = 4 << 20  # a full page of transactions with their events is about a quarter of it
SECONDS = 5.0  # somebody waits for the answer, and may be waiting to freeze a card
# Not done, or not known to be: too slow, too early, too often.
_LATER = frozenset({408, 425, 429})
_NOT_ALLOWED = frozenset({401, 403})

Query = Mapping[str, str | int]


class BadKey(ValueError):
    """What cannot be a key. Its text never holds it."""


class Wire:
    """Where Lithic is, and the key that opens it. Holds no connection, so threads may share it."""

    def __init__(self, url: str, key: str, *, seconds: float = SECONDS) -> None:
        """url: https, or http to this machine. Raises BadAddress, BadKey."""
        self._secure, self._host, self._port = place_of(url, this_machine=True)
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise BadKey("the key is empty or holds something that no key of Lithic's does")
        self._key = key
        self._seconds = seconds
        self._tls = ssl.create_default_context() if self._secure else None

    def __repr__(self) -> str:
        return f"<Lithic at {self._host}>"

    def get(self, *path: str, query: Query | None = None) -> object:
        return self._ask("GET", path, query or {}, None)

    def patch(self, *path: str, body: Mapping[str, object]) -> object:
        return self._ask("PATCH", path, {}, body)

    def _ask(
        self, method: str, path: tuple[str, ...], query: Query, body: Mapping[str, object] | None
    ) -> object:
        """The answer's JSON. Raises CoreUnknown, CoreNotFound, CoreRefused, BadReply."""
        address = "/v1/" + "/".join(quote(part, safe="") for part in path)
        if query:
            address += "?" + urlencode(query)
        status, answer = self._exchange(method, address, None if body is None else json.dumps(body).encode())
        if not 200 <= status < 300:
            _refuse(status)
        return parsed(answer)

    def _exchange(self, method: str, address: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Authorization": self._key, "Accept": "application/json", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = self._connection()
        deadline = monotonic() + self._seconds
        try:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            return response.status, read_body(response, deadline, MOST_BYTES)
        except TooLong:
            raise BadReply("an answer is longer than anything we asked for") from None
        except (OSError, HTTPException) as problem:
            silence = type(problem).__name__
        finally:
            connection.close()
        # Outside the handler: what the problem carries with it is not for anybody's log.
        raise CoreUnknown(f"no answer from Lithic ({silence})")

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=self._seconds)
        return HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._tls)


def _refuse(status: int) -> NoReturn:
    if status == 404:
        raise CoreNotFound("Lithic does not know it")
    if status >= 500 or status in _LATER:
        raise CoreUnknown(f"Lithic answers {status}")
    if status in _NOT_ALLOWED:
        raise CoreRefused("not_permitted")
    if status >= 400:
        raise CoreRefused("refused")
    raise BadReply(f"an answer with status {status}")


def parsed(body: bytes) -> object:
    """Raises BadReply; outside the handler, because the decoder's own error holds the whole text."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        pass
    raise BadReply("an answer is not JSON")


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
