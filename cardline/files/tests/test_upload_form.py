"""A form with a file on its way in: on the disk, not in memory; and no other page takes one. Source: SR-44, SR-55."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import re
import tracemalloc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from cardline.cases.models import Case
from cardline.config import uploads
from cardline.config.pages import Pages
from cardline.config.urls import handler404, handler500
from cardline.config.urls import urlpatterns as pages
from cardline.files import shelf
from cardline.files.incoming import takes_files
from cardline.files.kinds import LARGEST, MIB
from cardline.files.models import StoredFile
from cardline.files.sweeps import check_waiting
from cardline.files.tests import made
from cardline.files.tests.edge import Answer, ask, form
from cardline.identity.models import User
from cardline.kit.actors import Actor
from cardline.kit.limits import Limit
from cardline.kit.reference import show_reference
from cardline.selfservice.views import files

__all__ = ["handler404", "handler500", "urlpatterns"]


@csrf_exempt
def told(request: HttpRequest) -> HttpResponse:
    """What came, as the view gets it."""
    file = request.FILES.get("file")
    return JsonResponse(
        {
            "word": request.POST.get("word", ""),
            "files": len(request.FILES),
            "size": file.size if file else 0,
            "sha256": getattr(file, "sha256", ""),
        }
    )


@csrf_exempt
def told_nothing(request: HttpRequest) -> HttpResponse:
    """A view of its own: takes_files marks the function it is given."""
    return told(request)


urlpatterns = [*pages, path("takes", takes_files(told)), path("takes-none", told_nothing)]
HERE = override_settings(ROOT_URLCONF=__name__)


def post(address: str, data: bytes, **more: Any) -> Answer:
    parts, headers = form(data, word="hello", **more)
    with HERE:
        return ask(Pages(threads=1), address, method="POST", parts=parts, headers=headers)


def left_behind(folder: Path) -> list[Path]:
    return [place for place in folder.rglob("*") if place.is_file()]


def test_a_file_of_25_mb_arrives_and_memory_does_not_grow_with_it(
    on_a_shelf_of_its_own: Path,
) -> None:  # SR-55
    data = b"x" * (LARGEST - 100)
    parts, headers = form(data, word="hello")
    tracemalloc.start()
    with HERE:
        answer = ask(Pages(threads=1), "/takes", method="POST", parts=parts, headers=headers)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status == 200 and f'"size": {len(data)}'.encode() in answer.body
    assert b'"word": "hello"' in answer.body
    assert most < 4 * MIB
    assert left_behind(on_a_shelf_of_its_own) == []


def test_its_hash_is_worked_out_on_the_way() -> None:
    assert hashlib.sha256(made.PDF).hexdigest().encode() in post("/takes", made.PDF).body


@pytest.mark.parametrize("size", [LARGEST + MIB, 2 * LARGEST])
def test_a_larger_one_is_refused_in_words_and_nothing_stays(on_a_shelf_of_its_own: Path, size: int) -> None:
    answer = post("/takes", bytes(size))
    assert answer.status == 413 and "25 MB" in answer.body.decode()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert left_behind(on_a_shelf_of_its_own) == []


def test_what_is_too_much_is_not_even_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    arriving = shelf.arriving

    def watched() -> Any:
        file: Any = arriving()
        file.write = lambda part: written.append(len(part))
        return file

    monkeypatch.setattr(shelf, "arriving", watched)
    monkeypatch.setattr(uploads, "MOST_BYTES", MIB)
    assert post("/takes", bytes(3 * MIB)).status == 413
    assert 0 < sum(written) <= MIB


def test_one_that_says_it_is_enormous_is_not_even_read() -> None:
    with HERE:
        headers = {"content-type": "multipart/form-data; boundary=border", "content-length": str(10**12)}
        answer = ask(Pages(threads=1), "/takes", method="POST", parts=[], headers=headers)
    assert answer.status == 413


def test_no_other_page_takes_more_than_it_did(on_a_shelf_of_its_own: Path) -> None:
    assert post("/takes-none", bytes(3 * MIB)).status == 413
    small = post("/takes-none", bytes(MIB))
    assert small.status == 200 and b'"files": 0' in small.body and b"hello" in small.body
    assert post("/nothing-here", bytes(3 * MIB)).status == 413
    assert left_behind(on_a_shelf_of_its_own) == []


def test_two_files_in_one_form_are_one() -> None:
    one, headers = form(made.PDF)
    two, _ = form(made.TABLE, "b.csv")
    body = one[0].removesuffix(b"--border--\r\n") + two[0]
    with HERE:
        answer = ask(
            Pages(threads=1),
            "/takes",
            method="POST",
            parts=[body],
            headers={**headers, "content-length": str(len(body))},
        )
    assert b'"files": 1' in answer.body


def test_a_browser_that_goes_away_leaves_nothing(on_a_shelf_of_its_own: Path) -> None:
    parts, headers = form(made.noise(200_000))
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": parts[0], "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/takes",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
    }
    with HERE:
        asyncio.run(Pages(threads=1)(scope, receive, send))
    assert sent == [] and left_behind(on_a_shelf_of_its_own) == [] and not uploads._arriving


def test_a_form_cut_off_in_the_middle_leaves_nothing(on_a_shelf_of_its_own: Path) -> None:
    parts, headers = form(made.noise(200_000))
    with HERE:
        answer = ask(Pages(threads=1), "/takes", method="POST", parts=parts[:1], headers=headers)
    assert answer.status in (200, 400)
    assert left_behind(on_a_shelf_of_its_own) == []


def test_a_form_that_is_broken_behind_its_file_leaves_nothing(on_a_shelf_of_its_own: Path) -> None:
    """Without waiting for Python to tidy up by itself."""
    parts, headers = form(made.noise(200_000))
    broken = b'--border\r\nContent-Disposition: form-data; name="' + b"x" * 3_000 + b'"\r\n\r\n'
    parts[-1] = parts[-1].removesuffix(b"--border--\r\n") + broken + b"\r\n--border--\r\n"
    headers["content-length"] = str(sum(len(part) for part in parts))
    gc.disable()
    try:
        with HERE:
            answer = ask(Pages(threads=1), "/takes", method="POST", parts=parts, headers=headers)
        assert answer.status == 400
        assert left_behind(on_a_shelf_of_its_own) == []
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "name", ["x" * 10_000 + ".pdf", "../../../etc/passwd", "", "\u202efdp.exe", "a%00b.pdf"]
)
def test_no_name_is_an_error(name: str) -> None:
    assert post("/takes", made.PDF, name=name).status in (200, 400)


@pytest.mark.parametrize("most", ["MOST_AT_ONCE", "MOST_AT_ONCE_FROM_ONE"])
def test_so_many_arrive_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    monkeypatch.setattr(uploads, most, 0)
    answer = post("/takes", made.PDF)
    assert answer.status == 503 and answer.headers["retry-after"]


def test_one_that_comes_too_slowly_is_given_up(
    monkeypatch: pytest.MonkeyPatch, on_a_shelf_of_its_own: Path
) -> None:
    monkeypatch.setattr(uploads, "MOST_SECONDS", 0.0)
    assert post("/takes", made.PDF).status == 503
    assert left_behind(on_a_shelf_of_its_own) == [] and not uploads._arriving


def test_a_full_disk_is_said_so_and_leaves_nothing(  # SR-69
    monkeypatch: pytest.MonkeyPatch, on_a_shelf_of_its_own: Path
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelf, "arriving", full)
    assert post("/takes", made.PDF).status == 503


# -------------------------------------------------------------------------------------------------- the case's page


@pytest.fixture
def browser(maya: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(member__pk=maya.member_id), backend="cardline.identity.backend.SignInBackend"
    )
    return client


@pytest.fixture
def page(case_id: int) -> str:
    return f"/contacts/{show_reference(Case.objects.get(pk=case_id).ref)}"


Send = Callable[..., Any]


@pytest.fixture
def send(browser: Client, page: str) -> Send:
    def add(data: bytes, name: str = "receipt.pdf", key: str = "form-key-0001") -> Any:
        return browser.post(f"{page}/files", {"key": key, "file": SimpleUploadedFile(name, data)})

    return add


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_form_adds_the_file_and_the_page_shows_it(send: Send, browser: Client, page: str) -> None:
    answer = send(made.PDF, "my receipt.pdf")
    assert answer.status_code == 302 and answer.headers["Location"] == f"{page}#files"
    shown = words(browser.get(page))
    for part in ("my receipt.pdf", "PDF", "77 bytes", "Being checked", "You added a file"):
        assert part in shown.replace("\xa0", " ")
    assert send(made.PDF, "my receipt.pdf").status_code == 302
    assert StoredFile.objects.count() == 1


def test_a_refused_file_is_told_in_words(send: Send) -> None:
    answer = send(b"MZ\x00\x01", "evil.pdf")
    assert answer.status_code == 422 and "Send a PDF, a photo" in words(answer)


def test_the_page_says_what_became_of_it(send: Send, browser: Client, page: str, now: datetime) -> None:
    send(b"3782 822463 10005", "a.txt", key="form-key-0001")
    send(made.picture(), "b.jpg", key="form-key-0002")
    check_waiting(now)
    shown = words(browser.get(page))
    assert "Held back: there is a card number or a code in it" in shown
    assert "We have it." in shown and "Look at it" in shown
    assert "3782" not in shown


def test_there_is_a_limit_for_each_address(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-44
    monkeypatch.setattr(files, "UPLOADS_BY_ADDRESS", Limit("uploads_by_address", 1, 3_600))
    assert send(made.PDF).status_code == 302
    answer = send(made.PDF, key="form-key-0002")
    assert answer.status_code == 429 and answer.headers["Retry-After"]


def test_a_closed_case_shows_its_files_and_takes_none(send: Send, browser: Client, page: str) -> None:
    send(made.PDF)
    Case.objects.update(state="closed")
    shown = browser.get(page)
    assert "receipt.pdf" in words(shown) and b'type="file"' not in shown.content
    assert send(made.PDF, key="form-key-0002").status_code == 409
