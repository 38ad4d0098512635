"""Ask us to call: soon, on the next business day, or when it suits."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from django.utils.translation import gettext_noop as _

from cardline.flows.library.shared import given_up
from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Verb
from cardline.kit.words import a_date, a_moment_there

Wish = dict[str, Any]  # flows/actions/calls.py
_WITHIN = {"soon": "answer", "tomorrow": "1 business days"}
_WHY = {
    "past": _("That time is over."),
    "closed": _("Nobody is here to call you then."),
    "no_such_time": _("The clocks are put forward then, so that time does not exist."),
}
_UNREADABLE = _("We can’t read that as a time.")
TRIES = 2  # of writing a time


@flow("contact.call_back", title=_("Ask us to call you"), level=1, version=2)
def call_back(talk: Talk) -> Conversation:
    yield talk.ask_digits(
        "number",
        _("At which number may we call you?"),
        least=7,
        most=15,
        hint=_("Digits only, with the area code."),
    )
    yield talk.ask_text("about", _("What is it about, in a few words?"), may_skip=True)
    days = yield talk.find("days", "calls.days")
    on_a_day = [option("day", _("On a day I choose"))] if days else []
    when = yield talk.choose(
        "when",
        _("When suits you?"),
        option("soon", _("As soon as somebody is free")),
        option("tomorrow", _("On the next business day")),
        *on_a_day,
    )
    if when == "day":
        yield from _on_a_day(talk, days)
        return
    due = yield talk.promise("call", _("Call you at the number you gave us"), within=_WITHIN[when])
    yield from _is_it_us(talk)
    yield talk.done("promised", _("We call you by %(when)s."), when=a_moment_there(due["due_at"]))


def _on_a_day(talk: Talk, days: list[str]) -> Conversation:
    day = days[0]
    if len(days) > 1:
        choices = [option(one, "%(day)s", day=a_date(one)) for one in days]
        day = yield talk.choose("day", _("On which day?"), *choices)
    wish = yield from _which_time(talk, day)
    if wish["refused"]:
        if wish["refused"] in _WHY:
            yield talk.say(_WHY[wish["refused"]])
        wish = yield from _nearest(talk, wish)
    if wish["refused"]:
        return
    yield from _promise(talk, wish)


def _which_time(talk: Talk, day: str) -> Generator[Verb, Any, Wish]:
    part = yield talk.choose(
        "part",
        _("At what time of %(day)s?"),
        option("morning", _("In the morning")),
        option("afternoon", _("In the afternoon")),
        option("time", _("At a time I choose")),
        day=a_date(day),
    )
    if part != "time":
        return (yield talk.find("wish", "calls.part", day=day, part=part))
    wish: Wish = {}
    for _nth in range(TRIES):
        written = yield talk.ask_text(
            "time", _("At which time?"), hint=_("By our clocks: 10:30, for example, or 2 pm."), most=12
        )
        wish = yield talk.find("wish", "calls.time", day=day, written=written)
        if wish["refused"] != "unreadable":
            break
        yield talk.say(_UNREADABLE)
    return wish


def _nearest(talk: Talk, wish: Wish) -> Generator[Verb, Any, Wish]:
    """What could be instead, and a person where nothing could. Returns a wish; a refused one has ended it."""
    if wish["nearest"] is None:
        yield talk.hand_over(_("A person finds a time with you."))
        return wish
    then = yield talk.choose(
        "then",
        _("The nearest possible is %(when)s. Shall we call you then?"),
        option("yes", _("Yes, call me then")),
        option("other", _("Find a time with a person")),
        option("leave", _("No, leave it")),
        when=a_moment_there(wish["nearest"]),
    )
    if then == "yes":
        return {"start": wish["nearest"], "until": wish["nearest"], "refused": ""}
    if then == "leave":
        yield from given_up(talk)
    else:
        yield talk.hand_over(_("A person finds a time with you."))
    return wish


def _promise(talk: Talk, wish: Wish) -> Conversation:
    start, until = a_moment_there(wish["start"]), a_moment_there(wish["until"])
    if wish["start"] == wish["until"]:
        words = _("Call you at the number you gave us, at %(when)s")
        yield talk.promise("call", words, within=f"at {wish['until']}", when=until)
        yield from _is_it_us(talk)
        yield talk.done("promised", _("We call you at this time: %(when)s."), when=until)
        return
    words = _("Call you at the number you gave us, not before %(start)s and by %(until)s")
    yield talk.promise("call", words, within=f"at {wish['until']}", start=start, until=until)
    yield from _is_it_us(talk)
    yield talk.done(
        "promised", _("We call you not before %(start)s and by %(until)s."), start=start, until=until
    )


def _is_it_us(talk: Talk) -> Conversation:
    yield talk.say(
        _("We never ask for a code on the phone. You can check under “Is this us?” whether a call is ours.")
    )
