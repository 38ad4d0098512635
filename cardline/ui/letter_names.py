"""What letters are called on pages, and their classes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

NAMES: Mapping[str, LazyText] = {
    "application.declined": pgettext_lazy("a letter", "Answer to your application"),
    "card.replacement": pgettext_lazy("a letter", "Your new card"),
    "complaint.final_response": pgettext_lazy("a letter", "Final response to your complaint"),
    "dispute.acknowledgement": pgettext_lazy("a letter", "We have your dispute"),
    "dispute.correction": pgettext_lazy("a letter", "We corrected an error"),
    "dispute.credit_reversed": pgettext_lazy("a letter", "Provisional credit taken back"),
    "dispute.explanation": pgettext_lazy("a letter", "What we found about your dispute"),
    "dispute.provisional_credit": pgettext_lazy("a letter", "Provisional credit"),
    "lost.summary": pgettext_lazy("a letter", "Summary of your report"),
    "notice.card_reported": pgettext_lazy("a letter", "Notice of a card reported gone"),
    "notice.contact_change_asked": pgettext_lazy("a letter", "Notice of a change that waits"),
    "notice.contact_changed": pgettext_lazy("a letter", "Notice of a change"),
    "notice.news": pgettext_lazy("a letter", "Word that there is news"),
    "notice.receipt": pgettext_lazy("a letter", "Word that a receipt is ready"),
    "notice.recovery": pgettext_lazy("a letter", "Notice of a recovery"),
}

CLASSES: Mapping[str, LazyText] = {
    "cards": pgettext_lazy("letters", "Cards: lost, stolen, replaced"),
    "disputes": pgettext_lazy("letters", "Disputes: that we have one, what we found, credits"),
    "applications": pgettext_lazy("letters", "Applications: our answer"),
    "complaints": pgettext_lazy("letters", "Complaints: our response"),
}


def letter_name(kind: str) -> str:
    """Its name in the reader's language. A kind that is no more is a letter all the same."""
    return str(NAMES[kind]) if kind in NAMES else _("Letter")
