"""The address our mail comes from on the envelope: what cannot be delivered is sent back there, and names the mail.

`alerts+<name>.<signature>@issuer.example`. A report that nobody signed for is believed only where it holds the
Message-ID of the mail, whose random part (128 bits) is known to nobody but those who carried it.
"""

from __future__ import annotations

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
_SIGNED = 12  # hexadecimal digits: a report tells us no more than that one mail was lost
_NAME = re.compile(r"[0-9a-f]{32}")


def envelope_sender(name: str) -> str:
    """name: of the message. The plain sender where nothing that comes back is read, or where there is no room."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, domain = sender.rpartition("@")
    marked = f"{local}+{name}.{_signature(name)}"
    fits = settings.CARDLINE_MAIL_BACK and len(marked) <= LONGEST_LOCAL_PART
    return f"{marked}@{domain}" if fits else sender


def name_in_address(address: str) -> str:
    """The message whose envelope this was; "" for an address that is none of ours or was made by somebody else."""
    marked = address.partition("@")[0].rpartition("+")[2].lower()
    name, _dot, signature = marked.partition(".")
    is_ours = _NAME.fullmatch(name) and constant_time_compare(signature, _signature(name))
    return name if is_ours else ""


def name_in_message_id(message_id: str) -> str:
    """The message that bears this Message-ID; "" for one that cannot be ours."""
    name, _at, domain = message_id.strip().strip("<>").partition("@")
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return name if _NAME.fullmatch(name) and domain.lower() == ours.lower() else ""


def _signature(name: str) -> str:
    return salted_hmac("cardline.bounce", name, algorithm="sha256").hexdigest()[:_SIGNED]
