"""What a key reads of a member stands in the log, as a colleague's look does (SR-93)."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.api.models import ApiKey
from cardline.api.tests.scene import Caller, Scene
from cardline.audit.commands import forget_marks
from cardline.audit.models import AuditEvent, View

pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db]


def test_every_read_of_a_members_data_is_a_look(issuer: Caller, scene: Scene, cast: Any) -> None:  # SR-93
    paths = {
        "/cases": "cases",
        f"/cases/{scene.ref}": "case",
        f"/cases/{scene.ref}/entries": "lines",
        f"/cases/{scene.ref}/promises": "promises",
        f"/contacts/{scene.contact.pk}": "case",
        f"/contacts/{scene.contact.pk}/messages": "lines",
        "/promises": "promises",
    }
    key = f"api:{ApiKey.objects.get().pk}"
    for path, page in paths.items():
        forget_marks()
        View.objects.all().delete()
        assert issuer.get(path).status_code == 200
        row = View.objects.get()
        assert (row.member_id, row.page, row.why, row.agent_id) == (cast.rosa.pk, page, "api", None), path
    assert AuditEvent.objects.filter(name="member.viewed", actor=key).count() == len(paths)


def test_one_call_and_the_next_are_one_look(issuer: Caller, scene: Scene) -> None:
    for _ in range(3):
        issuer.get(f"/cases/{scene.ref}")
    assert View.objects.count() == 1


def test_a_system_that_shows_a_member_their_own_is_marked_as_that(for_rosa: Caller, scene: Scene) -> None:
    for_rosa.get(f"/cases/{scene.ref}")
    assert View.objects.get().why == "member"


def test_what_is_not_there_is_no_look(issuer: Caller, scene: Scene) -> None:
    assert issuer.get(f"/cases/{scene.nowhere}").status_code == 404
    assert not View.objects.exists()
