"""`cardline clock`: a row in, a row out, whatever is in it; and one date in words."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardline.clocks.rules import rule_ids
from cardline.config.clock import COLUMNS, REFUSED, clock, computed

HEAD = "id,rule,calendar,issuer_tz,start,start_local_date,params\n"
GOOD = "G,z.acknowledge,us-federal,America/New_York,2026-03-02,2026-03-02,{}\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def on(text: str | bytes) -> tuple[int, list[list[str]], str]:
        file = tmp_path / "rows.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = clock(["compute", "--csv", str(file)])
        said = capsys.readouterr()
        return code, list(csv.reader(io.StringIO(said.out))), said.err

    return on


def test_dates_come_back_in_the_order_of_the_rows(run) -> None:  # type: ignore[no-untyped-def]
    closings = '"{""closings"":[""2026-05-20"",""2026-06-20"",""2026-07-20"",""2026-08-20""]}"'
    code, rows, _ = run(
        HEAD
        + GOOD
        + f"C,z.resolve,us-federal,America/New_York,2026-05-25T23:30:00-04:00,,{closings}\n"
        + "M,e.loss_report_50,us-federal,America/New_York,2026-02-14T01:00:00Z,,\n"
    )
    assert code == 0
    assert rows == [
        ["id", "due_date", "act_by", "error"],
        ["G", "2026-04-01", "2026-04-01", ""],
        ["C", "2026-08-20", "2026-08-20", ""],
        ["M", "2026-02-18", "", ""],  # Friday the 13th in New York; a member's window
    ]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("X,z.nothing,us-federal,America/New_York,2026-03-02,,{}", "unknown rule"),
        ("X,z.acknowledge,us-lunar,America/New_York,2026-03-02,,{}", "unknown calendar"),
        ("X,z.acknowledge,us-federal,Mars/Olympus,2026-03-02,,{}", "unknown time zone"),
        ("X,z.acknowledge,us-federal,../../etc/passwd,2026-03-02,,{}", "unknown time zone"),
        ("X,z.acknowledge,us-federal,America/New_York,2026-02-30,,{}", "no date and no instant"),
        ("X,z.acknowledge,us-federal,America/New_York,2026-03-02T20:15:00,,{}", "offset"),
        ("X,z.acknowledge,us-federal,America/New_York,,,{}", "start is missing"),
        ("X,z.acknowledge,us-federal,America/New_York,2026-03-02,,[]", "object"),
        ("X,z.acknowledge,us-federal,America/New_York,2026-03-02,,{", "no JSON"),
        ("X,z.acknowledge,us-federal,America/New_York,9999-12-30,,{}", "outside the calendar"),
        ("X,z.pay_disputed_by,us-federal,America/New_York,2026-03-02,,{}", "payment_period_days"),
        ("X,uk.unauth_notice_max,us-federal,America/New_York,9999-03-02,,{}", "outside the calendar"),
        ("X,z.acknowledge,us-federal,America/New_York,0001-01-01T00:00:00Z,,{}", "outside the calendar"),
        ("X,z.acknowledge,us-federal,America/New_York,9999-12-31T23:59:59-14:00,,{}", "outside the calendar"),
        ("X,z.acknowledge,us-federal,America/New_York,2026-03-02T24:00:00Z,,{}", "no date and no instant"),
        ("X,e.stop_payment,us-federal,America/New_York,2024-01-02,,{}", "covers 2024 to 2035"),
        ("X,z.acknowledge,us-federal", "is missing"),
        ("X", "rule is missing"),
        ('X,"z.acknowledge,us-federal,America/New_York,2026-03-02,,{}', "cannot be read"),
        ('X,z.resolve,us-federal,America/New_York,2026-03-02,,"{"closings":[]}"', "cannot be read"),
        (
            'X,z.pay_disputed_by,us-federal,America/New_York,2026-03-02,,"{""payment_period_days"":1e400}"',
            "number of days",
        ),
        (
            f'X,z.pay_disputed_by,us-federal,America/New_York,2026-03-02,,"{{""payment_period_days"":{"9" * 4000}}}"',
            "number of days",
        ),
        ("X,z.acknowledge,us-federal,America/New_York,2026-03-02,,{},more,and more", "more columns"),
        ("X,z.acknowledge,us-federal,America/New_York,2026-03-02,,\x00", "no JSON"),
    ],
)
def test_a_row_that_cannot_be_told_says_why_and_the_run_goes_on(run, row: str, word: str) -> None:  # type: ignore[no-untyped-def]
    code, rows, _ = run(HEAD + row + "\n" + GOOD)
    assert code == 1 and len(rows) == 3
    assert rows[1][:3] == ["X", "", ""] and word in rows[1][3]
    assert rows[2] == ["G", "2026-04-01", "2026-04-01", ""]


def test_a_file_as_a_spreadsheet_writes_it(run) -> None:  # type: ignore[no-untyped-def]
    """A mark at the beginning, lines that end in CR LF, columns in another order and some besides, an empty end."""
    code, rows, _ = run(
        b"\xef\xbb\xbfwhy, rule,id,issuer_tz,calendar,start,params\r\n"
        b'"because, as was said",z.acknowledge,\xc3\xa9 1,America/New_York,us-federal,2026-03-02,'
        b'"{""foreign"":true}"\r\n'
        b"\r\n\r\n"
    )
    assert code == 0 and rows[1:] == [["é 1", "2026-04-01", "2026-04-01", ""]]


def test_as_many_lines_out_as_in(run) -> None:  # type: ignore[no-untyped-def]
    """An empty line between rows keeps its place; a quote that is never closed takes no other row along."""
    code, rows, _ = run(HEAD + GOOD + "\n" + 'X,"z.ack\n' + GOOD + "\n\n")
    assert code == 1
    assert [row[:2] for row in rows[1:]] == [["G", "2026-04-01"], ["", ""], ["X", ""], ["G", "2026-04-01"]]
    assert rows[2][3] == "rule is missing"


def test_a_reason_is_no_longer_than_a_line_of_a_log(run) -> None:  # type: ignore[no-untyped-def]
    _, rows, _ = run(HEAD + f"X,{'z' * 100_000},us-federal,America/New_York,2026-03-02,,{{}}\n")
    assert "unknown rule" in rows[1][3] and len(rows[1][3]) == 300


def test_each_answer_leaves_before_the_next_question_comes() -> None:
    """Piped in line by line, in a locale that knows ASCII alone."""
    words = [sys.executable, "-m", "cardline.config.cli", "clock", "compute", "--csv", "-"]
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=plain) as run:
        assert run.stdin is not None and run.stdout is not None
        run.stdin.write(HEAD.encode())
        run.stdin.flush()
        assert run.stdout.readline() == b"id,due_date,act_by,error\n"
        for name in ("é", "\U0001f600"):
            run.stdin.write(GOOD.replace("G,", f"{name},").encode())
            run.stdin.flush()
            assert run.stdout.readline().decode() == f"{name},2026-04-01,2026-04-01,\n"
        run.stdin.close()
    assert run.returncode == 0


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40), max_size=8
    ),
    st.sampled_from(rule_ids()),
    st.sampled_from(["2026-03-02", "2026-03-02T01:15:00Z"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["closings", "payment_period_days", "foreign", "x"]), inner, max_size=3
            )
        ),
        max_leaves=6,
    ),
)
@settings(max_examples=200, deadline=None)
def test_no_row_whatever_is_in_it_ends_the_run(
    cells: list[str], rule: str, start: str, params: object
) -> None:
    """What it raises is one of those that become a row's error."""
    columns = ["id", *COLUMNS]
    told = dict(zip(columns, cells, strict=False))
    for row in (
        told,
        {"id": "1", "rule": rule, "calendar": "ca", "issuer_tz": "Asia/Kolkata", "start": start}
        | {"params": json.dumps(params)},
        {"id": "1", "rule": rule, "calendar": "ca", "issuer_tz": "Asia/Kolkata", "start": "".join(cells)},
    ):
        try:
            computed(row)
        except REFUSED:
            continue


def test_a_file_that_is_a_folder_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(["compute", "--csv", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_bytes_that_are_no_text_harm_their_row_alone(run) -> None:  # type: ignore[no-untyped-def]
    code, rows, _ = run(
        HEAD.encode() + b"X,z.ackno\xff,us-federal,America/New_York,2026-03-02,,{}\n" + GOOD.encode()
    )
    assert code == 1 and rows[1][0] == "X" and rows[2][1] == "2026-04-01"


def test_a_field_longer_than_any_account_is_refused_and_the_run_goes_on(run) -> None:  # type: ignore[no-untyped-def]
    long = "9" * (1 << 21)
    code, rows, _ = run(HEAD + f"X,z.acknowledge,us-federal,America/New_York,2026-03-02,,{long}\n" + GOOD)
    assert code == 1 and "cannot be read" in rows[1][3] and rows[-1][1] == "2026-04-01"


@pytest.mark.parametrize("text", ["", "id,rule\n", GOOD])
def test_a_file_without_the_columns_is_wrong_use(run, text: str) -> None:  # type: ignore[no-untyped-def]
    code, rows, said = run(text)
    assert code == 2 and rows == [] and "lacks" in said


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(["compute", "--csv", str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_one_date_is_told_in_steps(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", "z.pay_disputed_by", "--start", "2026-11-16", "--param", "payment_period_days=25"]
    assert clock([*words, "--calendar", "us-federal", "--tz", "America/New_York"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("1. z.pay_disputed_by: The member may pay")
    assert "It does not end before Fri 2026-12-11, payment_period_days after the start." in said
    assert "2026-12-12 00:00:00 EST  breached  due" in said


def test_without_a_calendar_it_is_the_issuers(capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(["explain", "e.correct", "--start", "2026-07-02"]) == 0
    assert "Due Mon 2026-07-06, until 23:59:59 in America/New_York" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "z.nothing", "--start", "2026-03-02"],
        ["explain", "z.acknowledge", "--start", "yesterday"],
        ["explain", "z.acknowledge", "--start", "2026-03-02", "--param", "foreign"],
        ["explain", "z.acknowledge", "--start", "2026-03-02", "--param", "foreign=perhaps"],
        ["explain", "z.resolve", "--start", "2026-03-02"],
    ],
)
def test_wrong_use_of_explain_says_what_is_wrong(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert clock(words) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("cardline: ") and said.err.count("\n") == 1


def test_the_rules_are_listed_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 40 and all("(" in line for line in lines)
