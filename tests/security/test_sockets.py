"""Who may open /live, what they may follow there, and how much they may send (SR-24, SR-43).

Against the real server on a port of its own: origins, cookies and frame sizes are its business as much as ours.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from cardline.api.tests.scene import signed_in_actor
from cardline.cases.models import Entry
from cardline.identity.commands import end_session
from cardline.identity.models import MemberSession
from cardline.identity.queries import session_hash
from cardline.kit import clock, limits
from cardline.kit.actors import SYSTEM
from cardline.kit.limits import Limit
from cardline.staff.commands import change_agent
from tests.security.world import World

pytestmark = pytest.mark.django_db(transaction=True)

CLOSES_WITHIN_SECONDS = 5  # SR-24


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """One server for this file, in a thread; without sweeps, which nothing here waits for."""
    from cardline.config.asgi import application

    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    config = uvicorn.Config(
        application, port=number, log_config=None, ws="websockets-sansio", ws_max_size=1 << 16, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("CARDLINE_ROLE", "web")
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield number
        server.should_exit = True
        thread.join(20)


@dataclass
class Screens:
    """Opens sockets as somebody's page would."""

    port: int
    world: World

    def open(self, who: str, *, origin: str | None = "own", cookie: str | None = None) -> ClientConnection:
        browser = self.world.people[who]
        sent = (
            cookie
            if cookie is not None
            else "; ".join(f"{m.key}={m.value}" for m in browser.cookies.values())
        )
        where = f"http://127.0.0.1:{self.port}" if origin == "own" else origin
        return connect(
            f"ws://127.0.0.1:{self.port}/live",
            origin=where,  # type: ignore[arg-type]
            additional_headers={"Cookie": sent} if sent else {},
            open_timeout=10,
        )


@pytest.fixture
def screens(world: World, port: int) -> Screens:
    return Screens(port, world)


def ask(screen: ClientConnection, **frame: Any) -> dict[str, Any]:
    screen.send(json.dumps(frame))
    return hear(screen)


def hear(screen: ClientConnection) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(screen.recv(timeout=10))
    return answer


def topic(case_id: int) -> str:
    return f"case:{case_id}"


def joined(screen: ClientConnection, case_id: int) -> list[dict[str, Any]]:
    """The lines that come before the word that it is joined."""
    screen.send(json.dumps({"join": topic(case_id), "after": 0}))
    lines = []
    while not (frame := hear(screen)).get("joined"):
        assert "refused" not in frame, frame
        lines.append(frame)
    return lines


# ---------------------------------------------------------------------------------------------------- at the door


def test_another_sites_page_is_turned_away(screens: Screens) -> None:  # SR-43
    for origin in (
        "https://evil.example",
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example",
        f"http://evil@127.0.0.1:{screens.port}",
        "null",
        "file://",
        "http://localhost",
    ):
        with pytest.raises(InvalidStatus) as refused:
            screens.open("member", origin=origin).close()
        assert refused.value.response.status_code == 403, origin


def test_a_visitor_without_a_session_is_turned_away(screens: Screens) -> None:  # SR-43
    for cookie in ("", "cardline_session=", "cardline_session=nonsense", "other=1"):
        with pytest.raises(InvalidStatus) as refused:
            screens.open("guest", cookie=cookie)
        assert refused.value.response.status_code == 403


def test_there_is_one_door(screens: Screens) -> None:
    for path in ("/", "/live/", "/desk"):
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{screens.port}{path}", open_timeout=10)


# ------------------------------------------------------------------------------------------- what may be followed


def test_each_follows_what_is_theirs_to_see(screens: Screens) -> None:  # SR-43
    case_id = screens.world.scene.case.pk
    allowed = {"member", "agent", "supervisor", "administrator"}
    for who in ("member", "other", "additional", "agent", "colleague", "supervisor", "administrator"):
        with screens.open(who) as screen:
            screen.send(json.dumps({"join": topic(case_id), "after": 10_000}))
            answer = hear(screen)
            assert answer.get("joined", False) is (who in allowed), who


def test_somebody_elses_topic_answers_as_one_that_is_not_there(screens: Screens) -> None:  # SR-22, SR-43
    case_id = screens.world.scene.case.pk
    with screens.open("other") as screen:
        for wanted in (
            topic(case_id),
            topic(2**40),
            "desk",
            "actor:agent:1",
            "revoked:member:1",
            "case:",
            "case:x",
            "",
        ):
            assert ask(screen, join=wanted, after=0) == {"topic": wanted, "refused": 404}


def test_a_members_screen_is_not_sent_what_is_for_colleagues(screens: Screens) -> None:
    case_id = screens.world.scene.case.pk
    hidden = set(Entry.objects.filter(case=case_id, visible=False).values_list("n", flat=True))
    assert hidden
    with screens.open("member") as screen:
        assert not hidden & {line["n"] for line in joined(screen, case_id)}
    with screens.open("agent") as screen:
        assert hidden <= {line["n"] for line in joined(screen, case_id)}


def test_nobody_speaks_in_somebody_elses_contact(screens: Screens) -> None:  # SR-43
    contact = f"contact:{screens.world.scene.contact.pk}"
    before = Entry.objects.count()
    with screens.open("other") as screen:
        theirs = ask(screen, send=contact, key="key-00000001", text="Let me in")
        missing = ask(screen, send="contact:1099511627776", key="key-00000001", text="Let me in")
    assert theirs == missing and theirs["status"] == 404
    assert Entry.objects.count() == before
    with screens.open("member") as screen:
        assert ask(screen, send=contact, key="key-00000001", text="It is me")["ack"] == "key-00000001"


def test_a_frame_that_means_nothing_is_said_to(screens: Screens) -> None:
    frames = [
        "",
        "x",
        "[]",
        "null",
        "5",
        "{}",
        '{"join": {}}',
        '{"send": [], "key": 5}',
        '{"join": "desk", "after": "x"}',
        "[" * 30_000,
    ]
    with screens.open("member") as screen:
        for frame in frames:
            screen.send(frame)
            assert hear(screen).keys() & {"error", "refused", "nack"}, frame[:40]
        assert ask(screen, ping=1)["pong"] == 1


# ------------------------------------------------------------------------------------------------------- how much


def test_one_message_has_its_limit(screens: Screens) -> None:  # SR-43
    with screens.open("member") as screen:
        assert ask(screen, ping="x" * (60 << 10))["pong"]
        screen.send(json.dumps({"ping": "x" * (65 << 10)}))
        assert closed_within(screen, 10) == 1009
    with screens.open("member") as screen:  # bytes count, not letters
        screen.send(json.dumps({"ping": "é" * (40 << 10)}, ensure_ascii=False))
        assert closed_within(screen, 10) == 1009


def test_too_many_messages_are_refused_with_the_time_to_wait(  # SR-44
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MESSAGES", Limit("messages", 3, 3_600))
    contact = f"contact:{screens.world.scene.contact.pk}"
    with screens.open("member") as screen:
        for n in range(3):
            assert "ack" in ask(screen, send=contact, key=f"limit-key-{n}", text="Hello")
        refused = ask(screen, send=contact, key="limit-key-3", text="Hello")
        assert (refused["nack"], refused["status"]) == ("limit-key-3", 429)
        assert 0 < refused["retry_after"] <= 3_600
        assert ask(screen, ping=1)["pong"] == 1


# ------------------------------------------------------------------------------------------- when rights change


def test_a_change_of_role_or_team_closes_the_screens(screens: Screens) -> None:  # SR-24
    dana = screens.world.cast.dana
    with screens.open("agent") as screen:
        assert ask(screen, join="desk")["joined"]
        change_agent(by=SYSTEM, now=clock.now(), agent_id=dana.pk, role="agent", team="disputes", active=True)
        assert closed_within(screen, CLOSES_WITHIN_SECONDS)
    with screens.open("agent") as screen:
        assert ask(screen, join=topic(screens.world.other_case.pk), after=10_000).get("refused", 0) in (
            0,
            404,
        )
        change_agent(
            by=SYSTEM, now=clock.now(), agent_id=dana.pk, role="agent", team="disputes", active=False
        )
        assert closed_within(screen, CLOSES_WITHIN_SECONDS)
    with pytest.raises(InvalidStatus):
        screens.open("agent").close()


def test_signing_out_closes_the_screens(screens: Screens) -> None:  # SR-24
    with screens.open("member") as screen:
        assert joined(screen, screens.world.scene.case.pk)
        screens.world.people["member"].post("/sign-out", {"key": "form-key-0001"})
        assert closed_within(screen, CLOSES_WITHIN_SECONDS)


def test_a_session_ended_on_another_device_closes_its_screens(screens: Screens) -> None:
    rosa = screens.world.cast.rosa  # SR-24, SR-37
    session = screens.world.people["member"].session.session_key
    gone = MemberSession.objects.get(session=session_hash(session))
    with screens.open("member") as screen:
        assert joined(screen, screens.world.scene.case.pk)
        end_session(by=signed_in_actor(rosa), now=clock.now(), session_id=gone.pk)
        assert closed_within(screen, CLOSES_WITHIN_SECONDS)
    with pytest.raises(InvalidStatus):
        screens.open("member").close()


def closed_within(screen: ClientConnection, seconds: float) -> int:
    """The code the server closed with."""
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            screen.recv(timeout=max(0.01, ends - time.monotonic()))
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006
    except TimeoutError:
        pass
    raise AssertionError(f"still open after {seconds} s")
