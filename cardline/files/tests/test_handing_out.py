"""From a page to the bytes: by a link of a minute, from an origin that knows no cookie. Source: SR-22, SR-25, SR-56."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from PIL import Image, ImageFile

from cardline.audit.models import AuditEvent
from cardline.cases.models import Case
from cardline.config import file_door
from cardline.config.asgi import application
from cardline.files import links, shelf
from cardline.files.commands import open_file
from cardline.files.models import StoredFile
from cardline.files.pictures import MOST_PIXELS, NotDrawn, draw_anew
from cardline.files.queries import file_named
from cardline.files.refusals import NoFilesOrigin, NotHandedOut
from cardline.files.serving import answer_to
from cardline.files.sweeps import check_waiting
from cardline.files.tests import made
from cardline.files.tests.conftest import Give
from cardline.files.tests.edge import Answer, ask
from cardline.identity.commands import record_sign_out
from cardline.identity.models import User
from cardline.identity.queries import session_hash
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.refusals import NotThere
from cardline.staff.models import Agent
from cardline.staff.sessions import begin_session, end_all_sessions

BACKEND = "cardline.identity.backend.SignInBackend"
FILES = "127.0.0.1:8999"
Ready = Callable[..., StoredFile]


@pytest.fixture
def ready(give: Give, now: datetime) -> Ready:
    """A file of Maya's that was checked."""

    def add(data: bytes, name: str = "receipt.pdf") -> StoredFile:
        file = give(data, name)
        check_waiting(now)
        file.refresh_from_db()
        return file

    return add


def member_browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(member__pk=actor.member_id), backend=BACKEND)
    return client


def desk_browser(actor: Actor, now: datetime) -> Client:
    client = Client()
    client.force_login(Agent.objects.get(pk=actor.agent_id).user, backend=BACKEND)
    session = session_hash(client.session.session_key)
    begin_session(by=SYSTEM, now=now, agent_id=actor.agent_id, session=session, device="")
    return client


def said_in(answer: Any) -> str:
    """What the link says, of a page's answer that leads to a file."""
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}" == f"http://{FILES}"
    return parts.path.removeprefix(links.PATH)


def fetch(said: str, method: str = "GET") -> Answer:
    """Through the process's own door. It asks the database on a thread of its own; a test's transaction is on this
    one, so the answer is worked out here.
    """
    answer = answer_to(said if method in ("GET", "HEAD") else "")

    async def worked_out(work: Callable[[], Any]) -> Any:
        asked = work.args[0]  # type: ignore[attr-defined]
        assert asked == (said if method in ("GET", "HEAD") else "")
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(file_door.bridge, "in_pool", worked_out)
        return ask(application, f"{links.PATH}{said}", host=FILES, method=method)


# ---------------------------------------------------------------------------------------------- who gets it, and how


def test_its_member_saves_it(ready: Ready, maya: Actor) -> None:
    file = ready(made.PDF, "my receipt.pdf")
    got = fetch(said_in(member_browser(maya).get(f"/files/{file.token}")))
    assert (got.status, got.body) == (200, made.PDF)
    assert got.headers["content-disposition"] == 'attachment; filename="my receipt.pdf"'
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-length"] == str(len(made.PDF))


def test_nothing_is_ever_executed_or_drawn_where_it_comes_from(ready: Ready, maya: Actor) -> None:  # SR-56
    browser = member_browser(maya)
    for data, name in ((made.PDF, "a.pdf"), (made.TABLE, "a.csv"), (made.picture(), "a.jpg")):
        for look in ("", "?look"):
            got = fetch(said_in(browser.get(f"/files/{ready(data, name).token}{look}")))
            assert got.headers["x-content-type-options"] == "nosniff"
            assert got.headers["content-security-policy"].startswith("sandbox;")
            assert "default-src 'none'" in got.headers["content-security-policy"]
            assert got.headers["cache-control"] == "no-store" and "set-cookie" not in got.headers
            is_picture = name == "a.jpg" and look
            assert got.headers["content-disposition"].startswith("inline" if is_picture else "attachment")


def test_a_name_in_any_script_reaches_the_header_as_one_line(ready: Ready, maya: Actor) -> None:  # SR-48
    file = ready(made.PDF, 'recibo "niño"\r\nX: y.pdf')
    got = fetch(said_in(member_browser(maya).get(f"/files/{file.token}")))
    assert "\r" not in got.headers["content-disposition"] and "x" not in got.headers
    assert "filename*=utf-8''recibo" in got.headers["content-disposition"]


def test_an_agent_of_the_case_opens_it_and_the_look_is_recorded(
    ready: Ready, dana: Actor, now: datetime
) -> None:
    file = ready(made.PDF)
    got = fetch(said_in(desk_browser(dana, now).get(f"/desk/files/{file.token}")))
    assert (got.status, got.body) == (200, made.PDF)
    event = AuditEvent.objects.get(name="file.open")  # SR-25
    assert (event.actor, event.about) == (dana.key, f"file:{file.pk}")


def test_not_theirs_and_not_there_are_one_answer(  # SR-22
    ready: Ready, hannah: Actor, priya: Actor, now: datetime
) -> None:
    token = ready(made.PDF).token
    for browser, path in (
        (member_browser(hannah), "/files/"),
        (desk_browser(priya, now), "/desk/files/"),
        (desk_browser(priya, now), "/files/"),
    ):
        theirs, nothing = browser.get(path + token), browser.get(path + "f" * 32)
        assert theirs.status_code == nothing.status_code == 404
    assert (
        Client().get(f"/files/{token}").status_code == Client().get(f"/files/{'f' * 32}").status_code == 401
    )


@pytest.mark.parametrize("state", ["waiting", "quarantined", "refused"])
def test_what_is_not_clean_is_not_handed_out(ready: Ready, maya: Actor, now: datetime, state: str) -> None:
    file = ready(made.PDF)
    browser = member_browser(maya)
    said = said_in(browser.get(f"/files/{file.token}"))
    StoredFile.objects.update(state=state)
    assert browser.get(f"/files/{file.token}").status_code == 409
    assert fetch(said).status == 404  # a link from before, too
    with pytest.raises(NotHandedOut):
        open_file(by=maya, now=now, file_id=file.pk)


def test_a_guest_opens_none(ready: Ready, visitor: Actor) -> None:
    file = ready(made.PDF)
    with pytest.raises(NotThere):
        file_named(visitor, file.token)


# ----------------------------------------------------------------------------------------------------------- links


def test_a_link_ends_after_a_minute(ready: Ready, maya: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    said = said_in(member_browser(maya).get(f"/files/{ready(made.PDF).token}"))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 59)
    assert fetch(said).status == 200
    monkeypatch.setattr(time, "time", lambda: real() + 62)
    assert fetch(said).status == 404


def test_a_link_ends_when_its_person_signs_out(ready: Ready, maya: Actor, now: datetime) -> None:
    browser = member_browser(maya)
    said = said_in(browser.get(f"/files/{ready(made.PDF).token}"))
    record_sign_out(by=SYSTEM, now=now, session=session_hash(browser.session.session_key))
    assert fetch(said).status == 404


def test_a_link_ends_when_an_agent_no_longer_works_that_case(
    ready: Ready, dana: Actor, priya: Actor, now: datetime
) -> None:
    said = said_in(desk_browser(dana, now).get(f"/desk/files/{ready(made.PDF).token}"))
    Agent.objects.filter(pk=dana.agent_id).update(team=priya.team)
    Case.objects.update(owner=None)
    assert fetch(said).status == 404  # SR-24


def test_a_link_is_for_one_person_and_one_file(ready: Ready, maya: Actor, hannah: Actor) -> None:
    file, other = ready(made.PDF), ready(made.TABLE, "a.csv")
    browser = member_browser(maya)
    said = said_in(browser.get(f"/files/{file.token}"))
    value, _, seal = said.partition(":")
    forged = signing.dumps([other.token, "save", 1, "x"], salt="another").partition(":")[0]
    stranger = User.objects.get(member__pk=hannah.member_id).pk
    session = session_hash(browser.session.session_key)
    foreign = links.link_to(file.token, "save", stranger, session).rpartition("/")[2]
    answers = [
        fetch(one) for one in (said[:-1], forged + ":" + seal, value, "", "x" * 5_000, foreign, "%00", "a/b")
    ]
    assert {(one.status, one.body) for one in answers} == {(404, answers[0].body)}
    assert b"run out" in answers[0].body


def test_without_a_place_to_hand_them_out_it_says_so(ready: Ready, maya: Actor, settings: Any) -> None:
    file = ready(made.PDF)
    settings.CARDLINE_FILES_ORIGIN = ""
    with pytest.raises(NoFilesOrigin):
        links.link_to(file.token, "save", 1, "x")
    assert member_browser(maya).get(f"/files/{file.token}").status_code == 503


# ----------------------------------------------------------------------------------------------------- the origin


def test_nothing_else_is_answered_there_and_no_file_elsewhere(ready: Ready, maya: Actor, db: Any) -> None:
    said = said_in(member_browser(maya).get(f"/files/{ready(made.PDF).token}"))
    for path in ("/", "/sign-in", "/static/css/base.css", "/readyz", "/api/v1/openapi.json", "/f/"):
        assert ask(application, path, host=FILES).body == fetch("").body
    assert fetch(said, method="POST").status == 404
    assert fetch(said, method="HEAD").body == b""
    assert not file_door.is_files_origin({"headers": [(b"host", b"localhost:8000")]})
    assert not file_door.is_files_origin({"headers": []})


def test_where_no_origin_is_set_no_host_is_it(settings: Any) -> None:
    settings.CARDLINE_FILES_ORIGIN = ""
    assert not file_door.is_files_origin({"headers": [(b"host", b"")]})


def test_it_goes_out_in_parts(ready: Ready, maya: Actor) -> None:
    big = made.PDF[:-7] + made.noise(300_000) + b"\n%%EOF\n"
    got = fetch(said_in(member_browser(maya).get(f"/files/{ready(big).token}")))
    assert got.body == big and len(got.parts) > 4


def test_a_turned_bit_is_not_served(ready: Ready, maya: Actor) -> None:  # SR-80
    file = ready(made.PDF)
    said = said_in(member_browser(maya).get(f"/files/{file.token}"))
    shelf._place(file.token).write_bytes(made.PDF.replace(b"Catalog", b"Catalof"))
    assert fetch(said).status == 404
    file.refresh_from_db()
    assert (file.state, file.why) == ("refused", "damaged")


def test_bytes_that_are_gone_are_answered_like_an_old_link(ready: Ready, maya: Actor) -> None:
    file = ready(made.PDF)
    said = said_in(member_browser(maya).get(f"/files/{file.token}"))
    shelf.drop(file.token)
    assert answer_to(said).status == 404


# -------------------------------------------------------------------------------------------------------- pictures


def test_a_picture_is_drawn_anew(ready: Ready, maya: Actor) -> None:
    """What was in it beside the picture is gone: the place it was taken, a comment, what follows its end."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "the maker"
    exif[0x0112] = 6  # to be turned
    Image.new("RGB", (3_000, 100), "navy").save(out, "JPEG", exif=exif, comment=b"<script>alert(1)</script>")
    photo = out.getvalue() + b"and more"
    got = fetch(said_in(member_browser(maya).get(f"/files/{ready(photo, 'a.jpg').token}?look")))
    with Image.open(io.BytesIO(got.body)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (67, 2_000))
        assert not drawn.getexif()
    for gone in (b"the maker", b"script", b"and more"):
        assert gone in photo and gone not in got.body
    assert got.headers["content-type"] == "image/jpeg"


def test_a_picture_one_can_see_through_is_drawn_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(draw_anew(out))) as drawn:
        assert drawn.getpixel((1, 1)) == (255, 255, 255)


def test_a_picture_that_would_fill_the_memory_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOST_PIXELS, "PNG", 799)
    with pytest.raises(NotDrawn):
        draw_anew(io.BytesIO(made.picture("PNG", 40, 20)))


@pytest.mark.parametrize("data", [made.PDF, b"", made.picture("PNG")[:60], made.picture("JPEG")[:200]])
def test_what_cannot_be_drawn_says_so(data: bytes) -> None:
    with pytest.raises(NotDrawn):
        draw_anew(io.BytesIO(data))


def test_half_a_picture_is_not_shown_as_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as it is once a paper was made
    with pytest.raises(NotDrawn):
        draw_anew(io.BytesIO(made.picture("PNG")[:60]))


def test_a_picture_that_cannot_be_drawn_is_saved_instead(ready: Ready, maya: Actor, monkeypatch: Any) -> None:
    monkeypatch.setitem(MOST_PIXELS, "JPEG", 10)
    got = fetch(said_in(member_browser(maya).get(f"/files/{ready(made.picture(), 'a.jpg').token}?look")))
    assert got.headers["content-disposition"].startswith("attachment") and got.body == made.picture()


def test_an_agents_link_ends_with_their_session(ready: Ready, dana: Actor, now: datetime) -> None:
    browser = desk_browser(dana, now)
    said = said_in(browser.get(f"/desk/files/{ready(made.PDF).token}"))
    end_all_sessions(by=SYSTEM, now=now, agent_id=dana.agent_id)
    assert fetch(said).status == 404
