"""What cards and movements both ask of Lithic: a card, a person, their cards; each checked to be the one asked for.

A customer is a Lithic account: one person, whose cards all belong to it. So our account token and our customer number
are one and the same, `account_token`; there are no joint holders and nobody else's card on an account.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from cardline.issuer import core
from cardline.issuer.core.checks import check_digits, check_words
from cardline.issuer.lithic.reading import Said, moment, rows
from cardline.issuer.lithic.wire import Wire
from cardline.issuer.lithic.words import CLOSE_REASONS, STATES
from cardline.kit import clock

MOST_ROWS = 100  # of one page of the API
FROZEN_AT = "cardline-frozen-at"  # a tag of ours on a card
_MOST_CARDS = 500  # of one person; more is an answer that cannot be


class Asking:
    """The wire, the one currency of the programme, and what is remembered between questions."""

    def __init__(self, wire: Wire, currency: str) -> None:
        self._wire = wire
        self._currency = currency
        self._programmes: dict[str, tuple[str, str]] = {}

    def _said_card(self, token: str) -> Said:
        said = Said(self._wire.get("cards", askable(token)))
        if said.token() != token:
            raise core.BadReply("Lithic answers with another card than the one asked for")
        return said

    def _own_card(self, customer: str, token: str) -> Said:
        """Raises CoreNotFound for somebody else's card, as for one that does not exist."""
        said = self._said_card(token)
        if said.token("account_token") != customer:
            raise core.CoreNotFound("a card of somebody else")
        return said

    def _cards_of(self, customer: str) -> list[Said]:
        """All of them; raises BadReply for another customer's among them."""
        found: list[Said] = []
        more, after = True, ""
        while more:
            query: dict[str, str | int] = {"account_token": customer, "page_size": MOST_ROWS}
            page, more = rows(
                self._wire.get("cards", query=query | ({"starting_after": after} if after else {})), MOST_ROWS
            )
            found += page
            if len(found) > _MOST_CARDS or (more and not page):
                raise core.BadReply("a list of cards does not end")
            after = page[-1].token() if page else ""
        if any(said.token("account_token") != customer for said in found):
            raise core.BadReply("a list holds another customer's card")
        return found

    def _account(self, customer: str) -> Said | None:
        try:
            said = Said(self._wire.get("accounts", askable(customer)))
        except core.CoreNotFound:
            return None
        if said.token() != customer:
            raise core.BadReply("Lithic answers with another account than the one asked for")
        return said

    def _name_of(self, customer: str) -> str:
        account = self._account(customer)
        return "" if account is None else self._name(account)

    def _name(self, account: Said) -> str:
        """Of the person or the business behind an account; of all else that is said about them nothing is read."""
        if not account.has("account_holder"):
            return ""
        holder = Said(self._wire.get("account_holders", account.inside("account_holder").token()))
        if holder.has("individual"):
            person = holder.inside("individual")
            return f"{person.words('first_name')} {person.words('last_name')}".strip()
        return holder.inside("business_entity").words("legal_business_name")

    # ------------------------------------------------------------------------------------ what they become

    def _card(self, said: Said, name: str) -> core.Card:
        state = said.one_of("state", STATES)
        product, digits = self._programme(said.token("card_program_token"))
        account = said.token("account_token")
        return core.Card(
            token=said.token(),
            account=account,
            product=product,
            customer=account,
            holder=name,
            role=core.Role.BASIC,
            bin=digits,
            last4=said.last_four(),
            state=state,
            frozen_at=_frozen_at(said) if state == core.CardState.FROZEN else None,
            expires=_expires(said),
            freeze_scope=core.FreezeScope.EVERYTHING if state == core.CardState.FROZEN else None,
            closed_reason=_closed_reason(said) if state == core.CardState.CLOSED else None,
        )

    def _programme(self, token: str) -> tuple[str, str]:
        """Its name and its cards' first digits. Asked for once: both last as long as the programme."""
        if token not in self._programmes:
            said = Said(self._wire.get("card_programs", token))
            name = said.words("name")
            check_words(name)
            if name != said.text("name").strip():
                raise core.BadReply("a programme is called what nothing is called")
            first, last = said.text("pan_range_start"), said.text("pan_range_end")
            digits = first[:8] if len(first) >= 8 and first[:8] == last[:8] else first[:6]
            check_digits(digits, 6, 8)
            self._programmes[token] = (name, digits)
        return self._programmes[token]

    def _product(self, customer: str) -> str:
        """What the account is sold as: the programme of its newest card."""
        query: dict[str, str | int] = {"account_token": customer, "page_size": 1}
        found, _ = rows(self._wire.get("cards", query=query), 1)
        return self._programme(found[0].token("card_program_token"))[0] if found else ""


def askable(token: str) -> str:
    """Raises CoreNotFound for what no token of Lithic's looks like, so that it never becomes part of an address."""
    if not token.isascii() or not token.replace("-", "").replace("_", "").isalnum() or len(token) > 64:
        raise core.CoreNotFound("no token of Lithic's")
    return token


def _frozen_at(said: Said) -> datetime:
    """When we froze it. A card paused elsewhere carries no time: known is only that it is frozen now."""
    since = said.texts("tags").get(FROZEN_AT)
    return clock.machine_now() if since is None else moment(since, "the time of a freeze")


def _expires(said: Said) -> date | None:
    """The last day of the month printed on the card."""
    if not said.has("exp_month") or not said.has("exp_year"):
        return None
    month, year = said.text("exp_month"), said.text("exp_year")
    check_digits(month, 2)
    check_digits(year, 4)
    if not 1 <= int(month) <= 12 or int(year) < 1970:
        raise core.BadReply("a card expires in a month that there is not")
    return date(int(year), int(month), monthrange(int(year), int(month))[1])


def _closed_reason(said: Said) -> core.CloseReason | None:
    """None where Lithic or somebody at the issuer closed it for a reason that is not the member's."""
    return CLOSE_REASONS.get(said.text("substatus")) if said.has("substatus") else None
