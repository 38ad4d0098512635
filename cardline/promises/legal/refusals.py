"""Why a legal clock is not opened, or not changed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cardline.kit.refusals import Malformed


class CannotTellDate(Malformed):
    """The computation refused; its words say what is missing."""

    code = "cannot_tell_date"
    sentence = _("This date cannot be worked out.")

    def __init__(self, why: str, field: str = "params") -> None:
        super().__init__(str(_("This date cannot be worked out: %(why)s.")) % {"why": why}, field=field)


class NotHappenedYet(Malformed):
    code = "not_happened_yet"
    sentence = _("A clock starts with something that has happened. Choose a time that has passed.")


class LaterNeedsAPerson(Malformed):
    """DOMAIN 1.11: never silently later."""

    code = "later_needs_a_person"
    sentence = _("This would move a legal date later. A person has to do that, and write down why.")


class WindowNeverShortened(Malformed):
    """DOMAIN 1.8: a member's own window is never shortened."""

    code = "window_never_shortened"
    sentence = _("This window would end earlier. Once it was told, it is never shortened.")
