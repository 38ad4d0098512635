"""What is set about the issuer's provider: right, or the start says which variable and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cardline.config.sign_in import provider_of


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    file = tmp_path / "oidc.secret"
    file.write_text("theirs and ours\n")
    file.chmod(0o600)
    return str(file)


def test_without_an_issuer_there_is_none() -> None:
    assert provider_of("", "", "", "") is None


@pytest.mark.parametrize("issuer", ["https://login.issuer.example/", "http://localhost:9000"])
def test_a_provider_has_an_address_a_name_and_a_secret_nobody_sees(issuer: str, secret_file: str) -> None:
    provider = provider_of(issuer, "cardline", secret_file, "")
    assert provider is not None and provider.claim == "sub"
    assert provider.issuer == issuer.rstrip("/")
    assert provider.secret.reveal() == "theirs and ours" and "theirs" not in repr(provider)


@pytest.mark.parametrize(
    "issuer",
    ["login.issuer.example", "http://login.issuer.example", "ftp://x", "https://", "https://a@b.example",
     "https://login.example?x=1", "https://login.example#x", "https://[", "http://localhost.evil.example"],
)  # fmt: skip
def test_an_address_that_is_none_stops_the_start(issuer: str, secret_file: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_OIDC_ISSUER"):
        provider_of(issuer, "cardline", secret_file, "")


def test_a_secret_has_to_be_there_and_ours_alone(tmp_path: Path, secret_file: str) -> None:
    def start(file: str, client: str = "cardline") -> None:
        provider_of("https://login.issuer.example", client, file, "")

    with pytest.raises(ImproperlyConfigured, match="CARDLINE_OIDC_CLIENT_ID is not set"):
        start(secret_file, client="")
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_OIDC_SECRET_FILE is not set"):
        start("")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        start(str(tmp_path / "nothing"))
    Path(secret_file).chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        start(secret_file)
    Path(secret_file).chmod(0o600)
    Path(secret_file).write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        start(secret_file)
