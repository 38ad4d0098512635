"""Ways to us, and what somebody has with us: our lines, their open requests, a request of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.cases.commands import open_case
from cardline.cases.models import Case
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind
from cardline.kit.redact import clean
from cardline.kit.visibility import visible
from cardline.kit.words import Reader, Words, say
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED
from cardline.rewards.queries import accounts_with_points, purse_of

Json = Any
MOST_LINES, MOST_CASES, MOST_PURSES = 3, 4, 3
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


_CASE = {"ref": "7K429QM", "subject": "A new card", "closed": False, "what": "", "due_at": None}


@finds(
    "cases.mine",
    samples=[
        [],
        [_CASE],
        [{**_CASE, "closed": True}],
        [
            {**_CASE, "what": "Answer your message", "due_at": "2026-11-24T22:00:00+00:00"},
            {**_CASE, "ref": "8K429QM"},
        ],
    ],
)
def my_cases(here: Here) -> Json:
    """Their newest, with what we promised to do next. In a colleague's conversation those of its member."""
    if here.member is None:
        return []
    rows = visible(Case, here.actor).filter(member=here.member).order_by("-updated_at", "-pk")[:MOST_CASES]
    return [_case(here, row) for row in rows]


def _case(here: Here, row: Case) -> Json:
    owed = visible(Promise, here.actor).filter(UNFINISHED, case=row, audience=Promise.Audience.MEMBER)
    due = owed.order_by("due_at", "pk").first()
    return {
        "ref": row.ref,
        "subject": row.subject,
        "closed": row.state == Case.State.CLOSED,
        "what": due.text if due else "",
        "due_at": due.due_at.isoformat() if due else None,
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
    if here.actor.kind != Kind.MEMBER or here.member is None:
        return []
    purses = [purse_of(here.actor, held) for held in accounts_with_points(here.actor)]
    return [
        {
            "product": purse.summary.account.product,
            "points": purse.rewards.points,
            "expiring": purse.rewards.expiring,
            "expires_on": purse.rewards.expires_on.isoformat() if purse.rewards.expires_on else None,
        }
        for purse in purses[:MOST_PURSES]
    ]
