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

NOTHING: Q | None = None


def sees(model: type[Model]) -> Callable[[Rule], Rule]:
    """Declare who sees which rows of a model: a Q, or NOTHING."""

    def declare(rule: Rule) -> Rule:
        _rules[model] = rule
        return rule

    return declare


def visible(model: type[M], actor: Actor) -> QuerySet[M]:
    """The rows of `model` this actor may see. A model without a rule is a mistake and raises KeyError."""
    rule = _rules[model](actor)
    rows: QuerySet[M] = model._default_manager.all()
    return rows.none() if rule is None else rows.filter(rule)


def is_governed(model: type[Model]) -> bool:
    return model in _rules
