"""Questions on a member's own pages, asked by somebody who waits for a tired yes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cardline.cases.models import Case
from cardline.contact.asks.commands import ASKS, SECURITY
from cardline.contact.models import Contact
from cardline.identity.models import Ask
from tests.stories.telling import LOST, Desk, Told, card_of, is_frozen, words_of

pytestmark = pytest.mark.django_db

HOTEL = "Hotel Avenida, Lisbon"


def test_a_yes_to_have_quiet_approves_no_card(
    told: Told, cast: Any, dana: Desk, mayas: Client, member_client: Any
) -> None:
    thief = member_client(cast.maya)
    thief.post("/chat", {"need": LOST, "text": "Send a card to the hotel", "key": "the-thiefs-chat"})
    chat, card = dana.take(Contact.objects.latest("pk").pk), card_of(cast.maya)
    wish = {"step": "ask", "card": card, "place": HOTEL}

    dana.on(chat, f"cards/{card}/freeze")
    dana.on(chat, "exceptional", **wish)
    asked_for = Ask.objects.get().action
    assert HOTEL in words_of(mayas.get("/approve"))  # what a yes would approve
    dana.on(chat, "approval")
    mayas.post(f"/approve/{Ask.objects.latest('pk').pk}", {"answer": "yes", "key": "yes-for-quiet"})
    told.stays_below(dana.actor, chat.contact_id, action=asked_for)
    assert dana.on(chat, "exceptional", **wish | {"step": "order"}).status_code == 403

    with told.protected():
        answers = [dana.on(chat, "exceptional", **wish).status_code for _ in range(ASKS.most)]
        assert answers[-1] == 429, "she is asked all night"
        waiting = Ask.objects.filter(settled_at=None)
        assert len(waiting) == 1
        mayas.post(f"/approve/{waiting[0].pk}", {"answer": "no", "key": "it-was-not-me"})
        assert Case.objects.get(need=SECURITY).member == cast.maya and is_frozen(cast.maya)
    told.stays_below(dana.actor, chat.contact_id, action=asked_for)
