"""The product's settings with what tests change: cheap passwords, no static manifest, tasks run at once, a database of one's own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_HOME = tempfile.mkdtemp(prefix="fangtang-test-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.update(
    {
        "FANGTANG_HOME": _HOME,
        "FANGTANG_SECRET_KEY": "only for tests",
        "FANGTANG_LANGUAGE": "en",
        # Playwright's synchronous API runs an event loop in the test's thread; the ORM is used beside it, never inside of it.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
)

from fangtang.config.settings import *  # noqa: F403
from fangtang.config.settings import DATABASES, HUEY, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
HUEY = HUEY | {"immediate": True, "huey_class": "huey.MemoryHuey"}
HUEY.pop("filename")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: threads of the live server and processes that are killed have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": f"{_HOME}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    del DATABASES["default"]["OPTIONS"]["pool"]
SWEEP_SECONDS = 0
