"""Django's settings, computed from `options`. Nothing here is meant to be edited on a server."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from fangtang.config import home, options

OPTIONS = options.read(Env(eager=False))
HOME: Path = OPTIONS["FANGTANG_HOME"].absolute()
PACKAGE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    given: str = OPTIONS["FANGTANG_SECRET_KEY"]
    if given:
        return given
    if not HOME.is_dir():  # somebody only asks (`home`)
        return secrets.token_urlsafe(50)
    path = HOME / "secret-key"
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
            path.chmod(home.private_mode(HOME))
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(f"FANGTANG_HOME: {path} cannot be used ({error.strerror}). Run as the owner of this folder.") from error


def database_of(address: str) -> dict[str, Any]:
    """Django's entry for a DATABASE_URL that `options` has looked at; what follows its question mark goes to PostgreSQL's client."""
    url = urlsplit(address)
    if not url.scheme:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "fangtang.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": url.port or "",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **dict(parse_qsl(url.query)), "pool": {"min_size": 1, "max_size": 8, "timeout": 5}},
    }


def proxy_header(desk_url: str) -> tuple[str, str] | None:
    """Where TLS ends at nginx, which always says how it was asked, that is believed: else every form would be taken for one from another site."""
    return ("HTTP_X_FORWARDED_PROTO", "https") if desk_url.startswith("https:") else None


SECRET_KEY = _secret_key()
DEBUG = OPTIONS["FANGTANG_DEBUG"]
PORT = OPTIONS["PORT"]
PUBLIC_SCHEME = OPTIONS["FANGTANG_PUBLIC_SCHEME"]
DESK_HOSTS = OPTIONS["FANGTANG_DESK_HOSTS"]
DESK_URL = OPTIONS["FANGTANG_DESK_URL"] or f"http://desk.localhost:{PORT}"
ALLOWED_HOSTS = DESK_HOSTS
ROOT_URLCONF = "fangtang.config.urls"
WSGI_APPLICATION = "fangtang.config.server.desk"

INSTALLED_APPS = [
    "fangtang.desk",
    "fangtang.demo",
    "fangtang.snapshots",
    "fangtang.releases",
    "fangtang.articles",
    "fangtang.reviews",
    "fangtang.outlets",
    "fangtang.media",
    "fangtang.notices",
    "fangtang.people",
    "fangtang.audit",
    "wagtail.contrib.table_block",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "huey.contrib.djhuey",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "fangtang.people.middleware.access_guard",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": database_of(OPTIONS["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["fangtang.people.sign_in.PostBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"

LANGUAGE_CODE = OPTIONS["FANGTANG_LANGUAGE"]
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = OPTIONS["FANGTANG_TIME_ZONE"]
USE_TZ = True
USE_I18N = True

STATIC_URL = "/desk-static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "uploads"
MEDIA_URL = "/desk/uploads/"
SNAPSHOT_ROOT = HOME / "snapshots"
KEYS = Path(OPTIONS["FANGTANG_KEYS"] or HOME / "keys").absolute()
GUARD = Path(OPTIONS["FANGTANG_GUARD"] or HOME / "guard").absolute()
BUILDERS = OPTIONS["FANGTANG_BUILDERS"]
RECORD_DAYS = OPTIONS["FANGTANG_RECORD_DAYS"]
SNAPSHOT_KEEP_DAYS = OPTIONS["FANGTANG_KEEP_DAYS"]

TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend", "ENQUEUE_ON_COMMIT": True}}
HUEY = {
    "huey_class": "fangtang.config.queue.BelledHuey",
    "name": "fangtang",
    "filename": str(HOME / "queue.sqlite3"),
    "immediate": False,
    "results": True,
    "store_none": False,
    "utc": True,
    "consumer": {"workers": OPTIONS["FANGTANG_WORKERS"], "check_worker_health": True},
}
if not HOME.is_dir():  # somebody only asks (`home`)
    HUEY = {"huey_class": "huey.MemoryHuey", "name": "fangtang", "immediate": False}
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SWEEP_SECONDS = OPTIONS["FANGTANG_SWEEP_SECONDS"]

_MAIL = urlsplit(OPTIONS["FANGTANG_MAIL_URL"])
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.scheme else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_PORT = _MAIL.port or 25
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = OPTIONS["FANGTANG_MAIL_FROM"]

SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = proxy_header(DESK_URL)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DESK_URL.startswith("https:")
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# A pasted table of 10,000 rows must reach the form, which then says what to do with it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
UPLOAD_MOST_BYTES = OPTIONS["FANGTANG_UPLOAD_MOST_BYTES"]
FILE_UPLOAD_HANDLERS = [
    "fangtang.media.uploads.MostBytes",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

WAGTAIL_SITE_NAME = "方塘"
WAGTAILADMIN_BASE_URL = DESK_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_MODERATION_ENABLED = False
WAGTAIL_COMMENTS_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "media.File"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = UPLOAD_MOST_BYTES
WAGTAILDOCS_MAX_UPLOAD_SIZE = UPLOAD_MOST_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 80_000_000
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["doc", "docx", "mp4", "pdf", "ppt", "pptx", "txt", "vtt", "webm", "wps", "xls", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILIMAGES_IMAGE_FORM_BASE = "fangtang.media.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "fangtang.media.forms.FileForm"
WAGTAILADMIN_USER_LOGIN_FORM = "fangtang.people.forms.SignInForm"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "fangtang.articles.written.WrittenArea"}}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"fangtang": {"level": "INFO"}},
}
