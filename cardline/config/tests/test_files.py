"""Where files come from and who looks into them: what the environment may say, and what a start opens by itself."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from cardline.config.files import files_origin, scanner_address
from cardline.config.serve import _open_files_port


@pytest.mark.parametrize(
    ("value", "tls", "origin"),
    [
        ("", True, ""),
        ("https://files.issuer.example", True, "https://files.issuer.example"),
        ("https://Files.issuer.example/", True, "https://files.issuer.example"),
        ("http://127.0.0.1:8001", False, "http://127.0.0.1:8001"),
    ],
)
def test_an_origin_is_a_scheme_and_a_host(value: str, tls: bool, origin: str) -> None:
    assert files_origin(value, tls=tls) == origin


@pytest.mark.parametrize(
    "value",
    [
        "files.issuer.example",
        "http://files.issuer.example",
        "https://a/b",
        "https://a?b",
        "https://",
        "https://a:x",
    ],
)
def test_anything_else_stops_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_FILES_ORIGIN"):
        files_origin(value, tls=True)


def test_a_scanners_address_is_checked() -> None:
    assert scanner_address("") == ""
    assert scanner_address("tcp:127.0.0.1:3310") == "tcp:127.0.0.1:3310"
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_SCANNER"):
        scanner_address("localhost:3310")


def test_on_this_machine_a_second_port_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:  # SR-56
    monkeypatch.setenv("CARDLINE_FILES_ORIGIN", "")
    monkeypatch.setenv("CARDLINE_TLS", "0")
    first = _open_files_port("127.0.0.1")
    assert first is not None
    with first:
        port = first.getsockname()[1]
        monkeypatch.setenv("CARDLINE_FILES_ORIGIN", "")
        monkeypatch.setenv("CARDLINE_PORT", str(port - 1))  # the next one is taken: another is found
        second = _open_files_port("127.0.0.1")
        assert second is not None
        with second:
            assert second.getsockname()[1] != port
            assert files_origin(f"http://127.0.0.1:{port}", tls=False)


@pytest.mark.parametrize(
    ("origin", "tls"), [("https://files.issuer.example", "1"), ("", "1"), ("http://f", "0")]
)
def test_an_installation_with_an_address_of_its_own_gets_none(
    monkeypatch: pytest.MonkeyPatch, origin: str, tls: str
) -> None:
    monkeypatch.setenv("CARDLINE_FILES_ORIGIN", origin)
    monkeypatch.setenv("CARDLINE_TLS", tls)
    assert _open_files_port("127.0.0.1") is None
