"""Against a mail server of our own, by its real protocol: what it takes, and what it refuses."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from django.core.mail import EmailMessage

from cardline.notify import mail

SENDER, RECEIVER = "alerts@issuer.example", "maya.okafor@example.com"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail as RFC 5321 has it. answer: to whoever a mail is for; "" hangs up without a word."""

    daemon_threads = True
    answer = "250 ok"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[bytes] = []


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT" and not self.server.answer:
                return
            if word == b"DATA":
                self._say("354 go on")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self._say(self.server.answer if word == b"RCPT" else "250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.server_address[1]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 2
        yield running
        running.shutdown()


def hand_over() -> None:
    mail.hand_over(EmailMessage("News", "Hay novedades: mañana\n", SENDER, [RECEIVER]))


def test_a_mail_arrives_whole(server: MailServer) -> None:
    hand_over()
    letter = message_from_bytes(server.taken[0])
    assert (letter["Subject"], letter["To"], letter["From"]) == ("News", RECEIVER, SENDER)
    assert "mañana" in letter.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("550 no such user", ("no_such_address", 550)),
        ("450 mailbox busy", ("not_taken", 450)),
        ("421 going down", ("not_taken", 421)),
        ("", ("no_server",)),
    ],
)
def test_each_no_is_told_apart(server: MailServer, answer: str, problem: tuple[Any, ...]) -> None:
    server.answer = answer
    with pytest.raises(mail.MailNotTaken) as no:
        hand_over()
    assert no.value.args == problem and not server.taken


def test_nobody_there(server: MailServer, settings: Any) -> None:
    server.shutdown()
    server.server_close()
    with pytest.raises(mail.MailNotTaken, match="no_server"):
        hand_over()
