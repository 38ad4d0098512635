"""Dates that matter: calendars, business days and the ends of local days (pure; no database, no settings).

The legal rules as data come to stand beside these files; they will use nothing but what is here.
"""
