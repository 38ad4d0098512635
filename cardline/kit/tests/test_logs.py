from __future__ import annotations

import json
import logging

from cardline.kit.logs import LineFormatter, request_id


def line(message: str, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("cardline.test", logging.INFO, __file__, 1, message, None, None)
    for name, value in extra.items():
        setattr(record, name, value)
    written = LineFormatter().format(record)
    assert "\n" not in written
    found: dict[str, object] = json.loads(written)
    return found


def test_card_numbers_do_not_reach_the_log_in_any_field() -> None:  # SR-13
    written = json.dumps(
        line(
            "paid with 378282246310005",
            said="4242 4242 4242 4242",
            number=4242424242424242,
            data={"pan": "5555555555554444"},
        )
    )
    for number in ("378282246310005", "4242 4242 4242 4242", "4242424242424242", "5555555555554444"):
        assert number not in written


def test_a_line_break_stays_inside_its_line() -> None:  # SR-48
    assert line("one\r\ntwo")["event"] == "one\ntwo"


def test_the_request_and_plain_fields_are_kept_as_they_are() -> None:
    token = request_id.set("abc123")
    try:
        found = line("promise.missed", promise=12, ok=True, ms=1.5, request=object())
    finally:
        request_id.reset(token)
    assert (found["request"], found["promise"], found["ok"], found["ms"]) == ("abc123", 12, True, 1.5)
