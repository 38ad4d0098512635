"""For commands of the command line that write before anything was ever served."""

from __future__ import annotations


def open_database() -> None:
    """Django is set up; the data folder and its tables are made where they lack."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False)
