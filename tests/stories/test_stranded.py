"""People far from home who can show nothing, and the two of us it takes to help them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cards.models import EmergencyCard
from cardline.identity.models import EmergencyContact, Exceptional
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.members.models import Member
from cardline.promises.models import Promise
from tests.stories.telling import Call, Desk, Told, card_of, is_frozen, words_of

pytestmark = pytest.mark.django_db

ELSEWHERE = "a new card to another address"
HOTEL, HARBOUR = "Hotel Avenida, Lisbon", "Harbour office, Faro"
SISTER, CONSULATE = "emergency_contact", "passport_at_handover"


@pytest.fixture
def ines(cast: Any, as_agent: Callable[..., Actor], agent_client: Callable[..., Client]) -> Desk:
    """She supervises."""
    return Desk(as_agent(cast.ines), agent_client(cast.ines))


def whom_to_call(member: Member) -> None:
    """They named somebody long ago."""
    since = clock.now() - timedelta(days=400)
    EmergencyContact.objects.create(member=member, name="Ada", phone="+1 212 555 0177", since=since)


def step(desk: Desk, call: Call, what: str, **form: Any) -> Any:
    """One press on the page for the stranded. The answer is the page that follows."""
    begun = Exceptional.objects.filter(contact=call.contact_id).first()
    named = {"one": begun.pk} if begun else {}
    return desk.on(call, "exceptional", and_read=True, step=what, **named, **form)


def recognise(desk: Desk, call: Call, why: str) -> None:
    """Begin it, and record whom the colleague spoke with and who will look at the passport."""
    step(desk, call, "begin", why=why)
    step(desk, call, "prove", proof=SISTER, note="She knew of the journey")
    step(desk, call, "prove", proof=CONSULATE, note="The consulate looks at it")


def test_the_traveller_gets_a_card_and_nothing_else(told: Told, cast: Any, dana: Desk, ines: Desk) -> None:
    whom_to_call(cast.owen)
    card, call = card_of(cast.owen), dana.call_from(cast.owen)
    dana.on(call, "facts", name="Owen Achterberg", fact="98101")
    dana.on(call, f"cards/{card}/freeze")

    recognise(dana, call, "Robbed in Lisbon, flies home tomorrow")
    assert step(dana, call, "order", card=card, place=HOTEL).status_code == 403
    assert "It stands until" in words_of(step(ines, call, "confirm"))
    assert dana.on(call, f"cards/{card}/unfreeze").status_code == 403 and is_frozen(cast.owen)
    details = f"/desk/members/{cast.owen.pk}/contact-data"
    assert dana.press(details, kind="phone", phone="206 555 0199").status_code == 403
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)

    with told.protected():
        assert f"handed over at: {HOTEL}" in words_of(step(dana, call, "order", card=card, place=HOTEL))
        sent, rules = EmergencyCard.objects.get(), current_profile().exceptional
        assert (sent.place, sent.limit_minor) == (HOTEL, rules.card_limit_minor)
        promised = Promise.objects.get(pk=sent.promise)
        assert promised.due_at - clock.now() <= timedelta(hours=rules.card_within_hours)
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)


def test_one_colleague_alone_sends_no_card_to_the_harbour(
    told: Told, cast: Any, dana: Desk, ines: Desk
) -> None:
    whom_to_call(cast.hannah)
    card, call = card_of(cast.hannah), dana.call_from(cast.hannah)

    with told.protected():
        dana.on(call, "facts", name="Hannah Brandt", fact="60611")
        dana.on(call, f"cards/{card}/freeze")
        assert is_frozen(cast.hannah)
    recognise(dana, call, "Everything went under with the boat")
    for alone in ("confirm", "order"):
        assert step(dana, call, alone, card=card, place=HARBOUR).status_code == 403
    assert not EmergencyCard.objects.exists()
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)

    with told.protected():
        step(ines, call, "confirm")
        step(dana, call, "order", card=card, place=HARBOUR)
        assert EmergencyCard.objects.get().place == HARBOUR
    told.stays_below(dana.actor, call.contact_id, action=ELSEWHERE)
