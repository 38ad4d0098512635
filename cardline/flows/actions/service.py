"""Ways to us, and what somebody has with us: our lines, their open requests, a request of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.benefits.queries import benefits_of
from cardline.cases.commands import open_case
from cardline.cases.models import Case
from cardline.clocks.local import local_date
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here, sees_money
from cardline.identity.queries import level_of
from cardline.issuer.core import Part, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.kit.words import Reader, Words, say
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED
from cardline.rewards.commands import STATEMENT_CREDIT, redeem_points
from cardline.rewards.queries import Purse, accounts_with_points, purse_of
from cardline.rewards.rules import least_of, worth_of

Json = Any
MOST_LINES, MOST_CASES, MOST_PURSES = 3, 4, 3
SEES_ALL = 2  # the level at which what stands in a case is told (DOMAIN 8)
ABROAD = "abroad"
_LINE = {"who": "Lost cards", "number": "1-800-528-4800", "collect": False}


@finds("lines", samples=[[], [_LINE], [{**_LINE, "collect": True}, _LINE]])
def lines(here: Here, *, abroad: bool) -> Json:
    """The numbers to call from where somebody is. who: in their language, as the profile names the line."""
    country = ABROAD if abroad else (here.member.country if here.member else None)
    card_type = here.member.card_type if here.member else None
    found = [line for line in current_profile().lines_for(country, card_type) if line.display]
    return [
        {"who": line.label.in_(here.language), "number": line.display, "collect": line.collect_accepted}
        for line in found[:MOST_LINES]
    ]


_CASE = {
    "ref": "7K429QM", "subject": "A new card", "closed": False, "what": "", "due_at": None, "opened_on": "2026-11-23",
}  # fmt: skip
_DUE = "2026-11-24T22:00:00+00:00"
_UNSEEN = {**_CASE, "subject": ""}


@finds(
    "cases.mine",
    samples=[
        [],
        [_CASE],
        [{**_CASE, "closed": True}],
        [
            {**_CASE, "what": "Answer your message", "due_at": _DUE},
            {**_CASE, "ref": "8K429QM"},
        ],
        [{**_UNSEEN, "due_at": _DUE}, {**_UNSEEN, "ref": "8K429QM"}],
        [{**_UNSEEN, "closed": True}],
    ],
)
def my_cases(here: Here) -> Json:
    """Their newest, with what we promised to do next. In a colleague's conversation those of its member.

    Below V2 without subject and promise: people's own words may stand in them.
    """
    if here.member is None:
        return []
    tells_all = level_of(here.actor, here.contact_id) >= SEES_ALL
    rows = visible(Case, here.actor).filter(member=here.member).order_by("-updated_at", "-pk")[:MOST_CASES]
    return [_case(here, row, tells_all=tells_all) for row in rows]


def _case(here: Here, row: Case, *, tells_all: bool) -> Json:
    owed = visible(Promise, here.actor).filter(UNFINISHED, case=row, audience=Promise.Audience.MEMBER)
    due = owed.order_by("due_at", "pk").first()
    return {
        "ref": row.ref,
        "subject": row.subject if tells_all else "",
        "closed": row.state == Case.State.CLOSED,
        "what": due.text if due and tells_all else "",
        "due_at": due.due_at.isoformat() if due else None,
        "opened_on": local_date(row.opened_at, current_profile().zone).isoformat(),
    }


@does("cases.register", results=[{"case_id": 1, "ref": "7K429QM"}], refusals=["too_many"])
def register(here: Here, *, need: str, title: str) -> Mapping[str, Json]:
    """A request of its own with a reference; its first words are the conversation's. title: a msgid."""
    reader = Reader(here.language, current_profile().zone, here.now)
    return open_case(by=here.by, now=here.now, need=need, subject=clean(say(Words(title), reader)))


_POINTS = {"product": "Platinum", "points": 12_000, "expiring": 0, "expires_on": None}


@finds(
    "rewards.points",
    samples=[[], [_POINTS], [{**_POINTS, "expiring": 500, "expires_on": "2026-12-31"}, _POINTS]],
)
def points(here: Here) -> Json:
    """Of each account of theirs that collects some."""
    if not sees_money(here):
        return []
    try:
        purses = _purses(here)
    except NotThere:  # no programme
        return []
    return [
        {
            "product": purse.summary.account.product,
            "points": purse.rewards.points,
            "expiring": purse.rewards.expiring,
            "expires_on": purse.rewards.expires_on.isoformat() if purse.rewards.expires_on else None,
        }
        for purse in purses[:MOST_PURSES]
    ]


_CREDIT = {"account": "acc_1", "product": "Platinum", "points": 12_000, "least": 1_000, "step": 500}


@finds(
    "rewards.credit",
    samples=[[], [_CREDIT], [{**_CREDIT, "points": 10}], [_CREDIT, {**_CREDIT, "account": "acc_2"}]],
)
def credit(here: Here) -> Json:
    """The accounts whose points can become money on the account, and in which steps."""
    if not sees_money(here) or Part.REWARDS not in current_core().offers:
        return []
    purses = _purses(here)
    return [
        {
            "account": purse.account,
            "product": purse.summary.account.product,
            "points": purse.rewards.points,
            "least": least_of(option),
            "step": option.step,
        }
        for purse in purses[:MOST_PURSES]
        if (option := purse.option(STATEMENT_CREDIT)) is not None
    ]


def _purses(here: Here) -> list[Purse]:
    held = accounts_with_points(here.actor, here.staff_member)
    return [purse_of(here.actor, one, here.staff_member) for one in held]


@finds("rewards.worth", samples=[{"amount_minor": 1_000, "currency": "USD"}])
def worth(here: Here, *, account: str, points: int) -> Json:
    """What so many points become on that account."""
    purse = next(one for one in _purses(here) if one.account == account)
    option = purse.option(STATEMENT_CREDIT)
    assert option is not None
    found = worth_of(option, points)
    return {"amount_minor": found.amount_minor, "currency": found.currency}


@does(
    "rewards.redeem",
    results=[{"case_id": 1, "ref": "7K429QM", "changed": True}],
    refusals=["too_few_points", "too_small", "wrong_step", "points_wait", "too_many", "not_permitted"],
)
def redeem(here: Here, *, account: str, points: int) -> Mapping[str, Json]:
    """Into money on the account itself, and nowhere else. One conversation redeems once: its token is the wish."""
    assert here.run is not None
    return redeem_points(
        by=here.by,
        now=here.now,
        account=account,
        option=STATEMENT_CREDIT,
        points=points,
        wish=f"flow:{here.run.token}",
        contact_id=here.staff_contact,
    )


MOST_BENEFITS = 4
_BENEFIT = {
    "id": "lounge",
    "name": "Lounges",
    "line": "Free entry",
    "how": ["Show your card."],
    "not_covered": ["Guests"],
}


@finds(
    "benefits.mine",
    samples=[[], [_BENEFIT], [_BENEFIT, {**_BENEFIT, "id": "cover", "how": [], "not_covered": []}]],
)
def benefits(here: Here) -> Json:
    """What their cards include today, in their language and the issuer's words."""
    if not sees_money(here):
        return []
    held = benefits_of(here.actor, here.now, here.language, here.staff_member)
    found = {one.id: one for holding in held if holding.gives for one in holding.gives.now}
    return [
        {
            "id": one.id,
            "name": one.name.in_(here.language),
            "line": one.line.in_(here.language),
            "how": [step.in_(here.language) for step in one.how],
            "not_covered": [what.in_(here.language) for what in one.not_covered],
        }
        for one in list(found.values())[:MOST_BENEFITS]
    ]
