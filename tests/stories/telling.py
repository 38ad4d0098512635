"""What a told story has to show: that the level was not reached, and that the member was protected all the same."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client

from cardline.contact.models import Contact
from cardline.identity.models import Evidence
from cardline.identity.queries import actor_of_session, level_of, session_hash
from cardline.identity.rules import WORTH, Proof
from cardline.issuer.core import CardState, current_core
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.secret import Secret
from cardline.members.models import Member
from cardline.routing.commands import start_chat

FOLDER = Path(__file__).parent
LIST = FOLDER / "stories.toml"

LOST = "lost_stolen.report"
REFUSED = (401, 403, 404, 409, 422)


@dataclass(frozen=True, slots=True)
class Story:
    """One of the list; the words of its fields stand at the head of stories.toml."""

    number: int
    title: str
    told: str
    not_level: int
    kept_from: str
    given: str
    pattern: int
    shown_by: str


@dataclass
class Told:
    """A story while its test tells it. looked_at, protected_by: how often each of the two was shown."""

    story: Story
    looked_at: int = 0
    protected_by: int = 0

    def stays_below(self, who: Actor, contact_id: int | None = None, action: str = "") -> None:
        """The speaker is not known as surely as the story forbids. action: what they ask for, where that is strong.

        who: the member in their session; or a colleague, and then contact_id is where somebody speaks to them. That
        the question could have had the other answer is asked, too: with a proof there, it has.
        """
        forbidden = self.story.not_level
        reached = level_of(who, contact_id, action=action)
        assert reached < forbidden, f"{self.story.title}: level {reached} was reached"
        with undone_again():
            prove(who, contact_id, action, forbidden)
            assert level_of(who, contact_id, action=action) >= forbidden, "nobody could be known here at all"
        self.looked_at += 1

    @contextmanager
    def protected(self) -> Iterator[None]:
        """What is shown inside is what the member has all the same."""
        yield
        self.protected_by += 1


def stories() -> list[Story]:
    return [Story(**written) for written in tomllib.loads(LIST.read_text("utf-8"))["story"]]


# What reaches each level by itself.
PROOFS = {1: Proof.FACTS, 2: Proof.PHONE_CODE, 3: Proof.PASSKEY}


def prove(who: Actor, contact_id: int | None, action: str, level: int) -> None:
    """Record what would have the speaker known at that level: in the conversation, or in their session."""
    at = clock.machine_now()
    place: dict[str, Any] = {"contact": contact_id} if contact_id else {"session": who.session}
    member = Contact.objects.get(pk=contact_id).member_id if contact_id else who.member_id
    Evidence.objects.create(
        member_id=member
        or Member.objects.values_list("pk", flat=True)[0],  # where a visitor speaks: anybody's
        kind=PROOFS[level],
        action=action,
        at=at,
        expires_at=at + WORTH[PROOFS[level]].lasts,
        **place,
    )


@contextmanager
def undone_again() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# ------------------------------------------------------------------------------------------- people and pages


@dataclass(frozen=True)
class Call:
    """Somebody speaks to a colleague, and says that they are a member: nothing of it is proved."""

    contact_id: int
    page: str


@dataclass
class Desk:
    """A colleague at their desk. actor: who that is; browser: their pages."""

    actor: Actor
    browser: Client
    pressed: int = field(default=0)

    def call_from(self, member: Member, need: str = LOST) -> Call:
        """Somebody called about this member's account, and this colleague has them on the line."""
        nobody_yet = Actor(Kind.MEMBER, str(member.pk), name=member.name)
        began = start_chat(
            by=nobody_yet, now=clock.now(), need=need, text=clean("Hello"), language="en", plan={}
        )
        return self.take(int(began["contact_id"]))

    def take(self, contact_id: int) -> Call:
        """By the key A, as every conversation is taken."""
        assert self.press(f"/desk/contacts/{contact_id}/assignment").status_code == 302
        case = Contact.objects.select_related("home_case").get(pk=contact_id).home_case
        return Call(contact_id, f"/desk/cases/{show_reference(case.ref)}")

    def press(self, address: str, *, and_read: bool = False, **form: Any) -> Any:
        """A button. and_read: go on to the page it leads to, which takes its time."""
        self.pressed += 1
        keyed = {"key": f"a-press-at-the-desk-{self.actor.id}-{self.pressed}", **form}
        return self.browser.post(address, keyed, follow=and_read)

    def on(self, call: Call, what: str, **form: Any) -> Any:
        """Press something of the conversation: "facts", "code", "cards/…/freeze"."""
        return self.press(f"/desk/contacts/{call.contact_id}/{what}", **form)

    def hears(self, call: Call, name: str, fact: str) -> str:
        """Type what the caller says their name and one fact are. Returns the page that follows."""
        return words_of(self.on(call, "facts", and_read=True, name=name, fact=fact))

    def hears_code(self, call: Call, code: Secret) -> str:
        """Type what they say the code is. Returns the page that follows."""
        return words_of(self.on(call, "code/entry", and_read=True, code=code.reveal()))

    def reads(self, call: Call) -> str:
        return words_of(self.browser.get(call.page))


def words_of(answer: Any) -> str:
    """A page as it is read."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def speaker(browser: Client) -> Actor:
    """Who the product takes this browser's user for at this moment."""
    session = browser.session
    user = session.get("_auth_user_id")
    return actor_of_session(int(user) if user else None, session.session_key, session.get("guest", ""))


def in_the_session_of(browser: Client, member: Member) -> Actor:
    """`member`, as far as what was proved in this browser's session speaks for them."""
    return Actor(Kind.MEMBER, str(member.pk), session=session_hash(browser.session.session_key))


def card_of(member: Member) -> str:
    """The core's token of a member's own card."""
    cards = current_core().cards(member.core_customer)
    return next(card.token for card in cards if card.customer == member.core_customer)


def is_frozen(member: Member) -> bool:
    """Whether the core refuses purchases with their own card."""
    return current_core().card(member.core_customer, card_of(member)).state == CardState.FROZEN
