"""A member asks for alerts, something happens, and a mail that says nothing of it leads to the page that does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks import bench
from tests.journeys.conftest import People, World
from tests.journeys.gate import sweep
from tests.journeys.steps import reload_until_there

# What the card network does, beside the server: Rosa pays in a shop, which collects the money.
A_PURCHASE = """
import django; django.setup()
from cardline.issuer.core import current_core
from cardline.issuer.embedded import models as rows, network
from cardline.issuer.embedded.tests.house import inside
from cardline.kit import clock
card = next(card for card in current_core().cards("demo-rosa") if card.last4 == "3390")
asked = inside(network.authorise, card.token, merchant="Juniper Books", place="Austin, TX", phone="",
               amount_minor=6120, channel="chip", at=clock.now(), key="journey purchase")
pending = rows.Transaction.objects.get(authorisation=asked)
inside(network.post_pending, pending.token, at=clock.now())
"""


def buy(world: World) -> None:
    env = {**world.env, "DJANGO_SETTINGS_MODULE": "cardline.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", A_PURCHASE],
        env=env, cwd=bench.ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def event(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


@pytest.mark.postgres_journey
def test_a_purchase_is_mailed_without_a_word_of_it(people: People, world: World) -> None:
    rosa = people(phone=True)
    page = rosa.sign_in("Rosa")
    rosa.open("/alerts")
    event(page, "A purchase").get_by_label("Email").check()
    event(page, "A purchase").get_by_label("From this amount on").fill("50")
    page.get_by_role("button", name="Save alerts").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(event(page, "A purchase").get_by_label("Email")).to_be_checked()
    expect(event(page, "A purchase").get_by_label("From this amount on")).to_have_value("50.00")

    buy(world)
    rosa.open("/demo/outbox")
    mail = page.get_by_role("article").filter(has_text="rosa.lindqvist@example.com")
    reload_until_there(mail)
    expect(mail).to_contain_text("there is news for you")
    assert not re.search("Juniper|61.20|3390|purchase", mail.inner_text())
    mail.get_by_role("link", name="Follow its link").click()
    news = page.get_by_role("complementary", name="Latest alerts")
    expect(news.get_by_role("listitem").first).to_contain_text("Juniper Books")
    expect(news.get_by_role("listitem").first).to_contain_text("Email written")
    news.get_by_role("link", name="Purchase").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Juniper Books")


def test_a_mistake_loses_nothing_and_needs_no_script(people: People) -> None:
    owen = people(java_script_enabled=False)
    page = owen.sign_in("Owen")
    owen.open("/alerts")
    event(page, "A refund").get_by_label("Email").check()
    event(page, "An online purchase").get_by_label("From this amount on").fill("a lot")
    page.get_by_label("From", exact=True).fill("22:00")
    page.get_by_role("button", name="Save alerts").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things to change")
    expect(event(page, "A refund").get_by_label("Email")).to_be_checked()
    expect(event(page, "An online purchase").get_by_label("From this amount on")).to_have_value("a lot")
    event(page, "An online purchase").get_by_label("From this amount on").fill("75.50")
    page.get_by_label("To", exact=True).fill("07:00")
    page.get_by_role("button", name="Save alerts").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_label("To", exact=True)).to_have_value("07:00")


def test_each_face_passes_the_gate_in_every_way(people: People) -> None:
    maya, nils = people(), people()
    page = maya.sign_in("Maya")
    found = sweep(maya.open("/alerts"))
    page.get_by_label("From", exact=True).fill("22:00")
    event(page, "A purchase").get_by_label("From this amount on").fill("a lot")
    page.get_by_role("button", name="Save alerts").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things to change")
    found += sweep(page)
    page.get_by_role("button", name="Español").click()
    found += sweep(maya.open("/alerts"))
    found += sweep(maya.open("/demo/outbox"))
    nils.sign_in("Nils")
    found += sweep(nils.open("/alerts"))
    assert not found, "\n".join(found)
