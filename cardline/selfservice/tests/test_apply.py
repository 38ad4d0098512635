"""Applying for a card, a question at a time, and looking the application up (SR-34, SR-41, SR-44)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cardline.issuer import core
from cardline.issuer.core import ApplicationState as State
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import day_of
from cardline.kit import clock
from cardline.kit.limits import LOOK_UPS, Limit
from cardline.kit.reference import new_reference, show_reference
from cardline.selfservice.apply import draft, status, views
from cardline.selfservice.apply.page import application_page

pytestmark = pytest.mark.django_db

NAME = {"given_name": "Nora", "family_name": "Lindqvist"}
BORN = {"month": "5", "day": "17", "year": "1990"}
TICKED = {"agree_true": "on", "agree_checks": "on", "agree_electronic": "on"}
Clients = Callable[..., Client]


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def guest() -> Client:
    return Client()


def apply(browser: Client, product: str = "everyday") -> Any:
    browser.post(f"/apply/{product}/name", NAME)
    browser.post(f"/apply/{product}/birth", BORN)
    return browser.post(f"/apply/{product}/review", TICKED)


@pytest.fixture
def sent(guest: Client) -> str:
    """The reference of an application of Nora's."""
    apply(guest)
    return str(rows.Application.objects.get().reference)


def look(reference: str, **born: str) -> Any:
    return Client().post("/apply/status", {"reference": reference, **(born or BORN)})


# ------------------------------------------------------------------------------------------------ which card


def test_every_open_product_is_there_in_the_issuer_s_words(guest: Client) -> None:
    answer = guest.get("/apply")
    shown = read(answer)
    for words in ("Everyday Card", "No yearly fee", "Travel Card", "Household Card"):
        assert words in shown
    assert "Company Card" not in shown  # not open
    assert "Sample data." in shown
    assert 'href="/apply/travel/name"' in answer.content.decode()
    assert 'href="/benefits?product=travel"' in answer.content.decode()


@pytest.mark.parametrize("path", ["none/name", "company/name", "everyday/nothing", "Everyday Card/name"])
def test_what_cannot_be_applied_for_is_no_page(guest: Client, path: str) -> None:
    assert guest.get(f"/apply/{path}").status_code == 404
    assert guest.post(f"/apply/{path}", NAME).status_code == 404


# ------------------------------------------------------------------------------------------------ the questions


def test_three_questions_lead_to_a_receipt_and_no_address_says_anything(guest: Client) -> None:
    steps = [
        guest.post("/apply/everyday/name", NAME),
        guest.post("/apply/everyday/birth", BORN),
        guest.post("/apply/everyday/review", TICKED),
    ]
    assert [one.status_code for one in steps] == [302] * 3
    assert [one["Location"] for one in steps] == [
        "/apply/everyday/birth",
        "/apply/everyday/review",
        "/apply/receipt",
    ]
    row = rows.Application.objects.get()
    assert (row.given_name, row.born, row.customer) == ("Nora", date(1990, 5, 17), None)
    shown = read(guest.get("/apply/receipt"))
    assert show_reference(row.reference) in shown and "Everyday Card" in shown
    assert "We will tell you our decision, or what is missing" in shown


def test_the_review_shows_what_will_be_sent_and_each_answer_can_be_changed(guest: Client) -> None:
    guest.post("/apply/everyday/name", NAME)
    guest.post("/apply/everyday/birth", BORN)
    shown = guest.get("/apply/everyday/review")
    assert "Nora Lindqvist" in read(shown) and "May 17, 1990" in read(shown)
    assert 'value="Nora"' in guest.get("/apply/everyday/name").content.decode()
    assert 'value="1990"' in guest.get("/apply/everyday/birth").content.decode()
    guest.post("/apply/everyday/name", {**NAME, "given_name": "Norah"})
    assert "Norah Lindqvist" in read(guest.get("/apply/everyday/review"))
    assert not rows.Application.objects.exists()


def test_a_question_that_was_left_out_is_asked_first(guest: Client) -> None:
    assert guest.get("/apply/everyday/review")["Location"] == "/apply/everyday/name"
    assert guest.post("/apply/everyday/review", TICKED)["Location"] == "/apply/everyday/name"
    guest.post("/apply/everyday/name", NAME)
    assert guest.get("/apply/everyday/review")["Location"] == "/apply/everyday/birth"


def test_a_double_press_sends_one_application(guest: Client) -> None:
    """The second press left with the cookie of the first."""
    guest.post("/apply/everyday/name", NAME)
    guest.post("/apply/everyday/birth", BORN)
    twin = Client()
    twin.cookies[draft.COOKIE] = guest.cookies[draft.COOKIE].value
    for browser in (guest, twin):
        assert browser.post("/apply/everyday/review", TICKED)["Location"] == "/apply/receipt"
    assert rows.Application.objects.count() == 1
    assert read(guest.get("/apply/receipt")) == read(twin.get("/apply/receipt"))


def test_after_the_receipt_the_form_is_empty_again(guest: Client, sent: str) -> None:
    assert guest.get("/apply/everyday/review")["Location"] == "/apply/everyday/name"
    assert "Nora" not in guest.get("/apply/everyday/name").content.decode()
    apply(guest)
    assert rows.Application.objects.count() == 2


def test_two_cards_are_two_applications(guest: Client) -> None:
    guest.post("/apply/everyday/name", NAME)
    guest.post("/apply/everyday/birth", BORN)
    kept = guest.cookies[draft.COOKIE].value
    guest.post("/apply/everyday/review", TICKED)
    guest.cookies[draft.COOKIE] = kept
    guest.post("/apply/travel/review", TICKED)
    assert {row.product for row in rows.Application.objects.all()} == {"Everyday Card", "Travel Card"}


def test_a_line_that_is_not_ticked_keeps_the_application_here(guest: Client) -> None:
    guest.post("/apply/everyday/name", NAME)
    guest.post("/apply/everyday/birth", BORN)
    answer = guest.post("/apply/everyday/review", {"agree_true": "on"})
    assert answer.status_code == 422
    assert "Tick this as well: You may check my details with a credit bureau to decide." in read(answer)
    assert re.search(r'name="agree_true"[^>]*checked', answer.content.decode())
    assert not rows.Application.objects.exists()


@pytest.mark.parametrize(
    ("given", "family", "kept"),
    [
        ("", "Suharto", "Suharto"),
        ("Zoë", "O’Brien-Łukasz", "Zoë O’Brien-Łukasz"),
        ("美玲", "王", "美玲 王"),
        ("ليلى", "حسن", "ليلى حسن"),
        ("Ana\u0000\r\n", " de  la\tCruz ", "Ana de la Cruz"),
        ("\u202eNora\u202c", "Lindqvist", "Nora Lindqvist"),
        ("N" * 80, "L" * 80, f"{'N' * 80} {'L' * 80}"),
    ],
)
def test_a_name_of_any_script_is_taken(guest: Client, given: str, family: str, kept: str) -> None:
    assert guest.post("/apply/everyday/name", {"given_name": given, "family_name": family}).status_code == 302
    guest.post("/apply/everyday/birth", BORN)
    assert kept in read(guest.get("/apply/everyday/review"))
    guest.post("/apply/everyday/review", TICKED)
    row = rows.Application.objects.get()
    assert f"{row.given_name} {row.family_name}".strip() == kept


@pytest.mark.parametrize(
    ("given", "family", "said"),
    [
        ("Nora", "", "Write your name as it stands on your papers."),
        ("Nora", " \u200b ", "Write the name with its letters."),
        ("Nora", "\x01\x02", "Write your name as it stands on your papers."),
        ("Nora", "12345", "Write the name with its letters."),
        ("Nora", "3782 822463 10005", "This looks like a card number."),
        ("4111 1111 1111 1111", "Lindqvist", "This looks like a card number."),
        ("N" * 81, "Lindqvist", "at most 80 characters"),
    ],
)
def test_what_is_no_name_is_told_and_stays_typed(guest: Client, given: str, family: str, said: str) -> None:
    answer = guest.post("/apply/everyday/name", {"given_name": given, "family_name": family})
    assert answer.status_code == 422
    assert said in read(answer)
    assert draft.COOKIE not in answer.cookies


@pytest.mark.parametrize(
    ("month", "day", "year", "said"),
    [
        ("", "", "", "Give month, day and year of your birth."),
        ("5", "17", "", "Give month, day and year of your birth."),
        ("2", "30", "1990", "There is no such day."),
        ("2", "29", "2001", "There is no such day."),
        ("5", "0", "1990", "There is no such day."),
        ("5", "x", "1990", "Write the day as a number, like 17."),
        ("5", "17", "90", "Write the year with four digits, like 1990."),
        ("5", "١٧", "1990", "Write the day as a number, like 17."),
        ("5", "-1", "1990", "Write the day as a number, like 17."),
        ("5", "9" * 5000, "1990", "Write the day as a number, like 17."),
        ("5", "17", "1890", "Nobody can be born on that day."),
        ("5", "17", "2190", "Nobody can be born on that day."),
        ("5", "17", "0000", "There is no such day."),
        ("13", "17", "1990", "is not one of the available choices"),
    ],
)
def test_a_day_that_cannot_be_is_told(guest: Client, month: str, day: str, year: str, said: str) -> None:
    guest.post("/apply/everyday/name", NAME)
    answer = guest.post("/apply/everyday/birth", {"month": month, "day": day, "year": year})
    assert answer.status_code == 422
    assert said in read(answer)


def test_whoever_is_too_young_is_told_kindly_from_when_on(guest: Client) -> None:
    guest.post("/apply/everyday/name", NAME)
    today = day_of(clock.now())
    young = today.replace(year=today.year - 18, day=1) + timedelta(days=40)
    typed = {"month": str(young.month), "day": str(young.day), "year": str(young.year)}
    answer = guest.post("/apply/everyday/birth", typed)
    assert answer.status_code == 422
    assert "You can apply once you are 18, on" in read(answer)
    assert guest.get("/apply/everyday/review")["Location"] == "/apply/everyday/birth"


# ------------------------------------------------------------------------------------------------ who applies


def test_a_member_is_not_asked_for_a_name_we_hold(cast: Any, member_client: Clients) -> None:
    maya = member_client(cast.maya)
    assert maya.get("/apply/everyday/name")["Location"] == "/apply/everyday/birth"
    maya.post("/apply/everyday/birth", BORN)
    assert "Maya Okafor" in read(maya.get("/apply/everyday/review"))
    maya.post("/apply/everyday/review", {**TICKED, "given_name": "Else"})
    row = rows.Application.objects.get()
    assert row.given_name == "Maya" and row.customer is not None
    shown = read(maya.get("/apply/receipt"))
    case = re.search(r"In “My contacts” (\S+)", shown)
    assert case
    record = read(maya.get(f"/contacts/{case[1]}"))
    assert "Your application is with us." in record and show_reference(row.reference) in record
    assert f"You applied: Everyday Card. Your application is {show_reference(row.reference)}" in record
    assert "this is done" not in record


def test_what_one_person_typed_another_one_in_the_same_browser_does_not_see(
    cast: Any, member_client: Clients
) -> None:
    maya = member_client(cast.maya)
    maya.post("/apply/everyday/birth", BORN)
    left_behind = maya.cookies[draft.COOKIE].value
    luis = member_client(cast.luis)
    luis.cookies[draft.COOKIE] = left_behind
    assert luis.get("/apply/everyday/review")["Location"] == "/apply/everyday/birth"
    visitor = Client()
    visitor.cookies[draft.COOKIE] = left_behind
    assert visitor.get("/apply/everyday/review")["Location"] == "/apply/everyday/name"


OF_AN_EARLIER_RELEASE = signing.dumps({"who": "guest", "nick": "N"}, salt=draft.SALT)
OF_ANOTHER_PAGE = signing.dumps({"who": "guest", "seed": "s", "family_name": "N"}, salt="other")


@pytest.mark.parametrize(
    "value",
    ["", "x", "a:b:c", OF_ANOTHER_PAGE, OF_AN_EARLIER_RELEASE],
    ids=["empty", "a letter", "three parts", "of another page", "of an earlier release"],
)
def test_a_cookie_that_we_did_not_write_is_nothing(guest: Client, value: str) -> None:
    guest.cookies[draft.COOKIE] = value
    assert guest.get("/apply/everyday/review")["Location"] == "/apply/everyday/name"
    assert guest.get("/apply/receipt")["Location"] == "/apply/status"


def test_the_cookie_is_closed_to_scripts_and_gone_after_half_an_hour(guest: Client) -> None:
    kept = guest.post("/apply/everyday/name", NAME).cookies[draft.COOKIE]
    assert (kept["httponly"], kept["samesite"], kept["path"], kept["max-age"]) == (True, "Lax", "/", 1800)


def test_a_colleague_does_not_apply_at_the_desk(cast: Any, agent_client: Clients) -> None:
    dana = agent_client(cast.dana)
    assert dana.get("/apply").status_code == 200
    assert dana.post("/apply/everyday/name", NAME).status_code == 403


# ------------------------------------------------------------------------------------------------ limits


def test_one_address_cannot_apply_for_a_crowd(guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "APPLICATIONS", Limit("applications", 2, 3_600))
    assert [apply(guest).status_code for _ in range(3)] == [302, 302, 429]
    assert rows.Application.objects.count() == 2


def test_nor_can_many_addresses_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "APPLICATIONS_IN_ALL", Limit("applications_in_all", 2, 3_600))
    answers = [apply(Client(REMOTE_ADDR=f"10.0.3.{number}")).status_code for number in range(3)]
    assert answers == [302, 302, 429]


# ------------------------------------------------------------------------------------------------ a silent core


@pytest.fixture
def lost() -> Iterator[set[str]]:
    """A core whose answers to the named calls do not come."""
    names: set[str] = set()
    real = core.current_core()

    class Silent:
        offers = real.offers

        def __getattr__(self, name: str) -> Any:
            if name in names:
                return _never_answers
            return getattr(real, name)

    core.use_core(Silent())
    yield names
    core.use_core(real)


def _never_answers(*args: Any, **kwargs: Any) -> None:
    raise core.CoreUnknown("timed out")


def test_silence_is_told_as_asked_and_asking_again_is_the_same_press(guest: Client, lost: set[str]) -> None:
    lost.add("apply")
    answer = apply(guest)
    assert answer.status_code == 503 and "Asked, not confirmed yet" in read(answer)
    again = re.findall(r'name="(agree_\w+)" value="on"', answer.content.decode())
    assert set(again) == set(TICKED)
    lost.clear()
    assert guest.post("/apply/everyday/review", TICKED)["Location"] == "/apply/receipt"
    assert rows.Application.objects.count() == 1


def test_the_receipt_shows_the_reference_whatever_the_core_says(
    guest: Client, sent: str, lost: set[str]
) -> None:
    lost.add("application")
    shown = read(guest.get("/apply/receipt"))
    assert show_reference(sent) in shown and "The application is with us all the same." in shown


def test_a_look_up_without_an_answer_keeps_what_was_typed(sent: str, lost: set[str]) -> None:
    lost.add("application")
    answer = look(sent)
    assert answer.status_code == 503
    assert "Try again in a minute." in read(answer) and sent in answer.content.decode()


def test_a_core_without_applications_has_no_such_pages(guest: Client) -> None:
    real = core.current_core()

    class Small:
        offers: frozenset[core.Part] = frozenset()

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    core.use_core(Small())
    try:
        for path in ("/apply", "/apply/everyday/name", "/apply/receipt", "/apply/status"):
            assert guest.get(path).status_code == 404
        assert 'href="/apply"' not in guest.get("/get-help/apply.new_card").content.decode()
    finally:
        core.use_core(real)


# ------------------------------------------------------------------------------------------------ where it stands


def test_reference_and_day_of_birth_show_state_and_next_day(sent: str) -> None:
    answer = look(show_reference(sent).lower())
    shown = read(answer)
    assert answer.status_code == 200
    assert "We have your application." in shown and show_reference(sent) in shown
    assert "Since" in shown and "30 days left" in shown


def test_every_miss_answers_alike(sent: str) -> None:  # SR-34
    unknown = new_reference()
    answers, asked = [], set()
    for reference, day in ((sent, "18"), (unknown, "17"), (unknown, "18")):
        with CaptureQueriesContext(connection) as questions:
            answer = look(reference, **{**BORN, "day": day})
        asked.add(len(questions))
        plain = read(answer).replace(answer["X-Request-Id"], "")
        answers.append((answer.status_code, plain))
    assert len(set(answers)) == 1 and answers[0][0] == 422
    assert len(asked) == 1


def test_nothing_of_who_applied_is_shown(sent: str) -> None:
    shown = re.sub(r"<form.*?</form>", "", look(sent).content.decode(), flags=re.DOTALL)
    for secret in ("Nora", "Lindqvist", "1990"):
        assert secret not in shown


def test_a_wrong_check_character_is_told_before_anything_is_looked_up(sent: str) -> None:
    assert "Check for 0 and 8." in read(look("7K4-29Q8"))


@pytest.mark.parametrize("reference", ["", " ", "\x00", "7" * 4000, "<script>"])
def test_an_odd_reference_is_a_miss(reference: str) -> None:
    assert look(reference).status_code == 422


def test_the_reference_itself_has_a_limit(sent: str) -> None:  # SR-44
    for number in range(LOOK_UPS.most):
        typed = {"reference": sent, "month": "1", "day": str(1 + number), "year": "1980"}
        Client(REMOTE_ADDR=f"10.0.0.{number}").post("/apply/status", typed)
    answer = Client(REMOTE_ADDR="10.0.1.1").post("/apply/status", {"reference": sent, **BORN})
    assert answer.status_code == 429


def test_an_address_and_all_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(LOOK_UPS.most):
        look(new_reference())
    assert look(new_reference()).status_code == 429
    monkeypatch.setattr(status, "LOOK_UPS_IN_ALL", Limit("look_ups_in_all_of_a_test", 1, 3_600))
    answers = [
        Client(REMOTE_ADDR=f"10.0.2.{n}").post("/apply/status", {"reference": new_reference(), **BORN})
        for n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [422, 429]


def test_the_calendar_file_is_for_whoever_knows_both_facts(sent: str) -> None:
    typed = {"reference": sent, **BORN}
    answer = Client().post("/apply/status.ics", typed)
    assert answer["Content-Type"].startswith("text/calendar")
    file = answer.content.decode().replace("\r\n ", "")
    assert "SUMMARY:American Express: We will tell you our decision" in file
    assert "T235959" in file and show_reference(sent) in file
    assert Client().post("/apply/status.ics", {**typed, "day": "18"}).status_code == 404
    assert Client().post("/apply/status.ics", {}).status_code == 404
    assert Client().get("/apply/status.ics").status_code == 405
    rows.Application.objects.update(next_on=date(2020, 1, 1))
    assert Client().post("/apply/status.ics", typed).status_code == 404
    rows.Application.objects.update(state=State.DECLINED, next_on=None)
    assert Client().post("/apply/status.ics", typed).status_code == 404


NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DAY = date(2026, 12, 11)


def standing(state: State, *, next_on: date | None = DAY, since: datetime = NOW) -> Any:
    found = core.Application("7K429QM", "Everyday Card", state, since, since, next_on)
    return application_page(found, NOW, "en")


@pytest.mark.parametrize(
    ("state", "headline", "line", "promise"),
    [
        (State.SUBMITTED, "We have your application.", "need not do anything", "or what is missing"),
        (State.INCOMPLETE, "Something is missing.", "here by Fri, Dec 11, 2026", ""),
        (State.COMPLETE, "Everything is here", "need not do anything", "We will tell you our decision"),
        (State.APPROVED, "is approved", "send it to you by mail", "We will order your card"),
        (State.COUNTEROFFER, "another offer", "open until Fri, Dec 11, 2026", ""),
        (State.CARD_ORDERED, "card is ordered", "by mail by Fri, Dec 11, 2026", ""),
        (State.DECLINED, "could not approve", "until Sat, Jan 23, 2027; we answer within 30 days", ""),
        (State.EXPIRED, "has ended", "apply again", ""),
        (State.WITHDRAWN, "You withdrew", "apply again", ""),
    ],
)
def test_each_state_is_said_in_words(state: State, headline: str, line: str, promise: str) -> None:
    page = standing(state, next_on=None if state in ("declined", "expired", "withdrawn") else DAY)
    assert headline in page.headline
    assert line in " ".join(page.lines)
    assert promise in (page.promise.sentence if page.promise else "")
    assert (page.letters is not None) == (state == State.INCOMPLETE)
    for reason in ("score", "income", "credit history", "because"):
        assert reason not in f"{page.headline} {' '.join(page.lines)}".lower()


def test_a_missing_paper_has_an_address(sent: str) -> None:
    rows.Application.objects.update(state=State.INCOMPLETE)
    shown = read(look(sent))
    assert "P.O. Box 981535" in shown and "on every sheet" in shown


@pytest.mark.parametrize("state", list(State))
def test_a_core_that_names_no_day_leaves_none_out_of_a_sentence(state: State) -> None:
    page = standing(state, next_on=None)
    assert page.lines and not page.promise and not page.has_day
    assert " by ." not in " ".join(page.lines) and "until ." not in " ".join(page.lines)


def test_a_day_we_missed_is_red_and_says_what_to_do() -> None:
    page = standing(State.SUBMITTED, next_on=date(2026, 11, 20), since=NOW - timedelta(days=34))
    assert page.promise.state == "late" and "Call us" in page.promise.line
    assert not page.lines and not page.has_day and not any(step.when.startswith("by") for step in page.steps)
    overdue = standing(State.CARD_ORDERED, next_on=date(2026, 11, 20))
    assert "It should have come by Fri, Nov 20, 2026." in overdue.lines[0]


def test_reasons_can_be_asked_for_sixty_days() -> None:
    late = standing(State.DECLINED, next_on=None, since=NOW - timedelta(days=61))
    assert len(late.lines) == 1


# ------------------------------------------------------------------------------------------------ the way here


def test_the_plans_and_the_tracking_page_lead_here(guest: Client) -> None:
    assert 'href="/apply"' in guest.get("/get-help/apply.new_card").content.decode()
    assert 'href="/apply/status"' in guest.get("/get-help/apply.status").content.decode()
    assert 'href="/apply/status"' in guest.get("/track").content.decode()
    assert 'href="/benefits"' in guest.get("/get-help/benefit.insurance_lounge").content.decode()
