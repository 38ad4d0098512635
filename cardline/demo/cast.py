"""The cast of the demo: who there is, and what is about to happen to them. Pure; nobody here exists.

Phone numbers are of the range kept for stories (555-01xx), e-mail addresses of the domain kept for examples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class MemberSketch:
    """A card member. key: their word in code and customer number. story: one line, what to try as them.

    card_types: the kinds of card they would hold, best first; the first one this issuer has counts, else its first.
    locked: their sign-in is locked.
    """

    key: str
    given_name: str
    family_name: str
    story: str | LazyText
    phone: str
    street: str
    town: str
    postal_code: str
    language: str = "en"
    zone: str = "America/New_York"
    card_types: tuple[str, ...] = ("personal",)
    locked: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def username(self) -> str:
        return f"{self.given_name}.{self.family_name}".lower()


@dataclass(frozen=True, slots=True)
class AccountSketch:
    """An account. holders: one, or several jointly; each has a card. additional: further card members on it.

    last4: of the cards, holders first. limit: in whole currency units, None without one. With a debit card it is a
    checking account of the name below instead, and has none. closed_days_ago: about when its last cycle closed.
    """

    product: str
    holders: tuple[str, ...]
    last4: tuple[str, ...]
    limit: int | None
    additional: tuple[str, ...] = ()
    opened_years_ago: int = 6
    closed_days_ago: int = 6

    def closing_day(self, now: datetime) -> int:
        """The day of the month its cycles close on."""
        return min((now - timedelta(days=self.closed_days_ago)).day, 28)


@dataclass(frozen=True, slots=True)
class AgentSketch:
    """A colleague. team_of: a need; they belong to the team that answers it."""

    key: str
    given_name: str
    family_name: str
    role: str
    team_of: str
    languages: tuple[str, ...] = field(default=("en",))

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def username(self) -> str:
        return f"{self.given_name}.{self.family_name}".lower()


MEMBERS = (
    MemberSketch(
        "maya", "Maya", "Okafor",
        _("Her card is gone, and somebody bought bread with it. Freeze it, or say what happened."),
        "+1 212 555 0142", "14 Quince Street", "Albany, NY", "12207",
    ),
    MemberSketch(
        "luis", "Luis", "Ferreira",
        _("The same bakery charged him twice. He prefers Spanish."),
        "+1 305 555 0117", "220 Palmetto Court", "Miami, FL", "33130", language="es", card_types=("debit",),
    ),
    MemberSketch(
        "hannah", "Hannah", "Brandt",
        _("Her sign-in is locked after wrong passwords. She is a guest until somebody helps her."),
        "+1 312 555 0163", "8 Lakeview Terrace", "Chicago, IL", "60611", zone="America/Chicago", locked=True,
    ),
    MemberSketch(
        "owen", "Owen", "Achterberg",
        _("He carries his company’s card and travels. His phone lines are other ones."),
        "+1 206 555 0128", "41 Harbor Way", "Seattle, WA", "98101", zone="America/Los_Angeles",
        card_types=("corporate",),
    ),
    MemberSketch(
        "rosa", "Rosa", "Lindqvist",
        _("The account is hers, and two of its cards are her children’s."),
        "+1 612 555 0175", "77 Birch Lane", "Minneapolis, MN", "55401", zone="America/Chicago",
    ),
    MemberSketch(
        "nils", "Nils", "Lindqvist",
        _("An additional card on Rosa’s account: he sees his own card and charges, nothing else."),
        "+1 612 555 0176", "77 Birch Lane", "Minneapolis, MN", "55401", zone="America/Chicago",
    ),
    MemberSketch(
        "ida", "Ida", "Lindqvist",
        _("The other additional card on Rosa’s account. It has not been activated yet."),
        "+1 612 555 0177", "77 Birch Lane", "Minneapolis, MN", "55401", zone="America/Chicago",
    ),
    MemberSketch(
        "tomasz", "Tomasz", "Wilk",
        _("He holds an account jointly, and we have promised to call him back."),
        "+1 512 555 0134", "5 Juniper Road", "Austin, TX", "78701", zone="America/Chicago",
    ),
    MemberSketch(
        "agata", "Agata", "Wilk",
        _("She holds the account jointly with Tomasz. She has his power of attorney, and would be his executor."),
        "+1 512 555 0135", "5 Juniper Road", "Austin, TX", "78701", zone="America/Chicago",
    ),
    MemberSketch(
        "ruth", "Ruth", "Adeyemi",
        _("An attorney without a card of ours. She acts for Owen: her profile says how."),
        "+1 206 555 0190", "3 Court Square", "Seattle, WA", "98101", zone="America/Los_Angeles",
    ),
    MemberSketch(
        "greta", "Greta", "Solberg",
        _("She runs her company’s cards: she freezes, replaces and limits them, and never sees what was bought."),
        "+1 617 555 0151", "60 Harborview Street", "Boston, MA", "02110", card_types=("corporate",),
    ),
    MemberSketch(
        "samir", "Samir", "Haddad",
        _("He carries a company card. What his company’s administrator did with it stands in his contacts."),
        "+1 617 555 0152", "12 Chandler Street", "Boston, MA", "02116", card_types=("corporate",),
    ),
)  # fmt: skip

# Others in the program of Greta's company. Nobody signs in as one of them, so the demo's page leaves them out.
EMPLOYEES = tuple(
    MemberSketch(
        given.lower(), given, family, "",
        f"+1 617 555 01{53 + n}", "60 Harborview Street", "Boston, MA", "02110", card_types=("corporate",),
    )
    for n, (given, family) in enumerate(
        (
            ("Bram", "Akker"), ("Chidi", "Nwosu"), ("Freya", "Lund"), ("Kenji", "Mori"), ("Leila", "Karimi"),
            ("Wanda", "Brooks"),
        )
    )
)  # fmt: skip

ACCOUNTS = (
    AccountSketch("Everyday Card", ("maya",), ("4471",), 8_000),
    AccountSketch("Everyday Card", ("luis",), ("2206",), 5_000, opened_years_ago=3, closed_days_ago=12),
    AccountSketch("Travel Card", ("hannah",), ("9038",), None, opened_years_ago=11, closed_days_ago=21),
    AccountSketch("Company Card", ("owen",), ("6152",), 25_000, opened_years_ago=3, closed_days_ago=9),
    AccountSketch(
        "Family Card",
        ("rosa",),
        ("3390", "3408", "3416"),
        12_000,
        additional=("nils", "ida"),
        closed_days_ago=15,
    ),
    AccountSketch(
        "Household Card", ("tomasz", "agata"), ("7725", "7733"), 9_000, opened_years_ago=4, closed_days_ago=8
    ),
)

CHECKING = "Checking Account"
NOT_ACTIVATED = ("ida",)

AGENTS = (
    AgentSketch("dana", "Dana", "Whitfield", "agent", "lost_stolen.report"),
    AgentSketch("priya", "Priya", "Raman", "agent", "dispute.duplicate_charge"),
    AgentSketch("jonah", "Jonah", "Kerr", "agent", "payment.make", languages=("en", "es")),
    AgentSketch("ines", "Ines", "Galvão", "supervisor", "lost_stolen.report", languages=("en", "es")),
    AgentSketch("theo", "Theo", "Brunner", "administrator", "complaint.formal"),
)
