"""The questions of an application, one form each, and the one that looks an application up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cardline.applications.rules import is_old_enough, may_be_born_on, of_age_on
from cardline.issuer.profile import Consent
from cardline.kit.languages import locale_of
from cardline.kit.redact import clean, find, tidy
from cardline.kit.reference import BadReference, explain, parse_reference
from cardline.kit.safe_text import one_line

LONGEST_NAME = 80  # characters, as the card core takes it
# They turn the direction of whatever stands after them; a name needs none. Those that join letters may stay.
_STEERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DAY, _YEAR = re.compile("[0-9]{1,2}"), re.compile("[0-9]{4}")


class NameField(forms.CharField):
    """A name in any script, on one line. Its value is `Clean`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=LONGEST_NAME, **more)
        self.error_messages["max_length"] = gettext_lazy("A name can have at most 80 characters. Shorten it.")

    def to_python(self, value: Any) -> str:
        return " ".join(_STEERS.sub("", one_line(tidy(str(value or "")))).split())

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if find(typed):
            raise forms.ValidationError(
                _("This looks like a card number. Write your name; nobody needs the number here."), "number"
            )
        if typed and not any(sign.isalpha() for sign in typed):
            raise forms.ValidationError(_("Write the name with its letters."), "letters")
        return clean(typed)


class NameForm(forms.Form):
    given_name = NameField(
        label=gettext_lazy("Given name"),
        required=False,
        help_text=gettext_lazy("Leave it empty if you have only one name."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = NameField(
        label=gettext_lazy("Family name"),
        error_messages={"required": gettext_lazy("Write your name as it stands on your papers.")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


class BirthForm(forms.Form):
    """A day of birth in three plain fields. Once it is valid, `born` is the day.

    Each field may be left empty as far as Django knows: what is missing is said once, for the three together.
    """

    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    day = forms.CharField(label=gettext_lazy("Day"), required=False)
    year = forms.CharField(label=gettext_lazy("Year"), required=False)

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        self.born: date | None = None
        names = locale_of(get_language() or "en").months["stand-alone"]["wide"]
        choices = [("", "—"), *((str(number), names[number]) for number in range(1, 13))]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
        for name, length in (("day", 2), ("year", 4)):
            hints = {"inputmode": "numeric", "size": str(length)}
            self.fields[name].widget.attrs.update(hints)
        for name in ("month", "day", "year"):
            self.fields[name].widget.attrs["autocomplete"] = f"bday-{name}"

    @property
    def birth_errors(self) -> list[str]:
        """What is wrong with the three fields together."""
        return [str(error) for name in ("month", "day", "year") for error in self.errors.get(name, ())]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.birth_errors:
            problem, name = self._read(found)
            if problem:
                self.add_error(name, problem)
        return found

    def _read(self, found: dict[str, Any]) -> tuple[str, str]:
        """Sets `born`, or says what is wrong and in which field."""
        month, day, year = (str(found.get(name, "")).strip() for name in ("month", "day", "year"))
        for name, typed in (("month", month), ("day", day), ("year", year)):
            if not typed:
                return _("Give month, day and year of your birth."), name
        if not _DAY.fullmatch(day):
            return _("Write the day as a number, like 17."), "day"
        if not _YEAR.fullmatch(year):
            return _("Write the year with four digits, like 1990."), "year"
        try:
            born = date(int(year), int(month), int(day))
        except ValueError:
            return _("There is no such day. Check day and month."), "day"
        if not may_be_born_on(born, self.today):
            return _("Nobody can be born on that day. Check the year."), "year"
        self.born = born
        return "", ""


class ApplicantBirthForm(BirthForm):
    """The same of somebody who applies. say_day: how a day is said."""

    def __init__(self, *args: Any, least_age: int, say_day: Callable[[date], str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.least_age, self.say_day = least_age, say_day

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if self.born and not is_old_enough(self.born, self.least_age, self.today):
            said = {"age": self.least_age, "day": self.say_day(of_age_on(self.born, self.least_age))}
            words = _("You can apply once you are %(age)s, on %(day)s. We look forward to it.") % said
            self.add_error("year", words)
        return found


class ConsentForm(forms.Form):
    """One box for each line; all are needed."""

    def __init__(self, data: Any, consents: Iterable[Consent], language: str) -> None:
        super().__init__(data, use_required_attribute=False)
        for consent in consents:
            line = consent.text.in_(language)
            self.fields[f"agree_{consent.id}"] = forms.BooleanField(
                label=line,
                error_messages={"required": _("Tick this as well: %(line)s") % {"line": line}},
            )

    @property
    def agreed(self) -> str:
        """Ids of the lines that were ticked, with commas."""
        return ",".join(name.removeprefix("agree_") for name in self.fields if self.cleaned_data.get(name))


class StatusForm(BirthForm):
    """What shows where an application stands: its reference, and the day of birth of whoever applied."""

    reference = forms.CharField(
        label=gettext_lazy("Application reference"),
        help_text=gettext_lazy("7 letters and numbers, like 7K4-29QM."),
        error_messages={"required": gettext_lazy("Write the reference that stands on your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    field_order = ("reference", "month", "day", "year")

    def clean_reference(self) -> str:
        try:
            return parse_reference(self.cleaned_data["reference"])
        except BadReference as problem:
            raise forms.ValidationError(explain(problem.kind, get_language() or "en")) from problem
