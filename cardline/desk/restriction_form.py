"""The form that places a restriction, read and checked; what is wrong stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from cardline.clocks.local import local_date
from cardline.desk.promise_forms import read_due
from cardline.issuer.profile import current_profile
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotThere
from cardline.members.restrictions.commands import Source, Speaker
from cardline.members.restrictions.table import TABLE, RestrictionKind

REPRESENTATIVE = ("representative", "firm", "address", "phone")
FIELDS = ("kind", "account", "since", "until", "said_by", "document", "said_on", *REPRESENTATIVE, "why")


@dataclass(slots=True)
class RestrictionForm:
    """What was typed, as it was typed, and what is wrong with it, by field."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def blank(now: datetime) -> RestrictionForm:
    """As it opens: said today."""
    return RestrictionForm({"said_on": local_date(now, current_profile().zone).isoformat()})


def read(posted: Mapping[str, str]) -> tuple[RestrictionForm, dict[str, Any] | None]:
    """The form as it was typed, and the arguments of place_restriction; None when a field cannot be read."""
    typed = {name: posted.get(name, "").strip() for name in FIELDS}
    form = RestrictionForm(typed)
    if typed["kind"] not in set(RestrictionKind):
        form.errors["kind"] = gettext("Choose what kind of restriction it is.")
    said_on = _day(typed["said_on"])
    if said_on is None:
        form.errors["said_on"] = gettext("Choose the day of the source.")
    times = {name: read_due(typed[name]) if typed[name] else None for name in ("since", "until")}
    for name, at in times.items():
        if typed[name] and at is None:
            form.errors[name] = gettext("Choose a day and a time.")
    if form.errors or said_on is None:
        return form, None
    return form, {
        "kind": RestrictionKind(typed["kind"]),
        "account": typed["account"],
        "source": Source(clean(typed["said_by"]), clean(typed["document"]), said_on),
        "speaker": _speaker(typed),
        "why": clean(typed["why"]),
        **times,
    }


def put_beside_its_field(form: RestrictionForm, refusal: Malformed | NotThere) -> RestrictionForm:
    """Show a command's no where it can be mended. Raises the refusal again when it is about no field."""
    if isinstance(refusal, NotThere) and form.typed["account"]:
        form.errors["account"] = gettext("This account is not theirs. Choose one from the list.")
    elif isinstance(refusal, Malformed) and refusal.field in FIELDS:
        form.errors[refusal.field] = str(refusal)
    else:
        raise refusal
    return form


def with_representative() -> list[str]:
    """The kinds that may name a representative."""
    return [kind for kind in RestrictionKind if TABLE.kinds[kind].represented]


def _speaker(typed: Mapping[str, str]) -> Speaker | None:
    if not any(typed[name] for name in REPRESENTATIVE):
        return None
    return Speaker(*(clean(typed[name]) for name in REPRESENTATIVE))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
