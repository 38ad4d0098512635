"""What cards include, as a page: one's own, a product's, and one benefit with how to use it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from cardline.benefits import queries
from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.profile import current_profile
from cardline.selfservice.benefits.page import benefit_page, benefits_page

pytestmark = pytest.mark.django_db

Clients = Callable[..., Client]
IN_NOVEMBER = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
IN_FEBRUARY = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def titles(found: Any) -> list[str]:
    return [row.title for row in found]


def test_a_member_sees_the_benefits_of_their_own_card(cast: Any, member_client: Clients) -> None:
    shown = read(member_client(cast.maya).get("/benefits"))
    assert "Everyday Card Card ending 4471 · terms of 2026" in shown
    assert "Phone cover" in shown and "Airport lounges" not in shown
    assert "Sample data." in shown


def test_a_change_is_told_for_a_while_with_its_day(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    (card,) = benefits_page(maya, IN_NOVEMBER, "en").mine or ()
    assert card.changed == (
        "Since Thu, Oct 1: Phone cover is new. Accident cover on trips is no longer included."
    )
    assert card.rows and titles(card.rows.ended) == ["Accident cover on trips"]
    assert "It counted until Wed, Sep 30." in card.rows.ended[0].line
    (later,) = benefits_page(maya, IN_FEBRUARY, "en").mine or ()
    assert later.changed == "" and later.rows and titles(later.rows.ended) == ["Accident cover on trips"]


def test_ending_ended_and_coming_are_said_with_their_day(
    cast: Any, as_member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = current_profile()
    museum = replace(profile.benefits["museum-days"], valid_from=date(2027, 1, 1), valid_until=None)
    phone = replace(profile.benefits["phone-cover"], valid_until=date(2026, 12, 31))
    changed = {**profile.benefits, museum.id: museum, phone.id: phone}
    monkeypatch.setattr(queries, "current_profile", lambda: replace(profile, benefits=changed))
    (card,) = benefits_page(as_member(cast.rosa), IN_NOVEMBER, "en").mine or ()
    assert card.rows and card.rows.later[0].line.endswith("From Fri, Jan 1.")
    assert card.rows.now[1].line.endswith("Until Thu, Dec 31.")


def test_a_card_that_includes_nothing_says_so(cast: Any, member_client: Clients) -> None:
    shown = read(member_client(cast.tomasz).get("/benefits"))
    assert "Household Card Cards ending 7725, 7733" in shown
    assert "This card includes no benefits." in shown


def test_an_additional_member_sees_their_card_and_what_may_be_more(cast: Any, member_client: Clients) -> None:
    shown = read(member_client(cast.nils).get("/benefits"))
    assert "Family Card Card ending 3408" in shown and "3390" not in shown
    assert "Shopping cover" in shown and "may have more" not in shown
    rows.Account.objects.update(product="Company Card")
    assert "The account’s holder may have more" in read(member_client(cast.nils).get("/benefits"))


def test_a_card_nobody_described_leads_to_a_person(cast: Any, member_client: Clients) -> None:
    rows.Account.objects.update(product="Mystery Card")
    answer = member_client(cast.maya).get("/benefits")
    assert "We can’t say here what this card includes." in read(answer)
    assert 'href="tel:' in answer.content.decode()


def test_a_member_without_a_card_is_told_so(cast: Any, member_client: Clients) -> None:
    rows.Card.objects.update(closed_at=IN_NOVEMBER, closed_reason="by_request")
    assert "You hold no card at the moment" in read(member_client(cast.maya).get("/benefits"))


def test_where_a_benefit_goes_on_the_terms_that_are_over_are_named(
    cast: Any, as_member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = current_profile()
    phone = replace(profile.benefits["phone-cover"], name=profile.benefits["trip-accident"].name)
    changed = {**profile.benefits, phone.id: phone}
    monkeypatch.setattr(queries, "current_profile", lambda: replace(profile, benefits=changed))
    (card,) = benefits_page(as_member(cast.maya), IN_NOVEMBER, "en").mine or ()
    assert card.rows and titles(card.rows.ended) == ["Accident cover on trips, terms TA-4"]


# ---------------------------------------------------------------------------------------- without signing in


def test_a_visitor_sees_every_product_and_can_sign_in(cast: Any) -> None:
    answer = Client().get("/benefits")
    assert "Sign in and see yours" in read(answer)
    assert 'href="/benefits?product=travel"' in answer.content.decode()
    assert "4471" not in read(answer)


def test_a_product_s_page_says_what_it_includes_today(cast: Any) -> None:
    answer = Client().get("/benefits?product=travel")
    assert "Airport lounges" in read(answer) and "$250 a year" in read(answer)
    assert 'href="/apply/travel/name"' in answer.content.decode()
    company = Client().get("/benefits?product=company")
    assert "Airport lounges" in read(company)  # the newest edition, not an older one
    assert "/apply/company" not in company.content.decode()


@pytest.mark.parametrize(
    "path", ["/benefits?product=none", "/benefits/none", "/benefits/%00", "/benefits/-1"]
)
def test_what_nobody_sells_is_no_page(cast: Any, member_client: Clients, path: str) -> None:
    assert Client().get(path).status_code == 404
    assert member_client(cast.maya).get(path).status_code == 404


def test_nothing_is_changed_by_asking(cast: Any) -> None:
    assert Client().post("/benefits").status_code == 405
    assert Client().post("/benefits/phone-cover").status_code == 405


# ------------------------------------------------------------------------------------------------ one benefit


def test_one_benefit_says_what_it_covers_and_how_to_use_it(cast: Any, member_client: Clients) -> None:
    answer = member_client(cast.maya).get("/benefits/phone-cover")
    shown = read(answer)
    for words in (
        "Repair or a phone of the same kind, up to $800",
        "Not covered: The first $50 of each claim",
        "Pay the phone bill with the card for a month",
        "The last phone bill",
        "Within 60 days after it happened",
        "Everyday Card, card ending 4471",
        "PC-1",
    ):
        assert words in shown
    assert 'href="tel:+18005282122"' in answer.content.decode()


def test_without_signing_in_it_says_only_which_cards_are_sold_with_it(cast: Any) -> None:
    shown = read(Client().get("/benefits/phone-cover"))
    assert "Family Card" in shown and "4471" not in shown and "Yours with" not in shown


def test_a_benefit_that_an_edition_took_away_is_over_for_whoever_had_it(cast: Any, as_member: Any) -> None:
    maya = benefit_page(as_member(cast.maya), "trip-accident", IN_NOVEMBER, "en")
    assert "It counted until Wed, Sep 30." in maya.when and not maya.cards
    hannah = benefit_page(as_member(cast.hannah), "trip-accident", IN_NOVEMBER, "en")
    assert hannah.when == "" and hannah.cards == ("Travel Card, card ending 9038",)


def test_a_number_that_is_not_named_is_that_of_the_reader_s_own_card(
    cast: Any, member_client: Clients
) -> None:
    owen, maya = (member_client(one).get("/benefits/late-luggage") for one in (cast.owen, cast.maya))
    assert "1-800-492-3932" in read(owen) and "1-800-528-2122" in read(maya)


def test_what_is_asked_in_writing_leads_to_the_chat(cast: Any) -> None:
    page = Client().get("/benefits/lounge-visits").content.decode()
    assert 'href="/get-help/benefit.limits_terms#chat"' in page


# ------------------------------------------------------------------------------------------------ a silent core


@pytest.fixture
def silent() -> Iterator[None]:
    real = core.current_core()

    class Silent:
        offers = real.offers

        def __getattr__(self, name: str) -> Any:
            return _never_answers

    core.use_core(Silent())
    yield
    core.use_core(real)


def _never_answers(*args: Any, **kwargs: Any) -> None:
    raise core.CoreUnknown("timed out")


def test_a_silent_core_takes_away_one_s_own_cards_only(
    cast: Any, member_client: Clients, silent: None
) -> None:
    shown = read(member_client(cast.maya).get("/benefits"))
    assert "We can’t look up your cards right now." in shown and "Everyday Card" in shown
    assert member_client(cast.maya).get("/benefits/phone-cover").status_code == 200
    assert Client().get("/benefits").status_code == 200
