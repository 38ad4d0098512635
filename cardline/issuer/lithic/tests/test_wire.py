"""The wire: where it goes, what it gives up on, and that the key stays on it."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from cardline.issuer.core import BadReply, CoreError, CoreNotFound, CoreRefused, CoreUnknown
from cardline.issuer.lithic import wire as wires
from cardline.issuer.lithic.wire import BadKey, Wire, parsed
from cardline.kit.outward import BadAddress

KEY = "lithic-key-1f9c"


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server of this machine that hears one question and answers as it is told: its address, and what it heard."""
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        # Whoever asked may have stopped waiting.
        with connection, suppress(OSError):
            heard.append(connection.recv(65_536))
            answer(connection)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
    finally:
        listening.close()
        thread.join(5)


def says(status: str, body: bytes = b"{}", *headers: str) -> Callable[[socket.socket], None]:
    head = "".join(f"{header}\r\n" for header in (f"Content-Length: {len(body)}", *headers))
    return lambda connection: connection.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.lithic.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "ftp://api.lithic.com",
        "api.lithic.com",
        "https://",
        "https://api.lithic.com/v1",
        "https://api.lithic.com?x=1",
        "https://somebody:secret@api.lithic.com",
        "https://api.lithic.com:abc",
        "https://[::1",
        "",
    ],
)
def test_the_key_goes_nowhere_but_over_tls_or_to_this_machine(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        Wire(url, KEY)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://api.lithic.com", "https://sandbox.lithic.com/", "http://127.0.0.1:9", "http://[::1]:9"]
)
def test_tls_and_this_machine_are_fine(url: str) -> None:
    assert KEY not in repr(Wire(url, KEY))


@pytest.mark.parametrize("key", ["", "two words", "line\r\nX-Header: 1", "clé", "tab\tbed"])
def test_what_cannot_be_a_key_is_refused_unseen(key: str) -> None:
    with pytest.raises(BadKey) as refused:
        Wire("https://api.lithic.com", key)
    assert key == "" or key not in str(refused.value)


def test_a_question_carries_the_key_and_no_part_of_a_token_can_change_its_address() -> None:
    with answering(says("200 OK", b'{"a": 1}')) as (url, heard):
        assert Wire(url, KEY).get("cards", "../accounts?x=1", query={"page_size": 5}) == {"a": 1}
    first, *headers = heard[0].decode().split("\r\n")
    assert first == "GET /v1/cards/..%2Faccounts%3Fx%3D1?page_size=5 HTTP/1.1"
    assert f"Authorization: {KEY}" in headers


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        ("404 Not Found", CoreNotFound),
        ("400 Bad Request", CoreRefused),
        ("401 Unauthorized", CoreRefused),
        ("409 Conflict", CoreRefused),
        ("408 Request Timeout", CoreUnknown),
        ("429 Too Many Requests", CoreUnknown),
        ("500 Internal Server Error", CoreUnknown),
        ("503 Service Unavailable", CoreUnknown),
        ("302 Found", BadReply),
        ("304 Not Modified", BadReply),
    ],
)
def test_each_status_is_what_it_means(status: str, raised: type[CoreError]) -> None:
    body = b'{"message": "card 4111111111111111"}'
    answer = says(status, body, "Location: http://127.0.0.1:1/elsewhere")
    with answering(answer) as (url, _), pytest.raises(raised) as refused:
        Wire(url, KEY).get("cards", "c")
    told = "".join(traceback.format_exception(refused.value))
    assert "4111" not in told
    assert KEY not in told


def test_a_refused_key_is_told_apart() -> None:
    with answering(says("403 Forbidden")) as (url, _), pytest.raises(CoreRefused, match="not_permitted"):
        Wire(url, KEY).get("cards", "c")


@pytest.mark.parametrize(
    "answer",
    [
        lambda connection: None,
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-"),
        lambda connection: connection.sendall(b"no HTTP at all\r\n\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
        lambda connection: connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a": 1}'),
        lambda connection: time.sleep(0.5),
    ],
    ids=["hangs up", "stops in its headers", "is no HTTP", "has too many headers", "is half", "is silent"],
)
def test_whatever_is_no_answer_is_unknown(answer: Callable[[socket.socket], None]) -> None:
    with answering(answer) as (url, _), pytest.raises(CoreUnknown) as silence:
        Wire(url, KEY, seconds=0.2).get("cards", "c")
    assert KEY not in "".join(traceback.format_exception(silence.value))


def test_an_answer_is_taken_when_it_is_whole_though_the_line_stays_open() -> None:
    def answer(connection: socket.socket) -> None:
        says("200 OK", b'{"a": 1}')(connection)
        connection.recv(1)  # until the other side hangs up

    with answering(answer) as (url, _):
        assert Wire(url, KEY, seconds=5).get("cards", "c") == {"a": 1}


def test_an_answer_in_pieces_is_put_together() -> None:
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n'
    with answering(lambda connection: connection.sendall(chunked)) as (url, _):
        assert Wire(url, KEY).get("cards", "c") == {"a": 1}


def test_nobody_there_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CoreUnknown):
        Wire(f"http://127.0.0.1:{port}", KEY).get("cards", "c")


def test_an_answer_that_drips_is_given_up_on_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            connection.sendall(b" ")
            time.sleep(0.05)

    began = time.monotonic()
    with answering(drip) as (url, _), pytest.raises(CoreUnknown):
        Wire(url, KEY, seconds=0.3).get("cards", "c")
    assert time.monotonic() - began < 5


def test_an_answer_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST_BYTES", 1_000)
    with answering(says("200 OK", b'"' + b"x" * 2_000 + b'"')) as (url, _), pytest.raises(BadReply):
        Wire(url, KEY).get("cards", "c")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"<html>", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b"9" * 5_000],
    ids=["empty", "cut", "html", "NaN", "no text", "deep", "long number"],
)
def test_what_is_no_json_is_refused_and_the_error_keeps_none_of_it(body: bytes) -> None:
    with pytest.raises(BadReply) as refused:
        parsed(body)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
