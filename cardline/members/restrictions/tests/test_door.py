"""At the door of the command path: what a restriction stops, what it never stops, and what whoever is refused hears."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cardline.cards.commands import activate_card, freeze_card, replace_card, unfreeze_card
from cardline.cards.queries import cards_of
from cardline.conftest import NEED
from cardline.contact.commands import send_message, take_contact
from cardline.demo.people import actor_of
from cardline.issuer.core import CardState, current_core
from cardline.kit import plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.members.commands import prefer_name
from cardline.members.restrictions.commands import lift_restriction
from cardline.members.restrictions.door import UnderRestriction, refuse_what_is_restricted
from cardline.members.restrictions.rules import Redirect, Refuse, Representative, Restricted
from cardline.members.restrictions.table import TABLE, RestrictionKind
from cardline.members.restrictions.tests.scene import NOON, RUTH, WHY, place
from cardline.members.restrictions.words import Audience, said_to
from cardline.rewards.commands import redeem_points
from cardline.routing.commands import start_chat
from cardline.staff.commands import set_presence

pytestmark = pytest.mark.django_db
SECRETS = ("bankrupt", "dead", "died", "deceased", "fraud", "court", "attorney", "represent", "Ruth")


@pytest.fixture
def rosa(cast: Any, as_member: Any) -> Actor:
    return as_member(cast.rosa)


@pytest.fixture
def nils(cast: Any, as_member: Any) -> Actor:
    return as_member(cast.nils)


def account_of(member: Any) -> str:
    return current_core().accounts(member.core_customer)[0].token


def own_card(actor: Actor) -> str:
    return next(card.token for card in cards_of(actor) if card.mine)


def no_to(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(UnderRestriction) as no:
        call(*args, **kwargs)
    assert (no.value.status, no.value.code) == (403, "restricted")
    return str(no.value)


# ----------------------------------------------------------------------------------------- stopped, and not


def test_a_fraud_lock_stops_what_releases_and_never_a_freeze(cast: Any, rosa: Actor) -> None:
    card = own_card(rosa)
    place(cast.rosa.pk, "fraud_lock", cast.now)
    assert freeze_card(by=rosa, now=cast.now, card=card)["changed"]
    said = no_to(unfreeze_card, by=rosa, now=cast.now, card=card)
    assert "You can always freeze a card" in said and "Call us" in said
    no_to(replace_card, by=rosa, now=cast.now, card=card)
    no_to(prefer_name, by=rosa, now=cast.now, name=clean("Rosie"))
    assert {one.state for one in cards_of(rosa) if one.mine} == {CardState.FROZEN}


@pytest.mark.parametrize("kind", RestrictionKind)
def test_a_card_can_be_frozen_under_every_restriction(cast: Any, rosa: Actor, kind: RestrictionKind) -> None:
    place(cast.rosa.pk, kind, cast.now)
    assert freeze_card(by=rosa, now=cast.now, card=own_card(rosa))["changed"]


@pytest.mark.parametrize("action", TABLE.groups["protect"])
def test_what_protects_passes_the_door_without_a_question(cast: Any, rosa: Actor, action: str) -> None:
    place(cast.rosa.pk, "deceased", cast.now)
    with CaptureQueriesContext(connection) as asked:
        refuse_what_is_restricted(rosa, action, rosa.member_id, {}, cast.now)
    assert len(asked) == 0


def test_one_that_begins_or_ends_during_a_contact_counts_at_the_next_command(cast: Any, rosa: Actor) -> None:
    begins, ends = cast.now + timedelta(minutes=3), cast.now + timedelta(minutes=9)
    place(cast.rosa.pk, "fraud_lock", cast.now, since=begins, until=ends)
    tick = timedelta(microseconds=1)
    assert prefer_name(by=rosa, now=begins - tick, name=clean("Rosie"))
    no_to(prefer_name, by=rosa, now=begins, name=clean("Rosa"))
    no_to(prefer_name, by=rosa, now=ends - tick, name=clean("Rosa"))
    assert prefer_name(by=rosa, now=ends, name=clean("Rosa"))


def test_lifted_it_is_gone_at_the_next_command(cast: Any, rosa: Actor) -> None:
    row = place(cast.rosa.pk, "fraud_lock", cast.now)
    no_to(prefer_name, by=rosa, now=cast.now, name=clean("Rosie"))
    lift_restriction(by=SYSTEM, now=cast.now, restriction_id=row, why=WHY)
    assert prefer_name(by=rosa, now=cast.now, name=clean("Rosie"))


def test_an_agent_is_stopped_in_the_contact_and_told_what_stands(cast: Any, rosa: Actor) -> None:
    contact = start_chat(by=rosa, now=cast.now, need=NEED, text=clean("Hello"), language="en", plan={})
    agent = next(one for one in (cast.dana, cast.priya, cast.jonah) if _sees(one, contact))
    priya = actor_of(agent)
    set_presence(by=priya, now=cast.now, state="available")
    take_contact(by=priya, now=cast.now, contact_id=contact["contact_id"])
    card = own_card(rosa)
    freeze_card(by=priya, now=cast.now, card=card, contact_id=contact["contact_id"])
    place(cast.rosa.pk, "fraud_lock", cast.now)
    said = no_to(unfreeze_card, by=priya, now=cast.now, card=card, contact_id=contact["contact_id"])
    assert said == "A restriction stands: Fraud lock. This can’t be done until a supervisor lifts it."


def _sees(agent: Any, contact: dict[str, Any]) -> bool:
    from cardline.cases.models import Case
    from cardline.kit.visibility import visible

    return visible(Case, actor_of(agent)).filter(pk=contact["case_id"]).exists()


# ------------------------------------------------------------------------------------- whose account, whose card


def test_one_about_the_account_stops_its_other_cards_and_tells_them_nothing(
    cast: Any, rosa: Actor, nils: Actor
) -> None:
    place(cast.rosa.pk, "bankruptcy", cast.now, account=account_of(cast.rosa), speaker=RUTH)
    card = own_card(nils)
    freeze_card(by=nils, now=cast.now, card=card)
    said = no_to(unfreeze_card, by=nils, now=cast.now, card=card)
    assert "Its holder can call us" in said
    assert not any(word in said for word in SECRETS)
    assert prefer_name(by=nils, now=cast.now, name=clean("Nisse"))  # about Nils, not about the account


def test_one_about_the_person_stops_nobody_else(cast: Any, nils: Actor) -> None:
    place(cast.rosa.pk, "bankruptcy", cast.now)
    card = own_card(nils)
    freeze_card(by=nils, now=cast.now, card=card)
    assert unfreeze_card(by=nils, now=cast.now, card=card)["changed"]


def test_one_about_another_account_leaves_this_card_alone(
    cast: Any, rosa: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cardline.members.models import Restriction

    row = place(cast.rosa.pk, "charged_off", cast.now, account=account_of(cast.rosa))
    Restriction.objects.filter(pk=row).update(account="acc_of_hers_elsewhere")
    card = own_card(rosa)
    freeze_card(by=rosa, now=cast.now, card=card)
    assert unfreeze_card(by=rosa, now=cast.now, card=card)["changed"]


def test_points_of_the_account_named_are_stopped(cast: Any, rosa: Actor) -> None:
    account = account_of(cast.rosa)
    place(cast.rosa.pk, "charged_off", cast.now, account=account)
    said = no_to(
        redeem_points, by=rosa, now=cast.now, account=account, option="statement_credit", points=100, wish="w"
    )
    assert "closed to new use" in said


def test_points_of_another_account_are_not(cast: Any, rosa: Actor) -> None:
    place(cast.rosa.pk, "charged_off", cast.now, account=account_of(cast.rosa))
    refuse_what_is_restricted(rosa, "rewards:redeem", rosa.member_id, {"account": "acc_other"}, cast.now)


def test_an_inactive_card_stays_so(cast: Any, as_member: Any) -> None:
    ida = as_member(cast.ida)
    place(cast.rosa.pk, "deceased", cast.now, account=account_of(cast.rosa))
    said = no_to(activate_card, by=ida, now=cast.now, card=own_card(ida))
    assert not any(word in said for word in SECRETS)


# ---------------------------------------------------------------------------------------------------- its price


def test_a_message_asks_nothing_more_and_a_command_with_a_level_one_thing(cast: Any, rosa: Actor) -> None:
    contact = start_chat(by=rosa, now=cast.now, need=NEED, text=clean("Hello"), language="en", plan={})
    with CaptureQueriesContext(connection) as asked:
        send_message(by=rosa, now=cast.now, contact_id=contact["contact_id"], text=clean("Hello again"))
    assert not [query for query in asked if "restriction" in query["sql"]]
    with CaptureQueriesContext(connection) as asked:
        prefer_name(by=rosa, now=cast.now, name=clean("Rosie"))
    assert len([query for query in asked if "restriction" in query["sql"]]) == 1


def test_the_question_of_the_door_uses_an_index(cast: Any) -> None:
    from cardline.members.restrictions.queries import restrictions_touching

    with CaptureQueriesContext(connection) as asked:
        restrictions_touching(cast.rosa.pk, cast.now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + asked[0]["sql"])
            plan = " / ".join(row[3] for row in cursor.fetchall())
        assert "SCAN" not in plan and plan.count("SEARCH") == 2, plan


def test_a_guest_is_nobodys_business(visitor: Actor, db: Any, now: Any) -> None:
    assert plugs.authority.standing(visitor, "apply:apply", {}, now, "application.send").party == 0


# ---------------------------------------------------------------------------------------------------- its words


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("audience", [Audience.OWN, Audience.OTHER])
@pytest.mark.parametrize("kind", RestrictionKind)
def test_nobody_reads_what_is_not_theirs_to_know(
    kind: RestrictionKind, audience: Audience, language: str
) -> None:
    row = Restricted(1, kind, 1, 1, NOON)
    with override(language):
        said = said_to(audience, Refuse(kind, row)).lower()
    for word in ("deceased", "dead", "died", "death", "fallec", "muert", "difunt", "fraud", " lock"):
        assert word not in said
    if audience is Audience.OTHER:
        for word in ("bankrupt", "quiebra", "bancarrota", "military", "militar", "theft", "represent"):
            assert word not in said
    assert "complain" in said or "queja" in said or "reclam" in said


def test_whoever_is_represented_reads_by_whom_and_nobody_else_does() -> None:
    ruth = Representative("Ruth Adeyemi", "Adeyemi & Cole", phone="+1 518 555 0190")
    for kind in RestrictionKind:
        row = Restricted(1, kind, 1, 1, NOON, representative=ruth)
        own, other = (said_to(who, Redirect(ruth, row)) for who in (Audience.OWN, Audience.OTHER))
        assert ("Ruth Adeyemi" in own) == (kind in (RestrictionKind.BANKRUPTCY, RestrictionKind.REPRESENTED))
        assert "Ruth" not in other
        assert "Adeyemi & Cole, +1 518 555 0190" in said_to(Audience.STAFF, Redirect(ruth, row))


def test_every_kind_has_its_spanish() -> None:
    for kind in RestrictionKind:
        for audience in Audience:
            decision = Refuse(kind, Restricted(1, kind, 1, 1, NOON))
            with override("en"):
                english = said_to(audience, decision)
            with override("es"):
                assert said_to(audience, decision) != english
