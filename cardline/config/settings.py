"""Settings: the one place that reads the environment. Its defaults start the embedded set-up without any account.

CARDLINE_DATA, CARDLINE_PORT, CARDLINE_PROFILE, CARDLINE_DATABASE_URL, CARDLINE_REDIS_URL, CARDLINE_DEMO,
CARDLINE_HOSTS, CARDLINE_TLS, CARDLINE_SECRET_KEY_FILE, CARDLINE_CORE, CARDLINE_LITHIC_URL, CARDLINE_LITHIC_KEY_FILE,
CARDLINE_MAIL_URL, CARDLINE_MAIL_FROM, CARDLINE_MAIL_BACK, CARDLINE_TEXT_URL, CARDLINE_TEXT_ACCOUNT,
CARDLINE_TEXT_KEY_FILE, CARDLINE_TEXT_FROM, CARDLINE_OIDC_ISSUER, CARDLINE_OIDC_CLIENT_ID, CARDLINE_OIDC_SECRET_FILE,
CARDLINE_OIDC_MEMBER_CLAIM, CARDLINE_FILES_ORIGIN, CARDLINE_SCANNER, CARDLINE_NUMBER_CHANGES: see
docs/howto/configure.md. A mistake stops the start with the variable's name.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cardline.config.database import database_from_url
from cardline.config.files import files_origin, scanner_address
from cardline.config.mail import mail_settings
from cardline.config.sign_in import provider_of
from cardline.config.site import site_address
from cardline.config.texts import text_settings

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CARDLINE_DATA") or ROOT / "var" / "data").resolve()


def _flag(name: str) -> bool:
    value = os.environ.get(name, "")
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to 1, or leave it out")
    return value == "1"


def _number(name: str, default: int, most: int) -> int:
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 9 and 1 <= int(value) <= most):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; set it to a number from 1 to {most}, or leave it out"
        )
    return int(value)


def _text(name: str) -> str:
    """A way out of the house; a demo has none, whatever is set."""
    return "" if CARDLINE_DEMO else os.environ.get(name, "")


def _log_level(default: str) -> str:
    value = os.environ.get("CARDLINE_LOG_LEVEL") or default
    if value not in _LOG_LEVELS:
        raise ImproperlyConfigured(
            f"CARDLINE_LOG_LEVEL is {value!r}; set it to one of {', '.join(_LOG_LEVELS)}"
        )
    return value


def _secret_key() -> str:
    """The key file. Without one (a command that serves nobody) a key of the moment does."""
    file = Path(os.environ.get("CARDLINE_SECRET_KEY_FILE") or DATA / "secret.key")
    if not file.exists():
        return secrets.token_urlsafe(50)
    if file.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"CARDLINE_SECRET_KEY_FILE: others can read {file.name}; chmod 600 it")
    return file.read_text().strip()


_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

DEBUG = False
CARDLINE_DEMO = _flag("CARDLINE_DEMO")
CARDLINE_TLS = _flag("CARDLINE_TLS")
CARDLINE_PORT = _number("CARDLINE_PORT", 8000, most=65_535)
CARDLINE_PROFILE = os.environ.get("CARDLINE_PROFILE") or "american-express"
CARDLINE_PROFILE_DIR = ROOT / "profiles" / CARDLINE_PROFILE
if not (CARDLINE_PROFILE_DIR / "issuer.toml").is_file():
    _known = ", ".join(sorted(p.parent.name for p in (ROOT / "profiles").glob("*/issuer.toml")))
    raise ImproperlyConfigured(f"CARDLINE_PROFILE is {CARDLINE_PROFILE!r}; the profiles here are: {_known}")

SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *filter(None, os.environ.get("CARDLINE_HOSTS", "").split(",")),
]
CARDLINE_SITE = site_address(os.environ.get("CARDLINE_HOSTS", ""), tls=CARDLINE_TLS, port=CARDLINE_PORT)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if CARDLINE_TLS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lucide",
    "django_htmx",
    "csp",
    "cardline.kit",
    "cardline.ui",
    "cardline.issuer.embedded",
    "cardline.audit",
    "cardline.staff",
    "cardline.members",
    "cardline.identity",
    "cardline.trust",
    "cardline.notify",
    "cardline.cases",
    "cardline.files",
    "cardline.contact",
    "cardline.promises",
    "cardline.cards",
    "cardline.payments",
    "cardline.fraud",
    "cardline.flows",
    "cardline.channels.chat",
    "cardline.selfservice",
    "cardline.desk",
    "cardline.api",
    "cardline.demo",
    "cardline.config",
]

MIDDLEWARE = [
    "cardline.config.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages alone: files lie compressed beside themselves. A form's token is masked anew in each page, and each answer
    # gets some bytes of chance, so that its length tells nobody what is in it.
    "django.middleware.gzip.GZipMiddleware",
    "cardline.config.requests.RefusalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cardline.config.requests.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cardline.identity.middleware.ActorMiddleware",
    "cardline.config.requests.OwnLanguageMiddleware",
    "cardline.config.acting.ActingMiddleware",
    "cardline.staff.middleware.ActivityMiddleware",
    "cardline.identity.middleware.SeenMiddleware",
    "cardline.selfservice.confirm.middleware.AgainMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cardline.config.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "cardline" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cardline.config.requests.page_context",
            ],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("CARDLINE_DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CARDLINE_REDIS_URL = os.environ.get("CARDLINE_REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CARDLINE_REDIS_URL,
        # Seconds. What is kept there may be lost: nobody waits for it, least of all a freeze.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
    if CARDLINE_REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}

# Which card core, and where an outside one is; cardline/config/plugs.py plugs it in.
CARDLINE_CORE = os.environ.get("CARDLINE_CORE") or "embedded"
CARDLINE_LITHIC_URL = os.environ.get("CARDLINE_LITHIC_URL") or "https://api.lithic.com"
CARDLINE_LITHIC_KEY_FILE = os.environ.get("CARDLINE_LITHIC_KEY_FILE", "")

# Where members sign in, if the issuer has a provider of its own (OpenID Connect).
CARDLINE_OIDC = provider_of(
    os.environ.get("CARDLINE_OIDC_ISSUER", ""),
    os.environ.get("CARDLINE_OIDC_CLIENT_ID", ""),
    os.environ.get("CARDLINE_OIDC_SECRET_FILE", ""),
    os.environ.get("CARDLINE_OIDC_MEMBER_CLAIM", ""),
)

# How mail to members leaves the house. Nothing leaves a demo: its people do not exist, their addresses might.
CARDLINE_MAIL_URL = _text("CARDLINE_MAIL_URL")
_mail = mail_settings(CARDLINE_MAIL_URL, os.environ.get("CARDLINE_MAIL_FROM", ""), DATA)
CARDLINE_MAIL_BACK = _text("CARDLINE_MAIL_BACK")  # where mail that came back is put; "": nobody reads it
EMAIL_BACKEND, EMAIL_FILE_PATH, DEFAULT_FROM_EMAIL = _mail.backend, _mail.folder, _mail.sender
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = _mail.host, _mail.port, _mail.timeout_seconds
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls

# Text messages, as little of a demo's.
_texts = text_settings(
    _text("CARDLINE_TEXT_URL"),
    _text("CARDLINE_TEXT_ACCOUNT"),
    _text("CARDLINE_TEXT_KEY_FILE"),
    _text("CARDLINE_TEXT_FROM"),
)
CARDLINE_TEXT_URL, CARDLINE_TEXT_ACCOUNT = _texts.url, _texts.account
CARDLINE_TEXT_KEY, CARDLINE_TEXT_FROM = _texts.key, _texts.sender
CARDLINE_TEXTS = str(DATA / "texts")  # where they become files without a provider

# Load tests drive a few accounts far harder than people can; everywhere else this stays 1.
CARDLINE_LIMIT_FACTOR = _number("CARDLINE_LIMIT_FACTOR", 1, most=1_000_000)

AUTH_USER_MODEL = "identity.User"
SESSION_ENGINE = "cardline.identity.sessions"
AUTHENTICATION_BACKENDS = ["cardline.identity.backend.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Colleagues sign in here with a password and a second factor (SR-36); nobody can sign up by themselves.
ACCOUNT_ADAPTER = "cardline.staff.signin.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/30m/key,30/10m/ip"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_FORMS = {
    "change_password": "cardline.staff.forms.NewPasswordForm",
    "login": "cardline.staff.forms.SignInForm",
    "reauthenticate": "cardline.staff.forms.ConfirmByPasswordForm",
}
MFA_ADAPTER = "cardline.staff.signin.StaffMFAAdapter"
MFA_FORMS = {
    "authenticate": "cardline.staff.forms.CodeForm",
    "reauthenticate": "cardline.staff.forms.ConfirmByCodeForm",
    "activate_totp": "cardline.staff.forms.AddAppForm",
    "add_webauthn": "cardline.staff.forms.AddPasskeyForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cardline"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CARDLINE_DEMO
LOGIN_URL = "/staff/login/"
LOGIN_REDIRECT_URL = "/desk"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOT / "cardline" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Over plain HTTP on loopback the cookies lose their prefix and Secure, nothing else (SR-41).
_PREFIX = "__Host-" if CARDLINE_TLS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}cardline_session"
SESSION_COOKIE_SECURE = CARDLINE_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_PREFIX}cardline_csrf"
CSRF_COOKIE_SECURE = CARDLINE_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cardline.config.requests.csrf_failed"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}cardline_language"
LANGUAGE_COOKIE_SECURE = CARDLINE_TLS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if CARDLINE_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CARDLINE_TLS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Files people give us: where they lie, where they are handed out, who looks for viruses in them.
CARDLINE_FILES_DIR = DATA / "files"
CARDLINE_FILES_ORIGIN = files_origin(os.environ.get("CARDLINE_FILES_ORIGIN", ""), tls=CARDLINE_TLS)
CARDLINE_NUMBER_CHANGES = os.environ.get("CARDLINE_NUMBER_CHANGES", "")
CARDLINE_SCANNER = scanner_address(os.environ.get("CARDLINE_SCANNER", ""))
FILE_UPLOAD_HANDLERS = ["cardline.files.incoming.ShelfUploadHandler"]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
# The font and the compiled messages are made at set-up, beside the data, never in the tree.
STATICFILES_DIRS = [
    ROOT / "cardline" / "static",
    *([ROOT / "var" / "made"] if (ROOT / "var" / "made").is_dir() else []),
]
# CARDLINE_STATIC=source serves the files of the tree itself, for work on them and for tests.
_COLLECTED = os.environ.get("CARDLINE_STATIC") != "source" and (STATIC_ROOT / "staticfiles.json").is_file()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "cardline.ui.storage.HashedStaticFiles"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _COLLECTED
# A file that changes under a running server is read anew, and not cut to the length it had.
WHITENOISE_AUTOREFRESH = os.environ.get("CARDLINE_STATIC") == "source"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "cardline.kit.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": _log_level("WARNING"), "handlers": ["stderr"]},
    "loggers": {
        "cardline": {"level": _log_level("INFO")},
        "django.request": {"level": "ERROR"},
        "authlib": {"level": "WARNING"},  # below that it logs what a sign-in under way is proved by
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
