"""Calls to houses outside go to a public address over TLS, and to no other (SR-45)."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest

from cardline.kit import outward
from cardline.kit.outward import BadAddress, NoAnswer, Outward, is_public, place_of, public_address

# What an address can look like that leads into our own network, elsewhere than it says, or out in the clear.
TRICKS_OF_FORM = [
    "http://texts.example", "ftp://texts.example", "file:///etc/passwd", "gopher://texts.example", "texts.example",
    "//texts.example", "", "https://", "https:///x", "https://texts.example/path", "https://texts.example?q",
    "https://texts.example#f", "https://user@texts.example", "https://user:word@texts.example", "https://a@b@c",
    "https://texts.example:port", "https://texts.example:99999", "https://[::1", "https://texts.example\\@inside",
    "https://texts.example%00.inside", "https://tëxts.example", "https://texts.example\u3002inside",
    "javascript:alert(1)", "data:text/html,x", "http://127.0.0.1", "http://localhost:8000", "HTTP://texts.example",
    "https://te xts.example", "https://<x>", "unix:/run/x.sock",
]  # fmt: skip
# What a name can lead to, or be itself, without being of the open internet.
TRICKS_OF_PLACE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254",
    "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255", "192.0.0.1",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00::1", "fec0::1", "ff02::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "2001:0:7f00:1::",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "not an address", "",
]  # fmt: skip


def test_at_least_sixty_tricks_are_tried() -> None:
    assert len({*TRICKS_OF_FORM}) + len({*TRICKS_OF_PLACE}) >= 60


@pytest.mark.parametrize("url", TRICKS_OF_FORM)
def test_only_a_scheme_and_a_host_is_an_address(url: str) -> None:
    with pytest.raises(BadAddress):
        place_of(url)


@pytest.mark.parametrize("address", TRICKS_OF_PLACE)
def test_no_address_of_ours_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "104.18.0.1", "2606:4700::6810:1", "172.32.0.1", "192.169.0.1"]
)
def test_the_open_internet_is(address: str) -> None:
    assert is_public(address)


# Spellings of this machine that a system's own look-up understands.
@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "0"])
def test_other_spellings_are_looked_up_first(host: str) -> None:
    with pytest.raises((BadAddress, OSError)):
        public_address(host, 443)


def found(*addresses: str) -> Any:
    return lambda *args, **more: [(2, 1, 6, "", (address, 443)) for address in addresses]


def test_a_name_with_one_private_address_among_its_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward.socket, "getaddrinfo", found("8.8.8.8", "10.0.0.1"))
    with pytest.raises(BadAddress):
        public_address("texts.example", 443)


def test_it_is_looked_up_once_and_that_very_address_is_called_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks, called, named = [], [], []

    def look(*args: Any, **more: Any) -> Any:
        looks.append(args)
        return found("8.8.8.8" if len(looks) == 1 else "127.0.0.1")()

    def call(address: Any, timeout: float) -> Any:
        called.append((address, timeout))
        return socket.socket()

    def wrap(self: ssl.SSLContext, plain: Any, server_hostname: str) -> Any:
        named.append((server_hostname, self.check_hostname, self.verify_mode))
        plain.close()
        raise ssl.SSLCertVerificationError("not them")

    monkeypatch.setattr(outward.socket, "getaddrinfo", look)
    monkeypatch.setattr(outward.socket, "create_connection", call)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
    with pytest.raises(NoAnswer) as silence:
        Outward("https://texts.example").ask("GET", "/", {})
    assert len(looks) == 1 and called == [(("8.8.8.8", 443), 15.0)]
    assert named == [("texts.example", True, ssl.CERT_REQUIRED)]
    assert silence.value.arrived is False  # it was certain that nobody had been spoken to


def test_plain_http_is_for_this_machine_alone_and_only_where_it_was_allowed() -> None:
    assert place_of("http://127.0.0.1:8080", this_machine=True) == (False, "127.0.0.1", 8080)
    with pytest.raises(BadAddress):
        place_of("http://texts.example", this_machine=True)
