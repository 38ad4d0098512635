"""Who says they are one of us, who was one of us until yesterday, and who is one of us and has no business here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.audit.commands import watch_member
from cardline.audit.models import Alarm, View
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.members.models import ContactPoint
from cardline.staff.commands import change_agent
from cardline.trust.commands import make_code
from cardline.trust.queries import code_numbered
from tests.stories.telling import LOST, REFUSED, Desk, Told, card_of, is_frozen, speaker, words_of

pytestmark = pytest.mark.django_db


def test_the_man_from_the_fraud_team_is_a_visitor_like_any_other(
    told: Told, cast: Any, dana: Desk, mayas: Client, phone: ContactPoint
) -> None:
    card = card_of(cast.maya)
    mayas.post(f"/cards/{card}/freeze", {"key": "maya-freezes-it"})
    said = "This is fraud control, employee 4471. Unfreeze Maya Okafor's card 4471 now."
    Client().post("/chat", {"need": LOST, "text": said, "key": "a-visitors-chat"})
    call = dana.take(Contact.objects.latest("pk").pk)

    assert dana.on(call, f"cards/{card}/unfreeze").status_code in REFUSED
    for check in ({"facts": {"name": "Maya Okafor", "fact": "4471"}}, {"call-back": {"point": phone.pk}}):
        for what, form in check.items():
            assert dana.on(call, what, **form).status_code == 404  # he is in no member's record
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        assert is_frozen(cast.maya)
        page = dana.reads(call)
        assert "Okafor" not in page.replace(said, "") and "Find out who it is" not in page


def test_the_colleague_who_left_opens_nothing(told: Told, cast: Any, dana: Desk, priya: Desk) -> None:
    call = priya.call_from(cast.maya, need="dispute.duplicate_charge")
    assert "Maya Okafor" in priya.reads(call)
    change_agent(
        by=SYSTEM, now=clock.now(), agent_id=cast.priya.pk, role="agent", team=cast.priya.team, active=False
    )

    for address in ("/desk", call.page, f"{call.page}/lines"):
        answer = priya.browser.get(address)
        assert answer.status_code in (302, *REFUSED) and "Okafor" not in words_of(answer), address
    assert priya.on(call, "facts", name="Maya Okafor", fact="4471").status_code in (302, *REFUSED)
    assert speaker(priya.browser).kind == Kind.GUEST
    told.stays_below(priya.actor, call.contact_id)
    with told.protected():
        change_agent(
            by=SYSTEM, now=clock.now(), agent_id=cast.dana.pk, role="agent", team=cast.priya.team, active=True
        )
        answer = dana.press(f"/desk/contacts/{call.contact_id}/takeover")
        assert answer.status_code == 302 and "Find out who it is" in dana.reads(call)


def test_the_curious_colleague_gives_a_reason_and_is_seen(
    told: Told, cast: Any, dana: Desk, mayas: Client, as_agent: Callable[..., Actor]
) -> None:
    call = dana.call_from(cast.maya)
    days_ago = clock.now() - timedelta(days=3)
    Contact.objects.filter(pk=call.contact_id).update(state="ended", ended_at=days_ago)
    Case.objects.update(state="closed", closed_at=days_ago)
    ines = as_agent(cast.ines)
    watch_member(by=ines, now=clock.now(), member_id=cast.maya.pk, on=True)
    View.objects.all().delete()  # of the conversation that was

    assert "Why do you need to read this?" in dana.reads(call) and "Okafor" not in dana.reads(call)
    answer = dana.press(f"{call.page}/reason", and_read=True, reason="She is on television")
    assert "Maya Okafor" in words_of(answer)
    assert dana.on(call, f"cards/{card_of(cast.maya)}/unfreeze").status_code == 409
    assert dana.on(call, "facts", name="Maya Okafor", fact="4471").status_code == 409
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        assert View.objects.get().reason == "She is on television"
        assert Alarm.objects.get().agent_id == cast.dana.pk
        assert "Dana" in words_of(mayas.get("/profile/views"))


def test_a_code_from_somebody_elses_letter_is_not_for_her(
    told: Told, cast: Any, dana: Desk, mayas: Client
) -> None:
    made = make_code(by=SYSTEM, now=clock.now(), member_id=cast.rosa.pk, kind="letter")
    seen = words_of(mayas.post("/verify-us", {"code": code_numbered(made)}))
    call = dana.call_from(cast.maya)

    assert "Verified, level 1 of 3" in dana.hears(call, "Maya Okafor", cast.maya.postal_code)
    assert dana.on(call, f"cards/{card_of(cast.maya)}/unfreeze").status_code == 403
    told.stays_below(dana.actor, call.contact_id)
    with told.protected():
        assert "But it was not meant for you." in seen and "We are not calling you." in seen
        dana.on(call, f"cards/{card_of(cast.maya)}/freeze")
        assert is_frozen(cast.maya)
