"""The case page is the receipt: true states, promises in the agreed words, every contact, and only for its member."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import clean
from cardline.promises.commands import do_promise, release_promise, step_promise, take_promise
from cardline.promises.legal.commands import recompute_clock, start_clocks
from cardline.promises.models import Promise

Clients = Callable[..., Client]
Told = Callable[..., dict[str, Any]]


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Business time for the pages: at(instant) sets the offset that only demo mode has."""
    before = clock.offset()

    def move(instant: datetime) -> None:
        clock.set_offset(instant - clock.machine_now())

    yield move
    clock.set_offset(before)


TUESDAY_NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TUESDAY_5_PM = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
WEDNESDAY_NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


def miss(promise_id: int, until: datetime) -> None:
    """What the sweep does as time passes."""
    while Promise.objects.filter(pk=promise_id, next_step_at__lte=until).exists():
        step = Promise.objects.get(pk=promise_id).next_step_at
        assert step is not None
        step_promise(by=SYSTEM, now=step, promise_id=promise_id)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_receipt_has_what_the_guide_says_to_note(
    told: Told, cast: Any, member_client: Clients, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM + timedelta(days=9))
    at(TUESDAY_NOON + timedelta(hours=1))
    shown = text_of(member_client(cast.maya).get(case["url"]))
    for part in (
        "Priya Raman, Disputes",
        "Tue, Nov 24, 2026, noon New York time",
        case["url"].removeprefix("/contacts/") + "-1",
        "Opened a dispute for $48.20.",
        "Tell you our decision, by Thu, Dec 3, 2026, 5 pm New York time",
        "Keep the receipt.",
        "Chat",
    ):
        assert part in shown
    assert "quietly" not in shown  # the next step is for us


def test_a_missed_promise_is_told_once_in_the_agreed_words(
    told: Told, cast: Any, member_client: Clients, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    miss(case["promise_id"], TUESDAY_5_PM + timedelta(minutes=1))
    at(WEDNESDAY_NOON)
    shown = text_of(member_client(cast.maya).get(case["url"]))
    sentence = (
        "We said Tuesday and missed it. "
        "The disputes supervisors have it now and will write to you by 5 pm today."
    )
    assert shown.count(sentence) == 1
    assert shown.count("missed it") == 1
    assert "19 hours late" in shown.lower()
    assert "It was due Tue, Nov 24, 5 pm. With: the disputes supervisors." in shown


def test_a_person_is_named_once_they_took_it(
    told: Told, cast: Any, member_client: Clients, as_agent: Any, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    miss(case["promise_id"], TUESDAY_5_PM + timedelta(minutes=1))
    take_promise(by=as_agent(cast.ines), now=WEDNESDAY_NOON, promise_id=case["promise_id"])
    at(WEDNESDAY_NOON)
    assert f"missed it. {cast.ines.name} has it now" in text_of(member_client(cast.maya).get(case["url"]))


def test_done_late_says_so_with_the_evidence(
    told: Told, cast: Any, member_client: Clients, as_agent: Any, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    miss(case["promise_id"], TUESDAY_5_PM + timedelta(minutes=1))
    done = TUESDAY_5_PM + timedelta(days=1, hours=1)
    do_promise(
        by=as_agent(cast.priya),
        now=done,
        promise_id=case["promise_id"],
        evidence=clean("Letter of Nov 25, refund posted."),
    )
    at(done + timedelta(hours=1))
    shown = text_of(member_client(cast.maya).get(case["url"]))
    assert "Done Wed, a day late" in shown
    assert "Letter of Nov 25, refund posted." in shown
    assert "missed it" not in shown
    assert "What we promised is done, late." in shown
    both = "promised by Tue, Nov 24, 2026, 5 pm New York time, done Wed, Nov 25, 2026, 6 pm New York time."
    assert both in shown


@pytest.mark.parametrize("became", ["late", "done", "dropped"])
def test_what_was_agreed_stays_whatever_became_of_it(
    told: Told, cast: Any, member_client: Clients, as_agent: Any, at: Any, became: str
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    about: dict[str, Any] = {"by": as_agent(cast.priya), "promise_id": case["promise_id"]}
    if became == "late":
        miss(case["promise_id"], TUESDAY_5_PM + timedelta(minutes=1))
    elif became == "done":
        do_promise(**about, now=TUESDAY_NOON + timedelta(hours=1), evidence=clean("Told by letter."))
    else:
        release_promise(**about, now=TUESDAY_NOON + timedelta(hours=1), wish=clean("Never mind"))
    at(WEDNESDAY_NOON)
    shown = text_of(member_client(cast.maya).get(case["url"]))
    # Once under the contact, once on the receipt.
    assert shown.count("Tell you our decision, by Tue, Nov 24, 2026, 5 pm New York time") == 2


def test_the_receipt_always_says_what_we_did_and_what_is_for_the_member(
    told: Told, cast: Any, member_client: Clients, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM, ended=False)
    at(TUESDAY_NOON + timedelta(hours=1))
    page = member_client(cast.maya).get(case["url"]).context["page"]
    rows = {fact.name: fact.value for fact in page.facts}
    assert rows["What it was about"] == page.need_name
    assert rows["What we did"] == "Nothing yet."
    assert rows["What you need to do"] == "Nothing."


def test_what_was_agreed_to_be_dropped_says_by_whose_words(
    told: Told, cast: Any, member_client: Clients, as_agent: Any, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    release_promise(
        by=as_agent(cast.priya),
        now=TUESDAY_NOON + timedelta(hours=1),
        promise_id=case["promise_id"],
        wish=clean("Never mind, I found the bill"),
    )
    at(WEDNESDAY_NOON)
    assert "“Never mind, I found the bill”" in text_of(member_client(cast.maya).get(case["url"]))


def test_the_page_follows_its_case_from_the_last_entry_it_shows(
    told: Told, cast: Any, member_client: Clients
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    shown = member_client(cast.maya).get(case["url"]).content.decode()
    followed = re.search(r'data-controller="follow" data-topics="case:(\d+)@(\d+)"', shown)
    assert followed is not None
    assert int(followed[1]) == case["case_id"]
    assert int(followed[2]) >= 5  # began, answered, a message, a promise, the three lines, the end
    assert re.search(r'src="/static/js/follow[^"]*\.js"', shown)


def test_the_steps_follow_the_states(told: Told, cast: Any, member_client: Clients, at: Any) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM + timedelta(days=9))
    at(TUESDAY_NOON + timedelta(hours=1))
    shown = member_client(cast.maya).get(case["url"]).content.decode()
    steps = shown[shown.index('class="steps"') :]
    steps = steps[: steps.index("</ol>")]
    assert steps.count('class="done"') == 2
    assert "by Thu, Dec 3" in steps[steps.index("aria-current") :]


def test_there_is_nothing_for_the_calendar_once_it_is_late(
    told: Told, cast: Any, member_client: Clients, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    at(TUESDAY_NOON + timedelta(hours=1))
    client = member_client(cast.maya)
    assert ".ics" in client.get(case["url"]).content.decode()
    miss(case["promise_id"], TUESDAY_5_PM + timedelta(minutes=1))
    at(WEDNESDAY_NOON)
    assert ".ics" not in client.get(case["url"]).content.decode()


def test_a_stranger_gets_what_an_unknown_reference_gets(
    told: Told, cast: Any, member_client: Clients
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    stranger = member_client(cast.luis)
    for part in ("", "/promises/1.ics"):
        theirs, nobodys = stranger.get(case["url"] + part), stranger.get("/contacts/7K4-29QM" + part)
        assert theirs.status_code == nobodys.status_code == 404
        assert without_chance(theirs) == without_chance(nobodys)


def without_chance(answer: Any) -> bytes:
    return re.sub(rb'nonce="[^"]*"', b"", bytes(answer.content).replace(answer["X-Request-Id"].encode(), b""))


def test_a_visitor_is_asked_to_sign_in_whatever_the_reference(told: Told) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    for path in (case["url"], "/contacts/7K4-29QM", "/contacts"):
        answer = Client().get(path)
        assert answer.status_code == 401
        assert f"next={path}".encode() in answer.content or b"/demo?next=" not in answer.content


def test_a_colleague_looks_at_the_desk(told: Told, cast: Any, agent_client: Clients) -> None:
    assert agent_client(cast.priya).get(told(TUESDAY_NOON, TUESDAY_5_PM)["url"]).status_code == 404


def test_a_reference_as_people_type_it_finds_its_way(told: Told, cast: Any, member_client: Clients) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    typed = case["ref"].lower()
    answer = member_client(cast.maya).get(f"/contacts/{typed}")
    assert answer.status_code == 302
    assert answer["Location"] == case["url"]


def test_the_page_asks_the_database_no_more_for_a_long_story(
    told: Told, cast: Any, member_client: Clients, as_member: Any, django_assert_max_num_queries: Any
) -> None:
    from cardline.routing.commands import start_message

    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    for number in range(8):
        start_message(
            by=as_member(cast.maya),
            now=TUESDAY_NOON + timedelta(hours=number),
            need="dispute.unrecognised_charge",
            text=clean(f"again {number}"),
            language="en",
            plan={},
            case_id=case["case_id"],
        )
    client = member_client(cast.maya)
    with django_assert_max_num_queries(14):
        assert client.get(case["url"]).status_code == 200


def test_a_contact_that_was_attached_elsewhere_takes_its_address_along(
    told: Told, cast: Any, member_client: Clients, as_agent: Any
) -> None:
    from cardline.contact.commands import attach_contact

    first = told(TUESDAY_NOON, TUESDAY_5_PM)
    second = told(TUESDAY_NOON + timedelta(hours=1), TUESDAY_5_PM)
    attach_contact(
        by=as_agent(cast.priya),
        now=WEDNESDAY_NOON,
        contact_id=second["contact_id"],
        to_case_id=first["case_id"],
    )
    client = member_client(cast.maya)
    assert client.get(second["url"])["Location"] == first["url"]
    shown = client.get(first["url"]).content.decode()
    assert f"{second['url'].removeprefix('/contacts/')}-1" in shown


def test_script_in_what_people_wrote_stays_text(cast: Any, as_member: Any, member_client: Clients) -> None:
    from cardline.kit.reference import show_reference
    from cardline.routing.commands import start_message

    began = start_message(
        by=as_member(cast.maya),
        now=TUESDAY_NOON,
        need="complaint.formal",
        text=clean("<script>alert(1)</script>"),
        language="en",
        plan={},
    )
    shown = member_client(cast.maya).get(f"/contacts/{show_reference(began['ref'])}").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


# ------------------------------------------------------------------------------------------------- the calendar


def test_the_calendar_file_holds_the_promise(told: Told, cast: Any, member_client: Clients) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    answer = member_client(cast.maya).get(f"{case['url']}/promises/1.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == TUESDAY_5_PM
    assert str(event["summary"]) == "American Express will tell you our decision"
    assert case["url"] in str(event["url"])
    (alarm,) = calendar.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(hours=24)


def test_the_same_promise_is_the_same_entry_each_time(told: Told, cast: Any, member_client: Clients) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    client = member_client(cast.maya)
    uids = {
        str(
            icalendar.Calendar.from_ical(client.get(f"{case['url']}/promises/1.ics").content).walk("VEVENT")[
                0
            ]["uid"]
        )
        for _ in range(2)
    }
    assert len(uids) == 1


@pytest.mark.parametrize("n", ["2", "0", "99999999999999999999"])
def test_a_promise_that_is_not_there_is_not_there(
    told: Told, cast: Any, member_client: Clients, n: str
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM)
    assert member_client(cast.maya).get(f"{case['url']}/promises/{n}.ics").status_code == 404


def test_a_legal_date_is_told_in_plain_words_and_never_by_its_rule(
    told: Told, cast: Any, member_client: Clients, as_agent: Any, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM + timedelta(days=60))
    dana = as_agent(cast.priya)
    made = start_clocks(
        by=dana,
        now=TUESDAY_NOON,
        case_id=case["case_id"],
        event="debit_error_noticed",
        started_at=TUESDAY_NOON,
    )
    at(TUESDAY_NOON + timedelta(hours=1))
    page = member_client(cast.maya).get(case["url"])
    shown = text_of(page)
    assert (
        "Finish looking into it, or credit the amount to you meanwhile" in shown and "by Wed, Dec 9" in shown
    )
    for inside in ("e.investigate", "CFR", "11:59", "Legal", "What you can still do"):
        assert inside not in shown
    recompute_clock(
        by=dana, now=TUESDAY_NOON, clock_id=made["clocks"][0], params={"new_account": True},
        reason=clean("Opened last week"),
    )  # fmt: skip
    shown = text_of(member_client(cast.maya).get(case["url"]))
    assert "by Wed, Dec 23" in shown and "It was Wed, Dec 9 before" in shown
    assert "Opened last week" not in shown


def test_a_window_of_the_members_own_is_no_promise_of_ours(
    told: Told, cast: Any, member_client: Clients, as_agent: Any, at: Any
) -> None:
    case = told(TUESDAY_NOON, TUESDAY_5_PM + timedelta(days=60))
    for event in ("written_confirmation_asked", "address_changed"):
        start_clocks(
            by=as_agent(cast.priya),
            now=TUESDAY_NOON,
            case_id=case["case_id"],
            event=event,
            started_at=TUESDAY_NOON,
        )
    at(TUESDAY_NOON + timedelta(hours=1))
    shown = text_of(member_client(cast.maya).get(case["url"]))
    assert "What you can still do" in shown
    assert "Confirm in writing what you told us, until Wed, Dec 9" in shown
    assert "another card" not in shown and "Window" not in shown
    assert Promise.objects.filter(source="law").count() == 0
    at(datetime(2026, 12, 10, 5, 0, tzinfo=UTC))  # the second after, in New York
    shown = text_of(member_client(cast.maya).get(case["url"]))
    assert "Confirm in writing what you told us: that was possible until Wed, Dec 9" in shown
