"""The issuer, as its profile describes it: everything that is decided without a programmer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.hours import Hours, add_open_time
from cardline.issuer.profile.delivery import DeliveryRules
from cardline.issuer.profile.exceptional import ExceptionalRules
from cardline.issuer.profile.fraud_alerts import FraudAlertRules
from cardline.issuer.profile.letters import LetterRules
from cardline.issuer.profile.levels import MATRIX, Level
from cardline.issuer.profile.liability import LiabilityRules
from cardline.issuer.profile.needs import Detail, NeedFamily, Outcome
from cardline.issuer.profile.offer import Benefit, Consent, Offer, Product
from cardline.issuer.profile.problems import did_you_mean
from cardline.issuer.profile.reach import Address, Channel, PhoneLine, VoiceMenu
from cardline.issuer.profile.service import LadderStep, MemberStep, PromiseDefaults, Queue, Team
from cardline.issuer.profile.sign_in import SignIn
from cardline.issuer.profile.text import Text
from cardline.issuer.profile.who import Brand, CardNumberFormat, CardType, Region, SecurityCode
from cardline.issuer.profile.words import Conduct, Conflict, FreezeLine, NoteField, Question, UrgentBand

T = TypeVar("T")


class NotInProfile(KeyError):
    """The profile declares nothing by this id."""

    def __init__(self, kind: str, wanted: str, known: Mapping[str, object]) -> None:
        super().__init__(wanted)
        self.kind, self.wanted, self._known = kind, wanted, known

    def __str__(self) -> str:
        return f"the profile has no {self.kind} {self.wanted!r}. {did_you_mean(self.wanted, self._known)}"


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One issuer. Mappings are by id and keep the order of the file, which is the order pages show.

    unofficial_note: said on every page when the issuer itself did not publish this profile; empty when it did
    website:         without scheme, as people type it
    regions:         the first one is home
    calendar:        with the days the issuer added and removed
    hours:           named tables, "unstated" among them
    incident:        a banner while something is broken; empty when nothing is
    exceptional:     what a stranded member may have by exceptional verification; nothing where it is not offered
    own_clocks:      where it gives itself less time than the law does: by legal clock, how much of that clock's unit
    liability:       what a member bears of what somebody else bought with their card, as a rule nothing
    """

    folder: Path
    id: str
    display_name: Text
    short_name: Text
    official: bool
    unofficial_note: Text
    trademark_note: Text
    website: str
    member_word: Text
    rewards_program: str
    network: str
    jurisdiction: str
    time_zone: str
    zone: ZoneInfo
    calendar: Calendar
    currency: str
    languages: tuple[str, ...]
    card_number: CardNumberFormat
    security_code: SecurityCode
    brand: Brand
    regions: Mapping[str, Region]
    card_types: Mapping[str, CardType]
    hours: Mapping[str, Hours]
    channels: Mapping[str, Channel]
    lines: Mapping[str, PhoneLine]
    addresses: Mapping[str, Address]
    voice_menu: VoiceMenu
    teams: Mapping[str, Team]
    queues: Mapping[str, Queue]
    details: Mapping[str, Detail]
    needs: Mapping[str, NeedFamily]
    outcomes: Mapping[str, Outcome]
    promises: PromiseDefaults
    promise_ladder: tuple[LadderStep, ...]
    member_ladder: tuple[MemberStep, ...]
    urgent: UrgentBand
    freeze: tuple[FreezeLine, ...]
    conduct: Conduct
    notes: tuple[NoteField, ...]
    questions: tuple[Question, ...]
    conflicts: tuple[Conflict, ...]
    sign_in: SignIn
    incident: Text
    exceptional: ExceptionalRules
    letters: LetterRules
    liability: LiabilityRules
    fraud_alerts: FraudAlertRules
    delivery: DeliveryRules
    own_clocks: Mapping[str, int]
    offer: Offer
    consents: Mapping[str, Consent]
    products: Mapping[str, Product]
    benefits: Mapping[str, Benefit]

    # ------------------------------------------------------------------------------------------ by id

    def queue(self, queue_id: str) -> Queue:
        """A queue. Raises NotInProfile."""
        return _find(self.queues, "queue", queue_id)

    def team(self, team_id: str) -> Team:
        """A team. Raises NotInProfile."""
        return _find(self.teams, "team", team_id)

    def channel(self, channel_id: str) -> Channel:
        """A channel. Raises NotInProfile."""
        return _find(self.channels, "channel", channel_id)

    def line(self, line_id: str) -> PhoneLine:
        """A telephone line. Raises NotInProfile."""
        return _find(self.lines, "phone line", line_id)

    def detail(self, detail_id: str) -> Detail:
        """A detail to have ready. Raises NotInProfile."""
        return _find(self.details, "detail", detail_id)

    def region(self, region_id: str) -> Region:
        """A region. Raises NotInProfile."""
        return _find(self.regions, "region", region_id)

    def card_type(self, card_type_id: str) -> CardType:
        """A card type. Raises NotInProfile."""
        return _find(self.card_types, "card type", card_type_id)

    # ------------------------------------------------------------------------------------------ needs

    def need_family(self, need: str) -> NeedFamily:
        """What the issuer decided for a need ("dispute.duplicate_charge") or a family ("dispute").

        A decision for that one need wins over the one for its family. Raises NotInProfile.
        """
        return self.needs.get(need) or _find(self.needs, "need", need.partition(".")[0])

    def queue_for(self, need: str) -> Queue:
        """The queue a need goes to. Raises NotInProfile."""
        return self.queue(self.need_family(need).queue)

    def level_for(self, need: str, action: str) -> Level:
        """How sure we must be of who is speaking, "V0" to "V3", for an action of a need or family.

        The issuer's decision where it made one, else the default of levels.toml. Raises NotInProfile for an
        action neither knows: nothing is permitted by forgetting it.
        """
        family = self.need_family(need)
        decided = dict(family.levels)
        if action in decided:
            return decided[action]
        return _find(MATRIX[family.family], f"action of {family.family}", action).level

    def outcomes_for(self, need: str) -> tuple[Outcome, ...]:
        """How a contact about this need can end, in order."""
        return tuple(
            outcome for outcome in self.outcomes.values() if not outcome.needs or _covers(outcome.needs, need)
        )

    def questions_for(self, need: str) -> tuple[Question, ...]:
        """The questions that bear on this need, in order."""
        return tuple(question for question in self.questions if _covers(question.needs, need))

    # ------------------------------------------------------------------------------------------ what is sold

    def product_named(self, name: str) -> Product | None:
        """The product that the card core calls by this name; None where the profile says nothing of it."""
        return next((product for product in self.products.values() if product.name == name), None)

    # ------------------------------------------------------------------------------------------ reaching us

    def region_of(self, country: str | None) -> Region:
        """The region of a country code, or of a region's own id; home when nothing is known."""
        regions = tuple(self.regions.values())
        if not country:
            return regions[0]
        if country.lower() in self.regions:
            return self.regions[country.lower()]
        for region in regions:
            if country.upper() in region.countries:
                return region
        return next((region for region in regions if not region.countries), regions[0])

    def lines_for(
        self, country: str | None = None, card_type: str | None = None, *, lost_card: bool = False
    ) -> tuple[PhoneLine, ...]:
        """The lines for where a person is and which card they hold, in the profile's order.

        country:   ISO code or region id; None means home
        card_type: id; None means the first card type
        lost_card: only the lines that take a lost or stolen card
        Lines without a number of their own (on the back of the card) are among them.
        """
        region = self.region_of(country).id
        held = card_type if card_type in self.card_types else next(iter(self.card_types))
        return tuple(
            line
            for line in self.lines.values()
            if (not line.regions or region in line.regions)
            and (not line.card_types or held in line.card_types)
            and (line.takes_lost_stolen or not lost_card)
        )

    def addresses_for(self, need: str) -> tuple[Address, ...]:
        """Where letters about a need go; none where mail is not one of its channels.

        An address that names the very need comes before one that names its family.
        """
        if "mail" not in self.need_family(need).channels:
            return ()
        fitting = [address for address in self.addresses.values() if _covers(address.needs, need)]
        return tuple(sorted(fitting, key=lambda address: need not in address.needs))

    def answer_by(self, queue_id: str, asked_at: datetime) -> datetime:
        """When a message left at `asked_at` will be answered at the latest, in UTC (a promise is made of it).

        Open time is counted in the queue's hours; business days end at the profile's due time. Raises
        NotInProfile, CalendarEnds.
        """
        queue = self.queue(queue_id)
        if queue.reply_within.open_time is not None:
            return add_open_time(queue.hours, asked_at, queue.reply_within.open_time)
        day = add_business_days(
            local_date(asked_at, self.zone), queue.reply_within.business_days or 1, self.calendar
        )
        return instant_of(day, self.promises.due_time, self.zone)


def _find(found: Mapping[str, T], kind: str, wanted: str) -> T:
    if wanted not in found:
        raise NotInProfile(kind, wanted, found)
    return found[wanted]


def _covers(needs: tuple[str, ...], need: str) -> bool:
    return need in needs or need.partition(".")[0] in needs
