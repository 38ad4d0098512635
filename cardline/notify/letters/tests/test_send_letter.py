"""A letter lacks no part, goes by the right way, and is kept as it was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cardline.cases.models import Case, Entry
from cardline.conftest import NOON, new_member
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.refusals import NotThere
from cardline.members.models import AccessNeeds, ContactPoint, HeldMessage, Member
from cardline.members.restrictions.tests.scene import place
from cardline.notify.letters import table
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.facts import WrongFact
from cardline.notify.letters.models import Letter
from cardline.notify.letters.table import letter_kinds
from cardline.notify.letters.tests.conftest import HOME, new_case
from cardline.notify.letters.tests.samples import facts_of
from cardline.notify.letters.writing import LetterLacksPart, seal_of
from cardline.promises.models import Promise

pytestmark = pytest.mark.django_db
Write = Callable[..., Letter]

HERE = [
    kind for kind in letter_kinds().values() if not kind.is_notice and (not kind.only or "US" in kind.only)
]
US = [(kind.id, law) for kind in HERE for law in kind.laws or ("",)]


@pytest.mark.parametrize(("kind", "law"), US)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_can_be_written_in_each_language(
    written: Write, member: Member, kind: str, law: str, language: str
) -> None:
    Member.objects.update(language=language)
    letter = written(kind, law)
    said = " ".join(words for _part, words in letter.content["paragraphs"])
    assert "{" not in said and "7K4-29QM" in said
    assert letter.language == language and letter.content["subject"]
    assert [part for part, _words in letter.content["paragraphs"]] == [
        part.id for part in table.letter_kind(kind).parts_for("US", law)
    ]


@pytest.mark.parametrize(("kind", "law"), US)
def test_without_a_fact_the_letter_is_not_sent_and_the_part_is_named(
    written: Write, kind: str, law: str
) -> None:
    of = table.letter_kind(kind)
    for name in of.facts:
        for nothing in (None, ""):
            with pytest.raises(LetterLacksPart) as no:
                written(kind, law, facts={**facts_of(kind), name: nothing})
            words = of.in_("en").parts
            assert no.value.parts == tuple(
                part.id for part in of.parts_for("US", law) if name in table.fields_of(words[part.id])
            )
            assert no.value.parts and no.value.parts[0] in str(no.value) and kind in str(no.value)
    assert not Letter.objects.exists() and not Entry.objects.exists()


def test_all_missing_parts_are_named_at_once(written: Write) -> None:
    given = facts_of("dispute.acknowledgement")
    del given["received_on"], given["decide_by"]
    with pytest.raises(LetterLacksPart) as no:
        written("dispute.acknowledgement", facts=given)
    assert no.value.parts == ("received", "what_we_do")


def test_an_empty_list_says_so_where_the_letter_has_words_for_it(written: Write) -> None:
    letter = written(facts={**facts_of("lost.summary"), "charges": []})
    assert dict(letter.content["paragraphs"])["charges"].endswith("– none: you knew them all.")
    with pytest.raises(LetterLacksPart):
        written("dispute.acknowledgement", facts={**facts_of("dispute.acknowledgement"), "charges": []})


def test_an_issuer_without_a_number_to_call_sends_no_letter_that_needs_one(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cardline.issuer.profile import Profile

    monkeypatch.setattr(Profile, "lines_for", lambda self, *args, **more: ())
    with pytest.raises(LetterLacksPart) as no:
        written()
    assert no.value.parts == ("contact",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reference", "7K429QX"), ("reported_at", "yesterday"), ("card", "44711"), ("how", "eaten"),
        ("charges", "one line"), ("charges", ["x"] * 41), ("liability", {"amount_minor": 1.5, "currency": "USD"}),
        ("liability", "50"), ("song", "la"),
    ],
)  # fmt: skip
def test_a_fact_that_is_not_of_its_kind_is_a_mistake_of_the_caller(
    written: Write, name: str, value: Any
) -> None:
    with pytest.raises(WrongFact) as no:
        written(facts={**facts_of("lost.summary"), name: value})
    assert str(value) not in str(no.value) or name == "song"


def test_a_card_number_gets_into_no_letter(written: Write) -> None:
    given = {**facts_of("dispute.acknowledgement"), "claim": "They took it from 3782 822463 10005"}
    said = dict(written("dispute.acknowledgement", facts=given).content["paragraphs"])["received"]
    assert "822463" not in said and "They took it from" in said


def test_liability_is_told_by_the_law_of_the_card(written: Write) -> None:
    z, e = (dict(written(law=law).content["paragraphs"]) for law in ("z", "e"))
    assert "$48.20" in z["liability_z"] and "1026.12(b)" in z["liability_z"] and "liability_e" not in z
    assert "1005.6" in e["liability_e"] and "liability_z" not in e


def test_it_goes_on_paper_by_our_own_limit_or_the_laws_whichever_is_first(written: Write) -> None:
    letter = written()
    assert (letter.way, letter.state, letter.to) == ("paper", "to_print", HOME)
    assert letter.act_by == date(2026, 11, 25)  # two business days after Monday
    assert written(due_on=date(2026, 11, 24)).act_by == date(2026, 11, 24)
    assert written(due_on=date(2026, 11, 22)).act_by == date(2026, 11, 23)  # a Sunday that is over: today
    friday = NOON + timedelta(days=4)
    assert written(now=friday, due_on=date(2026, 11, 29)).act_by == date(
        2026, 11, 27
    )  # nobody prints on a Sunday
    thanksgiving = written(now=NOON + timedelta(days=2))
    assert thanksgiving.act_by == date(2026, 11, 30)  # Thursday is a holiday, then the weekend


def test_printing_it_is_a_promise_of_those_who_print(written: Write, printer: Actor) -> None:
    letter = written()
    promise = Promise.objects.get()
    assert promise.rule == f"letter.print:{letter.pk}" and promise.queue == "general"
    assert promise.audience == "staff" and promise.state == "open"
    assert promise.due_at.isoformat() == "2026-11-26T04:59:59+00:00"  # the end of November 25 in New York


def test_the_case_tells_of_it(written: Write, case: Case) -> None:
    letter = written()
    entry = Entry.objects.get(kind="letter.sent")
    assert (
        entry.visible
        and entry.case_id == case.pk
        and f'"letter_id":{letter.pk}' in entry.data.replace(" ", "")
    )


def test_what_was_sent_stays_as_it_was(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = written()
    before = letter.content
    assert seal_of(before) == letter.seal and len(letter.version) == 12
    Member.objects.update(given_name="Mia", language="es")
    assert Letter.objects.get().content == before and before["receiver"] == "Maya Okafor"


def test_large_print_is_for_whoever_asked_for_it(written: Write, member: Member) -> None:
    assert not written().content["large"]
    AccessNeeds.objects.create(member=member, needs=["large_print"], since=NOON)
    assert written().content["large"]


def test_without_an_address_it_is_held_and_a_person_is_told(written: Write, member: Member) -> None:
    member.points.filter(kind=ContactPoint.Kind.POST).delete()
    letter = written()
    assert (letter.state, letter.why, letter.to) == ("held", "no_address", "")
    promise = Promise.objects.get()
    assert promise.rule == f"letter.find_out:{letter.pk}" and "we have no address" in promise.text
    assert Entry.objects.get(kind="letter.held").visible is False


@pytest.mark.parametrize(
    ("restriction", "kind", "law", "state"),
    [
        ("deceased", "lost.summary", "z", "held"),
        ("represented", "lost.summary", "z", "held"),
        ("cease_contact", "lost.summary", "z", "to_print"),  # law wants it told
        ("cease_contact", "card.replacement", "", "held"),
        ("identity_theft_block", "lost.summary", "z", "held"),
        ("legal_hold", "card.replacement", "", "to_print"),
    ],
)
def test_restrictions_are_asked_first(
    written: Write, member: Member, restriction: str, kind: str, law: str, state: str
) -> None:
    place(member.pk, restriction, NOON)
    letter = written(kind, law)
    assert (letter.state, letter.why == "restricted") == (state, state == "held")
    assert HeldMessage.objects.filter(member=member).exists() is (state == "held")


def test_nobody_writes_in_the_name_of_another(
    written: Write, member: Member, case: Case, dana: Actor
) -> None:
    stranger = new_member("Hannah", "Brandt")
    theirs = new_case(Member.objects.get(pk=stranger.member_id), "AAAAAAA")
    about: dict[str, Any] = {
        "now": NOON,
        "kind": "lost.summary",
        "law": "z",
        "facts": facts_of("lost.summary"),
    }
    for by, member_id, case_id in (
        (stranger, member.pk, case.pk),
        (SYSTEM, member.pk, theirs.pk),
        (SYSTEM, 2**40, case.pk),
        (dana, stranger.member_id, 2**40),
    ):
        with pytest.raises(NotThere):
            send_letter(by=by, member_id=member_id, case_id=case_id, **about)
    assert not Letter.objects.exists()
