"""Access needs in words: as the member ticks them, and as the agent reads what to do."""

from __future__ import annotations

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.members.models import AccessNeeds
from cardline.members.rules import AccessNeed

TO_TICK: dict[AccessNeed, LazyText] = {
    AccessNeed.LARGE_PRINT: _("Send me letters in large print"),
    AccessNeed.SCREEN_READER: _("I use a screen reader"),
    AccessNeed.RELAY: _("I call through a relay service or a text phone"),
    AccessNeed.INTERPRETER: _("I need an interpreter"),
    AccessNeed.EXTRA_TIME: _("Speak slowly and give me time"),
    AccessNeed.NO_CALLS: _("Don’t call me; write to me"),
}

_TO_DO: dict[AccessNeed, LazyText] = {
    AccessNeed.LARGE_PRINT: _("Letters in large print."),
    AccessNeed.SCREEN_READER: _("Uses a screen reader: say everything in words, no pictures."),
    AccessNeed.RELAY: _("Calls through a relay or text phone: let each turn finish."),
    AccessNeed.EXTRA_TIME: _("Speak slowly and leave time to answer."),
    AccessNeed.NO_CALLS: _("Do not call. Write."),
}


def to_do(told: AccessNeeds | None) -> list[str]:
    """What to mind when speaking or writing with this member, a sentence each; their own words are not among them."""
    return [_sentence(AccessNeed(need), told) for need in told.needs] if told else []


def _sentence(need: AccessNeed, told: AccessNeeds) -> str:
    if need == AccessNeed.INTERPRETER:
        return gettext("Get an interpreter: %(language)s.") % {"language": told.interpreter}
    return str(_TO_DO[need])
