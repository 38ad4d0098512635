"""What set-up makes from the tree: the cut font, the compiled messages, the collected static files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cardline.config.cli import parser


def prepare(arguments: Sequence[str]) -> int:
    """Safe to run twice; what is there already is made again quickly."""
    parser("prepare", prepare.__doc__ or "").parse_args(list(arguments))
    import django

    (Path(__file__).resolve().parents[2] / "var" / "made").mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from cardline.config.messages import catalogues, compile_messages
    from cardline.ui.assets import cut_font

    cut_font(settings.ROOT / "var" / "made" / "fonts")
    print(f"messages: {sum(map(compile_messages, catalogues()))} compiled", file=sys.stderr)
    settings.STORAGES["staticfiles"]["BACKEND"] = "cardline.ui.storage.HashedStaticFiles"
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    print("static files: collected", file=sys.stderr)
    return 0
