"""The two profiles that ship: what the first says of the guide, and how the second differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cardline.issuer.hours import closes_at, is_open, opens_at
from cardline.issuer.profile import MATRIX, NotInProfile, Profile, Text, load_profile, profiles_folder
from cardline.issuer.profile.checks import need_ids

AMEX = load_profile(profiles_folder() / "american-express")
FERNHILL = load_profile(profiles_folder() / "fernhill")
BOTH = pytest.mark.parametrize("profile", [AMEX, FERNHILL], ids=lambda profile: profile.id)


def texts(value: Any) -> Iterator[Text]:
    """Every text in a profile, wherever it stands."""
    if isinstance(value, Text):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)


@BOTH
def test_every_text_is_in_both_languages_or_a_name(profile: Profile) -> None:
    found = list(texts(profile))
    assert len(found) > 150
    in_one = {text.in_("en") for text in found if text and not text.languages}
    assert in_one <= {profile.display_name.in_("en"), profile.short_name.in_("en"), "Facebook"}
    for text in found:
        if text.languages:
            assert text.languages == ("en", "es")


@BOTH
def test_the_words_are_plain(profile: Profile) -> None:
    for text, language in product(texts(profile), ("en", "es")):
        words = text.in_(language)
        assert "!" not in words, words
        assert "please note" not in words.lower(), words
        assert "inconvenience" not in words.lower(), words
        assert words == words.strip()


@BOTH
def test_spanish_is_not_english_left_behind(profile: Profile) -> None:
    same = {text.in_("en") for text in texts(profile) if text.languages and text.in_("en") == text.in_("es")}
    assert same <= {"Chat"}


@BOTH
def test_every_need_of_the_product_has_a_queue_a_channel_and_an_answer_time(profile: Profile) -> None:
    monday = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    for need in need_ids():
        family = profile.need_family(need)
        assert family.channels, need
        assert profile.answer_by(family.queue, monday) > monday
        assert profile.outcomes_for(need), need
        for detail in family.details:
            assert profile.detail(detail).label


@BOTH
def test_every_action_has_a_level_not_below_its_floor(profile: Profile) -> None:
    for family, actions in MATRIX.items():
        for action, rule in actions.items():
            assert profile.level_for(family, action) >= rule.floor


@BOTH
def test_a_lost_card_can_be_reported_from_anywhere_with_any_card_at_any_hour(profile: Profile) -> None:
    assert profile.need_family("lost_stolen.report").always_open
    assert profile.queue_for("lost_stolen.report").hours.kind == "always"
    for region, card_type in product(profile.regions, profile.card_types):
        lines = profile.lines_for(region, card_type, lost_card=True)
        assert any(line.e164 for line in lines), (region, card_type)


# ------------------------------------------------------------------------------------------- the guide's facts

FACTS = [
    # Lines and numbers: who, from where, how.
    (("lines", "card-member-us"), "1-800-528-2122"),
    (("lines", "card-member-abroad"), "+1-623-492-5450"),
    (("lines", "corporate-us"), "1-800-492-3932"),
    (("lines", "corporate-abroad"), "+1-623-492-3932"),
    (("lines", "back-of-card"), "back of your card"),
    # The address and what it is for.
    (("addresses", "general"), "P.O. Box 981535"),
    (("addresses", "general"), "El Paso, TX 79998-1535"),
    (("addresses", "general"), "Formal complaints"),
    (("addresses", "general"), "Papers for a dispute"),
    (("addresses", "general"), "Some departments have their own address"),
    (("addresses", "checks"), "no address for checks"),
    # Channels: what for, how to begin, what is good about them.
    (("channels", "phone"), "Day and night for most card questions"),
    (("channels", "phone"), "quickest way to a live person"),
    (("channels", "chat"), "user ID and password"),
    (("channels", "chat"), "Help"),
    (("channels", "chat"), "Contact Us"),
    (("channels", "chat"), "save or print"),
    (("channels", "chat"), "do other things"),
    (("channels", "chat"), "anywhere with a connection"),
    (("channels", "mail"), "slowest"),
    (("channels", "mail"), "Formal complaints"),
    (("channels", "mail"), "proof that you wrote"),
    (("channels", "secure_message"), "iOS"),
    (("channels", "secure_message"), "Android"),
    (("channels", "secure_message"), "Messages"),
    (("channels", "secure_message"), "encrypted"),
    (("channels", "secure_message"), "tells you when we have answered"),
    (("channels", "self_service"), "See statements"),
    (("channels", "self_service"), "Redeem points"),
    (("channels", "self_service"), "Set up alerts"),
    (("channels", "self_service"), "Change your address, phone or email"),
    (("channels", "help_center"), "foot of every page"),
    (("channels", "help_center"), "support menu"),
    (("channels", "social"), "Twitter"),
    (("channels", "social"), "Facebook"),
    (("channels", "social"), "Never post card or account details"),
    (("channels", "email"), "formal complaint"),
    # What to have ready.
    (("details", "card_number"), "last four digits"),
    (("details", "pin_or_login"), "PIN"),
    (("details", "transaction"), "date, the merchant and the amount"),
    (("details", "earlier_references"), "reference number"),
    (("details", "security_code"), "never ask for your security code"),
    (("details", "member_notes"), "Pen and paper"),
    # How a contact should go, and what follows.
    (("conduct",), "check of who you are"),
    (("conduct",), "menu can bring you to the right team"),
    (("conduct",), "calmly and plainly"),
    (("conduct",), "reference number at the start"),
    (("conduct",), "Begin with what you need"),
    (("conduct",), "is on your side"),
    (("conduct",), "what happens next, and by when"),
    (("conduct",), "anything left for you to do"),
    (("conduct",), "calendar"),
    (("notes",), "Who you spoke with"),
    (("notes",), "Date and time"),
    (("notes",), "Reference number"),
    (("notes",), "What was agreed"),
    (("notes",), "What happens next"),
    (("member_ladder",), "supervisor"),
    (("member_ladder",), "complaints department"),
    (("member_ladder",), "ombudsman"),
    (("voice_menu",), "Press 0"),
    (("voice_menu",), "representative"),
    # The ten questions.
    (("questions", "lost-card"), "1-800-528-2122"),
    (("questions", "lost-card"), "day and night"),
    (("questions", "dispute-charge"), "open your transactions"),
    (("questions", "points-balance"), "in the app"),
    (("questions", "pay-bill"), "check by mail"),
    (("questions", "pay-bill"), "Autopay"),
    (("questions", "change-details"), "profile settings"),
    (("questions", "change-details"), "a document"),
    (("questions", "security-code"), "front of the card, above the card number: four digits, called CID"),
    (("questions", "damaged-card"), "card replacement"),
    (("questions", "live-person"), "press 0"),
    (("questions", "live-person"), "listen to the choices"),
    (("questions", "from-abroad"), "+1-623-492-5450"),
    (("questions", "from-abroad"), "collect"),
    (("questions", "formal-complaint"), "supervisor"),
    (("questions", "formal-complaint"), "americanexpress.com"),
]


@pytest.mark.parametrize(("place", "fact"), FACTS)
def test_a_fact_of_the_guide_stands_in_the_profile(place: tuple[str, ...], fact: str) -> None:
    value: Any = getattr(AMEX, place[0])
    if len(place) > 1:
        value = value[place[1]] if isinstance(value, dict) else {entry.id: entry for entry in value}[place[1]]
    words = [text.in_("en") for text in texts(value)] + [str(value)]
    assert any(fact in said for said in words)


def test_the_ten_questions_are_all_answered() -> None:
    assert len(AMEX.questions) == 10
    for question in AMEX.questions:
        assert question.needs
        assert AMEX.questions_for(question.needs[0])


def test_eight_reasons_of_the_guide_are_decided_first() -> None:
    families = [need for need in AMEX.needs if "." not in need]
    assert set(families[:8]) == {
        "lost_stolen", "dispute", "payment", "rewards", "info", "benefit", "apply", "complaint",
    }  # fmt: skip
    assert families[0] == "lost_stolen"


def test_the_sample_is_marked_unofficial_in_both_languages() -> None:
    assert not AMEX.official
    assert "Unofficial" in AMEX.unofficial_note.in_("en")
    assert "no oficial" in AMEX.unofficial_note.in_("es")


def test_hours_the_guide_does_not_name_stay_unstated_and_say_so() -> None:
    now = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    for channel in ("chat", "secure_message", "social", "email"):
        assert is_open(AMEX.channel(channel).hours, now) is None
        assert AMEX.channel(channel).hours_note
    for line in ("corporate-us", "corporate-abroad"):
        assert is_open(AMEX.line(line).hours, now) is None
        assert "americanexpress.com" in AMEX.line(line).hours_note.in_("es")


def test_no_detail_asks_for_what_nobody_may_ask() -> None:
    for profile in (AMEX, FERNHILL):
        assert not profile.detail("security_code").asked
        assert not profile.detail("pin_or_login").asked


# ------------------------------------------------------------------------------------------- choosing


@pytest.mark.parametrize(
    ("country", "card_type", "first"),
    [
        (None, None, "card-member-us"),
        ("US", "personal", "card-member-us"),
        ("us", "corporate", "corporate-us"),
        ("MX", "personal", "card-member-abroad"),
        ("abroad", "corporate", "corporate-abroad"),
        ("FR", None, "card-member-abroad"),
        ("US", "unheard-of", "card-member-us"),
    ],
)
def test_the_line_is_chosen_by_place_and_card(country: str | None, card_type: str | None, first: str) -> None:
    assert [line.id for line in AMEX.lines_for(country, card_type)] == [first, "back-of-card"]


def test_abroad_the_charges_of_a_call_are_accepted() -> None:
    assert AMEX.lines_for("DE")[0].collect_accepted
    assert not AMEX.lines_for("US")[0].collect_accepted


def test_letters_go_where_the_profile_says() -> None:
    assert [address.id for address in AMEX.addresses_for("complaint.formal")] == ["general"]
    assert [address.id for address in AMEX.addresses_for("dispute.wrong_amount")] == [
        "general",
        "billing-errors",
    ]
    assert [address.id for address in AMEX.addresses_for("payment.make")] == ["checks"]
    assert AMEX.addresses_for("lost_stolen.report") == ()


def test_a_decision_for_one_need_wins_and_keeps_the_rest_of_its_family() -> None:
    complaint, feedback = AMEX.need_family("complaint.formal"), AMEX.need_family("complaint.feedback")
    assert (complaint.id, complaint.priority) == ("complaint", 2)
    assert (feedback.id, feedback.priority, feedback.queue) == ("complaint.feedback", 6, "complaints")
    assert feedback.channels[0] == "social"
    assert AMEX.level_for("complaint.feedback", "register") == "V0"


def test_a_charge_that_is_not_theirs_is_more_urgent_than_another_dispute() -> None:
    assert AMEX.need_family("dispute.duplicate_charge").priority == 3
    assert AMEX.need_family("dispute.unrecognised_charge").priority == 2


def test_levels_are_the_issuers_where_it_decided_and_the_default_where_not() -> None:
    assert (AMEX.level_for("lost_stolen.freeze", "freeze"), FERNHILL.level_for("lost_stolen", "freeze")) == (
        "V1",
        "V0",
    )
    assert FERNHILL.level_for("rewards.redeem", "redeem") == "V3"
    assert AMEX.level_for("rewards.redeem", "redeem") == "V2"
    # Not in the profile, so the default holds.
    assert AMEX.level_for("card_access.activate", "activate") == "V2"


def test_an_action_nobody_knows_permits_nothing() -> None:
    with pytest.raises(NotInProfile, match="Did you mean freeze"):
        AMEX.level_for("lost_stolen", "freze")


def test_an_id_the_profile_lacks_is_named_with_the_nearest() -> None:
    with pytest.raises(NotInProfile, match="no queue 'dispute'. Did you mean disputes"):
        AMEX.queue("dispute")


# ------------------------------------------------------------------------------------------- the second issuer

CHICAGO = ZoneInfo("America/Chicago")


def chicago(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "open_", "opens", "closes"),
    [
        ("2026-11-23T12:00", True, "2026-11-23T12:00", "2026-11-23T20:00"),
        ("2026-11-22T12:00", False, "2026-11-23T08:00", None),  # Sunday
        ("2026-11-26T12:00", True, "2026-11-26T12:00", "2026-11-26T14:00"),  # Thanksgiving, shorter
        ("2026-11-27T15:00", False, "2026-11-30T08:00", None),  # a day off of its own
    ],
)
def test_the_second_issuers_chat_closes(at: str, open_: bool, opens: str, closes: str | None) -> None:
    hours = FERNHILL.channel("chat").hours
    assert is_open(hours, chicago(at)) is open_
    assert opens_at(hours, chicago(at)) == chicago(opens)
    assert closes_at(hours, chicago(at)) == (chicago(closes) if closes else None)


@pytest.mark.parametrize(
    ("queue", "asked", "answered"),
    [
        ("card_protection", "2026-11-22T03:00", "2026-11-22T04:00"),
        ("payments", "2026-11-21T13:00", "2026-11-23T11:00"),  # an hour on Saturday, three on Monday
        ("disputes", "2026-11-25T16:00", "2026-11-30T17:00"),  # over two days off and a weekend
    ],
)
def test_an_answer_is_promised_for_when_someone_is_there(queue: str, asked: str, answered: str) -> None:
    assert FERNHILL.answer_by(queue, chicago(asked)) == chicago(answered)


def test_the_second_issuer_has_debit_and_other_numbers() -> None:
    assert {kind for card in FERNHILL.card_types.values() for kind in card.products} == {"credit", "debit"}
    assert all("55501" in line.e164 for line in FERNHILL.lines.values())
    assert FERNHILL.brand.brand != AMEX.brand.brand
    assert FERNHILL.zone != AMEX.zone
