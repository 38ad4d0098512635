"""A need's plan as a page: the quickest way big, the others with whether somebody is there, and what to have ready."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import cards_of, recent_charges, transaction_of
from cardline.cases.models import Case
from cardline.cases.queries import cases_visible_to
from cardline.issuer.core import CoreUnknown, Transaction
from cardline.issuer.profile import Profile, current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_wait, say_when
from cardline.kit.money import format_money
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.members.models import Member
from cardline.needs.catalogue import Group, groups, need
from cardline.needs.plan import Choice, Held, Plan, make_plan
from cardline.needs.triage import Reading
from cardline.needs.ways import Letterbox, Number, Way
from cardline.routing.queries import chat_wait_seconds, somebody_answers
from cardline.selfservice.doors import door_of
from cardline.selfservice.home_page import CHANNEL_ICONS, UrgentBand, urgent_band
from cardline.ui.shapes import ChannelRow, Link, NeedRow, ReadyRow

CHARGES_LOOKED_THROUGH = 50
CHARGES_OFFERED = 5
BUSY_SECONDS = 600  # from this wait on a channel counts as busy (DESIGN 3)
ABOUT_A_CHARGE = ("dispute", "rewards.missing")  # a whole family, and one need of another
WORTH_SAYING = 0.01  # another reading less likely than this only puzzles


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody told us on the way here. said: their own words, redacted. place: region id or country code."""

    said: str = ""
    place: str = ""
    card_type: str = ""
    charge: str = ""

    def query(self, **more: str) -> str:
        """The same as the query of an address, for links that keep it; "" when there is nothing."""
        known = {"q": self.said, "from": self.place, "card": self.card_type, "txn": self.charge, **more}
        kept = urlencode({name: value for name, value in known.items() if value})
        return f"?{kept}" if kept else ""


@dataclass(frozen=True, slots=True)
class WayCard:
    """A way with its row, and everything the issuer says about it."""

    way: Way
    row: ChannelRow


@dataclass(frozen=True, slots=True)
class ChargeRow:
    merchant: str
    day: str
    amount: str
    url: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """urgent: the band, where the card must be protected first. charge: the one meant. charges: to choose from.

    door: the page of ours that settles it. open_case: (reference, subject) of a case about the same family that goes
    on. carried: hidden fields of the form that begins a conversation. tips: about this need; more_tips: about any
    contact.
    """

    plan: Plan
    urgent: UrgentBand | None
    door: Link | None
    best: WayCard | None
    others: tuple[WayCard, ...]
    numbers: tuple[Number, ...]
    letterboxes: tuple[Letterbox, ...]
    ready: tuple[ReadyRow, ...]
    alternatives: tuple[NeedRow, ...]
    also: tuple[NeedRow, ...]
    regions: tuple[tuple[str, str], ...]
    card_types: tuple[tuple[str, str], ...]
    charge: ChargeRow | None
    charges: tuple[ChargeRow, ...]
    open_case: tuple[str, str] | None
    carried: tuple[tuple[str, str], ...]
    asked: Asked
    can_write: bool
    chat_is_live: bool
    tips: tuple[str, ...]
    more_tips: tuple[str, ...]


def plan_page(
    actor: Actor, need_id: str, asked: Asked, now: datetime, language: str, reading: Reading | None = None
) -> PlanPage:
    """The page for a need, for this person, now. Raises UnknownNeed."""
    return _Maker(actor, need_id, asked, now, language).page(reading)


def choices_of(need_ids: tuple[str, ...], asked: Asked, language: str) -> tuple[NeedRow, ...]:
    """Needs to choose from, each leading to its plan with what was said so far."""
    return tuple(
        NeedRow(one.icon, one.name.in_language(language), "", reverse("plan", args=[one.id]) + asked.query())
        for one in (need(need_id) for need_id in need_ids)
    )


def group_of_family(family: str) -> Group | None:
    """The home page's group a family stands in; None for a word that is no family."""
    return next((group for group in groups() if any(one.family == family for one in group.needs)), None)


class _Maker:
    """One need, one person, one moment."""

    def __init__(self, actor: Actor, need_id: str, asked: Asked, now: datetime, language: str) -> None:
        self.actor, self.need, self.asked, self.now, self.language = (
            actor,
            need(need_id),
            asked,
            now,
            language,
        )
        self.profile: Profile = current_profile()
        self.member = Member.objects.filter(pk=actor.member_id).first() if actor.member_id else None
        self.family = self.profile.need_family(need_id)

    def page(self, reading: Reading | None) -> PlanPage:
        found = self._charges()
        charge = self._charge_meant(found)
        open_case = self._open_case()
        self.chat_is_live = somebody_answers(self.need.id, self.now)
        place = self.asked.place or (self.member.country if self.member else "")
        plan = make_plan(
            self.profile,
            self.need.id,
            now=self.now,
            country=place or None,
            card_type=self.asked.card_type or (self.member.card_type if self.member else None),
            language=self.language,
            held=self._held(charge, open_case, knows_place=bool(place)),
            waits={"chat": chat_wait_seconds(self.family.queue, self.now) if self.chat_is_live else None},
            reading=reading,
        )
        ways = [WayCard(way, self._row(way)) for way in plan.ways]
        asked = replace(self.asked, charge=charge.token if charge else "")
        return PlanPage(
            plan=plan,
            urgent=self._urgent() if plan.urgent else None,
            door=door_of(self.need.id),
            best=ways[0] if ways else None,
            others=tuple(ways[1:]),
            numbers=next((way.numbers for way in plan.ways if way.numbers), ()),
            letterboxes=next((way.letterboxes for way in plan.ways if way.letterboxes), ()),
            ready=self._ready(plan, charge),
            alternatives=self._other_readings(plan, reading, asked),
            also=self._choices(plan.also, asked),
            regions=tuple((r.id, r.label.in_(self.language)) for r in self.profile.regions.values()),
            card_types=tuple((c.id, c.label.in_(self.language)) for c in self.profile.card_types.values()),
            charge=self._charge_row(charge) if charge else None,
            charges=() if charge else tuple(self._charge_row(one) for one in found[:CHARGES_OFFERED]),
            open_case=open_case,
            carried=self._carried(plan, asked),
            asked=asked,
            can_write=any(way.kind in ("live_text", "message") for way in plan.ways),
            chat_is_live=self.chat_is_live,
            tips=tuple(tip.text for tip in plan.tips if tip.about == "need"),
            more_tips=tuple(tip.text for tip in plan.tips if tip.about != "need"),
        )

    def _urgent(self) -> UrgentBand:
        return urgent_band(
            self.actor, self.now, self.language, place=self.asked.place, card_type=self.asked.card_type
        )

    # ----------------------------------------------------------------------------------------- what we know

    def _charges(self) -> list[Transaction]:
        """The purchases a need about a charge may mean. While the core is silent there are none to choose from."""
        if not self._is_about_a_charge():
            return []
        try:
            found = recent_charges(self.actor, CHARGES_LOOKED_THROUGH)
        except CoreUnknown:
            return []
        return [charge for charge in found if charge.amount.amount_minor > 0]

    def _charge_meant(self, found: list[Transaction]) -> Transaction | None:
        """The one the address names, however old; None for what is no charge of theirs."""
        if not self.asked.charge or not self._is_about_a_charge():
            return None
        recent = next((one for one in found if one.token == self.asked.charge), None)
        if recent is not None:
            return recent
        try:
            charge = transaction_of(self.actor, self.asked.charge)
        except (CoreUnknown, NotThere):
            return None
        return charge if charge.amount.amount_minor > 0 else None

    def _is_about_a_charge(self) -> bool:
        is_named = self.need.family in ABOUT_A_CHARGE or self.need.id in ABOUT_A_CHARGE
        is_about_one = is_named or self.need.unauthorised
        return self.member is not None and self.actor.may_see and is_about_one

    def _open_case(self) -> tuple[str, str] | None:
        """The newest open case about the same family of needs, to go on with instead of beginning anew."""
        if self.member is None:
            return None
        cases = cases_visible_to(self.actor).filter(
            state=Case.State.OPEN, need__startswith=f"{self.need.family}.", contacts__gt=0
        )
        case = cases.order_by("-opened_at", "-id").first()
        return (show_reference(case.ref), case.subject) if case else None

    def _held(self, charge: Transaction | None, open_case: tuple[str, str] | None, knows_place: bool) -> Held:
        if self.member is None:
            return Held(country=knows_place)
        try:
            held = cards_of(self.actor) if self.actor.may_see else []
        except CoreUnknown:
            held = []
        mine = next((card for card in held if card.mine), None)
        return Held(
            card=mine.last4 if mine else "",
            identity=True,
            transaction=charge is not None,
            reference=open_case[0] if open_case else "",
            address=bool(self.member.postal_code),
            country=True,
        )

    def _carried(self, plan: Plan, asked: Asked) -> tuple[tuple[str, str], ...]:
        fields = [
            ("from", plan.region),
            ("card_type", plan.card_type),
            ("txn", asked.charge),
            ("said", asked.said),
        ]
        return tuple((name, value) for name, value in fields if value)

    # ----------------------------------------------------------------------------------------- how it is shown

    def _ready(self, plan: Plan, charge: Transaction | None) -> tuple[ReadyRow, ...]:
        """What we never ask for is told, and needs nobody's tick."""
        rows = []
        for item in plan.ready:
            line = item.note or f"{item.text} {item.rule}".strip()
            if item.id == "transaction" and charge is not None:
                said = self._charge_row(charge)
                line = f"{said.merchant}, {said.amount}, {said.day}"
            rows.append(ReadyRow(item.label, line, item.held))
        return tuple(rows)

    def _row(self, way: Way) -> ChannelRow:
        wait, word, state = self._when_it_answers(way)
        return ChannelRow(
            icon=CHANNEL_ICONS[way.id],
            name=way.label,
            line=self._line(way),
            wait=wait,
            wait_word=word,
            url=self._url(way),
            state=state,
        )

    def _line(self, way: Way) -> str:
        if way.kind == "voice" and way.numbers:
            first = way.numbers[0]
            number = first.display or first.label
            return _("%(number)s, collect") % {"number": number} if first.collect_accepted else number
        if way.kind == "live_text" and not self.chat_is_live:
            return _("Nobody is there right now. Write, and we answer by a promised time.")
        if way.kind == "post" and way.letterboxes and way.letterboxes[0].lines:
            return ", ".join(way.letterboxes[0].lines)
        return way.line

    def _url(self, way: Way) -> str:
        """Calls are dialled, what is written is written below; for the rest there is the plan's own address."""
        if way.kind == "voice":
            return f"tel:{way.numbers[0].e164}" if way.numbers and way.numbers[0].e164 else ""
        if way.id in ("chat", "secure_message"):
            return "#chat"
        if way.id == "self_service":
            return "#urgent-title"
        if way.kind == "articles":
            return f"{reverse('contact_us')}#questions"
        if way.kind == "post":
            return "#letters" if way.letterboxes else ""
        return way.url or f"{reverse('contact_us')}#{way.id}"

    def _when_it_answers(self, way: Way) -> tuple[str, str, Any]:
        """(words, what they are, open|busy|closed)."""
        if way.kind == "message" or (way.kind == "live_text" and not self.chat_is_live):
            by = self.profile.answer_by(self.family.queue, self.now)
            when = say_when(by, self.profile.zone, self.language, self.now)
            return _("by %(when)s") % {"when": when}, _("we reply"), "open"
        if way.open is False:
            opens = say_when(way.opens_at, self.profile.zone, self.language, self.now) if way.opens_at else ""
            return _("opens %(when)s") % {"when": opens} if opens else "", _("closed now"), "closed"
        if way.kind == "live_text" or (way.kind == "voice" and way.open):
            is_busy = way.wait_seconds is not None and way.wait_seconds > BUSY_SECONDS
            words = say_wait(way.wait_seconds, self.language) if way.wait_seconds is not None else ""
            word = _("open now")
            if way.kind == "live_text":
                word = "" if way.wait_seconds == 0 else _("wait")  # "no wait" has said it
            return words, word, "busy" if is_busy else "open"
        if way.kind in ("self_service", "articles"):
            return _("no waiting"), "", "open"
        if way.kind == "post":
            return "", _("the slowest way"), "open"
        return "", _("no hours published"), "open"

    def _charge_row(self, charge: Transaction) -> ChargeRow:
        day = say_date(charge.at.astimezone(self.profile.zone).date(), self.language, self.now)
        return ChargeRow(
            merchant=charge.merchant,
            day=day,
            amount=format_money(charge.amount, self.language),
            url=reverse("plan", args=[self.need.id]) + self.asked.query(txn=charge.token),
        )

    def _other_readings(self, plan: Plan, reading: Reading | None, asked: Asked) -> tuple[NeedRow, ...]:
        """What the words may mean as well, as far as that is likely at all; the whole family comes last."""
        if reading is None:
            return ()
        likely = {guess.need for guess in reading.alternatives if guess.confidence >= WORTH_SAYING}
        others = tuple(
            choice for choice in plan.alternatives if choice not in plan.also and choice.need in likely
        )
        group = group_of_family(self.need.family)
        assert group is not None  # every need stands in a group
        whole = _("Something else about: %(group)s") % {"group": group.name.in_language(self.language)}
        row = NeedRow(group.icon, whole, "", reverse("plan", args=[self.need.family]) + asked.query())
        return (*self._choices(others, asked), row)

    def _choices(self, choices: tuple[Choice, ...], asked: Asked) -> tuple[NeedRow, ...]:
        return choices_of(tuple(choice.need for choice in choices), asked, self.language)
