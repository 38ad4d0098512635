"""What a start refuses: debug pages, the framework's admin, plain HTTP abroad, a key others can read, default accounts.

Source: SR-41, SR-50. Real starts with a wrong host or key file are in tests/faults/test_one_process.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from cardline.clocks import events
from cardline.config import checks, serve
from cardline.config import settings as settings_module
from cardline.identity.models import User
from cardline.issuer.profile import ProfileError, load_profile
from cardline.issuer.profile import checks as profile_checks


def errors() -> set[str]:
    return {str(message.id) for message in run_checks() if message.level >= ERROR}


def test_as_it_is_it_starts() -> None:
    assert errors() == set()
    serve._run_checks()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"DEBUG": True}, "cardline.E002"),
        ({"INSTALLED_APPS": [*settings.INSTALLED_APPS, "django.contrib.admin"]}, "cardline.E003"),
        ({"DATABASES": {"default": {**settings.DATABASES["default"], "ATOMIC_REQUESTS": True}}}, "cardline.E001"),
    ],
)  # fmt: skip
def test_the_start_refuses(
    wrong: dict[str, Any], error: str, capsys: pytest.CaptureFixture[str]
) -> None:  # SR-50
    with override_settings(**wrong):
        assert error in errors()
        with pytest.raises(SystemExit) as stopped:
            serve._run_checks()
    assert stopped.value.code == 2
    assert "cardline: " in capsys.readouterr().err


def test_the_start_refuses_legal_clocks_that_cannot_be_followed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule that is missing is named: by the check of the files, and by the profile under whose law it is missing."""
    table = {"it": {"happens": {"en": "It happened", "es": "Ocurrió"}, "US": ["us.no_such_rule"]}}

    def broken() -> None:
        events.read_events(table, events.rule_ids())

    monkeypatch.setattr(checks, "check_files", broken)
    assert "cardline.E005" in errors()
    with pytest.raises(SystemExit):
        serve._run_checks()
    assert "the rule us.no_such_rule is missing for US" in capsys.readouterr().err
    monkeypatch.setattr(checks, "check_files", lambda: None)
    monkeypatch.setattr(profile_checks, "missing_rules", lambda jurisdiction: broken())
    assert errors() == {"cardline.E006"}
    with pytest.raises(ProfileError, match=r"us\.no_such_rule is missing for US"):
        load_profile(settings.CARDLINE_PROFILE_DIR)


def test_no_admin_has_an_address() -> None:  # SR-50
    from tests.security.addresses import pages

    assert not [page.route for page in pages() if page.route.startswith("admin")]


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "", "2001:db8::1", "127.0.0.1.example.org"]
)
def test_plain_http_stays_on_this_machine(host: str, capsys: pytest.CaptureFixture[str]) -> None:  # SR-41
    with pytest.raises(SystemExit) as stopped:
        serve._refuse_plain_http_abroad(host, tls=False)
    assert stopped.value.code == 2 and "CARDLINE_TLS=1" in capsys.readouterr().err
    serve._refuse_plain_http_abroad(host, tls=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_needs_no_tls(host: str) -> None:
    serve._refuse_plain_http_abroad(host, tls=False)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_file_others_can_read_stops_the_start(  # SR-50
    mode: int, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret.key"
    file.write_text("x" * 50)
    monkeypatch.setenv("CARDLINE_SECRET_KEY_FILE", str(file))
    file.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        settings_module._secret_key()
    file.chmod(0o600)
    assert settings_module._secret_key() == "x" * 50


def test_the_key_file_is_made_for_its_owner_alone(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARDLINE_SECRET_KEY_FILE", raising=False)
    serve.make_secret_key(tmp_path)
    made = tmp_path / "secret.key"
    assert made.stat().st_mode & 0o777 == 0o600 and len(made.read_text()) >= 50
    first = made.read_text()
    serve.make_secret_key(tmp_path)
    assert made.read_text() == first


@pytest.mark.django_db
def test_a_new_installation_has_no_account() -> None:  # SR-50: no default credentials
    assert not User.objects.exists()
