"""The plan: the quickest open way first, the right number for place and card, and nothing that is guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cardline.issuer.profile import Profile
from cardline.needs.catalogue import UnknownNeed, needs
from cardline.needs.plan import Held, Plan, make_plan, plan_as_json
from cardline.needs.tests.cast import (
    SUNDAY_NOON,
    THANKSGIVING_NOON,
    TUESDAY_NIGHT,
    TUESDAY_NOON,
    american_express,
    fernhill,
)
from cardline.needs.triage import triage
from cardline.needs.ways import Way

LOST = "lost_stolen.report"


def amex(need_id: str, now: datetime = TUESDAY_NOON, **circumstances: Any) -> Plan:
    return make_plan(american_express(), need_id, now=now, **circumstances)


def union(need_id: str, now: datetime = TUESDAY_NOON, **circumstances: Any) -> Plan:
    return make_plan(fernhill(), need_id, now=now, **circumstances)


def way(plan: Plan, channel: str) -> Way:
    return next(found for found in plan.ways if found.id == channel)


def numbers(plan: Plan) -> list[str]:
    return [number.display for number in way(plan, "phone").numbers if number.display]


# ------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("country", "card_type", "display", "collect"),
    [
        ("US", "personal", "1-800-528-2122", False),
        ("MX", "personal", "+1-623-492-5450", True),
        ("US", "corporate", "1-800-492-3932", False),
        ("JP", "corporate", "+1-623-492-3932", True),
        ("abroad", "personal", "+1-623-492-5450", True),
        (None, None, "1-800-528-2122", False),
    ],
)
def test_the_number_fits_the_place_and_the_card(
    country: str | None, card_type: str | None, display: str, collect: bool
) -> None:
    plan = amex(LOST, country=country, card_type=card_type)
    assert numbers(plan) == [display]
    assert way(plan, "phone").numbers[0].collect_accepted is collect


def test_the_number_on_the_card_comes_last() -> None:
    shown = way(amex("dispute.duplicate_charge"), "phone").numbers
    assert [number.id for number in shown] == ["card-member-us", "back-of-card"]


def test_a_line_for_lost_cards_is_kept_free_for_them() -> None:
    assert numbers(union("rewards.balance")) == ["1-800-555-0142"]
    assert numbers(union(LOST)) == ["1-800-555-0119"]


# ------------------------------------------------------------------------------------------- open and closed


def test_a_lost_card_is_answered_day_and_night() -> None:
    for profile in (american_express(), fernhill()):
        for now in (TUESDAY_NIGHT, SUNDAY_NOON, THANKSGIVING_NOON):
            for country in ("US", "FR"):
                for card_type in profile.card_types:
                    plan = make_plan(profile, LOST, now=now, country=country, card_type=card_type)
                    assert plan.best and plan.best.open
                    assert way(plan, "phone").open


def test_a_closed_channel_stays_and_says_when_it_opens() -> None:
    phone = way(union("payment.make", SUNDAY_NOON), "phone")
    assert phone.open is False
    assert (
        phone.opens_at is not None and phone.opens_at.isoformat() == "2026-11-23T14:00:00+00:00"
    )  # Monday, 8 am
    assert phone.wait_seconds is None


def test_a_holiday_closes_the_desk() -> None:
    assert way(union("payment.make", THANKSGIVING_NOON), "phone").open is False
    assert way(union("payment.make", TUESDAY_NOON), "phone").open is True


def test_a_desk_is_open_only_while_its_queue_is() -> None:
    complaint = amex("complaint.formal", TUESDAY_NIGHT)
    assert way(complaint, "phone").open is False  # the line answers, the complaints team sleeps
    assert way(amex("payment.make", TUESDAY_NIGHT), "phone").open is True


def test_hours_nobody_states_are_unknown_until_somebody_is_seen() -> None:
    assert way(amex("rewards.balance"), "chat").open is None
    assert way(amex("rewards.balance", waits={"chat": 60}), "chat").open is True


def test_a_letter_or_message_can_be_left_at_any_hour() -> None:
    plan = amex("complaint.formal", TUESDAY_NIGHT)
    assert way(plan, "mail").open and way(plan, "secure_message").open


# ------------------------------------------------------------------------------------------- waits and order


def test_an_unknown_wait_is_none_and_never_nought() -> None:
    assert all(found.wait_seconds is None for need_id in needs() for found in amex(need_id).ways)
    assert all(channel["wait_seconds"] is None for channel in plan_as_json(amex(LOST))["channels"])


def test_the_shorter_wait_comes_first_and_the_rest_keep_the_profiles_order() -> None:
    plan = amex("dispute.duplicate_charge", waits={"phone": 540, "chat": 120})
    assert [found.id for found in plan.ways] == ["chat", "phone", "mail", "secure_message"]
    assert plan.best and plan.best.wait_seconds == 120


def test_the_phone_comes_first_when_it_is_quicker() -> None:
    plan = amex("dispute.duplicate_charge", waits={"phone": 60, "chat": 120})
    assert plan.best and plan.best.id == "phone"


def test_the_wait_of_the_needs_own_queue_wins() -> None:
    plan = amex("dispute.duplicate_charge", waits={"chat": 10, "chat/disputes": 300, "chat/payments": 5})
    assert way(plan, "chat").wait_seconds == 300


def test_what_opens_soonest_leads_when_everything_is_closed() -> None:
    """On Sunday the union's member desk (Monday, 8 am) is ahead of nobody: its chat opens at the same time."""
    plan = union("rewards.balance", SUNDAY_NOON)
    assert not any(found.open for found in plan.ways)
    assert plan.best and plan.best.opens_at == min(found.opens_at for found in plan.ways if found.opens_at)


@pytest.mark.parametrize("profile", [american_express(), fernhill()], ids=lambda profile: profile.id)
@pytest.mark.parametrize("now", [TUESDAY_NOON, TUESDAY_NIGHT, SUNDAY_NOON, THANKSGIVING_NOON])
def test_every_need_has_a_way_at_every_hour(profile: Profile, now: datetime) -> None:
    for need_id in needs():
        plan = make_plan(profile, need_id, now=now)
        family = profile.need_family(need_id)
        assert plan.best is not None
        assert plan.best.open or not any(found.open for found in plan.ways)
        assert not {found.id for found in plan.ways} & set(family.never_channels)
        rest = [found.id for found in plan.others]
        assert rest == [channel for channel in family.channels if channel in rest]
        assert all(found.opens_at is None or found.opens_at > now for found in plan.ways)


# ------------------------------------------------------------------------------------------- what is built


def test_only_what_is_built_can_be_done_alone() -> None:
    assert "self_service" in [found.id for found in amex(LOST).ways]
    assert "self_service" not in [found.id for found in amex("payment.make").ways]
    paying = amex("payment.make", available_actions=frozenset({"pay"}))
    assert paying.best and paying.best.id == "self_service" and paying.best.settles


def test_freezing_is_done_on_the_spot() -> None:
    plan = amex("lost_stolen.freeze")
    assert plan.best and plan.best.id == "self_service"
    assert plan.urgent


def test_a_channel_without_a_page_is_told_and_not_linked() -> None:
    assert way(amex("rewards.balance"), "chat").url
    assert not way(amex("rewards.balance", available_actions=frozenset()), "chat").url


# ------------------------------------------------------------------------------------------- mail


def test_the_address_stands_where_mail_fits_and_nowhere_else() -> None:
    boxes = way(amex("complaint.formal"), "mail").letterboxes
    assert boxes[0].lines == ("American Express", "P.O. Box 981535", "El Paso, TX 79998-1535")
    assert boxes[0].caveat
    assert "mail" not in [found.id for found in amex(LOST).ways]


def test_a_check_has_no_invented_address() -> None:
    check = way(amex("payment.make"), "mail").letterboxes[0]
    assert check.lines == () and "statement" in check.caveat


# ------------------------------------------------------------------------------------------- ready, tips, next


def test_what_we_hold_is_ticked_and_said() -> None:
    plan = amex("dispute.duplicate_charge", held=Held(card="4471", identity=True))
    ready = {item.id: item for item in plan.ready}
    assert ready["card_number"].held and ready["card_number"].note == "Ending 4471. We have it."
    assert not ready["transaction"].held
    assert ready["documents"].optional


def test_a_list_the_issuer_wrote_for_one_need_is_the_list() -> None:
    assert [item.id for item in amex("complaint.feedback").ready] == []
    assert [item.id for item in amex("card_access.security_code").ready] == ["security_code"]
    assert not amex("card_access.security_code").ready[0].asked


def test_a_secret_is_never_among_what_is_asked_for() -> None:
    for need_id in needs():
        for item in amex(need_id).ready:
            assert item.id not in ("security_code", "pin_or_login") or not item.asked


def test_what_happens_next_has_dates() -> None:
    lines = amex("dispute.duplicate_charge").next
    assert "You get a reference number and a written record." in lines
    assert "Confirm your dispute in writing: by Thu, Dec 24." in lines  # 30 days after November 24
    assert "Freeze your card: within 2 minutes." in amex(LOST).next
    assert any(line.endswith("by 5 pm tomorrow.") for line in lines)


def test_tips_speak_of_the_ways_that_are_offered() -> None:
    assert {"need", "phone", "chat", "conversation", "afterwards"} <= {tip.about for tip in amex(LOST).tips}
    assert "mail" not in {tip.about for tip in amex(LOST).tips}
    assert {"mail", "social"} <= {tip.about for tip in amex("complaint.formal").tips}


def test_misuse_is_more_urgent_than_other_disputes() -> None:
    assert amex("dispute.unrecognised_charge").priority < amex("dispute.duplicate_charge").priority
    assert amex("dispute.unrecognised_charge").urgent
    assert not amex("dispute.duplicate_charge").urgent


def test_the_plan_is_in_spanish_too() -> None:
    plan = amex(LOST, language="es")
    assert plan.name == "Perdí mi tarjeta o me la robaron"
    assert way(plan, "phone").label == "Teléfono"
    assert plan.next[0].startswith("Recibe un número de referencia")


def test_a_reading_brings_its_alternatives_and_its_second_need() -> None:
    plan = amex("lost_stolen.card_compromised", reading=triage("someone used my card at a bakery"))
    assert [choice.need for choice in plan.also] == ["dispute.unrecognised_charge"]
    assert len(plan.alternatives) == 3
    assert not plan.ask


def test_an_unknown_need_is_refused() -> None:
    with pytest.raises(UnknownNeed):
        amex("lost_stolen.teleport")


def test_as_json_it_has_the_promised_shape() -> None:
    shown = plan_as_json(amex("dispute.duplicate_charge", waits={"chat": 120}))
    assert {"need", "alternatives", "ready", "channels", "tips"} <= set(shown)
    assert all(set(item) == {"id", "text", "held"} for item in shown["ready"])
    keys = {"id", "open", "opens_at", "wait_seconds", "number", "address", "url"}
    assert all(set(channel) == keys for channel in shown["channels"])
    by_id = {channel["id"]: channel for channel in shown["channels"]}
    assert by_id["phone"]["number"] == "1-800-528-2122"
    assert by_id["mail"]["address"][1] == "P.O. Box 981535"
    assert by_id["chat"]["wait_seconds"] == 120
