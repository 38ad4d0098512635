"""`cardline program`: a company's program, and who comes into it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cardline.conftest import new_member
from cardline.members.models import Member, Program, ProgramMember
from cardline.members.programs.cli import program

pytestmark = pytest.mark.django_db
NEW = ["add", "c-100", "--name", "Elm & Sons", "--address", "1 Elm Street, Albany, NY 12207"]


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_company_gets_one_program_however_often_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert (program(NEW), program(NEW)) == (0, 0)
    row = Program.objects.get()
    assert said(capsys) == [{"company": "c-100", "program": row.pk}] * 2
    assert (row.company.name, row.company.called, row.company.user) == ("Elm & Sons", "Elm & Sons", None)
    assert (row.company.card_type, row.address) == ("corporate", "1 Elm Street, Albany, NY 12207")


def test_members_come_into_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    program(NEW)
    ada = Member.objects.get(pk=new_member("Ada", "Birk").person_id)
    capsys.readouterr()
    assert program(["enrol", "c-100", ada.core_customer, "nobody", "c-100", ada.core_customer]) == 1
    first, nobody, company, again = said(capsys)
    assert (first["new"], again["new"]) == (True, False)
    assert nobody["error"] == company["error"] == "no member who could be in it"
    assert ProgramMember.objects.get().member == ada


@pytest.mark.parametrize("wrong", [[*NEW[:5], " "], ["add", "c" * 33, *NEW[2:]], ["enrol", "c-100", "c-1"]])
def test_wrong_use_changes_nothing(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert program(wrong) == 2
    assert capsys.readouterr().err.startswith("cardline: ")
    assert not Program.objects.exists()
