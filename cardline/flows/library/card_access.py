"""A card one has, or waits for: damaged, running out, in the post."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.library.shared import given_up, its_reference, to_a_person
from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Outcome, Verb
from cardline.kit.words import a_date, a_moment


@flow("card_access.replace_damaged", title=_("A new card for a damaged one"), level=2)
def damaged(talk: Talk) -> Conversation:
    who = yield talk.find("who", "speaker")
    if not who["cards"]:
        yield talk.hand_over(_("We see no card here. A person looks with you."))
        return
    card = yield talk.ask_card("card", _("Which card is damaged?"), among="replaceable")
    hold_of_it = yield talk.choose(
        "where",
        _("Do you still have it?"),
        option("mine", _("Yes, it only does not work any more")),
        option("gone", _("No, it is gone")),
    )
    if hold_of_it == "gone":
        yield talk.hand_over(_("Then it counts as lost. A person freezes it with you now."))
        return
    goes_home = yield from _where_to(talk)
    if not goes_home:
        return
    sent = yield talk.do("replace", "cards.replace_damaged", card=card)
    yield from _sent(talk, sent)


@flow("card_access.expiring", title=_("A new card for one that runs out"), level=2)
def expiring(talk: Talk) -> Conversation:
    soon = yield talk.find("soon", "cards.expiring")
    if not soon:
        yield talk.say(_("None of your cards runs out soon. A new one comes by itself, weeks before."))
        yield talk.done("none", _("The month in which a card runs out stands on its front."))
        return
    card = soon[0]
    if len(soon) > 1:
        card = yield talk.ask_card("card", _("Which card runs out?"), among="replaceable")
    goes_home = yield from _where_to(talk)
    if not goes_home:
        return
    sent = yield talk.do("renew", "cards.renew", card=card)
    yield from _sent(talk, sent)


@flow("card_access.delivery", title=_("Where is my card?"), level=2)
def delivery(talk: Talk) -> Conversation:
    coming = yield talk.find("coming", "cards.coming")
    if coming["held"]:
        yield talk.say(_("A card waits here until we are sure of your new address or name."))
    if not coming["cards"]:
        if coming["held"]:
            yield talk.done(
                "held", _("A person makes sure of it, and then it is sent. By when, stands under Contacts.")
            )
            return
        yield talk.done("none", _("No card is on its way to you. Under Cards you can ask for a new one."))
        return
    one = coming["cards"][0]
    if len(coming["cards"]) > 1:
        picked = yield talk.ask_card("card", _("Which card do you wait for?"), among="coming")
        one = next((card for card in coming["cards"] if card["token"] == picked), one)
    yield from where_it_is(talk, one)


def where_it_is(talk: Talk, one: dict[str, Any]) -> Conversation:
    """one: a card in the post (flows/actions/cards.py)."""
    yield from _its_way(talk, one)
    has_it = yield talk.choose(
        "has_it",
        _("Has it come?"),
        option("here", _("Yes, I have it in my hand")),
        option("wait", _("No, and I can wait")),
        option("never", _("No, and I think it is lost")),
        option("opened", _("The letter was open, or somebody else has it")),
    )
    if has_it == "here":
        yield from bring_into_use(talk, one["token"])
    elif has_it == "wait":
        yield from _waits(talk, one)
    else:
        yield from _send_another(talk, one, urgent=has_it == "opened")


def bring_into_use(talk: Talk, card: str) -> Conversation:
    active = yield talk.do("activate", "cards.activate", card=card)
    if not active.done:
        yield from to_a_person(talk, active)
        return
    yield talk.done(
        "activated",
        _("Card ending %(last4)s works now. You can try the purchase again."),
        last4=active["last4"],
    )


def _its_way(talk: Talk, one: dict[str, Any]) -> Conversation:
    """What the carrier says is told as the carrier's: we hope for it and do not promise it."""
    if one["step"] == "delivered":
        yield talk.say(_("The carrier says that card ending %(last4)s was delivered."), last4=one["last4"])
    elif one["step"] == "returned":
        yield talk.say(_("The post brought card ending %(last4)s back to us."), last4=one["last4"])
    elif one["tracking"]:
        yield talk.say(
            _("Card ending %(last4)s was sent with %(carrier)s, tracking number %(tracking)s."),
            last4=one["last4"],
            carrier=one["carrier"],
            tracking=one["tracking"],
        )
    else:
        yield talk.say(
            _("Card ending %(last4)s is ordered and on its way to the address we have."), last4=one["last4"]
        )
    if one["expected"] and one["is_late"]:
        yield talk.say(_("It should have come by %(day)s."), day=a_date(one["expected"]))
    elif one["expected"]:
        yield talk.say(_("The carrier expects to bring it by %(day)s."), day=a_date(one["expected"]))


def _waits(talk: Talk, one: dict[str, Any]) -> Conversation:
    if one["look_by"]:
        yield talk.done(
            "waits",
            _("By %(when)s we look whether it has come, and send another if not. That is our promise."),
            when=a_moment(one["look_by"]),
        )
        return
    yield talk.promise(
        "look", _("See whether your card has come, and send another if it has not"), within="5 business days"
    )
    yield talk.done("waits", _("We look after it. By when, stands in your receipt."))


def _send_another(talk: Talk, one: dict[str, Any], *, urgent: bool) -> Conversation:
    """A card that may be in strange hands is closed for good; the next has another number (DOMAIN 10)."""
    if not urgent and not one["is_late"] and one["expected"]:
        sure = yield talk.yes_no(
            "sure",
            _("It may still come by %(day)s. Shall we close it all the same?"),
            day=a_date(one["expected"]),
        )
        if not sure:
            yield from _waits(talk, one)
            return
    same = yield talk.yes_no("home", _("Do you still live where our letters go?"))
    if not same:
        yield talk.hand_over(
            _("Then a person changes your address with you first, and sends the card after that.")
        )
        return
    again = yield talk.do("again", "cards.replace_gone", card=one["token"], stolen=False)
    yield from _sent(talk, again, closed=True)


def _where_to(talk: Talk) -> Generator[Verb, Any, bool]:
    """Home, by itself; elsewhere only for somebody we know surely, and with a person. Returns whether it goes home."""
    where = yield talk.choose(
        "to",
        _("Where shall the new card go?"),
        option("home", _("To the address where our letters go")),
        option("abroad", _("I am somewhere else now")),
    )
    if where == "home":
        return True
    sure = yield talk.verify(
        "surely", 3, _("Before a card goes anywhere else, we make sure that it is really you.")
    )
    if sure:
        yield talk.hand_over(_("A person sends it to where you are."))
        return False
    at_home = yield talk.yes_no(
        "home_then", _("Then it can only go to the address we have. Shall we send it there?")
    )
    if not at_home:
        yield from given_up(talk)
        return False
    return True


def _sent(talk: Talk, sent: Outcome, *, closed: bool = False) -> Conversation:
    if not sent.done:
        yield from to_a_person(talk, sent)
        return
    if sent.get("held"):
        yield talk.say(
            _("Your address or name changed lately, so a person makes sure of it before the card leaves.")
        )
        yield talk.done("held", _("We tell you as soon as it is sent."))
        return
    if not sent["changed"]:
        yield talk.say(_("A new card is on its way already, so no second one is sent."))
    elif closed:
        yield talk.say(
            _("The old card is closed. A new one with another number goes to the address we have.")
        )
    else:
        yield talk.say(_("A new card goes to the address we have. The old one works until you activate it."))
    yield from its_reference(talk, sent)
    yield talk.done("sent", _("You can follow its way under Cards. If it does not come, we send another."))
