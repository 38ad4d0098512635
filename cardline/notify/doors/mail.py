"""E-mail, by the server or folder that alerts take, too (notify/mail.py)."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from cardline.issuer.profile import current_profile
from cardline.notify import mail
from cardline.notify.bounces.token import envelope_sender
from cardline.notify.doors.door import KEPT, NO_ANSWER, NO_SUCH_PLACE, NOT_TAKEN, Message, NotTaken


class MailDoor:
    """A server whose yes was not heard gets the mail again with the same Message-ID: at least once, and most mailboxes
    show it once.
    """

    def send(self, message: Message) -> str:
        try:
            mail.hand_over(letter_of(message))
        except mail.MailNotTaken as no:
            word = no.args[0]
            if word == mail.NO_SUCH_ADDRESS:
                raise NotTaken(NO_SUCH_PLACE, permanent=True) from None
            raise NotTaken(NO_ANSWER if word == mail.NO_SERVER else NOT_TAKEN, unsure=True) from None
        return "" if settings.CARDLINE_MAIL_URL else KEPT

    def found(self, message: Message) -> str | None:
        return None


def letter_of(message: Message) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    named = mail.headers(f"<{message.name}@{domain}>", message.language)
    return EmailMessage(
        subject=message.subject,
        body=f"{message.body}\n{signed(message.language)}\n",
        from_email=envelope_sender(message.name),
        to=[message.to],
        headers={**named, "From": settings.DEFAULT_FROM_EMAIL},
    )


def signed(language: str) -> str:
    """Who it is from, and that a sample is one."""
    profile = current_profile()
    note = "" if profile.official else profile.unofficial_note.in_(language)
    return "\n\n".join(filter(None, (profile.display_name.in_(language), note)))
