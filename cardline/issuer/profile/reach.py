"""How to reach the issuer: channels, telephone lines and postal addresses."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.hours import Hours
from cardline.issuer.profile.reading import Table
from cardline.issuer.profile.text import EMPTY, Text

CHANNEL_IDS = (
    "phone",
    "chat",
    "secure_message",
    "self_service",
    "help_center",
    "mail",
    "email",
    "social",
    "text",
)
CHANNEL_KINDS = ("voice", "live_text", "message", "self_service", "articles", "post", "email", "public_posts")
# Where a fact comes from: the founding guide, our own decision, or nowhere (and then the page says so).
SOURCES = ("guide", "product", "unstated")


@dataclass(frozen=True, slots=True)
class SelfServiceAction:
    """Something a member can do without talking to anybody, and the need it settles ("" for none)."""

    id: str
    label: Text
    need: str


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to the issuer.

    speed_rank:      1 is the quickest to a live person, 9 the slowest; None where nobody answers live
    how_to_start:    steps in order
    guest_lane:      what somebody who cannot sign in still gets here; empty when sign-in is not needed, or
    nothing
    handoff_to:      the channel a talk about one account moves to ("" when it can stay)
    address:         e-mail address or handle; "" when the issuer does not state one
    account_data:    whether anything about one account may be said here
    """

    id: str
    kind: str
    label: Text
    line: Text
    hours: Hours
    hours_note: Text
    speed_rank: int | None
    login_needed: bool
    account_data: bool
    written_record: bool
    good_for: tuple[Text, ...]
    not_for: tuple[Text, ...]
    benefits: tuple[Text, ...]
    tips: tuple[Text, ...]
    entry_points: tuple[Text, ...]
    how_to_start: tuple[Text, ...]
    guest_lane: Text
    handoff_to: str
    platforms: tuple[str, ...]
    networks: tuple[Text, ...]
    topics: tuple[Text, ...]
    address: str
    caveat: Text
    actions: tuple[SelfServiceAction, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One telephone number, for whom it is and from where.

    e164, display: "" for a number that only the member can see (on the back of the card)
    regions:       ids of the regions it is dialled from; empty means anywhere
    card_types:    ids of the card types it serves; empty means all
    """

    id: str
    label: Text
    e164: str
    display: str
    regions: tuple[str, ...]
    card_types: tuple[str, ...]
    who: Text
    toll_free: bool
    collect_accepted: bool
    takes_lost_stolen: bool
    hours: Hours
    hours_note: Text
    caveat: Text
    source: str


@dataclass(frozen=True, slots=True)
class Address:
    """One postal address and what may be sent to it.

    lines:  as written on the envelope; empty when the issuer states none, and then `caveat` says what to do
    needs:  need ids or families whose letters go here
    """

    id: str
    label: Text
    lines: tuple[str, ...]
    needs: tuple[str, ...]
    accepts: tuple[Text, ...]
    courier_possible: bool
    caveat: Text
    source: str


@dataclass(frozen=True, slots=True)
class VoiceMenu:
    """How the telephone menu lets people through to a person."""

    person_keys: tuple[str, ...]
    person_words: tuple[Text, ...]
    rule: Text
    tip: Text


def read_channel(table: Table, hours: dict[str, Hours], unstated: Hours) -> Channel:
    """One [[channels]] entry."""
    channel = Channel(
        id=table.choice("id", CHANNEL_IDS),
        kind=table.choice("kind", CHANNEL_KINDS),
        label=table.text("label"),
        line=table.text("line"),
        hours=hours.get(table.reference("hours", "hours", "unstated"), unstated),
        hours_note=table.text("hours_note", EMPTY),
        speed_rank=table.integer("speed_rank", -1) if table.has("speed_rank") else None,
        login_needed=table.boolean("login_needed", False),
        account_data=table.boolean("account_data", True),
        written_record=table.boolean("written_record", True),
        good_for=table.texts("good_for"),
        not_for=table.texts("not_for"),
        benefits=table.texts("benefits"),
        tips=table.texts("tips"),
        entry_points=table.texts("entry_points"),
        how_to_start=table.texts("how_to_start"),
        guest_lane=table.text("guest_lane", EMPTY),
        handoff_to=table.reference("handoff_to", "channel", ""),
        platforms=table.strings("platforms"),
        networks=table.names("networks"),
        topics=table.texts("topics"),
        address=table.string("address", ""),
        caveat=table.text("caveat", EMPTY),
        actions=tuple(_read_action(action) for action in table.tables("actions")),
        source=table.choice("from", SOURCES, "product"),
    )
    table.finish()
    return channel


def _read_action(table: Table) -> SelfServiceAction:
    action = SelfServiceAction(
        id=table.string("id"), label=table.text("label"), need=table.reference("need", "need", "")
    )
    table.finish()
    return action


def read_line(table: Table, hours: dict[str, Hours], unstated: Hours) -> PhoneLine:
    """One [[phone_lines]] entry. Its number is checked with the rest, see checks.py."""
    line = PhoneLine(
        id=table.string("id"),
        label=table.text("label"),
        e164=table.string("e164", ""),
        display=table.string("display", ""),
        regions=table.references("dial_from", "region"),
        card_types=table.references("card_types", "card type"),
        who=table.text("who"),
        toll_free=table.boolean("toll_free", False),
        collect_accepted=table.boolean("collect_accepted", False),
        takes_lost_stolen=table.boolean("takes_lost_stolen", False),
        hours=hours.get(table.reference("hours", "hours", "unstated"), unstated),
        hours_note=table.text("hours_note", EMPTY),
        caveat=table.text("caveat", EMPTY),
        source=table.choice("from", SOURCES, "product"),
    )
    table.finish()
    return line


def read_address(table: Table) -> Address:
    """One [[addresses]] entry."""
    address = Address(
        id=table.string("id"),
        label=table.text("label"),
        lines=table.strings("lines"),
        needs=table.references("needs", "need"),
        accepts=table.texts("accepts"),
        courier_possible=table.boolean("courier_possible", False),
        caveat=table.text("caveat", EMPTY),
        source=table.choice("from", SOURCES, "product"),
    )
    if not address.lines and not address.caveat:
        table.problem(
            "lines", "This address has no lines.", "Write them, or a caveat that says where to find them."
        )
    table.finish()
    return address


def read_voice_menu(table: Table) -> VoiceMenu:
    """The [voice_menu] table. A menu without a way to a person is refused (guide: one key away, always)."""
    menu = VoiceMenu(
        person_keys=table.strings("person_keys", None),
        person_words=table.texts("person_words"),
        rule=table.text("rule"),
        tip=table.text("tip"),
    )
    if not menu.person_keys:
        table.problem(
            "person_keys", "This menu has no way to a person.", 'Name a key that leads to one: ["0"].'
        )
    table.finish()
    return menu
