"""Questions to houses outside: https to a public address, looked up once, no redirects, and an end to how long they
take and how much they answer (SR-45).

Whoever decides where a name leads could lead it into our own network between a look at the address and the call. So
the name is looked up once, every address it has must be public, and the connection goes to one of these very
addresses; the certificate is still asked for by the name.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from time import monotonic
from urllib.parse import urlsplit

SECONDS = 15.0
MOST_BYTES = 1 << 20
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Networks that carry addresses of another kind in theirs, and so lead anywhere: 6to4, Teredo, NAT64.
_WRAPPING = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadAddress(ValueError):
    """An address nothing of ours is sent to. Its text says why, and holds no key."""


class TooLong(Exception):
    """An answer is longer than anything we asked for."""


class NoAnswer(Exception):
    """No whole answer came: whether the question arrived is not known. Holds the kind of silence, a word.

    arrived: False when it is certain that nothing was sent.
    """

    def __init__(self, silence: str, *, arrived: bool | None = None) -> None:
        super().__init__(silence)
        self.arrived = arrived


def place_of(url: str, *, this_machine: bool = False) -> tuple[bool, str, int | None]:
    """(secure, host, port) of an address that is a scheme and a host and nothing more.

    this_machine: plain http is allowed where it stays on this machine. Raises BadAddress.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as unreadable:
        raise BadAddress("the address cannot be read") from unreadable
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadAddress("the address is a scheme and a host, and nothing more")
    if not host.isascii() or not host.isprintable() or set(host) & set(" \\%<>^`{|}"):
        raise BadAddress("the address cannot be read")
    if parts.scheme == "https":
        return True, host, port
    if this_machine and parts.scheme == "http" and host in _LOOPBACK:
        return False, host, port
    raise BadAddress("the address has to begin with https://")


def is_public(written: str) -> bool:
    """Whether an IP address is one of the open internet, in whatever way it is wrapped."""
    try:
        address: Address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or any(address in network for network in _WRAPPING):
            return False
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def public_address(host: str, port: int) -> str:
    """The address to call, looked up now. Raises BadAddress when any the name has is not public, OSError for none."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(is_public, found)):
        raise BadAddress("the address leads to a network that is not public")
    return found[0]


class PublicConnection(HTTPSConnection):
    """TLS to a name, over an address that was looked up once and is public."""

    def __init__(self, host: str, port: int | None, *, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._tls = context

    def connect(self) -> None:
        address = public_address(self.host, self.port)
        plain = socket.create_connection((address, self.port), self.timeout)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


class Outward:
    """One house outside. Holds no connection, so threads may share it."""

    def __init__(self, url: str, *, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        """Raises BadAddress."""
        _secure, self.host, self._port = place_of(url)
        self._seconds, self._most_bytes = seconds, most_bytes
        self._context = ssl.create_default_context()

    def ask(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[int, bytes]:
        """Status and body of the answer; a redirect is an answer like any other.

        Raises NoAnswer, TooLong, BadAddress.
        """
        connection = self._connection(self._seconds)
        deadline = monotonic() + self._seconds
        called = False
        try:
            connection.connect()
            called = True
            connection.request(method, address, body, {**headers, "Connection": "close"})
            response = connection.getresponse()
            return response.status, read_body(response, deadline, self._most_bytes)
        except (OSError, HTTPException) as problem:
            silence = type(problem).__name__
        finally:
            connection.close()
        # Outside the handler: what the problem carries with it is not for anybody's log.
        raise NoAnswer(silence, arrived=None if called else False)

    def _connection(self, seconds: float) -> HTTPConnection:
        return PublicConnection(self.host, self._port, timeout=seconds, context=self._context)


def read_body(response: HTTPResponse, deadline: float, most_bytes: int) -> bytes:
    """All of it, as long as it is neither too long nor too slow in coming. deadline: of monotonic().

    Raises TooLong, TimeoutError, and IncompleteRead for half of one.
    """
    body = bytearray()
    announced = response.length
    while (announced is None or len(body) < announced) and (part := response.read1(1 << 16)):
        body += part
        if len(body) > most_bytes:
            raise TooLong
        if monotonic() > deadline:
            raise TimeoutError
    if announced is None and not body or announced is not None and len(body) < announced:
        raise IncompleteRead(b"")
    return bytes(body)
