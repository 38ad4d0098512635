"""A card was refused at a till: the reason in plain words, and the fix in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.library.card_access import bring_into_use, where_it_is
from cardline.flows.library.fraud import whose_was_it
from cardline.flows.library.paying import pay_down
from cardline.flows.library.shared import to_a_person
from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Option
from cardline.kit.words import Words, a_date, money

Declined = dict[str, Any]  # flows/actions/cards.py: one of "cards.declined"
ANOTHER = "another"


@flow("card_access.declined", title=_("My card was declined"), level=2)
def declined(talk: Talk) -> Conversation:
    found = yield talk.find("declined", "cards.declined")
    if not found:
        waits = yield talk.find("waits", "fraud.waiting")  # it was stopped before it came to us
        if waits["token"] and waits["state"] != "answered_no":
            yield from whose_was_it(talk, waits)
            return
        yield from _nothing_asked(talk)
        return
    one = found[0]
    if len(found) > 1:
        picked = yield talk.choose(
            "which",
            _("Which purchase was declined?"),
            *map(_as_option, found),
            option(ANOTHER, _("Another one")),
        )
        if picked == ANOTHER:
            yield from _nothing_asked(talk)
            return
        one = next(each for each in found if each["token"] == picked)
    else:
        yield talk.say(_("This was declined: %(amount)s at %(merchant)s, %(day)s."), **_said(one))
    yield from _BY_REASON.get(one["reason"], _other)(talk, one)


def _said(one: Declined) -> dict[str, Any]:
    return {
        "amount": money(one["amount_minor"], one["currency"]),
        "merchant": one["merchant"],
        "day": a_date(one["day"]),
    }


def _as_option(one: Declined) -> Option:
    return Option(one["token"], Words(_("%(amount)s, %(merchant)s, %(day)s"), _said(one)))


def _nothing_asked(talk: Talk) -> Conversation:
    """The merchant's machine may never have reached us."""
    yield talk.say(_("We see no purchase that we declined. The shop may not have reached us at all."))
    again = yield talk.choose(
        "again",
        _("What do you want to do?"),
        option("try", _("Try it once more, or in another way")),
        option("help", _("Look into it with somebody")),
    )
    if again == "try":
        yield talk.done(
            "try_again", _("Try again now: another machine, the chip instead of tapping, or online.")
        )
        return
    yield talk.hand_over(_("A person looks into it with you now."))


def _frozen(talk: Talk, one: Declined) -> Conversation:
    if one["state"] != "frozen":
        yield talk.done("try_again", _("The card was frozen then and is not any more. Try again now."))
        return
    yield talk.say(_("The reason: card ending %(last4)s is frozen."), last4=one["last4"])
    thaw = yield talk.yes_no("unfreeze", _("Do you have the card, and shall we unfreeze it?"))
    if not thaw:
        yield talk.done("left_frozen", _("It stays frozen. Nothing was changed."))
        return
    thawed = yield talk.do("thaw", "cards.unfreeze", card=one["card"])
    if not thawed.done:
        yield from to_a_person(talk, thawed)
        return
    yield talk.done("try_again", _("Card ending %(last4)s works again. Try again now."), last4=one["last4"])


def _suspected(talk: Talk, one: Declined) -> Conversation:
    found = yield talk.find("alert", "fraud.about_card", card=one["card"])
    if not found["token"]:
        if not one["blocked"]:
            yield talk.done(
                "try_again", _("It was stopped to be safe, and nothing stops it any more. Try again now.")
            )
            return
        yield talk.hand_over(_("It was stopped to be safe. A person goes through it with you now."))
        return
    yield from whose_was_it(talk, found)


def _over_limit(talk: Talk, one: Declined) -> Conversation:
    yield talk.say(_("The reason: it was more than can be spent on the card now."))
    how = yield talk.choose(
        "limit",
        _("What do you want to do?"),
        option("pay", _("Pay some of the bill, to make room")),
        option("smaller", _("Try a smaller amount")),
        option("more", _("Ask for more room")),
    )
    if how == "pay":
        yield from pay_down(talk)
    elif how == "smaller":
        yield talk.done(
            "try_again", _("Try again now with a smaller amount, or pay the rest in another way.")
        )
    else:
        yield talk.hand_over(_("A person looks at your limit with you."))


def _wrong_code(talk: Talk, one: Declined) -> Conversation:
    yield talk.say(_("The reason: something that was typed in did not match the card."))
    where = yield talk.choose(
        "where",
        _("Where was it?"),
        option("online", _("Online or by phone")),
        option("machine", _("At a machine, with a PIN")),
    )
    if where == "online":
        yield talk.say(
            _(
                "Check four things: the number on the card, the month it runs out, the security code, and your address "
                "written as it stands on your statement."
            )
        )
    else:
        yield talk.say(
            _("Check that it is the PIN of this card. After three wrong ones, wait until tomorrow.")
        )
    yield talk.done("try_again", _("Then try again now."))


def _not_in_use(talk: Talk, one: Declined) -> Conversation:
    if one["state"] != "inactive":
        yield talk.done("try_again", _("The card was not in use then, and is now. Try again now."))
        return
    yield talk.say(_("The reason: card ending %(last4)s is not activated yet."), last4=one["last4"])
    yield from _in_hand(talk, one["card"])


def _ran_out(talk: Talk, one: Declined) -> Conversation:
    yield talk.say(_("The reason: card ending %(last4)s has run out."), last4=one["last4"])
    new = yield talk.find("new", "cards.successor", card=one["card"])
    if new["token"]:
        yield from _use_the_new_one(talk, new)
        return
    sent = yield talk.do("renew", "cards.renew", card=one["card"])
    if not sent.done:
        yield from to_a_person(talk, sent)
        return
    yield talk.done("sent", _("A new one goes to the address we have. Until it comes, pay in another way."))


def _closed(talk: Talk, one: Declined) -> Conversation:
    yield talk.say(_("The reason: card ending %(last4)s is closed for good."), last4=one["last4"])
    new = yield talk.find("new", "cards.successor", card=one["card"])
    if not new["token"]:
        yield talk.hand_over(_("A person sees with you whether you get another card."))
        return
    yield from _use_the_new_one(talk, new)


def _use_the_new_one(talk: Talk, new: dict[str, Any]) -> Conversation:
    if new["state"] == "active":
        yield talk.done("try_again", _("Use card ending %(last4)s, and try again now."), last4=new["last4"])
        return
    yield talk.say(_("Card ending %(last4)s comes in its place."), last4=new["last4"])
    yield from _in_hand(talk, new["token"])


def _in_hand(talk: Talk, card: str) -> Conversation:
    has_it = yield talk.yes_no("in_hand", _("Do you have the new card in your hand?"))
    if has_it:
        yield from bring_into_use(talk, card)
        return
    coming = yield talk.find("coming", "cards.coming")
    one = next((each for each in coming["cards"] if each["token"] == card), None)
    if one is None:
        yield talk.hand_over(_("A person finds out with you where it is."))
        return
    yield from where_it_is(talk, one)


def _merchant_stopped(talk: Talk, one: Declined) -> Conversation:
    yield talk.say(_("The reason: you asked us to stop %(merchant)s."), merchant=one["merchant"])
    lift = yield talk.yes_no(
        "lift", _("Shall %(merchant)s be able to charge the card again?"), merchant=one["merchant"]
    )
    if not lift:
        yield talk.done("left_stopped", _("It stays stopped. Nothing was changed."))
        return
    allowed = yield talk.do("allow", "subscriptions.allow", card=one["card"], merchant=one["merchant"])
    if not allowed.done:
        yield from to_a_person(talk, allowed)
        return
    yield talk.done(
        "try_again", _("%(merchant)s can charge again. Ask them to try again now."), merchant=one["merchant"]
    )


def _other(talk: Talk, one: Declined) -> Conversation:
    yield talk.hand_over(
        _("The reason is not one you can mend yourself. A person looks into it with you now.")
    )


_BY_REASON: dict[str, Callable[[Talk, Declined], Conversation]] = {
    "frozen": _frozen,
    "suspected_fraud": _suspected,
    "over_limit": _over_limit,
    "wrong_code": _wrong_code,
    "inactive": _not_in_use,
    "expired": _ran_out,
    "closed": _closed,
    "merchant_stopped": _merchant_stopped,
}
