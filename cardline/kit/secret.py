"""What somebody typed that must reach another house and stay nowhere on the way: the number of a bank account."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


class Secret:
    """Words that no log, audit event, error or row shows.

    `reveal` is called where they leave us. As text it is a hash under the installation's key: a request that comes
    again is known by it (kit/commands.py), and nobody gets the words back out of it.
    """

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def reveal(self) -> str:
        return self._words

    def __str__(self) -> str:
        return salted_hmac("cardline.secret", self._words, algorithm="sha256").hexdigest()

    def __repr__(self) -> str:
        return "Secret(…)"
