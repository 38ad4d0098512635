"""Visitors who have a reference, or a list of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cardline.api.tests.scene import unused_reference
from cardline.kit import limits
from cardline.kit.reference import show_reference
from tests.stories.telling import Desk, Told, words_of

pytestmark = pytest.mark.django_db

DISPUTE = "dispute.duplicate_charge"


def reference_of(page: str) -> str:
    return page.rpartition("/")[2]


def test_the_merchant_learns_a_state_and_a_date(told: Told, cast: Any, priya: Desk, mayas: Client) -> None:
    call = priya.call_from(cast.maya, DISPUTE)
    bakery, ref = Client(), reference_of(call.page)

    page = words_of(bakery.post("/track", {"reference": ref, "fact": "4471"}))
    assert ref in page
    for hers in ("Okafor", "Maya", "Priya", "Hello", "$"):
        assert hers not in page.replace("Hello, ", ""), hers
    assert bakery.get(f"/contacts/{ref}").status_code == 401
    told.stays_below(priya.actor, call.contact_id)
    with told.protected():
        assert mayas.get(f"/contacts/{ref}").status_code == 200  # with all of it, for her


def test_a_list_of_references_is_worth_nothing(told: Told, cast: Any, dana: Desk) -> None:
    call = dana.call_from(cast.maya)
    real, machine, pages = reference_of(call.page), Client(), set()
    for ref in (real, show_reference(unused_reference())):
        cache.clear()
        limits.forget()
        answer = machine.post("/track", {"reference": ref, "fact": "0000"})
        own = re.compile(rf"{re.escape(ref)}|{re.escape(answer.headers['X-Request-Id'])}")
        pages.add((answer.status_code, own.sub("", words_of(answer))))
    assert len(pages) == 1
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        tries = [
            machine.post("/track", {"reference": real, "fact": f"{n:04}"}).status_code for n in range(12)
        ]
        assert tries[-1] == 429 and 200 not in tries
