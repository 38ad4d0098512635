"""Acting without sight: a first page with what is open, a bill paid unseen, and nothing of the account on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cardline.cases.models import Case
from cardline.conftest import new_member
from cardline.identity.models import User
from cardline.issuer.core import current_core
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.members.authorities.door import CapacityMissing
from cardline.members.authorities.tests.scene import acting, record
from cardline.members.models import Member
from cardline.payments.queries import accounts_to_pay_unseen, bank_accounts_of
from cardline.payments.tests.scene import Few, bank, payments
from conftest import NOW

OWED = ("$500.00", "$560.00", "$25.00", "500.00", "statement balance")


@pytest.fixture
def cast(db: Any) -> Few:
    clock.set_offset(NOW - clock.machine_now())
    return Few(NOW)


@pytest.fixture
def maya(cast: Few, as_member: Callable[..., Actor]) -> Actor:
    return as_member(cast.maya)


@pytest.fixture
def ruth(maya: Actor) -> Actor:
    return new_member("Ruth", "Adeyemi")


@pytest.fixture
def source(maya: Actor) -> str:
    return bank(maya, NOW)


@pytest.fixture
def payer(ruth: Actor, maya: Actor, member_client: Callable[..., Client], source: str) -> Client:
    """Ruth's browser, in which she acts for Maya and may pay, dispute and replace, and not see."""
    record(ruth, maya, "account_manager_limited", NOW)
    browser = member_client(Member.objects.get(pk=ruth.person_id))
    browser.post("/acting", {"for": f"{maya.person_id}:account_manager_limited"})
    return browser


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def hidden(answer: Any) -> dict[str, str]:
    """What the first form behind the page's heading sends back by itself."""
    form = answer.content.decode().split("<h1", 1)[1].split("<form", 1)[1].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def typed(maya: Actor, source: str, **other: str) -> dict[str, str]:
    account = current_core().accounts(customer(maya))[0].token
    return {"account": account, "amount": "48.20", "source": source, **other}


def customer(actor: Actor) -> str:
    return Member.objects.get(pk=actor.person_id).core_customer


def test_the_first_page_leads_to_what_is_open_and_names_what_we_do_with_them(payer: Client) -> None:
    answer = payer.get("/home")
    shown, code = read(answer), answer.content.decode()
    assert answer.status_code == 200 and "For Maya Okafor" in shown
    for path in ("/payments", "/contact", "/contacts"):
        assert f'href="{path}"' in code, path
    assert "You may also: dispute, replace cards." in shown
    assert "/freeze" in code  # protecting takes no sight
    for path in ("/cards", "/transactions", "/statements", "/profile"):
        assert f'href="{path}"' not in code, path
    assert not [words for words in OWED if words in shown]


def test_a_bill_is_paid_unseen_and_its_receipt_is_the_record(
    payer: Client, maya: Actor, ruth: Actor, cast: Few, source: str
) -> None:
    form = payer.get("/payments")
    looked = payer.post("/payments/review", typed(maya, source))
    assert "Pay $48.20?" in read(looked)
    done = payer.post("/payments", hidden(looked), follow=True)
    assert done.status_code == 200
    assert [one.amount.amount_minor for one in payments(cast.maya)] == [48_20]
    case = Case.objects.get(need="payment.make")
    assert case.member_id == maya.person_id and done.request["PATH_INFO"].startswith("/contacts/")
    for answer in (form, looked, done):
        assert not [words for words in OWED if words in read(answer)]
    assert "$48.20" in read(done)
    # Pressed once more it is the same payment.
    payer.post("/payments", hidden(looked))
    assert len(payments(cast.maya)) == 1


def test_what_cannot_be_paid_says_so_and_not_how_much_is_owed(
    payer: Client, maya: Actor, cast: Few, source: str
) -> None:
    assert payer.post("/payments/review", typed(maya, source, amount="")).status_code == 422
    assert payer.post("/payments/review", typed(maya, "bank_of_others")).status_code == 422
    assert payer.post("/payments/review", typed(maya, source, on="2020-01-01")).status_code == 422
    looked = payer.post("/payments/review", typed(maya, source, amount="9000"))
    refused = payer.post("/payments", hidden(looked))
    assert refused.status_code == 409 and "That is more than is owed" in read(refused)
    assert not [words for words in OWED if words in read(refused)]
    assert not payments(cast.maya)


def test_after_the_cut_off_it_is_asked_once_more_with_the_same_key(
    payer: Client, maya: Actor, cast: Few, source: str
) -> None:
    agreed = hidden(payer.post("/payments/review", typed(maya, source)))
    yesterday = {**agreed, "counts_on": "2026-11-22"}
    again = payer.post("/payments", yesterday)
    assert again.status_code == 409 and "Look at it once more." in read(again)
    assert not payments(cast.maya)
    assert {**hidden(again), "csrfmiddlewaretoken": ""} == {**agreed, "csrfmiddlewaretoken": ""}
    assert payer.post("/payments", hidden(again)).status_code == 302
    assert len(payments(cast.maya)) == 1


def test_change_it_keeps_what_was_typed(payer: Client, maya: Actor, source: str) -> None:
    again = payer.post("/payments/review", {**typed(maya, source), "change": "1"})
    assert again.status_code == 200 and 'value="48.20"' in again.content.decode()


def test_without_a_bank_account_the_page_says_who_can_add_one(
    ruth: Actor, maya: Actor, member_client: Callable[..., Client]
) -> None:
    record(ruth, maya, "account_manager_limited", NOW)
    browser = member_client(Member.objects.get(pk=ruth.person_id))
    browser.post("/acting", {"for": f"{maya.person_id}:account_manager_limited"})
    shown = browser.get("/payments")
    assert "Maya Okafor can add one, or call us" in read(shown) and "<form" in shown.content.decode()
    assert browser.post("/payments/review", typed(maya, "none")).status_code == 422


def test_the_page_says_what_is_only_theirs_to_do_and_where_to_go(payer: Client) -> None:
    shown = payer.get("/payments")
    said = "Only Maya Okafor can add a bank account, cancel a payment or set up automatic payments"
    assert said in read(shown) and 'href="/contact">Contact us' in shown.content.decode()


def test_what_shows_the_account_stays_closed(payer: Client) -> None:
    for path in (
        "/payments/accounts",
        "/autopay",
        "/payments/pay_1",
        "/cards",
        "/transactions",
        "/statements",
    ):
        assert payer.get(path).status_code == 403, path


def test_who_may_only_protect_pays_nothing(
    ruth: Actor, maya: Actor, source: str, member_client: Callable[..., Client]
) -> None:
    record(ruth, maya, "additional_card_member", NOW)
    actor = acting(ruth, maya, "additional_card_member", NOW)
    for question in (accounts_to_pay_unseen, bank_accounts_of):
        with pytest.raises(CapacityMissing):
            question(actor)
    browser = member_client(Member.objects.get(pk=ruth.person_id))
    browser.post("/acting", {"for": f"{maya.person_id}:additional_card_member"})
    home = browser.get("/home")
    assert 'href="/payments"' not in home.content.decode() and "You may also" not in read(home)
    assert "does not include paying" in read(browser.get("/payments"))


def test_a_refusal_says_for_whom_one_acts(payer: Client) -> None:
    for path in ("/transactions", "/contacts/NOT-THERE", "/profile"):
        refused = payer.get(path)
        assert refused.status_code in (403, 404), path
        assert (
            "You are acting for <b>Maya Okafor</b>, as limited account manager." in refused.content.decode()
        )
    payer.post("/acting", {"for": ""})
    assert "You are acting for" not in read(payer.get("/contacts/NOT-THERE"))


def test_a_stale_form_says_for_whom_one_acts(ruth: Actor, maya: Actor) -> None:
    record(ruth, maya, "account_manager_limited", NOW)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(
        User.objects.get(member=ruth.person_id), backend="cardline.identity.backend.SignInBackend"
    )
    browser.get("/acting")
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    browser.post(
        "/acting", {"for": f"{maya.person_id}:account_manager_limited", "csrfmiddlewaretoken": token}
    )
    refused = browser.post("/messages", {"text": "Hello", "csrfmiddlewaretoken": token})
    assert refused.status_code == 403 and "You are acting for" in refused.content.decode()
