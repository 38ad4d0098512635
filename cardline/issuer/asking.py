"""A wish put to the card core by a command, and what its answers mean to the person who wished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from cardline.issuer.core import CoreNotFound, CoreRefused, CoreUnknown
from cardline.kit.refusals import NotThere, Refusal, Unavailable

Answer = TypeVar("Answer")


class CoreSilent(Unavailable):
    """Asked, and no answer yet: it may have happened. Asking again cannot do it twice."""

    code = "core_silent"
    sentence = _(
        "We asked for it and have no answer yet. Try again now; asking twice does no harm. If it stays so, call us."
    )


class NotOffered(Refusal):
    """The core behind this installation has no such thing."""

    code = "not_offered"
    sentence = _("This can’t be done on these pages. Call us or write to us, and a person does it with you.")


class CoreSaidNo(Refusal):
    """A reason nobody named: the person is told that nothing happened, and who can look into it."""

    code = "core_said_no"
    sentence = _("We can’t do that as things stand, and nothing was changed. Call us or write to us.")


def ask(wish: Callable[[], Answer], refusals: Mapping[str, type[Refusal]] | None = None) -> Answer:
    """Call `wish`, one function of the core with its key. refusals: what each of its reasons means here.

    Raises NotThere, CoreSilent, NotOffered, CoreSaidNo and those of `refusals`; BadReply goes through, as a fault.
    """
    try:
        return wish()
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreUnknown as silence:
        raise CoreSilent() from silence
    except CoreRefused as no:
        known: dict[str, type[Refusal]] = {"not_offered": NotOffered, **(refusals or {})}
        raise known.get(no.reason, CoreSaidNo)() from no
