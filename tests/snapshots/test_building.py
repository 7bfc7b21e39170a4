"""One release reaches the disk: article page, section list, home, feeds, sitemaps; and leaves it again."""

from __future__ import annotations

import pytest

from fangtang.releases.states import SERVED
from fangtang.snapshots import effects
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW


def test_one_release_stands_on_its_site(office):
    article = making.article(office.section, by=office.an, title="半亩方塘一鉴开")
    release = making.release(article, by=office.an)
    outcome = effects.build_waiting(now=NOW)
    release.refresh_from_db()
    store = effects.store()
    assert (outcome.served, release.status) == ([release.pk], SERVED)
    assert "半亩方塘一鉴开" in store.read("education", f"news/202611/{article.pk}.html").decode()
    assert f"/news/202611/{article.pk}.html" in store.read("education", "news/index.html").decode()
    for path in ("rss.xml", "news/atom.xml", "feed.json", "sitemaps/2026-11.xml"):
        assert f"/news/202611/{article.pk}.html" in store.read("education", path).decode(), path
    assert store.verify("education") is None
