"""Turns that many conversations take: a refusal, a reference, nothing done."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from cardline.flows.registry import Conversation
from cardline.flows.talk import Talk
from cardline.flows.verbs import Outcome
from cardline.kit.words import a_reference


def to_a_person(talk: Talk, refused: Outcome) -> Conversation:
    """What was asked for was refused: why, and somebody who can do more."""
    yield talk.say("%(why)s", why=refused.sentence)
    yield talk.hand_over(_("A person goes on with you."))


def its_reference(talk: Talk, done: Outcome) -> Conversation:
    if done.get("ref"):
        yield talk.say(_("Your reference is %(ref)s."), ref=a_reference(str(done["ref"])))


def given_up(talk: Talk) -> Conversation:
    yield talk.done("nothing_done", _("Nothing was done. You can begin again at any time."))
