"""Every need is there, in both languages, in one of the guide's groups, with a list of what to have ready."""

from __future__ import annotations

import pytest
from lucide.templatetags.lucide import lucide

from cardline.issuer.profile.checks import need_ids
from cardline.needs.catalogue import Need, UnknownNeed, Urgency, details, groups, need, needs

EVERY_NEED = sorted(needs().values(), key=lambda one: one.id)


def test_the_catalogue_and_the_profiles_speak_of_the_same_needs() -> None:
    assert set(needs()) == set(need_ids())


def test_the_eight_groups_of_the_guide_come_before_card_in_hand_and_contact() -> None:
    order = [group.id for group in groups()]
    assert set(order[:8]) == set("12345678")
    assert order[8:] == ["1b", "0"]


@pytest.mark.parametrize("one", EVERY_NEED, ids=lambda one: one.id)
def test_a_need_has_a_name_in_both_languages_and_an_icon(one: Need) -> None:
    assert one.name.en and one.name.es and one.name.en != one.name.es
    assert one.icon == one.icon.lower() and " " not in one.icon


@pytest.mark.parametrize("one", EVERY_NEED, ids=lambda one: one.id)
def test_a_need_says_what_to_have_ready_and_never_asks_for_a_secret(one: Need) -> None:
    assert one.ready or one.id == "contact.chitchat"
    assert not any(wanted.detail.never_told for wanted in one.ready)


def test_groups_and_details_are_written_in_both_languages() -> None:
    for group in groups():
        assert group.name.en and group.name.es and group.line.en and group.line.es
    for detail in details().values():
        assert detail.label.en and detail.label.es and detail.text.en and detail.text.es


def test_what_endangers_the_card_is_urgent_and_what_others_did_is_marked() -> None:
    assert need("lost_stolen.report").urgency is Urgency.NOW
    assert need("dispute.unrecognised_charge").unauthorised
    assert not need("dispute.duplicate_charge").unauthorised


def test_texts_fall_back_to_english() -> None:
    name = need("rewards.balance").name
    assert name.in_language("es-mx") == name.es
    assert name.in_language("fr") == name.en


def test_an_unknown_need_is_refused() -> None:
    with pytest.raises(UnknownNeed):
        need("lost_stolen.teleport")


def test_every_icon_is_in_the_icon_set() -> None:
    drawn = [one.icon for one in EVERY_NEED] + [group.icon for group in groups()]
    assert [name for name in drawn if not lucide(name)] == []
