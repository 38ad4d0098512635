"""Supervisors read who looked at whose data, narrow it, take it away as a file, and settle what was unusual."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cardline.audit.commands import note_looks, watch_member
from cardline.audit.models import Alarm, AuditEvent, Home, View, Watched
from cardline.audit.queries import Which, views_which
from cardline.audit.rules import Look, Why
from cardline.conftest import new_member
from cardline.desk.tests.conftest import Chat
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.pagination import rows_after
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference

Client = Any


@pytest.fixture
def floor(cast: Any, ines: Actor, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.ines)


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


def looked(
    actor: Actor, member: Actor, case: int, ref: str = "7K429QM", why: Why = Why.CASE, reason: str = ""
) -> View:
    look = Look(member.member_id, case, ref, "case", why, ref, reason=clean(reason))
    note_looks(actor, [look])
    return View.objects.latest("id")


def table(page: str) -> str:
    return page.split('<table class="looks">')[1].split("</table>")[0] if "<table" in page else ""


def test_nobody_looked_yet(floor: Client) -> None:
    page = floor.get("/floor/views").content.decode()
    assert "Nobody has looked at a member’s data yet." in page and "No unusual look waits" in page


def test_the_list_says_who_whose_what_when_and_why(
    floor: Client, chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:  # SR-25
    agent_client(cast.dana).get(chat.page)
    rows = table(floor.get("/floor/views").content.decode())
    for words in ("Dana Whitfield", "Maya Okafor", chat.ref, "The case", f"In a conversation of {chat.ref}"):
        assert words in rows


def test_it_is_for_supervisors(
    cast: Any, dana: Actor, agent_client: Callable[..., Client], member_client: Callable[..., Client]
) -> None:  # SR-21
    for address in ("/floor/views", "/floor/views.csv"):
        assert agent_client(cast.dana).get(address).status_code == 403
        assert member_client(cast.maya).get(address).status_code == 404


def test_it_is_narrowed_by_colleague_member_day_and_reason(
    floor: Client, chat: Chat, dana: Actor, priya: Actor, maya: Actor
) -> None:
    ref = chat.ref.replace("-", "")
    other = new_member("Otto", "Else")
    looked(dana, maya, 1, ref)
    looked(priya, other, 2, why=Why.REASON, reason="A letter came back")
    old = looked(dana, other, 3)
    View.objects.filter(pk=old.pk).update(at=clock.machine_now() - timedelta(days=3))

    def names(**asked: Any) -> list[str]:
        rows = table(floor.get("/floor/views", asked).content.decode()).split("<tr>")[2:]
        return ["Dana" if "Dana" in row else "Priya" for row in rows]

    assert names() == ["Priya", "Dana", "Dana"]
    assert names(agent=priya.agent_id) == ["Priya"]
    assert names(ref=chat.ref) == ["Dana"]
    assert names(reason="1") == ["Priya"]
    day = (clock.machine_now() - timedelta(days=3)).astimezone().date()
    found = [names(day=str(day + timedelta(days=shift))) for shift in (-1, 0, 1)]
    assert sorted(map(len, found)) == [0, 0, 1]  # whichever day that is on the issuer's calendar
    page = floor.get("/floor/views", {"ref": "7K4-29QM"}).content.decode()
    assert "No member’s case has that reference" in page and table(page) == ""
    assert "A letter came back" in table(floor.get("/floor/views", {"reason": "1"}).content.decode())


def test_a_day_is_the_issuers_from_midnight_to_midnight(ines: Actor, dana: Actor, maya: Actor) -> None:
    zone = current_profile().zone
    midnight = datetime(2026, 11, 20, tzinfo=zone)
    for case, at in enumerate((midnight - timedelta(seconds=1), midnight, midnight + timedelta(days=1))):
        view = looked(dana, maya, case)
        View.objects.filter(pk=view.pk).update(at=at)
    found = views_which(ines, Which(day=midnight.date()), zone)
    assert [view.at for view in found] == [midnight]


@pytest.mark.parametrize("asked", [{"agent": "x"}, {"agent": "9" * 30}, {"day": "tomorrow"}, {"older": "zz"}])
def test_what_cannot_be_read_narrows_nothing(
    floor: Client, dana: Actor, maya: Actor, asked: dict[str, str]
) -> None:
    looked(dana, maya, 1)
    answer = floor.get("/floor/views", asked)
    assert answer.status_code == 200 and "Maya Okafor" in table(answer.content.decode())


def test_pages_follow_each_other_without_a_gap_though_looks_arrive(
    floor: Client, dana: Actor, maya: Actor
) -> None:
    for case in range(120):
        looked(dana, maya, case)
    View.objects.update(at=clock.machine_now())  # all at one instant: the id decides
    seen: list[str] = []
    url = "/floor/views"
    while url:
        answer = floor.get(url)
        seen += [str(row) for row in answer.context["rows"]]
        url = "/floor/views" + answer.context["older"] if answer.context["older"] else ""
        looked(dana, maya, 500 + len(seen))
    assert len(seen) == 120


def test_a_page_reads_an_index_and_no_more_for_more_looks(
    floor: Client, dana: Actor, maya: Actor, django_assert_max_num_queries: Any
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(40) as queries:
            floor.get("/floor/views")
        return len(queries)

    looked(dana, maya, 1)
    asked()  # the first request of a session marks that it is in use
    few = asked()
    for case in range(2, 40):
        looked(dana, maya, case)
    assert asked() == few


@pytest.mark.parametrize(
    ("which", "index"),
    [
        (Which(), "views_by_time"),
        (Which(agent=1), "views_of_agent"),
        (Which(member=1), "views_of_member"),
        (Which(with_reason=True), "views_with_a_reason"),
    ],
)
def test_each_filter_reads_along_an_index(ines: Actor, which: Which, index: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("an empty table is read whole there")
    rows = views_which(ines, which, current_profile().zone)
    plan = rows_after(rows, ("-at", "-id"), None)[:51].explain()
    assert index in plan and "TEMP B-TREE" not in plan


def test_the_file_holds_what_the_page_shows_and_calculates_nothing(
    floor: Client, dana: Actor, maya: Actor
) -> None:  # SR-48, SR-93
    looked(dana, maya, 1, why=Why.REASON, reason='=HYPERLINK("http://x.example";"y")')
    answer = floor.get("/floor/views.csv")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "When" and row[1] == "Dana Whitfield" and row[3] == "Maya Okafor"
    assert row[-1].startswith("'=")
    assert '"rows":1' in AuditEvent.objects.get(name="views.export").detail


def test_a_file_of_more_than_fifty_members_takes_two_people(floor: Client, dana: Actor) -> None:  # SR-26
    for n in range(51):
        looked(dana, new_member("M", f"Number{n}"), n)
    assert floor.get("/floor/views.csv").status_code == 403
    assert not AuditEvent.objects.filter(name="views.export").exists()
    View.objects.latest("id").delete()
    assert floor.get("/floor/views.csv").status_code == 200


def test_an_alarm_stands_on_the_floor_until_a_supervisor_says_what_they_found(
    floor: Client, dana: Actor, ines: Actor, maya: Actor
) -> None:  # SR-27
    watch_member(by=ines, now=clock.now(), member_id=maya.member_id, on=True)
    assert "unusual" not in floor.get("/floor/now").content.decode()
    looked(dana, maya, 1)
    board = floor.get("/floor/now").content.decode()
    assert "1 unusual look" in board and "Maya" not in board  # DESIGN 4: no name on the wall
    page = floor.get("/floor/views").content.decode()
    assert "Dana Whitfield looked at a member who is watched: Maya Okafor." in page
    address = f"/floor/views/alarms/{Alarm.objects.get().pk}"
    empty = floor.post(address, {"note": " ", "key": "form-key-0001"})
    assert empty.status_code == 422 and "Write what you found" in empty.content.decode()
    floor.post(address, {"note": "Asked her: a call back", "key": "form-key-0002"})
    page = floor.get("/floor/views").content.decode()
    assert "Asked her: a call back" in page and "No unusual look waits" in page
    assert "unusual" not in floor.get("/floor/now").content.decode()


def test_ones_own_alarm_is_for_another_supervisor(floor: Client, ines: Actor, maya: Actor) -> None:  # SR-27
    watch_member(by=ines, now=clock.now(), member_id=maya.member_id, on=True)
    looked(ines, maya, 1)
    assert "This one is about you." in floor.get("/floor/views").content.decode()
    address = f"/floor/views/alarms/{Alarm.objects.get().pk}"
    assert floor.post(address, {"note": "Fine", "key": "form-key-0001"}).status_code == 403


def test_a_member_is_watched_and_no_longer_by_a_press(
    floor: Client, chat: Chat, maya: Actor
) -> None:  # SR-27
    assert "Watch this member" in floor.get("/floor/views", {"ref": chat.ref}).content.decode()
    floor.post("/floor/views/watched", {"ref": chat.ref, "on": "1", "key": "form-key-0001"})
    assert Watched.objects.get().member_id == maya.member_id
    assert "Stop watching" in floor.get("/floor/views", {"ref": chat.ref}).content.decode()
    floor.post("/floor/views/watched", {"ref": chat.ref, "on": "0", "key": "form-key-0002"})
    assert not Watched.objects.exists()


def test_where_a_colleague_lives_is_kept_and_shown_to_nobody(floor: Client, dana: Actor) -> None:
    sent = {"agent": str(dana.agent_id), "address": "12 Elm Street, Albany", "key": "form-key-0001"}
    answer = floor.post("/floor/views/homes", sent, follow=True).content.decode()
    assert "Kept." in answer and "Elm" not in answer
    floor.post("/floor/views/homes", {**sent, "address": "", "key": "form-key-0002"})
    assert not Home.objects.exists()
    assert floor.post("/floor/views/homes", {**sent, "agent": "0", "key": "form-key-0003"}).status_code == 404


def test_what_a_key_read_is_listed_as_a_system(floor: Client, maya: Actor) -> None:
    note_looks(
        Actor(Kind.API, "7", name="Bridge"),
        [Look(maya.member_id, 1, "7K429QM", "lines", Why.API, "7K429QM")],
    )
    rows = table(floor.get("/floor/views").content.decode())
    assert "A system of ours, key 7" in rows and show_reference("7K429QM") in rows
