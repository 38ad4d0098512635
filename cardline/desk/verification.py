"""The verification panel: how surely we know who is speaking in this contact, and what that allows (DOMAIN 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cardline.contact.models import Contact
from cardline.identity.asks.models import Ask
from cardline.identity.asks.queries import can_be_asked, newest_ask
from cardline.identity.asks.rules import ASK_LASTS
from cardline.identity.codes.phones import has_changed_hands, phones_that_count
from cardline.identity.codes.queries import is_code_under_way
from cardline.identity.exceptional.queries import exception_in, stands
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import is_locked, tries_left, wrong_so_far
from cardline.identity.passcodes.queries import has_passcode
from cardline.identity.queries import Proven, proven_in
from cardline.identity.rules import level_number
from cardline.issuer.profile import MATRIX, current_profile
from cardline.kit import clock, plugs
from cardline.kit.actors import SELF
from cardline.kit.dates import say_wait
from cardline.members.authorities.queries import scopes_to_act, speaker_in
from cardline.members.authorities.table import Scope, Takes
from cardline.members.authorities.words import may as may_words
from cardline.members.rules import masked
from cardline.ui.capacities import capacity_name
from cardline.ui.shapes import Verification

# What each action of the level matrix is called on the desk.
ACTIONS: dict[str, LazyText] = {
    "activate": _("activate a card"),
    "address": _("change the address"),
    "alerts": _("choose what we alert them of"),
    "answer": _("answer general questions"),
    "apply": _("take an application"),
    "ask_status": _("tell the state and next date"),
    "authorised_user": _("add a card member"),
    "balance": _("tell the balance"),
    "by_document": _("take a change of their details that waits"),
    "case_status": _("tell the state and next date"),
    "change_autopay": _("change autopay"),
    "change_limit": _("change a company card's limit"),
    "close_account": _("close the account"),
    "close_card": _("close the card"),
    "discuss_account": _("talk about the account"),
    "email": _("change the email"),
    "emergency_contact": _("change the emergency contact"),
    "explain": _("explain how it works"),
    "freeze": _("freeze the card"),
    "general_terms": _("explain the terms"),
    "hardship_plan": _("agree more time to pay"),
    "leaver": _("close a leaver's company card"),
    "my_entitlement": _("tell what their card includes"),
    "name": _("change the name"),
    "open": _("open a dispute"),
    "open_by_mail_or_phone": _("open a dispute by mail or phone"),
    "passcode": _("change the telephone passcode"),
    "pay_from_known_account": _("take a payment from a known account"),
    "pay_from_new_account": _("take a payment from a new account"),
    "pay_link": _("send a payment link"),
    "phone": _("change the phone number"),
    "preferences": _("change how we speak and write to them"),
    "redeem": _("redeem points"),
    "redeem_to_new_destination": _("redeem points to a new destination"),
    "register": _("register a complaint"),
    "replace_elsewhere": _("send a card to another address"),
    "replace_to_address_on_file": _("send a card to the address on file"),
    "report": _("take a report of the loss"),
    "safe_contact": _("note how they can safely be reached"),
    "see_account": _("tell statements and transactions"),
    "see_details": _("tell card details"),
    "see_evidence": _("show the evidence"),
    "status": _("tell the state of an application"),
    "supervisor": _("arrange a supervisor's call"),
    "transcript": _("send the transcript"),
    "unfreeze": _("unfreeze the card"),
    "ways_in": _("change how they sign in"),
}


# What acting for another takes where it is not only protecting or asking: the counterpart of the commands' own table.
TAKES: dict[str, Scope | Takes] = {
    **dict.fromkeys(
        ("balance", "discuss_account", "my_entitlement", "see_account", "see_details"), Scope.SEE
    ),
    **dict.fromkeys(("see_evidence", "transcript"), Scope.SEE),
    **dict.fromkeys(("change_autopay", "hardship_plan", "pay_from_known_account"), Scope.PAY),
    **dict.fromkeys(("pay_from_new_account", "pay_link"), Scope.PAY),
    **dict.fromkeys(("open", "open_by_mail_or_phone"), Scope.DISPUTE),
    **dict.fromkeys(
        ("activate", "close_card", "unfreeze", "replace_elsewhere", "replace_to_address_on_file"),
        Scope.REPLACE,
    ),
    **dict.fromkeys(("redeem", "redeem_to_new_destination"), Scope.REDEEM),
    **dict.fromkeys(("authorised_user", "change_limit"), Scope.ADD_CARDS),
    **dict.fromkeys(("close_account", "leaver"), Scope.CLOSE),
    **dict.fromkeys(("address", "phone", "email", "name", "by_document", "safe_contact"), Takes.ONESELF),
    **dict.fromkeys(("passcode", "emergency_contact", "ways_in"), Takes.ONESELF),
    **dict.fromkeys(("preferences", "alerts", "apply"), Takes.ONESELF),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in a conversation. scopes: what their authority lets them do now; None: nothing at all, not even by
    it. capacity: "self" for the member, who may do everything. proven: what they have shown there, read once a page.
    """

    person: int
    name: str
    capacity: str
    member: str
    proven: Proven
    scopes: frozenset[str] | None = None

    def may(self, action: str) -> bool:
        """Whether an action of the level matrix is among what they may do for the member."""
        if self.capacity == SELF:
            return True
        takes = TAKES.get(action, Takes.PROTECT)
        return takes is Takes.PROTECT or (self.scopes is not None and takes in self.scopes)

    @property
    def value(self) -> str:
        """What a form sends to say that it is they; "" for the member."""
        return "" if self.capacity == SELF else f"{self.person}:{self.capacity}"

    @property
    def words(self) -> str:
        """ "Ruth Adeyemi speaks for Owen Achterberg, as executor. May: see, pay."; "" for the member themselves."""
        if self.capacity == SELF:
            return ""
        said = {"who": self.name, "member": self.member, "capacity": capacity_name(self.capacity)}
        if self.scopes is None:
            return gettext("%(who)s can’t speak for %(member)s as %(capacity)s now.") % said
        first = gettext("%(who)s speaks for %(member)s, as %(capacity)s.") % said
        scopes = may_words(self.scopes)
        what = gettext("May: %(may)s.") % {"may": scopes} if scopes else gettext("May protect, and ask.")
        return f"{first} {what}"


def voice_in(contact: Contact, now: datetime) -> Voice:
    """Who speaks in a contact the page has already seen."""
    speaker = speaker_in(contact.pk)
    if speaker is None or speaker.capacity == SELF:
        member = contact.member
        member_id = contact.member_id or 0
        proven = proven_in(contact.pk, member_id, speaker)
        return Voice(member_id, member.name if member else "", SELF, "", proven)
    scopes = scopes_to_act(speaker.person_id, speaker.member_id, speaker.capacity, now)
    proven = proven_in(contact.pk, speaker.person_id, speaker)
    return Voice(
        speaker.person_id, speaker.person.name, speaker.capacity, speaker.member.name, proven, scopes
    )


def proof_of(contact: Contact, voice: Voice, *, failed: bool = False) -> Verification:
    """The panel of a contact: the level its evidence adds up to now, and what that allows for its need, to whoever
    speaks there.

    failed: a check went wrong just now; it is told only while nothing else verifies.
    """
    level = voice.proven.level
    needed = {action: wanted for action, wanted in levels_of(contact.need).items() if voice.may(action)}
    beyond = [action for action in levels_of(contact.need) if action not in needed]
    allowed = [action for action, wanted in needed.items() if wanted <= level]
    lacking = {
        wanted: [a for a, level_of_it in needed.items() if level_of_it == wanted]
        for wanted in needed.values()
    }
    return Verification(
        level=level,
        allows=gettext("Enough to %(actions)s.") % {"actions": _listed(allowed)}
        if allowed
        else gettext("Say nothing about the account."),
        lacks=" ".join(
            gettext("Level %(level)d is needed to %(actions)s.")
            % {"level": wanted, "actions": _listed(actions)}
            for wanted, actions in sorted(lacking.items())
            if wanted > level
        ),
        speaker=voice.words,
        beyond=gettext("Not in this capacity: %(actions)s.") % {"actions": _listed(beyond)} if beyond else "",
        ends_in=_ends_in(voice) if level else "",
        failed=failed and level < level_number("V2"),
    )


@dataclass(frozen=True, slots=True)
class NumberOnFile:
    """A phone on file that counts. masked: as much of it as tells two apart. changed: its number went to another
    carrier or SIM card lately, so that it tells who they are and verifies nobody.
    """

    id: int
    masked: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class AskState:
    """What became of a question on the member's own page. state: waiting, approved, denied or late."""

    kind: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checks:
    """What can be done to know who speaks. numbers: that may be called or sent a code. can_text: there is a way to.

    is_code_out: one was sent here and still counts. wrong, left: guesses over all channels. locked_until: machine time.
    can_ask: they are signed in somewhere, so that a question on their own page is seen. asked: the newest such question
    of each kind, for as long as it is worth telling. has_passcode: they set one. exception: until when an exceptional
    verification stands, machine time; offers_exceptions: this issuer has them.
    """

    numbers: tuple[NumberOnFile, ...]
    can_text: bool
    is_code_out: bool
    wrong: int
    left: int
    locked_until: datetime | None
    can_ask: bool
    asked: tuple[AskState, ...]
    has_passcode: bool
    exception: datetime | None
    offers_exceptions: bool


def checks_of(contact: Contact, voice: Voice, now: datetime) -> Checks:
    """Of a contact with a member that the page has already seen; voice: whose proofs they are."""
    at, member_id = clock.machine_now(), voice.person
    tally = tally_of(member_id)
    points = phones_that_count(member_id, now)
    return Checks(
        can_text=plugs.codes.is_there and any(point.takes_texts for point in points),
        numbers=tuple(
            NumberOnFile(point.pk, masked(point.kind, point.value), has_changed_hands(point, now))
            for point in points
        ),
        is_code_out=is_code_under_way(contact.pk),
        wrong=wrong_so_far(tally, at),
        left=tries_left(tally, at),
        locked_until=tally.locked_until if is_locked(tally, at) else None,
        can_ask=can_be_asked(member_id),
        asked=tuple(filter(None, (_ask_state(contact, kind, at) for kind in Ask.Kind))),
        has_passcode=has_passcode(member_id),
        exception=_exception_until(contact),
        offers_exceptions=bool(current_profile().exceptional.actions),
    )


def _ask_state(contact: Contact, kind: str, at: datetime) -> AskState | None:
    """None for one that is over for longer than it could count."""
    ask = newest_ask(contact.pk, kind)
    if ask is None or at >= ask.asked_at + 2 * ASK_LASTS:
        return None
    if ask.settled_at is not None:
        return AskState(kind, ask.answer, ask.settled_at)
    return AskState(kind, "waiting" if at < ask.expires_at else "late", ask.asked_at)


def _exception_until(contact: Contact) -> datetime | None:
    one = exception_in(contact.pk)
    return one.until if one is not None and stands(one) else None


def levels_of(need: str) -> dict[str, int]:
    """The level each action of a need's family wants from this issuer, 0 to 3."""
    profile = current_profile()
    family = profile.need_family(need).family
    return {action: level_number(profile.level_for(need, action)) for action in MATRIX[family]}


def allows(proven: Proven, action: str) -> bool:
    """Whether what was shown in a contact is enough for an action on a card ("freeze", "unfreeze"), or an exception
    lets it pass."""
    profile, rule = current_profile(), f"lost_stolen:{action}"
    passes = proven.excepted and rule in profile.exceptional.actions
    return passes or proven.level >= level_number(profile.level_for("lost_stolen", action))


def _ends_in(voice: Voice) -> str:
    """Until the first piece of evidence ends, in words; machine time, like the evidence."""
    ends = voice.proven.ends_at
    if ends is None:
        return ""
    return say_wait((ends - clock.machine_now()).total_seconds(), get_language() or "en")


def _listed(actions: list[str]) -> str:
    return ", ".join(str(ACTIONS[action]) for action in actions)
