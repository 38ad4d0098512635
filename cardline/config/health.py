"""/healthz, /readyz and /metrics: is it moving, can it write, and the figures we watch (STYLE 15)."""

from __future__ import annotations

import time

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cardline.cards.models import FreezeWish
from cardline.config.background import Background
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.models import OutboxItem
from cardline.kit.probe import write_probe
from cardline.kit.writer import current_writer
from cardline.notify.queries import messages_parked
from cardline.promises.queries import figures

STUCK_AFTER_SECONDS = 60


def can_write() -> bool:
    """Ready means able to write: the smallest command goes the way of every other (through the writer, on SQLite)."""
    writer = current_writer()
    if connection.vendor == "sqlite" and writer is not None and not writer.is_alive():
        return False
    try:
        write_probe(by=SYSTEM, now=clock.now())
    except Exception:  # noqa: BLE001 - whatever it is, it cannot write
        return False
    return True


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while sweeps and outbox move; 503 with what is stuck otherwise."""
    problems = []
    background = Background.current
    if background is not None and time.monotonic() - background.last_round > STUCK_AFTER_SECONDS:
        problems.append("sweeps")
    writer = current_writer()
    if writer is not None and not writer.is_alive():
        problems.append("writer")
    if OutboxItem.objects.filter(parked_at__isnull=False).exists():
        problems.append("outbox has parked work")
    if messages_parked():
        problems.append("messages given up on")
    if FreezeWish.objects.filter(settled_at=None, called_at__isnull=False).exists():
        problems.append("freezes not confirmed")
    return JsonResponse({"ok": not problems, "stuck": problems}, status=503 if problems else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The same numbers as the wallboard, in the text format scrapers read."""
    kept = figures()
    writer = current_writer()
    lines = [
        _gauge("cardline_promises_open", "promises that are open", kept.open),
        _gauge("cardline_promises_late", "promises missed and not done yet", kept.late),
        _gauge("cardline_promises_kept_total", "promises kept in time", kept.kept),
        _gauge("cardline_promises_missed_total", "promises missed, done later or not", kept.missed),
        _gauge("cardline_outbox_waiting", "outside work not done yet", _waiting()),
        _gauge("cardline_outbox_parked", "outside work given up on", _parked()),
        _gauge("cardline_messages_parked", "messages to members given up on", messages_parked()),
        _gauge("cardline_freezes_waiting", "freezes the card core has not confirmed", _freezes_waiting()),
    ]
    if writer is not None:
        lines += [
            _gauge("cardline_writer_jobs_total", "commands run by the writer", writer.stats.jobs),
            _gauge("cardline_writer_commits_total", "commits they shared", writer.stats.batches),
            _gauge(
                "cardline_writer_failed_commits_total", "batches that failed", writer.stats.failed_commits
            ),
            _gauge("cardline_writer_slow_total", "commands over 10 ms", writer.stats.slow),
        ]
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4; charset=utf-8")


def _gauge(name: str, help_text: str, value: float) -> str:
    kind = "counter" if name.endswith("_total") else "gauge"
    return f"# HELP {name} {help_text}\n# TYPE {name} {kind}\n{name} {value}\n"


def _waiting() -> int:
    return OutboxItem.objects.filter(done_at=None, parked_at=None)[:10_000].count()


def _parked() -> int:
    return OutboxItem.objects.filter(parked_at__isnull=False)[:10_000].count()


def _freezes_waiting() -> int:
    return FreezeWish.objects.filter(settled_at=None)[:10_000].count()
