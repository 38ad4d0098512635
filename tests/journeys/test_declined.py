"""A card refused at a till is mended in three presses; a purchase that was not theirs after all was."""

from __future__ import annotations

import json
import re
import urllib.request
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Look, People, World


@pytest.fixture(scope="module")
def world(serve_world):  # type: ignore[no-untyped-def]
    yield from serve_world()


def tell_of_a_charge(world: World, name: str, reference: str) -> None:
    """The issuer's own watcher, by the API."""
    made = world.cardline("api-key", "create", "--name", "watcher", "--scope", "fraud_alerts:write", "--json")
    found = world.cardline("shell", "-v", "0", "-c", FIND_CARD.format(name=name))
    customer, card = found.stdout.split()[-2:]
    body = {
        "reference": reference, "member": customer, "card": card, "merchant": "Electronics Barn",
        "place": "Reno NV", "amount_minor": 812_50, "currency": "USD", "charged_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    headers = {
        "Authorization": f"Bearer {json.loads(made.stdout)['key']}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"journey-{reference}",
    }
    call = urllib.request.Request(f"{world.address}/api/v1/fraud-alerts", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(call) as answer:
        assert answer.status == 201


FIND_CARD = (
    "from cardline.issuer.embedded.models import Card; "
    "card = Card.objects.filter(customer__name__startswith='{name}', closed_at=None).first(); "
    "print(card.customer.number, card.token)"
)


def test_a_suspicious_purchase_answered_no_and_then_yes(people: People, world: World, look: Look) -> None:
    tell_of_a_charge(world, "Nils", "seen-0001")
    nils = people(phone=True)
    page = nils.sign_in("Nils")
    nils.open("/")
    stopped = page.get_by_role("region", name="Was this purchase yours?")
    expect(stopped.get_by_text("Electronics Barn, Reno NV")).to_be_visible()
    look(page, "stopped-purchase-phone")
    stopped.get_by_role("button", name="No, freeze the card").click()
    expect(page.get_by_text("Card ending 3408 is frozen. Nobody can buy with it.")).to_be_visible()
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_role("button", name="A person gets in touch with me").click()
    expect(page.get_by_role("link", name="See your receipt")).to_be_visible()

    nils.open("/do/fraud-alert")
    expect(page.get_by_text(re.compile("was not you, so card ending 3408 is safe"))).to_be_visible()
    page.get_by_role("button", name="It was me after all").click()
    expect(page.get_by_text("Nothing blocks the card any more, but it is frozen")).to_be_visible()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_text("Card ending 3408 works again: try the purchase once more.")).to_be_visible()
    nils.open("/")
    expect(stopped).to_have_count(0)


def test_a_card_declined_at_a_till_is_used_again_in_three_presses(
    people: People, world: World, look: Look
) -> None:
    maya = people(phone=True)
    page = maya.sign_in("Maya")
    maya.open("/")
    page.get_by_role("button", name="Freeze card 4471").click()
    expect(page.get_by_text(re.compile(r"Card 4471 frozen at"))).to_be_visible()
    assert world.cardline("shell", "-v", "0", "-c", AT_A_TILL).returncode == 0
    maya.open("/do/card-access-declined")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_text("El motivo: la tarjeta terminada en 4471 está congelada.")).to_be_visible()
    look(page, "declined-phone")
    page.get_by_role("button", name="Sí", exact=True).click()
    expect(page.get_by_text("La tarjeta terminada en 4471 funciona de nuevo.")).to_be_visible()


AT_A_TILL = """
from cardline.issuer.embedded import network
from cardline.issuer.embedded.models import Card
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.commands import command

@command("journey.till", by=[SYSTEM.kind])
def till(*, by, now):
    card = Card.objects.get(last4="4471", closed_at=None)
    return network.authorise(card.token, merchant="Corner Shop", place="New York NY", phone="", amount_minor=1200,
                             channel="chip", at=now, key="journey-till").decline

assert till(by=SYSTEM, now=clock.now()) == "frozen"
"""
