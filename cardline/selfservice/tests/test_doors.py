"""A need that our own pages settle leads there from its plan, and nowhere where the core lacks the part."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cardline.issuer import core
from cardline.issuer.core import Part
from cardline.needs.catalogue import need
from cardline.selfservice import doors


def test_each_door_is_of_a_need_there_is() -> None:
    for need_id in doors._DOORS:
        assert need(need_id).id == need_id


def test_each_door_opens_for_a_member(db: None, cast: Any, member_client: Any) -> None:
    maya: Client = member_client(cast.maya)
    for need_id in doors._DOORS:
        door = doors.door_of(need_id)
        assert door is not None, need_id
        assert f'href="{door.url}"' in maya.get(f"/get-help/{need_id}").content.decode(), need_id
        assert maya.get(door.url).status_code == 200, door.url


def test_a_need_with_a_conversation_of_its_own_leads_there(cast: Any, member_client: Any) -> None:
    maya: Client = member_client(cast.maya)
    door = doors.door_of("lost_stolen.unfreeze")
    assert door is not None and door.url == "/do/lost-stolen-unfreeze"
    assert f'href="{door.url}"' in maya.get("/get-help/lost_stolen.unfreeze").content.decode()
    assert maya.get(door.url).status_code == 200


@pytest.mark.parametrize(
    ("need_id", "part"),
    [
        ("payment.make", Part.PAYMENTS),
        ("payment.statement", Part.STATEMENTS),
        ("rewards.redeem", Part.REWARDS),
    ],
)
def test_a_part_the_core_lacks_has_no_door(need_id: str, part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lacking:
        offers = frozenset(Part) - {part}

    monkeypatch.setattr(core.protocol, "_core", Lacking())
    assert doors.door_of(need_id) is None
    assert doors.door_of("card_access.activate") is not None


def test_what_only_a_person_can_do_has_none() -> None:
    assert doors.door_of("payment.hardship") is None
