"""What cases and promises about contact data are called, kept in the row in the member's language."""

from __future__ import annotations

from collections.abc import Mapping

from cardline.kit.redact import Clean, clean
from cardline.members.models import ContactChange, Member

Kind, Why = ContactChange.Kind, ContactChange.Why
Words = Mapping[str, str]

CASES: Mapping[str, Words] = {
    Kind.PHONE: {"en": "A change of your phone number", "es": "Un cambio de su teléfono"},
    Kind.EMAIL: {"en": "A change of your email address", "es": "Un cambio de su correo"},
    Kind.POST: {"en": "A change of your postal address", "es": "Un cambio de su dirección postal"},
    Kind.NAME: {"en": "A change of your legal name", "es": "Un cambio de su nombre legal"},
}
NOT_ME: Words = {
    "en": "Somebody changed your details, and it was not you",
    "es": "Alguien cambió sus datos, y no fue usted",
}
SAFE: Words = {"en": "How we may reach you", "es": "Cómo podemos localizarle"}

# They complete "We will …".
PROMISES: Mapping[str, Words] = {
    Why.DELAY: {
        "en": "Make the change you asked for, unless somebody says it was not you",
        "es": "Hacer el cambio que pidió, salvo que alguien diga que no fue usted",
    },
    Why.PAPER: {
        "en": "Check your document and tell you whether we make the change",
        "es": "Revisar su documento y decirle si hacemos el cambio",
    },
    Why.CARD: {
        "en": "Make sure that the change is yours, because you just asked for a card, and then make it",
        "es": "Asegurarnos de que el cambio es suyo, porque acaba de pedir una tarjeta, y hacerlo",
    },
    Why.DOUBT: {
        "en": "Find out who made the last change, and then make this one",
        "es": "Averiguar quién hizo el último cambio, y después hacer este",
    },
}
CHECK_WITH_YOU: Words = {
    "en": "Check with you who changed your details, and set them right",
    "es": "Comprobar con usted quién cambió sus datos y dejarlos bien",
}
FREEZE_AND_CHECK: Words = {
    "en": "Freeze your cards as soon as the card system answers, check with you who changed your details, and set them "
    "right",
    "es": "Congelar sus tarjetas en cuanto responda el sistema, comprobar con usted quién cambió sus datos y dejarlos "
    "bien",
}


def in_their_language(words: Words, member: Member) -> Clean:
    return clean(words.get(member.language, words["en"]))
