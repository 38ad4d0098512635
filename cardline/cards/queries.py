"""Questions about cards and charges. Each starts from whom the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from cardline.cards.models import Freeze, FreezeWish, Hold
from cardline.cards.rules import may_renew, may_unfreeze
from cardline.cards.visibility import member_protected_by, member_seen_by
from cardline.cards.writing import REPLACED
from cardline.cases.models import Entry
from cardline.clocks.local import local_date
from cardline.issuer.core import (
    ALL,
    Account,
    Card,
    CardState,
    CoreNotFound,
    CoreRefused,
    Page,
    Role,
    Transaction,
    Which,
    current_core,
)
from cardline.issuer.profile import FreezeLine, current_profile
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member

CAN_BE_FROZEN = (CardState.ACTIVE, CardState.INACTIVE)
REFUSED_SHOWN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AskedFreeze:
    """A freeze this member asked for that the core has not confirmed, or refused within the last day.

    last4: "" of a card the core never told us of. may_have_happened: asked without an answer, so that it may be done.
    case_id, entries: where it is written down, and how many entries that had.
    """

    last4: str
    asked_at: datetime
    may_have_happened: bool
    is_taken_back: bool
    is_refused: bool
    case_id: int
    entries: int

    @property
    def is_open(self) -> bool:
        return not self.is_refused


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card as a page shows it. mine: made out to the member asked about; holder: to whom otherwise.

    freeze_expires: when a freeze ends by itself, None for when somebody undoes it.
    can_freeze, can_unfreeze: what that member may do with it now, if we know them surely enough. asked: a freeze of
    theirs that the core has not confirmed.
    """

    token: str
    last4: str
    product: str
    holder: str
    role: Role
    state: CardState
    frozen_at: datetime | None
    freeze_expires: datetime | None
    mine: bool
    can_freeze: bool
    can_unfreeze: bool
    asked: AskedFreeze | None = None

    @property
    def is_frozen(self) -> bool:
        return self.state == CardState.FROZEN

    @property
    def is_asked(self) -> bool:
        """A freeze is asked for, not confirmed yet, and still wanted."""
        return self.asked is not None and self.asked.is_open and not self.asked.is_taken_back


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """An account with the cards on it."""

    account: Account
    cards: tuple[HeldCard, ...]


def cards_of(actor: Actor, member_id: int | None = None) -> list[HeldCard]:
    """The cards of a member, their own first, closed ones last. member_id: for a colleague. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    return _held(member, current_core().cards(member.core_customer))


def cards_held_by(member: Member) -> list[HeldCard]:
    """The same for a member whom the caller was let see in another way (emergency/queries.py)."""
    return _held(member, current_core().cards(member.core_customer))


def card_of(actor: Actor, token: str, member_id: int | None = None) -> HeldCard:
    """One of them. Raises NotThere for an unknown one and for somebody else's alike."""
    member = member_seen_by(actor, member_id)
    try:
        return _held(member, [current_core().card(member.core_customer, token)])[0]
    except CoreNotFound as missing:
        raise NotThere() from missing


def card_in_place_of(actor: Actor, token: str, member_id: int | None = None) -> HeldCard | None:
    """What came, or comes, in place of a card; the last one where several did. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    cards = {card.token: card for card in current_core().cards(member.core_customer)}
    if token not in cards:
        raise NotThere()
    found, seen = cards[token], {token}
    while found.replaced_by in cards and found.replaced_by not in seen:
        seen.add(found.replaced_by)
        found = cards[found.replaced_by]
    return _held(member, [found])[0] if found.token != token else None


def cards_to_renew(actor: Actor, now: datetime, member_id: int | None = None) -> list[str]:
    """The tokens of those that run out within weeks, or did, and for which nothing came yet. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    today = local_date(now, current_profile().zone)
    return [card.token for card in current_core().cards(member.core_customer) if may_renew(card, today)]


def replacement_asked_since(member_id: int, since: datetime) -> bool:
    """Whether another card was asked for in this member's cases since then; it may be on its way, or held."""
    sent = visible(Entry, SYSTEM).filter(kind=REPLACED, case__member=member_id, at__gte=since)
    return sent.exists() or visible(Hold, SYSTEM).filter(member=member_id, asked_at__gte=since).exists()


def waiting_holds(actor: Actor, member_id: int | None = None) -> list[Hold]:
    """Cards of a member that wait until we are sure of an address or a name. member_id: for a colleague."""
    member = member_seen_by(actor, member_id)
    rows = Hold.objects.filter(member=member, state=Hold.State.WAITING).select_related("case", "because")
    return list(rows.order_by("asked_at", "pk"))


def cards_for_urgent_band(actor: Actor) -> list[HeldCard]:
    """The cards somebody signed in can freeze, or has frozen, with one press; none for a guest or a colleague.

    Whoever acts for a member may freeze for them, and sees the cards for that alone (SR-39).
    """
    if not actor.member_id:
        return []
    member = member_protected_by(actor)
    cards = _held(member, current_core().cards(member.core_customer))
    return [card for card in cards if card.can_freeze or card.is_frozen or card.asked]


def asked_freezes(actor: Actor, member_id: int | None = None) -> list[AskedFreeze]:
    """What a member asked for and nobody confirmed, from our own rows: for while the core is silent. Raises NotThere.

    A freeze they took back is not among them.
    """
    member = member_seen_by(actor, member_id)
    wishes = FreezeWish.objects.filter(member=member, settled_at=None, taken_back_at=None)
    return [_as_asked(wish) for wish in wishes.select_related("case").order_by("asked_at", "id")]


def topics_of(cards: Iterable[HeldCard]) -> str:
    """What a page follows that shows a freeze not confirmed yet: "case:5@12 case:7@3", as follow.js reads it."""
    open_ones = {
        card.asked.case_id: card.asked.entries for card in cards if card.asked and card.asked.is_open
    }
    return " ".join(f"case:{case}@{entries}" for case, entries in open_ones.items())


def recent_charges(actor: Actor, n: int = 10, member_id: int | None = None) -> list[Transaction]:
    """The last n charges and credits, newest first, pending ones among them. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    return list(current_core().transactions(member.core_customer, most=n).items)


def transactions_of(
    actor: Actor, which: Which = ALL, *, after: str = "", most: int = 50, member_id: int | None = None
) -> Page[Transaction]:
    """A page of everything a member may see, newest first. after: what the page before said in `next`.

    Raises NotThere, also for a card that is not theirs and for an `after` that this list never gave out.
    """
    member = member_seen_by(actor, member_id)
    try:
        return current_core().transactions(member.core_customer, which, after=after, most=most)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreRefused as no:
        if no.reason == "bad_page":
            raise NotThere() from no
        raise


def transaction_of(actor: Actor, token: str, member_id: int | None = None) -> Transaction:
    """One of them. Raises NotThere for an unknown one and for somebody else's alike."""
    member = member_seen_by(actor, member_id)
    try:
        return current_core().transaction(member.core_customer, token)
    except CoreNotFound as missing:
        raise NotThere() from missing


def others_of_merchant(actor: Actor, charge: Transaction, most: int = 5) -> list[Transaction]:
    """What else this merchant charged or gave back, newest first; under the very same name, not one that holds it."""
    alike = transactions_of(actor, Which(text=charge.merchant), most=most * 4).items
    return [one for one in alike if one.merchant == charge.merchant and one.token != charge.token][:most]


def account_summary(actor: Actor, member_id: int | None = None) -> list[AccountSummary]:
    """What a member holds, oldest account first; none for an additional card member. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    cards = current_core().cards(member.core_customer)
    return [
        AccountSummary(
            account, tuple(_held(member, [card for card in cards if card.account == account.token]))
        )
        for account in current_core().accounts(member.core_customer)
    ]


def what_a_freeze_does() -> tuple[tuple[FreezeLine, ...], tuple[FreezeLine, ...]]:
    """What stops, and what still works, in the issuer's words."""
    lines = current_profile().freeze
    return tuple(line for line in lines if not line.works), tuple(line for line in lines if line.works)


def _held(member: Member, cards: list[Card]) -> list[HeldCard]:
    frozen_for = _frozen_for([card.token for card in cards if card.state == CardState.FROZEN])
    asked = _asked_for(member, [card.token for card in cards if card.state in CAN_BE_FROZEN])
    return [_held_card(member, card, frozen_for.get(card.token, ""), asked.get(card.token)) for card in cards]


def _held_card(member: Member, card: Card, frozen_for: str, asked: AskedFreeze | None) -> HeldCard:
    is_asked = asked is not None and asked.is_open and not asked.is_taken_back
    return HeldCard(
        token=card.token,
        last4=card.last4,
        product=card.product,
        holder=card.holder,
        role=card.role,
        state=card.state,
        frozen_at=card.frozen_at,
        freeze_expires=card.freeze_expires,
        mine=card.customer == member.core_customer,
        can_freeze=card.state in CAN_BE_FROZEN and not is_asked,
        can_unfreeze=is_asked or may_unfreeze(card, customer=member.core_customer, frozen_for=frozen_for),
        asked=asked,
    )


def _frozen_for(tokens: list[str]) -> Mapping[str, str]:
    """For whom each of these cards was frozen: customer number by token. Nobody is told whom."""
    if not tokens:
        return {}
    rows = Freeze.objects.filter(card__in=tokens, unfrozen_at=None)
    return dict(rows.values_list("card", "member__core_customer"))


def _asked_for(member: Member, tokens: list[str]) -> Mapping[str, AskedFreeze]:
    """What this member wished for each of these cards last, where the core has not done it. A core that answers at
    once leaves nothing open.
    """
    if not tokens or current_core().answers_at_once:
        return {}
    refused = Q(state=FreezeWish.State.REFUSED, settled_at__gt=clock.now() - REFUSED_SHOWN)
    wishes = FreezeWish.objects.filter(Q(settled_at=None) | refused, card__in=tokens, member=member)
    return {wish.card: _as_asked(wish) for wish in wishes.select_related("case").order_by("asked_at", "id")}


def _as_asked(wish: FreezeWish) -> AskedFreeze:
    return AskedFreeze(
        last4=wish.last4,
        asked_at=wish.asked_at,
        may_have_happened=wish.state == FreezeWish.State.UNKNOWN,
        is_taken_back=wish.taken_back_at is not None,
        is_refused=wish.settled_at is not None,
        case_id=wish.case_id,
        entries=wish.case.last_entry,
    )
