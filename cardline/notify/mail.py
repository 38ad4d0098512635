"""The mail that says there is news, and nothing of what it is (SR-61, DESIGN 8): whoever reads over a shoulder, or has
the mailbox, learns that somebody has a card here, which the sender's name says already.
"""

from __future__ import annotations

import smtplib
import time
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.outbox import handles
from cardline.notify.commands import MAIL, address_mail, note_failed, note_sent
from cardline.notify.queries import receiver_of

# While a mail server is silent, each look at it costs the thread that also watches promises its time-out. So after one
# such look the next mails fail at once, for a while; the outbox tries all of them again.
SILENT_SECONDS = 30
NOT_TAKEN, NO_SERVER, NO_SUCH_ADDRESS = "not_taken", "no_server", "no_such_address"
PERMANENT = range(500, 600)  # RFC 5321: the same again would get the same answer

_silent_until = float("-inf")


class MailNotTaken(Exception):
    """Tried in vain. Holds a word and a number only: what servers say names the address, and logs keep it."""


@handles(MAIL)
def send_mail(payload: dict[str, Any], now: datetime) -> None:
    """Send one mail for the deliveries of a payload, if it is still to be sent. Raises MailNotTaken and InHand, for
    another try.

    A worker killed between the server's yes and our note sends it again; it then bears the same Message-ID.
    """
    member_id = int(payload["member"])
    deliveries = address_mail(by=SYSTEM, now=now, member_id=member_id, deliveries=payload["deliveries"])
    if not deliveries:
        return
    try:
        hand_over(letter_to(member_id, deliveries))
    except MailNotTaken as problem:
        word = str(problem.args[0])
        note_failed(by=SYSTEM, now=now, member_id=member_id, deliveries=deliveries, problem=word)
        if word != NO_SUCH_ADDRESS:
            raise
        return
    note_sent(by=SYSTEM, now=clock.now(), member_id=member_id, deliveries=deliveries)


def letter_to(member_id: int, deliveries: list[int]) -> EmailMessage:
    """The mail, in the member's language."""
    to, language = receiver_of(member_id)
    with override(language):
        return EmailMessage(
            subject=_subject(language),
            body=_body(language),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[to],
            headers=headers(_message_id(deliveries), language),
        )


def headers(message_id: str, language: str) -> dict[str, str]:
    return {
        "Message-ID": message_id,
        "Date": format_datetime(clock.now()),
        # Nobody's out-of-office answers a machine (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": language,
    }


def _subject(language: str) -> str:
    return _("%(issuer)s: there is news for you") % {"issuer": current_profile().short_name.in_(language)}


def _body(language: str) -> str:
    profile, address = current_profile(), f"{settings.CARDLINE_SITE}/alerts#latest"
    said = {"issuer": profile.display_name.in_(language), "address": address}
    parts = (
        _("There is news about your account. Email is not private, so this one holds nothing of it."),
        _("See it after signing in:\n%(address)s") % said,
        _("We never ask by email for a card number, a code or a password."),
        _(
            "You get this because you asked for alerts by email. You change or end them on the same page.\n%(issuer)s"
        )
        % said,
        "" if profile.official else profile.unofficial_note.in_(language),
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def _message_id(deliveries: list[int]) -> str:
    """The same for the same deliveries, and no count of ours in it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return f"<{salted_hmac('notify.mail', str(sorted(deliveries))).hexdigest()[:32]}@{domain}>"


def hand_over(letter: EmailMessage) -> None:
    """Raises MailNotTaken."""
    global _silent_until
    if time.monotonic() < _silent_until:
        raise MailNotTaken(NO_SERVER)
    try:
        get_connection().send_messages([letter])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        permanent = all(code in PERMANENT for code in codes)
        raise MailNotTaken(NO_SUCH_ADDRESS if permanent else NOT_TAKEN, *codes) from None
    except smtplib.SMTPResponseException as refused:
        raise MailNotTaken(NOT_TAKEN, refused.smtp_code) from None
    except OSError:  # silence, a closed door, or anything else that smtplib says (its errors are OSErrors)
        _silent_until = time.monotonic() + SILENT_SECONDS
        raise MailNotTaken(NO_SERVER) from None
