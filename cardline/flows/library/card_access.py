"""A card one has: damaged, on its way, refused at a till."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.kit.words import a_reference


@flow("card_access.replace_damaged", title=_("A new card for a damaged one"), level=2)
def damaged(talk: Talk) -> Conversation:
    who = yield talk.find("who", "speaker")
    if not who["cards"]:
        yield talk.hand_over(_("We see no card here. A person looks with you."))
        return
    card = yield talk.ask_card("card", _("Which card is damaged?"))
    hold_of_it = yield talk.choose(
        "where",
        _("Do you still have it?"),
        option("mine", _("Yes, it only does not work any more")),
        option("gone", _("No, it is gone")),
    )
    if hold_of_it == "gone":
        yield talk.hand_over(_("Then it counts as lost. A person freezes it with you now."))
        return
    sent = yield talk.do("replace", "cards.replace_damaged", card=card)
    if not sent.done:
        yield talk.say("%(why)s", why=sent.sentence)
        yield talk.hand_over(_("A person goes on with you."))
        return
    if sent.get("held"):
        yield talk.say(
            _("Your address or name changed lately, so a person makes sure of it before the card leaves.")
        )
        yield talk.done("held", _("We tell you as soon as it is sent."))
        return
    yield talk.say(_("A new card goes to the address we have. The old one works until you activate it."))
    if sent["ref"]:
        yield talk.say(_("Your reference is %(ref)s."), ref=a_reference(sent["ref"]))
    yield talk.done("sent", _("You can follow its way under Cards."))
