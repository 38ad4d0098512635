"""What a telephone proves, and what it does not; and people who have nothing but a telephone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.identity.tests.phones import Texts
from cardline.kit import clock, plugs
from cardline.members.models import ContactPoint
from tests.stories.telling import Desk, Told, card_of, is_frozen, words_of

pytestmark = pytest.mark.django_db

ELSEWHERE = "a new card to another address"  # what nobody gets without strong proof


def number_of(member: Any, value: str, *, days: int, kind: str = "phone") -> ContactPoint:
    """Another contact point, on file for so many days."""
    since = clock.now() - timedelta(days=days)
    return ContactPoint.objects.create(member=member, kind=kind, value=value, since=since)


def test_a_member_of_five_days_is_verified_by_the_number_she_joined_with_alone(
    told: Told, cast: Any, dana: Desk, texts: Texts, phone: ContactPoint
) -> None:
    joined = clock.now() - timedelta(days=5)
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(since=joined.date())
    ContactPoint.objects.filter(pk=phone.pk).update(since=joined)
    of_yesterday = number_of(cast.maya, "+1 212 555 0199", days=1)
    call = dana.call_from(cast.maya)

    dana.on(call, "code", point=of_yesterday.pk)
    assert texts.sent == []
    assert dana.on(call, "call-back", point=of_yesterday.pk).status_code == 404
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        dana.on(call, "code", point=phone.pk)
        assert "Verified, level 2 of 3" in dana.hears_code(call, texts.code)


def test_a_telephone_of_two_proves_neither(told: Told, cast: Any, dana: Desk, texts: Texts) -> None:
    wall = "+1 512 555 0134"
    for one in (cast.tomasz, cast.agata):
        one.points.filter(kind="phone").delete()
    his = number_of(cast.tomasz, wall, days=900)
    number_of(cast.agata, "(512) 555-0134", days=900)
    call = dana.call_from(cast.tomasz)

    assert "No number on file counts" in dana.reads(call)
    dana.on(call, "code", point=his.pk)
    assert texts.sent == [] and dana.on(call, "call-back", point=his.pk).status_code == 404
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        dana.on(call, "facts", name="Tomasz Wilk", fact="7725")
        dana.on(call, f"cards/{card_of(cast.tomasz)}/freeze")
        assert is_frozen(cast.tomasz)
    told.stays_below(dana.actor, call.contact_id)


def test_no_code_goes_to_a_mailbox(
    told: Told, cast: Any, dana: Desk, texts: Texts, phone: ContactPoint
) -> None:
    mailbox = number_of(cast.maya, "maya@example.com", days=900, kind="email")
    call = dana.call_from(cast.maya)

    dana.on(call, "code", point=mailbox.pk)
    assert texts.sent == [] and "The code they say" not in dana.reads(call)
    assert dana.on(call, "call-back", point=mailbox.pk).status_code == 404
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        dana.on(call, "call-back", point=phone.pk)  # she answers, and says that her phone is dry
        assert "Verified, level 2 of 3" in dana.reads(call)


def test_a_voice_is_no_proof_and_a_number_is_never_typed(
    told: Told, cast: Any, dana: Desk, mayas: Client, texts: Texts
) -> None:
    call = dana.call_from(cast.maya)

    assert "voice" not in dana.reads(call)  # there is nothing to tick for how somebody sounds
    for what in ("call-back", "code"):
        assert dana.on(call, what, point="+351 21 555 0100").status_code == 422
    assert texts.sent == []
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        dana.press(f"{call.page}/call", back=call.page)
        assert "is calling you now." in words_of(mayas.get("/verify-us"))


def test_who_speaks_through_an_operator_proves_it_like_anybody(
    told: Told, cast: Any, dana: Desk, mayas: Client, texts: Texts, phone: ContactPoint
) -> None:
    mayas.post("/profile", {"change": "needs", "needs": ["relay"], "key": "she-calls-by-relay"})
    call = dana.call_from(cast.maya)

    assert "Not verified" in dana.reads(call)  # his word is no kind of proof
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)
    with told.protected():
        dana.on(call, "code", point=phone.pk)
        assert "Verified, level 2 of 3" in dana.hears_code(call, texts.code)
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)


def test_the_number_somebody_calls_from_is_no_fact(
    told: Told, cast: Any, dana: Desk, phone: ContactPoint
) -> None:
    call = dana.call_from(cast.maya)

    for written in (phone.value, phone.tail, phone.value[-4:]):
        assert "The check failed" in dana.hears(call, "Maya Okafor", written)
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        assert "3 checks went wrong, over all channels." in dana.reads(call)
        assert phone.value not in dana.browser.get(call.page).content.decode()


def test_somebody_locked_out_is_helped_by_telephone(told: Told, cast: Any, dana: Desk) -> None:
    assert cast.hannah.locked_at is not None
    hers = cast.hannah.points.get(kind="phone")
    card, call = card_of(cast.hannah), dana.call_from(cast.hannah)

    with told.protected():
        dana.on(call, "facts", name="Hannah Brandt", fact="9038")
        dana.on(call, f"cards/{card}/freeze")
        assert is_frozen(cast.hannah)
        dana.on(call, "call-back", point=hers.pk)
        dana.on(call, f"cards/{card}/unfreeze")
        assert not is_frozen(cast.hannah)
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)


def test_a_number_that_changed_hands_proves_nothing(
    told: Told, cast: Any, dana: Desk, mayas: Client, texts: Texts, phone: ContactPoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(plugs, "numbers", MovedThisMorning())
    call = dana.call_from(cast.maya)

    dana.on(call, "code", point=phone.pk)
    assert "level 2 of 3" not in dana.hears_code(call, texts.code)
    dana.on(call, "call-back", point=phone.pk)  # and he answers
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        page = dana.reads(call)
        assert "this number changed recently: use another way" in page
        assert "They say yes or no on their own page." in page
        dana.on(call, f"cards/{card_of(cast.maya)}/freeze")
        assert is_frozen(cast.maya)
    told.stays_below(dana.actor, call.contact_id)


class MovedThisMorning:
    """What the network says of every number (kit.plugs.NumberChanges)."""

    def number_changed_since(self, number: str) -> datetime:
        return clock.now() - timedelta(hours=3)
