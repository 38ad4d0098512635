"""Cardline: the customer service of a card issuer, as software."""

__version__ = "0.1.0"
