"""Starting processes: checks first, then one server or one worker."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import secrets
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from cardline.config.cli import parser
from cardline.demo.folder import demo_folder


def demo(arguments: Sequence[str]) -> int:
    """A filled world, marked as a demo, and the whole product in one process."""
    os.environ["CARDLINE_DEMO"] = "1"
    os.environ.setdefault("CARDLINE_LOG_LEVEL", "WARNING")
    os.environ["CARDLINE_DATA"] = str(demo_folder())
    options = _options("demo", arguments)
    return _run_server(options, role="serve", history=options.history)


def serve(arguments: Sequence[str]) -> int:
    """Everything in one process."""
    return _run_server(_options("serve", arguments), role="serve")


def web(arguments: Sequence[str]) -> int:
    """Pages and sockets, as many processes as needed. Sweeps run in `cardline worker`."""
    return _run_server(_options("web", arguments), role="web")


def worker(arguments: Sequence[str]) -> int:
    """Sweeps and outbox in a process of their own."""
    parser("worker", worker.__doc__ or "").parse_args(list(arguments))
    import django

    django.setup()
    from django.conf import settings

    from cardline.config.background import Background
    from cardline.config.file_lane import FileLane
    from cardline.config.lane import FreezeLane
    from cardline.kit import news

    _needs_shared_database("worker")
    if settings.CARDLINE_REDIS_URL:
        from cardline.live.redis import RedisPublisher

        news.use_publisher(RedisPublisher(settings.CARDLINE_REDIS_URL))
    background, lane, files = Background(), FreezeLane(), FileLane()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: background.stop_soon())
    print("cardline worker: sweeping", file=sys.stderr, flush=True)
    lane.start()
    files.start()
    background.run()
    lane.stop()
    files.stop()
    return 0


def _options(name: str, arguments: Sequence[str]) -> Any:
    options = parser(name, "Serve until stopped (Ctrl C).")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, help="default: CARDLINE_PORT, else 8000")
    if name == "demo":
        options.add_argument(
            "--history", type=int, default=24, choices=(0, 12, 24), help="months with statements; default: 24"
        )
    return options.parse_args(list(arguments))


def _run_server(options: Any, role: str, *, history: int | None = None) -> int:
    """history: fill the demo's world first, with so many months of it."""
    data = data_folder()
    make_secret_key(data)
    if options.port:
        os.environ["CARDLINE_PORT"] = str(options.port)  # links in mail lead here, too
    files_port = _open_files_port(options.host)
    import django

    django.setup()
    from django.conf import settings

    os.environ["CARDLINE_ROLE"] = role
    port = settings.CARDLINE_PORT
    _refuse_plain_http_abroad(options.host, settings.CARDLINE_TLS)
    _refuse_taken_port(options.host, port)
    lock: IO[str] | None = None
    if role == "web":
        _needs_shared_database("web")
    if not os.environ.get("CARDLINE_DATABASE_URL"):
        lock = lock_data_folder(data)
        if lock is None:
            print(f"cardline: another process already serves {data}", file=sys.stderr)
            return 2
    _run_checks()
    _bring_database_up_to_date()
    if history is not None:
        from cardline.demo.world import fill_world

        fill_world(say=lambda words: print(f"cardline: {words}", file=sys.stderr, flush=True), months=history)
    print(f"cardline: http://{_shown(options.host)}:{port}/", file=sys.stderr, flush=True)
    if settings.CARDLINE_DEMO:
        print(
            f"cardline: the cast, and a way to let time pass: http://{_shown(options.host)}:{port}/demo",
            file=sys.stderr,
            flush=True,
        )
    import uvicorn

    config = uvicorn.Config(
        "cardline.config.asgi:application",
        host=options.host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=1 << 16,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        proxy_headers=settings.CARDLINE_TLS,
    )
    sockets = [config.bind_socket(), *([files_port] if files_port else [])]
    uvicorn.Server(config).run(sockets=sockets)
    if lock is not None:
        lock.close()
    return 0


def data_folder() -> Path:
    """The data folder, made if it is missing; only its owner reads it."""
    root = Path(__file__).resolve().parents[2]
    data = Path(os.environ.get("CARDLINE_DATA") or root / "var" / "data").resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["CARDLINE_DATA"] = str(data)
    return data


def make_secret_key(data: Path) -> None:
    file = Path(os.environ.get("CARDLINE_SECRET_KEY_FILE") or data / "secret.key")
    if not file.exists():
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))


def lock_data_folder(data: Path) -> IO[str] | None:
    """One process a data folder: a second one would have a writer and a hub of its own. None when it is taken."""
    lock = (data / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _refuse_plain_http_abroad(host: str, tls: bool) -> None:
    """Plain HTTP stays on this machine (SR-41)."""
    try:
        at_home = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        at_home = False
    if not at_home and not tls:
        raise SystemExit(
            _said(f"--host {host} is not this machine. Put a TLS proxy in front and set CARDLINE_TLS=1.")
        )


def _refuse_taken_port(host: str, port: int) -> None:
    """Say so before anything is prepared, in one line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(
                _said(f"port {port} cannot be used ({error.strerror}). Set CARDLINE_PORT to another one.")
            ) from error


def _open_files_port(host: str) -> socket.socket | None:
    """A second port of this machine, from which files are handed out: another origin than the pages' (SR-56).

    By number where the pages go by name, so that a browser keeps even their cookies apart. None where the installation
    names an origin of its own, and behind a proxy, which has to lead to one.
    """
    if os.environ.get("CARDLINE_FILES_ORIGIN") or os.environ.get("CARDLINE_TLS") == "1":
        return None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    port = socket.socket(family, socket.SOCK_STREAM)
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    address = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    try:
        port.bind((address, _next_port()))
    except OSError:  # taken: any other does, since every link says which
        port.bind((address, 0))
    port.listen()  # ours from now on: two that are only bound may have the same number
    named = f"[{address}]" if family == socket.AF_INET6 else address
    os.environ["CARDLINE_FILES_ORIGIN"] = f"http://{named}:{port.getsockname()[1]}"
    return port


def _next_port() -> int:
    said = os.environ.get("CARDLINE_PORT", "")
    port = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 8000
    return port + 1 if port < 65_535 else 0


def _needs_shared_database(role: str) -> None:
    if not os.environ.get("CARDLINE_DATABASE_URL"):
        raise SystemExit(
            _said(f"cardline {role} needs CARDLINE_DATABASE_URL; one machine alone runs: cardline serve")
        )


def _said(words: str) -> int:
    print(f"cardline: {words}", file=sys.stderr)
    return 2


def _run_checks() -> None:
    from django.core.checks import ERROR, run_checks

    errors = [message for message in run_checks() if message.level >= ERROR]
    for message in errors:
        print(f"cardline: {str(message.msg).rstrip('.')}. {message.hint or ''}", file=sys.stderr)
    if errors:
        raise SystemExit(2)


_MIGRATING = 7_272_011  # any number, the same in every process of ours


def _bring_database_up_to_date() -> None:
    """Apply migrations that are missing, one process at a time. A database out of reach does not stop the start:
    pages say 503 until it is there.
    """
    from django.core.management import call_command
    from django.db import InterfaceError, OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                print("cardline: bringing the database up to date", file=sys.stderr, flush=True)
                call_command("migrate", verbosity=0, interactive=False)
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
    except (OperationalError, InterfaceError):
        print(
            "cardline: the database cannot be reached; serving 503 until it can", file=sys.stderr, flush=True
        )
    finally:
        connection.close()


def _shown(host: str) -> str:
    return "localhost" if host in ("127.0.0.1", "::1") else host
