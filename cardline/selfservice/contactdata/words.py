"""Changes of contact data in words, for their member."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardline.contactdata.decisions.rules import Reason
from cardline.members.models import ContactChange

Kind, What, Why, State = ContactChange.Kind, ContactChange.What, ContactChange.Why, ContactChange.State

TITLES: Mapping[tuple[str, str], LazyText] = {
    (Kind.PHONE, What.ADDED): gettext_lazy("Another phone number"),
    (Kind.PHONE, What.CHANGED): gettext_lazy("A new phone number"),
    (Kind.PHONE, What.REMOVED): gettext_lazy("A phone number less"),
    (Kind.EMAIL, What.ADDED): gettext_lazy("Another email address"),
    (Kind.EMAIL, What.CHANGED): gettext_lazy("A new email address"),
    (Kind.EMAIL, What.REMOVED): gettext_lazy("An email address less"),
    (Kind.POST, What.ADDED): gettext_lazy("A postal address"),
    (Kind.POST, What.CHANGED): gettext_lazy("A new postal address"),
    (Kind.NAME, What.CHANGED): gettext_lazy("A new legal name"),
}

# Why it was refused, and what to do about it.
REASONS: Mapping[str, LazyText] = {
    Reason.WRONG_PERSON: gettext_lazy("The document is somebody else’s. Send one of your own."),
    Reason.NOT_SHOWN: gettext_lazy("The document does not show the change. Send another one."),
    Reason.UNREADABLE: gettext_lazy("We could not read the document. Send a clearer picture."),
    Reason.RUN_OUT: gettext_lazy("The document has run out. Send one that is valid."),
    Reason.NOT_THEM: gettext_lazy("We were told that you did not ask for it."),
    Reason.NO_ANSWER: gettext_lazy("We could not reach you to make sure. Ask again, or call us."),
}


def title_of(change: ContactChange) -> str:
    return str(TITLES[change.kind, change.what])


def waits_for(change: ContactChange, by: str) -> str:
    """Why it has not been done, and by when. by: the promised day."""
    words: Mapping[str, Callable[[], str]] = {
        Why.LINK: lambda: _("We sent a link to the new address. Open it within two days, and it counts."),
        Why.DELAY: lambda: (
            _(
                "We wrote to the places we had before. We change it on %(day)s, unless somebody says it was not you."
            )
            % {"day": by}
        ),
        Why.PAPER: lambda: _("A person checks your document and tells you by %(day)s.") % {"day": by},
        Why.CARD: lambda: (
            _(
                "You asked for a card in the last 30 days, so we make sure that this is you first. You hear from us by "
                "%(day)s. It goes faster when you answer the message we sent to your old address or phone."
            )
            % {"day": by}
        ),
        Why.DOUBT: lambda: (
            _(
                "Somebody said that the last change was not yours. A person finds out first, and tells you by %(day)s."
            )
            % {"day": by}
        ),
    }
    return words[change.why_waits]()


def became(change: ContactChange) -> str:
    """What became of one that was not made."""
    if change.state == State.TAKEN_BACK:
        return _("Taken back: we were told that it was not you. If it was, call us or write in the case.")
    reason = change.decided.partition(":")[0]
    return str(REASONS.get(reason, _("We did not make this change. Call us, and we tell you why.")))


def said_done(change: ContactChange) -> str:
    """Right after the press."""
    if change.state == State.DONE:
        return _("Done. We told your old and your new contacts, without saying what it was or is.")
    if change.why_waits == Why.LINK:
        return _("Nearly done. Open the link we sent to the new address, and it counts.")
    return _("We have it, and it waits. Below stands what for, and until when.")
