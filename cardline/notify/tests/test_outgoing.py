"""What one part of the product has us send to one member: asked for, carried, tried again, given up on, once."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cardline.issuer.embedded.tests.house import in_command
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.worker import work_through_outbox
from cardline.notify.models import Outgoing
from cardline.notify.outgoing import send

pytestmark = pytest.mark.django_db

# Two in the afternoon in New York, where Maya lives.
NOON = datetime.fromisoformat("2026-11-23T19:00:00+00:00")
NUMBER, ADDRESS = "+12125550142", "maya.okafor@example.com"
CODE = {"code": "481516", "action": "sign_in"}
CHANGED = {"kind": "phone", "link": "/not-me/abc"}


def say(member: Actor, template: str, values: dict[str, str], **how: Any) -> int:
    told = {"channel": "text", "to": NUMBER, "now": NOON, **how}
    return int(
        in_command(by=SYSTEM, now=told["now"], what=lambda: send(member.member_id, template, values, **told))
    )


def say_code(member: Actor, **how: Any) -> int:
    return say(member, "code", CODE, secret=True, **how)


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.CARDLINE_TEXTS, settings.CARDLINE_LETTERS = str(tmp_path / "texts"), str(tmp_path / "letters")
    settings.CARDLINE_DEMO = True
    return tmp_path


def texts(folder: Path) -> list[dict[str, str]]:
    return [json.loads(file.read_text()) for file in sorted((folder / "texts").glob("[!.]*.json"))]


def test_a_code_becomes_one_text(maya: Actor, folders: Path) -> None:
    row_id = say_code(maya)
    for _ in range(2):
        work_through_outbox()
    row = Outgoing.objects.get(pk=row_id)
    assert [one["text"] for one in texts(folders)] == [
        "481516 is your American Express code to sign in. We never ask for it: tell nobody."
        " It works for 10 minutes."
    ]
    assert (row.state, row.values, row.tries, row.to) == ("sent", {}, 1, NUMBER)
