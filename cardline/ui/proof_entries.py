"""Entries about who speaks as sentences (see entries.py). But for a hidden code, they are for the desk alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cardline.kit.money import Money, format_money

if TYPE_CHECKING:
    from cardline.ui.entries import _Told

# The words of identity/rules.py Proof, as they stand in rows.
IN_APP, PASSCODE = "approved_in_app", "telephone_passcode"


def asked(told: _Told) -> str:
    if told.data.get("what") == "passcode":
        return _("%(name)s asked for the telephone passcode on the member’s own page") % {"name": told.name}
    return _("%(name)s asked in the app whether it is the member") % {"name": told.name}


def answered(told: _Told) -> str:
    proof, matched = told.data.get("proof"), bool(told.data.get("matched"))
    if proof == IN_APP:
        return _("The member approved in the app")
    if proof == PASSCODE:
        return _("The telephone passcode matched") if matched else _("The telephone passcode did not match")
    if matched:
        return _("The code matched: the member entered it on their own page")
    return _("The code did not match: the member entered it on their own page")


def denied(told: _Told) -> str:
    """In the contact it was asked in, and in the case that was opened for it, which names the other."""
    ref = str(told.data.get("ref", ""))
    if ref and not told.to_staff:
        return _("You told us that it was not you who spoke with us in %(ref)s. We look into it now") % {
            "ref": ref
        }
    if ref:
        return _("The member said in the app that it was not them who spoke in %(ref)s") % {"ref": ref}
    return _("The member said in the app: this is not me. Nothing proved here counts any more")


def code_hidden(told: _Told) -> str:
    if told.to_staff:
        return _("A code was taken out of the message. It does not count; they enter it on their own page")
    return _(
        "We took a code out of your message, and it was not used. "
        "Enter it in the field at the top of this page, or on the page “Approve”"
    )


def exception_asked(told: _Told) -> str:
    return _("%(name)s began an exceptional verification") % {"name": told.name}


def exception_proved(told: _Told) -> str:
    return {
        "emergency_contact": _("The emergency contact recognized the member"),
        "document": _("Identity document and live picture match"),
        "passport_at_handover": _("The passport is checked when the card is handed over"),
    }.get(str(told.data.get("proof", "")), "")


def exception_decided(told: _Told) -> str:
    if told.data.get("granted"):
        return _("%(name)s confirmed the exceptional verification. It ends by itself after 24 hours") % {
            "name": told.name
        }
    return _("%(name)s refused the exceptional verification") % {"name": told.name}


def exception_revoked(told: _Told) -> str:
    return _("%(name)s ended the exceptional verification") % {"name": told.name}


def emergency_card(told: _Told) -> str:
    minor, currency = told.data.get("limit_minor"), told.data.get("currency")
    limit = (
        format_money(Money(minor, currency), told.language)
        if isinstance(minor, int) and isinstance(currency, str)
        else ""
    )
    said = {"name": told.name, "last4": told.data.get("last4", ""), "limit": limit}
    if told.to_staff:
        return (
            _("%(name)s ordered an emergency card for the one ending %(last4)s, with a limit of %(limit)s")
            % said
        )
    return _("We ordered an emergency card for the one ending %(last4)s, with a limit of %(limit)s") % said


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "proof.asked": ("shield", asked),
    "proof.answered": ("shield", answered),
    "proof.denied": ("alert", denied),
    "proof.code_hidden": ("lock", code_hidden),
    "exceptional.asked": ("shield", exception_asked),
    "exceptional.proved": ("check", exception_proved),
    "exceptional.decided": ("shield", exception_decided),
    "exceptional.revoked": ("lock", exception_revoked),
    "card.emergency": ("card", emergency_card),
}
