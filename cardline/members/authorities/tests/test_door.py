"""Who acts for another: allowed by scope, refused in words that name the capacity, and never less than protected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.conftest import chat_of
from cardline.contact.commands import send_message
from cardline.contact.models import Contact
from cardline.contact.queries import contact_spoken_in
from cardline.files.links import _read, link_to
from cardline.identity.codes.commands import ask_code, enter_code
from cardline.identity.commands import record_sign_in
from cardline.identity.guesses.queries import tally_of
from cardline.identity.models import Challenge, Evidence, MemberSession
from cardline.identity.queries import actor_of_session, level_of, session_hash
from cardline.identity.tests.phones import Texts, phone_of
from cardline.kit import clock, plugs
from cardline.kit.actors import SELF, SYSTEM, Actor, Kind, Standing
from cardline.kit.commands import Command, command, registry
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.kit.visibility import visible
from cardline.members.authorities.commands import begin_acting, revoke_authority, speaks_in
from cardline.members.authorities.door import CapacityMissing, check_sight
from cardline.members.authorities.models import Authority, Speaker
from cardline.members.authorities.table import TABLE, Scope, Takes
from cardline.members.authorities.tests.scene import acting, member, record
from cardline.members.models import ContactPoint, Member
from cardline.members.restrictions.door import UnderRestriction
from cardline.members.restrictions.tests.scene import place
from cardline.selfservice.confirm.approvals import Approval
from cardline.selfservice.confirm.kept import keep_form, kept_form

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def standing_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Commands that answer with their standing, one for each of what a command can take."""
    made: dict[str, Command[Any, Any]] = {}

    def make(takes: str, level: str = "") -> Command[Any, Any]:
        name = f"test.{takes}.{level}"
        if name not in made:

            def says(*, by: Standing, now: datetime, contact_id: int | None = None) -> Standing:
                return by

            made[name] = command(name, by=[Kind.MEMBER, Kind.AGENT], level=level)(says)
            if takes != "unheard_of":
                word = Takes(takes) if takes in set(Takes) else Scope(takes)
                monkeypatch.setitem(TABLE._takes, name, word)
        return made[name]

    yield make
    for name in made:
        del registry[name]


def signed_in(who: Actor, now: datetime, acting: str = "", key: str = "here") -> Actor:
    session = session_hash(key)
    if not MemberSession.objects.filter(session=session).exists():
        record_sign_in(by=SYSTEM, now=now, member_id=who.person_id, session=session)
    return actor_of_session(Member.objects.get(pk=who.person_id).user_id, key, "", acting)


def test_a_session_says_for_whom_and_falls_back_to_oneself(maya: Actor, hannah: Actor) -> None:
    now = clock.now()
    pk = record(hannah, maya, "executor", now)
    word = f"{maya.person_id}:executor"
    before = signed_in(hannah, now, word)
    assert (before.member_id, before.acting_for, before.capacity) == (hannah.person_id, 0, SELF)
    place(maya, "deceased", now)
    after = signed_in(hannah, now, word)
    assert (after.member_id, after.person_id, after.capacity) == (
        maya.person_id,
        hannah.person_id,
        "executor",
    )
    assert (after.principal, after.name, after.key, after.acting) == (
        "Maya Okafor", "Hannah Brandt", f"member:{hannah.person_id}", word,
    )  # fmt: skip
    revoke_authority(by=SYSTEM, now=now, authority_id=pk, why=clean("Over"))
    assert signed_in(hannah, now, word).member_id == hannah.person_id


def test_nobody_acts_on_anothers_authority(maya: Actor, hannah: Actor, now: datetime) -> None:
    record(hannah, maya, "guardian")
    for who, for_whom, kind in (
        (maya, hannah, "guardian"),
        (hannah, maya, "executor"),
        (hannah, hannah, "guardian"),
    ):
        with pytest.raises(NotThere):
            begin_acting(by=who, now=now, member_id=for_whom.person_id, kind=kind)
    with pytest.raises(NotThere):
        begin_acting(by=hannah, now=now, member_id=2**40, kind="guardian")
    assert (
        begin_acting(by=hannah, now=now, member_id=maya.person_id, kind="guardian")
        == f"{maya.person_id}:guardian"
    )


def test_the_scope_decides_and_the_standing_says_for_whom(
    maya: Actor, hannah: Actor, now: datetime, standing_of: Any
) -> None:
    record(hannah, maya, "account_manager_limited")
    hers = acting(hannah, maya, "account_manager_limited")
    for takes in ("protect", "pay", "dispute", "replace"):
        by = standing_of(takes)(by=hers, now=now)
        assert (by.party, by.capacity, by.actor) == (maya.person_id, "account_manager_limited", hers)
    for takes in ("see", "redeem", "add_cards", "close", "oneself", "unheard_of"):
        with pytest.raises(CapacityMissing):
            standing_of(takes)(by=hers, now=now)
    # What she may do for herself, nobody asked about.
    assert standing_of("unheard_of")(by=hannah, now=now) == Standing(hannah, party=hannah.person_id)


def test_the_log_says_by_whom_and_for_whom(
    maya: Actor, hannah: Actor, now: datetime, standing_of: Any
) -> None:
    record(hannah, maya, "guardian")
    standing_of("pay")(by=acting(hannah, maya, "guardian"), now=now)
    event = AuditEvent.objects.get(name="test.pay.")
    assert (event.actor, event.party, event.capacity) == (hannah.key, maya.person_id, "guardian")


def test_a_refusal_says_that_the_capacity_is_missing_and_for_whom(
    maya: Actor, hannah: Actor, now: datetime, standing_of: Any
) -> None:
    record(hannah, maya, "account_manager_limited")
    hers = acting(hannah, maya, "account_manager_limited")
    with pytest.raises(CapacityMissing, match="You act for Maya Okafor as limited account manager, and that does not"
                       " include using points. You can freeze a card"):  # fmt: skip
        standing_of("redeem")(by=hers, now=now)
    with pytest.raises(CapacityMissing, match="This is for Maya Okafor alone"):
        standing_of("oneself")(by=hers, now=now)
    with pytest.raises(CapacityMissing, match="does not include seeing balances, charges and statements"):
        check_sight(hers)
    check_sight(hannah)


def test_capacity_is_looked_at_before_the_level_and_the_level_is_the_speakers(
    maya: Actor, hannah: Actor, standing_of: Any
) -> None:
    now = clock.now()
    record(hannah, maya, "attorney", now)
    signed_in(maya, now, key="mayas")  # what the principal proved says nothing of who speaks for her
    hers = acting(hannah, maya, "attorney", now)
    with pytest.raises(CapacityMissing):
        standing_of("redeem", "rewards:redeem")(by=hers, now=now)
    with pytest.raises(LevelTooLow):
        standing_of("pay", "payment:pay_from_known_account")(by=hers, now=now)
    sure = signed_in(hannah, now, f"{maya.person_id}:attorney")
    assert level_of(sure) == 2
    by = standing_of("pay", "payment:pay_from_known_account")(by=sure, now=now)
    assert (by.party, by.level, by.capacity) == (maya.person_id, 2, "attorney")


def test_what_is_about_the_speaker_stays_theirs(
    maya: Actor, hannah: Actor, now: datetime, standing_of: Any
) -> None:
    record(hannah, maya, "guardian")
    hers = acting(hannah, maya, "guardian")
    by = standing_of("speaker")(by=hers, now=now)
    assert (by.party, by.capacity) == (hannah.person_id, SELF)
    signed_in(maya, clock.now(), key="mayas")
    signed_in(hannah, clock.now())
    assert [row.member_id for row in visible(MemberSession, hers)] == [hannah.person_id]


def test_an_authority_that_expires_stops_at_the_next_command(
    maya: Actor, hannah: Actor, now: datetime, standing_of: Any
) -> None:
    record(hannah, maya, "guardian", until=now + DAY)
    hers = acting(hannah, maya, "guardian")  # a page, or a socket, that stays open
    standing_of("pay")(by=hers, now=now + DAY - timedelta(seconds=1))
    for takes in ("pay", "protect"):
        with pytest.raises(CapacityMissing, match="You can’t act for Maya Okafor as guardian now"):
            standing_of(takes)(by=hers, now=now + DAY)
    assert standing_of("speaker")(by=hers, now=now + DAY).party == hannah.person_id


def test_a_power_of_attorney_ends_with_the_death(
    maya: Actor, hannah: Actor, now: datetime, standing_of: Any
) -> None:
    record(hannah, maya, "power_of_attorney")
    hers = acting(hannah, maya, "power_of_attorney")
    standing_of("pay")(by=hers, now=now)
    place(maya, "deceased", now)
    with pytest.raises(CapacityMissing):
        standing_of("pay")(by=hers, now=now)


def test_whom_a_restriction_redirects_to_has_arrived_and_others_are_still_sent_on(
    maya: Actor, hannah: Actor, standing_of: Any
) -> None:
    now = clock.now()
    record(hannah, maya, "executor", now)
    record(hannah, maya, "joint_owner", now)
    place(maya, "deceased", now)
    pay, redeem, use = (
        ("pay", "payment:pay_from_known_account"),
        ("redeem", "rewards:redeem"),
        ("pay", "lost_stolen:unfreeze"),
    )
    executor = signed_in(hannah, now, f"{maya.person_id}:executor")
    for one in (pay, redeem):
        assert standing_of(*one)(by=executor, now=now).capacity == "executor"
    with pytest.raises(UnderRestriction):  # the table refuses that for everybody
        standing_of(*use)(by=executor, now=now)
    joint = signed_in(hannah, now, f"{maya.person_id}:joint_owner")
    with pytest.raises(UnderRestriction) as refused:
        standing_of(*pay)(by=joint, now=now)
    assert "your" not in str(refused.value)  # it is not her account that is spoken of


# --------------------------------------------------------------------------------------- in a conversation


def in_chat(maya: Actor, dana: Actor, now: datetime) -> Contact:
    return Contact.objects.get(pk=chat_of(maya, dana, now)["contact_id"])


@command("test.speaks", by=[Kind.SYSTEM], housekeeping=True)
def speaks(*, by: Standing, now: datetime, contact: int, person: int, member: int, capacity: str) -> None:
    speaks_in(contact, person, member, capacity)


def test_an_agent_stands_on_what_the_speaker_proved_and_may(
    maya: Actor, hannah: Actor, dana: Actor, standing_of: Any
) -> None:
    now = clock.now()
    contact = in_chat(maya, dana, now)
    record(hannah, maya, "attorney", now, until=now + DAY)
    prove = {"kind": "called_back", "contact": contact.pk, "at": now, "expires_at": now + DAY}
    Evidence.objects.create(member=member(maya), **prove)
    assert level_of(dana, contact.pk) == 2
    speaks(
        by=SYSTEM,
        now=now,
        contact=contact.pk,
        person=hannah.person_id,
        member=maya.person_id,
        capacity="attorney",
    )
    assert level_of(dana, contact.pk) == 0  # it was Maya who was called back
    Evidence.objects.create(member=member(hannah), **prove)
    assert level_of(dana, contact.pk) == 2
    pay = standing_of("pay", "payment:pay_from_known_account")
    by = pay(by=dana, now=now, contact_id=contact.pk)
    assert (by.party, by.capacity, by.level) == (maya.person_id, "attorney", 2)
    with pytest.raises(
        CapacityMissing, match="Hannah Brandt speaks for Maya Okafor as attorney, and that does not"
    ):
        standing_of("redeem", "rewards:redeem")(by=dana, now=now, contact_id=contact.pk)
    with pytest.raises(CapacityMissing, match="Hannah Brandt can’t speak for Maya Okafor as attorney now"):
        pay(by=dana, now=now + DAY, contact_id=contact.pk)
    assert (
        standing_of("protect", "lost_stolen:freeze")(by=dana, now=now + DAY, contact_id=contact.pk).level == 2
    )


def test_restrictions_of_the_principal_count_and_those_of_the_speaker_do_not(
    maya: Actor, hannah: Actor, dana: Actor, standing_of: Any
) -> None:
    now = clock.now()
    contact = in_chat(maya, dana, now)
    record(hannah, maya, "guardian", now)
    speaks(
        by=SYSTEM,
        now=now,
        contact=contact.pk,
        person=hannah.person_id,
        member=maya.person_id,
        capacity="guardian",
    )
    Evidence.objects.create(
        member=member(hannah), kind="called_back", contact=contact.pk, at=now, expires_at=now + DAY
    )
    thaw = standing_of("replace", "lost_stolen:unfreeze")
    place(hannah, "fraud_lock", now)
    thaw(by=dana, now=now, contact_id=contact.pk)
    place(maya, "fraud_lock", now)
    with pytest.raises(UnderRestriction):
        thaw(by=dana, now=now, contact_id=contact.pk)


def test_who_begins_a_conversation_for_another_speaks_in_it(maya: Actor, hannah: Actor, dana: Actor) -> None:
    now = clock.now()
    record(hannah, maya, "attorney", now)
    hers = signed_in(hannah, now, f"{maya.person_id}:attorney")
    began = chat_of(hers, dana, now)
    contact = Contact.objects.get(pk=began["contact_id"])
    speaker = Speaker.objects.get(contact=contact.pk)
    assert (contact.member_id, speaker.person_id, speaker.capacity) == (
        maya.person_id, hannah.person_id, "attorney",
    )  # fmt: skip
    assert (contact.level, level_of(dana, contact.pk)) == (2, 2)
    assert Authority.objects.count() == 1


def test_a_code_goes_to_the_phone_of_the_speaker_and_counts_for_them(
    maya: Actor, hannah: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, now = Texts(), clock.now()
    monkeypatch.setattr(plugs, "codes", texts)
    phones = {who.person_id: phone_of(who, now, f"+1 212 555 010{who.id}").pk for who in (maya, hannah)}
    record(hannah, maya, "guardian", now)
    hers = acting(signed_in(hannah, now), maya, "guardian", now)
    asked: dict[str, Any] = {"action": "an action", "shown": clean("pay")}
    ask_code(by=hers, now=now, point_id=phones[maya.person_id], **asked)
    assert not Challenge.objects.exists()
    ask_code(by=hers, now=now, point_id=phones[hannah.person_id], **asked)
    assert Challenge.objects.get().member_id == hannah.person_id
    assert level_of(hers, action="an action") == 2
    enter_code(by=hers, now=now, action="an action", code=texts.code)
    assert level_of(hers, action="an action") == 3
    assert tally_of(maya.person_id).wrong == 0


def test_what_waits_to_be_confirmed_for_one_is_not_sent_on_for_another(
    maya: Actor, hannah: Actor, rf: Any
) -> None:
    record(hannah, maya, "guardian", clock.now())
    request, hers = rf.post("/payments", {"amount": "2"}), acting(hannah, maya, "guardian", clock.now())
    request.session = {}
    assert keep_form(request, hers, "/payments", "an action", Approval("Pay", (), "pay", "pay"))
    assert kept_form(request, hers) is not None
    assert kept_form(request, hannah) is None


def test_without_sight_no_row_of_the_members_is_seen_and_with_it_all_are(
    maya: Actor, hannah: Actor, now: datetime
) -> None:
    phone_of(maya, now)
    for kind in ("account_manager_limited", "guardian"):
        record(hannah, maya, kind)
    blind, seeing = acting(hannah, maya, "account_manager_limited"), acting(hannah, maya, "guardian")
    for model in (Member, ContactPoint):
        assert not visible(model, blind).exists()
        assert visible(model, seeing).count() == 1
    assert {row.kind for row in visible(Authority, blind)} == {"account_manager_limited", "guardian"}


def test_a_conversation_somebody_else_began_stays_shut_without_sight_even_to_whoever_wrote_in_it(
    maya: Actor, hannah: Actor, dana: Actor, now: datetime
) -> None:
    for kind in ("account_manager_limited", "guardian"):
        record(hannah, maya, kind)
    began = chat_of(maya, dana, now)
    blind, seeing = acting(hannah, maya, "account_manager_limited"), acting(hannah, maya, "guardian")
    send_message(by=seeing, now=now, contact_id=began["contact_id"], text=clean("I am her guardian."))
    assert contact_spoken_in(seeing, began["ref"], began["number"]) == began["contact_id"]
    assert not visible(Contact, blind).exists()
    with pytest.raises(NotThere):
        contact_spoken_in(blind, began["ref"], began["number"])
    with pytest.raises(NotThere):
        send_message(by=blind, now=now, contact_id=began["contact_id"], text=clean("And her manager."))


def test_a_link_to_a_file_carries_for_whom_it_was_made(maya: Actor, hannah: Actor, settings: Any) -> None:
    settings.CARDLINE_FILES_ORIGIN = "http://files.example.org"
    record(hannah, maya, "guardian", clock.now())
    hers = signed_in(hannah, clock.now(), f"{maya.person_id}:guardian")
    user = Member.objects.get(pk=hannah.person_id).user_id
    link = link_to("a" * 32, "save", user or 0, hers.session, hers.acting)
    followed = _read(link.rpartition("/")[2])
    assert followed is not None and followed[0] == hers
