"""No table, form, API field or event could hold a card number, a code or a PIN (SR-1); a card is its last four."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.forms import BaseForm
from django.test import Client

FORBIDDEN = re.compile(
    r"(^|_)(pan|card_?number|cvv|cvc|cid|csc|security_?code|pin|pin_?code|track_?[12]?|passwords?|one_?time_?code|otp)($|_)"
)
# What holds something else under such a name, with the reason.
ALLOWED = {
    ("identity.user", "password"): "a hash, never the password",
}


def test_the_pattern_knows_what_it_looks_for() -> None:
    for name in (
        "pan",
        "card_number",
        "cardnumber",
        "cvv",
        "the_cvv",
        "security_code",
        "pin",
        "old_password",
        "track_2",
    ):
        assert FORBIDDEN.search(name), name
    for name in ("card", "last4", "company", "span", "opinion", "pinned", "tracking", "card_type"):
        assert not FORBIDDEN.search(name), name


def test_no_column_could_hold_it() -> None:
    found = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if FORBIDDEN.search(field.name)
    }
    assert found <= set(ALLOWED), found - set(ALLOWED)


def test_no_form_of_ours_asks_for_it() -> None:
    def all_forms(base: type) -> list[type]:
        return [form for sub in base.__subclasses__() for form in [sub, *all_forms(sub)]]

    import cardline.config.urls  # noqa: F401 - loads every page with its forms

    ours = [form for form in all_forms(BaseForm) if form.__module__.startswith("cardline.")]
    asked = [
        (form.__module__, name)
        for form in ours
        for name in getattr(form, "base_fields", {})
        if FORBIDDEN.search(name) and not form.__module__.startswith("cardline.staff.")
    ]
    # Signing in, where an issuer lets members have a password: it is kept as a hash alone.
    assert set(asked) == {("cardline.selfservice.signing_in.forms", "password")}


@pytest.mark.django_db
def test_no_field_of_the_api_could_hold_it() -> None:
    schema = json.loads(Client().get("/api/v1/openapi.json").content)

    def names(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = list(part.get("properties", {})) + [
                p["name"] for p in part.get("parameters", []) if "name" in p
            ]
            return own + [name for value in part.values() for name in names(value)]
        return [name for value in part for name in names(value)] if isinstance(part, list) else []

    found = names(schema)
    assert "text" in found
    assert [name for name in found if FORBIDDEN.search(name.lower())] == []
