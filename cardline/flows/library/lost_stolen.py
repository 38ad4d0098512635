"""Cards that are gone, or should not be used for a while."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.kit.words import a_reference


@flow("lost_stolen.freeze", title=_("Freeze a card"), level=1)
def freeze(talk: Talk) -> Conversation:
    who = yield talk.find("who", "speaker")
    if not who["cards"]:
        yield talk.hand_over(_("We see no card here. A person looks with you."))
        return
    card = yield talk.ask_card(
        "card", _("Which card shall we freeze?"), among="freezable", hint=_("You can undo it at any time.")
    )
    frozen = yield talk.do("freeze", "cards.freeze", card=card)
    if not frozen.done:
        yield talk.say("%(why)s", why=frozen.sentence)
        yield talk.hand_over(_("A person goes on with you."))
        return
    if frozen["frozen_at"]:
        yield talk.say(_("Card ending %(last4)s is frozen. Nobody can buy with it."), last4=frozen["last4"])
    else:
        yield talk.say(
            _("We asked for the freeze of card ending %(last4)s and keep asking until it is confirmed."),
            last4=frozen["last4"],
        )
    if frozen["ref"]:
        yield talk.say(_("Your reference is %(ref)s."), ref=a_reference(frozen["ref"]))
    yield talk.done("frozen", _("You can unfreeze it at any time under Cards."))


@flow("lost_stolen.unfreeze", title=_("Unfreeze a card"), level=2)
def unfreeze(talk: Talk) -> Conversation:
    who = yield talk.find("who", "speaker")
    if not who["frozen"]:
        yield talk.done("nothing_frozen", _("None of your cards is frozen. They all work."))
        return
    card = yield talk.ask_card("card", _("Which card do you want to use again?"), among="frozen")
    sure = yield talk.yes_no("sure", _("Do you have the card with you?"))
    if not sure:
        yield talk.say(_("Then it is safer to leave it frozen."))
        gone = yield talk.choose(
            "gone",
            _("What shall we do?"),
            option("leave", _("Leave it frozen")),
            option("replace", _("It is gone: send a new one")),
        )
        if gone == "replace":
            yield talk.hand_over(_("A person reports it gone with you and sends a new one."))
            return
        yield talk.done("left_frozen", _("It stays frozen. Nothing was changed."))
        return
    thawed = yield talk.do("unfreeze", "cards.unfreeze", card=card)
    if not thawed.done:
        yield talk.say("%(why)s", why=thawed.sentence)
        yield talk.hand_over(_("A person goes on with you."))
        return
    yield talk.done("unfrozen", _("Card ending %(last4)s works again."), last4=thawed["last4"])
