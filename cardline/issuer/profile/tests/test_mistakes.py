"""Each mistake an author can make in a profile names its file, line and key, and says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cardline.issuer.profile import Problem, ProfileError, load_profile, profiles_folder

SAMPLE = profiles_folder() / "american-express"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample profile to spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "profiles" / "american-express"))


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Replace what stands exactly once in a file; returns its line."""
    path = folder / file
    source = path.read_text("utf-8")
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {file}"
    path.write_text(source.replace(old, new), "utf-8")
    return source[: source.index(old)].count("\n") + 1


def test_a_country_whose_law_we_do_not_know_is_named_where_the_issuer_says_nothing_either(
    folder: Path,
) -> None:
    text = (folder / "issuer.toml").read_text("utf-8")
    text = text.replace('jurisdiction = "US"', 'jurisdiction = "CA"').replace(
        '"credit", "charge"', '"credit", "debit"'
    )
    (folder / "issuer.toml").write_text(text, "utf-8")
    assert any("answers for with a debit card in CA" in one.what for one in problems(folder))
    (folder / "issuer.toml").write_text(
        text.replace("credit_minor = 0", "credit_minor = 0\ndebit_minor = 0"), "utf-8"
    )
    assert not any("answers for" in one.what for one in problems(folder))


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProfileError) as error:
        load_profile(folder)
    return error.value.problems


# file, what stands there, what the author wrote instead, the key, words of the message
MISTAKES = {
    "an exception that would tell of an account": (
        "issuer.toml", '"lost_stolen:report", "lost_stolen:replace_elsewhere"]', '"payment:see_account"]',
        "exceptional.actions", "'payment:see_account' cannot be had by exceptional verification", "lost_stolen",
    ),
    "an exception that would give a card back into use": (
        "issuer.toml", '"lost_stolen:report", "lost_stolen:replace_elsewhere"]', '"lost_stolen:unfreeze"]',
        "exceptional.actions", "'lost_stolen:unfreeze' cannot be had", "lost_stolen:freeze",
    ),
    "an emergency card without a low limit": (
        "issuer.toml", "card_limit_minor = 50000", "card_limit_minor = 100001",
        "exceptional.card_limit_minor", "no limit for an emergency card", "Use 1 to 100000",
    ),
    "an emergency card that takes too long": (
        "issuer.toml", "card_within_hours = 48", "card_within_hours = 169",
        "exceptional.card_within_hours", "no time to wait abroad", "Use 1 to 168 hours",
    ),
    "more to bear than the law lets a member": (
        "issuer.toml", "credit_minor = 0", "credit_minor = 5001",
        "liability.credit_minor", "more than the law lets a member bear", "Use 0 to 5000",
    ),
    "a telephone number that is none": (
        "issuer.toml", 'e164 = "+16234925450"', 'e164 = "623-492-5450"',
        "phone_lines[card-member-abroad].e164", "no international telephone number", "country code",
    ),
    "a telephone number one digit short": (
        "issuer.toml", 'e164 = "+16234925450"', 'e164 = "+1623492545"',
        "phone_lines[card-member-abroad].e164", "cannot be dialled in North America", "ten digits",
    ),
    "a shown number with other digits": (
        "issuer.toml", 'display = "1-800-528-2122"', 'display = "1-800-528-2112"',
        "phone_lines[card-member-us].display", "does not show the digits of '+18005282122'", "same digits",
    ),
    "a shown number without its area code": (
        "issuer.toml", 'display = "1-800-528-2122"', 'display = "528-2122"',
        "phone_lines[card-member-us].display", "does not show the digits", "same digits",
    ),
    "opening hours that overlap": (
        "issuer.toml", 'mon-fri = ["08:00-20:00"]', 'mon-fri = ["08:00-13:00", "12:30-20:00"]',
        "hours.service_day", "08:00-13:00 and 12:30-20:00 overlap", "Correct the intervals",
    ),
    "opening hours that overlap over midnight": (
        "issuer.toml", 'mon-fri = ["08:00-20:00"]', 'mon-fri = ["22:00-06:00", "05:00-20:00"]',
        "hours.service_day", "overlap", "Correct the intervals",
    ),
    "an opening time that is none": (
        "issuer.toml", 'mon-fri = ["08:00-20:00"]', 'mon-fri = ["8am-8pm"]',
        "hours.service_day.mon-fri", "'8am-8pm' is not an interval", "08:00-20:00",
    ),
    "a day that is none": (
        "issuer.toml", 'mon-fri = ["08:00-20:00"]', 'mon-fry = ["08:00-20:00"]\nmon = ["08:00-20:00"]',
        "hours.service_day.mon-fry", "no day", "a span such as mon-fri",
    ),
    "an unknown key": (
        "issuer.toml", "speed_rank = 1", "sped_rank = 1",
        "channels[phone].sped_rank", "not known", "Did you mean speed_rank?",
    ),
    "an unknown section": (
        "words.toml", "[urgent]", "[urgend]",
        "urgend", "not known", "Did you mean urgent?",
    ),
    "an unknown queue": (
        "needs.toml", 'queue = "card_protection"', 'queue = "card_protecton"',
        "needs[lost_stolen].queue", "There is no queue 'card_protecton'", "Did you mean card_protection?",
    ),
    "an unknown channel": (
        "needs.toml", 'channels = ["self_service", "phone", "mail", "secure_message", "chat"]',
        'channels = ["self_service", "fone", "mail"]',
        "needs[dispute].channels", "There is no channel 'fone'", "Did you mean phone?",
    ),
    "an unknown need": (
        "words.toml", 'needs = ["rewards.balance"]', 'needs = ["rewards.ballance"]',
        "questions[points-balance].needs", "no need 'rewards.ballance'", "Did you mean rewards.balance",
    ),
    "a decision for an unknown need": (
        "needs.toml", 'id = "info.name_or_legal"', 'id = "info.name"',
        "needs[info.name].id", "There is no need 'info.name'", "info.name_or_legal",
    ),
    "an unknown calendar": (
        "issuer.toml", 'calendar = "us-federal"', 'calendar = "us-fedral"',
        "profile.calendar", "'us-fedral' is not one of the words", "Did you mean us-federal",
    ),
    "a law nobody has rules for": (
        "issuer.toml", 'jurisdiction = "US"', 'jurisdiction = "UK"',
        "profile.jurisdiction", "'UK' is not one of the words", "Known here: AU, CA, GB, IN, US",
    ),
    "a law that lacks a rule": (
        "issuer.toml", 'jurisdiction = "US"', 'jurisdiction = "GB"',
        "profile.jurisdiction", "No rule says which legal clock starts in GB with: account_cut, address_changed",
        "events.toml",
    ),
    "a promise by a rule that is none": (
        "needs.toml", 'rule = "z.acknowledge"', 'rule = "z.acknowlege"',
        "needs[dispute].first_promise", "There is no legal clock 'z.acknowlege'", "Did you mean z.acknowledge?",
    ),
    "a promise by a rule that needs to know more": (
        "needs.toml", 'rule = "z.acknowledge"', 'rule = "z.resolve"',
        "needs[dispute].first_promise", "counted from the first contact alone", "z.",
    ),
    "an unknown time zone": (
        "issuer.toml", 'time_zone = "America/New_York"', 'time_zone = "America/NewYork"',
        "profile.time_zone", "There is no time zone 'America/NewYork'", "America/New_York",
    ),
    "an unknown language": (
        "issuer.toml", 'languages = ["en", "es"]', 'languages = ["en", "es", "fr"]',
        "profile.languages", "no words in 'fr'", "Known here: en, es",
    ),
    "an unknown level": (
        "needs.toml", 'verify = { apply = "V0", status = "V1" }', 'verify = { apply = "V0", status = "V9" }',
        "needs[apply].verify.status", "'V9' is not one of the words", "V0",
    ),
    "an unknown action": (
        "needs.toml", 'verify = { apply = "V0", status = "V1" }', 'verify = { apply = "V0", statuss = "V1" }',
        "needs[apply].verify.statuss", "action is not known", "Did you mean status?",
    ),
    "a level below its floor": (
        "needs.toml", 'address = "V3", phone', 'address = "V1", phone',
        "needs[info].verify.address", "V1 is below the floor V2", "Raise it to V2 or more",
    ),
    "a text without one of the languages": (
        "words.toml", 'call_label = { en = "Call us", es = "Llámenos" }', 'call_label = { en = "Call us" }',
        "urgent.call_label", "language 'es' is missing", "Add es",
    ),
    "a sentence in one language only": (
        "words.toml", 'call_label = { en = "Call us", es = "Llámenos" }', 'call_label = "Call us"',
        "urgent.call_label", "one language only", "Write { en",
    ),
    "a text in a language nobody declared": (
        "words.toml", 'call_label = { en = "Call us", es = "Llámenos" }',
        'call_label = { en = "Call us", es = "Llámenos", pt = "Ligue" }',
        "urgent.call_label.pt", "does not declare the language 'pt'", "Known here",
    ),
    "a text that is empty": (
        "words.toml", 'call_label = { en = "Call us", es = "Llámenos" }', 'call_label = ""',
        "urgent.call_label", "empty", "Write it",
    ),
    "a word where a number belongs": (
        "issuer.toml", "speed_rank = 9", 'speed_rank = "slow"',
        "channels[mail].speed_rank", "whole number belongs here, not 'slow'", "",
    ),
    "a missing value": (
        "issuer.toml", 'website = "americanexpress.com"\n', "",
        "profile.website", "A string is missing", "Add website",
    ),
    "an id given twice": (
        "issuer.toml", 'id = "corporate-abroad"', 'id = "corporate-us"',
        "phone_lines[corporate-us].id", "another entry with the id 'corporate-us'", "Give each its own",
    ),
    "a queue whose hours nobody states": (
        "issuer.toml", 'team = "protection"\nhours = "always"', 'team = "protection"\nhours = "unstated"',
        "queues[card_protection].hours", "needs hours of its own", "always",
    ),
    "a queue that answers in two ways": (
        "issuer.toml", "reply_within = { open_hours = 1 }",
        "reply_within = { open_hours = 1, business_days = 1 }",
        "queues[card_protection].reply_within", "in one way", "open_hours = 4",
    ),
    "a brand colour nobody can read": (
        "issuer.toml", 'on_brand = { light = "#ffffff", dark = "#0b1c2e" }',
        'on_brand = { light = "#6f8fb3", dark = "#0b1c2e" }',
        "brand.on_brand.light", "has a contrast of", "4.5 to 1 or more",
    ),
    "a brand colour that is none": (
        "issuer.toml", 'brand_wash = { light = "#e6edf5", dark = "#16273a" }',
        'brand_wash = { light = "#e6edf5", dark = "navy" }',
        "brand.brand_wash.dark", "'navy' is no colour", "#rrggbb",
    ),
    "a lost card that waits for opening hours": (
        "needs.toml", 'never_channels = ["mail", "social", "email"]\nalways_open = true',
        'never_channels = ["mail", "social", "email"]\nalways_open = false',
        "needs[lost_stolen].always_open", "cannot wait for opening hours", "always_open = true",
    ),
    "members abroad without a number for a lost card": (
        "issuer.toml", 'dial_from = ["abroad"]\ncard_types = ["corporate"]',
        'dial_from = ["us"]\ncard_types = ["corporate"]',
        "card_types[corporate].id", "Holders of 'corporate' in 'abroad' have no number", "takes_lost_stolen",
    ),
    "account data in public": (
        "issuer.toml", 'account_data = false\nhandoff_to', 'account_data = true\nhandoff_to',
        "channels[social].account_data", "Nothing about an account", "account_data = false",
    ),
    "letters without an address": (
        "issuer.toml", 'needs = ["payment.make", "payment.methods_fees"]', "needs = []",
        "needs[payment].channels", "have no address", "take mail out",
    ),
    "an unofficial profile that does not say so": (
        "issuer.toml", "unofficial_note = { en", "trade = { en",
        "profile.official", "needs words that say so", "Add unofficial_note",
    ),
    "a promise nobody takes over": (
        "issuer.toml", 'at = ["due"]', 'at = ["90%"]',
        "promise_ladder", "", "",
    ),
    "a moment that is none": (
        "issuer.toml", 'at = ["due"]', 'at = ["due", "someday"]',
        "promise_ladder[2].at", "'someday' is no moment", "due + 1 business day",
    ),
    "a duration that is none": (
        "needs.toml", 'within = "PT2M"', 'within = "2 minutes"',
        "needs[lost_stolen].first_promise.within", "'2 minutes' is not a duration", "PT2M",
    ),
    "a day added and removed": (
        "issuer.toml", "added_business_days = []       # days worked although the calendar would not\n"
        "removed_business_days = []",
        "added_business_days = [2026-12-24]\nremoved_business_days = [2026-12-24]",
        "profile.added_business_days", "also in removed_business_days", "Take it out",
    ),
    "a day outside the calendar": (
        "issuer.toml", "removed_business_days = []", "removed_business_days = [2050-12-24]",
        "profile.removed_business_days", "outside the calendar, 2024 to 2035", "Take it out",
    ),
    "a folder of another name": (
        "issuer.toml", 'id = "american-express"', 'id = "amex"',
        "profile.id", "The folder is named 'american-express'", "Use the folder's name",
    ),
    "a profile for another version": (
        "issuer.toml", "schema_version = 1", "schema_version = 2",
        "schema_version", "reads version 1", "Set it to 1",
    ),
    "a benefit that ends before it begins": (
        "benefits.toml", "valid_until = 2026-08-31", "valid_from = 2026-09-01\nvalid_until = 2026-08-31",
        "benefits[museum-days].valid_until", "ends before it begins", "one of the two days",
    ),
    "a benefit nobody has": (
        "benefits.toml", 'benefits = ["shopping-cover", "phone-cover", "museum-days"]',
        'benefits = ["shopping-cover", "phone-cover"]',
        "benefits[museum-days].id", "No card includes this", "Name it in the benefits of an edition",
    ),
    "a benefit that is none": (
        "benefits.toml", 'benefits = ["shopping-cover", "phone-cover", "museum-days"]',
        'benefits = ["shopping-cover", "phone-cover", "museum-days", "museum-day"]',
        "products[family].editions[2021].benefits", "no benefit 'museum-day'", "Did you mean museum-days",
    ),
    "a benefit claimed at a line that is none": (
        "benefits.toml", 'phone_line = "card-member-us"\nwithin = { en = "Within a year"',
        'phone_line = "card-member"\nwithin = { en = "Within a year"',
        "benefits[trip-accident].phone_line", "no phone line 'card-member'", "card-member-us",
    ),
    "an edition that comes before the earlier one": (
        "benefits.toml", "opened_from = 2025-01-01", "",
        "products[company].editions[2025].opened_from", "does not begin after the one before", "oldest first",
    ),
    "an edition that takes something away without a word": (
        "benefits.toml", "changes = { en", "was = { en",
        "products[everyday].editions[2026].for_all_from", "told what changes", "Add changes",
    ),
    "an edition that reaches everybody before it is sold": (
        "benefits.toml", "for_all_from = 2026-10-01", "for_all_from = 2025-10-01",
        "products[everyday].editions[2026].for_all_from", "before it is sold", "opened_from or a later one",
    ),
    "a day with quotes": (
        "benefits.toml", "for_all_from = 2026-10-01", 'for_all_from = "2026-10-01"',
        "products[everyday].editions[2026].for_all_from", "date such as 2026-12-24, without quotes", "",
    ),
    "a day with a time": (
        "benefits.toml", "for_all_from = 2026-10-01", "for_all_from = 2026-10-01T09:00:00",
        "products[everyday].editions[2026].for_all_from", "without a time", "Write it like 2026-12-24",
    ),
    "two products of one name": (
        "benefits.toml", 'name = "Household Card"', 'name = "Family Card"',
        "products[household].name", "called 'Family Card' too", "name the card core has",
    ),
    "an age that is none": (
        "benefits.toml", "least_age = 18", "least_age = 0",
        "offer.least_age", "no age to apply from", "whole years",
    ),
    "a list of an unofficial profile that does not say so": (
        "benefits.toml", "note = { en", "nota = { en",
        "offer.note", "needs words that say so", "Add note to [offer]",
    ),
    "a menu without a way to a person": (
        "issuer.toml", 'person_keys = ["0"]', "person_keys = []",
        "voice_menu.person_keys", "no way to a person", "Name a key",
    ),
    "card number groups that do not add up": (
        "issuer.toml", "grouping = [4, 6, 5]", "grouping = [4, 4, 4, 4]",
        "profile.card_number.grouping", "do not add up to 15", "Correct one",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_file_line_key_and_remedy(folder: Path, name: str) -> None:
    file, old, new, key, what, remedy = MISTAKES[name]
    line = spoil(folder, file, old, new)
    found = [problem for problem in problems(folder) if problem.key.startswith(key)]
    assert found, [str(problem) for problem in problems(folder)]
    problem = found[0]
    if key not in LINES_ELSEWHERE:
        assert problem.file == f"profiles/american-express/{file}"
        assert line - 1 <= problem.line <= line + new.count("\n") + 1
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.what.endswith(".")


# Mistakes that show at another place than where the author's hand slipped.
LINES_ELSEWHERE = {
    "card_types[corporate].id",
    "needs[payment].channels",
    "promise_ladder",
    "profile.website",
    "profile.official",
    "queues[card_protection].hours",
    "needs[lost_stolen].always_open",
    "phone_lines[card-member-us].display",
    "profile.added_business_days",
    "benefits[museum-days].id",
    "products[company].editions[2025].opened_from",
    "products[everyday].editions[2026].for_all_from",
    "offer.note",
}


def test_all_mistakes_are_told_together_in_the_order_of_the_files(folder: Path) -> None:
    spoil(folder, "words.toml", "[urgent]", "[urgend]")
    spoil(folder, "issuer.toml", "speed_rank = 1", "sped_rank = 1")
    spoil(folder, "issuer.toml", 'e164 = "+16234925450"', 'e164 = "+1623492545"')
    spoil(folder, "needs.toml", 'queue = "card_protection"', 'queue = "protection"')
    found = problems(folder)
    assert {problem.key for problem in found} >= {
        "channels[phone].sped_rank",
        "phone_lines[card-member-abroad].e164",
        "needs[lost_stolen].queue",
        "urgend",
    }
    places = [
        (("issuer", "needs", "words", "benefits").index(Path(problem.file).stem), problem.line)
        for problem in found
    ]
    assert places == sorted(places)


def test_the_error_reads_as_lines_a_person_can_follow(folder: Path) -> None:
    line = spoil(folder, "issuer.toml", "speed_rank = 1", "sped_rank = 1")
    with pytest.raises(ProfileError) as error:
        load_profile(folder)
    assert str(error.value) == (
        "The issuer profile has a mistake:\n"
        f"  profiles/american-express/issuer.toml:{line}: channels[phone].sped_rank: This key is not known. "
        "Did you mean speed_rank?"
    )


def test_a_mistake_in_a_family_is_told_once_not_again_for_its_single_needs(folder: Path) -> None:
    spoil(folder, "needs.toml", 'queue = "complaints"', 'queue = "complaint"')
    assert [problem.key for problem in problems(folder)] == ["needs[complaint].queue"]


def test_invalid_toml_names_its_line(folder: Path) -> None:
    line = spoil(folder, "issuer.toml", 'currency = "USD"', "currency = USD")
    (problem,) = problems(folder)
    assert (problem.file, problem.line) == ("profiles/american-express/issuer.toml", line)
    assert "not valid TOML" in problem.what


def test_toml_that_ends_too_soon_names_the_end(folder: Path) -> None:
    path = folder / "words.toml"
    path.write_text('[urgent]\ntitle = """never closed\n', "utf-8")
    (problem,) = problems(folder)
    assert problem.file == "profiles/american-express/words.toml"
    assert problem.line >= 2


def test_a_file_that_is_not_text_names_the_line(folder: Path) -> None:
    (folder / "needs.toml").write_bytes(b'# fine\nname = "\xff"\n')
    (problem,) = problems(folder)
    assert (problem.file, problem.line) == ("profiles/american-express/needs.toml", 2)
    assert "UTF-8" in problem.what


def test_a_section_in_two_files_is_a_mistake(folder: Path) -> None:
    with (folder / "words.toml").open("a", encoding="utf-8") as file:
        file.write('\n[promises]\ndue_time = "12:00"\n')
    assert [(problem.key, "another file" in problem.what) for problem in problems(folder)] == [
        ("promises", True)
    ]


def test_a_section_that_is_missing_is_asked_for(folder: Path) -> None:
    (folder / "words.toml").unlink()
    found = {problem.key: problem for problem in problems(folder)}
    assert {"urgent", "freeze", "conduct", "questions"} <= set(found)
    assert "Add urgent" in found["urgent"].remedy


def test_whoever_applies_agrees_to_something(folder: Path) -> None:
    path = folder / "benefits.toml"
    source = path.read_text("utf-8")
    path.write_text(source[: source.index("[[consents]]")] + source[source.index("[[products]]") :], "utf-8")
    (problem,) = problems(folder)
    assert (problem.key, "Add [[consents]]" in problem.remedy) == ("consents", True)


def test_an_issuer_may_list_no_cards_and_no_benefits(folder: Path) -> None:
    (folder / "benefits.toml").unlink()
    profile = load_profile(folder)
    assert (profile.products, profile.benefits, profile.offer.least_age) == ({}, {}, 18)


def test_a_family_nobody_decided_is_asked_for(folder: Path) -> None:
    spoil(folder, "needs.toml", 'id = "other"', 'id = "other.out_of_scope"')
    assert any("needs of 'other'" in problem.what for problem in problems(folder))


def test_a_single_need_before_its_family_is_a_mistake(folder: Path) -> None:
    source = (folder / "needs.toml").read_text("utf-8")
    first = source.index("[[needs]]\n")
    early = '[[needs]]\nid = "rewards.redeem"\npriority = 2\n\n'
    (folder / "needs.toml").write_text(source[:first] + early + source[first:], "utf-8")
    assert any("'rewards' is not decided yet" in problem.what for problem in problems(folder))


def test_a_folder_without_a_profile_says_what_to_name(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "profiles" / "nobody")
    assert problem.file == "profiles/nobody/issuer.toml"
    assert "CARDLINE_PROFILE" in problem.remedy
