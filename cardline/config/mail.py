"""How mail leaves the house: the server CARDLINE_MAIL_URL names, or files in the data folder without one."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

# Mail goes out on the thread that also watches promises; a server slower than this is as good as silent.
TIMEOUT_SECONDS = 5
PORTS = {"smtp": 587, "smtps": 465}
SENDER_OF_FILES = "alerts@localhost"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What Django wants to know, by its own names. starttls: turn an open connection into TLS; tls: from the first
    byte. folder: where mails become files, "" with a server.
    """

    backend: str
    sender: str
    folder: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False
    timeout_seconds: int = TIMEOUT_SECONDS


def mail_settings(url: str, sender: str, data: Path) -> MailSettings:
    """url: "smtp://user:password@host:587", "smtps://…", or "" for files. sender: "Issuer <alerts@issuer.example>".

    Raises ImproperlyConfigured, whose text never holds the password.
    """
    if sender:
        _check_sender(sender)
    if not url:
        return MailSettings(
            "cardline.notify.folder.FolderBackend", sender or SENDER_OF_FILES, str(data / "mail")
        )
    if not sender:
        raise ImproperlyConfigured(
            "CARDLINE_MAIL_FROM is not set; with CARDLINE_MAIL_URL it names the sender"
        )
    parts, port = _read(url)
    host = parts.hostname or ""
    return MailSettings(
        backend="django.core.mail.backends.smtp.EmailBackend",
        sender=sender,
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp" and not _is_here(host),
        tls=parts.scheme == "smtps",
    )


def _read(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise _bad_url() from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise _bad_url()
    return parts, port


def _bad_url() -> ImproperlyConfigured:
    return ImproperlyConfigured(
        "CARDLINE_MAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465;"
        " leave it out to write mails into the data folder"
    )


def _check_sender(sender: str) -> None:
    _name, address = parseaddr(sender)
    try:
        validate_email(address if sender.isprintable() else "")
    except ValidationError:
        raise ImproperlyConfigured(
            "CARDLINE_MAIL_FROM must be an address like alerts@issuer.example, or a name and an address"
        ) from None


def _is_here(host: str) -> bool:
    """On this machine nothing is overheard, and a relay there often speaks no TLS."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
