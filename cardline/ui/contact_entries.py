"""Entries about contact data, names and held cards as sentences (see entries.py). None says what it was or became."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def _about(told: _Told) -> str:
    named = {
        "phone": _("phone number"),
        "email": _("email address"),
        "post": _("postal address"),
        "name": _("legal name"),
    }
    return named.get(str(told.data.get("about", "")), _("contact data"))


def _of_change(to_staff: LazyText, to_member: LazyText) -> Callable[[_Told], str]:
    """What became of a change, to each of the two who read it."""

    def say(told: _Told) -> str:
        return str(to_staff if told.to_staff else to_member) % {"what": _about(told)}

    return say


done = _of_change(
    gettext_lazy("Changed: %(what)s. The old and the new contacts were told"),
    gettext_lazy("Your %(what)s is changed. We told your old and your new contacts"),
)
waits = _of_change(
    gettext_lazy("A change was asked for and waits: %(what)s. The old contacts were told"),
    gettext_lazy("You asked to change your %(what)s. It waits, and we told your old contacts"),
)
refused = _of_change(
    gettext_lazy("Change refused: %(what)s"),
    gettext_lazy("We did not change your %(what)s. Your contact page says why"),
)
withdrawn = _of_change(
    gettext_lazy("The member took back the change: %(what)s"),
    gettext_lazy("You took back the change of your %(what)s"),
)
taken_back = _of_change(
    gettext_lazy("Taken back after “not me”: %(what)s. What stood before stands again"),
    gettext_lazy("Taken back, because we were told it was not you: your %(what)s is as it was"),
)
sure = _of_change(
    gettext_lazy("We are sure of it: %(what)s"),
    gettext_lazy("We are sure that you wanted the change of your %(what)s"),
)


def not_me(told: _Told) -> str:
    if told.to_staff:
        return f"{_not_me_to_staff(told)} {_cards_to_staff(told)}"
    return f"{_not_me_to_member(told)} {_cards_to_member(told)}"


def _not_me_to_staff(told: _Told) -> str:
    if told.data.get("about") == "sign_in":
        return _(
            "Somebody pressed “not me” in a notice of a changed sign-in. What came since signs nobody in, and sessions "
            "ended. Find out who it was."
        )
    return _(
        "Somebody pressed “not me” in a notice. Changes were taken back and sessions ended. Find out who it was, and "
        "settle it on the contact page."
    )


def _cards_to_staff(told: _Told) -> str:
    if told.data.get("waits"):
        return _("Cards are not all frozen yet: the card system does not answer, and is asked until it does")
    if told.data.get("asked"):
        return _("The freeze of the cards is asked for; each case of it says when it is confirmed")
    return _("The cards are frozen")


def _not_me_to_member(told: _Told) -> str:
    if told.data.get("about") == "sign_in":
        return _(
            "We were told that a change of how you sign in was not yours. What came since signs nobody in, and "
            "everybody is signed out. If it was you after all, tell us here."
        )
    return _(
        "We were told that a change was not yours. What was changed is as it was, and everybody is signed out. If it "
        "was you after all, tell us here."
    )


def _cards_to_member(told: _Told) -> str:
    if told.data.get("waits"):
        return _(
            "Your cards are not all frozen yet, because the card system does not answer. We ask it until they are"
        )
    if told.data.get("asked"):
        return _("We have asked for your cards to be frozen and say here when each is")
    return _("Your cards are frozen")


def frozen_later(told: _Told) -> str:
    is_asked = bool(told.data.get("asked"))
    if told.to_staff:
        if is_asked:
            return _("The card system answers again: the freeze of the cards is asked for")
        return _("The card system answers again: the cards are frozen")
    if is_asked:
        return _("The card system answers again, and we have asked it to freeze your cards")
    return _("The card system answers again: your cards are frozen now")


def held(told: _Told) -> str:
    last4 = {"last4": told.data.get("last4", "")}
    is_name = told.data.get("about") == "name"
    if told.to_staff:
        return _("The new card for %(last4)s waits until we are sure of the address or the name") % last4
    if is_name:
        return _("Your card waits until we are sure of your new name")
    return _("Your card waits until we are sure of your new address")


def hold_refused(told: _Told) -> str:
    last4 = {"last4": told.data.get("last4", "")}
    if told.to_staff:
        return _("The new card for %(last4)s is not sent") % last4
    return _("We do not send the new card for %(last4)s. Call us, and we tell you why") % last4


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "contact_data.done": ("check", done),
    "contact_data.waits": ("clock", waits),
    "contact_data.refused": ("close", refused),
    "contact_data.withdrawn": ("undo", withdrawn),
    "contact_data.taken_back": ("undo", taken_back),
    "contact_data.sure": ("shield", sure),
    "contact_data.not_me": ("alert", not_me),
    "contact_data.frozen_later": ("freeze", frozen_later),
    "card.held": ("clock", held),
    "card.hold_refused": ("close", hold_refused),
}
