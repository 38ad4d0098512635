"""How many points to use."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.core import RewardsOption
from cardline.rewards.rules import why_not
from cardline.selfservice.rewards.words import rule_words, why_words

# Points are whole, so that a group of three behind a point or a comma can be nothing else than thousands.
_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3}){0,3}")


class PointsField(forms.CharField):
    """A number of points as people type it ("5000", "5,000"). Its value is an int."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=True, max_length=20, widget=widget, **more)
        self.error_messages["required"] = _("Write how many points you want to use.")

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not _WHOLE.fullmatch(typed):
            raise forms.ValidationError(gettext("Write a whole number without a sign, like 5,000."))
        return int(re.sub("[., ]", "", typed))


class PointsForm(forms.Form):
    """held: what the account has, where the number is to be checked against it; None to read the number only, because
    what was sent may have been done already and the core alone knows.
    """

    points = PointsField(label=_("Number of points"))

    def __init__(self, typed: Any, option: RewardsOption | None, held: int | None, language: str) -> None:
        super().__init__(typed, auto_id="p-%s", use_required_attribute=False)
        self.option, self.held, self.language = option, held, language
        if option is not None:
            self.fields["points"].help_text = rule_words(option, language)

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if self.option is None or self.held is None:
            return points
        if why := why_not(self.option, points, self.held):
            raise forms.ValidationError(why_words(why, self.option, points, self.held, self.language))
        return points
