"""Restrictions in words: their names for colleagues, and what whoever is refused may be told.

A member is never told what they may not know of another (of an additional card: that its holder is bankrupt), nor what
nobody wants to read of themselves. Sentences are made when they are read, in the reader's language.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cardline.members.restrictions.rules import Redirect, Refuse, Representative
from cardline.members.restrictions.table import RestrictionKind


class Audience(StrEnum):
    """Who reads a refusal: the restricted person, somebody else the account touches, a colleague."""

    OWN = "own"
    OTHER = "other"
    STAFF = "staff"


NAMES: dict[RestrictionKind, LazyText] = {
    RestrictionKind.DECEASED: pgettext_lazy("a restriction", "Deceased"),
    RestrictionKind.BANKRUPTCY: pgettext_lazy("a restriction", "Bankruptcy"),
    RestrictionKind.REPRESENTED: pgettext_lazy("a restriction", "Represented by somebody"),
    RestrictionKind.CEASE_CONTACT: pgettext_lazy("a restriction", "No contact wanted"),
    RestrictionKind.IDENTITY_THEFT_BLOCK: pgettext_lazy("a restriction", "Identity theft block"),
    RestrictionKind.FRAUD_LOCK: pgettext_lazy("a restriction", "Fraud lock"),
    RestrictionKind.LEGAL_HOLD: pgettext_lazy("a restriction", "Legal hold"),
    RestrictionKind.CHARGED_OFF: pgettext_lazy("a restriction", "Charged off or sold"),
    RestrictionKind.MILITARY_CAP: pgettext_lazy("a restriction", "Military rate cap"),
    RestrictionKind.DISASTER_RELIEF: pgettext_lazy("a restriction", "Disaster relief"),
}

_NEUTRAL = _(
    "We can’t do this on these pages as things stand. Call us or write to us, and a person helps you."
)

# To the restricted person. Whoever reads it in the session of somebody who died is not told of the death; under a
# fraud lock, or with a court's hold, the reader learns nothing of it.
TO_OWN: dict[RestrictionKind, LazyText] = {
    RestrictionKind.DECEASED: _NEUTRAL,
    RestrictionKind.BANKRUPTCY: _(
        "We can’t do this while your bankruptcy case is open. Call us or write to us with any question."
    ),
    RestrictionKind.REPRESENTED: _(
        "Somebody represents you, and we settle this with them. Call us or write to us if that has changed."
    ),
    RestrictionKind.CEASE_CONTACT: _(
        "You asked us not to contact you, and this would need it. Call us or write to us if that has changed."
    ),
    RestrictionKind.IDENTITY_THEFT_BLOCK: _(
        "You told us of identity theft, so this is blocked to protect you. Call us, and we make sure that it is you."
    ),
    RestrictionKind.FRAUD_LOCK: _NEUTRAL,
    RestrictionKind.LEGAL_HOLD: _NEUTRAL,
    RestrictionKind.CHARGED_OFF: _(
        "This account is closed to new use. You can still pay what is owed; call us or write to us to agree how."
    ),
    RestrictionKind.MILITARY_CAP: _(
        "While your military rate cap lasts, interest and fees together stay at 6 % a year or less. Call us with any"
        " question."
    ),
    RestrictionKind.DISASTER_RELIEF: _(
        "While your disaster relief lasts, we charge no late fee and ask for no payment. Call us with any question."
    ),
}

_CHOSEN_BY_THEM = (RestrictionKind.BANKRUPTCY, RestrictionKind.REPRESENTED)

_TO_OTHER = _(
    "This can’t be done on this account as things stand. Its holder can call us or write to us about it."
)
_ALWAYS = _("You can always freeze a card, tell us that one is lost, dispute a charge or complain.")

# What a group of actions is called where a colleague reads what may not be done.
GROUPS: dict[str, LazyText] = {
    "protect": _("protecting them"),
    "talk": _("general questions"),
    "prove": _("codes and calls back to show who they are"),
    "disclose": _("telling facts of an account"),
    "use": _("activating or unfreezing a card"),
    "issue": _("sending a card"),
    "redeem": _("using points"),
    "identity": _("changing name, address, phone or email"),
    "prefer": _("changing how we write to them"),
    "pay": _("payments from a known account"),
    "pay_from_new": _("payments from a new account"),
    "relief": _("agreeing more time to pay"),
    "borrow": _("new credit"),
    "close": _("closing an account"),
    "charge": _("interest and fees"),
    "collect": _("asking for money"),
    "delete": _("deleting records"),
    "notice": _("alerts and news"),
    "letters": _("letters that law wants in writing"),
    "market": _("offers"),
}

# What an outgoing message is called in the list of those that did not leave; others by the group they stand in.
MESSAGES: dict[str, LazyText] = {
    "alert:purchase": _("Alert: a purchase"),
    "alert:online_purchase": _("Alert: a purchase online"),
    "alert:declined": _("Alert: a declined charge"),
    "alert:refund": _("Alert: a refund"),
    "alert:statement_ready": _("Alert: a statement is ready"),
    "alert:payment_due": _("Alert: a payment is due"),
    "alert:payment_posted": _("Alert: a payment arrived"),
    "alert:payment_failed": _("Alert: a payment failed"),
    "message:code": _("A code"),
    "message:code_told": _("A code to tell us"),
    "message:contact_changed": _("Notice of a change"),
    "message:contact_change_asked": _("Notice of a change that waits"),
    "message:email_check": _("A link to a new email address"),
    "message:sign_in_changed": _("Notice of a changed sign-in"),
    "message:recovery": _("Notice of a recovery"),
    "message:fraud_alert": _("Question whether a purchase was theirs"),
    "message:fraud_answer": _("Answer to a reply about a purchase"),
    "message:safety_changed": _("Notice of a changed passcode or emergency contact"),
    "message:card_reported": _("Notice of a card reported gone"),
    "message:verification_call": _("A call back"),
    "message:news": _("There is news"),
    "message:receipt": _("A receipt"),
    "message:promise_told": _("A promise"),
    "message:promise_reminder": _("A reminder of a promise"),
    "message:letter_ready": _("An email that a letter is there"),
    "message:offer": _("An offer"),
    "letter:cards": _("A letter about a card"),
    "letter:disputes": _("A letter about a dispute"),
    "letter:applications": _("A letter about an application"),
    "letter:complaints": _("A letter about a complaint"),
    "letter:courtesy": _("A letter"),
}


def name_of(kind: str) -> str:
    """What colleagues call a restriction."""
    return str(NAMES[RestrictionKind(kind)])


def said_to(audience: Audience, decision: Refuse | Redirect) -> str:
    """Why not, as far as `audience` may know it, and whom to turn to."""
    kind = decision.by.kind
    if audience is Audience.STAFF:
        return _to_staff(decision)
    first = str(_TO_OTHER if audience is Audience.OTHER else TO_OWN[kind])
    return " ".join(filter(None, (first, _by_whom(audience, decision), str(_ALWAYS))))


def _by_whom(audience: Audience, decision: Refuse | Redirect) -> str:
    """Who represents them: for the eyes of those alone who chose somebody."""
    if audience is not Audience.OWN or decision.by.kind not in _CHOSEN_BY_THEM:
        return ""
    if not isinstance(decision, Redirect):
        return ""
    return gettext("We speak with %(who)s.") % {"who": reachable(decision.representative)}


def _to_staff(decision: Refuse | Redirect) -> str:
    named = {"name": name_of(decision.by.kind)}
    if isinstance(decision, Redirect):
        return gettext("A restriction stands: %(name)s. Settle this with the representative: %(who)s.") % {
            **named,
            "who": reachable(decision.representative),
        }
    return gettext("A restriction stands: %(name)s. This can’t be done until a supervisor lifts it.") % named


def reachable(who: Representative) -> str:
    """A representative in one line, as far as we know them."""
    return ", ".join(filter(None, (who.name, who.firm, who.address, who.phone)))
