"""A member's points: what they see, how they use them, and where missing ones are looked for."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.identity.models import Evidence
from cardline.issuer import core
from cardline.issuer.core import Part, TransactionState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import network, rewards
from cardline.issuer.embedded.opening import issue_card, open_account
from cardline.issuer.embedded.tests.world import inside
from cardline.rewards.tests.points import a_purchase, account_of, earn, give, points_of

Clients = Callable[..., Client]
CREDIT = "statement_credit"


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def client(cast: Any, as_member: Any, member_client: Clients) -> Client:
    give(cast.maya, 5_200, cast.now)
    as_member(cast.maya)
    return member_client(cast.maya)


@pytest.fixture
def form(cast: Any, client: Client) -> dict[str, str]:
    """What the page with the last question sends."""
    return {
        "key": "press-0001",
        "account": account_of(cast.maya),
        "option": CREDIT,
        "points": "2000",
    }


class Other:
    """The core with something of it broken: a call without an answer, or a part it does not have."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.silent: set[str] = set()
        self.answers: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name in self.silent:
            return _never_answers
        return self.answers.get(name) or getattr(self.real, name)


def _never_answers(*args: Any, **kwargs: Any) -> None:
    raise core.CoreUnknown("timed out")


@pytest.fixture
def other_core() -> Iterator[Other]:
    real = core.current_core()
    other = Other(real)
    core.use_core(other)
    yield other
    core.use_core(real)


def address(page: Any, words: str) -> str:
    """Where the row of that title leads."""
    found = re.search(rf'<a href="([^"]+)">(?:(?!</a>).)*?<b>(?:{words})', page.content.decode(), re.DOTALL)
    assert found, f"no row says {words}"
    return html.unescape(found[1])


def fields(page: Any) -> dict[str, str]:
    """The hidden fields of the form that is sent."""
    form = page.content.decode().split('method="post" action="/rewards/redeem"')[1].split("</form>")[0]
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


# ----------------------------------------------------------------------------------------------------- the balance


def test_the_page_says_how_many_points_and_what_they_are_worth(client: Client) -> None:
    shown = read(client.get("/rewards"))
    assert "5,200 points" in shown
    assert "Credit on the account Up to $30.00 for 5,000 points" in shown
    assert "Gift card Up to $50.00 for 5,000 points" in shown
    assert "1,000 points are worth $6.00" in shown


def test_it_says_what_ends_next_and_warns_when_that_is_near(cast: Any, client: Client) -> None:
    give(cast.maya, 300, cast.now - timedelta(days=365))
    page = client.get("/rewards")
    assert "Next to expire: 300 points, last usable on Thu, Nov 30, 2028." in read(page)
    assert "notice warn" not in page.content.decode()
    rows.RewardsEntry.objects.filter(points=300).update(expires_on=(cast.now + timedelta(days=20)).date())
    page = client.get("/rewards")
    assert "Next to expire: 300 points, last usable on Mon, Dec 14" in read(page)
    assert "notice warn" in page.content.decode()


def test_what_the_points_do_not_suffice_for_is_said_and_not_pressed(
    cast: Any, as_member: Any, member_client: Clients
) -> None:
    give(cast.tomasz, 1_200, cast.now)
    page = member_client(cast.tomasz).get("/rewards")
    assert "Gift card From 2,500 points. You need 1,300 more." in read(page)
    assert "option=gift_card" not in page.content.decode()
    assert "option=statement_credit" in page.content.decode()


def test_points_below_nothing_are_explained(cast: Any, member_client: Clients) -> None:
    give(cast.maya, -300, cast.now)
    shown = read(member_client(cast.maya).get("/rewards"))
    assert "−300 points" in shown and "The next purchases make up for 300 points" in shown
    assert "You need 1,300 more." in shown


def test_each_line_says_in_words_what_moved_points(cast: Any, client: Client, form: dict[str, str]) -> None:
    bought = a_purchase(cast.maya)
    earn(bought)
    refund = inside(
        lambda: network.refund(bought.token, amount_minor=bought.amount.amount_minor, at=cast.now, key="r")
    )
    inside(lambda: rewards.earn_on(refund, cast.now))
    client.post("/rewards/redeem", form)
    give(cast.maya, -100, cast.now, words="a mistake of ours")
    page = client.get("/rewards")
    shown, links = read(page), page.content.decode()
    assert f"Earned: {bought.merchant}" in shown and f'href="/transactions/{bought.token}"' in links
    assert f"Taken back, as money came back: {bought.merchant}" in shown
    assert f'href="/transactions/{refund.token}"' in links
    assert "Used: Credit on the account" in shown and "−2,000" in shown
    assert "Added: Welcome bonus" in shown and "+5,200" in shown
    for charge in re.findall(r'href="(/transactions/[^"]+)"', links):
        assert client.get(charge).status_code == 200


def test_points_that_ran_out_are_told(cast: Any, client: Client) -> None:
    rows.RewardsEntry.objects.update(expires_on=cast.now.date() - timedelta(days=1))
    inside(lambda: rewards.expire(cast.now.date() - timedelta(days=1), cast.now))
    shown = read(client.get("/rewards"))
    assert "Expired, as they were not used in time" in shown and "−5,200" in shown


def test_the_history_comes_in_pages(cast: Any, client: Client) -> None:
    for n in range(30):
        give(cast.maya, n + 1, cast.now + timedelta(minutes=n), words="bonus")
    first = client.get("/rewards")
    older = re.search(r'href="([^"]+)">Show older ones', first.content.decode())
    assert older and first.content.decode().count('class="what"') == 25
    second = client.get(html.unescape(older[1]))
    assert second.content.decode().count('class="what"') == 6
    assert "Back to the newest" in read(second) and "Show older ones" not in read(second)
    assert client.get("/rewards?after=nonsense").status_code == 404


def test_before_the_first_points_the_page_says_when_they_come(cast: Any, member_client: Clients) -> None:
    shown = read(member_client(cast.maya).get("/rewards"))
    assert "0 points" in shown and "When a purchase is posted, its points appear here." in shown


def test_an_account_that_collects_none_says_so(cast: Any, member_client: Clients) -> None:
    rows.Account.objects.filter(token=account_of(cast.luis)).update(points_rate=0)
    luis = member_client(cast.luis)
    for page in ("/rewards", "/rewards/redeem"):
        shown = read(luis.get(page))
        assert "This account collects no points." in shown and "0 points." not in shown


def test_the_page_asks_the_database_little(
    cast: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        give(cast.maya, n + 1, cast.now, words="bonus")
    client.get("/rewards")
    with django_assert_max_num_queries(25):
        client.get("/rewards")


# ------------------------------------------------------------------------------------------------- several accounts


@pytest.fixture
def second(cast: Any, client: Client) -> str:
    """Maya opens another account, with points of its own."""
    customer = cast.maya.core_customer
    token = inside(
        lambda: open_account(
            holders={customer: "Maya Okafor"},
            product="Travel Card",
            currency="USD",
            credit_limit_minor=100_000,
            opened_at=cast.now,
            points_rate=100,
        )
    )
    inside(
        lambda: issue_card(
            account=token,
            customer=customer,
            name="Maya Okafor",
            bin="371449",
            last4="8080",
            activated_at=cast.now,
        )
    )
    account = rows.Account.objects.get(token=token)
    inside(lambda: rewards.correct(account, 9_000, "Bonus", at=cast.now, key="second"))
    return token


def test_with_several_accounts_one_is_chosen(cast: Any, client: Client, second: str) -> None:
    page = client.get("/rewards")
    assert "5,200 points" in read(page) and "Travel Card · Card ending 8080" in read(page)
    other = client.get(f"/rewards?account={second}")
    assert "9,000 points" in read(other)
    choice = client.get(address(other, "Credit on the account"))
    assert "You have 9,000 points." in read(choice)
    review = client.get(address(choice, "The most|All you have"))
    assert client.post("/rewards/redeem", fields(review)).status_code == 302
    assert points_of(cast.maya) == 5_200  # the other one's are not touched
    assert core.current_core().rewards(cast.maya.core_customer, second).points == 0


def test_an_account_of_somebody_else_is_not_there(cast: Any, client: Client, form: dict[str, str]) -> None:
    theirs = account_of(cast.tomasz)
    give(cast.tomasz, 5_000, cast.now)
    for page in (f"/rewards?account={theirs}", f"/rewards/redeem?account={theirs}"):
        assert client.get(page).status_code == 404
    assert client.post("/rewards/redeem", {**form, "account": theirs}).status_code == 404
    assert points_of(cast.tomasz) == 5_000


# ------------------------------------------------------------------------------------------------------ using them


def test_three_presses_from_the_balance_to_the_reference(cast: Any, client: Client) -> None:
    choice = client.get(address(client.get("/rewards"), "Credit on the account"))
    assert "At least 1,000, in steps of 500." in read(choice)
    review = client.get(address(choice, "The most: 5,000 points"))
    assert "For 5,000 points you get a credit of $30.00 on your account, at once." in read(review)
    assert "Left on the account: 200 points." in read(review)
    assert points_of(cast.maya) == 5_200  # looking uses nothing
    done = client.post("/rewards/redeem", fields(review))
    assert done.status_code == 302
    shown = read(client.get(done.headers["Location"]))
    ref = done.headers["Location"].rpartition("/")[2]
    assert "Done: 5,000 points used" in shown and ref in shown
    assert "$30.00" in shown and "Points now 200 points" in shown
    record = read(client.get(f"/contacts/{ref}"))
    assert "You used 5,000 points for a credit of $30.00 on the account" in record


def test_a_number_of_one_s_own_is_looked_at_before_it_is_used(client: Client, form: dict[str, str]) -> None:
    query = {name: form[name] for name in ("account", "option")}
    for typed in ("1500", "1,500", "1.500", "1 500", " 1500 "):
        review = client.get("/rewards/redeem", {**query, "points": typed})
        assert "Use 1,500 points?" in read(review), typed
        assert fields(review)["points"] == "1500"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write how many points you want to use."),
        ("-1000", "Write a whole number without a sign"),
        ("+1000", "Write a whole number without a sign"),
        ("1000.5", "Write a whole number without a sign"),
        ("1,5", "Write a whole number without a sign"),
        ("1e4", "Write a whole number without a sign"),
        ("١٠٠٠", "Write a whole number without a sign"),
        ("many", "Write a whole number without a sign"),
        ("0", "It takes at least 1,000 points."),
        ("999", "It takes at least 1,000 points."),
        ("1600", "It goes in steps of 500: write 1,500 or 2,000."),
        ("5100", "It goes in steps of 500: write 5,000."),
        ("5500", "You have 5,200 points now. Write 5,000 or less."),
        ("999999999999500", "You have 5,200 points now. Write 5,000 or less."),
        ("9999999999999999", "Write a whole number without a sign"),
    ],
)
def test_a_number_that_cannot_be_used_is_told_at_its_field(
    cast: Any, client: Client, form: dict[str, str], typed: str, said: str
) -> None:
    query = {"account": form["account"], "option": CREDIT, "points": typed}
    for answer in (
        client.get("/rewards/redeem", query),
        client.post("/rewards/redeem", {**form, "points": typed}),
    ):
        assert answer.status_code in (409, 422) and said in read(answer)
        field = re.search(r'<input[^>]*name="points"[^>]*>', answer.content.decode())
        assert field and f'value="{typed.strip()}"' in field[0] or not typed  # nothing typed is lost
        assert 'aria-invalid="true"' in (field[0] if field else "")
    assert points_of(cast.maya) == 5_200 and not Case.objects.exists()


def test_what_points_cannot_be_used_for_leads_back_to_the_choice(
    client: Client, form: dict[str, str]
) -> None:
    asked = client.get("/rewards/redeem", {"account": form["account"], "option": "yacht"})
    sent = client.post("/rewards/redeem", {**form, "option": "yacht"})
    for answer in (asked, sent):
        assert answer.status_code == 422
        assert "Choose something else." in read(answer) and "Gift card" in read(answer)


def test_an_option_the_core_knows_and_we_do_not_is_shown_by_its_word(
    cast: Any, client: Client, other_core: Other
) -> None:
    from cardline.kit.money import Money

    option = core.RewardsOption("air_miles", 100, 100, Money(1_000, "USD"))
    other_core.answers["rewards_options"] = lambda *asked: [option]
    choice = client.get(address(client.get("/rewards"), "Air miles"))
    assert "you get “Air miles”, worth $52.00." in read(
        client.get(address(choice, "All you have: 5,200 points"))
    )


def test_a_double_click_uses_them_once_and_shows_the_same(
    cast: Any, client: Client, form: dict[str, str]
) -> None:
    form["points"] = "5000"
    first, again = client.post("/rewards/redeem", form), client.post("/rewards/redeem", form)
    assert (first.status_code, first.headers["Location"]) == (302, again.headers["Location"])
    assert points_of(cast.maya) == 200 and Case.objects.count() == 1


def test_the_same_key_with_another_number_is_refused(cast: Any, client: Client, form: dict[str, str]) -> None:
    assert client.post("/rewards/redeem", form).status_code == 302
    answer = client.post("/rewards/redeem", {**form, "points": "1000"})
    assert answer.status_code == 409 and points_of(cast.maya) == 3_200


def test_a_second_tab_is_told_that_the_points_are_gone(
    cast: Any, client: Client, form: dict[str, str]
) -> None:
    form["points"] = "5000"
    assert client.post("/rewards/redeem", form).status_code == 302
    late = client.post("/rewards/redeem", {**form, "key": "press-0002"})
    assert late.status_code == 409
    assert "You have 200 points now, which is too few for this." in read(late)
    assert 'value="5000"' in late.content.decode()
    assert points_of(cast.maya) == 200 and Case.objects.count() == 1


def test_a_program_is_refused_in_its_own_language(client: Client, form: dict[str, str]) -> None:
    answer = client.post(
        "/rewards/redeem", {**form, "points": "5500"}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "too_few_points")


def test_reloading_the_last_question_means_the_same_wish(cast: Any, client: Client) -> None:
    choice = client.get(address(client.get("/rewards"), "Credit on the account"))
    question = address(choice, "The least")
    keys = {fields(client.get(question))["key"] for _ in range(2)}
    assert len(keys) == 1 and keys == set(parse_qs(urlsplit(question).query)["wish"])
    forged = client.get(question.replace(keys.pop(), "mine"))
    assert fields(forged)["key"] not in ("mine", "")


def test_the_new_balance_is_not_needed_to_say_that_it_is_done(
    client: Client, form: dict[str, str], other_core: Other
) -> None:
    done = client.post("/rewards/redeem", form).headers["Location"]
    other_core.silent.add("rewards")
    answer = client.get(done)
    assert answer.status_code == 200 and "Done: 2,000 points used" in read(answer)
    assert "Points now" not in read(answer)


def test_the_reference_of_something_else_shows_no_redemption(
    cast: Any, client: Client, form: dict[str, str], member_client: Clients
) -> None:
    done = client.post("/rewards/redeem", form).headers["Location"]
    assert member_client(cast.luis).get(done).status_code == 404
    client.post("/messages", {"need": "rewards.balance", "text": "Hello", "key": "a-key-of-chance"})
    other = Case.objects.order_by("-pk")[0].ref
    for path in (f"/rewards/redeemed/{other}", "/rewards/redeemed/nonsense"):
        assert client.get(path).status_code == 404


def test_a_session_that_proved_too_little_uses_none(cast: Any, client: Client, form: dict[str, str]) -> None:
    Evidence.objects.all().delete()
    assert client.post("/rewards/redeem", form).status_code == 403
    assert points_of(cast.maya) == 5_200


# ---------------------------------------------------------------------------------------------------- missing points


def test_of_each_purchase_it_is_told_what_became_of_its_points(cast: Any, client: Client) -> None:
    bought = a_purchase(cast.maya)
    listed = client.get("/rewards/missing")
    assert f'href="/rewards/missing?txn={bought.token}"' in listed.content.decode()
    page = client.get(f"/rewards/missing?txn={bought.token}")
    assert "we find no points for it" in read(page)
    assert "Tell us that they are missing" in read(page)
    earn(bought)
    page = client.get(f"/rewards/missing?txn={bought.token}")
    assert "In all this charge brought" in read(page) and f"Earned: {bought.merchant}" in read(page)


def test_a_pending_charge_brings_its_points_once_it_is_posted(cast: Any, client: Client) -> None:
    pending = a_purchase(cast.maya, TransactionState.PENDING)
    shown = read(client.get(f"/rewards/missing?txn={pending.token}"))
    assert "Its points come when the merchant has collected it" in shown


def test_points_still_missing_become_a_case_in_which_the_charge_is_named(cast: Any, client: Client) -> None:
    bought = a_purchase(cast.maya)
    page = client.get(f"/rewards/missing?txn={bought.token}")
    plan = client.get(f"/get-help/rewards.missing?txn={bought.token}")
    assert f'href="/get-help/rewards.missing?txn={bought.token}"' in page.content.decode()
    assert f"About: {bought.merchant}" in read(plan)
    assert f'name="txn" value="{bought.token}"' in plan.content.decode()
    # A case about the same charge and something else is no case about its points.
    doubt = {"need": "dispute.wrong_amount", "text": "Too much.", "key": "press-0000", "txn": bought.token}
    assert client.post("/messages", doubt).status_code == 302
    assert "Already in progress" not in read(client.get(f"/rewards/missing?txn={bought.token}"))
    sent = {**doubt, "need": "rewards.missing", "text": "No points came.", "key": "press-0001"}
    assert client.post("/messages", sent).status_code == 302
    told = Contact.objects.order_by("-pk")[0]
    assert bought.token in told.plan and told.case.need == "rewards.missing"
    Case.objects.filter(need="dispute.wrong_amount").update(state=Case.State.CLOSED)
    again = client.get(f"/rewards/missing?txn={bought.token}")
    assert "Already in progress" in read(again) and "Tell us that they are missing" not in read(again)
    # Who misses points knows the charge: its own page does not ask whether they do.
    assert "I recognize it now" not in read(client.get(f"/transactions/{bought.token}"))


def test_the_plan_asks_which_purchase_is_meant(cast: Any, client: Client) -> None:
    assert "Which charge is it?" in read(client.get("/get-help/rewards.missing"))


def test_of_a_charge_that_is_not_theirs_nothing_is_told(cast: Any, client: Client) -> None:
    theirs = a_purchase(cast.tomasz).token
    for token in (theirs, "txn_ffffffffffffffffffff"):
        assert client.get(f"/rewards/missing?txn={token}").status_code == 404


# ------------------------------------------------------------------------------------ who has none, and a silent core


def test_an_additional_card_member_is_told_whose_the_points_are(cast: Any, member_client: Clients) -> None:
    give(cast.rosa, 4_321, cast.now)
    nils = member_client(cast.nils)
    charge = core.current_core().transactions(cast.nils.core_customer, most=1).items[0].token
    for path in ("/rewards", "/rewards/redeem", "/rewards/missing", f"/rewards/missing?txn={charge}"):
        shown = read(nils.get(path))
        assert "they belong to the account. Its holder sees them" in shown and "4,321" not in shown
    sent = {"account": account_of(cast.rosa), "option": CREDIT, "points": "1000", "key": "press-0001"}
    assert nils.post("/rewards/redeem", sent).status_code == 404
    assert nils.post("/rewards/redeem", {**sent, "points": "x"}).status_code == 404


def test_without_a_programme_there_is_no_such_page(
    client: Client, form: dict[str, str], other_core: Other
) -> None:
    other_core.offers = frozenset(Part) - {Part.REWARDS}  # type: ignore[attr-defined]
    for path in ("/rewards", "/rewards/redeem", "/rewards/missing", "/rewards/missing?txn=txn_1"):
        assert client.get(path).status_code == 404
    assert client.post("/rewards/redeem", form).status_code == 404


@pytest.mark.parametrize(
    ("path", "silent"),
    [("/rewards", "rewards"), ("/rewards/redeem", "rewards_options"), ("/rewards/missing", "transactions")],
)
def test_while_the_core_is_silent_the_page_says_so(
    client: Client, other_core: Other, path: str, silent: str
) -> None:
    other_core.silent.add(silent)
    answer = client.get(path)
    assert answer.status_code == 200 and "We can’t look this up right now" in read(answer)
    assert 'href="tel:' in answer.content.decode()


def test_a_wish_without_an_answer_is_asked_not_failed(
    cast: Any, client: Client, form: dict[str, str], other_core: Other
) -> None:
    other_core.silent.add("redeem")
    answer = client.post("/rewards/redeem", form)
    assert answer.status_code == 503 and "Asked, not confirmed yet" in read(answer)
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    assert {name: again[name] for name in form} == form
    other_core.silent.clear()
    assert client.post("/rewards/redeem", form).status_code == 302
    assert points_of(cast.maya) == 3_200


def test_nobody_else_gets_in(cast: Any, client: Client, form: dict[str, str], agent_client: Any) -> None:
    for path in ("/rewards", "/rewards/redeem", "/rewards/missing"):
        assert Client().get(path).status_code == 401
        assert agent_client(cast.dana).get(path).status_code == 404
    assert Client().post("/rewards/redeem", form).status_code == 401
    assert points_of(cast.maya) == 5_200
