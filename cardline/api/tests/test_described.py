"""docs/api.md says what there is."""

from __future__ import annotations

import re
from pathlib import Path

from cardline.api import problems
from cardline.api.openapi import PREFIX, operations, schema
from cardline.api.scopes import SCOPES
from cardline.kit import limits
from cardline.kit.refusals import Refusal

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()


def test_each_operation_has_its_line_with_its_scopes() -> None:
    told = re.findall(
        r"^\| `(GET|POST) (/\S+)` \| ([^|]+) \| (may be|required|refused) \|", PAGE, re.MULTILINE
    )
    found = []
    for (path, method), operation in sorted(operations().items()):
        header = [p for p in operation["parameters"] if p["name"] == "Cardline-On-Behalf-Of"]
        speaks = ("required" if header[0]["required"] else "may be") if header else "refused"
        scopes = " ".join(f"`{scope}`" for scope in operation["security"][0]["Bearer"])
        found.append((method.upper(), "/" + path.removeprefix(PREFIX), scopes, speaks))
    assert sorted(told) == sorted(found)


def test_each_scope_has_its_line() -> None:
    assert re.findall(r"^\| `([a-z_]+:[a-z]+)` \| [^|]+ \|$", PAGE, re.MULTILINE) == list(SCOPES)


def test_each_code_of_the_api_has_its_line() -> None:
    ours = {c.code for c in vars(problems).values() if isinstance(c, type) and issubclass(c, Refusal)}
    assert ours <= set(re.findall(r"`([a-z_]+)`", PAGE))


def test_the_limits_are_those_it_names() -> None:
    assert f"{limits.API_CALLS.most:,} calls a minute" in PAGE
    assert f"{limits.API_CALLS_IN_ALL.most:,} for all together" in PAGE


def test_the_schema_is_openapi_3_1_and_holds_no_internals() -> None:
    assert schema()["openapi"] == "3.1.0"
    assert "cardline." not in str(schema())
    assert all(
        operation["responses"].keys() >= {"401", "404", "422", "429", "503"}
        for operation in operations().values()
    )
