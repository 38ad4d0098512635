"""People who act for others: with a power that ended, with papers that are on their way, or for more than they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.issuer.core import current_core
from cardline.kit import clock
from cardline.members.models import Authority, Member, Program
from cardline.rewards.tests.points import account_of, give, points_of
from tests.stories.telling import Desk, Told, card_of, in_the_session_of, is_frozen, words_of

pytestmark = pytest.mark.django_db

DEATH = {
    "kind": "deceased", "said_by": "The registry office", "document": "Death certificate of Sunday",
    "said_on": "2026-11-22", "why": "She died on Sunday.", "representative": "Tomasz Wilk", "firm": "the executor",
    "address": "5 Juniper Road, Austin", "phone": "+1 512 555 0134",
}  # fmt: skip


@pytest.fixture
def ines(cast: Any, as_agent: Callable[..., Any], agent_client: Callable[..., Client]) -> Desk:
    """She supervises."""
    return Desk(as_agent(cast.ines), agent_client(cast.ines))


def notice_of_death(desk: Desk, member: Member) -> None:
    form = {**DEATH, "key": f"death-of-{member.pk}"}
    assert desk.browser.post(f"/desk/members/{member.pk}/restrictions", form).status_code == 302


def record(desk: Desk, who: Member, principal: Member, kind: str, scopes: list[str], paper: str = "") -> int:
    """Take down who may act for a member. Returns its number."""
    names = f"{who.name}; {principal.name}" if paper else ""
    form = {"kind": kind, "number": who.core_customer, "name": who.name, "scopes": scopes}
    answer = desk.press(f"/desk/members/{principal.pk}/authorities", **form, paper=paper, names=names)
    assert answer.status_code == 302
    return Authority.objects.latest("pk").pk


def confirm(desk: Desk, principal: Member, authority: int) -> None:
    address = f"/desk/members/{principal.pk}/authorities/{authority}/confirmation"
    assert desk.press(address).status_code == 302


def act_for(browser: Client, principal: Member, kind: str) -> int:
    """Say on the page for whom one acts from now on. Returns the status."""
    key = f"acts-{clock.now().timestamp()}"
    return browser.post("/acting", {"for": f"{principal.pk}:{kind}", "key": key}).status_code


def redeem(browser: Client, principal: Member) -> int:
    """Have points paid out. Returns the status."""
    form = {"account": account_of(principal), "option": "statement_credit", "points": "2500"}
    return browser.post("/rewards/redeem", {**form, "key": f"pays-out-{clock.now().timestamp()}"}).status_code


def test_a_power_of_attorney_ends_with_a_life(
    told: Told, cast: Any, dana: Desk, ines: Desk, member_client: Callable[..., Client]
) -> None:
    nephew, rosa = cast.luis, cast.rosa
    give(rosa, 10_000, clock.now())
    call = dana.call_from(rosa)
    may = ["see", "pay", "redeem"]
    confirm(ines, rosa, record(dana, nephew, rosa, "power_of_attorney", may, "Deed of 2019, notarized"))
    his = member_client(nephew)
    act_for(his, rosa, "power_of_attorney")
    assert "Rosa Lindqvist" in words_of(his.get("/rewards"))

    notice_of_death(dana, rosa)
    there = points_of(rosa)
    assert redeem(his, rosa) == 403 and points_of(rosa) == there
    assert "You no longer act for Rosa Lindqvist" in words_of(his.get("/home"))
    assert act_for(his, rosa, "power_of_attorney") == 404
    assert dana.on(call, "speaker", speaker=f"{nephew.pk}:power_of_attorney").status_code == 404
    told.stays_below(in_the_session_of(his, rosa))
    with told.protected():
        whom = words_of(dana.browser.get(f"/desk/members/{rosa.pk}/restrictions"))
        assert "Tomasz Wilk" in whom and "the executor" in whom  # as he is told who calls
        letters = record(dana, cast.tomasz, rosa, "executor", ["see", "redeem"], "Letters testamentary")
        confirm(ines, rosa, letters)
        executors = member_client(cast.tomasz)
        act_for(executors, rosa, "executor")
        assert redeem(executors, rosa) == 302 and points_of(rosa) == there - 2_500


def test_an_executor_speaks_for_the_estate_once_the_papers_were_seen(
    told: Told, cast: Any, dana: Desk, ines: Desk, member_client: Callable[..., Client]
) -> None:
    rosa, his = cast.rosa, member_client(cast.tomasz)
    call = dana.call_from(rosa)
    notice_of_death(dana, rosa)
    executor = record(dana, cast.tomasz, rosa, "executor", ["see", "pay", "close"])

    assert act_for(his, rosa, "executor") == 404
    value = f"{cast.tomasz.pk}:executor"
    assert dana.on(call, "speaker", speaker=value).status_code == 404
    for address in ("/statements", "/cards"):
        assert "3390" not in words_of(his.get(address)), address
    told.stays_below(in_the_session_of(his, rosa))
    with told.protected():
        dana.on(call, "facts", name="Rosa Lindqvist", fact="3390")
        dana.on(call, f"cards/{card_of(rosa)}/freeze")
        assert is_frozen(rosa)
        papers = {"paper": "Letters testamentary of Dec 14", "names": f"{cast.tomasz.name}; {rosa.name}"}
        dana.press(f"/desk/members/{rosa.pk}/authorities/{executor}/papers", **papers)
        assert act_for(his, rosa, "executor") == 404
        confirm(ines, rosa, executor)
        act_for(his, rosa, "executor")
        for address in ("/statements", "/cards"):
            assert "3390" in words_of(his.get(address)), address
        assert dana.on(call, "speaker", speaker=value).status_code == 302


def test_an_administrator_sees_no_charge_of_a_card_that_is_not_the_companys(
    told: Told, cast: Any, member_client: Callable[..., Client]
) -> None:
    hers, owen, company = member_client(cast.greta), cast.owen, Program.objects.get().company
    bought = current_core().transactions(owen.core_customer).items[0]
    private = (f"/cards/{card_of(owen)}", f"/transactions/{bought.token}", f"/program/cards/{card_of(owen)}")

    for address in private:
        assert hers.get(address).status_code == 404
    act_for(hers, company, "program_administrator")
    for address in (private[1], "/transactions", "/statements"):
        answer = hers.get(address)
        assert answer.status_code == 403 and bought.merchant not in words_of(answer), address
    told.stays_below(in_the_session_of(hers, owen))
    with told.protected():
        samirs = card_of(cast.samir)
        hers.post(f"/program/cards/{samirs}/freeze", {"key": "freezes-his"})
        assert is_frozen(cast.samir)
