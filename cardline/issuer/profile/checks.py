"""What shows only when a whole profile has been read.

Ids that nothing declares, numbers that cannot be dialled, colours that cannot be read, and members left
without a way to reach us.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product

from cardline.clocks.events import missing_rules
from cardline.clocks.liability import liability_law
from cardline.clocks.rules import BrokenRule, counted_from_now
from cardline.issuer.profile.contrast import ENOUGH, contrast
from cardline.issuer.profile.problems import Misread, did_you_mean
from cardline.issuer.profile.profile import Profile
from cardline.issuer.profile.reach import PhoneLine
from cardline.issuer.profile.reading import Reading, Table
from cardline.issuer.profile.service import Moment
from cardline.issuer.profile.who import Shade

# Finds the table an entry was read from: entry("channels", "chat"), or entry("brand") for a section.
Entry = Callable[..., Table]

# The grounds every page shares (design tokens --paper and --surface), on which brand colours stand as text.
PAPER = Shade(light="#faf8f4", dark="#0f1315")
SURFACE = Shade(light="#ffffff", dark="#161b1e")


def check(profile: Profile, entry: Entry, reading: Reading) -> None:
    """Note every mistake of the whole."""
    _check_references(profile, reading)
    _check_identity(profile, entry)
    _check_law(profile, entry)
    _check_brand(profile, entry)
    _check_lines(profile, entry)
    _check_everybody_can_call(profile, entry)
    _check_channels(profile, entry)
    _check_needs(profile, entry)
    _check_ladder(profile, entry)
    _check_offer(profile, entry)


@cache
def need_ids() -> tuple[str, ...]:
    """Every need the product knows, as family.action. The catalogue of needs describes them."""
    return tuple(files("cardline.issuer.profile").joinpath("need_ids.txt").read_text("utf-8").split())


def need_families() -> tuple[str, ...]:
    """The families of those needs, each once, in order."""
    return tuple(dict.fromkeys(need.partition(".")[0] for need in need_ids()))


def _check_references(profile: Profile, reading: Reading) -> None:
    declared: dict[str, set[str]] = {
        "hours": set(profile.hours),
        "channel": set(profile.channels),
        "region": set(profile.regions),
        "card type": set(profile.card_types),
        "phone line": set(profile.lines),
        "team": set(profile.teams),
        "queue": set(profile.queues),
        "detail": set(profile.details),
        "language": set(profile.languages),
        "need": {*need_ids(), *need_families()},
        "benefit": set(profile.benefits),
    }
    for reference in reading.references:
        known = declared[reference.kind]
        if reference.id not in known:
            what = f"There is no {reference.kind} {reference.id!r}."
            reference.table.problem(reference.key, what, did_you_mean(reference.id, known))


def _check_identity(profile: Profile, entry: Entry) -> None:
    who = entry("profile")
    if profile.id != profile.folder.name:
        who.problem("id", f"The folder is named {profile.folder.name!r}.", "Use the folder's name as id.")
    if not re.fullmatch(r"[A-Z]{3}", profile.currency):
        remedy = "Use three capitals of ISO 4217, such as USD."
        who.problem("currency", f"{profile.currency!r} is no currency.", remedy)
    if not profile.official and not profile.unofficial_note:
        remedy = "Add unofficial_note: pages have to say that the issuer did not publish this."
        who.problem("official", "An unofficial profile needs words that say so.", remedy)
    for key, days in (("added_business_days", profile.calendar.added),
                      ("removed_business_days", profile.calendar.removed)):  # fmt: skip
        for day in days:
            if not profile.calendar.first_year <= day.year <= profile.calendar.last_year:
                years = f"{profile.calendar.first_year} to {profile.calendar.last_year}"
                who.problem(key, f"{day} lies outside the calendar, {years}.", "Take it out.")
    seen: dict[str, str] = {}
    for region in profile.regions.values():
        for country in region.countries:
            if seen.setdefault(country, region.id) != region.id:
                what = f"{country} is also in {seen[country]!r}."
                entry("regions", region.id).problem("countries", what, "Keep it in one region.")


def _check_law(profile: Profile, entry: Entry) -> None:
    """Whatever starts a legal clock has a rule under the issuer's law; a promise that names a rule names a real one."""
    try:
        missing = missing_rules(profile.jurisdiction)
    except BrokenRule as broken:
        what = f"The legal clocks cannot be read: {broken}."
        entry("profile").problem(
            "jurisdiction", what, "Correct rules.toml or events.toml in cardline/clocks."
        )
        return
    if missing:
        events = ", ".join(sorted(one.event for one in missing))
        what = f"No rule says which legal clock starts in {profile.jurisdiction} with: {events}."
        remedy = f"Add the rule, or {profile.jurisdiction} to none, in cardline/clocks/events.toml."
        entry("profile").problem("jurisdiction", what, remedy)
    _check_liability(profile, entry)
    for family in profile.needs.values():
        rule = family.first_promise.rule if family.first_promise else ""
        if rule and rule not in counted_from_now():
            what = f"There is no legal clock {rule!r} that can be counted from the first contact alone."
            entry("needs", family.id).problem("first_promise", what, did_you_mean(rule, counted_from_now()))


def _check_liability(profile: Profile, entry: Entry) -> None:
    """What a member answers for is known for each product, by the law or by the issuer's own word."""
    by_type = {kind for card in profile.card_types.values() for kind in card.products}
    for kind in sorted(by_type | {one.kind for one in profile.products.values()}):
        known = liability_law(profile.jurisdiction, kind), profile.liability.asked_for(kind)
        if known == (None, None):
            what = f"Nobody says what a member answers for with a {kind} card in {profile.jurisdiction}."
            remedy = "Add debit_minor = 0 to [liability], or the law to cardline/clocks/liability.toml."
            entry("profile").problem("jurisdiction", what, remedy)


def _check_brand(profile: Profile, entry: Entry) -> None:
    """Every pair of colours that a page puts on each other can be read, in both themes."""
    brand = profile.brand
    pairs = (
        ("on_brand", brand.on_brand, "brand", brand.brand),
        ("on_brand", brand.on_brand, "brand_strong", brand.brand_strong),
        ("brand", brand.brand, "brand_wash", brand.brand_wash),
        ("brand_strong", brand.brand_strong, "brand_wash", brand.brand_wash),
        ("brand", brand.brand, "the paper", PAPER),
        ("brand", brand.brand, "the surface", SURFACE),
    )
    for text, front, ground, back in pairs:
        for theme, above, below in (("light", front.light, back.light), ("dark", front.dark, back.dark)):
            try:
                ratio = contrast(above, below)
            except Misread:  # told where the colour was read
                continue
            if ratio < ENOUGH:
                what = f"{above} on {ground} {below} has a contrast of {ratio:.1f} to 1."
                remedy = f"Choose a pair with {ENOUGH} to 1 or more."
                entry("brand").problem(f"{text}.{theme}", what, remedy)


def _check_lines(profile: Profile, entry: Entry) -> None:
    for line in profile.lines.values():
        table = entry("phone_lines", line.id)
        if not line.e164:
            if not line.caveat:
                remedy = "Write e164 and display, or a caveat that says where to find the number."
                table.problem("e164", "This line has no number.", remedy)
            continue
        for key, what, remedy in _number_problems(line):
            table.problem(key, what, remedy)


def _number_problems(line: PhoneLine) -> Iterator[tuple[str, str, str]]:
    digits = line.e164.removeprefix("+")
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", line.e164):
        remedy = "Write + and the country code, digits only, such as +18005550142."
        yield "e164", f"{line.e164!r} is no international telephone number.", remedy
    elif digits.startswith("1") and not re.fullmatch(r"1[2-9][0-9]{2}[2-9][0-9]{6}", digits):
        remedy = "Numbers of +1 have ten digits, and neither area nor exchange begins with 0 or 1."
        yield "e164", f"{line.e164!r} cannot be dialled in North America.", remedy
    shown = re.sub(r"[^0-9]", "", line.display)
    # A national way of writing leaves the country code out, and may begin with a trunk 0.
    if not shown or not digits.endswith(shown.removeprefix("0")) or len(digits) - len(shown) > 3:
        remedy = "Write the same digits in both, or leave only the country code out."
        yield "display", f"{line.display!r} does not show the digits of {line.e164!r}.", remedy


def _check_everybody_can_call(profile: Profile, entry: Entry) -> None:
    """Whatever the card and wherever its holder: there is a number to dial for a lost card."""
    for region, card_type in product(profile.regions, profile.card_types):
        lines = profile.lines_for(region, card_type, lost_card=True)
        if not any(line.e164 for line in lines):
            what = f"Holders of {card_type!r} in {region!r} have no number to call for a lost card."
            remedy = "Add a line with takes_lost_stolen = true, or widen its dial_from or card_types."
            entry("card_types", card_type).problem("id", what, remedy)


def _check_channels(profile: Profile, entry: Entry) -> None:
    for channel in profile.channels.values():
        if channel.kind in ("public_posts", "email") and channel.account_data:
            remedy = "Set account_data = false: others can read it."
            entry("channels", channel.id).problem(
                "account_data", "Nothing about an account may be said here.", remedy
            )


def _check_needs(profile: Profile, entry: Entry) -> None:
    known = {*need_ids(), *need_families()}
    for family in need_families():
        if family not in profile.needs:
            what = f"Nothing is decided for the needs of {family!r}."
            entry("needs").problem("", what, f'Add [[needs]] with id = "{family}".')
    before: set[str] = set()
    for need in profile.needs.values():
        table = entry("needs", need.id)
        if need.id not in known:
            table.problem("id", f"There is no need {need.id!r}.", did_you_mean(need.id, known))
        if "." in need.id and need.family not in before:
            table.problem(
                "id", f"{need.family!r} is not decided yet.", f"Move this below [[needs]] {need.family!r}."
            )
        before.add(need.id)
        if "mail" in need.channels and not any(need.family == n.partition(".")[0] for a in
        profile.addresses.values()
                                               for n in a.needs):  # fmt: skip
            remedy = "Name it in the needs of an address, or take mail out of its channels."
            table.problem("channels", "Letters about this need have no address.", remedy)
    lost = profile.needs.get("lost_stolen")
    if lost and not lost.always_open:
        remedy = "Set always_open = true: a loss can be reported at any time."
        entry("needs", lost.id).problem("always_open", "A lost card cannot wait for opening hours.", remedy)


def _check_ladder(profile: Profile, entry: Entry) -> None:
    """A promise that is due and not kept has somewhere to go."""
    if not any(Moment("due") in step.at for step in profile.promise_ladder):
        remedy = 'Give a step at = ["due"].'
        entry("promise_ladder").problem(
            "promise_ladder", "Nobody takes over a promise at its due time.", remedy
        )


def _check_offer(profile: Profile, entry: Entry) -> None:
    """Whoever applies agrees to something; no benefit is written that nobody has; a sample says that it is one."""
    if any(sold.is_open for sold in profile.products.values()) and not profile.consents:
        remedy = "Add [[consents]]: the lines somebody ticks who applies."
        entry("consents").problem("consents", "Nobody agrees to anything who applies.", remedy)
    if profile.products and not profile.official and not profile.offer.note:
        remedy = "Add note to [offer]: pages have to say that the issuer did not publish this."
        entry("offer").problem("note", "An unofficial list of cards needs words that say so.", remedy)
    included = {
        benefit
        for sold in profile.products.values()
        for edition in sold.editions
        for benefit in edition.benefits
    }
    for benefit in profile.benefits:
        if benefit not in included:
            remedy = "Name it in the benefits of an edition, or take it out."
            entry("benefits", benefit).problem("id", "No card includes this.", remedy)
    names: set[str] = set()
    for sold in profile.products.values():
        if sold.name in names:
            what = f"Another product is called {sold.name!r} too."
            entry("products", sold.id).problem("name", what, "Give each the name the card core has for it.")
        names.add(sold.name)
