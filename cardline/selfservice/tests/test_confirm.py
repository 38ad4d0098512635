"""A press that needs more than a sign-in: /confirm shows what it is, takes a code, and the press goes through."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from cardline.cards.queries import cards_of
from cardline.identity import authority
from cardline.identity.codes.commands import CODES_FROM_ONE_ADDRESS
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.models import Challenge, Evidence
from cardline.identity.tests.phones import Texts, another
from cardline.issuer.core import BankAccountKind
from cardline.kit import clock, plugs
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.commands import registry
from cardline.kit.limits import count
from cardline.kit.redact import clean
from cardline.kit.refusals import Asked, LevelTooLow
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint
from cardline.payments.bank_accounts import BANK_ACCOUNTS
from cardline.payments.queries import bank_accounts_of
from cardline.payments.tests.scene import ROUTING, Few, bank, pay, today
from cardline.selfservice.confirm import kept as kept_module
from cardline.selfservice.confirm.approvals import _WORDS, Approval, approval_of
from cardline.selfservice.confirm.kept import keep_form
from cardline.selfservice.confirm.middleware import AGAIN, confirm_first
from conftest import NOW

RULE = "payment:pay_from_new_account"
PAGE = "http://testserver/payments/accounts?for=autopay"
NUMBER = "000555010199"
FORM = {
    "key": "the-same-key-0001",
    "name": "Elm Bank",
    "kind": "savings",
    "routing": ROUTING,
    "number": NUMBER,
    "number_again": NUMBER,
}


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def cast(db: Any) -> Few:
    clock.set_offset(NOW - clock.machine_now())
    return Few(NOW)


@pytest.fixture
def maya(cast: Few, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def client(cast: Few, member_client: Callable[..., Client]) -> Client:
    return member_client(cast.maya)


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """An issuer that wants to be strongly sure before another bank account is added."""
    usual = authority.needed_level
    monkeypatch.setattr(authority, "needed_level", lambda rule: 3 if rule == RULE else usual(rule))


def add(client: Client, **other: Any) -> Any:
    return client.post("/payments/accounts", {**FORM, **other}, headers={"Referer": PAGE})


def waiting_id(client: Client) -> str:
    found = re.search(rf'name="{AGAIN}" value="([^"]+)"', client.get("/confirm").content.decode())
    return found[1] if found else ""


def ask(client: Client, maya: Actor) -> Any:
    point = ContactPoint.objects.get(member=maya.member_id, kind="phone")
    return client.post("/confirm/code", {"phone": point.pk})


def enter(client: Client, code: Secret, *, follow: bool = False) -> Any:
    return client.post("/confirm", {AGAIN: waiting_id(client), "code": code.reveal()}, follow=follow)


# --------------------------------------------------------------------------------------------- the whole way


@pytest.mark.django_db
def test_the_press_waits_and_goes_through_after_the_code(client: Client, maya: Actor, texts: Texts) -> None:
    answer = add(client)
    assert (answer.status_code, answer["Location"]) == (303, "/confirm")
    assert bank_accounts_of(maya) == []

    page = read(client.get("/confirm"))
    for words in ("Is it you?", "Add a bank account", "Elm Bank", "Savings", "ends in 0199", "•• 42"):
        assert words in page, words
    assert NUMBER not in page and "0142" not in page

    assert ask(client, maya).status_code == 303
    assert texts.sent == [("+1 212 555 0142", texts.code.reveal(), "add the bank account ending 0199")]
    assert "We sent six digits to your phone •• 42" in read(client.get("/confirm"))

    sent_on = enter(client, texts.code)
    assert (sent_on.status_code, sent_on["Location"]) == (307, "/payments/accounts")
    done = client.post("/payments/accounts", {AGAIN: _id_of(client), "code": texts.code.reveal()})
    assert done.status_code == 302
    (bank,) = bank_accounts_of(maya)
    assert (bank.bank, bank.last4, bank.kind) == ("Elm Bank", "0199", BankAccountKind.SAVINGS)
    assert "Nothing waits for you here" in read(client.get("/confirm"))


def _id_of(client: Client) -> str:
    """Of the form that waits in this browser's session."""
    request = RequestFactory().get("/")
    request.session = client.session
    user_actor = Actor(Kind.MEMBER, str(_member_id(client)))
    kept = kept_module.kept_form(request, user_actor)
    return kept.id if kept else ""


def _member_id(client: Client) -> int:
    from cardline.members.models import Member

    return Member.objects.get(user=client.session["_auth_user_id"]).pk


@pytest.mark.django_db
def test_a_browser_follows_and_pressing_again_does_it_once(client: Client, maya: Actor, texts: Texts) -> None:
    add(client)
    ask(client, maya)
    once = waiting_id(client)
    answer = client.post("/confirm", {AGAIN: once, "code": texts.code.reveal()}, follow=True)
    assert answer.redirect_chain[0] == ("/payments/accounts", 307)
    assert answer.status_code == 200 and "Elm Bank" in read(answer)
    again = client.post("/payments/accounts", {AGAIN: once, "code": texts.code.reveal()})
    assert (again.status_code, again["Location"]) == (303, "/confirm")
    assert len(bank_accounts_of(maya)) == 1


@pytest.mark.django_db
def test_the_code_for_one_account_adds_no_other(client: Client, maya: Actor, texts: Texts) -> None:
    add(client)
    ask(client, maya)
    code = texts.code
    add(client, number="000555010188", number_again="000555010188", key="the-other-key-02")
    assert "ends in 0188" in read(client.get("/confirm"))
    ask(client, maya)
    if code.reveal() != texts.code.reveal():
        assert enter(client, code).status_code == 422
    assert bank_accounts_of(maya) == []


@pytest.mark.django_db
def test_a_page_of_an_earlier_wish_confirms_nothing(client: Client, maya: Actor, texts: Texts) -> None:
    add(client)
    ask(client, maya)
    old = waiting_id(client)
    add(client, number="000555010188", number_again="000555010188", key="the-other-key-02")
    ask(client, maya)
    answer = client.post("/confirm", {AGAIN: old, "code": texts.code.reveal()})
    assert (answer.status_code, answer["Location"]) == (303, "/confirm")
    assert not Evidence.objects.filter(kind="code_to_phone").exists()


@pytest.mark.django_db
def test_nobody_skips_the_code(client: Client, maya: Actor) -> None:
    add(client)
    waits = _id_of(client)
    answer = client.post("/payments/accounts", {AGAIN: waits})
    assert (answer.status_code, answer["Location"]) == (303, "/confirm")
    assert bank_accounts_of(maya) == [] and _id_of(client) == waits  # it was not even tried


@pytest.mark.django_db
def test_a_confirmed_form_goes_to_its_own_address_alone(client: Client, maya: Actor, texts: Texts) -> None:
    add(client)
    ask(client, maya)
    enter(client, texts.code)
    answer = client.post("/profile", {AGAIN: _id_of(client)})
    assert (answer.status_code, answer["Location"]) == (303, "/confirm")


@pytest.mark.django_db
def test_what_is_refused_all_the_same_leads_back_to_the_page_of_the_form(
    client: Client, maya: Actor, texts: Texts
) -> None:
    add(client)
    ask(client, maya)
    enter(client, texts.code)
    for _ in range(BANK_ACCOUNTS.most):
        count(BANK_ACCOUNTS, f"member:{maya.member_id}")
    answer = client.post("/payments/accounts", {AGAIN: _id_of(client)}, headers={"Referer": "/confirm"})
    assert answer.status_code == 429
    assert 'href="/payments/accounts?for=autopay"' in answer.content.decode()


# ----------------------------------------------------------------------------------------------- codes that fail


@pytest.mark.django_db
def test_a_wrong_code_says_how_many_tries_are_left_and_the_form_waits_on(
    client: Client, maya: Actor, texts: Texts
) -> None:
    add(client)
    ask(client, maya)
    answer = enter(client, another(texts.code))
    assert answer.status_code == 422
    assert "That is not the code, or it has run out." in read(answer) and "4 tries left" in read(answer)
    assert enter(client, texts.code).status_code == 307


@pytest.mark.django_db
def test_one_that_ran_out_is_told_like_a_wrong_one(client: Client, maya: Actor, texts: Texts) -> None:
    add(client)
    ask(client, maya)
    wrong = read(enter(client, another(texts.code)))
    Challenge.objects.update(expires_at=clock.machine_now())
    late = read(enter(client, texts.code))
    assert _without_token(wrong).replace("4 tries", "3 tries") == _without_token(late)


def _without_token(page: str) -> str:
    return re.sub(r"Quote \S+", "", page)


@pytest.mark.django_db
def test_nothing_typed_is_asked_for_again_and_counts_for_nothing(
    client: Client, maya: Actor, texts: Texts
) -> None:
    add(client)
    ask(client, maya)
    answer = client.post("/confirm", {AGAIN: waiting_id(client), "code": " "})
    assert answer.status_code == 422 and "Type the six digits" in read(answer)
    assert "tries left" not in read(answer)


@pytest.mark.django_db
def test_after_five_the_page_says_until_when_and_what_still_works(
    client: Client, maya: Actor, texts: Texts
) -> None:
    add(client)
    ask(client, maya)
    for _ in range(MOST_WRONG - 1):
        enter(client, another(texts.code))
    answer = enter(client, another(texts.code))
    page = read(answer)
    assert "Too many codes did not match" in page and "frozen at any time" in page
    assert 'name="code"' not in answer.content.decode()
    assert client.get("/profile").status_code == 200  # the session goes on


@pytest.mark.django_db
def test_asking_for_a_code_answers_alike_whatever_the_account(
    client: Client, maya: Actor, texts: Texts
) -> None:
    add(client)
    usual = ask(client, maya)
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=NOW, member_id=maya.member_id, proof="facts")
    locked = ask(client, maya)
    elsewhere = client.post("/confirm/code", {"phone": 2**40})
    assert {(a.status_code, a["Location"]) for a in (usual, locked, elsewhere)} == {(303, "/confirm")}
    assert len(texts.sent) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["", "x", "1" * 30])
def test_a_phone_that_is_none_leads_back(client: Client, texts: Texts, phone: str) -> None:
    add(client)
    assert client.post("/confirm/code", {"phone": phone})["Location"] == "/confirm"
    assert texts.sent == []


@pytest.mark.django_db
def test_codes_are_limited_for_an_address(client: Client, maya: Actor) -> None:
    add(client)
    for _ in range(CODES_FROM_ONE_ADDRESS.most):
        count(CODES_FROM_ONE_ADDRESS, "127.0.0.1")
    answer = ask(client, maya)
    assert answer.status_code == 429 and answer["Retry-After"]


# ------------------------------------------------------------------------------------------------- no way, going back


@pytest.mark.django_db
def test_with_no_phone_that_counts_it_says_whom_to_call(client: Client, maya: Actor) -> None:
    ContactPoint.objects.filter(member=maya.member_id).update(since=NOW - timedelta(days=29))
    add(client)
    page = client.get("/confirm")
    assert "Call us, and we find another way" in read(page) and 'href="tel:' in page.content.decode()
    assert "confirm/code" not in page.content.decode()


@pytest.mark.django_db
def test_without_a_way_to_phones_no_code_is_offered(
    client: Client, maya: Actor, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "is_there", False)
    add(client)
    assert "confirm/code" not in client.get("/confirm").content.decode()


@pytest.mark.django_db
def test_going_back_leads_to_the_form_and_lets_go_of_it(client: Client, maya: Actor) -> None:
    add(client)
    back = client.post("/confirm/cancel")
    assert (back.status_code, back["Location"]) == (302, "/payments/accounts?for=autopay")
    assert "Nothing waits" in read(client.get("/confirm")) and bank_accounts_of(maya) == []
    assert client.post("/confirm/cancel")["Location"] == "/"


@pytest.mark.django_db
def test_a_form_waits_ten_minutes(
    client: Client, maya: Actor, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(client)
    ask(client, maya)
    once, machine = waiting_id(client), clock.machine_now
    monkeypatch.setattr(kept_module.clock, "machine_now", lambda: machine() + timedelta(minutes=10))
    answer = client.post("/confirm", {AGAIN: once, "code": texts.code.reveal()})
    assert "Nothing waits" in read(answer) and bank_accounts_of(maya) == []


# --------------------------------------------------------------------------------------------------- what is kept


@pytest.mark.django_db
def test_no_table_holds_the_number_that_was_typed(client: Client, maya: Actor) -> None:
    add(client)
    rows = [session.get_decoded() for session in Session.objects.all()]
    sealed = next(row["confirm"] for row in rows if "confirm" in row)
    assert NUMBER not in str(rows) and ROUTING not in str(rows) and "Elm" not in str(rows)
    assert sealed


@pytest.mark.django_db
def test_a_form_that_is_too_long_is_refused_as_before(client: Client) -> None:
    assert add(client, more="x" * (17 << 10)).status_code == 403


def test_a_form_with_a_file_does_not_wait(maya: Actor, rf: RequestFactory) -> None:
    """Only a page that takes files gets one at all; what waits could not hold it."""
    request = rf.post("/contacts/7K429QM/files", {"more": "x"})
    request.session = {}  # type: ignore[assignment]
    request.FILES["file"] = SimpleUploadedFile("a.txt", b"a")
    assert not keep_form(request, maya, "/contacts", "a" * 64, Approval("Add a file", (), "add a file"))
    del request.FILES["file"]
    assert keep_form(request, maya, "/contacts", "a" * 64, Approval("Add a file", (), "add a file"))


@pytest.mark.django_db
def test_what_waits_is_its_members_alone(
    client: Client, cast: Few, maya: Actor, member_client: Callable[..., Client]
) -> None:
    add(client)
    sealed = client.session["confirm"]
    luis = member_client(cast.luis)
    session = luis.session
    session["confirm"] = sealed
    session.save()
    assert "Nothing waits" in read(luis.get("/confirm"))


@pytest.mark.django_db
def test_strangers_find_no_page() -> None:
    for method, path in (("get", "/confirm"), ("post", "/confirm"), ("post", "/confirm/code")):
        assert getattr(Client(), method)(path).status_code == 401


@pytest.mark.django_db
def test_a_script_is_refused_in_its_own_words(client: Client) -> None:
    answer = client.post("/payments/accounts", FORM, headers={"Accept": "application/json"})
    assert answer.status_code == 403 and answer.json()["code"] == "level_too_low"


# --------------------------------------------------------------------------------------------------- every action


REPORTING = ("card.say_gone", "card.say_else_gone", "card.say_when_noticed", "card.sum_up_report")


def test_each_press_that_an_issuer_may_raise_can_be_said_in_words() -> None:
    """What protects, a freeze or the report of a card that is gone, is never asked more for, of whosever card; an
    application is for anybody.
    """
    raisable = {
        name
        for name, command in registry.items()
        if Kind.MEMBER in command.kinds
        and ":" in command.level
        and name not in ("card.freeze", "program.freeze", "application.send", *REPORTING)
    }
    # Not by a level of its own: a question in a flow may ask for more before it goes on.
    assert raisable | {"flow.go_on"} == set(_WORDS)


@pytest.mark.django_db
def test_what_cannot_be_said_stays_refused(maya: Actor) -> None:
    request = RequestFactory().post("/x")
    request.actor = maya  # type: ignore[attr-defined]
    for asked in (
        None,
        Asked("no.such_command", "a", {}),
        Asked("payment.cancel", "a", {"payment": "pay_ffffffffffffffffffff"}),
    ):
        assert confirm_first(request, LevelTooLow(3, 2, asked), "/") is None
    known = Asked("member.prefer_name", "a", {"name": clean("Mai")})
    assert confirm_first(request, LevelTooLow(2, 0, known), "/") is None  # they have to sign in, not confirm


@pytest.mark.django_db
def test_each_of_them_says_exactly_what_is_approved(maya: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # here the issuer asks no more than usual
    source, card = bank(maya, NOW, "000555010142"), cards_of(maya)[0].token
    payment = pay(maya, NOW, source, 12_34, today(NOW) + timedelta(days=3))["payment"]
    checking = "Checking ••0142"
    said: dict[str, tuple[dict[str, Any], tuple[str, ...], str]] = {
        "bank_account.remove": ({"source": source}, (checking,), f"remove {checking}"),
        "payment.make": (
            {"amount_minor": 12_34, "source": source, "on": today(NOW)},
            ("$12.34", checking, "Nov 24"),
            "pay $12.34",
        ),
        "payment.cancel": ({"payment": payment}, ("$12.34", "Nov"), "cancel the payment of $12.34"),
        "autopay.set": (
            {"mode": "full", "source": source},
            ("the whole statement", checking),
            "set up autopay of the whole statement",
        ),
        "autopay.stop": ({}, (), "stop autopay"),
        "points.redeem": (
            {"points": 1_000, "option": "statement_credit"},
            ("1,000", "Credit on the account"),
            "use 1,000",
        ),
        "card.unfreeze": ({"card": card}, ("4471",), "unfreeze the card ending 4471"),
        "card.replace": ({"card": card}, ("4471",), "replace the card ending 4471"),
        "card.report": ({"card": card}, ("4471",), "close and replace the card ending 4471"),
        "card.activate": ({"card": card}, ("4471",), "activate the card ending 4471"),
        "member.prefer_name": ({"name": clean("Mai")}, ("Mai",), "change how we call you"),
        "member.choose_zone": ({"zone": "America/Chicago"}, ("Chicago",), "change your time zone"),
        "member.say_access_needs": ({}, (), "change what we mind"),
        "alerts.choose": ({}, (), "change your alerts"),
    }
    for name, (arguments, facts, message) in said.items():
        words = approval_of(maya, Asked(name, "a", arguments))
        assert words is not None and words.said.startswith(message), name
        shown = " ".join(fact.value for fact in words.facts)
        assert all(fact in shown for fact in facts), (name, shown)
    fixed = approval_of(
        maya, Asked("autopay.set", "a", {"mode": "fixed", "source": source, "amount_minor": 50_00})
    )
    assert fixed is not None and fixed.said == "set up autopay of $50.00"
