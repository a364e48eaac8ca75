"""Every setting in one file, read from the environment by `environment.py`, which is loud on a bad value."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg2
from psycopg2.extensions import parse_dsn

from config import embedded, logs
from config.environment import ROOT, RUN, BadSetting, Environment, KeptSecrets
from config.timetable import timetable
from wallet import trips
from wallet.money import LARGEST_AMOUNT

# What the environment names wins; what it does not name may be running embedded in this checkout.
env: Final = Environment(values=embedded.addresses_in() | dict(os.environ), kept=KeptSecrets(RUN / "secrets"))

PRODUCTION: Final = env.production
DEBUG = env.flag("DEBUG")
DEMO_CLOCK: Final = env.flag("DEMO_CLOCK")  # the porch reads the demo's clock instead of the real one
if PRODUCTION and DEMO_CLOCK:
    raise BadSetting("DEMO_CLOCK", "cannot be 1 in production: money moves by the real clock there")
if PRODUCTION and DEBUG:
    raise BadSetting("DEBUG", "cannot be 1 in production: its pages show secrets")

# Keys. Versioned ones are written `1:hex,2:hex`: the newest makes, all of them check.
SECRET_KEY = env.secret("SECRET_KEY")
TOKEN_KEYS: Final = env.keys("TOKEN_KEYS")  # sign the API's short-lived access tokens
PIN_KEYS: Final = env.keys("PIN_KEYS")  # MAC over citizen and PIN
PERSONAL_DATA_KEYS: Final = env.keys("PERSONAL_DATA_KEYS")  # encrypt names, phones, identity numbers
BLIND_INDEX_KEY: Final = env.key("BLIND_INDEX_KEY")  # finds them again by a MAC
QR_KEY: Final = env.key("QR_KEY")  # signs what our own QR codes carry
RECEIPT_KEYS: Final = env.keys("RECEIPT_KEYS")  # Ed25519 seeds: sign receipts, which anybody can check
# The public halves of keys that sign no more and were destroyed, so that their receipts can still be checked.
RETIRED_RECEIPT_KEYS: Final = env.retired_keys("RETIRED_RECEIPT_KEYS")

# The outside world.
STRIPE_API_KEY: Final = env.secret("STRIPE_API_KEY", prefix="sk_test_")
STRIPE_API_BASE: Final = env.url("STRIPE_API_BASE", "", schemes=("https", "http")) or None  # None: Stripe itself
STRIPE_WEBHOOK_SECRET: Final = env.secret("STRIPE_WEBHOOK_SECRET", prefix="whsec_")
# Stripe wants an e-mail address with each payment; it gets one of ours, which says nothing about the citizen.
STRIPE_CONTACT_DOMAIN: Final = env.text("STRIPE_CONTACT_DOMAIN", None if PRODUCTION else "gwallet.example")
# The Ed25519 public key, as PEM, of who says that a person is who they are.
IDENTITY_PROVIDER_KEY: Final = env.ed25519_public_key("IDENTITY_PROVIDER_KEY")

# Where it proves who somebody is, and from where it sends them back to /join/ with its word.
IDENTITY_PROVIDER_URL: Final = env.url("IDENTITY_PROVIDER_URL", "", schemes=("https", "http"))

# The most of their own money that a citizen may keep with us, in satang.
CASH_CEILING_SATANG: Final = env.number("CASH_CEILING_SATANG", 10_000_000, least=1_000, most=LARGEST_AMOUNT)

# Web.
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", None if PRODUCTION else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine next door, without TLS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SILENCED_SYSTEM_CHECKS = [
        # Whether all of a domain's names speak TLS is known to whoever owns the domain.
        "security.W005",
        "security.W021",
        # Looked for by name: frames and forms are guarded by `config.pages`, which tests hold it to.
        "security.W002",
        "security.W003",
    ]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
# How many proxies of our own stand in front, each of which adds to X-Forwarded-For whom it saw.
TRUSTED_PROXIES: Final = env.number("TRUSTED_PROXIES", 0, most=8)
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())  # one working day at a till
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.screens.form_too_old"
X_FRAME_OPTIONS = "DENY"
# No request leaves our origin, and nothing that stands in a page itself is run or painted.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Django's admin draws with data:
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; the largest request is a photo of a QR code, scaled down
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# How often one integrator's key may knock; a shop's busiest counter needs one charge and a few looks each second.
INTEGRATOR_REQUESTS_PER_MINUTE: Final = env.number("INTEGRATOR_REQUESTS_PER_MINUTE", 600, least=1)
# Whether webhooks may go to this machine itself, also without TLS: where the receivers of a demonstration are.
WEBHOOKS_TO_LOOPBACK: Final = env.flag("WEBHOOKS_TO_LOOPBACK")
if PRODUCTION and WEBHOOKS_TO_LOOPBACK:
    raise BadSetting("WEBHOOKS_TO_LOOPBACK", "cannot be 1 in production: a stranger's URL would reach inner services")

# The server in front of it, `serve.py`. Each thread keeps one database connection.
WEB_HOST: Final = env.text("WEB_HOST", "127.0.0.1")
WEB_PORT: Final = env.number("WEB_PORT", 0, most=65_535)  # 0: any that is free
WEB_PROCESSES: Final = env.number("WEB_PROCESSES", 2, least=1, most=64)
WEB_THREADS: Final = env.number("WEB_THREADS", 4, least=1, most=64)
DRAIN_SECONDS: Final = env.number("DRAIN_SECONDS", 10 if PRODUCTION else 0, most=300)

# The process that tills listen to, `live.py`. Without a proxy that leads there, the web says where it is.
LIVE_HOST: Final = env.text("LIVE_HOST", "127.0.0.1")
LIVE_PORT: Final = env.number("LIVE_PORT", 0, most=65_535)
LIVE_PROCESSES: Final = env.number("LIVE_PROCESSES", 1, least=1, most=64)
LIVE_ORIGIN: Final = env.url("LIVE_ORIGIN", "", schemes=("https", "http"))

INSTALLED_APPS = [
    "wallet",
    "subsidies",
    "merchants",
    "settlement",
    "config.operators.Operators",  # Django's admin, behind a second factor
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "config.pages.Files",
    "config.pages.Zipped",
    "config.pages.Sessions",
    "config.pages.Languages",
    "django.middleware.common.CommonMiddleware",
    "config.pages.Forms",
    "config.pages.Users",
    "config.pages.SecondFactors",
    "config.pages.Messages",
    "config.pages.Frames",
    "config.pages.Policy",
    "config.pages.Pieces",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.screens.surroundings",
            ],
            # Every page translates, shows money and draws icons, so no page has to ask for it.
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "config.tags"],
        },
    },
]
STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [ROOT / "config" / "static"]
# A reader of QR codes for browsers that have none, brought from npm by the set-up; only the camera's page loads it.
_ZXING: Final = ROOT / "node_modules" / "zxing-wasm" / "dist"
if _ZXING.exists():
    STATICFILES_DIRS += [("zxing", _ZXING / "iife" / "reader"), ("zxing", _ZXING / "reader")]
# Where `collectstatic` puts the files: named by what is in them and compressed, so that a phone loads each once.
# Where nobody has named a place (a developer's server, a test) they are found where they are written.
_COLLECTED: Final = env.text("STATIC_ROOT", str(ROOT / "staticfiles") if PRODUCTION else "")
STATIC_ROOT = _COLLECTED or str(ROOT / "staticfiles")
WHITENOISE_USE_FINDERS = not _COLLECTED
if not PRODUCTION:
    Path(STATIC_ROOT).mkdir(exist_ok=True, parents=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# The database. psycopg2, and persistent connections: one per thread of a web process, one per worker process.
# A posting that waits longer than this has met something that is wrong, and is better refused than left waiting.
STATEMENT_TIMEOUT_SECONDS: Final = env.number("STATEMENT_TIMEOUT_SECONDS", 15)
# A task may count a whole day; `celery.py` gives workers this. It passes before the task itself is ended.
TASK_STATEMENT_TIMEOUT_SECONDS: Final = env.number("TASK_STATEMENT_TIMEOUT_SECONDS", 110)


def connection_options(*, statement_seconds: int) -> str:
    """Return libpq's `options`: how long a statement, a wait for a lock and an idle transaction may last."""
    limits = {
        "statement_timeout": f"{statement_seconds}s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "15s",
    }
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def database(name: str, address: str) -> dict[str, Any]:
    """Return Django's description of the database at a libpq address; `name` is the setting that gave it."""
    try:
        parts = parse_dsn(address)
    except psycopg2.ProgrammingError:
        raise BadSetting(name, "must be an address such as postgresql://user:password@host/database") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "ATOMIC_REQUESTS": False,  # an operation says itself where its transaction begins, and commits durably
        "CONN_MAX_AGE": None,
        "OPTIONS": parts
        | {
            "options": connection_options(statement_seconds=STATEMENT_TIMEOUT_SECONDS),
            "connection_factory": trips.Connection,
            "cursor_factory": trips.Cursor,
        },
    }


# Behind a pooler that gives each transaction another connection, statements cannot be prepared (wallet/prepared.py).
POOLED: Final = env.flag("POOLED")

# Where nothing is running: a command that needs the database says that there is no server at this socket.
NOWHERE: Final = None if PRODUCTION else f"postgresql:///gwallet?host={RUN}/no-server"
DATABASES = {"default": database("DATABASE_URL", env.url("DATABASE_URL", NOWHERE, schemes=("postgresql", "postgres")))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL: Final = env.url(
    "BROKER_URL",
    None if PRODUCTION else f"redis+socket://{RUN}/no-server",
    schemes=("redis+socket", "redis", "rediss"),
)

# One process's own memory. What must be counted across processes (attempts at a PIN) is counted in rows.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING_CONFIG = "config.logs.configure"
LOGGING = logs.LOGGING

# People and languages. Instants are UTC everywhere; this zone is what screens show and where a day begins.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
OTP_TOTP_ISSUER = "G-Wallet"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True  # a device's key is shown when it is added, and never again
LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [ROOT / "config" / "locale"]  # each floor has its own beside its pages
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # each door says who may knock (`doors.py`); one that says nothing stays shut
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "config.describing.DoorSchema",
    "EXCEPTION_HANDLER": "config.problems.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "G-Wallet",
    "DESCRIPTION": "Co-payment between citizens, merchants and the State. Money is an integer of satang.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": ["config.describing.say_no_everywhere"],
}

# Celery. A task is acknowledged when it has ended, so one whose worker is killed is delivered again; every task may run
# twice. Results are rows, never Celery's.
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task runs: CELERY_TASK_TIME_LIMIT ends it before another worker is given it as lost.
    "visibility_timeout": 180,
    # How often lost tasks are looked for. Unsaid, kombu adds up to 100 s to the time-out above.
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
# Receivers of webhooks are slow or away as they please, so what waits for them has workers of its own.
CELERY_TASK_ROUTES = {"merchants.deliver_webhooks": {"queue": "webhooks"}}
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = timetable
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
