"""Screens in which somebody is signed in, and the wrong person sits in front of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.contact.models import Contact
from cardline.identity.models import MemberSession
from cardline.identity.queries import session_hash
from cardline.identity.tests.phones import Texts
from cardline.issuer.core import Which, current_core
from cardline.kit import clock
from cardline.members.models import ContactPoint
from cardline.payments.queries import bank_accounts_of
from tests.stories.telling import (
    LOST,
    Desk,
    Told,
    card_of,
    in_the_session_of,
    is_frozen,
    speaker,
    words_of,
)
from tests.stories.test_codes import OTHER, add_bank_account, sure_of_bank_accounts

__all__ = ["sure_of_bank_accounts"]  # a fixture of those, too

pytestmark = pytest.mark.django_db


def test_the_son_sees_his_own_card_and_nothing_of_his_mothers(
    told: Told, cast: Any, member_client: Callable[..., Client]
) -> None:
    nils, rosa = member_client(cast.nils), cast.rosa
    hers = current_core().transactions(rosa.core_customer, Which(card=card_of(rosa))).items[0]

    for address in (f"/cards/{card_of(rosa)}", f"/transactions/{hers.token}"):
        assert nils.get(address).status_code == 404
    assert nils.post(f"/cards/{card_of(rosa)}/unfreeze", {"key": "nils-presses-it"}).status_code == 404
    for address in ("/home", "/cards", "/transactions", "/statements", "/rewards"):
        assert "3390" not in words_of(nils.get(address)), address
    told.stays_below(in_the_session_of(nils, rosa))
    with told.protected():
        nils.post(f"/cards/{card_of(cast.nils)}/freeze", {"key": "nils-freezes-his"})
        assert is_frozen(cast.nils) and not is_frozen(rosa)


def test_a_stolen_phone_is_signed_out_from_the_laptop(
    told: Told, cast: Any, dana: Desk, mayas: Client, texts: Texts, phone: ContactPoint,
    member_client: Callable[..., Client],
) -> None:  # fmt: skip
    stolen = member_client(cast.maya)
    stolen.post("/chat", {"need": LOST, "text": "Send the card to a hotel", "key": "the-thiefs-chat"})
    chat = dana.take(Contact.objects.latest("pk").pk)
    assert "Verified, level 2 of 3" in dana.reads(chat)
    dana.on(chat, "code", point=phone.pk)
    dana.on(chat, "code/entry", code=texts.code.reveal())
    told.stays_below(dana.actor, chat.contact_id, action="a new card to another address")

    with told.protected():
        session = session_hash(stolen.session.session_key)
        device = MemberSession.objects.get(session=session)
        mayas.post(f"/profile/devices/{device.pk}/end", {"key": "maya-ends-it-there"})
        assert stolen.get("/home").status_code == 401
        assert "session" not in _proofs_in(chat.contact_id)
    told.stays_below(dana.actor, chat.contact_id, action="a new card to another address")


def _proofs_in(contact_id: int) -> str:
    """What counts in a conversation now, in the words of the rows."""
    from cardline.identity.models import Evidence

    rows = Evidence.objects.filter(contact=contact_id, revoked_at=None)
    return " ".join(rows.values_list("kind", flat=True))


def test_a_session_left_open_confirms_nothing_and_ends_by_itself(
    told: Told, cast: Any, mayas: Client, texts: Texts
) -> None:
    assert "Is it you?" in words_of(add_bank_account(mayas, OTHER))  # it waits for a phone he does not have
    assert bank_accounts_of(speaker(mayas)) == [] and texts.sent == []
    somebody = speaker(mayas)
    told.stays_below(somebody, action="add a bank account")

    nobody_for = timedelta(minutes=30)
    MemberSession.objects.update(seen_at=clock.machine_now() - nobody_for)
    with told.protected():
        for address in ("/home", "/statements", "/confirm"):
            answer = mayas.get(address)
            assert answer.status_code == 401 and "Okafor" not in words_of(answer), address
    told.stays_below(somebody, action="add a bank account")
