"""What a member can say on their profile. Each form begins with what we hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cardline.kit.redact import Clean, clean
from cardline.members.models import AccessNeeds, Member
from cardline.members.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TONGUE,
    ZONES,
    AccessNeed,
    can_be_called,
    hides_something,
    tidy_name,
)
from cardline.members.words import TO_TICK
from cardline.selfservice.profile.words import place_of, zone_choices


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Preferred name"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NAME, "autocomplete": "nickname", "dir": "auto"}),
    )

    def __init__(self, member: Member, data: Any = None) -> None:
        super().__init__(data, initial={"name": member.preferred_name})

    def clean_name(self) -> Clean:
        typed: str = self.cleaned_data["name"]
        if hides_something(typed):
            # What it was stands nowhere again, not in the field either.
            self.data = {**self.data, "name": clean(typed)}
            raise forms.ValidationError(
                _("That looks like a card number or a code, and we did not keep it. Write a name instead.")
            )
        name = tidy_name(typed)
        if name and not can_be_called(name):
            raise forms.ValidationError(
                _("Write the name as we should say it: letters of any script, at most 80 of them.")
            )
        return clean(name)


class ZoneForm(forms.Form):
    zone = forms.ChoiceField(label=_("Your time zone"))

    def __init__(self, member: Member, data: Any = None) -> None:
        super().__init__(data, initial={"zone": member.zone})
        language = get_language() or "en"
        known: list[Any] = list(zone_choices(language))
        if member.zone not in ZONES:  # as we heard it from elsewhere: stays until they choose another
            known.insert(0, (member.zone, place_of(member.zone, language)))
        self.fields["zone"] = forms.ChoiceField(
            label=_("Your time zone"),
            choices=known,
            error_messages={"invalid_choice": _("Choose one of the time zones in the list.")},
        )


class AccessForm(forms.Form):
    needs = forms.MultipleChoiceField(
        label=_("What should we mind?"),
        required=False,
        choices=list(TO_TICK.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Tick only what is in the list.")},
    )
    interpreter = forms.CharField(
        label=_("Interpreter for which language"),
        required=False,
        max_length=LONGEST_TONGUE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Anything else, in a line"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, told: AccessNeeds | None, data: Any = None) -> None:
        self.told = told
        said = {"needs": told.needs, "interpreter": told.interpreter, "note": told.note} if told else {}
        super().__init__(data, initial=said)

    def clean_interpreter(self) -> Clean:
        return clean(tidy_name(self.cleaned_data["interpreter"]))

    def clean_note(self) -> Clean:
        return clean(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        """A language alone asks for an interpreter, too; an interpreter of no language cannot be found."""
        said = self.cleaned_data
        needs = said.get("needs", [])
        if said.get("interpreter") and AccessNeed.INTERPRETER not in needs:
            said["needs"] = [*needs, AccessNeed.INTERPRETER.value]
        if AccessNeed.INTERPRETER in needs and said.get("interpreter") == "":
            self.add_error("interpreter", _("Write the language the interpreter should speak."))
        return said
