"""Sets the site up in an empty folder and draws pages request by request. Prints {"pages", "cpu", "bytes", "version"} as JSON.

python -m _peers.wagtail_site.run FOLDER        # texts as JSON lines on standard input
"""

from __future__ import annotations

import json
import resource
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

WARM_UP = 20
PER_LIST = 20


def main() -> None:
    _set_up(Path(sys.argv[1]))
    import wagtail
    from django.test import RequestFactory
    from wagtail.views import serve

    texts = [json.loads(line) for line in sys.stdin]
    paths = _make(texts)
    requests = RequestFactory(SERVER_NAME="localhost")

    def drawn(address: str) -> bytes:
        path, _, query = address.partition("?")
        response = serve(requests.get(f"/{path}", {"page": query} if query else {}), path)
        return response.render().content if hasattr(response, "render") else response.content

    for address in paths[:WARM_UP]:
        drawn(address)
    before, sizes = _cpu(), Counter[str]()
    for address in paths:
        sizes["article" if address.count("/") > 1 else "list"] += len(drawn(address))
    spent = _cpu() - before
    print(json.dumps({"pages": len(paths), "cpu": spent, "article_bytes": sizes["article"] // len(texts), "version": wagtail.__version__}))


class _NoMigrations(dict[str, None]):
    """Tables straight from the models, for all applications."""

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: str) -> None:
        return None


def _set_up(folder: Path) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    contrib = ("auth", "contenttypes", "sessions", "messages", "staticfiles")
    parts = ("contrib.forms", "contrib.redirects", "embeds", "sites", "users", "snippets", "documents", "images", "search", "admin")
    settings.configure(
        SECRET_KEY="for measuring",
        ALLOWED_HOSTS=["localhost"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "wagtail.sqlite3")}},
        INSTALLED_APPS=[
            "_peers.wagtail_site",
            *(f"wagtail.{part}" for part in parts),
            "wagtail",
            "modelcluster",
            "taggit",
            *(f"django.contrib.{one}" for one in contrib),
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        MIGRATION_MODULES=_NoMigrations(),
        ROOT_URLCONF="_peers.wagtail_site.urls",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        LANGUAGE_CODE="zh-hans",
        TIME_ZONE="Asia/Shanghai",
        USE_TZ=True,
        WAGTAIL_SITE_NAME="bench",
        WAGTAILADMIN_BASE_URL="http://localhost",
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)


def _make(texts: list[dict[str, Any]]) -> list[str]:
    """Home, sections and articles; the addresses of all articles and of as many lists as they fill ("news/?2" is the second page)."""
    from wagtail.models import Locale, Page, Site

    from _peers.wagtail_site.models import ArticlePage, HomePage, SectionPage

    Locale.objects.create(language_code="zh-hans")
    root = Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=HomePage(title="方塘市单位00", slug="home"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="方塘市单位00")
    sections = {
        slug: home.add_child(instance=SectionPage(title=slug, slug=slug, show_in_menus=True)) for slug in dict.fromkeys(one["section"] for one in texts)
    }
    paths = []
    for one in texts:
        shown_at = datetime.fromisoformat(one["shown_at"])
        page = ArticlePage(title=one["title"], slug=str(one["pk"]), shown_at=shown_at, summary=one["summary"], source=one["source"], body=one["body"])
        sections[one["section"]].add_child(instance=page)
        paths.append(f"{one['section']}/{one['pk']}/")
    for slug, count in Counter(one["section"] for one in texts).items():
        paths += [f"{slug}/?{number}" for number in range(1, -(-count // PER_LIST) + 1)]
    return paths


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
