"""The filled world: complete for every issuer that ships, the same when filled again, and without a secret in it."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.demo.people import agent_of, member_of
from cardline.demo.signin import sign_in_of
from cardline.demo.world import fill_world
from cardline.identity.models import User
from cardline.issuer.embedded import models as rows
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.reference import parse_reference
from cardline.members.authorities.queries import scopes_to_act
from cardline.members.models import Authority, ContactPoint, Member, Restriction
from cardline.members.restrictions.tests.scene import place
from cardline.promises.models import Promise
from cardline.promises.sweeps import sweep
from cardline.staff.models import Agent

pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db, pytest.mark.usefixtures("data_folder")]


@pytest.fixture(params=["american-express", "fernhill"])
def issuer(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.CARDLINE_PROFILE_DIR = settings.ROOT / "profiles" / request.param
    return str(request.param)


def fill() -> list[str]:
    said: list[str] = []
    fill_world(said.append, months=0)  # the long history has tests of its own
    return said


def everything() -> dict[str, list[Any]]:
    """Every row of ours, by table."""
    ours = [m for m in apps.get_models() if m.__module__.startswith(("cardline.", "allauth."))]
    return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in ours}


def test_filling_twice_changes_nothing(issuer: str) -> None:
    first = fill()
    before = everything()
    again = fill()
    assert everything() == before
    assert first != again and before["members.Member"] and before["promises.Promise"]


def test_everybody_of_the_story_is_there(issuer: str) -> None:
    fill()
    assert current_profile().id == issuer
    assert member_of("hannah").locked_at is not None
    assert member_of("owen").card_type == "corporate"
    additional = rows.Card.objects.filter(account__holders__customer__number="demo-rosa", role="additional")
    assert sorted(additional.values_list("customer__number", flat=True)) == ["demo-ida", "demo-nils"]
    joint = rows.Holder.objects.filter(role="joint").values_list("customer__number", flat=True)
    assert sorted(joint) == ["demo-agata", "demo-tomasz"]
    assert rows.Card.objects.get(customer__number="demo-maya").last4 == "4471"
    assert Member.objects.count() >= 6


def test_three_agents_of_three_teams_a_supervisor_and_an_administrator(issuer: str) -> None:
    fill()
    agents = Agent.objects.filter(role="agent")
    assert len({agent.team for agent in agents}) == 3
    assert {agent.team for agent in Agent.objects.all()} <= set(current_profile().teams)
    assert (
        Agent.objects.filter(role="supervisor").exists()
        and Agent.objects.filter(role="administrator").exists()
    )
    assert agent_of("dana").team == current_profile().queue_for("lost_stolen.report").team


def test_the_past_is_told_by_the_products_own_commands(issuer: str) -> None:
    fill()
    waived = Promise.objects.get(state="kept", source="person")
    assert waived.done_at is not None and waived.done_at < waived.due_at and waived.evidence
    assert waived.case.member == member_of("maya")
    owed = Promise.objects.get(state="open")
    assert owed.case.member == member_of("tomasz") and owed.due_at > clock.now()
    for case in Case.objects.all():
        assert parse_reference(case.ref) == case.ref
    assert {contact.state for contact in Contact.objects.all()} == {"ended"}
    assert {contact.verdict for contact in Contact.objects.all()} == {"right"}


def test_an_attorney_speaks_for_owen_and_for_nobody_else(issuer: str) -> None:
    fill()
    row = Restriction.objects.get()
    assert (row.member, row.kind, row.representative) == (member_of("owen"), "represented", "Ruth Adeyemi")


def test_some_act_for_others_and_a_death_makes_an_executor_of_the_power_of_attorney(issuer: str) -> None:
    fill()
    fill()  # twice changes nothing
    tomasz, agata = member_of("tomasz"), member_of("agata")
    assert Authority.objects.exclude(kind="program_administrator").count() == 4

    def may_act_as(kind: str) -> bool:
        return scopes_to_act(agata.pk, tomasz.pk, kind, clock.now()) is not None

    assert may_act_as("power_of_attorney") and not may_act_as("executor")
    place(tomasz.pk, "deceased", clock.now())
    assert may_act_as("executor") and not may_act_as("power_of_attorney")


def test_the_sweep_finds_nothing_missed_in_a_fresh_world(issuer: str) -> None:
    fill()
    sweep(clock.now())
    assert not Promise.objects.filter(state="missed").exists()


def test_the_charges_end_now_and_begin_two_months_ago() -> None:
    fill()
    times = rows.Transaction.objects.order_by("at").values_list("at", flat=True)
    assert times[0] > clock.now() - timedelta(days=62) and list(times)[-1] <= clock.now()
    assert not rows.Transaction.objects.filter(posted_at__gt=clock.now()).exists()


def test_nobody_can_be_reached_by_mistake() -> None:
    fill()
    for point in ContactPoint.objects.all():
        if point.kind == "phone":
            assert " 555 01" in point.value  # the range kept for stories
        if point.kind == "email":
            assert point.value.endswith("@example.com")


def test_one_folder_holds_the_world_of_one_issuer(settings: Any) -> None:
    fill()
    settings.CARDLINE_PROFILE_DIR = settings.ROOT / "profiles" / "fernhill"
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_DATA"):
        fill()


def test_colleagues_get_a_password_and_a_code_of_this_folder_alone(data_folder: Path) -> None:
    fill()
    kept = data_folder / "demo-colleagues.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600  # SR-50
    found = sign_in_of("dana.whitfield")
    assert found is not None
    user = User.objects.get(username="dana.whitfield")
    assert user.check_password(found.password)
    factor = TOTP(Authenticator.objects.get(user=user))
    codes = (sign_in_of("dana.whitfield").code for _ in range(2))  # type: ignore[union-attr]
    assert any(map(factor.validate_code, codes))  # the half minute of the first may end between the two calls
    passwords = {sign_in_of(agent.user.username).password for agent in Agent.objects.all()}  # type: ignore[union-attr]
    assert len(passwords) == Agent.objects.count()
    assert sign_in_of("maya.okafor") is None and sign_in_of("nobody") is None


def test_a_folder_that_lost_its_file_gets_new_ones(data_folder: Path) -> None:
    fill()
    before = sign_in_of("dana.whitfield")
    (data_folder / "demo-colleagues.json").unlink()
    fill()
    after = sign_in_of("dana.whitfield")
    assert before is not None and after is not None and before.password != after.password
    assert User.objects.get(username="dana.whitfield").check_password(after.password)


def test_no_member_has_a_password() -> None:
    fill()
    users = User.objects.filter(member__isnull=False)
    assert users.exists() and not any(user.has_usable_password() for user in users)
