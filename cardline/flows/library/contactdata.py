"""Another phone, e-mail or address, asked for and changed in the conversation.

What somebody types here is where the next code or card goes: it is kept only until the command has it (`private`), and
no line of the case says it. A code is never asked for in these questions: a proof has a page of its own (/confirm).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Outcome, Verb

Found = dict[str, Any]  # flows/actions/contactdata.py
Part = Generator[Verb, Any, Any]
NEW = "new"
TRIES = 2  # of typing something the record does not take
UNITED_STATES = "US"
_KINDS = {"phone": "phone", "email": "email", "address": "post"}
_NOT_AS_TYPED = (
    "not_a_phone",
    "not_an_email",
    "not_an_address",
    "not_a_postal_code",
    "not_a_state",
    "same_point",
)
_WAITS = {
    "link": _(
        "We sent a link to the new address. Press it there: it counts from then on. It can’t be pressed from here, "
        "because it shows that you read mail there."
    ),
    "delay": _(
        "It waits. We tell your old contacts first, and do it on a promised day unless somebody says no."
    ),
    "paper": _("It waits until a person has seen a document. Contact data says which one, and by when."),
    "doubt": _("An earlier change is in doubt, so a person looks at this one first."),
    "card": _("A card was asked for lately, so a person makes sure of the address first."),
}


@flow("info.contact_details", title=_("Change my address, phone or email"), level=2, version=2)
def contact_details(talk: Talk) -> Conversation:
    what = yield talk.choose(
        "what",
        _("What do you want to change?"),
        option("address", _("My address")),
        option("phone", _("My phone number")),
        option("email", _("My email address")),
        option("name", _("My name")),
    )
    if what == "name":
        yield talk.hand_over(_("A name takes a document. A person goes through it with you."))
        return
    found = yield talk.find("points", "contactdata.points", kind=_KINDS[what])
    if not found["own"]:
        yield talk.say(
            _("Whoever changes this receives the next card or code, so it is changed on a page of its own.")
        )
        yield talk.done(
            "led", _("It stands in Contact data: only the member, or a colleague there, changes it.")
        )
        return
    if found["many"]:
        yield talk.done("led", _("You have many of these: in Contact data you see them all and choose one."))
        return
    yield from _CHANGES[what](talk, found)


def _phone(talk: Talk, found: Found) -> Conversation:
    old = yield from _which(talk, found, _("Which number shall it replace?"), _("None, it is one more"))
    done = Outcome()
    for _nth in range(TRIES):
        number = yield talk.ask_text(
            "number", _("What is the new number?"), hint=_("With the area code; from abroad with + in front."),
            most=40, private=True,
        )  # fmt: skip
        texts = yield talk.yes_no("texts", _("Does it take text messages?"))
        road = yield from _road(talk)
        done = yield talk.do("change", "contactdata.phone", road=road, number=number, texts=texts, **old)
        if not _was_mistyped(done):
            break
        yield talk.say("%(why)s", why=done.sentence)
    yield from _told(talk, done)


def _email(talk: Talk, found: Found) -> Conversation:
    old = yield from _which(talk, found, _("Which address shall it replace?"), _("None, it is one more"))
    done = Outcome()
    for _nth in range(TRIES):
        email = yield talk.ask_text("email", _("What is the new email address?"), most=254, private=True)
        road = yield from _road(talk)
        done = yield talk.do("change", "contactdata.email", road=road, email=email, **old)
        if not _was_mistyped(done):
            break
        yield talk.say("%(why)s", why=done.sentence)
    yield from _told(talk, done)


def _address(talk: Talk, found: Found) -> Conversation:
    same = yield talk.yes_no("country", _("Is the new address in the same country as the old one?"))
    if not same:
        yield talk.done(
            "led", _("Each country writes addresses in its own way: in Contact data there is a form for it.")
        )
        return
    done = Outcome()
    for _nth in range(TRIES):
        typed = yield from _lines(talk, found["country"])
        road = yield from _road(talk)
        done = yield talk.do("change", "contactdata.address", road=road, country=found["country"], **typed)
        if not _was_mistyped(done):
            break
        yield talk.say("%(why)s", why=done.sentence)
    yield from _told(talk, done)


_CHANGES = {"phone": _phone, "email": _email, "address": _address}


def _lines(talk: Talk, country: str) -> Part:
    street = yield talk.ask_text("street", _("Street and number?"), most=80, private=True)
    more = yield talk.ask_text(
        "more", _("Apartment, floor or care of?"), most=80, may_skip=True, private=True
    )
    town = yield talk.ask_text("town", _("Town or city?"), most=60, private=True)
    state = ""
    if country == UNITED_STATES:
        state = yield talk.ask_text("state", _("State, in two letters?"), most=2, private=True)
    code = yield talk.ask_text("postal_code", _("Postal code?"), most=12, private=True)
    return {"street": street, "more": more or "", "town": town, "state": state, "postal_code": code}


def _which(talk: Talk, found: Found, text: str, more: str) -> Part:
    """The place it takes, and as of when they saw it; {"point": 0} for one more."""
    if not found["points"]:
        return {"point": 0, "seen": 0}
    named = [option(str(one["id"]), "%(masked)s", masked=one["masked"]) for one in found["points"]]
    picked = yield talk.choose("which", text, *named, option(NEW, more))
    chosen = next((one for one in found["points"] if str(one["id"]) == picked), None)
    return {"point": chosen["id"], "seen": chosen["seen"]} if chosen else {"point": 0, "seen": 0}


def _road(talk: Talk) -> Part:
    return (
        yield talk.choose(
            "road",
            _("Whoever changes this receives the next card or code. Can you show now that it is you?"),
            option("now", _("Yes, show it now"), _("With a passkey or another device on file.")),
            option("later", _("Not now"), _("Then it waits, and we tell your old contacts first.")),
        )
    )


def _was_mistyped(done: Outcome) -> bool:
    return done.refused in _NOT_AS_TYPED


def _told(talk: Talk, done: Outcome) -> Conversation:
    if _was_mistyped(done):
        yield talk.done("led", _("Nothing was changed. In Contact data you see what a field takes."))
    elif not done.done:
        yield talk.say("%(why)s", why=done.sentence)
        yield talk.hand_over(_("A person goes on with you."))
    elif done["state"] == "done":
        yield talk.done("changed", _("It is changed. We told the old place and the new one, too."))
    else:
        yield talk.done("waits", _WAITS.get(done["why"], _WAITS["doubt"]))
