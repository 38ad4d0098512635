"""A legal name changes with a document that a person looked at; the next card carries what the member chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.commands import replace_card
from cardline.cards.queries import cards_of
from cardline.contactdata import sweeps
from cardline.contactdata.decisions.commands import approve_change, be_sure_of_change, refuse_change
from cardline.contactdata.names.commands import NotForACard, ask_for_name, change_name, choose_embossed_name
from cardline.contactdata.notices.commands import was_not_me
from cardline.contactdata.refusals import NoDocument, NotYourOwn, SamePoint, WaitsAlready
from cardline.contactdata.tests.scene import change, link, strongly
from cardline.files.commands import add_file, pass_file, take_up_check
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.members.contactdata.names import embossed, is_theirs, on_the_card
from cardline.members.models import ContactChange, FormerName, Member
from cardline.promises.models import Promise

NEW: dict[str, Any] = {"given_name": clean("Maya"), "family_name": clean("Adeyemi")}
SAW = clean("Marriage certificate of Nov 20 compared")


def document(member: Actor, case_id: int, now: datetime, token: str = "0123456789abcdef" * 2) -> int:
    """A checked file in a case of theirs."""
    what = {"case_id": case_id, "sha256": "0" * 64, "size_bytes": 9, "kind": "pdf"}
    pk: int = add_file(by=member, now=now, token=token, name=clean("certificate.pdf"), **what)  # type: ignore[arg-type]
    lease = take_up_check(by=SYSTEM, now=now, file_id=pk)
    pass_file(by=SYSTEM, now=now, file_id=pk, lease=lease, scanner="", unread=False)
    return pk


def legal(actor: Actor) -> str:
    return Member.objects.get(pk=actor.member_id).name


def test_a_person_sees_the_document_and_the_old_name_is_kept(
    maya: Actor, now: datetime, jonah: Actor
) -> None:
    with pytest.raises(LevelTooLow):
        change_name(by=maya, now=now, **NEW)
    wish = change(strongly(change_name, maya, now, **NEW))
    assert (wish.state, wish.why_waits, wish.due_at) == ("waiting", "paper", None)
    assert legal(maya) == "Maya Okafor"
    assert sweeps.sweep(now + timedelta(days=90)) == 0
    with pytest.raises(NoDocument):
        approve_change(by=jonah, now=now, change_id=wish.pk, how=clean("ok"))
    file = document(maya, wish.case, now)
    assert approve_change(by=jonah, now=now, change_id=wish.pk, how=SAW, file_id=file)
    assert legal(maya) == "Maya Adeyemi"
    former = FormerName.objects.get()
    assert (former.given_name, former.family_name, former.until) == ("Maya", "Okafor", now)
    assert Promise.objects.get(pk=wish.promise).state == "kept"
    assert not approve_change(by=jonah, now=now, change_id=wish.pk, how=SAW, file_id=file)


def test_a_document_of_somebody_else_is_none(
    maya: Actor, now: datetime, jonah: Actor, cast: Any, as_member: Callable[..., Actor]
) -> None:
    luis = as_member(cast.luis)
    wish = change(strongly(change_name, maya, now, **NEW))
    theirs = change(ask_for_name(by=luis, now=now, given_name=clean("Luis"), family_name=clean("Adeyemi")))
    file = document(luis, theirs.case, now)
    with pytest.raises(NotThere):
        approve_change(by=jonah, now=now, change_id=wish.pk, how=SAW, file_id=file)
    assert refuse_change(by=jonah, now=now, change_id=wish.pk, reason="wrong_person", note=clean(""))
    wish.refresh_from_db()
    assert (wish.state, wish.decided) == ("refused", "wrong_person")
    assert legal(maya) == "Maya Okafor"
    assert not refuse_change(by=jonah, now=now, change_id=wish.pk, reason="wrong_person", note=clean(""))


def test_whoever_took_it_down_does_not_decide_it(maya: Actor, now: datetime, jonah: Actor) -> None:
    wish = change(strongly(change_name, maya, now, **NEW))
    ContactChange.objects.filter(pk=wish.pk).update(asked_by=jonah.key)
    with pytest.raises(NotYourOwn):
        approve_change(by=jonah, now=now, change_id=wish.pk, how=SAW)
    with pytest.raises(NotYourOwn):
        refuse_change(by=jonah, now=now, change_id=wish.pk, reason="unreadable", note=clean(""))


def test_the_same_name_and_a_second_wish_are_refused(maya: Actor, now: datetime) -> None:
    with pytest.raises(SamePoint):
        ask_for_name(by=maya, now=now, given_name=clean(" Maya "), family_name=clean("Okafor"))
    ask_for_name(by=maya, now=now, **NEW)
    with pytest.raises(WaitsAlready):
        ask_for_name(by=maya, now=now, **NEW)


def test_not_me_gives_the_old_name_back(maya: Actor, now: datetime, jonah: Actor) -> None:
    wish = change(strongly(change_name, maya, now, **NEW))
    approve_change(by=jonah, now=now, change_id=wish.pk, how=SAW)
    assert was_not_me(by=SYSTEM, now=now, token=link(wish, "letter"))
    assert legal(maya) == "Maya Okafor"
    assert not FormerName.objects.exists()


def test_a_card_after_a_new_name_waits_unless_a_person_saw_the_document(
    maya: Actor, now: datetime, jonah: Actor
) -> None:
    wish = change(strongly(change_name, maya, now, **NEW))
    approve_change(by=jonah, now=now, change_id=wish.pk, how=SAW)
    ContactChange.objects.filter(pk=wish.pk).update(validated_at=None)  # as if nobody had been sure
    card = next(card.token for card in cards_of(maya) if card.mine)
    assert replace_card(by=maya, now=now, card=card)["held"]
    be_sure_of_change(by=jonah, now=now, change_id=wish.pk, how=SAW)
    assert sorted(card.holder for card in cards_of(maya) if card.mine) == ["Maya Adeyemi", "Maya Okafor"]


def test_the_next_card_carries_what_was_chosen(maya: Actor, now: datetime) -> None:
    assert choose_embossed_name(by=maya, now=now, name=clean("m. okafor"))
    assert not choose_embossed_name(by=maya, now=now, name=clean("M. Okafor"))
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=now, card=card)
    assert sorted(card.holder for card in cards_of(maya) if card.mine) == ["M. OKAFOR", "Maya Okafor"]


@pytest.mark.parametrize(
    "name", ["Dana Whitfield", "Maya", "M", "Maya Okafor " + "A" * 20, "マヤ Okafor1", "🙂"]
)
def test_a_card_carries_no_other_name(maya: Actor, now: datetime, name: str) -> None:
    with pytest.raises(NotForACard):
        choose_embossed_name(by=maya, now=now, name=clean(name))


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("Zoë  D’Arc", "ZOE D'ARC"),
        ("Ines Galvão", "INES GALVAO"),
        ("Anne-Marie St. John", "ANNE-MARIE ST. JOHN"),
        ("R2 D2", ""),
        ("", ""),
        ("王芳", ""),
    ],
)
def test_a_card_has_capitals_without_marks(typed: str, carried: str) -> None:
    assert embossed(typed) == carried


def test_a_card_carries_the_family_name_whole() -> None:
    assert is_theirs("A M ST JOHN", "Anne-Marie", "St. John", "")
    assert not is_theirs("ANNE JOHN", "Anne-Marie", "St. John", "")
    assert on_the_card("Maximiliana", "Featherstonehaugh", "") == "M Featherstonehaugh"
    assert on_the_card("Maya", "Okafor", "M OKAFOR") == "M OKAFOR"
