"""A restriction is placed by whoever may, and lifted, never edited; a colleague comes to it through a case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cardline.audit.models import AuditEvent
from cardline.cases.models import Case, Entry
from cardline.conftest import chat_of
from cardline.desk.models import Note
from cardline.issuer.core import current_core
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, NotThere, Refusal, TooMany
from cardline.kit.visibility import visible
from cardline.members.models import HeldMessage, Restriction
from cardline.members.restrictions.commands import (
    RESTRICTIONS,
    EndsBeforeItBegins,
    NameTheRepresentative,
    NoRepresentative,
    NothingSaid,
    SaidInTheFuture,
    SaidTooMuch,
    Source,
    Speaker,
    lift_restriction,
    place_restriction,
)
from cardline.members.restrictions.queries import restrictions_of
from cardline.members.restrictions.table import TABLE, RestrictionKind
from cardline.members.restrictions.tests.scene import RUTH, SOURCE, WHY, place

pytestmark = pytest.mark.django_db
NOBODY = Speaker(clean(" "), clean("A firm"), clean(""), clean(""))


@pytest.fixture
def known(maya: Actor, dana: Actor, now: datetime) -> Actor:
    """Maya, with a case that Dana's team sees."""
    chat_of(maya, dana, now)
    return maya


def test_it_says_what_who_said_so_and_who_wrote_it_down(known: Actor, dana: Actor, now: datetime) -> None:
    row = Restriction.objects.get(
        pk=place(known, "represented", now, by=dana, speaker=RUTH, until=now + timedelta(days=9))
    )
    assert (row.kind, row.account, row.since, row.until) == ("represented", "", now, now + timedelta(days=9))
    assert (row.said_by, row.document, row.said_on) == ("County clerk", "Letter 14-221", date(2026, 11, 20))
    assert (row.representative, row.firm, row.phone) == ("Ruth Adeyemi", "Adeyemi & Cole", "+1 518 555 0190")
    assert (row.placed_by, row.placed_by_name, row.placed_at) == (dana.key, dana.name, now)
    assert list(row.people.values_list("pk", flat=True)) == [known.member_id]
    event = AuditEvent.objects.get(name="restriction.place")
    assert event.about == f"member:{known.member_id}" and "attorney" not in event.detail


def test_colleagues_read_of_it_in_a_private_note_and_the_member_does_not(
    known: Actor, dana: Actor, sam: Actor, now: datetime
) -> None:
    entries = Entry.objects.count()
    row = place(known, "fraud_lock", now, by=dana)
    lift_restriction(by=sam, now=now, restriction_id=row, why=clean("It was her."))
    texts = list(Note.objects.order_by("pk").values_list("text", flat=True))
    assert texts == [
        "Restriction placed: Fraud lock. Her attorney wrote to us.",
        "Restriction lifted: Fraud lock. It was her.",
    ]
    assert not visible(Note, known).exists() and Entry.objects.count() == entries


def test_the_case_a_note_goes_to_is_the_open_one(
    known: Actor, dana: Actor, sam: Actor, now: datetime
) -> None:
    newest = Case.objects.get(pk=chat_of(known, dana, now + timedelta(hours=1))["case_id"])
    Case.objects.filter(pk=newest.pk).update(state=Case.State.CLOSED)
    place(known, "fraud_lock", now, by=dana)
    assert Note.objects.get().case_id != newest.pk


@pytest.mark.parametrize("kind", RestrictionKind)
def test_the_table_says_whose_hand_it_takes(
    known: Actor, dana: Actor, sam: Actor, now: datetime, kind: RestrictionKind
) -> None:
    if TABLE.kinds[kind].place == "agent":
        row = place(known, kind, now, by=dana)
    else:
        with pytest.raises(NotPermitted):
            place(known, kind, now, by=dana)
        row = place(known, kind, now, by=sam)
    with pytest.raises(NotPermitted):
        lift_restriction(by=dana, now=now, restriction_id=row, why=WHY)
    assert lift_restriction(by=sam, now=now, restriction_id=row, why=WHY)


def test_lifting_keeps_the_row_and_happens_once(known: Actor, sam: Actor, now: datetime) -> None:
    row = place(known, "represented", now, by=sam, speaker=RUTH)
    later = now + timedelta(days=1)
    assert lift_restriction(by=sam, now=later, restriction_id=row, why=clean("The case is closed."))
    assert not lift_restriction(by=sam, now=later + timedelta(hours=1), restriction_id=row, why=WHY)
    kept = Restriction.objects.get()
    assert (kept.lifted_at, kept.lifted_by_name, kept.lifted_why) == (later, sam.name, "The case is closed.")
    assert kept.representative == "Ruth Adeyemi"
    assert AuditEvent.objects.filter(name="restriction.lift").count() == 2


def test_what_is_over_by_itself_is_not_lifted_afterwards(known: Actor, sam: Actor, now: datetime) -> None:
    row = place(known, "fraud_lock", now, by=sam, until=now + timedelta(hours=1))
    assert not lift_restriction(by=sam, now=now + timedelta(hours=1), restriction_id=row, why=WHY)
    assert Restriction.objects.get().lifted_at is None


def test_nobody_without_a_case_of_theirs_places_lifts_or_sees_one(
    maya: Actor, hannah: Actor, known: Actor, dana: Actor, priya: Actor, now: datetime
) -> None:
    row = place(known, "fraud_lock", now)
    for stranger, member in ((priya, known), (dana, hannah)):
        with pytest.raises(NotThere):
            place(member, "fraud_lock", now, by=stranger)
    for which in (row, row + 1):  # a row one does not see answers like none
        with pytest.raises(NotPermitted):
            lift_restriction(by=priya, now=now, restriction_id=which, why=WHY)
    with pytest.raises(NotThere):
        lift_restriction(by=SYSTEM, now=now, restriction_id=row + 1, why=WHY)
    assert restrictions_of(priya, known.member_id) == []
    assert [one.pk for one in restrictions_of(dana, known.member_id)] == [row]


def test_no_member_sees_or_places_one(known: Actor, dana: Actor, now: datetime) -> None:
    row = place(known, "fraud_lock", now)
    key = Actor(Kind.API, "1", scopes=frozenset({"cases:write"}))
    for asker in (known, key):
        assert not visible(Restriction, asker).exists() and not visible(HeldMessage, asker).exists()
        with pytest.raises(NotPermitted):
            place(known, "fraud_lock", now, by=asker)
        with pytest.raises(NotPermitted):
            lift_restriction(by=asker, now=now, restriction_id=row, why=WHY)


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"why": clean(" ")}, NothingSaid, "why"),
        ({"why": clean("x" * 501)}, SaidTooMuch, "why"),
        ({"source": Source(clean(""), clean(""), SOURCE.said_on)}, NothingSaid, "said_by"),
        ({"source": Source(clean("A clerk"), clean("x" * 121), SOURCE.said_on)}, SaidTooMuch, "document"),
        ({"source": Source(clean("A clerk"), clean(""), date(2026, 11, 25))}, SaidInTheFuture, "said_on"),
        ({"until": datetime.fromisoformat("2026-11-23T17:00Z")}, EndsBeforeItBegins, "until"),
        ({"speaker": NOBODY}, NameTheRepresentative, "representative"),
        ({"speaker": RUTH, "kind": RestrictionKind.LEGAL_HOLD}, NoRepresentative, "representative"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(
    known: Actor, sam: Actor, now: datetime, wrong: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    given: dict[str, Any] = {"kind": RestrictionKind.REPRESENTED, "source": SOURCE, "why": WHY, **wrong}
    with pytest.raises(refusal) as no:
        place_restriction(by=sam, now=now, member_id=known.member_id, **given)
    assert no.value.field == field and not Restriction.objects.exists()  # type: ignore[attr-defined]


def test_the_same_press_twice_is_one_row(known: Actor, dana: Actor, now: datetime) -> None:
    rows = {place(known, "fraud_lock", now, by=dana, key="one form") for _ in range(2)}
    assert len(rows) == 1 and Restriction.objects.count() == 1


def test_too_many_are_somebodys_mistake(known: Actor, dana: Actor, now: datetime) -> None:
    for _ in range(RESTRICTIONS.most):
        place(known, "fraud_lock", now, by=dana)
    with pytest.raises(TooMany):
        place(known, "fraud_lock", now, by=dana)


def test_the_database_keeps_no_half_lifted_and_no_backward_one(known: Actor, now: datetime) -> None:
    place(known, "fraud_lock", now)
    for broken in ({"lifted_at": now}, {"lifted_by": "agent:1"}, {"until": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Restriction.objects.update(**broken)


def test_one_about_an_account_touches_everybody_with_a_card_on_it(cast: Any) -> None:
    account = current_core().accounts(cast.rosa.core_customer)[0].token
    row = Restriction.objects.get(pk=place(cast.rosa.pk, "bankruptcy", cast.now, account=account))
    assert set(row.people.values_list("pk", flat=True)) == {cast.rosa.pk, cast.nils.pk, cast.ida.pk}
    with pytest.raises(NotThere):  # an additional card member holds no account
        place(cast.nils.pk, "bankruptcy", cast.now, account=account)
    with pytest.raises(NotThere):
        place(cast.rosa.pk, "bankruptcy", cast.now, account="acc_nothing", by=SYSTEM)
