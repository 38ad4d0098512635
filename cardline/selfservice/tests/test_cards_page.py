"""A member's cards: what they see of each, and what one press does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cardline.cards.commands import replace_card
from cardline.cards.freeze_lane import work_through_lane
from cardline.cards.models import Freeze
from cardline.cards.queries import card_of, cards_of
from cardline.cards.tests.distance import Far, far_away, well_again
from cardline.identity.models import Evidence
from cardline.issuer import core
from cardline.issuer.core import CardState, FreezeScope
from cardline.issuer.embedded import models as rows

Clients = Callable[..., Client]


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def part(answer: Any, label: str) -> str:
    """The words of the section with this heading's id."""
    return answer.content.decode().split(f'aria-labelledby="{label}"')[1].split("</section>")[0]


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    return as_member(cast.maya)


@pytest.fixture
def client(cast: Any, maya: Any, member_client: Clients) -> Client:
    return member_client(cast.maya)


def url(actor: Any, rest: str = "") -> str:
    return f"/cards/{cards_of(actor)[0].token}{rest}"


@pytest.fixture
def no_answer() -> Iterator[set[str]]:
    """A core that does what it is asked, and whose answers to the named calls are lost."""
    lost: set[str] = set()
    real = core.current_core()

    class Silent:
        def __getattr__(self, name: str) -> Any:
            if name in lost:
                return _never_answers
            return getattr(real, name)

    core.use_core(Silent())
    yield lost
    core.use_core(real)


def _never_answers(*args: Any, **kwargs: Any) -> None:
    raise core.CoreUnknown("timed out")


# ------------------------------------------------------------------------------------------------------ the list


def test_the_list_names_each_card_with_its_holder_and_state(cast: Any, member_client: Clients) -> None:
    shown = read(member_client(cast.rosa).get("/cards"))
    assert "Card ending 3390 Rosa Lindqvist · Family Card Active" in shown
    assert "Card ending 3408 Nils Lindqvist · additional card" in shown
    assert "Card ending 3416 Ida Lindqvist · additional card · Family Card Not activated" in shown


def test_an_additional_member_sees_only_their_own_card(cast: Any, member_client: Clients) -> None:
    shown = read(member_client(cast.nils).get("/cards"))
    assert "3408" in shown and "3390" not in shown and "3416" not in shown


def test_a_freeze_from_the_list_comes_back_to_the_list_with_its_undo(client: Client, maya: Any) -> None:
    answer = client.post(
        url(maya, "/freeze"), {"key": "press-0001"}, headers={"referer": "http://testserver/cards"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cards")
    shown = client.get("/cards")
    assert "Frozen since" in read(shown) and "until it is undone" in read(shown)
    assert 'action="' + url(maya, "/unfreeze") in shown.content.decode()
    assert 'action="' + url(maya, "/freeze") not in shown.content.decode()


def test_who_may_not_undo_a_freeze_is_told_whom_to_ask(
    cast: Any, as_member: Any, member_client: Clients
) -> None:
    rosa = member_client(cast.rosa)
    token = next(card.token for card in cards_of(as_member(cast.rosa)) if card.last4 == "3408")
    rosa.post(f"/cards/{token}/freeze", {"key": "press-0001"})
    shown = member_client(cast.nils).get("/cards")
    assert "The account’s holder froze this card." in read(shown)
    assert "unfreeze" not in "".join(re.findall('action="([^"]+)"', shown.content.decode()))


# ------------------------------------------------------------------------------------------------------ one card


def test_what_works_is_the_core_s_own_answer(client: Client, maya: Any) -> None:
    assert 'class="stopped"' not in client.get(url(maya)).content.decode()
    client.post(url(maya, "/freeze"), {"key": "press-0001"})
    rows.Card.objects.update(freeze_scope=FreezeScope.EVERYTHING)
    works = part(client.get(url(maya)), "works")
    lines = [html.unescape(line) for line in re.findall(r'class="stopped">(.*?)</li>', works)]
    assert len(lines) == 4  # purchases, cash, wallet and what charges by itself
    assert any("New purchases will be declined." in line for line in lines)
    # The issuer's words say that subscriptions go on; this core says they do not, and it knows.
    assert "Subscriptions still go through." not in works
    assert any("charged by themselves are declined" in line for line in lines)


def test_a_freeze_for_a_while_says_its_end(client: Client, maya: Any) -> None:
    page = client.get(url(maya)).content.decode()
    ends = re.findall(r'name="until" value="([^"]*)"', page)
    assert len(ends) == 3 and ends[0] == ""
    for _ in range(2):  # a double click sends the same moment
        assert client.post(url(maya, "/freeze"), {"key": "press-0001", "until": ends[1]}).status_code == 302
    assert Freeze.objects.get().until is not None
    shown = read(client.get(url(maya)))
    assert re.search(r"Frozen since .+, until .+\.", shown) and "until it is undone" not in shown
    case = re.search(r"/contacts/[^\"]+", part(client.get(url(maya)), "facts"))
    assert case and "You froze card ending 4471 until" in read(client.get(case[0]))


@pytest.mark.parametrize(
    "until", ["yesterday", "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "2030-01-01"]
)
def test_an_end_that_cannot_be_freezes_nothing(client: Client, maya: Any, until: str) -> None:
    assert client.post(url(maya, "/freeze"), {"until": until}).status_code == 422
    assert cards_of(maya)[0].state == CardState.ACTIVE


def test_the_security_code_is_explained_by_the_network_of_the_card(client: Client, maya: Any) -> None:
    from cardline.selfservice.card_words import security_code_words

    assert "on the front" in security_code_words("amex", "en").lower()
    assert "on the back" in security_code_words("visa", "en").lower()
    assert security_code_words("", "en") in read(client.get(url(maya)))


def test_help_leads_to_plans_that_exist(client: Client, maya: Any) -> None:
    for address in re.findall(r'href="(/get-help/[^"]+)"', client.get(url(maya)).content.decode()):
        assert client.get(address).status_code == 200


# --------------------------------------------------------------------------------------- another card, activation


def test_a_lost_card_is_asked_about_once_more_and_then_closed_for_good(client: Client, maya: Any) -> None:
    asked = client.get(url(maya, "/replacement?why=lost"))
    assert "Close card 4471 for good?" in read(asked)
    assert cards_of(maya)[0].state == CardState.ACTIVE  # looking changes nothing
    old = cards_of(maya)[0].token
    first = client.post(f"/cards/{old}/replacement", {"why": "lost", "key": "press-0001"})
    again = client.post(f"/cards/{old}/replacement", {"why": "lost", "key": "press-0001"})
    other_press = client.post(f"/cards/{old}/replacement", {"why": "stolen", "key": "press-0002"})
    assert len({answer.headers["Location"] for answer in (first, again, other_press)}) == 1
    assert [card.state for card in cards_of(maya)] == [CardState.INACTIVE, CardState.CLOSED]
    shown = read(client.get(first.headers["Location"]))
    assert "It should arrive by" in shown and "Ordered" in shown
    assert "Closed for good: it was lost." in read(client.get(f"/cards/{old}"))
    assert "Get a new card" not in read(client.get(f"/cards/{old}"))


def test_a_damaged_card_works_until_the_new_one_is_activated(client: Client, maya: Any) -> None:
    old = cards_of(maya)[0].token
    assert "Your card works until you activate the new one." in read(
        client.get(f"/cards/{old}/replacement?why=damaged")
    )
    new = client.post(f"/cards/{old}/replacement", {"why": "damaged", "key": "press-0001"}).headers[
        "Location"
    ]
    assert card_of(maya, old).state == CardState.ACTIVE
    assert "A new card comes in its place." in read(client.get(f"/cards/{old}"))
    assert "why=damaged" not in client.get(f"/cards/{old}").content.decode()
    page = client.get(new)
    assert (
        f'action="{new}/activation"' in page.content.decode() and "why=damaged" not in page.content.decode()
    )
    assert client.post(f"{new}/activation", {"key": "press-0002"}).status_code == 302
    assert [card.state for card in cards_of(maya)] == [CardState.ACTIVE, CardState.CLOSED]
    assert "activation" not in client.get(new).content.decode()


def test_the_holder_cannot_activate_the_card_of_somebody_else(
    cast: Any, as_member: Any, member_client: Clients
) -> None:
    token = next(card.token for card in cards_of(as_member(cast.rosa)) if card.last4 == "3416")
    rosa, ida = member_client(cast.rosa), member_client(cast.ida)
    assert "/activation" not in rosa.get(f"/cards/{token}").content.decode()
    assert rosa.post(f"/cards/{token}/activation").status_code == 409
    assert "/activation" in ida.get(f"/cards/{token}").content.decode()
    assert ida.post(f"/cards/{token}/activation").status_code == 302
    assert cards_of(as_member(cast.ida))[0].state == CardState.ACTIVE


def test_a_reason_that_is_none_closes_nothing(client: Client, maya: Any) -> None:
    assert client.get(url(maya, "/replacement?why=bored")).headers["Location"] == url(maya)
    assert client.post(url(maya, "/replacement"), {"why": "bored"}).status_code == 422
    assert cards_of(maya)[0].state == CardState.ACTIVE


def test_a_session_that_proved_too_little_gets_no_new_card(
    cast: Any, member_client: Clients, maya: Any
) -> None:
    unproven = member_client(cast.maya)
    Evidence.objects.all().delete()
    for why in ("lost", "damaged"):
        assert unproven.post(url(maya, "/replacement"), {"why": why}).status_code == 403
    assert cards_of(maya)[0].state == CardState.ACTIVE


def test_another_member_finds_none_of_it(cast: Any, maya: Any, member_client: Clients) -> None:
    luis = member_client(cast.luis)
    for rest in ("", "/replacement?why=lost"):
        assert luis.get(url(maya, rest)).status_code == 404
    for rest in ("/freeze", "/unfreeze", "/activation", "/replacement"):
        assert luis.post(url(maya, rest), {"why": "lost"}).status_code == 404
        assert Client().post(url(maya, rest), {"why": "lost"}).status_code == 401
    assert cards_of(maya)[0].state == CardState.ACTIVE


# ---------------------------------------------------------------------------------------------------- silent core


def test_a_wish_without_an_answer_is_asked_not_failed(client: Client, maya: Any, no_answer: set[str]) -> None:
    address = url(maya, "/replacement")
    no_answer.add("replace_card")
    answer = client.post(address, {"why": "damaged", "key": "press-0001"})
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    shown = answer.content.decode()
    assert "Asked, not confirmed yet" in shown and "didn’t work" not in shown
    assert 'name="key" value="press-0001"' in shown and 'name="why" value="damaged"' in shown
    no_answer.clear()
    assert client.post(address, {"why": "damaged", "key": "press-0001"}).status_code == 302
    assert len(cards_of(maya)) == 2


def test_while_the_core_is_silent_the_pages_say_what_we_wrote_down(
    client: Client, maya: Any, no_answer: set[str]
) -> None:
    address = url(maya)
    client.post(f"{address}/freeze", {"key": "press-0001"})
    no_answer.update({"card", "cards"})
    for page in ("/cards", address, f"{address}/replacement?why=lost"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "We can’t look this up right now" in read(answer)
        assert "Card ending 4471 was frozen at our last look" in read(answer)
        assert 'href="tel:' in answer.content.decode()


def test_a_freeze_that_has_ended_is_not_said_while_the_core_is_silent(cast: Any, maya: Any) -> None:
    from cardline.cards.commands import freeze_card
    from cardline.selfservice.cards_page import last_known

    end = cast.now + timedelta(days=1)
    freeze_card(by=maya, now=cast.now, card=cards_of(maya)[0].token, until=end)
    assert last_known(maya, end - timedelta(seconds=1), "en")
    assert not last_known(maya, end, "en")


def test_a_page_of_one_card_asks_the_database_little(
    client: Client, cast: Any, maya: Any, django_assert_max_num_queries: Any
) -> None:
    replace_card(by=maya, now=cast.now, card=cards_of(maya)[0].token)
    client.get(url(maya))
    with django_assert_max_num_queries(27):
        client.get(url(maya))


# ------------------------------------------------------------------------------- a core that is elsewhere


@pytest.fixture
def far(cast: Any) -> Iterator[Far]:
    with far_away() as core:
        yield core


def press_freeze(client: Client, maya: Any) -> None:
    answer = client.post(
        url(maya, "/freeze"), {"key": "press-0001"}, headers={"referer": "http://testserver/cards"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cards")


def test_a_freeze_that_is_asked_is_never_called_frozen_on_any_page(
    far: Far, client: Client, maya: Any
) -> None:
    press_freeze(client, maya)
    for page in ("/cards", url(maya), "/"):
        shown = client.get(page)
        assert "not confirmed yet" in read(shown), page
        assert "Frozen since" not in read(shown) and "frozen at" not in read(shown)
        assert 'data-controller="follow" data-topics="case:' in shown.content.decode()
        assert 'action="' + url(maya, "/unfreeze") in shown.content.decode()
        assert 'action="' + url(maya, "/freeze") not in shown.content.decode()
    assert "What works now" not in read(client.get(url(maya)))  # nobody knows
    case = re.search(r"/contacts/[^\"]+", part(client.get(url(maya)), "facts"))
    assert case
    told = read(client.get(case[0]))
    assert "A freeze is asked, and not confirmed yet." in told and "this is done" not in told


def test_once_confirmed_the_same_pages_say_so(far: Far, client: Client, maya: Any) -> None:
    press_freeze(client, maya)
    work_through_lane()
    assert "Frozen since" in read(client.get("/cards")) and "Frozen since" in read(client.get(url(maya)))
    assert "frozen at" in read(client.get("/"))
    case = re.search(r"/contacts/[^\"]+", part(client.get(url(maya)), "facts"))
    assert case and "Confirmed: card ending 4471 is frozen" in read(client.get(case[0]))
    assert "A freeze is asked" not in read(client.get(case[0]))


def test_a_freeze_without_an_answer_may_have_happened(far: Far, client: Client, maya: Any) -> None:
    press_freeze(client, maya)
    far.cut = True
    work_through_lane()
    shown = read(client.get("/cards"))
    assert "it may be frozen already" in shown and "Card ending 4471" in shown


def test_taken_back_from_the_page(far: Far, client: Client, maya: Any) -> None:
    press_freeze(client, maya)
    client.post(url(maya, "/unfreeze"), {"key": "press-0002"})
    assert "not confirmed" not in read(client.get("/cards"))
    assert work_through_lane() == 0 and cards_of(maya)[0].state == CardState.ACTIVE


@pytest.mark.parametrize("page", ["/cards", "/transactions", "/"])
def test_a_silent_core_leaves_what_it_said_last_with_its_time(
    far: Far, client: Client, maya: Any, page: str
) -> None:
    fresh = client.get(page)
    assert "As of" not in read(fresh)
    far.cut = True
    shown = client.get(page)
    assert shown.status_code == 200 and re.search(r"As of .+ The card system does not answer", read(shown))
    assert "4471" in read(shown)
    far.cut = False
    well_again()
    assert "As of" not in read(client.get(page))


def test_one_card_is_shown_as_it_was_and_the_press_still_counts(far: Far, client: Client, maya: Any) -> None:
    client.get(url(maya))
    address = url(maya)
    far.cut = True
    shown = client.get(address)
    assert "As of" in read(shown) and f'action="{address}/freeze"' in shown.content.decode()
    assert client.post(f"{address}/freeze", {"key": "press-0001"}).status_code == 302
    assert "Asked, not confirmed yet" in read(client.get(address))


def test_where_nothing_is_known_the_page_says_so_and_what_was_asked(
    far: Far, client: Client, maya: Any
) -> None:
    press_freeze(client, maya)
    cache.clear()
    far.cut = True
    shown = read(client.get("/cards"))
    assert "We can’t look this up right now" in shown and "Freeze asked:" in shown


def test_only_what_the_core_offers_is_drawn(
    far: Far, client: Client, maya: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Get a new card" in read(client.get(url(maya)))
    parts = frozenset(core.Part) - {core.Part.REPLACEMENTS, core.Part.TIMED_FREEZE}
    monkeypatch.setattr(Far, "offers", parts)
    shown = client.get(url(maya))
    assert "Get a new card" not in read(shown)
    assert re.findall(r'name="until" value="([^"]*)"', shown.content.decode()) == [""]
    assert client.get(url(maya, "/replacement?why=lost")).status_code == 302
