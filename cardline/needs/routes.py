"""Keyword routes: what must never wait for a model. A lost card, a misused card, and the wish for a person.

They run before the model on the plain text of `text.plain` (lower case, no accents), in English and Spanish, and
stand aside when a sentence denies what it names ("I found my lost card", "my card was not stolen").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cardline.needs.text import words_of

REPORT = "lost_stolen.report"
COMPROMISED = "lost_stolen.card_compromised"
UNFREEZE = "lost_stolen.unfreeze"
PERSON = "contact.human"
CHARGE = "dispute.unrecognised_charge"
CASH = "dispute.cash_withdrawal_unrecognised"


class Route(NamedTuple):
    """A need found by its words alone, and what it brings with it: misuse starts the dispute too (conflict C16)."""

    need: str
    also: tuple[str, ...] = ()


def route(plain_text: str) -> Route | None:
    """The need these words name without doubt; None leaves the sentence to the model."""
    if _asks_for_a_person(plain_text):
        return Route(PERSON)
    if _FOUND.search(plain_text) and not _TO_THE_APP.search(plain_text):
        return Route(UNFREEZE)
    lost, misused = _is_lost(plain_text), _is_misused(plain_text)
    if lost or misused:
        spent = (CASH if _CASH.search(plain_text) else CHARGE,) if misused else ()
        return Route(REPORT if lost else COMPROMISED, also=spent)
    return None


def denied(plain_text: str) -> frozenset[str]:
    """Needs the text says it does not have: a model hears "stolen" in "not stolen" as well."""
    names = set()
    if (_DENIED_LOSS.search(plain_text) or _FOUND.search(plain_text)) and not _is_lost(plain_text):
        names.add(REPORT)
    if _DENIED_MISUSE.search(plain_text) and not _is_misused(plain_text):
        names.add(COMPROMISED)
    return frozenset(names)


def _is_lost(plain_text: str) -> bool:
    """Denials are cut out first: "I'm not lost, but my card was stolen" is a stolen card."""
    said = _DENIED_LOSS.sub(" ", plain_text)
    return bool(_LOST.search(said)) and not _OTHER_LOSS.search(said)


def _is_misused(plain_text: str) -> bool:
    said = _DENIED_MISUSE.sub(" ", plain_text)
    return bool(_MISUSED.search(said)) and not _ALLOWED_USE.search(said)


def _asks_for_a_person(plain_text: str) -> bool:
    """Nothing but the wish for a person, or the key that everybody presses."""
    words = words_of(plain_text)
    if not words or len(words) > _LONGEST_WISH:
        return False
    return set(words) <= _WISH | _PERSON_WORDS and bool(
        _PERSON_WORDS & set(words) or set(plain_text) <= set("0 ")
    )


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}(?!\w)")


_MY_CARD = _any(
    r"(?:my|our|the|a) (?:\w+ ){0,2}cards?",
    r"my (?:\w+ )?(?:amex|visa|mastercard|plastic)",
    r"(?:mi|mis|la|una|nuestra) tarjetas?",
)
_MY_WALLET = _any(
    r"my (?:\w+ )?(?:wallet|purse|handbag|billfold|pocketbook)",
    r"(?:mi|la) (?:cartera|billetera|bolsa|bolso)",
)
_MY_THINGS = _any(_MY_CARD, _MY_WALLET)

# ---------------------------------------------------------------------------------------- lost or stolen

_GONE = _any(
    "lost",
    "stolen",
    "misplaced",
    "missing",
    "gone missing",
    "snatched",
    "perdida",
    "robada",
    "extraviada",
    "hurtada",
)
_LOSING = _any(
    r"(?:lost|misplaced)",
    r"(?:stole|took|snatched|grabbed|robo|se llevo)",
    r"(?:can'?t|cannot|can not|couldn'?t|could not|unable to) (?:seem to )?(?:find|locate)",
    r"do(?:n'?t| not) know where",
    r"(?:perdi|perdimos|extravie|se me (?:perdio|extravio|cayo)|no encuentro|no hallo)",
    r"(?:me|nos) (?:robaron|hurtaron|quitaron)",
)
_LOST = _words(
    _any(
        rf"{_LOSING} (?:both |all )?(?:of )?{_MY_THINGS}",
        rf"{_MY_THINGS} (?:\w+ ){{0,2}}(?:is|was|got|were|are|be|been|went|fue|esta) (?:\w+ )?{_GONE}",
        r"(?:lost|stolen|missing) (?:\w+ )?cards?",
        r"cards? (?:lost|stolen)",
        r"tarjetas? (?:perdida|robada|extraviada)s?",
        r"lost or stolen",
        r"(?:perdida o robo)",
    )
)
_DENIED_LOSS = _words(
    _any(
        rf"(?:not|never|isn'?t|wasn'?t|weren'?t|hasn'?t|no longer|no) (?:really |been |being |esta |fue )?{_GONE}",
        r"(?:didn'?t|did not|never) (?:lose|loose)",
        r"no (?:la |lo )?(?:he )?(?:perdi|perdido)",
        r"no me (?:la )?(?:han )?(?:robaron|robado)",
    )
)
# In the post, inside a machine, only asked about, or a thing that is not the card.
_OTHER_LOSS = _words(
    _any(
        r"(?:phone|mobile|cell|telefono|celular|movil)",
        r"(?:atm|cash machine|machine|swallowed|ate|cajero)",
        r"(?:in the (?:mail|post)|arriv\w+|deliver\w+|lost in transit|still waiting|llegado|correo)",
        r"(?:points|miles|puntos|pin|code|codigo|password|virtual|details|info|information|datos|card numbers?)",
        r"(?:how long|timeline|expected time|soon|when will|cost|costs|fee|charge for|cuanto tarda|cuanto cuesta)",
        r"(?:re-?link|ran across|turned up|found(?! out| that))",
    )
)

# ---------------------------------------------------------------------------------------- found again

_FOUND = _words(
    _any(
        rf"(?:found|located|recovered) {_MY_THINGS}(?! (?:being|been|was|is|has|number|details|on))",
        rf"{_MY_THINGS} (?:\w+ )?(?:turned up|showed up again|has been found|was found)",
        rf"(?:encontre|halle|recupere|aparecio) {_MY_THINGS}",
    )
)
# People who found a card to add to their account do not speak of a freeze.
_TO_THE_APP = _words(
    _any("apps?", "link", "linked", "account", "add", "put", "online", "track", "view", "vincular", "agregar")
)

# ---------------------------------------------------------------------------------------- misused

_SOMEBODY = _any(
    r"(?:someone|somebody|anyone|another person|a (?:thief|stranger|hacker|scammer|crook)|thieves|hackers|scammers|"
    r"they|people)(?: else)?",
    r"(?:alguien|otra persona|un (?:ladron|desconocido|extrano)|unos? desconocidos?)",
)
_USES = _any(
    r"(?:used|uses|using|charged|cloned|copied|hacked|skimmed)",
    r"(?:has|have|had|got|gotten|obtained|knows) (?:hold of |access to )?",
    r"(?:bought|buying|buys|shopping|shops|paid|paying|spending|spent|purchased|withdrew|withdrawing)"
    r"(?: \w+){0,4} (?:with|using|on|from)",
    r"(?:uso|usa|usaron|utilizo|esta usando|estan usando|usando|clono|hackeo|copio|tiene)",
    r"(?:compro|compra|comprando|pago|gasto|saco)(?: \w+){0,4} con",
)
_CARD_OR_DATA = _any(
    r"(?:my|our) (?:\w+ )?(?:card|amex|visa|mastercard)(?: (?:number|details|info|information|data))?",
    r"(?:the|los|las)? ?(?:number|details|info|datos|numero) (?:of|on|de) (?:my|mi) (?:card|tarjeta)",
    r"(?:mi|mis) tarjetas?",
)
_MISUSED = _words(
    _any(
        r"(?:stole|took|stolen|robaron|robo) (?:my |mis |los |the )?(?:credit |debit )?(?:card )?"
        r"(?:number|details|info|information|datos)",
        r"card (?:number|details|info|information) (?:was|were|has been|have been|got|is|are) "
        r"(?:stolen|leaked|taken|exposed)",
        rf"{_SOMEBODY}(?: [\w']+){{0,3}} {_USES} ?{_CARD_OR_DATA}",
        rf"{_CARD_OR_DATA}(?: \w+){{0,2}} (?:is|was|got|been|being|fue|esta|estan|ha sido)(?: \w+)? "
        r"(?:used by|hacked|cloned|skimmed|compromised|copied|clonada|hackeada|copiada|usada por)",
        r"(?:clonaron|hackearon|copiaron|usaron|estan usando|estan comprando con|compran con|usan) mi tarjeta",
        r"(?:cloned|hacked|skimmed|compromised) (?:my )?(?:\w+ )?card",
    )
)
_DENIED_MISUSE = _words(
    _any(
        r"(?:nobody|no one|noone|nadie) (?:else )?(?:\w+ )?(?:used?|using|uses|uso|usado|esta usando)",
        r"(?:hasn'?t|has not|wasn'?t|was not|not|never) (?:been )?(?:hacked|cloned|skimmed|compromised)",
    )
)
# Asking who may use the card, or how somebody can pay in.
_ALLOWED_USE = _words(
    _any(
        r"how (?:can|could|do|would) (?:someone|somebody|anyone|people|they) (?:pay|transfer|send|use)",
        r"(?:can|could|may|let|allow|will) (?:someone|somebody|anyone)(?: else)? (?:use|pay|have|top)",
        r"(?:authorized|authorised|additional) (?:user|card)",
    )
)
_CASH = _words(
    _any(
        "cash", "atm", "withdrew", "withdrawal", "withdrawing", "efectivo", "cajero", "retiro", "saco dinero"
    )
)

# ---------------------------------------------------------------------------------------- a person

_LONGEST_WISH = 15  # words
_PERSON_WORDS = _each(
    "agent agents representative representatives rep reps operator human person advisor adviser somebody someone "
    "agente representante operador operadora asesor asesora persona humano alguien ejecutivo"
)
_WISH = _each(
    "0 00 000 0000 please hi hello just ok i i'd id want need would like wanna to can could may let me get give "
    "connect put through transfer speak talk chat speaking with a an the live real actual being customer service "
    "now right immediately you por favor hola quiero necesito quisiera puedo hablar comuniqueme paseme pasame con "
    "un una el la de ser ya ahora"
)
