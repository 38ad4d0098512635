"""What people type, and what of it may be kept."""

from __future__ import annotations

import copy
import json
import pickle
import re
import sys
import unicodedata
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardline.kit import redact
from cardline.kit.redact import Clean, clean, find, tidy
from cardline.kit.redact import cards as cards_module
from cardline.kit.redact import codes as codes_module
from cardline.kit.redact import digits as digits_module
from cardline.kit.redact import tidying as tidying_module
from cardline.kit.redact.cards import LuhnSums

# The networks' published test numbers; none belongs to anybody.
AMEX, AMEX_37 = "343434343434343", "371449635398431"
VISA, VISA_13, VISA_19 = "4111111111111111", "4222222222222", "4000000000000000006"
MASTERCARD, MASTERCARD_2 = "5555555555554444", "2223003122003222"
DISCOVER, JCB, DINERS, UNIONPAY = "6011111111111117", "3530111333300000", "30569309025904", "6200000000000005"
ALL = [
    AMEX,
    AMEX_37,
    VISA,
    VISA_13,
    VISA_19,
    MASTERCARD,
    MASTERCARD_2,
    DISCOVER,
    JCB,
    DINERS,
    UNIONPAY,
    "36227206271667",
    "6510000000000133",
]


def fours(number: str, between: str) -> str:
    return between.join(number[i : i + 4] for i in range(0, len(number), 4))


def in_digits_of(zero: str, number: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in number)


# --- card numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ALL)
def test_a_card_number_keeps_its_last_four_only(number: str) -> None:  # SR-4, SR-10
    assert clean(f"Is {number} still good?") == f"Is [card ••{number[-4:]}] still good?"


@pytest.mark.parametrize(
    "between",
    [
        " ",
        "-",
        ".",
        "\u00a0",
        "\u2009",
        "\u200b",
        "\u2060",
        "\ufeff",
        "\n",
        "\r\n",
        " - ",
        "–",
        "‑",
        "\t",
        "/",
        "_",
        ",",
        "+",
    ]
    + ["  ", ". ", "\u00ad", " \u200e"],
)
def test_whatever_stands_between_the_groups(between: str) -> None:  # SR-4
    assert clean(f"card {fours(VISA, between)} please") == "card [card ••1111] please"


@pytest.mark.parametrize(
    "written",
    [
        "3714 496353 98431",
        "3714-496353-98431",
        "3714.496353.98431",
        "3714\n496353\n98431",
        "37 14496 353 984 31",
        "371 449 635 398 431",
        "37144 96353 98431",
        "3-7-1-4-4-9-6-3-5-3-9-8-4-3-1",
        "3 7 1 4 4 9 6 3 5 3 9 8 4 3 1",
        "3714 496353-98431",
    ],
)
def test_groups_as_printed_and_as_people_make_them(written: str) -> None:  # SR-4
    assert clean(written) == "[card ••8431]"


@pytest.mark.parametrize("zero", ["０", "०", "٠", "۰", "০", "𝟎", "𝟘"])
def test_digits_of_other_scripts(zero: str) -> None:  # SR-4
    assert clean(in_digits_of(zero, MASTERCARD)) == "[card ••4444]"
    assert clean(fours(in_digits_of(zero, DISCOVER), " ")) == "[card ••1117]"


def test_decorated_digits_and_keycaps() -> None:
    circled = {"0": "⓪"} | {str(n): chr(ord("①") + n - 1) for n in range(1, 10)}
    assert clean("".join(circled[d] for d in VISA_13)) == "[card ••2222]"
    assert clean("".join(f"{d}\ufe0f\u20e3" for d in VISA)).startswith("[card ••1111]")


def test_a_footnote_mark_does_not_make_the_number_longer() -> None:
    assert clean(f"{VISA}¹") == "[card ••1111]¹"


def test_every_decorated_digit_we_look_for_has_a_value() -> None:
    for sign in map(chr, range(sys.maxunicode + 1)):
        if digits_module._ANY.match(sign):
            assert unicodedata.digit(sign) in range(10)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"?pan={VISA}&src=app", "?pan=[card ••1111]&src=app"),
        (f"scan_{MASTERCARD}.png", "scan_[card ••4444].png"),
        (f'{{"number":"{AMEX}"}}', '{"number":"[card ••4343]"}'),
        (f"<pan>{JCB}</pan>", "<pan>[card ••0000]</pan>"),
        (f"7;{DISCOVER};ok", "7;[card ••1117];ok"),
        (f"({VISA})", "([card ••1111])"),
        (f"卡号{VISA}丢了", "卡号[card ••1111]丢了"),
        (json.dumps(f"lost\n{VISA}\tyesterday"), '"lost\\n[card ••1111]\\tyesterday"'),
    ],
)
def test_inside_other_writing(text: str, kept: str) -> None:  # SR-4
    assert clean(text) == kept


def test_several_numbers_in_one_text() -> None:
    text = f"Both {VISA} and {DINERS}, then {fours(MASTERCARD, ' ')} {AMEX_37}\n{DISCOVER}"
    assert (
        clean(text) == "Both [card ••1111] and [card ••5904], then [card ••4444] [card ••8431]\n[card ••1117]"
    )


def test_numbers_that_overlap_are_hidden_as_one() -> None:
    """Hiding the first alone would show four digits of the second."""
    before = next(four for four in map(str, range(4000, 5000)) if check_digit(f"{four}41111111111") == "1")
    assert clean(f"{before} {fours(VISA, ' ')} 12") == "[card ••1111] 12"


def test_when_two_lengths_fit_the_longer_is_hidden_and_the_likelier_named() -> None:
    """Else the last four would be made of the security code, or the end of a long number would stay."""
    code = next(code for code in map(str, range(100, 1000)) if check_digit(VISA + code[:2]) == code[2])
    assert clean(f"{fours(VISA, ' ')} {code}") == "[card ••1111]"


def test_find_gives_places_of_the_text_as_it_came() -> None:  # SR-10
    text = f"\x00Hi\r\n{VISA}\r\nand \x07 CVV 837, \ud83d PIN: 8350"
    assert [(text[s.start : s.end], s.label) for s in find(text)] == [
        (VISA, "PAN"),
        ("837", "CSC"),
        ("8350", "PIN"),
    ]


# --- what stays ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Card ending 0005, not 8431",
        "•••• •••• •••• 1111 or **** ****** *1005",
        "3714 49•• ••• 8431",
        "[card ••1005]",
        "Order 112-3941689-8772232 and 4400 1200 3400 5601",
        "parcel 1Z999AA10123456784, 9400110200881234567890, 00340434161094042557",
        "voucher 7992739871300009",
        "IMEI 490154203237518, ICCID 8914800000000000000",
        "ARN 74012345678901234567890",
        "case 7K4-29QM-1, CF-2026-001881",
        "2026-11-21T18:42:07.123456Z 20261121184207123 1795286527123 1795286527.123456",
        "4.50 12.30 5.25 8.75",
        "$4,242,424.00 and 4,242,424 points",
        "+1 617 555 0148, (617) 555-0148, 617.555.0148, +49 176 12345678, +4917612345678",
        "415-555-0132\n415-555-0148\n415 555 0132\n415 555 0148",
        "ISBN 9781861972712",
        "server 42.42.42.42:4242",
        "3f2504e0-4f89-4111-9a0c-0305e82c3301",
        "sha 9b4111111111111111c, trace a4111111111111111",
        " ".join(map(str, range(1, 60))),
        ", ".join(map(str, range(1, 60))),
        " ".join(map(str, range(100, 30, -2))),
        "Between 10 and 12 on 11/21/2026, 21.11.2026, 2026-11-21, room 4242, seat 17",
        "Maestro? No, 12/27.",
        "",
        "Someone used my card at a bakery.",
    ],
)
def test_innocent_text_stays_as_it_is(text: str) -> None:  # SR-9
    assert clean(text) == text
    assert find(text) == []


def test_a_uuid_stays_even_where_its_digits_would_fit() -> None:  # SR-9
    inside = "a1b2c3d4-5e6f-7a8b-4111-111111111111"
    assert LuhnSums("4111111111111111").fits(0, 16)
    assert clean(inside) == inside
    assert clean(f"{inside} {VISA} {inside}") == f"{inside} [card ••1111] {inside}"
    assert clean("4111-1111-1111-1111") == "[card ••1111]"


def test_a_wrong_check_digit_length_or_beginning_is_no_card() -> None:  # SR-9
    for other in ("4111111111111112", "411111111111111", "41111111111111111", "1111111111111117"):
        assert clean(other) == other


def fitting(template: str, begin: int, end: int) -> str:
    """The template with its `#` so filled that digits `begin` to before `end` pass the check of a card."""
    for digit in "0123456789":
        text = template.replace("#", digit)
        digits = re.sub(r"\D", "", text)[begin:end]
        if check_digit(digits[:-1]) == digits[-1]:
            return text
    raise AssertionError(template)


@pytest.mark.parametrize(
    ("template", "begin", "end"),
    [
        ("4.50 12.30 5.25 8.7#", 0, 13),
        ("4 2026-11-21 18 4#", 0, 13),
        ("415-555-013#\n415-555-0148", 0, 16),
        ("415 555 013#\n415 555 0148", 0, 16),
        ("4155 5501 3\n41 55 01#", 0, 16),
        ("4,155,501,341,550,14#", 0, 16),
        ("38-1234567-8#012-1234567", 0, 14),
        ("112-3941689-877223#", 3, 17),
        ("+38 123 456 789 01#", 0, 14),
    ],
)
def test_several_numbers_in_a_row_stay_even_where_their_digits_would_fit(
    template: str, begin: int, end: int
) -> None:  # SR-9
    text = fitting(template, begin, end)
    assert clean(text) == text


def test_counting_stays_even_where_its_digits_would_fit() -> None:  # SR-9
    rows = [range(begin, begin + 8 * step, step) for begin in range(40, 50) for step in (1, 2, 3, 5, 6)]
    fit = [row for row in rows if row[-1] < 100 and LuhnSums("".join(map(str, row))).fits(0, 16)]
    assert len(fit) > 1
    for row in fit:
        text = " ".join(map(str, row))
        assert clean(text) == text


def test_the_shortest_phone_in_a_card_range_yields_to_its_plus_sign_only() -> None:
    assert clean("+4222222222222") == "+4222222222222"
    assert clean("4222222222222") == "[card ••2222]"
    assert clean(f"+{VISA}") == "+[card ••1111]"


# --- security codes and PINs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the cvv on the back is 462", "the cvv on the back is [security code]"),
        ("CID = 3391", "CID = [security code]"),
        ("CVV2: 837", "CVV2: [security code]"),
        ("cvv837", "cvv[security code]"),
        ("security code 7719 on the front", "security code [security code] on the front"),
        ("?card_cvc=837&x=1", "?card_cvc=[security code]&x=1"),
        ('"security_code": "7719"', '"security_code": "[security code]"'),
        ("My card verification value's 837.", "My card verification value's [security code]."),
        ("837 is my CVV", "[security code] is my CVV"),
        ("837 (CVV)", "[security code] (CVV)"),
        ("mi código de seguridad es 837", "mi código de seguridad es [security code]"),
        ("el CVV de la tarjeta es 837", "el CVV de la tarjeta es [security code]"),
        ("Codigo de seguridad: ８３７", "Codigo de seguridad: [security code]"),
        ("3391 es el código de seguridad", "[security code] es el código de seguridad"),
        ("I think my PIN is 8350, it fails", "I think my PIN is [PIN], it fails"),
        ("PIN number: 8350", "PIN number: [PIN]"),
        ("changed my pin to 835012", "changed my pin to [PIN]"),
        (f"Is the CVV on {VISA}?", "Is the CVV on [card ••1111]?"),
        (f"PIN 2026-{VISA}", "PIN [PIN]-[card ••1111]"),
        ("mi NIP es 8350", "mi NIP es [PIN]"),
        (f"{fours(VISA, ' ')} 12/27 837", "[card ••1111] 12/27 [security code]"),
        (f"{AMEX} exp 03/2029, 7719", "[card ••4343] exp 03/2029, [security code]"),
        (f"{VISA} cvv 837 pin 8350", "[card ••1111] cvv [security code] pin [PIN]"),
    ],
)
def test_codes_that_their_words_give_away(text: str, kept: str) -> None:  # SR-10
    assert clean(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "app shows error code 837",
        "promo code 4621 was refused",
        "please pin message 8350 to the top",
        "what is a CVV and why do you want it?",
        "What is a CVV? 4621 is my order",
        "I don't know the cvv but my order is 4621",
        "The security code is on card 4471",
        "PIN for the card ending 0005",
        "4471 is the card, PIN forgotten",
        "room 4621 CVV unknown",
        "PIN changed, 2026-11-21",
        "my PIN is 2026-11-21",
        "the PIN is 12",
        "security code is 7719000",
        "spin8350 and spinning 8350",
        "I called one, two, three times, and waited four or five minutes each",
    ],
)
def test_talk_about_codes_stays(text: str) -> None:  # SR-9
    assert clean(text) == text


# --- tidying ------------------------------------------------------------------------------------------------


def test_control_characters_and_half_surrogates_go_and_line_ends_are_one() -> None:
    assert tidy("a\x00b\x1b[0m\r\nc\rd\te\x7f\ud800\n") == "ab[0m\nc\nd\te\n"
    assert tidy("\ud83d\ude00") == "😀"


def test_right_to_left_text_keeps_its_direction_marks() -> None:  # SR-10
    text = "‏שלום‎ \u202bمرحبا\u202c \u2067x\u2069"
    assert clean(text) == text


def test_hidden_signs_do_not_hide_a_number() -> None:
    assert clean("4111\x001111\x0011111111") == "[card ••1111]"
    assert clean("my p\x00in is 8350") == "my pin is [PIN]"


# --- the type -----------------------------------------------------------------------------------------------


def test_only_the_redactor_makes_clean_text() -> None:  # SR-3
    with pytest.raises(TypeError, match="only cardline.kit.redact.clean"):
        Clean("4111111111111111")  # type: ignore[arg-type]
    assert type(clean("hello")) is Clean
    assert not hasattr(clean("hello"), "__dict__")


def test_what_is_made_from_clean_text_is_ordinary_text() -> None:  # SR-3
    text = clean(f"hello {VISA}")
    unpickled = pickle.loads(pickle.dumps(text))  # noqa: S301
    for made in (text + "", text[:5], text.strip("h"), f"{text}", copy.deepcopy(text), unpickled):
        assert type(made) is str
    assert unpickled == text
    assert json.loads(json.dumps({"text": text})) == {"text": text}


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="mode is 'loose'"):
        clean("x", mode="loose")  # type: ignore[arg-type]
    assert clean(VISA, mode="wide") == clean(VISA, mode="narrow")


# --- properties ---------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [*ALL, *"0123456789", "4111", "1111", "12/27", "837", "8350", "2026", "3714", "496353", "98431", "4.50"]
    + [" ", "-", ".", ",", "\n", "\r", "\x00", "\u200b", "+", "/", "•", "[", "]", "(", "=", ":", ". ", "? "]
    + [
        "cvv",
        "CVV2",
        "pin",
        "PIN is ",
        "my ",
        "is ",
        "security code",
        "card ",
        "a",
        "é",
        "４",
        "①",
        "\ud83d",
        "\ude00",
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text()


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(str(once)) == once
    assert find(once) == []


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_nothing_outside_the_spans_changes(text: str) -> None:  # SR-10
    spans = find(text)
    parts: list[str] = []
    done = 0
    for span in spans:
        assert done <= span.start < span.end <= len(text)
        parts += tidy(text[done : span.start]), "§"
        done = span.end
    parts.append(tidy(text[done:]))
    cleaned = re.sub(r"\[card ••\d{4}\]|\[security code\]|\[PIN\]", "§", clean(text))
    assert re.sub(r"\[card ••\d{4}\]|\[security code\]|\[PIN\]", "§", "".join(parts)) == cleaned


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_tidying_knows_where_each_character_came_from(text: str) -> None:
    places = tidying_module.kept_places(text)
    assert len(places) == len(tidy(text))
    assert places == sorted(set(places))


def check_digit(body: str) -> str:
    """Luhn, done the slow way."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


BEGINNINGS = st.sampled_from(
    [
        ("34", 15),
        ("37", 15),
        ("4", 13),
        ("4", 16),
        ("4", 19),
        ("51", 16),
        ("55", 16),
        ("2221", 16),
        ("2720", 16),
    ]
    + [
        ("6011", 16),
        ("644", 16),
        ("65", 16),
        ("3528", 16),
        ("3589", 16),
        ("36", 14),
        ("38", 14),
        ("300", 14),
        ("305", 14),
    ]
)


@st.composite
def card_numbers(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    begin, length = draw(BEGINNINGS)
    size = length - 1 - len(begin)
    body = begin + draw(st.text("0123456789", min_size=size, max_size=size))
    return body + check_digit(body)


@settings(max_examples=300, deadline=None)
@given(
    card_numbers(),
    st.sampled_from(["", " ", "-", ".", "\u00a0", "\u200b", "\n"]),
    st.sampled_from(["", "card ", "Nr. ", "(", "=", "€"]),
)
def test_every_number_of_every_network_is_found(number: str, between: str, before: str) -> None:  # SR-4
    if len(number) in (14, 15):
        written = between.join((number[:4], number[4:10], number[10:]))
    elif len(number) == 13:
        written = number
    else:
        written = fours(number, between)
    shown = number[12:16] if written != number and fits_as_sixteen(number) else number[-4:]
    assert clean(f"{before}{written}, thanks") == f"{before}[card ••{shown}], thanks"


def fits_as_sixteen(number: str) -> bool:
    return len(number) == 19 and check_digit(number[:15]) == number[15]


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789", min_size=2, max_size=40))
def test_luhn_of_a_stretch_is_luhn_of_its_digits(digits: str) -> None:
    sums = LuhnSums(digits)
    for start in range(len(digits) - 1):
        for end in range(start + 2, len(digits) + 1):
            assert sums.fits(start, end) == (check_digit(digits[start : end - 1]) == digits[end - 1])


# --- work ---------------------------------------------------------------------------------------------------


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of the redactor's own code `work` runs."""
    count = 0
    folder = redact.__file__.rpartition("/")[0]

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(folder):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "4",
        "4 ",
        "4\u200b",
        "4111 ",
        "4111-1111 ",
        "4111111111111111 ",
        "37-",
        "cvv 837 ",
        "837 is my ",
        "pin ",
        "+4",
        "4.",
    ]
    + ["0-", "x4", "a1b2c3d4-5e6f-7a8b-4111-111111111111 ", f"{VISA} 12/27 ", "\r", "\ud800"],
)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:  # SR-14
    short, long = (unit * (size // len(unit)) for size in (4_096, 8_192))
    assert lines_run(lambda: clean(long)) <= 2.1 * lines_run(lambda: clean(short)) + 200


def test_64_kib_of_digits_take_few_steps() -> None:  # SR-14
    assert lines_run(lambda: clean("4" * 65_536)) < 200
    assert lines_run(lambda: clean("4 " * 32_768)) < 100 * 32_768


def test_text_without_a_digit_takes_almost_no_step() -> None:
    assert lines_run(lambda: clean("My security code and PIN were asked for by a caller. " * 20)) < 30


def test_no_pattern_repeats_a_repetition() -> None:  # SR-14
    """A repetition without bound inside another is how an expression comes to take forever."""
    patterns = [
        value
        for module in (cards_module, codes_module, digits_module, tidying_module)
        for value in vars(module).values()
        if isinstance(value, re.Pattern)
    ]
    assert len(patterns) >= 8
    for pattern in patterns:
        assert _deepest_repeat(re._parser.parse(pattern.pattern, pattern.flags)) <= 1, pattern.pattern  # type: ignore[attr-defined]


def _deepest_repeat(tree: Any) -> int:
    """How deep repetitions of more than a dozen lie inside each other."""
    deepest = 0
    for operation, argument in tree:
        many = str(operation) in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] > 12
        inside = [part for part in _parts(argument) if hasattr(part, "getwidth")]
        deepest = max(deepest, many + max(map(_deepest_repeat, inside), default=0))
    return deepest


def _parts(argument: Any) -> list[Any]:
    if isinstance(argument, list | tuple):
        return [deep for part in argument for deep in _parts(part)]
    return [argument]


def test_it_opens_nothing() -> None:  # SR-14
    opened: list[str] = []
    watching = True

    def watch(event: str, _arguments: tuple[object, ...]) -> None:
        if watching and (event == "open" or event.startswith(("socket.", "subprocess.", "os."))):
            opened.append(event)

    sys.addaudithook(watch)  # cannot be taken back, so it is switched off below
    try:
        clean(f"{VISA} 12/27 837, my PIN is 8350 \x00 {in_digits_of('０', AMEX)}")
        clean("x" * 70_000)
    finally:
        watching = False
    assert opened == []
