"""The page of a case's legal clocks: the dates, their reasons and history, and the two forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.contact.commands import attach_contact
from cardline.desk.clocks import clocks_page
from cardline.desk.dues import of_promise
from cardline.desk.tests.conftest import Chat
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.promises.legal.commands import start_clocks
from cardline.promises.models import ClockChange, LegalClock, Promise

Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


@pytest.fixture
def client(cast: Any, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.dana)


def local(days_ago: float) -> str:
    return f"{(clock.now() - timedelta(days=days_ago)).astimezone(current_profile().zone):%Y-%m-%dT%H:%M:%S}"


def started(dana: Actor, chat: Chat, event: str = "application_received") -> LegalClock:
    now = clock.now()
    made = start_clocks(
        by=dana, now=now, case_id=chat.case_id, event=event, started_at=now - timedelta(days=2)
    )
    return LegalClock.objects.get(pk=made["clocks"][0])


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return str(page.content.decode())


def test_what_happened_starts_a_clock_from_the_page(chat: Chat, client: Client) -> None:
    page = text_of(client, f"{chat.page}/clocks")
    assert "None has started in this case." in page and "moon" not in page
    form = {"event": "debit_error_noticed", "started": local(2), "new_account": "1"}
    answer = client.post(f"{chat.page}/clocks", form)
    assert answer.status_code == 302 and answer["Location"] == f"{chat.page}/clocks"
    row = LegalClock.objects.get()
    assert row.rule == "e.investigate" and row.params == {"new_account": True}
    page = text_of(client, f"{chat.page}/clocks")
    assert "12 CFR 1005.11(c)(1), (c)(3)(i)" in page and "Count 20 business days" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"event": "", "started": "2026-01-05T12:00"}, "can&#x27;t be read"),
        ({"event": "application_received", "started": "2026-02-30T12:00"}, "Choose a day and a time."),
        ({"event": "application_received", "started": "2099-01-01T12:00"}, "something that has happened"),
        ({"event": "credit_error_noticed", "started": "2026-01-05T12:00"}, "needs the parameter closings"),
        (
            {"event": "credit_error_noticed", "started": "2026-01-05T12:00", "closings": "2026-02-30"},
            "cannot be worked out: closings",
        ),
    ],
)
def test_what_cannot_start_comes_back_as_it_was_typed(
    chat: Chat, client: Client, typed: dict[str, str], said: str
) -> None:
    answer = client.post(f"{chat.page}/clocks", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and f'value="{typed["started"]}"' in page
    assert not LegalClock.objects.exists()


def test_a_correction_shows_what_stood_before_and_why(chat: Chat, client: Client, dana: Actor) -> None:
    row = started(dana, chat)
    address = f"{chat.page}/clocks/{row.pk}"
    before = row.due_on
    answer = client.post(address, {"started": local(1), "rule": row.rule, "reason": " "})
    assert answer.status_code == 422 and "write down why" in answer.content.decode()
    answer = client.post(address, {"started": local(1), "rule": row.rule, "reason": "The date stamp says so"})
    assert answer.status_code == 302 and answer["Location"].endswith(f"/clocks#clock-{row.pk}")
    row.refresh_from_db()
    assert row.due_on == before + timedelta(days=1) and ClockChange.objects.get().due_on == before
    page = text_of(client, f"{chat.page}/clocks")
    assert "“The date stamp says so”" in page and f"by {dana.name}" in page


def test_the_case_says_where_the_date_comes_from_and_offers_no_other(
    chat: Chat, client: Client, dana: Actor
) -> None:
    row = started(dana, chat)
    page = text_of(client, chat.page)
    assert "Decide on your application and tell you" in page and "12 CFR 1002.9(a)(1)(i)" in page
    assert f"{chat.page}/clocks#clock-{row.pk}" in page
    promise = Promise.objects.get(clock=row)
    assert f"/desk/promises/{promise.pk}/fulfilment" in page
    assert f"/desk/promises/{promise.pk}/replacement" not in page
    assert f"/desk/promises/{promise.pk}/replacement" not in text_of(client, "/desk/promises?whose=team")


def test_a_window_stands_apart_from_tasks(chat: Chat, client: Client, dana: Actor) -> None:
    started(dana, chat, "address_changed")
    page = text_of(client, f"{chat.page}/clocks")
    assert "never shortened" in page and "act by <b>" not in page


def test_a_calendar_that_changed_since_is_said(chat: Chat, dana: Actor) -> None:
    row = started(dana, chat)
    LegalClock.objects.filter(pk=row.pk).update(due_on=row.due_on + timedelta(days=1))
    [shown] = clocks_page(dana, chat.ref, clock.now()).clocks
    assert shown.today and shown.today != shown.due


def test_a_list_shows_the_day_to_act_by_and_late_only_past_the_due_day() -> None:
    now = clock.now()
    due, act_by = now + timedelta(days=2), now + timedelta(minutes=10)
    assert of_promise(due, now, act_by) == of_promise(act_by, now)
    assert of_promise(due, now + timedelta(hours=1), act_by).tone == "soon"
    assert of_promise(due, now + timedelta(days=3), act_by).tone == "late"


def test_a_colleague_of_another_team_finds_nothing(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], dana: Actor
) -> None:
    row, priya = started(dana, chat), agent_client(cast.priya)
    assert priya.get(f"{chat.page}/clocks").status_code == 404
    assert priya.post(f"{chat.page}/clocks", {"event": "application_received"}).status_code == 404
    assert priya.post(f"{chat.page}/clocks/{row.pk}", {"started": local(9)}).status_code == 404
    assert not ClockChange.objects.exists()


def test_a_clock_of_another_case_is_not_corrected_here(
    chat: Chat, client: Client, dana: Actor, maya: Actor, chat_of: Callable[..., Chat]
) -> None:
    other = chat_of(maya, agent=dana)
    row = started(dana, other)
    assert client.post(f"{chat.page}/clocks/{row.pk}", {"started": local(9)}).status_code == 404


def test_lists_of_work_go_by_the_day_to_act_by(
    chat: Chat, client: Client, dana: Actor, promise_of: Callable[..., int]
) -> None:
    """What is due on a Sunday is worked on before it: above what is due on the Saturday in between."""
    now = clock.now()
    Promise.objects.filter(clock=started(dana, chat)).update(
        owner=dana.agent_id, due_at=now + timedelta(days=9), act_by_at=now + timedelta(days=5)
    )
    promise_of(dana, chat, "Call you back", due_at=now + timedelta(days=7))
    for address in ("/desk/promises?whose=mine", "/desk?view=promises"):
        page = text_of(client, address)
        assert page.index("Decide on your application") < page.index("Call you back"), address


def test_a_clock_goes_where_its_conversation_goes(
    chat: Chat, dana: Actor, maya: Actor, chat_of: Callable[..., Chat]
) -> None:
    now, other = clock.now(), chat_of(maya, agent=dana)
    start_clocks(
        by=dana,
        now=now,
        case_id=chat.case_id,
        event="application_received",
        started_at=now,
        contact_id=chat.contact_id,
    )
    attach_contact(by=dana, now=now, contact_id=chat.contact_id, to_case_id=other.case_id)
    row = LegalClock.objects.select_related("promise").get()
    assert row.promise is not None and (row.case_id, row.promise.case_id) == (other.case_id, other.case_id)
