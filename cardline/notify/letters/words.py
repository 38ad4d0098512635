"""What people read of a letter on its way: how it stands, and why it is held."""

from __future__ import annotations

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext, gettext_lazy, pgettext

from cardline.notify.letters import rules
from cardline.notify.letters.models import Letter

WHY_HELD: dict[str, LazyText] = {
    rules.RESTRICTED: gettext_lazy("A restriction stands in the way. Look at the member’s record first."),
    rules.NOT_SAFE: gettext_lazy(
        "The member said not to write to their address. Reach them as they said, and ask."
    ),
    rules.NO_ADDRESS: gettext_lazy("We have no address. Ask the member for one."),
    rules.BAD_ADDRESS: gettext_lazy("A letter came back from the address. Ask the member what is right."),
}


def say_state(letter: Letter) -> str:
    """To colleagues, in a word or two."""
    if letter.came_back_at:
        return gettext("Came back")
    if letter.state == Letter.State.SHOWN:
        return gettext("Opened by them") if letter.read_at else pgettext("a letter", "On their pages")
    return {
        Letter.State.TO_PRINT: gettext("To be printed"),
        Letter.State.HELD: pgettext("a letter", "Held"),
        Letter.State.POSTED: pgettext("a letter", "Posted"),
    }[Letter.State(letter.state)]


def say_to_member(letter: Letter) -> str:
    """To the member: where it is."""
    if letter.came_back_at:
        return gettext("Posted, and came back to us")
    return {
        Letter.State.SHOWN: gettext("Only here, without paper"),
        Letter.State.TO_PRINT: gettext("Goes out by post"),
        Letter.State.HELD: gettext("Not posted yet"),
        Letter.State.POSTED: gettext("Posted"),
    }[Letter.State(letter.state)]
