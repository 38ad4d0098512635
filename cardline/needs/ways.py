"""The ways to reach the issuer about one need, at one instant: open or not, until when, the wait, the number.

Everything comes from the profile; what it does not state is None here ("—" on the page), never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cardline.issuer.hours import Hours, is_open, opens_at
from cardline.issuer.profile import Address, Channel, NeedFamily, PhoneLine, Profile, Text
from cardline.needs.catalogue import Need

# The channels whose pages exist, and what a member can do there without talking to anybody. The rest is told, not
# linked: what is not built is not drawn.
BUILT = frozenset({"freeze", "chat", "message"})

# Of two open channels the one with the shorter wait comes first; one whose wait nobody knows counts as this long,
# the wait from which a page calls a channel busy.
UNKNOWN_WAIT_SECONDS = 600

LIVE = ("voice", "live_text")
# A letter or message can be left at any hour, whatever hours its readers keep.
WRITTEN = ("message", "post")
_STEPS_TOWARDS_BOTH_OPEN = 20

Waits = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number, in words for one language. display: "" for the number on the card, which only they see.

    hours_stated: False where the issuer states none for this line, though its need may be answered at any hour.
    """

    id: str
    label: str
    display: str
    e164: str
    who: str
    toll_free: bool
    collect_accepted: bool
    hours_stated: bool
    open: bool | None
    opens_at: datetime | None
    hours_note: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A postal address. lines: empty where the issuer states none, and `caveat` says where to find it."""

    id: str
    label: str
    lines: tuple[str, ...]
    accepts: tuple[str, ...]
    courier_possible: bool
    caveat: str


@dataclass(frozen=True, slots=True)
class Way:
    """One channel for one need, now.

    open:         None where the issuer states no hours and nobody is known to be there
    opens_at:     aware, UTC; None while it is open, and where hours are unstated
    wait_seconds: until a person answers; None where nobody knows, and on channels where nobody answers live
    url:          a path of ours, or a mailto; "" for what is told rather than linked
    settles:      whether the need can be finished here without talking to anybody
    """

    id: str
    kind: str
    label: str
    line: str
    open: bool | None
    opens_at: datetime | None
    wait_seconds: int | None
    numbers: tuple[Number, ...]
    letterboxes: tuple[Letterbox, ...]
    url: str
    settles: bool
    login_needed: bool
    guest_lane: str
    hours_note: str
    note: str
    steps: tuple[str, ...]
    entry_points: tuple[str, ...]
    benefits: tuple[str, ...]
    good_for: tuple[str, ...]
    not_for: tuple[str, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the ways depend on. country: ISO code or region id; card_type: id of the profile."""

    profile: Profile
    need: Need
    now: datetime
    country: str | None
    card_type: str | None
    language: str
    waits: Waits
    built: frozenset[str]

    @property
    def family(self) -> NeedFamily:
        return self.profile.need_family(self.need.id)

    def say(self, text: Text) -> str:
        return text.in_(self.language)

    def say_all(self, texts: tuple[Text, ...]) -> tuple[str, ...]:
        return tuple(text.in_(self.language) for text in texts)


def ways_for(asked: Asked) -> tuple[Way, ...]:
    """The quickest open one first, the others in the profile's order. Raises CalendarEnds."""
    family = asked.family
    ways = [
        _way(asked, asked.profile.channel(channel_id))
        for channel_id in family.channels
        if channel_id not in family.never_channels and _is_there(asked, channel_id)
    ]
    if not ways:
        return ()
    best = min(ways, key=lambda way: _slowness(asked, way, ways.index(way)))
    return (best, *(way for way in ways if way is not best))


def _is_there(asked: Asked, channel_id: str) -> bool:
    return channel_id != "self_service" or bool(_own_actions(asked))


def _slowness(asked: Asked, way: Way, place: int) -> tuple[int, int, int, int]:
    """The smaller the quicker: done on the spot, a person at once, an answer later, perhaps, not now."""
    rank = asked.profile.channel(way.id).speed_rank or 9
    if way.open is None:
        return 3, 0, rank, place
    if not way.open:
        return 4, int(way.opens_at.timestamp()) if way.opens_at else 0, rank, place
    if way.settles or (way.kind == "articles" and place == 0):
        return 0, 0, rank, place
    if way.kind in LIVE:
        wait = UNKNOWN_WAIT_SECONDS if way.wait_seconds is None else way.wait_seconds
        return 1, wait, rank, place
    return 2, 0, rank, place


def _way(asked: Asked, channel: Channel) -> Way:
    numbers = numbers_for(asked) if channel.kind == "voice" else ()
    open_now, opens = _opening(asked, channel, numbers)
    return Way(
        id=channel.id,
        kind=channel.kind,
        label=asked.say(channel.label),
        line=asked.say(channel.line),
        open=open_now,
        opens_at=None if open_now else opens,
        wait_seconds=_wait(asked, channel) if open_now and channel.kind in LIVE else None,
        numbers=numbers,
        letterboxes=_letterboxes(asked) if channel.kind == "post" else (),
        url=_url(asked, channel),
        settles=channel.id == "self_service" and _settled_by_own_action(asked),
        login_needed=channel.login_needed,
        guest_lane=asked.say(channel.guest_lane),
        hours_note=asked.say(channel.hours_note),
        note=asked.say(channel.caveat),
        steps=asked.say_all(channel.how_to_start),
        entry_points=asked.say_all(channel.entry_points),
        benefits=asked.say_all(channel.benefits),
        good_for=asked.say_all(channel.good_for),
        not_for=asked.say_all(channel.not_for),
        tips=asked.say_all(channel.tips),
    )


# ------------------------------------------------------------------------------------------- open or not


def _opening(
    asked: Asked, channel: Channel, numbers: tuple[Number, ...]
) -> tuple[bool | None, datetime | None]:
    if channel.kind in WRITTEN:
        return True, None
    if channel.kind not in LIVE:
        return is_open(channel.hours, asked.now), opens_at(channel.hours, asked.now)
    if numbers:
        return _best_opening([(number.open, number.opens_at) for number in numbers])
    desk = (channel.hours, *_desk_hours(asked))
    open_now = _all_open(desk, asked.now)
    if open_now is None and _wait(asked, channel) is not None:
        open_now = True  # no hours are published, but somebody is there: a wait was measured
    return open_now, _all_open_at(desk, asked.now)


def _best_opening(found: list[tuple[bool | None, datetime | None]]) -> tuple[bool | None, datetime | None]:
    if any(open_now for open_now, _ in found):
        return True, None
    if any(open_now is None for open_now, _ in found):
        return None, None
    return False, min((opens for _, opens in found if opens), default=None)


def _desk_hours(asked: Asked) -> tuple[Hours, ...]:
    """The hours of the people behind a channel; none to mind for needs that are answered day and night."""
    return () if asked.family.always_open else (asked.profile.queue_for(asked.need.id).hours,)


def _all_open(hours: tuple[Hours, ...], at: datetime) -> bool | None:
    found = [is_open(table, at) for table in hours]
    if False in found:
        return False
    return None if None in found else True


def _all_open_at(hours: tuple[Hours, ...], now: datetime) -> datetime | None:
    """The first instant at which all are open; None where one states no hours, or they hardly ever meet."""
    at = now
    for _ in range(_STEPS_TOWARDS_BOTH_OPEN):
        found = [opens_at(table, at) for table in hours]
        known = [opens for opens in found if opens is not None]
        if len(known) < len(found):
            return None
        if max(known) <= at:
            return at
        at = max(known)
    return None


def _wait(asked: Asked, channel: Channel) -> int | None:
    """Measured for the need's queue on this channel ("chat/disputes"), or for the channel ("chat")."""
    queue_wait = asked.waits.get(f"{channel.id}/{asked.family.queue}")
    return asked.waits.get(channel.id) if queue_wait is None else queue_wait


# ------------------------------------------------------------------------------------------- numbers, letters, links


def numbers_for(asked: Asked) -> tuple[Number, ...]:
    """The numbers for this need, this place and this card: those that answer now first, the card's own last."""
    lines = _lines_for_need(asked)
    numbers = [_number(asked, line) for line in lines]
    order = {True: 0, None: 1, False: 2}
    return tuple(sorted(numbers, key=lambda number: (not number.e164, order[number.open])))


def _lines_for_need(asked: Asked) -> list[PhoneLine]:
    lines = asked.profile.lines_for(asked.country, asked.card_type)
    if asked.family.always_open:
        return [line for line in lines if line.takes_lost_stolen]
    # Where some lines do not take lost cards, the ones that do are kept free for them.
    for_all = [line for line in lines if line.e164 and not line.takes_lost_stolen]
    return for_all or list(lines)


def _number(asked: Asked, line: PhoneLine) -> Number:
    hours = (line.hours, *_desk_hours(asked))
    always = asked.family.always_open and bool(line.e164)
    open_now = True if always else _all_open(hours, asked.now)
    return Number(
        id=line.id,
        label=asked.say(line.label),
        display=line.display,
        e164=line.e164,
        who=asked.say(line.who),
        toll_free=line.toll_free,
        collect_accepted=line.collect_accepted,
        hours_stated=line.hours.kind != "unstated",
        open=open_now,
        opens_at=None if open_now else _all_open_at(hours, asked.now),
        hours_note=asked.say(line.hours_note),
        caveat=asked.say(line.caveat),
    )


def _letterboxes(asked: Asked) -> tuple[Letterbox, ...]:
    return tuple(_letterbox(asked, address) for address in asked.profile.addresses_for(asked.need.id))


def _letterbox(asked: Asked, address: Address) -> Letterbox:
    return Letterbox(
        id=address.id,
        label=asked.say(address.label),
        lines=address.lines,
        accepts=asked.say_all(address.accepts),
        courier_possible=address.courier_possible,
        caveat=asked.say(address.caveat),
    )


def _url(asked: Asked, channel: Channel) -> str:
    page = f"/get-help/{asked.need.id}"
    if channel.kind == "email":
        return f"mailto:{channel.address}" if channel.address else ""
    if channel.id == "chat" and "chat" in asked.built:
        return f"{page}#chat"
    if channel.id == "secure_message" and "message" in asked.built:
        return f"{page}#message"
    if channel.id == "self_service":
        return "/get-help/lost_stolen.freeze" if _own_actions(asked) == ["freeze"] else page
    return "/contact" if channel.id == "help_center" else ""


# ------------------------------------------------------------------------------------------- doing it oneself

# What freezing settles for good; for other needs of a misused card it is the first thing to do.
_SETTLED_BY_FREEZE = frozenset({"lost_stolen.freeze", "lost_stolen.unfreeze"})


def _own_actions(asked: Asked) -> list[str]:
    """What a member can do alone about this need, of what is built."""
    actions = [
        action.id
        for action in asked.profile.channel("self_service").actions
        if action.need in (asked.need.id, asked.need.family) and action.id in asked.built
    ]
    if "freeze" in asked.built and (asked.need.family == "lost_stolen" or asked.need.unauthorised):
        actions.append("freeze")
    return actions


def _settled_by_own_action(asked: Asked) -> bool:
    return any(action != "freeze" or asked.need.id in _SETTLED_BY_FREEZE for action in _own_actions(asked))
