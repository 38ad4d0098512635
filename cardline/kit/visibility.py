"""What an actor may see. Every query for member-owned data starts at `visible` (SR-20); a lint test refuses others.

Each app declares the rule of its models once; "not yours" then looks like "not there" by itself (SR-22).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from cardline.kit.actors import Actor

M = TypeVar("M", bound=Model)
Rule = Callable[[Actor], Q | None]

_rules: dict[type[Model], Rule] = {}
_without_sight: set[type[Model]] = set()

NOTHING: Q | None = None


def sees(model: type[Model], *, without_sight: bool = False) -> Callable[[Rule], Rule]:
    """Declare who sees which rows of a model: a Q, or NOTHING.

    without_sight: the rule itself says what somebody sees who acts for a member without being allowed to see what is
    theirs; of all other models they see nothing.
    """

    def declare(rule: Rule) -> Rule:
        _rules[model] = rule
        if without_sight:
            _without_sight.add(model)
        return rule

    return declare


def visible(model: type[M], actor: Actor) -> QuerySet[M]:
    """The rows of `model` this actor may see. A model without a rule is a mistake and raises KeyError."""
    declared = _rules[model]
    rule = declared(actor) if actor.may_see or model in _without_sight else NOTHING
    rows: QuerySet[M] = model._default_manager.all()
    return rows.none() if rule is None else rows.filter(rule)


def is_governed(model: type[Model]) -> bool:
    return model in _rules
