"""Dates that matter: calendars, business days, the ends of local days, and the legal clocks that are counted with them
(pure; no database, no settings).

`rules.toml` says what the law says; `compute` turns a rule and a start into a date, `signals` into the moments at which
it warns, `explain` into steps a person can check.
"""
