"""Keyword routes: what must never wait for a model. A lost card, a misused card, and the wish for a person.

They run before the model on the plain text of `text.plain` (lower case, no accents), in English and Spanish, and
stand aside when a sentence denies what it names ("I found my lost card", "my card was not stolen").
"""

from __future__ import annotations

import re
from typing import NamedTuple

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
    if _PERSON.fullmatch(plain_text):
        return Route(PERSON)
    if _FOUND.search(plain_text) and not _TO_THE_APP.search(plain_text):
        return Route(UNFREEZE)
    misused = _MISUSED.search(plain_text) and not _NOBODY.search(plain_text)
    lost = _LOST.search(plain_text) and not _NOT_LOST.search(plain_text)
    if misused or lost:
        spent = (CASH if _CASH.search(plain_text) else CHARGE,) if misused else ()
        return Route(REPORT if lost else COMPROMISED, also=spent)
    return None


def denied(plain_text: str) -> frozenset[str]:
    """Needs the text says it does not have: a model hears "stolen" in "not stolen" as well."""
    said = ((_DENIED_LOSS, REPORT), (_FOUND, REPORT), (_NOBODY, COMPROMISED))
    return frozenset(name for pattern, name in said if pattern.search(plain_text))


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}(?!\w)")


_MY_CARD = _any(
    r"(?:my|our|the|a) (?:\w+ ){0,2}cards?",
    r"my (?:\w+ )?(?:amex|visa|mastercard|plastic)",
    r"(?:mi|mis|la|una|nuestra) tarjetas?",
)
_MY_WALLET = _any(
    r"my (?:\w+ )?(?:wallet|purse|handbag|billfold|pocketbook)", r"(?:mi|la) (?:cartera|billetera|bolsa|bolso)"
)
_MY_THINGS = _any(_MY_CARD, _MY_WALLET)

# ---------------------------------------------------------------------------------------- lost or stolen

_GONE = _any("lost", "stolen", "misplaced", "missing", "gone missing", "snatched", "perdida", "robada", "extraviada", "hurtada")
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
        rf"{_MY_THINGS} (?:\w+ )?(?:is|was|got|has been|have been|were|are|been|went|must be|fue|esta) (?:\w+ )?{_GONE}",
        r"(?:lost|stolen|missing) (?:\w+ )?cards?",
        r"cards? (?:lost|stolen)",
        r"tarjetas? (?:perdida|robada|extraviada)s?",
        r"lost or stolen",
        r"(?:perdida o robo)",
    )
)
_DENIAL = (
    r"(?:not|never|isn'?t|wasn'?t|weren'?t|hasn'?t been|didn'?t|did not|don'?t think|no longer|no|nunca) (?:\w+ ){0,2}"
    rf"(?:{_GONE}|lose|loose|perdi|robaron)"
)
_DENIED_LOSS = _words(_DENIAL)
# Denied, supposed, in the post, inside a machine, or a thing that is not the card.
_NOT_LOST = _words(
    _any(
        _DENIAL,
        r"(?:phone|mobile|cell|telefono|celular|movil)",
        r"(?:atm|cash machine|machine|swallowed|ate|cajero)",
        r"(?:in the (?:mail|post)|arriv\w+|deliver\w+|lost in transit|still waiting|llegado|correo)",
        r"(?:found|encontre|aparecio)",
        r"(?:points|miles|puntos|pin|code|codigo|password|virtual|details|info|information|datos|card numbers?)",
        r"(?:how long|timeline|expected time|soon|when will|cost|costs|fee|charge for|cuanto tarda|cuanto cuesta)",
        r"(?:re-?link|ran across|turned up)",
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
_TO_THE_APP = _words(_any("apps?", "link", "linked", "account", "add", "put", "online", "track", "view", "vincular", "agregar"))

# ---------------------------------------------------------------------------------------- misused

_SOMEBODY = _any(
    r"(?:someone|somebody|some ?one else|anyone|another person|a (?:thief|stranger|hacker|scammer|crook)|thieves|hackers|"
    r"scammers|they|people)(?: else)?",
    r"(?:alguien|otra persona|un (?:ladron|desconocido|extrano)|unos? desconocidos?)",
)
_USES = _any(
    r"(?:used|uses|using|charged|cloned|copied|hacked|skimmed)",
    r"(?:has|have|had|got|gotten|obtained|knows) (?:hold of |access to )?",
    r"(?:bought|buying|buys|shopping|shops|paid|paying|spending|spent|purchased|withdrew|withdrawing)(?: \w+){0,4} (?:with|using|on|from)",
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
        r"(?:stole|took|stolen|robaron|robo) (?:my |mis |los |the )?(?:credit |debit )?(?:card )?(?:number|details|info|information|datos)",
        r"card (?:number|details|info|information) (?:was|were|has been|have been|got|is|are) (?:stolen|leaked|taken|exposed)",
        rf"{_SOMEBODY}(?: \w+){{0,3}} {_USES} ?{_CARD_OR_DATA}",
        rf"{_CARD_OR_DATA}(?: \w+){{0,2}} (?:is|was|got|has been|been|being|may have been|might have been|fue|esta|estan|ha sido)"
        r"(?: \w+)? (?:used by|hacked|cloned|skimmed|compromised|copied|clonada|hackeada|copiada|usada por)",
        r"(?:clonaron|hackearon|copiaron|usaron|estan usando|estan comprando con|compran con|usan) mi tarjeta",
        r"(?:cloned|hacked|skimmed|compromised) (?:my )?(?:\w+ )?card",
    )
)
_NOBODY = _words(
    _any(
        r"(?:nobody|no one|noone|nadie|hasn'?t been|was(?:n'?t| not)|not been|isn'?t|is not) (?:\w+ ){0,2}(?:used?|uso|using|"
        r"usado|hacked|cloned|skimmed|compromised)",
        r"how (?:can|could|do|would) (?:someone|somebody|anyone|people|they) (?:pay|transfer|send|use)",
        r"(?:can|could|may|let|allow|will) (?:someone|somebody|anyone)",
        r"(?:authorized|authorised|additional) (?:user|card)",
    )
)
_CASH = _words(_any("cash", "atm", "withdrew", "withdrawal", "withdrawing", "efectivo", "cajero", "retiro", "saco dinero"))

# ---------------------------------------------------------------------------------------- a person

_PERSON = re.compile(
    r"\W*(?:"
    r"0[0 ]*"
    + r"|(?:(?:please|hi|hello|just|ok|i (?:want|need|would like|wanna|just want)(?: to)?|i'?d like(?: to)?|can i|could i|may i|let me|"
    r"get me|give me|connect me(?: to| with)?|put me through to|transfer me to|speak|talk|chat|speaking|with|to|a|an|the|live|real|actual|human|"
    r"customer|service|now|immediately)[ ,]+)*"
    r"(?:agents?|representatives?|reps?|operator|human|human being|person|advisor|adviser|somebody|someone|live person|live agent)"
    r"(?:[ ,]+(?:please|now|immediately|right now))*"
    + r"|(?:(?:por favor|hola|quiero|necesito|quisiera|puedo|hablar|comuniqueme|paseme|con|un|una|el|la|de)[ ,]+)*"
    r"(?:agente|representante|operadora?|asesora?|persona|humano|ser humano|alguien|persona real|ejecutivo)(?:[ ,]+(?:por favor|ya|ahora))*"
    r")\W*"
)
