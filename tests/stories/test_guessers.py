"""People who know something about somebody, and people who try until something fits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.models import Guesses
from cardline.kit import clock
from cardline.members.models import ContactPoint, Member
from tests.stories.telling import Desk, Told, card_of, is_frozen, words_of

pytestmark = pytest.mark.django_db

DISPUTE, PAYMENT = "dispute.duplicate_charge", "payment.make"


def test_the_husband_who_moved_out_knows_what_is_over(told: Told, cast: Any, dana: Desk) -> None:
    where_they_lived = cast.maya.postal_code
    Member.objects.filter(pk=cast.maya.pk).update(postal_code="10001")
    call = dana.call_from(cast.maya)

    for knows in ("April 9, 1984", "Adeyemi"):
        dana.on(call, "facts", name="Maya Okafor", fact=knows)
    assert "The check failed" in dana.hears(call, "Maya Adaeze Okafor", where_they_lived)
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        page = dana.reads(dana.call_from(cast.maya))
        assert "3 checks went wrong, over all channels. 2 left before a lock" in page
        for said in (where_they_lived, "1984", "Adeyemi"):
            assert said not in page


def test_agent_after_agent_is_one_count(
    told: Told, cast: Any, dana: Desk, priya: Desk, jonah: Desk, mayas: Client
) -> None:
    tries = [
        (dana, dana.call_from(cast.maya), ("12208", "12209")),
        (priya, priya.call_from(cast.maya, DISPUTE), ("12210", "12211")),
        (jonah, jonah.call_from(cast.maya, PAYMENT), ("12212",)),
    ]
    for desk, call, postal_codes in tries:
        for one in postal_codes:
            desk.on(call, "facts", name="Maya Okafor", fact=one)

    again = dana.call_from(cast.maya)
    assert "Five checks went wrong" in dana.hears(again, "Maya Okafor", cast.maya.postal_code)
    for desk, call, _ in (*tries, (dana, again, ())):
        told.stays_below(desk.actor, call.contact_id)
    with told.protected():
        mayas.post(f"/cards/{card_of(cast.maya)}/freeze", {"key": "she-freezes-it"})
        assert is_frozen(cast.maya)


def test_five_wrong_guesses_of_an_enemy_leave_the_owner_everything(
    told: Told, cast: Any, dana: Desk, mayas: Client, phone: ContactPoint
) -> None:
    enemy = dana.call_from(cast.maya)
    for n in range(MOST_WRONG):
        dana.on(enemy, "facts", name="Maya Okafor", fact=f"{n:04}")
    told.stays_below(dana.actor, enemy.contact_id)
    assert "Nothing can be guessed until" in dana.reads(enemy)

    with told.protected():
        card, evening = card_of(cast.maya), dana.call_from(cast.maya)
        assert mayas.get("/home").status_code == 200
        mayas.post(f"/cards/{card}/freeze", {"key": "she-freezes-it"})
        dana.on(evening, "call-back", point=phone.pk)
        assert "Verified, level 2 of 3" in dana.reads(evening)
        dana.on(evening, f"cards/{card}/unfreeze")
        assert not is_frozen(cast.maya)
        Guesses.objects.update(locked_until=clock.machine_now() - timedelta(seconds=1))  # half an hour later
        assert "level 1 of 3" in dana.hears(dana.call_from(cast.maya), "Maya Okafor", "4471")
    told.stays_below(dana.actor, enemy.contact_id)


def test_the_finder_can_freeze_the_card_and_no_more(told: Told, cast: Any, dana: Desk, mayas: Client) -> None:
    card, call = card_of(cast.maya), dana.call_from(cast.maya)
    assert "Verified, level 1 of 3" in dana.hears(call, "MAYA OKAFOR", "4471")
    dana.on(call, f"cards/{card}/freeze")
    assert dana.on(call, f"cards/{card}/unfreeze").status_code == 403
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        assert is_frozen(cast.maya)
        assert "Frozen since" in words_of(mayas.get("/cards"))  # and she reads so


def test_the_grandson_hears_nothing_of_her_charges(told: Told, cast: Any, dana: Desk) -> None:
    call = dana.call_from(cast.rosa)
    assert "The check failed" in dana.hears(call, "Rosa Lindqvist", f"{date(1941, 6, 2):%m/%d/%Y}")
    assert "Verified, level 1 of 3" in dana.hears(call, "Rosa Lindqvist", "3390")
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        page = dana.reads(call)
        assert "Level 2 is needed to" in page and "Call back a number on file" in page
        assert dana.on(call, f"cards/{card_of(cast.rosa)}/unfreeze").status_code == 403
