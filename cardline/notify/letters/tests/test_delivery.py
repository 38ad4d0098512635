"""On their pages only with a consent that covers it; back to paper while that is in time; held where it must wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cases.models import Entry
from cardline.conftest import NOON
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.refusals import NotThere
from cardline.members.models import ContactPoint, Member, SafeContact
from cardline.members.restrictions.commands import lift_restriction
from cardline.members.restrictions.tests.scene import place
from cardline.notify.letters.consents import commands as consents
from cardline.notify.letters.consents.commands import (
    NoEmail,
    NothingChosen,
    OtherTerms,
    give_paper_consent,
    withdraw_paper_consent,
)
from cardline.notify.letters.disclosure import current_disclosure, read_disclosure
from cardline.notify.letters.models import Letter, PaperConsent
from cardline.notify.letters.reading import note_read
from cardline.notify.letters.tests.conftest import EMAIL, HOME
from cardline.notify.models import Outgoing
from cardline.notify.sweeps import sweep
from cardline.promises.models import Promise

pytestmark = pytest.mark.django_db
Write = Callable[..., Letter]


@pytest.fixture
def agreed(member: Member) -> PaperConsent:
    return PaperConsent.objects.create(
        member=member, covers="cards", disclosure=current_disclosure().version, given_at=NOON
    )


@pytest.fixture(autouse=True)
def mail_goes_out(settings: Any) -> None:
    settings.CARDLINE_MAIL_URL = "smtp://mail.issuer.example"


def now_is(letter: Letter, at: datetime) -> tuple[str, str]:
    sweep(at)
    letter.refresh_from_db()
    return letter.state, letter.why


@pytest.fixture
def home(member: Member, as_member: Callable[..., Actor]) -> Actor:
    return as_member(member)


def give(by: Actor, *covers: str, now: datetime = NOON) -> list[str]:
    return give_paper_consent(by=by, now=now, covers=covers, disclosure=current_disclosure().version)


# ---------------------------------------------------------------------------------------------------- consent


def test_consent_is_dated_and_names_what_it_covers(home: Actor) -> None:
    assert give(home, "disputes", "cards") == ["cards", "disputes"]
    rows = PaperConsent.objects.order_by("covers")
    assert [(row.covers, row.given_at, row.withdrawn_at) for row in rows] == [
        ("cards", NOON, None),
        ("disputes", NOON, None),
    ]
    give(home, "cards", now=NOON + timedelta(days=1))
    assert PaperConsent.objects.count() == 2  # the same terms: the first date stands


def test_agreeing_to_newer_terms_ends_the_older_consent(home: Actor, agreed: PaperConsent) -> None:
    PaperConsent.objects.update(disclosure="older")
    give(home, "cards", now=NOON + timedelta(days=1))
    old, new = PaperConsent.objects.order_by("pk")
    assert old.withdrawn_at == new.given_at == NOON + timedelta(days=1)
    assert new.disclosure == current_disclosure().version and new.withdrawn_at is None


def test_what_cannot_be_agreed_to_says_why(home: Actor, member: Member) -> None:
    with pytest.raises(NothingChosen):
        give(home)
    with pytest.raises(Exception, match="can't be read"):
        give(home, "birthdays")
    with pytest.raises(OtherTerms):
        give_paper_consent(by=home, now=NOON, covers=["cards"], disclosure="another")
    member.points.filter(kind=ContactPoint.Kind.EMAIL).delete()
    with pytest.raises(NoEmail):
        give(home, "cards")
    assert not PaperConsent.objects.exists()


def test_the_terms_are_read_in_each_language_and_have_a_version(tmp_path: Any) -> None:
    terms = current_disclosure()
    assert len(terms.in_("en")) == len(terms.in_("es")) > 3 and "paper" in terms.in_("en")[0]
    file = tmp_path / "disclosure.toml"
    file.write_text('[en]\nlines = ["x"]\n', "utf-8")
    with pytest.raises(KeyError):
        read_disclosure(file)


def test_a_stranger_takes_nobody_back_to_paper(
    agreed: PaperConsent, member: Member, hannah: Actor, dana: Actor
) -> None:
    for by in (hannah, dana):  # Dana has no case of Maya's
        with pytest.raises(NotThere):
            withdraw_paper_consent(by=by, now=NOON, member_id=member.pk, covers=["cards"])
    assert PaperConsent.objects.get().withdrawn_at is None


def test_a_colleague_with_a_case_takes_them_back_and_is_named(
    agreed: PaperConsent, member: Member, case: Any, dana: Actor
) -> None:
    assert withdraw_paper_consent(by=dana, now=NOON, member_id=member.pk, covers=["cards"]) == 1
    assert PaperConsent.objects.get().withdrawn_by == dana.key
    assert withdraw_paper_consent(by=dana, now=NOON, member_id=member.pk, covers=["cards"]) == 0


# ------------------------------------------------------------------------------------------------------ routes


def test_with_a_consent_that_covers_it_the_letter_is_on_their_pages(
    written: Write, agreed: PaperConsent
) -> None:
    letter = written()
    assert (letter.way, letter.state, letter.why, letter.to) == ("electronic", "shown", "consent", "")
    mail = Outgoing.objects.get()
    assert (mail.template, mail.to, letter.announced) == ("letter_ready", EMAIL, mail)
    assert not Promise.objects.exists()


def test_a_consent_covers_its_class_alone(written: Write, agreed: PaperConsent) -> None:
    letter = written("dispute.acknowledgement")
    assert (letter.way, letter.why) == ("paper", "no_consent")


def test_a_withdrawn_consent_is_none(written: Write, agreed: PaperConsent) -> None:
    PaperConsent.objects.update(withdrawn_at=NOON)
    assert written().way == "paper"


def test_what_law_wants_in_writing_takes_a_consent_to_todays_terms(
    written: Write, agreed: PaperConsent
) -> None:
    PaperConsent.objects.update(disclosure="older")
    assert (written().way, written().why) == ("paper", "old_disclosure")
    assert written("card.replacement", "").way == "electronic"


def test_without_an_email_that_leaves_it_is_paper(
    written: Write, agreed: PaperConsent, member: Member, settings: Any
) -> None:
    settings.CARDLINE_MAIL_URL = ""
    assert (written().way, written().why) == ("paper", "no_email")
    settings.CARDLINE_MAIL_URL = "smtp://mail.issuer.example"
    member.points.filter(kind=ContactPoint.Kind.EMAIL).delete()
    assert written().why == "no_email"


# ------------------------------------------------------------------------------------------------ back to paper


def test_an_email_that_comes_back_puts_it_on_paper_in_time(written: Write, agreed: PaperConsent) -> None:
    letter = written()
    assert now_is(letter, NOON + timedelta(minutes=59)) == ("shown", "consent")
    Outgoing.objects.update(state="refused")
    assert now_is(letter, NOON + timedelta(minutes=59)) == ("shown", "consent")  # not looked at yet
    assert now_is(letter, NOON + timedelta(hours=1)) == ("to_print", "bounced")
    assert (letter.way, letter.to, letter.look_at) == ("paper", HOME, None)
    promise = Promise.objects.get()
    assert promise.rule == f"letter.print:{letter.pk}" and promise.due_at > NOON + timedelta(days=1)
    assert Entry.objects.filter(kind="letter.to_paper", visible=True).count() == 1
    assert now_is(letter, NOON + timedelta(hours=2)) == ("to_print", "bounced")
    assert Promise.objects.count() == 1


def test_an_email_that_never_left_does_so_when_the_last_day_begins(
    written: Write, agreed: PaperConsent
) -> None:
    letter = written()  # last day: Wednesday the 25th; Outgoing stays queued
    for hours in range(1, 36):
        assert now_is(letter, NOON + timedelta(hours=hours))[0] == "shown", hours
    assert now_is(letter, NOON + timedelta(hours=37)) == ("to_print", "bounced")  # 01:00 in New York


def test_one_that_arrived_stays_and_is_looked_at_no_more_after_its_last_day(
    written: Write, agreed: PaperConsent
) -> None:
    letter = written()
    Outgoing.objects.update(state="sent", sent_at=NOON)
    for hours in range(1, 61):
        assert now_is(letter, NOON + timedelta(hours=hours))[0] == "shown"
    assert letter.look_at is None


def test_what_was_opened_has_arrived(
    written: Write, agreed: PaperConsent, home: Actor, hannah: Actor
) -> None:
    letter = written()
    assert note_read(by=hannah, now=NOON, letter_id=letter.pk) is False
    assert note_read(by=home, now=NOON, letter_id=letter.pk) is True
    Outgoing.objects.update(state="refused")
    assert now_is(letter, NOON + timedelta(hours=1))[0] == "shown" and letter.look_at is None


def test_withdrawing_prints_what_is_unread_and_still_in_time(
    written: Write, agreed: PaperConsent, home: Actor, member: Member
) -> None:
    unread, read, old = written(), written(), written()
    note_read(by=home, now=NOON, letter_id=read.pk)
    Letter.objects.filter(pk=old.pk).update(look_at=None)  # its last day is over
    withdraw_paper_consent(by=home, now=NOON + timedelta(hours=1), member_id=member.pk, covers=["cards"])
    states = {row.pk: (row.state, row.why) for row in Letter.objects.all()}
    assert states[unread.pk] == ("to_print", "withdrawn")
    assert states[read.pk][0] == states[old.pk][0] == "shown"


def test_falling_to_paper_without_an_address_tells_a_person(
    written: Write, agreed: PaperConsent, member: Member
) -> None:
    letter = written()
    member.points.filter(kind=ContactPoint.Kind.POST).delete()
    Outgoing.objects.update(state="parked")
    assert now_is(letter, NOON + timedelta(hours=1)) == ("held", "no_address")
    assert Promise.objects.get().rule == f"letter.find_out:{letter.pk}"


# --------------------------------------------------------------------------------------------------------- held


def test_a_held_letter_goes_when_nothing_is_in_its_way_any_more(
    written: Write, member: Member, sam: Actor
) -> None:
    restriction = place(member.pk, "deceased", NOON)
    letter = written()
    later = NOON + timedelta(minutes=15)
    assert now_is(letter, later) == ("held", "restricted")
    lift_restriction(by=sam, now=later, restriction_id=restriction, why="A mistake.")  # type: ignore[arg-type]
    assert now_is(letter, later + timedelta(minutes=15)) == ("to_print", "no_consent")
    states = dict(Promise.objects.values_list("rule", "state"))
    assert states == {f"letter.find_out:{letter.pk}": "kept", f"letter.print:{letter.pk}": "open"}


def test_where_no_letter_is_safe_none_goes(written: Write, member: Member) -> None:
    safe = SafeContact.objects.create(member=member, no_post=True, since=NOON, set_by="agent:1")
    letter = written()
    assert (letter.state, letter.why) == ("held", "not_safe")
    safe.delete()
    assert now_is(letter, NOON + timedelta(minutes=15))[0] == "to_print"


def test_one_letter_that_raises_holds_up_no_other(
    written: Write, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    member.points.filter(kind=ContactPoint.Kind.POST).delete()
    first, second = written(), written()
    ContactPoint.objects.create(member=member, kind=ContactPoint.Kind.POST, value=HOME, since=NOON)
    from cardline.notify.letters import sweeps

    whole = sweeps.free
    monkeypatch.setattr(sweeps, "free", lambda row, *rest: 1 / 0 if row.pk == first.pk else whole(row, *rest))
    assert now_is(second, NOON + timedelta(minutes=15))[0] == "to_print"
    first.refresh_from_db()
    assert first.state == "held" and first.look_at == NOON + timedelta(minutes=30)


def test_consents_are_limited(home: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from cardline.kit.limits import Limit
    from cardline.kit.refusals import TooMany

    monkeypatch.setattr(consents, "CONSENTS", Limit("paper_consents", 1, 3_600))
    give(home, "cards")
    with pytest.raises(TooMany):
        give(home, "cards")


def test_the_system_writes_for_nobody_that_is_not_there(written: Write) -> None:
    with pytest.raises(NotThere):
        written(member_id=2**40)
    assert SYSTEM.member_id == 0
