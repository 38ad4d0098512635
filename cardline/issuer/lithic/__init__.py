"""A card core at Lithic, spoken to over its public API. See docs/howto/connect-a-core.md for what maps to what.

Shapes and words are those of the API as its own Python package (lithic 0.133) writes them down. The package itself is
not used: it would bring 557 modules and five packages for the six addresses we ask.
"""
