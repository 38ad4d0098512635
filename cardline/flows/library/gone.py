"""A card that is gone: by whoever it belongs to, whether we know them or not, and by whoever found one (DOMAIN 10).

The freeze comes with the first answer of somebody we know. Of a stranger nothing is told about whether there is such a
card: whatever they say, they are told the same (SR-34), and where they sign in they go on as themselves.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Verb
from cardline.kit.words import a_date, a_list, a_phrase, a_reference, money

Part = Generator[Verb, Any, Any]

REPORT = "lost_stolen.report"
LONGEST_FACT = 120
ASK_A_PERSON = _("A person goes on with you.")


@flow(REPORT, title=_("My card is lost or stolen"), level=0, slug="lost-card")
def report(talk: Talk) -> Conversation:
    who = yield talk.find("who", "speaker")
    if not who["known"]:
        known = yield from _stranger(talk)
        if not known:
            return
        who = yield talk.find("who_now", "speaker")
    if not who["cards"]:
        yield talk.hand_over(_("We see no card here. A person looks with you."))
        return
    card = yield talk.ask_card(
        "card",
        _("Which card is gone?"),
        among="freezable",
        hint=_("It is frozen at once, and you get your reference. A freeze can be undone."),
    )
    gone = yield talk.do("report", "reports.open", card=card)
    if not gone.done:
        yield talk.say("%(why)s", why=gone.sentence)
        yield talk.hand_over(ASK_A_PERSON)
        return
    yield from _say_frozen(talk, gone)
    about = yield talk.find("about", "reports.about", card=card)
    yield from _read_back(talk, card, about)
    yield from _what_now(talk, card, about)


def _say_frozen(talk: Talk, gone: Any) -> Part:
    if gone["frozen_at"]:
        yield talk.say(_("Card ending %(last4)s is frozen. Nobody can buy with it."), last4=gone["last4"])
    else:
        yield talk.say(
            _("We asked for the freeze of card ending %(last4)s and keep asking until it is confirmed."),
            last4=gone["last4"],
        )
    yield talk.say(_("Your reference is %(ref)s."), ref=a_reference(gone["ref"]))


def _read_back(talk: Talk, card: str, about: Any) -> Part:
    """The last charges; each that is not theirs is listed in the same case."""
    if about["charges"] == "silent":
        yield talk.say(_("We cannot read back your last charges just now. A person does it with you later."))
        return
    if about["charges"] == "none":
        return
    not_mine = yield talk.ask_charges(
        "not_mine",
        _("These are the last charges. Tick each one you did not make."),
        card=card,
        hint=_("If all of them are yours, tick none and go on."),
    )
    read = yield talk.do("review", "reports.review", card=card, not_mine=not_mine)
    if read.done and read["listed"]:
        yield talk.say(_("We look into what you ticked. You need not pay it while we do."))


def _what_now(talk: Talk, card: str, about: Any) -> Part:
    what = yield talk.choose(
        "what",
        _("What happened to the card?"),
        option("lost", _("I lost it"), _("We close it for good and send a new one to the address we have.")),
        option(
            "stolen", _("It was stolen"), _("We close it for good and send a new one to the address we have.")
        ),
        option(
            "more",
            _("My phone or my identity papers are gone, too"),
            _("Two more questions, then a new card."),
        ),
        option("looking", _("I may find it again"), _("It stays frozen until you say that you have it.")),
    )
    if what == "looking":
        yield talk.do("told", "reports.sum_up", card=card)
        yield talk.done(
            "frozen", _("When you find it, unfreeze it under Cards. If you do not, tell us here.")
        )
        return
    stolen, away = what == "stolen", False
    if what == "more":
        stolen, away = yield from _more_is_gone(talk, card, about)
    if about["debit"]:
        yield from _when(talk, card)
    sure = yield talk.verify(
        "sure", 2, _("To close the card for good and send a new one, we make sure that it is you.")
    )
    if not sure:
        yield talk.do("told", "reports.sum_up", card=card)
        yield talk.done(
            "frozen_until_known",
            _(
                "The card stays frozen. We reach you in the ways we have on file, and close it once we know you."
            ),
        )
        return
    yield from _close(talk, card, stolen, away)


def _more_is_gone(talk: Talk, card: str, about: Any) -> Part:
    """Returns (stolen, away): whether it was theft, and whether they stand somewhere with no way to pay."""
    also = yield talk.choose(
        "also",
        _("What else is gone?"),
        option("phone", _("My phone")),
        option("papers", _("My identity papers")),
        option("both", _("Both")),
    )
    phone, papers = also in ("phone", "both"), also in ("papers", "both")
    yield talk.do("else", "reports.else_gone", card=card, phone=phone, papers=papers)
    if phone:
        yield talk.say(
            _(
                "A code sent to that phone proves nothing to us from now on. Use a passkey or another phone on file; "
                "an e-mail only tells you something, and a number you give us now is for calling you, never a proof."
            )
        )
    if papers and about["us"]:
        yield talk.say(
            _(
                "With your papers somebody may ask for credit in your name. Ask Equifax, Experian or TransUnion for a "
                "fraud alert: it is free, and the one you ask tells the others. identitytheft.gov says what else helps."
            )
        )
    elif papers:
        yield talk.say(
            _("With your papers somebody may ask for credit in your name. Ask a credit bureau for an alert.")
        )
    stolen = yield talk.yes_no("stolen", _("Was it stolen?"))
    if not about["away"]:
        return stolen, False
    away = yield talk.yes_no("away", _("Are you away from home now, with no other way to pay?"))
    return stolen, away


def _when(talk: Talk, card: str) -> Part:
    """A day counts for a debit card; whoever does not know it is taken to have told us in time (DOMAIN 4)."""
    on = yield talk.ask_date("when", _("On which day did you notice that it was gone?"), may_skip=True)
    if on is not None:
        yield talk.do("noticed", "reports.noticed", card=card, on=on)


def _close(talk: Talk, card: str, stolen: bool, away: bool) -> Part:
    sent = yield talk.do("close", "reports.close", card=card, stolen=stolen)
    if not sent.done:
        yield talk.say("%(why)s", why=sent.sentence)
        yield talk.say(_("The card stays frozen."))
        yield talk.hand_over(ASK_A_PERSON)
        return
    if sent.get("held"):
        yield talk.say(
            _(
                "The card is closed for good. Your address or name changed lately, so a person makes sure of it before "
                "the new card leaves."
            )
        )
    elif sent.get("by_hand"):
        yield talk.say(
            _("The card is closed for good. A person orders the new one and tells you when it leaves.")
        )
    else:
        yield talk.say(_("The card is closed for good. A new one goes to the address we have on file."))
    yield from _what_paid_with_it(talk, card)
    yield from _what_you_answer_for(talk, card)
    yield talk.do("told", "reports.sum_up", card=card)
    if away:
        yield talk.hand_over(_("A person brings you an emergency card where you are."))
        return
    yield talk.done(
        "closed", _("All of this stands in writing. There you also follow the way of your new card.")
    )


def _what_paid_with_it(talk: Talk, card: str) -> Part:
    used = yield talk.find("uses", "reports.uses", card=card)
    names = [a_phrase("%(name)s", name=name) for name in used["wallets"]]
    if names:
        yield talk.say(_("It does not pay any more on: %(devices)s."), devices=a_list(names))
    merchants = [a_phrase("%(name)s", name=name) for name in used["merchants"]]
    if merchants:
        yield talk.say(
            _("These charge the old card by themselves and need the new number from you: %(merchants)s."),
            merchants=a_list(merchants),
        )
    if used["asked"]:
        yield talk.say(
            _("Not all of it is confirmed yet. We keep asking, and your report shows each result.")
        )


def _what_you_answer_for(talk: Talk, card: str) -> Part:
    owed = yield talk.find("liability", "reports.liability", card=card)
    if owed["most_minor"] is None:
        yield talk.say(
            _("We do not know yet what you answer for. Nothing is asked of you until we told you in writing.")
        )
        return
    if not owed["most_minor"]:
        yield talk.say(_("You answer for nothing that others bought with it."))
        return
    most = money(owed["most_minor"], owed["currency"])
    if owed["until"]:
        yield talk.say(
            _(
                "You answer for at most %(most)s, because of the day you noticed it: %(until)s was the last in time."
            ),
            most=most,
            until=a_date(owed["until"]),
        )
    else:
        yield talk.say(
            _("You answer for at most %(most)s of what others bought before you told us, and nothing after."),
            most=most,
        )
    if owed.get("not_if_unnoticed"):
        yield talk.say(_("You answer for nothing if you could not notice the loss before the card was used."))
    if owed.get("statement_days"):
        yield talk.say(
            _(
                "Tell us of each wrong charge within %(days)s days after we sent the statement it stands on. "
                "For charges that follow after those days no limit holds."
            ),
            days=str(owed["statement_days"]),
        )


# ------------------------------------------------------------------------------------------ somebody we do not know


def _stranger(talk: Talk) -> Part:
    """Their name and one detail, and no more: what comes of it is not told here. Whether they then signed in."""
    name = yield talk.ask_text(
        "name",
        _("What is your name, as it stands on the card?"),
        hint=_("You need not sign in, and we ask for no card number, code or password."),
        most=LONGEST_FACT,
    )
    facts = yield talk.ask_text(
        "facts",
        _("One thing that is yours: your phone number, e-mail, postal code, or the card’s last four digits?"),
        hint=_("If it points to one card, that card is frozen at once."),
        most=LONGEST_FACT,
    )
    told = yield talk.do("say", "strangers.say", kind="own", name=name, facts=facts, where=None)
    if not told.done:
        yield talk.say("%(why)s", why=told.sentence)
        yield talk.hand_over(ASK_A_PERSON)
        return False
    yield talk.say(
        _("Thank you. If this points to one card of ours, it is frozen now, and its holder is told.")
    )
    yield talk.say(
        _("We never say here whether it does. Your reference is %(ref)s, and the time you told us is kept."),
        ref=a_reference(told["ref"]),
    )
    known = yield talk.verify("sign_in", 2, _("Can you sign in? Then you finish it yourself, right now."))
    if not known:
        yield from _call_back(talk)
    return known


def _call_back(talk: Talk) -> Part:
    phone = yield talk.ask_digits(
        "phone",
        _("Where can we call you?"),
        least=7,
        most=15,
        may_skip=True,
        hint=_("Digits only. It is for this call, and proves nothing about you."),
    )
    if phone is None:
        yield talk.promise("look", _("look for your card, and freeze it"), within="answer")
        yield talk.done("told", _("Call us at any hour, and name your reference."))
        return
    yield talk.promise("call", _("call you back about your card"), within="answer")
    yield talk.done("told", _("We call you. You can call us before, at any hour, and name your reference."))


@flow("lost_stolen.found_one", need=REPORT, title=_("I found somebody’s card"), level=0, slug="found-a-card")
def found(talk: Talk) -> Conversation:
    facts = yield talk.ask_digits(
        "last4",
        _("What are the last four digits of the card you found?"),
        least=4,
        most=4,
        hint=_("Only those four. We need no other number from it."),
    )
    name = yield talk.ask_text(
        "name",
        _("Which name stands on it?"),
        may_skip=True,
        most=LONGEST_FACT,
        hint=_("Leave it out if you like."),
    )
    where = yield talk.ask_text("where", _("Where is the card now?"), most=300)
    told = yield talk.do("say", "strangers.say", kind="found", name=name, facts=facts, where=where)
    if not told.done:
        yield talk.say("%(why)s", why=told.sentence)
        yield talk.hand_over(ASK_A_PERSON)
        return
    yield talk.say(
        _("Thank you. If it is one of ours, nobody can use it now, and its holder is told where it is.")
    )
    yield talk.done(
        "found",
        _("Please cut it in two, or leave it where you said. Your reference is %(ref)s."),
        ref=a_reference(told["ref"]),
    )


# ------------------------------------------------------------------------------------------ found again


@flow(
    "lost_stolen.found_again",
    need=REPORT,
    title=_("I found my card again"),
    level=2,
    slug="found-again",
)
def found_again(talk: Talk) -> Conversation:
    who = yield talk.find("who", "speaker")
    if not who["frozen"]:
        yield talk.done(
            "nothing_frozen",
            _("None of your cards is frozen. One that was closed for good stays closed: cut it in two."),
        )
        return
    card = yield talk.ask_card("card", _("Which card did you find?"), among="frozen")
    was_away = yield talk.yes_no("hands", _("Could anybody have had it in their hands meanwhile?"))
    if was_away:
        yield talk.say(
            _("Then somebody may have copied its number. It is safer to close it and take a new one.")
        )
        rather = yield talk.choose(
            "rather",
            _("What shall we do?"),
            option("keep", _("Use it again all the same")),
            option(
                "close", _("Close it and send a new one"), _("To the address we have. It cannot be undone.")
            ),
        )
        if rather == "close":
            yield from _close(talk, card, False, False)
            return
    about = yield talk.find("about", "reports.about", card=card)
    yield from _read_back(talk, card, about)
    thawed = yield talk.do("unfreeze", "cards.unfreeze", card=card)
    if not thawed.done:
        yield talk.say("%(why)s", why=thawed.sentence)
        yield talk.hand_over(ASK_A_PERSON)
        return
    yield talk.done("unfrozen", _("Card ending %(last4)s works again."), last4=thawed["last4"])
