"""A purchase that was stopped because it may be somebody else's: two plain questions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.kit.words import a_date, a_reference, money


@flow("fraud.alert", need="lost_stolen.card_compromised", title=_("Was this purchase yours?"), level=1)
def alert(talk: Talk) -> Conversation:
    found = yield talk.find("waiting", "fraud.waiting")
    if not found["token"]:
        yield talk.done("nothing", _("No purchase waits for your word."))
        return
    if found["state"] == "answered_no":
        yield from _after_a_no(talk, found)
        return
    yield from whose_was_it(talk, found)


def whose_was_it(talk: Talk, found: dict[str, Any]) -> Conversation:
    """found: one that waits for an answer (flows/actions/fraud.py). An answer names its alert, so that a press on an
    old page never answers for another purchase.
    """
    yield talk.say(
        _(
            "We stopped a purchase to be safe: %(amount)s at %(merchant)s, %(day)s, with card ending %(last4)s."
        ),
        amount=money(found["amount_minor"], found["currency"]),
        merchant=found["merchant"],
        day=a_date(found["day"]),
        last4=found["last4"],
    )
    mine, not_mine = answers_about(found["token"])
    said = yield talk.choose(
        "yours",
        _("Did you, or somebody you let use your card, try to buy this?"),
        option(mine, _("Yes, it was me")),
        option(not_mine, _("No, it was not me")),
        hint=_("We never ask for a code or your card number."),
    )
    if said == mine:
        yield from _yes(talk, found)
    else:
        yield from _no(talk, found)


def answers_about(token: str) -> tuple[str, str]:
    """What yes and no are called for this alert."""
    return f"mine-{token[:12]}", f"not-mine-{token[:12]}"


def _yes(talk: Talk, found: dict[str, Any]) -> Conversation:
    done = yield talk.do("lift", "fraud.yes", alert=found["token"])
    if not done.done:
        yield from _to_a_person(talk, done.sentence)
        return
    if done["closed"]:
        yield talk.done(
            "closed", _("Thank you. That card is closed by now: use the one that came in its place.")
        )
        return
    if done["blocked"] and not done["more"]:
        yield talk.say(
            _("Thank you. The card stays blocked, because another purchase with it was not yours.")
        )
        yield talk.hand_over(_("A person sees to it with you that you get a new one."))
        return
    if done["more"]:
        if done["blocked"]:
            yield talk.say(
                _("Thank you. Another purchase still waits for your word, so the card stays blocked.")
            )
        else:
            yield talk.say(_("Thank you. A purchase with another card still waits for your word."))
        yield talk.done("more", _("Open this question once more to answer for that one, too."))
        return
    if not done["frozen"]:
        yield talk.done(
            "yours",
            _("Thank you. Card ending %(last4)s works again: try the purchase once more."),
            last4=done["last4"],
        )
        return
    yield talk.say(_("Thank you. Nothing blocks the card any more, but it is frozen."))
    use_it = yield talk.yes_no("use", _("Shall we unfreeze it, so that you can use it?"))
    if not use_it:
        yield talk.done("left_frozen", _("It stays frozen. You can undo that at any time under Cards."))
        return
    thawed = yield talk.do("unfreeze", "cards.unfreeze", card=done["card"])
    if not thawed.done:
        yield from _to_a_person(talk, thawed.sentence)
        return
    yield talk.done(
        "yours", _("Card ending %(last4)s works again: try the purchase once more."), last4=done["last4"]
    )


def _no(talk: Talk, found: dict[str, Any]) -> Conversation:
    done = yield talk.do("protect", "fraud.no", alert=found["token"])
    if not done.done:
        yield from _to_a_person(talk, done.sentence)
        return
    if done["closed"]:
        yield talk.say(_("That card is closed by now, so nobody can use it."))
    elif done["frozen"]:
        yield talk.say(_("Card ending %(last4)s is frozen. Nobody can buy with it."), last4=done["last4"])
    else:
        yield talk.say(
            _("We asked for the freeze of card ending %(last4)s and keep asking until it is confirmed."),
            last4=done["last4"],
        )
    yield talk.say(_("Your reference is %(ref)s."), ref=a_reference(done["ref"]))
    has_it = yield talk.yes_no("in_hand", _("Do you have the card with you?"))
    if has_it:
        yield talk.say(
            _("Then somebody has its number. You need a new one, and you owe nothing for this purchase.")
        )
    else:
        yield talk.say(_("Then it counts as lost or stolen. You owe nothing for this purchase."))
    now = yield talk.choose(
        "next",
        _("How shall we go on?"),
        option("call", _("A person gets in touch with me")),
        option("talk", _("I want to talk to somebody now")),
    )
    if now == "talk":
        yield talk.hand_over(_("A person goes through your last charges with you now."))
        return
    yield talk.done(
        "denied", _("A person goes through your last charges with you. When, stands in your receipt.")
    )


def _after_a_no(talk: Talk, found: dict[str, Any]) -> Conversation:
    yield talk.say(
        _("You told us that %(amount)s at %(merchant)s was not you, so card ending %(last4)s is safe."),
        amount=money(found["amount_minor"], found["currency"]),
        merchant=found["merchant"],
        last4=found["last4"],
    )
    changed = yield talk.choose(
        "still",
        _("Is that still so?"),
        option("still", _("Yes, it was not me")),
        option("mine", _("It was me after all")),
    )
    if changed == "still":
        yield talk.done("denied", _("Then nothing changes. What happens next stands in your receipt."))
        return
    yield from _yes(talk, found)


def _to_a_person(talk: Talk, why: str) -> Conversation:
    yield talk.say("%(why)s", why=why)
    yield talk.hand_over(_("A person goes on with you. Until then the card is safe."))
