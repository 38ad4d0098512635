"""The form that records an authority, read and checked; what is wrong stands beside its field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from cardline.desk.promise_forms import read_due
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed
from cardline.kit.row_numbers import row_number
from cardline.members.authorities.commands import Paper
from cardline.members.authorities.table import AuthorityKind

FIELDS = ("kind", "number", "name", "since", "until", "paper", "names", "file", "instead_of")


@dataclass(slots=True)
class AuthorityForm:
    """What was typed, as it was typed, and what is wrong with it, by field."""

    typed: dict[str, str] = field(default_factory=dict)
    scopes: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def read(posted: QueryDict) -> tuple[AuthorityForm, dict[str, Any] | None]:
    """The form as it was typed, and the arguments of record_authority; None when a field cannot be read."""
    typed = {name: posted.get(name, "").strip() for name in FIELDS}
    form = AuthorityForm(typed, posted.getlist("scopes"))
    if typed["kind"] not in set(AuthorityKind):
        form.errors["kind"] = gettext("Choose as what they act.")
    times = {name: read_due(typed[name]) if typed[name] else None for name in ("since", "until")}
    for name, at in times.items():
        if typed[name] and at is None:
            form.errors[name] = gettext("Choose a day and a time.")
    if form.errors:
        return form, None
    return form, {
        "number": typed["number"],
        "name": clean(typed["name"]),
        "kind": AuthorityKind(typed["kind"]),
        "scopes": form.scopes,
        "paper": paper_of(posted),
        "instead_of": row_number(typed["instead_of"]),
        **times,
    }


def paper_of(posted: QueryDict) -> Paper | None:
    """The document a form names; None where it names none."""
    words, names, file = (posted.get(name, "").strip() for name in ("paper", "names", "file"))
    if not (words or names or file):
        return None
    return Paper(clean(names), clean(words), row_number(file) or None)


def put_beside_its_field(form: AuthorityForm, refusal: Malformed) -> AuthorityForm:
    """Show a command's no where it can be mended. Raises the refusal again when it is about no field."""
    if refusal.field not in (*FIELDS, "scopes"):
        raise refusal
    form.errors[refusal.field] = str(refusal)
    return form
