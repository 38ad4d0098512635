"""What a stranger says: kept at once, looked up apart, and told to nobody but the card's member (SR-31, SR-34,
SR-77).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import unfreeze_card
from cardline.cards.freeze_lane import work_through_lane
from cardline.cards.models import Report, StrangersWord
from cardline.cards.queries import cards_of
from cardline.cards.strangers.commands import (
    hear_word,
    look_up,
    say_false_alarm,
    wait_with,
    work_through_words,
)
from cardline.cards.strangers.finding import card_meant, details_in
from cardline.cards.strangers.rules import FROM_ONE_PLACE, MOST_IN_A_DAY
from cardline.cards.tests.distance import Far, far_away
from cardline.cases.models import Case, Entry
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.queries import guest
from cardline.issuer.core import CardState
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.members.models import ContactPoint
from cardline.notify.models import Outgoing

MAYA: dict[str, Any] = {"name": "Maya Okafor", "facts": "4471"}
Came = StrangersWord.Came


@pytest.fixture(autouse=True)
def at_the_time_of_the_cast(cast: Any) -> None:
    clock.set_offset(cast.now - clock.machine_now())


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    return as_member(cast.maya)


def state_of(actor: Any) -> CardState:
    return next(card.state for card in cards_of(actor) if card.mine)


def say(
    now: Any,
    name: str = "",
    facts: str = "",
    *,
    by: Actor | None = None,
    kind: str = "own",
    place: str = "",
    source: str = "s",
) -> dict[str, Any]:
    return hear_word(
        by=by or guest("a token"),
        now=now,
        kind=kind,
        name=clean(name),
        facts=clean(facts),
        where=clean(place),
        subject=clean("A card is gone"),
        source=source,
        first_word_at=now,
    )


# ----------------------------------------------------------------------------------------------- which card is meant


@pytest.mark.parametrize(
    ("name", "facts", "found"),
    [
        ("Maya Okafor", "4471", True),
        ("okafor maya", "the card ends in 4471", True),
        ("Maya Okafor", "12207", True),
        ("Maya Okafor", "4471, ZIP 12207", True),
        ("", "+1 212 555 0142", True),
        ("", "(212) 555-0142", True),
        ("Somebody Else", "212.555.0142", True),  # one detail that points to one card is enough
        ("", "maya.okafor@example.org", True),
        ("", "[card ••4471]", False),
        ("Maya Okafor", "my card is [card ••4471]", True),  # a whole number, as the redactor left it
        ("Maya Okafor", "", False),
        ("Maya Okafor", "4472", False),
        ("Maya Okafor", "12208", False),
        ("Hannah Brandt", "4471", False),
        ("", "4471", False),
        ("", "12207", False),
        ("", "", False),
        ("", "+1 999 555 0142", False),
        ("", "+1 212 555 0142 and +1 305 555 0117", False),  # two people’s: it points to no one card
        ("Rosa Lindqvist", "3408", False),  # a card on her account, made out to Nils
        ("Nils Lindqvist", "3408", True),
    ],
)
def test_one_detail_that_points_to_one_card_is_enough(
    cast: Any, maya: Any, name: str, facts: str, found: bool
) -> None:
    ContactPoint.objects.get_or_create(
        member=cast.maya, kind="email", value="Maya.Okafor@example.org", defaults={"since": cast.now}
    )
    assert (card_meant(name, facts) is not None) == found


def test_a_number_in_two_records_points_to_nobody_without_the_name(cast: Any) -> None:
    ContactPoint.objects.create(member=cast.luis, kind="phone", value="+1 212 555 0142", since=cast.now)
    assert card_meant("", "+1 212 555 0142") is None
    meant = card_meant("Maya Okafor", "+1 212 555 0142, 12207")
    assert meant is not None and meant.member == cast.maya


@pytest.mark.parametrize(("tries", "seconds"), [(0, 2), (3, 16), (5, 60), (8, 60), (500, 60)])
def test_a_word_nobody_could_look_up_waits_longer_and_a_minute_at_most(
    cast: Any, maya: Any, tries: int, seconds: int
) -> None:
    say(cast.now, "Maya Okafor", "4471")
    StrangersWord.objects.update(tries=tries)
    word = StrangersWord.objects.get()
    wait_with(by=SYSTEM, now=cast.now, word_id=word.pk, at=cast.now)
    assert StrangersWord.objects.get().next_try_at == cast.now + timedelta(seconds=seconds)


def test_a_phone_number_has_seven_digits_at_least() -> None:
    assert details_in("555 0142").phones == ("5550142",)
    assert details_in("55 0142").phones == ()


def test_details_are_read_from_a_sentence() -> None:
    said = details_in("Call 212 555 0142, mail a.b@example.org, card 4471, SW1A 1AA")
    assert (said.phones, said.emails) == (("2125550142",), ("a.b@example.org",))
    assert "4471" in said.last4 and "sw1a 1aa" in said.postal


# ------------------------------------------------------------------------------------------------------ what follows


def test_a_strangers_word_freezes_and_everybody_hears_but_the_stranger(cast: Any, maya: Any) -> None:
    told = say(cast.now, **MAYA)
    assert state_of(maya) == CardState.ACTIVE  # nothing was looked up yet
    assert work_through_words() == 1 and work_through_words() == 0
    report, word = Report.objects.get(), StrangersWord.objects.get()
    assert state_of(maya) == CardState.FROZEN
    assert (report.source, report.level, report.first_word_at, report.state) == (
        "stranger",
        0,
        cast.now,
        "frozen",
    )
    assert (word.came, word.report, word.name, word.facts) == (Came.FROZEN, report, "", "")
    places = set(Outgoing.objects.filter(template="card_reported").values_list("channel", flat=True))
    assert places >= {"text"} and Outgoing.objects.filter(urgent=False, template="card_reported").count() == 0
    assert report.case_id != told["case_id"] and report.case.member == cast.maya
    of_guest = Entry.objects.filter(case=told["case_id"], visible=True).values_list("kind", flat=True)
    assert list(of_guest) == ["case.opened"]
    for_desk = Entry.objects.get(case=told["case_id"], visible=False)
    assert json.loads(for_desk.data)["came"] == "frozen"


def test_a_lock_on_guessing_stops_no_freeze(cast: Any, maya: Any) -> None:  # SR-31
    for _ in range(6):
        count_wrong(by=SYSTEM, now=cast.now, member_id=cast.maya.pk, proof="facts")
    say(cast.now, **MAYA)
    work_through_words()
    assert state_of(maya) == CardState.FROZEN


def test_what_fits_nobody_waits_for_a_person_with_its_time(cast: Any, maya: Any) -> None:
    told = say(cast.now, "Nobody Atall", "0000")
    work_through_words()
    word, case = StrangersWord.objects.get(), Case.objects.get(pk=told["case_id"])
    assert (word.came, word.said_at) == (Came.NOBODY, cast.now)
    assert not Report.objects.exists() and case.attention_at <= clock.now()


def test_the_same_word_again_is_the_same_report_and_tells_nobody_twice(cast: Any, maya: Any) -> None:
    for token in ("one", "two"):
        say(cast.now, by=guest(token), **MAYA)
        work_through_words()
    assert Report.objects.count() == 1 and StrangersWord.objects.filter(came=Came.FROZEN).count() == 2
    assert Outgoing.objects.filter(template="card_reported").count() == len(
        {(row.channel, row.to) for row in Outgoing.objects.filter(template="card_reported")}
    )


def test_two_workers_look_a_word_up_once(cast: Any, maya: Any) -> None:
    say(cast.now, **MAYA)
    pk = StrangersWord.objects.get().pk
    assert look_up(by=SYSTEM, now=cast.now, word_id=pk) == "frozen"
    assert look_up(by=SYSTEM, now=cast.now, word_id=pk) == ""


def test_somebody_elses_case_is_not_there(cast: Any, maya: Any) -> None:
    told = say(cast.now, **MAYA)
    with pytest.raises(NotThere):
        hear_word(
            by=guest("another"), now=cast.now, kind="own", name=clean("x"), facts=clean("y"), where=clean(""),
            subject=clean("z"), source="s", first_word_at=cast.now, case_id=told["case_id"],
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------ it was not me


def test_one_press_of_the_member_unfreezes(cast: Any, maya: Any, as_member: Any) -> None:
    say(cast.now, **MAYA)
    work_through_words()
    report = Report.objects.get()
    with pytest.raises(NotThere):
        say_false_alarm(by=as_member(cast.hannah), now=cast.now, report_id=report.pk)
    assert say_false_alarm(by=maya, now=cast.now, report_id=report.pk)
    assert not say_false_alarm(by=maya, now=cast.now, report_id=report.pk)
    assert state_of(maya) == CardState.ACTIVE and Report.objects.get().state == "unfrozen"
    assert Case.objects.get(pk=report.case_id).state == Case.State.CLOSED


def falsely(now: Any, maya: Any, source: str = "s") -> None:
    say(now, "", "+1 212 555 0142", source=source)
    work_through_words()
    say_false_alarm(by=maya, now=now, report_id=Report.objects.order_by("-pk")[0].pk)


def test_false_alarms_raise_the_bar_to_the_name_and_say_so_to_the_desk(cast: Any, maya: Any) -> None:
    falsely(cast.now - timedelta(days=9), maya)
    falsely(cast.now - timedelta(days=8), maya)
    assert Entry.objects.filter(kind="report.bar_raised", visible=False).exists()
    say(cast.now, "", "+1 212 555 0142")
    work_through_words()
    assert StrangersWord.objects.order_by("-pk")[0].came == Came.TOO_OFTEN
    assert state_of(maya) == CardState.ACTIVE
    say(cast.now, "Maya Okafor", "+1 212 555 0142")
    work_through_words()
    assert state_of(maya) == CardState.FROZEN


def test_no_more_than_a_few_a_day_freeze_by_themselves(cast: Any, maya: Any) -> None:
    for _ in range(MOST_IN_A_DAY):
        say(cast.now, **MAYA)
        work_through_words()
        unfreeze_card(by=maya, now=cast.now, card=Report.objects.order_by("-pk")[0].card)
    say(cast.now, **MAYA)
    work_through_words()
    assert (
        StrangersWord.objects.order_by("-pk")[0].came == Came.TOO_OFTEN and state_of(maya) == CardState.ACTIVE
    )


def test_too_many_from_one_place_are_kept_for_a_person_and_never_refused(cast: Any, maya: Any) -> None:
    for n in range(FROM_ONE_PLACE.most):
        say(cast.now, "Nobody", "0000", by=guest(str(n)))
    told = say(cast.now, **MAYA)
    work_through_words()
    assert StrangersWord.objects.get(case=told["case_id"]).came == Came.HELD_BACK
    assert state_of(maya) == CardState.ACTIVE
    say(cast.now, source="another place", **MAYA)
    work_through_words()
    assert state_of(maya) == CardState.FROZEN


# ----------------------------------------------------------------------------------------------------- a found card


def test_a_finder_needs_four_digits_and_the_name_on_the_card(cast: Any, maya: Any) -> None:
    say(cast.now, "MAYA OKAFOR", "4471", kind="found", place="With the bar keeper of the Quince, Albany")
    work_through_words()
    report = Report.objects.get()
    assert (report.source, report.state) == ("finder", "frozen")
    where = Entry.objects.get(kind="report.found_at")
    assert where.case_id == report.case_id and "Quince" in where.text and where.visible


def test_a_finder_who_types_the_whole_number_leaves_none_of_it(cast: Any, maya: Any) -> None:
    say(cast.now, "Maya Okafor", "4111 1111 1111 1111", kind="found", place="5555 5555 5555 4444")
    kept = StrangersWord.objects.get()
    assert "1111 1111" not in kept.facts and "5555" not in kept.place


# ------------------------------------------------------------------------------------------- a core that is elsewhere


@pytest.fixture
def far(cast: Any) -> Iterator[Far]:
    with far_away() as core:
        yield core


def test_while_the_core_is_silent_the_word_waits_and_is_not_lost(cast: Any, maya: Any, far: Far) -> None:
    far.cut = True
    say(cast.now, **MAYA)
    assert work_through_words() == 0
    word = StrangersWord.objects.get()
    assert (word.looked_at, word.tries, word.facts) == (None, 1, "4471")
    far.cut = False
    StrangersWord.objects.update(next_try_at=clock.machine_now())
    assert work_through_words() == 1
    work_through_lane()
    assert Report.objects.get().state == "frozen"
