from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """For a data- attribute, which a script reads; the policy allows none inside the page (SR-40)."""
    return json.dumps(value, cls=DjangoJSONEncoder)
