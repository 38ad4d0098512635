"""Why a change of contact data was not taken, each with what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cardline.kit.refusals import Malformed, Refusal


class SamePoint(Malformed):
    code = "same_point"
    sentence = _("We have this one already. Nothing needs to be changed.")


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    sentence = _(
        "This was changed on another device a moment ago. Look at what we have now, and change that."
    )


class WaitsAlready(Refusal):
    code = "waits_already"
    sentence = _("A change of this waits already. Take that one back first, or wait until it is done.")


class LastWayToReachYou(Refusal):
    code = "last_way"
    sentence = _("This is the last way we have to reach you. Add another one first, then remove this.")


class SafeOneStays(Refusal):
    code = "safe_one_stays"
    sentence = _(
        "You told us that only this number is safe for you. Change that first, then remove the number."
    )


class TooManyPoints(Refusal):
    code = "too_many_points"
    sentence = _("We keep ten of these at most. Remove one you no longer use, then add this.")


class AddressStays(Refusal):
    code = "address_stays"
    sentence = _("Cards and letters need an address. Change it instead of removing it.")


class NotWaiting(Refusal):
    code = "not_waiting"
    sentence = _("This change does not wait any more. Reload the page to see what became of it.")


class NotYourOwn(Refusal):
    status = 403
    code = "not_your_own"
    sentence = _("You took this wish down yourself, so a colleague has to decide it.")


class SayHow(Malformed):
    code = "say_how"
    sentence = _("Write down how you know, so that anybody can check it.")


class NoDocument(Malformed):
    code = "no_document"
    sentence = _(
        "A legal name changes with a document. Choose the checked file that shows it, or write which letter does."
    )
