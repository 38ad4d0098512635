"""Paying the bill: how much, from where, when, read back, and a plain yes."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.library.shared import given_up, its_reference, to_a_person
from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Option, Verb
from cardline.kit.words import Words, a_date, money

Bill = dict[str, Any]  # flows/actions/payments.py
OTHER = "other"
_MEANT = {"statement": "statement", "minimum": "minimum", "all": "most"}  # of a bill


@flow("payment.make", title=_("Pay the bill"), level=2)
def make(talk: Talk) -> Conversation:
    yield from pay_down(talk)


def pay_down(talk: Talk) -> Conversation:
    """Of several accounts the one that owes most; the others have their own pages."""
    found = yield talk.find("bills", "payments.bills")
    if not found["accounts"]:
        yield talk.hand_over(_("A person goes through the payment with you."))
        return
    bill = found["accounts"][0]
    if bill["most"] <= 0:
        yield talk.done("nothing_owed", _("Nothing is owed on your account now."))
        return
    if not bill["sources"]:
        yield talk.say(_("There is no bank account yet from which we could take it."))
        yield talk.done("no_source", _("Add one under Pay, or send a check. Then come back here."))
        return
    amount = yield talk.choose(
        "how_much", _("How much do you want to pay?"), *_amounts(bill), option(OTHER, _("Another amount"))
    )
    if amount == OTHER:
        minor = yield talk.ask_money("amount", _("Which amount?"), currency=bill["currency"])
    else:
        minor = bill[_MEANT[amount]]
    if minor > bill["most"]:
        yield talk.say(
            _("At most %(most)s is owed, so we take that."), most=money(bill["most"], bill["currency"])
        )
        minor = bill["most"]
    source = yield from _from_where(talk, bill)
    on = yield from _which_day(talk, bill)
    day = yield talk.find("day", "payments.day", on=on)
    if not day["asked"]:
        yield talk.say(_("That day can’t be chosen. The earliest is today."))
    yield from _read_back(talk, bill, source, minor, day)


@flow("payment.autopay", title=_("Have the bill paid by itself"), level=2)
def autopay(talk: Talk) -> Conversation:
    found = yield talk.find("bills", "payments.bills")
    if not found["accounts"] or not found["accounts"][0]["sources"]:
        yield talk.hand_over(_("A person sets it up with you."))
        return
    bill = found["accounts"][0]
    if bill["autopay"]:
        yield talk.say(_AUTOPAY_NOW[bill["autopay"]])
        change = yield talk.choose(
            "change",
            _("What do you want to do?"),
            option("stop", _("Stop it")),
            option("change", _("Change it")),
            option("keep", _("Leave it as it is")),
        )
        if change == "keep":
            yield from given_up(talk)
            return
        if change == "stop":
            yield from _stop_autopay(talk, bill)
            return
    yield from _set_autopay(talk, bill)


_AUTOPAY_NOW = {
    "full": _("The whole balance of each statement is paid by itself now."),
    "minimum": _("The minimum of each statement is paid by itself now."),
    "fixed": _("An amount of your choice is paid by itself now."),
}


def _stop_autopay(talk: Talk, bill: Bill) -> Conversation:
    stopped = yield talk.do("stop", "autopay.stop", account=bill["account"])
    if not stopped.done:
        yield from to_a_person(talk, stopped)
        return
    yield from its_reference(talk, stopped)
    yield talk.done(
        "stopped", _("Nothing is paid by itself any more. Remember the due date of the next bill.")
    )


def _set_autopay(talk: Talk, bill: Bill) -> Conversation:
    mode = yield talk.choose(
        "mode",
        _("What shall be paid on each due date?"),
        option("full", _("The whole balance of the statement")),
        option("minimum", _("The minimum: interest is added to what is left")),
        option("fixed", _("An amount of my choice, but never more than is owed")),
    )
    minor = None
    if mode == "fixed":
        minor = yield talk.ask_money("amount", _("Which amount?"), currency=bill["currency"])
    source = yield from _from_where(talk, bill)
    yield talk.say(
        _("It comes from the bank account ending %(last4)s, from the next due date on."),
        last4=source["last4"],
    )
    sure = yield talk.yes_no("sure", _("Shall we set it up? You can stop it at any time."))
    if not sure:
        yield from given_up(talk)
        return
    done = yield talk.do(
        "set", "autopay.set", account=bill["account"], source=source["token"], mode=mode, amount_minor=minor
    )
    if not done.done:
        yield from to_a_person(talk, done)
        return
    yield from its_reference(talk, done)
    yield talk.done("set", _("From the next due date on it is paid by itself."))


def _from_where(talk: Talk, bill: Bill) -> Generator[Verb, Any, dict[str, Any]]:
    sources: list[dict[str, Any]] = bill["sources"]
    if len(sources) == 1:
        return sources[0]
    picked = yield talk.choose("source", _("From which bank account?"), *map(_as_option, sources))
    return next(one for one in sources if one["token"] == picked)


def _read_back(
    talk: Talk, bill: Bill, source: dict[str, Any], minor: int, day: dict[str, Any]
) -> Conversation:
    """Everything that was chosen, once more, and how to take it back (Nacha TEL; DOMAIN 8)."""
    told = {"amount": money(minor, bill["currency"]), "last4": source["last4"], "day": a_date(day["on"])}
    yield talk.say(
        _("%(amount)s from the bank account ending %(last4)s on %(day)s. It counts as of %(counts)s."),
        **told,
        counts=a_date(day["counts_on"]),
    )
    if bill["read_out"]:
        yield talk.say(
            _("%(payer)s pays it. To take it back, call us at %(number)s. A notice of it is sent."),
            **bill["read_out"],
        )
    yield talk.say(
        _("A payment for a later day can be taken back until that day, under Pay or by calling us.")
    )
    sure = yield talk.yes_no("sure", _("Shall we make this payment?"))
    if not sure:
        yield from given_up(talk)
        return
    paid = yield talk.do(
        "pay", "payments.pay", account=bill["account"], source=source["token"], amount_minor=minor,
        on=day["on"], counts_on=day["counts_on"],
    )  # fmt: skip
    if not paid.done:
        yield from to_a_person(talk, paid)
        return
    yield from its_reference(talk, paid)
    yield talk.done("paid", _("Thank you. %(amount)s is on its way; it makes room once it counts."), **told)


def _which_day(talk: Talk, bill: Bill) -> Generator[Verb, Any, str | None]:
    """ISO 8601; None for today."""
    due = bill["due_on"]
    days = [option("today", _("Today"))]
    if due and due > bill["today"]:
        days.append(option("due", _("On the due date, %(day)s"), day=a_date(due)))
    when = yield talk.choose("when", _("When?"), *days, option("later", _("On another day")))
    if when == "later":
        return (yield talk.ask_date("day_of", _("On which day?")))
    return due if when == "due" else None


def _amounts(bill: Bill) -> list[Option]:
    """Amounts one press chooses, without those that are nothing or stand there already."""
    found: dict[int, Option] = {}
    for id, words in (
        ("statement", _("The statement balance: %(amount)s")),
        ("minimum", _("The minimum: %(amount)s")),
        ("all", _("All that is owed: %(amount)s")),
    ):
        minor = bill[_MEANT[id]]
        if 0 < minor <= bill["most"] and minor not in found:
            found[minor] = Option(id, Words(words, {"amount": money(minor, bill["currency"])}))
    return list(found.values())


def _as_option(source: dict[str, Any]) -> Option:
    return Option(source["token"], Words(_("%(bank)s, account ending %(last4)s"), dict(source)))
