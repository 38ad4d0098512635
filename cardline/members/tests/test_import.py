"""`cardline member import`: the issuer's members, from a table of its own."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardline.kit.refusals import Malformed
from cardline.members import cli
from cardline.members.intake import enter
from cardline.members.models import ContactPoint, Member

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ADA = {"core_customer": "c-1", "given_name": " Ada ", "family_name": "Birk", "since": "2020-02-29"}
WHOLE = ADA | {
    "language": "es", "country": "ES", "zone": "Europe/Madrid", "card_type": "corporate", "postal_code": "28001",
    "phone": "+34 (91) 555-01.23", "email": "ada@example.com", "address": "Calle Uno 1, Madrid",
}  # fmt: skip


@pytest.mark.django_db
def test_what_the_issuer_knows_is_entered_whole() -> None:
    number, is_new = enter(WHOLE, NOW)
    ada = Member.objects.get()
    assert (number, is_new) == (ada.pk, True)
    assert (ada.core_customer, ada.name, ada.since) == ("c-1", "Ada Birk", date(2020, 2, 29))
    assert (ada.language, ada.country, ada.zone, ada.card_type) == ("es", "ES", "Europe/Madrid", "corporate")
    points = {point.kind: point for point in ContactPoint.objects.all()}
    assert {kind: point.value for kind, point in points.items()} == {
        "phone": "+34915550123", "email": "ada@example.com", "post": "Calle Uno 1, Madrid",
    }  # fmt: skip
    assert points["phone"].since == datetime(2020, 2, 28, 23, 0, tzinfo=UTC)  # midnight in Madrid
    assert [point.kind for point in points.values() if point.preferred] == ["phone"]


@pytest.mark.django_db
def test_what_is_left_out_is_the_issuers_own() -> None:
    enter(ADA, NOW)
    ada = Member.objects.get()
    assert (ada.language, ada.zone, ada.card_type) == ("en", "America/New_York", "personal")
    assert not ContactPoint.objects.exists()


@pytest.mark.django_db
def test_who_is_here_already_stays_as_they_are() -> None:
    first, _ = enter(WHOLE, NOW)
    assert enter(WHOLE | {"family_name": "Other", "phone": "+15550100"}, NOW) == (first, False)
    assert Member.objects.get().family_name == "Birk" and ContactPoint.objects.count() == 3


WRONG = {
    "core_customer": ["", "x" * 33, "a b", "a\x00"],
    "given_name": ["", "12", "x" * 81, "A\x00", "[card ••0005]"],
    "family_name": ["", "–"],
    "since": ["", "2027-01-01", "1899-12-31", "29.2.2020", "2021-02-29"],
    "language": ["de", "EN"],
    "country": ["Spain", "es", "E1"],
    "zone": ["Madrid", "../etc/passwd"],
    "card_type": ["gold"],
    "postal_code": ["9" * 17, "1\r\n2"],
    "phone": ["0915550123", "+34", "+" + "9" * 16, "+3491555O123"],
    "email": ["ada", "ada@", "a\nb@example.com", f"{'a' * 60}@{'b' * 180}.com"],
    "address": ["x" * 201, "Calle\x00"],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, all_ in WRONG.items() for value in all_]
)
def test_a_wrong_field_is_named(field: str, value: str) -> None:
    with pytest.raises(Malformed) as refused:
        enter(WHOLE | {field: value}, NOW)
    assert refused.value.field == field


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), st.text(max_size=40)))
@pytest.mark.django_db
def test_whatever_stands_there_is_entered_or_refused(changed: dict[str, str]) -> None:
    try:
        enter(ADA | changed, NOW)
    except Malformed as refused:
        assert refused.field in WHOLE


@pytest.mark.django_db
def test_a_line_in_is_a_line_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "members.csv"
    file.write_text(
        "\ufeffcore_customer,given_name,family_name,since,phone\n"
        "c-1,Ada,Birk,2020-02-29,\n"
        'c-2,"Bo\n",Dahl,2020-02-29,+46850550100\n'
        "c-3,Cy,Ek,someday,\n"
        "c-4,Di\n"
        "c-1,Ada,Birk,2020-02-29,\n",
        encoding="utf-8",
    )
    assert cli.member(["import", str(file)]) == 1
    first, second, *wrong, again = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first | {"member": 0} == {"core_customer": "c-1", "member": 0, "new": True}
    assert second["new"] and again == first | {"new": False}
    assert wrong == [
        {"error": "since cannot be used", "line": 5},
        {"error": "as many fields as columns are wanted", "line": 6},
    ]
    assert Member.objects.count() == 2


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("given_name,family_name\nA,B\n", "missing: core_customer, since"),
        ("core_customer,given_name,family_name,since,pin\n", "no such columns: pin"),
        ("", "missing: core_customer"),
        ('core_customer,given_name,family_name,since\n"c', "cannot be read"),
    ],
)
@pytest.mark.django_db
def test_a_table_that_is_none_is_wrong_use(
    table: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(table))
    assert cli.member(["import", "-"]) == 2
    assert said in capsys.readouterr().err
    assert not Member.objects.exists()


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.member(["import", str(tmp_path / "nothing.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
