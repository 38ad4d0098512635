"""The desk's lists: what is in them for whom, in which order, at what cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.desk.queries import counts_for, inbox
from cardline.desk.ranges import COUNTED_TO, shown_count
from cardline.desk.tests.conftest import DISPUTE, Chat
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.pagination import BadCursor
from cardline.kit.redact import clean
from cardline.kit.reference import new_reference
from cardline.members.models import Member
from cardline.promises.commands import do_promise, take_promise
from cardline.promises.sweeps import sweep


def names(found: Any) -> list[str]:
    return [row.subject for row in found.rows]


def many_cases(member: Member, queue: str, n: int, *, owner: int | None = None) -> None:
    """Rows as a busy year leaves them, due one minute after the other."""
    now = clock.now()
    Case.objects.bulk_create(
        Case(
            ref=new_reference(),
            member=member,
            need=DISPUTE,
            subject=f"Case {i}",
            queue=queue,
            owner_id=owner,
            opened_at=now,
            updated_at=now,
            attention_at=now + timedelta(minutes=i),
        )
        for i in range(n)
    )


def test_a_chat_waits_for_the_team_of_its_queue(
    chat_of: Callable[..., Chat], maya: Actor, dana: Actor, priya: Actor, ines: Actor
) -> None:
    chat_of(maya)
    assert names(inbox(dana, "waiting")) == ["I left my card at a bakery"]
    assert names(inbox(priya, "waiting")) == []
    assert names(inbox(ines, "waiting")) == ["I left my card at a bakery"]


def test_whoever_waits_longest_is_first(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> None:
    chat_of(maya, "Second", minutes_ago=2)
    chat_of(maya, "First", minutes_ago=8.5)
    found = inbox(dana, "waiting")
    assert names(found) == ["First", "Second"]
    assert found.rows[0].due == "waits 9 min"
    assert [row.tone for row in found.rows] == ["soon", "soon"]


def test_what_one_took_is_theirs_and_nobody_waits_for_it(
    chat_of: Callable[..., Chat], maya: Actor, dana: Actor
) -> None:
    chat_of(maya, agent=dana)
    assert names(inbox(dana, "mine")) == ["I left my card at a bakery"]
    assert names(inbox(dana, "waiting")) == []


def test_a_message_shows_until_when_we_promised_to_answer(
    chat_of: Callable[..., Chat], maya: Actor, dana: Actor
) -> None:
    chat_of(maya, "By message", message=True, minutes_ago=40)
    row = inbox(dana, "waiting").rows[0]
    assert (row.icon, row.tone) == ("message", "soon")
    assert row.due.endswith("left")


def test_a_broken_promise_is_late_for_supervisors_until_it_is_done(
    chat_of: Callable[..., Chat], promise_of: Callable[..., int], maya: Actor, dana: Actor, ines: Actor
) -> None:
    chat = chat_of(maya, agent=dana)
    promise_of(dana, chat, due_at=clock.now() + timedelta(minutes=10))
    assert names(inbox(dana, "promises")) == ["Call you back"]
    later = clock.now() + timedelta(hours=2, minutes=10)
    sweep(later)
    row = inbox(ines, "late", now=later).rows[0]
    assert (row.subject, row.due, row.tone) == ("Call you back", "2 hours late", "late")
    assert counts_for(ines)["late"] == 1
    assert "late" not in counts_for(dana)
    assert inbox(dana, "late", now=later).view == "mine"


def test_what_only_the_supervisors_owe_any_more_is_not_mine(
    chat_of: Callable[..., Chat], promise_of: Callable[..., int], maya: Actor, dana: Actor, ines: Actor
) -> None:
    chat = chat_of(maya, agent=dana)
    late = promise_of(dana, chat, due_at=clock.now() + timedelta(minutes=10))
    sweep(clock.now() + timedelta(hours=2))
    assert counts_for(dana)["promises"] == 0
    assert counts_for(dana)["mine"] == 1, "the chat goes on"
    Contact.objects.filter(pk=chat.contact_id).update(state=Contact.State.ENDED, ended_at=clock.now())
    assert names(inbox(dana, "mine")) == []
    assert names(inbox(dana, "all")) != []
    take_promise(by=ines, now=clock.now() + timedelta(hours=2), promise_id=late)
    assert counts_for(dana)["mine"] == 0
    do_promise(by=ines, now=clock.now() + timedelta(hours=3), promise_id=late, evidence=clean("Called her"))
    assert counts_for(dana)["mine"] == 1, "it is Dana's to close"


def test_an_agent_sees_their_queues_and_what_is_in_their_hands(
    cast: Any, dana: Actor, priya: Actor, ines: Actor
) -> None:
    many_cases(cast.maya, "card_protection", 3)
    many_cases(cast.maya, "disputes", 2, owner=dana.agent_id)
    assert len(inbox(dana, "all").rows) == 5
    assert len(inbox(priya, "all").rows) == 2
    assert len(inbox(ines, "all").rows) == 5
    assert len(inbox(dana, "all", filters={"queue": "disputes"}).rows) == 2
    assert len(inbox(ines, "all", filters={"owner": dana.agent_id}).rows) == 2
    assert len(inbox(ines, "all", filters={"need": "rewards.balance"}).rows) == 0


def test_pages_follow_each_other_without_a_gap_across_queues(cast: Any, ines: Actor, dana: Actor) -> None:
    many_cases(cast.maya, "card_protection", 60)
    many_cases(cast.maya, "disputes", 60, owner=dana.agent_id)
    for actor in (ines, dana):
        seen, cursor = [], None
        while True:
            page = inbox(actor, "all", cursor)
            seen += [row.key for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 120
        assert len(page.rows) == 20


def test_a_cursor_of_another_list_is_refused(cast: Any, dana: Actor) -> None:
    many_cases(cast.maya, "card_protection", 60)
    cursor = inbox(dana, "all").next_cursor
    with pytest.raises(BadCursor):
        inbox(dana, "waiting", cursor)


@pytest.mark.parametrize("view", ["mine", "waiting", "promises", "late", "all"])
def test_a_page_is_two_queries_however_many_cases_there_are(
    cast: Any,
    ines: Actor,
    chat_of: Callable[..., Chat],
    promise_of: Callable[..., int],
    maya: Actor,
    view: str,
) -> None:
    many_cases(cast.maya, "card_protection", 120, owner=ines.agent_id)
    chat = chat_of(maya, agent=ines)
    promise_of(ines, chat)
    chat_of(maya)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        inbox(ines, view)
    assert len(asked) == 2


def test_counting_stops_at_a_hundred(cast: Any, dana: Actor) -> None:
    many_cases(cast.maya, "card_protection", 130)
    assert counts_for(dana)["all"] == COUNTED_TO
    assert shown_count(COUNTED_TO) == "99+"
    assert shown_count(99) == "99"


def plan_of(ask: Callable[[], object]) -> str:
    """How SQLite would carry out the queries, in its own words."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    steps = []
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps += [row[3] for row in cursor.fetchall()]
    return "\n".join(steps)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plan")
@pytest.mark.parametrize(
    ("who", "view", "filters"),
    [
        ("dana", "mine", {}),
        ("dana", "all", {}),
        ("ines", "all", {}),
        ("ines", "all", {"queue": "disputes"}),
        ("ines", "all", {"owner": 1}),
        ("dana", "all", {"queue": "card_protection", "need": DISPUTE}),
    ],
)
def test_no_list_reads_a_whole_table(
    cast: Any, dana: Actor, ines: Actor, who: str, view: str, filters: dict[str, Any]
) -> None:
    many_cases(cast.maya, "card_protection", 300)
    many_cases(cast.maya, "disputes", 300, owner=dana.agent_id)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    actor = {"dana": dana, "ines": ines}[who]
    plan = plan_of(lambda: inbox(actor, view, filters=filters))
    for table in ("cases_case", "contact_contact", "promises_promise"):
        assert f"SCAN {table}\n" not in plan + "\n"
    assert "inbox_of_" in plan


def test_lists_do_not_slow_down_with_the_number_of_waiting(cast: Any, dana: Actor) -> None:
    """The partial index of what waits holds nothing of what has ended."""
    assert connection.vendor != "sqlite" or "contacts_waiting" in plan_of(lambda: inbox(dana, "waiting"))
    assert Contact.objects.count() == 0


def test_the_page_of_the_list_answers(
    agent_client: Callable[..., Any], cast: Any, chat_of: Callable[..., Chat], maya: Actor, dana: Actor
) -> None:
    chat = chat_of(maya)
    client = agent_client(cast.dana)
    page = client.get("/desk?view=waiting").content.decode()
    assert chat.page in page
    assert "Maya Okafor" in page
    fresh = client.get("/desk/items?view=waiting").content.decode()
    assert chat.page in fresh
    assert 'data-count="1">1 waits for somebody</span>' in fresh
    assert '<span id="desk-clock" hx-swap-oob="innerHTML">' in fresh


@pytest.mark.parametrize("older", ["x", "e30", "a" * 2000])
def test_a_cursor_nobody_gave_out_shows_the_first_page(
    agent_client: Callable[..., Any], cast: Any, dana: Actor, older: str
) -> None:
    assert agent_client(cast.dana).get("/desk", {"older": older}).status_code == 200


def test_what_is_due_is_said_in_few_words(cast: Any) -> None:
    from cardline.desk.dues import of_promise

    now = datetime.fromisoformat("2026-11-24T15:00:00+00:00")  # a Tuesday, 10 am in New York
    said = {
        timedelta(minutes=-12): ("12 minutes late", "late"),
        timedelta(minutes=18): ("18 minutes left", "soon"),
        timedelta(hours=11): ("by 9 pm", "promise-due"),
        timedelta(days=6): ("Mon", "promise-due"),
        timedelta(days=17): ("Fri, Dec 11", "promise-due"),
    }
    for after, (words, tone) in said.items():
        due = of_promise(now + after, now)
        assert (due.words, due.tone) == (words, tone)
