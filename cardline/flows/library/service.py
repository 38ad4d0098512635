"""Reaching us, following up, speaking one's mind; and how many points there are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.library.shared import given_up, its_reference, to_a_person
from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Option
from cardline.kit.words import Words, a_date, a_moment, a_reference, money

ANOTHER = "another"


@flow("contact.human", title=_("Talk to a person"))
def human(talk: Talk) -> Conversation:
    yield talk.ask_text(
        "about", _("What is it about, in a few words?"), hint=_("No card numbers, please."), may_skip=True
    )
    yield talk.hand_over(_("A person answers you here."))


@flow("contact.how_to_reach", title=_("How to reach us"))
def how_to_reach(talk: Talk) -> Conversation:
    where = yield talk.choose(
        "where",
        _("Where are you now?"),
        option("home", _("At home")),
        option("abroad", _("In another country")),
    )
    yield from _tell_lines(talk, abroad=where == "abroad")


@flow("contact.from_abroad", title=_("Reach us from abroad"))
def from_abroad(talk: Talk) -> Conversation:
    yield from _tell_lines(talk, abroad=True)


def _tell_lines(talk: Talk, *, abroad: bool) -> Conversation:
    found = yield talk.find("lines", "lines", abroad=abroad)
    for line in found:
        yield talk.say(_("%(who)s: %(number)s"), who=line["who"], number=line["number"])
    if any(line["collect"] for line in found):
        yield talk.say(_("From abroad you can call collect: we pay for the call."))
    how = yield talk.choose(
        "how",
        _("How do you want to go on?"),
        option("call", _("I call that number")),
        option("write", _("I write to somebody here")),
    )
    if how == "write":
        yield talk.hand_over(_("A person answers you here."))
        return
    yield talk.done("told", _("The number on the back of your card works as well."))


@flow("contact.reference_followup", title=_("How far is my request?"), level=1, version=2)
def followup(talk: Talk) -> Conversation:
    """Whoever is identified and no more hears the state and the next date alone (DOMAIN 8): what it is about, and what
    we promised, may name amounts and people.
    """
    found = yield talk.find("cases", "cases.mine")
    if not found:
        yield talk.done("none", _("There is no request of yours with us."))
        return
    one = found[0]
    if len(found) > 1:
        picked = yield talk.choose(
            "which", _("Which one?"), *map(_as_option, found), option(ANOTHER, _("An older one"))
        )
        if picked == ANOTHER:
            yield talk.done("older", _("All of them stand under Contacts."))
            return
        one = next(case for case in found if case["ref"] == picked)
    if one["subject"]:
        yield talk.say(_("%(ref)s: %(subject)s."), ref=a_reference(one["ref"]), subject=one["subject"])
    else:
        yield talk.say(
            _("%(ref)s, opened on %(day)s."), ref=a_reference(one["ref"]), day=a_date(one["opened_on"])
        )
    yield from _its_state(talk, one)
    fine = yield talk.yes_no("fine", _("Is that all you wanted to know?"))
    if not fine:
        yield talk.hand_over(_("A person looks at it with you."))
        return
    yield talk.done("told", _("It stands under Contacts with everything that was said."))


def _its_state(talk: Talk, one: dict[str, Any]) -> Conversation:
    if one["due_at"] and not one["what"]:
        yield talk.say(_("It is open. The next step is due by %(when)s."), when=a_moment(one["due_at"]))
    elif one["due_at"]:
        yield talk.say(
            _("We promised: %(what)s, by %(when)s."), what=one["what"], when=a_moment(one["due_at"])
        )
    elif one["closed"]:
        yield talk.say(_("It is done and closed."))
    else:
        yield talk.say(_("It is open, and nothing is owed to you at the moment."))


def _as_option(case: dict[str, Any]) -> Option:
    opened = Words(
        _("%(ref)s, opened on %(day)s"), {"ref": a_reference(case["ref"]), "day": a_date(case["opened_on"])}
    )
    if case["subject"]:
        return Option(case["ref"], Words("%(subject)s", {"subject": case["subject"]}), opened)
    return Option(case["ref"], opened)


@flow("complaint.formal", title=_("Make a complaint"))
def complaint(talk: Talk) -> Conversation:
    yield talk.say(_("You do not need to prove anything, and it changes nothing about how we treat you."))
    yield from _register(
        talk,
        "complaint.formal",
        _("What went wrong?"),
        _("What would make it right?"),
        _("Answer your complaint in writing"),
    )


@flow("complaint.feedback", title=_("Tell us what you think"))
def feedback(talk: Talk) -> Conversation:
    yield from _register(
        talk,
        "complaint.feedback",
        _("What do you want to tell us?"),
        _("What should we do differently?"),
        _("Read what you told us and write to you"),
    )


def _register(talk: Talk, need: str, what: str, wish: str, promised: str) -> Conversation:
    """Its own reference from the first moment; who handles it is not decided here."""
    yield talk.ask_text("what", what, hint=_("In your own words. No card numbers, please."), most=2_000)
    yield talk.ask_text("wish", wish, may_skip=True, most=1_000)
    opened = yield talk.do("register", "cases.register", need=need, title=_TITLES[need])
    if not opened.done:
        yield from to_a_person(talk, opened)
        return
    due = yield talk.promise("answer", promised, within="answer")
    yield talk.say(_("Thank you. Your reference is %(ref)s."), ref=a_reference(opened["ref"]))
    yield talk.done("registered", _("You have our answer by %(when)s."), when=a_moment(due["due_at"]))


_TITLES = {"complaint.formal": _("A complaint"), "complaint.feedback": _("Feedback")}


@flow("rewards.balance", title=_("How many points do I have?"), level=2)
def balance(talk: Talk) -> Conversation:
    found = yield talk.find("points", "rewards.points")
    if not found:
        yield talk.hand_over(_("We see no points here. A person looks with you."))
        return
    for one in found:
        yield talk.say(_("%(product)s: %(points)s points."), product=one["product"], points=one["points"])
        if one["expiring"]:
            yield talk.say(
                _("%(points)s of them run out on %(day)s."),
                points=one["expiring"],
                day=a_date(one["expires_on"]),
            )
    yield talk.done("told", _("Under Rewards you see where they came from, and use them."))


@flow("rewards.redeem", title=_("Use points for the bill"), level=2)
def redeem(talk: Talk) -> Conversation:
    found = yield talk.find("credit", "rewards.credit")
    if not found:
        yield talk.hand_over(_("We see no points here. A person looks with you."))
        return
    one = found[0]
    if len(found) > 1:
        picked = yield talk.choose("account", _("From which account?"), *map(_as_purse, found))
        one = next(each for each in found if each["account"] == picked)
    if one["points"] < one["least"]:
        yield talk.say(
            _("There are %(points)s points; it takes %(least)s."), points=one["points"], least=one["least"]
        )
        yield talk.done("too_few", _("They stay where they are and wait for more."))
        return
    yield talk.say(
        _(
            "There are %(points)s points. From %(least)s on, in steps of %(step)s, they become money on your account."
        ),
        points=one["points"],
        least=one["least"],
        step=one["step"],
    )
    typed = yield talk.ask_digits("points", _("How many points do you want to use?"), least=1, most=9)
    worth = yield talk.find("worth", "rewards.worth", account=one["account"], points=int(typed))
    sure = yield talk.yes_no(
        "sure",
        _("%(points)s points become %(amount)s on your account. Shall we do it? It can’t be undone."),
        danger=True,
        points=int(typed),
        amount=money(worth["amount_minor"], worth["currency"]),
    )
    if not sure:
        yield from given_up(talk)
        return
    used = yield talk.do("redeem", "rewards.redeem", account=one["account"], points=int(typed))
    if not used.done:
        yield from to_a_person(talk, used)
        return
    yield from its_reference(talk, used)
    yield talk.done("redeemed", _("Done. It stands on your next statement."))


def _as_purse(one: dict[str, Any]) -> Option:
    said = {"product": one["product"], "points": one["points"]}
    return Option(one["account"], Words(_("%(product)s: %(points)s points"), said))


@flow("benefit.insurance_lounge", title=_("What does my card include?"), level=2)
def benefit(talk: Talk) -> Conversation:
    found = yield talk.find("benefits", "benefits.mine")
    if not found:
        yield talk.hand_over(_("A person tells you what your card includes."))
        return
    one = found[0]
    if len(found) > 1:
        named = [Option(each["id"], Words("%(name)s", {"name": each["name"]})) for each in found]
        picked = yield talk.choose("which", _("Which of these?"), *named)
        one = next(each for each in found if each["id"] == picked)
    yield talk.say(_("%(name)s: %(line)s"), name=one["name"], line=one["line"])
    for step in one["how"][:5]:
        yield talk.say("%(step)s", step=step)
    for what in one["not_covered"][:5]:
        yield talk.say(_("Not covered: %(what)s"), what=what)
    clear = yield talk.yes_no("clear", _("Is that clear?"))
    if not clear:
        yield talk.hand_over(_("A person explains it to you."))
        return
    yield talk.done("told", _("All your card includes stands under Benefits."))
