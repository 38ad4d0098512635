"""Messages that go by post: letters of required parts, to the place they are about, for whoever opens the envelope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cardline.cases.models import Entry
from cardline.conftest import NOON
from cardline.desk.letters import letter_to_open, print_page
from cardline.issuer.embedded.tests.house import in_command
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.members.models import ContactPoint, Member, SafeContact
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.models import BadAddress, Letter
from cardline.notify.letters.notices import print_notice
from cardline.notify.letters.printing.commands import note_come_back, post_letter
from cardline.notify.letters.queries import letter_named, letters_of
from cardline.notify.letters.sweeps import sweep
from cardline.notify.letters.table import LANGUAGES, LetterKind, UnknownLetter, letter_kinds, notice_problems
from cardline.notify.letters.tests.conftest import HOME
from cardline.notify.letters.tests.samples import facts_of
from cardline.notify.letters.writing import LetterLacksPart, write
from cardline.notify.models import Outgoing
from cardline.notify.outgoing import send

pytestmark = pytest.mark.django_db

BEFORE = "9 Alder Row, Troy, NY 12180"
LINK = "/not-me/7.abcdef"


@pytest.fixture
def notice(member: Member) -> Callable[..., Letter]:
    """notice(): that Maya's address was changed, to the one she had before."""

    def make(to: str = BEFORE, kind: str = "address") -> Letter:
        values = {"kind": kind, "link": LINK}
        about = {"channel": "letter", "to": to, "now": NOON}
        number = in_command(
            by=SYSTEM,
            now=NOON,
            what=lambda: send(member.pk, "contact_changed", values, **about),  # type: ignore[arg-type]
        )
        name = Outgoing.objects.get(pk=number).name
        print_notice(by=SYSTEM, now=NOON, outgoing=name)
        return Letter.objects.get(name=name)

    return make


def words(letter: Letter) -> str:
    return "\n".join(said for _part, said in letter.content["paragraphs"])


def test_a_notice_goes_to_the_address_that_was_and_never_names_the_new_one(
    notice: Callable[..., Letter],
) -> None:
    letter = notice()
    assert (letter.state, letter.to, letter.kind) == ("to_print", BEFORE, "notice.contact_changed")
    assert f"http://localhost:8000{LINK}" in words(letter) and "Elm" not in str(letter.content)
    assert letter.content["subject"] == "Your postal address was changed" and letter.act_by > NOON.date()


def test_it_speaks_the_members_language(notice: Callable[..., Letter], member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(language="es")
    letter = notice()
    assert letter.content["subject"] == "Ha cambiado su domicilio" and letter.language == "es"


@pytest.mark.parametrize(
    "kind", [one for one in letter_kinds().values() if one.is_notice], ids=lambda one: one.id
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_is_whole_in_each_language(member: Member, kind: LetterKind, language: str) -> None:
    member.language = language
    given = facts_of(kind.id)
    said = write(kind, given, member, current_profile(), law="", now=NOON)
    assert [part for part, _words in said.paragraphs] == [part.id for part in kind.parts]
    assert "{" not in str(said.paragraphs) and "http://localhost:8000/not-me/" in str(said.paragraphs)
    for name in given:
        with pytest.raises(LetterLacksPart):
            write(kind, {**given, name: ""}, member, current_profile(), law="", now=NOON)


def test_it_is_sent_by_the_road_of_messages_alone(member: Member) -> None:
    with pytest.raises(UnknownLetter, match="notify.outgoing"):
        send_letter(
            by=SYSTEM, now=NOON, member_id=member.pk, case_id=0, kind="notice.news", facts={"link": LINK}
        )


def test_the_same_message_twice_is_one_letter(notice: Callable[..., Letter]) -> None:
    letter = notice()
    assert not print_notice(by=SYSTEM, now=NOON, outgoing=letter.name) and Letter.objects.count() == 1


def test_whoever_is_signed_in_as_the_member_does_not_see_it(
    notice: Callable[..., Letter], maya: Actor
) -> None:
    """Its link says "it was me": a thief at the member's pages must not find it there (SR-32)."""
    letter = notice()
    assert letters_of(maya, maya.member_id) == []
    with pytest.raises(NotThere):
        letter_named(maya, letter.name)
    assert not Entry.objects.filter(kind__startswith="letter.").exists()


def test_it_stands_in_the_queue_until_it_is_posted_and_is_opened_there_alone(
    notice: Callable[..., Letter], printer: Actor
) -> None:
    letter = notice()
    assert [one.name for one in print_page(printer, NOON).waiting] == ["Notice of a change"]
    assert letter_to_open(printer, letter.name, NOON).pk == letter.pk
    assert post_letter(by=printer, now=NOON, letter_id=letter.pk, certified=clean("")) == "posted"
    with pytest.raises(NotThere):
        letter_to_open(printer, letter.name, NOON)


def test_one_that_comes_back_goes_nowhere_else_and_spoils_no_address(
    notice: Callable[..., Letter], printer: Actor
) -> None:
    letter = notice()
    post_letter(by=printer, now=NOON, letter_id=letter.pk, certified=clean(""))
    assert note_come_back(by=printer, now=NOON, letter_id=letter.pk) == 0
    assert Letter.objects.count() == 1 and not BadAddress.objects.exists()
    at_home = notice(to=HOME)
    post_letter(by=printer, now=NOON, letter_id=at_home.pk, certified=clean(""))
    note_come_back(by=printer, now=NOON, letter_id=at_home.pk)
    assert BadAddress.objects.get().place == HOME


def test_one_that_must_not_go_there_waits_for_that_very_place(
    notice: Callable[..., Letter], member: Member, printer: Actor
) -> None:
    letter = notice()
    safe = SafeContact.objects.create(member=member, no_post=True, since=NOON, set_by="m")
    assert post_letter(by=printer, now=NOON, letter_id=letter.pk, certified=clean("")) == "held"
    later = NOON + timedelta(hours=1)
    assert sweep(later) == 0
    safe.delete()
    assert sweep(later + timedelta(hours=1)) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.to) == ("to_print", BEFORE)
    assert ContactPoint.objects.filter(value=BEFORE).count() == 0


def test_the_start_names_a_message_without_its_letter_and_a_letter_without_its_message() -> None:
    kinds = ("card_reported", "contact_change_asked", "contact_changed", "news", "receipt", "recovery")
    wrong = notice_problems({name: frozenset({"link"}) for name in (*kinds[1:], "birthday")})
    assert any("notice.card_reported: no message" in one for one in wrong)
    assert any("notice.birthday.toml: is missing" in one for one in wrong)
    assert any("notice.receipt.toml: is filled with other facts" in one for one in wrong)
