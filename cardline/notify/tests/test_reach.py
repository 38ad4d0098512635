"""Where a message can go, and where never: numbers, addresses, and what somebody tries to hide in one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cardline.conftest import NOON
from cardline.kit.actors import Actor
from cardline.members.models import ContactPoint, Member
from cardline.notify.reach import tidy_place, ways_to


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("+1 212 555 0142", "+12125550142"),
        ("(212) 555-0142", "+12125550142"),
        ("1-212-555-0142", "+12125550142"),
        ("+34 600 00 00 00", "+34600000000"),
        ("555-0142", ""),
        ("+0 212 555 0142", ""),
        ("+1 212 555 0142 x3", ""),
        ("+1212555\n0142", ""),
        ("+1212555\u20280142", ""),
        ("+١٢١٢٥٥٥٠١٤٢", ""),
        ("", ""),
    ],
)
def test_numbers(typed: str, place: str) -> None:
    assert tidy_place("text", typed) == place


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (" maya@example.com ", "maya@example.com"),
        ("maya@example.com\nBcc: x@example.com", ""),
        ("maya@example.com\r", "maya@example.com"),  # around it, a break is a space like any other
        ("maya@example.com,x@example.com", ""),
        ("Maya <maya@example.com>", ""),
        ("maya\x00@example.com", ""),
    ],
)
def test_addresses_of_mail(typed: str, place: str) -> None:  # SR-48
    assert tidy_place("email", typed) == place


def test_lines_of_a_letter() -> None:
    assert tidy_place("letter", "1 Elm St, New York, NY 10001") == "1 Elm St, New York, NY 10001"
    assert tidy_place("letter", "1 Elm St\n=cmd()") == "" == tidy_place("letter", "x" * 201)


@pytest.mark.django_db
def test_what_they_prefer_comes_first_then_what_is_newest(maya: Actor) -> None:
    member = Member.objects.get(pk=maya.member_id)
    points = [
        ("phone", "+12125550101", 900, False), ("phone", "+12125550102", 800, False),
        ("phone", "+12125550103", 1000, True), ("phone", "not a number", 1, False), ("post", "1 Elm St", 900, False),
        ("email", "maya@example.com", 900, False),
    ]  # fmt: skip
    for kind, value, days, preferred in points:
        since = NOON - timedelta(days=days)
        ContactPoint.objects.create(member=member, kind=kind, value=value, since=since, preferred=preferred)
    assert ways_to(member, ("email", "text", "letter")) == [
        ("text", "+12125550103"), ("email", "maya@example.com"), ("text", "+12125550102"), ("text", "+12125550101"),
        ("letter", "1 Elm St"),
    ]  # fmt: skip
